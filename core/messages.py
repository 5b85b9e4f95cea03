"""One message that came in, and one that goes out."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from core.talk import Attachment, Command, Option, Place

#: "start" is a press of Telegram's start button or a deep link; "unreadable" is set aside as it comes
InboundKind = Literal["message", "edit", "press", "start", "blocked", "unblocked", "unreadable"]


class InboundMessage(Struct, frozen=True, omit_defaults=True):
    """One message as a channel decoded it. (account, kind, external_id) names it for ever."""

    account: str  #: key of the channel account it came to
    kind: InboundKind
    external_id: str
    address: str  #: opaque identity of the person on that account; "" only when unreadable
    text: str = ""
    token: str = ""  #: what a pressed button carried
    payload: str = ""  #: what a deep link carried, for core/poster.py: a council's key, and perhaps more
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    forwarded: bool = False
    phone_language: str = ""  #: BCP-47 as the phone tells it, "" when it does not
    ref: str = ""  #: the provider's name for the message, repeated by an edit
    reply_to: str = ""  #: the provider's name for the message of ours that it replies to
    answered: Command | None = None  #: the provider took it as this, and has answered it itself


class Lane(StrEnum):
    """Order is kept per address and lane; talk goes before bulk."""

    TALK = "talk"
    BULK = "bulk"


class Enclosure(Struct, frozen=True):
    """A file that goes with a message, where the channel carries files."""

    name: str
    mime: str
    content: bytes


class Opener(Struct, frozen=True):
    """What fills an approved template, where nothing else may be sent to somebody."""

    purpose: str  #: which template: "reply", "news" ...
    council: str  #: its name
    reference: str  #: of the issue that it is about; "" where there is none


class Cost(Struct, frozen=True):
    """What a message costs with its provider."""

    segments: int = 0  #: parts that an SMS is carried in
    category: str = ""  #: what WhatsApp counts it as: "service", "utility", "marketing"


class OutboundMessage(Struct, frozen=True):
    """One message that goes out, as a channel's `send` takes it; the address is unsealed for this."""

    id: int  #: of the outbox row
    address: str
    text: str
    language: str
    options: tuple[Option, ...] = ()
    run: str = ""  #: with `step`, what each button carries back (core.talk.Pick)
    step: str = ""
    subject: str = ""  #: of a letter; a chat has none
    html: str = ""  #: the same as `text`, for who reads letters with a browser's eyes
    enclosed: tuple[Enclosure, ...] = ()
    sent: tuple[str, ...] = ()  #: the provider's ids of the parts of it that are sent already
    opener: Opener | None = None  #: where only an approved template may be sent


def clean(text: str) -> str:
    """A text without what no database and no screen takes: NUL and other C0 controls but tab and newline,
    lone surrogates. Bidirectional controls stay inside the text they belong to: each is closed at its end.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = text.translate(_DROPPED)
    return _close_bidi(text) if any(mark in text for mark in _OPENERS) else text


_DROPPED = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127)) | {13: None}
_OPENERS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c",
            "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}  # fmt: skip


def _close_bidi(text: str) -> str:
    # An override that is left open would turn every word that a page or a digest shows after it.
    open_marks: list[str] = []
    for letter in text:
        if letter in _OPENERS:
            open_marks.append(_OPENERS[letter])
        elif open_marks and letter == open_marks[-1]:
            open_marks.pop()
    return text + "".join(reversed(open_marks))
