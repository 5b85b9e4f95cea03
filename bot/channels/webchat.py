"""The web page as a channel: what we say is written where the page reads it.

To send is one transaction of our own database, under a key made of the outbox row, so that a message that
is sent again after a crash is on the page once. What is to be sent at the same time shares a commit.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot import clock
from core.errors import ChannelDown, ContactStopped, Refused, RefusedRow, StorageFault
from core.messages import OutboundMessage
from core.phrases import Phrases
from core.talk import Pick
from storage import webchat
from storage.addresses import Keyring
from storage.database import Database, Tx
from storage.webchat import Choice, PageBody

LISTENERS = 4  # pages that one person may have waiting; a reload leaves the old one behind for a second


class TooManyListeners(Exception):
    """Too many pages of this chat are open."""


class Doorbell:
    """Wakes the pages that wait for news, by the address they wait for. Other processes cannot ring it."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    @contextmanager
    def listen(self, address: str) -> Iterator[asyncio.Event]:
        """An event that is set when something happens at an address."""
        mine = self._listeners[address]
        if len(mine) >= LISTENERS:
            raise TooManyListeners
        rung = asyncio.Event()
        mine.add(rung)
        try:
            yield rung
        finally:
            mine.discard(rung)
            if not mine:
                self._listeners.pop(address, None)

    def ring(self, address: str) -> None:
        """Something was said."""
        for rung in self._listeners.get(address, ()):
            rung.set()

    def close(self) -> None:
        """We stop: everybody goes home."""
        self.closed = True
        for listeners in self._listeners.values():
            for rung in listeners:
                rung.set()

    def __len__(self) -> int:
        """How many pages wait."""
        return sum(len(listeners) for listeners in self._listeners.values())


@dataclass(frozen=True)
class _Unsaid:
    message: OutboundMessage
    done: asyncio.Future[str] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class WebChat:
    """The account of the web page."""

    in_flight = 64
    per_second = 10_000.0  # nobody asks us to go slower than our own disk
    trouble = ""

    def __init__(
        self, account: str, database: Database, keyring: Keyring, catalogs: Mapping[str, Phrases]
    ) -> None:
        self.account = account
        self.doorbell = Doorbell()
        self._database = database
        self._keyring = keyring
        self._catalogs = catalogs
        self._unsaid: list[_Unsaid] = []
        self._writing: asyncio.Task[None] | None = None

    async def send(self, message: OutboundMessage) -> str:
        """Put a message on the person's page; its number there."""
        unsaid = _Unsaid(message)
        self._unsaid.append(unsaid)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await unsaid.done

    async def _write(self) -> None:
        while self._unsaid:
            group, self._unsaid = self._unsaid, []
            await self._say(group)

    async def _say(self, group: Sequence[_Unsaid]) -> None:
        now = clock.now()

        async def work(tx: Tx) -> list[str | None]:
            return [await self._say_one(tx, unsaid.message, now) for unsaid in group]

        try:
            said = await self._database.transaction(work, name="web chat")
        except RefusedRow:
            if len(group) > 1:  # one bad message must not hold the others
                for unsaid in group:
                    await self._say([unsaid])
                return
            _settle(group[0], Refused("The database refused this message."))
        except StorageFault as fault:
            # It may be on the page already; said again under its key, it is there once.
            for unsaid in group:
                _settle(unsaid, ChannelDown(str(fault)))
        else:
            for unsaid, number in zip(group, said, strict=True):
                _settle(unsaid, number or ContactStopped())
                self.doorbell.ring(unsaid.message.address)

    async def _say_one(self, tx: Tx, message: OutboundMessage, now: int) -> str | None:
        address_id = await webchat.address(tx, self._keyring, self.account, message.address)
        if address_id is None:  # forgotten meanwhile
            return None
        return str(await webchat.say(tx, address_id, self._body(message), now, key=f"out:{message.id}"))

    def _body(self, message: OutboundMessage) -> PageBody:
        phrases = self._catalogs.get(message.language)
        direction = phrases.direction if phrases else "auto"
        lines = [message.text]
        if not (message.run and message.step):  # no question waits for a tap; a number can still be typed
            lines += [f"{option.number} {option.label}" for option in message.options]
            return PageBody("\n".join(lines), message.language, direction)
        choices = tuple(
            Choice(Pick(message.run, message.step, option.id).token, option.number, option.label)
            for option in message.options
        )
        return PageBody(message.text, message.language, direction, choices)


def _settle(unsaid: _Unsaid, result: str | Exception) -> None:
    if unsaid.done.done():  # nobody waits for it any more
        return
    if isinstance(result, str):
        unsaid.done.set_result(result)
    else:
        unsaid.done.set_exception(result)
