"""What we say on WhatsApp, in the shapes that it takes: buttons, a list, or numbered lines; and templates.

Buttons and lists are "contents" that Twilio keeps. The text and the run go in as variables, so that a
question is one content for everybody who is asked it in a language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot.channels.telegram_texts import numbered
from bot.config import Template
from core.letters import split_text, units
from core.messages import Opener, OutboundMessage
from core.talk import Option, Pick

TEXT = 1600  #: what one message may hold. https://www.twilio.com/docs/api/errors/21617
INTERACTIVE = 1024  #: with buttons or a list. https://www.twilio.com/docs/content/twilio-quick-reply
BUTTONS, BUTTON = 3, 20  #: how many while nobody has approved them, and how long each may be
ROWS, ROW, BELOW = 10, 24, 72  #: of a list. https://www.twilio.com/docs/content/twilio-list-picker
#: of a template, beside what stands around the variable
FILLED = 800
LEFT_OUT = "…"


@dataclass(frozen=True)
class Content:
    """What Twilio is to keep: buttons or a list, without the text above them."""

    kind: str  #: "twilio/quick-reply", "twilio/list-picker"
    language: str
    choices: tuple[tuple[tuple[str, str], ...], ...]  #: as the API wants each, in pairs
    button: str = ""  #: what opens a list

    @property
    def name(self) -> str:
        """What it is called at Twilio: the same content has the same name."""
        exact = json.dumps([self.kind, self.language, self.choices, self.button])
        return f"townbell-{hashlib.sha256(exact.encode()).hexdigest()[:32]}"

    @property
    def asked(self) -> dict[str, Any]:
        """What the Content API is asked to keep."""
        choices = [dict(choice) for choice in self.choices]
        shape = (
            {"body": "{{1}}", "actions": choices}
            if self.kind == "twilio/quick-reply"
            else {"body": "{{1}}", "button": self.button, "items": choices}
        )
        return {
            "friendly_name": self.name,
            "language": self.language.partition("-")[0],
            "variables": {"1": "text", "2": "run"},
            "types": {self.kind: shape},
        }


def content(message: OutboundMessage, button: str) -> Content | None:
    """The options as buttons or a list; None where there are none, or neither holds them."""
    options = message.options
    if not options or not message.run or not message.step:
        return None
    if len(options) <= BUTTONS and (titles := _titles(options)):
        actions = tuple(
            (("type", "QUICK_REPLY"), ("title", title), ("id", _token(message, option)))
            for title, option in zip(titles, options, strict=True)
        )
        return Content("twilio/quick-reply", message.language, actions)
    if len(options) <= ROWS and all(units(option.label) <= BELOW for option in options):
        items = tuple(_row(message, option) for option in options)
        return Content("twilio/list-picker", message.language, items, button)
    return None


def _titles(options: Sequence[Option]) -> list[str] | None:
    """What stands on the buttons: number and label, else the label alone; None where that is too long."""
    for titles in ([f"{one.number} {one.label}" for one in options], [one.label for one in options]):
        if all(units(title) <= BUTTON for title in titles) and len(set(titles)) == len(titles):
            return titles
    return None


def _row(message: OutboundMessage, option: Option) -> tuple[tuple[str, str], ...]:
    whole = f"{option.number} {option.label}"
    token = ("id", _token(message, option))
    if units(whole) <= ROW:
        return (("item", whole), token)
    return (("item", str(option.number)), ("description", option.label), token)


def _token(message: OutboundMessage, option: Option) -> str:
    """What a button carries back (core.talk.Pick), with a variable where the run stands."""
    return Pick("{{2}}", message.step, option.id).token


@dataclass(frozen=True)
class Part:
    """One message of those that a text goes out in."""

    text: str
    content: Content | None = None  #: the buttons below it, where Twilio keeps them for us
    numbered: str = ""  #: with numbered lines instead, for where it does not


def parts(message: OutboundMessage, below: Content | None) -> list[Part]:
    """The messages that a text goes out in; buttons, where there are some, stand under the last.

    They are the same whether the buttons come to be or not, for the first may have been sent already.
    """
    if below is None:
        return [Part(one) for one in split_text(numbered(message) if message.options else message.text, TEXT)]
    lines = numbered(replace(message, text=""))
    *before, last = split_text(message.text, min(INTERACTIVE, TEXT - units(lines) - 2))
    return [*(Part(one) for one in before), Part(last, below, numbered(replace(message, text=last)))]


def form(part: Part, message: OutboundMessage, content_sid: str | None) -> dict[str, str]:
    """A part as Twilio is asked to send it."""
    if content_sid is None or part.content is None:
        return {"body": part.numbered or part.text}
    variables = json.dumps({"1": part.text, "2": message.run})
    return {"content_sid": content_sid, "content_variables": variables}


@dataclass(frozen=True)
class Opening:
    """An approved template with what fills it, and whether the whole message stands in it."""

    sid: str
    variables: str  #: as JSON
    whole: bool


def opening(template: Template, opener: Opener, message: OutboundMessage) -> Opening | None:
    """The template, filled; None where there is nothing to fill one of its variables with."""
    said = " ".join(numbered(message).split())  # WhatsApp takes no line breaks there
    fits = units(said) <= FILLED
    values = {
        "council": opener.council,
        "reference": opener.reference,
        "text": said if fits else split_text(said, FILLED)[0] + LEFT_OUT,
    }
    filled = {str(n): values[name] for n, name in enumerate(template.variables, 1)}
    if not all(filled.values()):
        return None
    return Opening(template.sid, json.dumps(filled), fits and "text" in template.variables)
