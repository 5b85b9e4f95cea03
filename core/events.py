"""What happened in a conversation, in the past tense.

The conversation returns events; storage/turns.py writes each of them, in one `match`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Purpose = Literal["issue", "news", "invitations", "surveys"]
IssueKind = Literal["problem", "question"]
DetailName = Literal["topic", "place", "affected"]


@dataclass(frozen=True)
class DraftOpened:
    """Words wait for "1"; a reminder is due after a day, erasure when drafts expire."""


@dataclass(frozen=True)
class DraftClosed:
    """The draft is filed or erased; nothing of it is due any more."""

    erased: bool  #: True: its photos and voice notes go too
    media: tuple[str, ...] = ()
    since: int = (
        0  #: when its first word came, UTC microseconds: a page that shows the talk forgets it from there
    )


@dataclass(frozen=True)
class IssueFiled:
    """Somebody answered "1": the issue and the consent are on record."""

    reference: str
    council: str
    kind: IssueKind
    words: tuple[tuple[str, str], ...]  #: (text, provider's message name), in the order they came
    language: str | None  #: as far as known
    media: tuple[str, ...]
    place: str
    latitude: float | None
    longitude: float | None
    danger: bool  #: the words named a danger: for staff to read first
    notice_version: str


@dataclass(frozen=True)
class IssueDetailed:
    """A detail was given, or given anew."""

    reference: str
    name: DetailName
    value: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class IssueAdded:
    """More words, or more pictures, for a filed issue."""

    reference: str
    text: str
    ref: str
    media: tuple[str, ...]
    language: str | None


@dataclass(frozen=True)
class IssueCorrected:
    """The person's words are to read so from now on; what they replace is not shown any more."""

    reference: str
    text: str
    ref: str
    media: tuple[str, ...]
    language: str | None


@dataclass(frozen=True)
class MessageEdited:
    """A message that belongs to a filed issue was edited: its new words are added there."""

    reference: str
    text: str
    ref: str


@dataclass(frozen=True)
class ConsentGiven:
    """Yes or no to one purpose."""

    purpose: Purpose
    given: bool
    notice_version: str


@dataclass(frozen=True)
class LanguageChosen:
    """The person chose a language; detection never overrides it."""

    language: str


@dataclass(frozen=True)
class LanguageHeard:
    """The language of the person's last message that left no doubt."""

    language: str


@dataclass(frozen=True)
class CouncilChosen:
    """A deep link named another council."""

    council: str


@dataclass(frozen=True)
class Stopped:
    """The person said stop: nothing more is sent to any of their addresses."""


@dataclass(frozen=True)
class Started:
    """The person said start: we may write again."""


@dataclass(frozen=True)
class Blocked:
    """The person blocked us on this channel."""


@dataclass(frozen=True)
class Unblocked:
    """The person unblocked us on this channel."""


@dataclass(frozen=True)
class ContactErased:
    """The person had everything deleted."""


Event = (
    DraftOpened | DraftClosed | IssueFiled | IssueDetailed | IssueAdded | IssueCorrected | MessageEdited
    | ConsentGiven | LanguageChosen | LanguageHeard | CouncilChosen
    | Stopped | Started | Blocked | Unblocked | ContactErased
)  # fmt: skip
