"""A person we talk with, as the conversation and the staff may know them: never by address."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.staff import Role

ContactState = Literal["active", "stopped", "erased"]


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
    two_languages: tuple[str, ...] = ()  #: that we last answered in, being unsure which is theirs
