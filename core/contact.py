"""A person we talk with, as the conversation and the staff may know them: never by address."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.staff import Role

ContactState = Literal["active", "stopped", "erased"]
#: what became of an issue; "filed" until somebody looks at it
IssueStatus = Literal["filed", "seen", "discussed", "referred", "decided", "closed", "withdrawn"]
#: what a conversation may want to know beyond the message (`Known`)
Want = Literal["issues", "data", "edited"]


class Contact(Struct, frozen=True):
    """A person we talk with."""

    id: int
    council: str  #: key of the council they write to now
    pseudonym: str
    language: str | None  #: a tag of the council's set, None while we are unsure
    language_chosen: bool  #: they chose it themselves
    phone_language: str  #: what their phone says, as it came
    state: ContactState
    muted: bool  #: staff have muted them: heard, never answered
    agreed_version: str | None  #: version of the notice they last agreed to
    invitations: bool | None  #: None: never asked
    created_at: int  #: UTC microseconds
    role: Role | None = None  #: in the council they write to now, when they work for it


class OwnIssue(Struct, frozen=True):
    """One of the person's own issues, as `status`, `correct` and `my data` show it to them."""

    reference: str
    status: IssueStatus
    filed_at: int  #: UTC microseconds
    hear_by: int  #: the day by which we promised an answer, UTC microseconds
    text: str
    topic: str = ""
    place: str = ""  #: in words, with the point that was shared
    media: int = 0  #: photos and voice notes kept with it
    affected: str = ""  #: who has the problem, as the option is called


class Known(Struct, frozen=True):
    """What a conversation needs to know beyond the message, loaded only when it asks."""

    issues: tuple[OwnIssue, ...] = ()  #: newest first
    edited: str = ""  #: reference of the filed issue that an edited message belongs to
    consents: tuple[tuple[str, bool, int], ...] = ()  #: (purpose, given, at): the latest of each
    waiting: int = 0  #: messages of ours to them that are not sent yet
    channels: tuple[str, ...] = ()  #: kinds of channel we know them on
