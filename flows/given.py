"""What is handed to a conversation from outside: who, where, when, and what is already known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from core.contact import Contact
from core.council import Council
from core.known import Known
from core.phrases import Phrases
from core.talk import Place

Answers = Mapping[str, Any]

#: how much of a person's own words is repeated to them; the rest is on record all the same
QUOTE = 280


class Given(Struct, frozen=True):
    """What the conversation may know and cannot find out: the caller hands it in."""

    council: Council
    contact: Contact
    known: Known
    now: int  #: UTC microseconds
    heard_at: int  #: when the message came, UTC microseconds
    reference: str  #: free for the next issue that is filed
    run_id: str  #: for the next run that is opened
    spare: tuple[str, ...] = ()  #: more references that are free, for the parts of an issue
    by_sms: bool = False  #: each letter costs, and no picture, voice or place is carried

    def day(self, at: int) -> date:
        """The council's calendar day of a time in UTC microseconds."""
        return (EPOCH + timedelta(microseconds=at)).astimezone(ZoneInfo(self.council.time_zone)).date()

    @property
    def hear_by(self) -> date:
        """The day by which somebody who files now will hear."""
        return self.day(self.now) + timedelta(days=self.council.answer_days)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def span(days: int, phrases: Phrases) -> str:
    """A number of days as people say it: months where it is two of them or more."""
    months = round(days / 30.4)
    return phrases.count("span.months", months) if months >= 2 else phrases.count("span.days", days)


def quoted(answers: Answers, phrases: Phrases) -> str:
    """The person's own words, as far as they are repeated to them, and what came with the words."""
    words = shortened("\n".join(piece["text"] for piece in answers.get("what", ())))
    kinds = [attachment["kind"] for attachment in answers.get("media", ())]
    extras = [phrases.count(f"attached.{kind}", kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    if point := answers.get("point"):
        extras.append(str(Place(**point)))
    elif nearby := answers.get("nearby"):
        extras.append(nearby)  # Nothing goes on record that they have not seen.
    return "\n".join([*([words] if words else []), *(f"[{extra}]" for extra in extras)])


def stands(answers: Answers, given: Given, phrases: Phrases) -> str:
    """What a filed issue says now, as far as it is repeated; what it holds instead where it has no words."""
    reference = answers.get("which")
    issue = next((one for one in given.known.issues if one.reference == reference), None)
    if issue is None:
        return "…"
    media = f"[{phrases.count('attached.file', issue.media)}]" if issue.media else ""
    return shortened(issue.text) or media or issue.place or "…"


def proposed(answers: Answers, phrases: Phrases) -> str:
    """The words that are to take the place of others, and what came with them."""
    anew = answers.get("anew") or {}
    words = shortened(anew.get("text", ""))
    kinds = anew.get("kinds", ())
    extras = [phrases.count(f"attached.{kind}", kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    return "\n".join([*([words] if words else []), *(f"[{extra}]" for extra in extras)])


def shortened(text: str, limit: int = QUOTE) -> str:
    """A text cut at a word, with an ellipsis where something was left out."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip() + " …"


def emergency(given: Given, phrases: Phrases) -> str:
    """The council's emergency numbers, a line each."""
    lines = []
    for entry in given.council.emergency:
        label = entry.label.get(phrases.language, entry.label.get("en", ""))
        lines.append(
            phrases.fill("{number} {label}" if label else "{number}", number=entry.number, label=label)
        )
    return "\n".join(lines)


def advice(given: Given, phrases: Phrases) -> str:
    """Who near gives advice, a line each."""
    return "\n".join(
        phrases.fill("{name}: {contact}", name=one.name, contact=one.contact) for one in given.council.advice
    )
