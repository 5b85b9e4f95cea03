"""Channels: how bytes become `InboundMessage` and `OutboundMessage` becomes bytes.

A channel decodes and sends; it decides nothing and keeps nothing. To add one, write a module
here and name it in bot/app.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol, runtime_checkable

from core.messages import Cost, InboundMessage, OutboundMessage

#: Returns once the messages are on disk (C1). Whoever calls it acknowledges the provider afterwards.
#: Raises core.errors.StorageFault when they are not: then the provider gets no acknowledgement.
Accept = Callable[[Sequence[InboundMessage]], Awaitable[None]]


class Channel(Protocol):
    """One account of a channel: a bot, a number, the web page, the terminal."""

    account: str  #: the account's key in the configuration
    in_flight: int  #: how many messages may be on their way at once
    per_second: float  #: how many messages a second the account may send

    async def send(self, message: OutboundMessage) -> str:
        """Send one message and return the provider's id for it; raises a core.errors.SendError."""
        ...


@runtime_checkable
class MediaSource(Protocol):
    """A channel whose attachments can be fetched."""

    def fetch(self, remote: str) -> AsyncIterator[bytes]:
        """The bytes of an attachment, in pieces; raises ChannelDown, Throttled or Refused."""
        ...


@runtime_checkable
class Recalls(Protocol):
    """A channel where what was written can be taken back from the provider."""

    async def recall(self, address: str, provider_ids: Sequence[str]) -> None:
        """Delete messages, theirs and ours, at the provider, as far as it lets us; raises SendError."""
        ...


@runtime_checkable
class Costs(Protocol):
    """A channel that is paid for by the message."""

    channel: str  #: "sms", "whatsapp"

    def cost(self, message: OutboundMessage) -> Cost:
        """What sending a message costs: of one in parts, its next part."""
        ...


@runtime_checkable
class Windowed(Protocol):
    """A channel that may take free text only for a day after somebody's word, and then only a template."""

    windowed: bool  #: whether it does

    def opens(self, purpose: str, language: str) -> bool:
        """Whether there is a template for a purpose, in a language."""
        ...


@runtime_checkable
class Reported(Protocol):
    """A channel whose provider may say later that a message it took came to nothing."""

    reported: bool  #: whether we hear of it
