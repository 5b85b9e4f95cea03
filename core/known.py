"""What a conversation needs to know beyond the message, loaded only when it asks."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.desk import Desk, News
from core.issue import OwnIssue

#: what a conversation may want to know
Want = Literal["issues", "data", "edited"]


class Known(Struct, frozen=True):
    """What a conversation needs to know beyond the message."""

    issues: tuple[OwnIssue, ...] = ()  #: newest first
    edited: str = ""  #: reference of the filed issue that an edited message belongs to
    consents: tuple[tuple[str, bool, int], ...] = ()  #: (purpose, given, at): the latest of each
    waiting: int = 0  #: messages of ours to them that are not sent yet
    channels: tuple[str, ...] = ()  #: kinds of channel we know them on
    desk: Desk = Desk()  #: for staff, and for who has an invitation
    news: News | None = None  #: what a nudge is about
