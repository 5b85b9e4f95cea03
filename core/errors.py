"""What can go wrong, in sentences that say what to do.

The docstring of an error is the sentence it shows when it is raised without one of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta


class TownbellError(Exception):
    """Something went wrong in Townbell."""

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip().splitlines()[0]


class BadConfiguration(TownbellError):
    """The configuration cannot be used."""

    def __init__(self, source: str, faults: Sequence[str]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__(
            "\n".join([f"The configuration ({source}) needs mending:", *(f"  - {f}" for f in faults)])
        )


class BadCatalog(TownbellError):
    """A catalog of phrases cannot be read: mend the .po file that is named."""


class AlreadyRunning(TownbellError):
    """Townbell already runs on this data folder. Stop the other one first, or choose another folder."""


class StorageFault(TownbellError):
    """The database did not do what we asked."""


class LostDatabase(StorageFault):
    """The database cannot be reached. Check that it runs and that DATABASE_URL is right; we try again."""


class DiskFull(StorageFault):
    """The disk is full, so nothing is accepted. Free some space; people's messages are delivered again."""


class RefusedRow(StorageFault):
    """The database refused a row; nothing of its transaction was written."""


class NotOurTurn(StorageFault):
    """Another process holds this seat (turns, or sending); nothing was written."""


class ForeignKey(TownbellError):
    """The key does not open what is stored: use the key file that belongs to this database."""


class SendError(TownbellError):
    """A message could not be sent."""


class ChannelDown(SendError):
    """The channel cannot be reached, and never had the message. Try again later."""


class Throttled(SendError):
    """The channel asks us to slow down."""

    def __init__(self, retry_after: timedelta) -> None:
        self.retry_after = retry_after
        super().__init__()


class Refused(SendError):
    """The channel will not take this message; sending it again would not help."""


class ContactStopped(SendError):
    """The person has blocked us, or is gone. Do not write to this address again."""


class MaybeSent(SendError):
    """The line broke after the message had left us: it may have arrived."""


class SentInPart(SendError):
    """A part of a long message has left; the next goes out by itself, and this one is not repeated."""

    def __init__(self, provider_ids: str) -> None:
        self.provider_ids = provider_ids
        super().__init__()


class Knocked(SendError):
    """The person was asked to write to us; the message itself waits for their word."""

    def __init__(self, provider_id: str) -> None:
        self.provider_id = provider_id  #: of what asked them
        super().__init__()


class SilentTooLong(SendError):
    """The person has not written for so long that only an approved template may be sent, and none fits."""


class Paused(ChannelDown):
    """The channel does not know our credentials: nothing is sent until somebody mends them."""
