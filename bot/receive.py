"""Take messages in: on disk first, acknowledged after.

Whoever received something calls `accept` and acknowledges its provider when that returns. All
that wait together share one commit (C1); nobody waits for a group to fill.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from bot import clock
from bot.metrics import Metrics
from core.errors import DiskFull, LostDatabase, RefusedRow, StorageFault
from core.messages import InboundMessage
from storage.addresses import Keyring
from storage.database import Database, Tx
from storage.inbox import Stored, store

GROUP = 256  #: messages in one commit; more would make the first of them wait

log = structlog.get_logger()


@dataclass(frozen=True)
class _Waiting:
    messages: Sequence[InboundMessage]
    done: asyncio.Future[list[Stored]]


class Receiver:
    """Groups what arrives together into one commit."""

    def __init__(
        self, database: Database, keyring: Keyring, stored: Callable[[], None], metrics: Metrics | None = None
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._metrics = metrics
        self._stored = stored  # wakes the turn-taker
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()

    async def accept(self, messages: Sequence[InboundMessage]) -> list[Stored]:
        """Store messages; returns when they are on disk, in their order.

        A repeated message is accepted again and has no second effect. Raises StorageFault when
        the messages are not on disk: acknowledge nothing then.
        """
        if not messages:
            return []
        waiting = _Waiting(messages, asyncio.get_running_loop().create_future())
        self._queue.put_nowait(waiting)
        return await waiting.done

    async def run(self) -> None:
        """Store what is waiting, group after group, until cancelled."""
        while True:
            group = [await self._queue.get()]
            size = len(group[0].messages)
            while size < GROUP and not self._queue.empty():
                group.append(self._queue.get_nowait())
                size += len(group[-1].messages)
            await self._keep(group)

    async def _keep(self, group: Sequence[_Waiting]) -> None:
        messages = [message for one in group for message in one.messages]
        try:
            stored = await self._commit(messages)
        except (LostDatabase, DiskFull) as fault:
            _turn_away(group, fault)
        except Exception as fault:  # noqa: BLE001  (a fault of ours must not end the receiving of others)
            # One bad message must not turn the others away.
            if len(group) == 1:
                _turn_away(group, fault)
            else:
                for one in group:
                    await self._keep([one])
        else:
            self._count(messages, stored)
            taken = iter(stored)
            for one in group:
                answer = [next(taken) for _ in one.messages]
                if not one.done.done():
                    one.done.set_result(answer)
            self._stored()

    async def _commit(self, messages: Sequence[InboundMessage]) -> list[Stored]:
        async def work(tx: Tx) -> list[Stored]:
            return await store(tx, self._keyring, messages, clock.now())

        if self._metrics is None:
            return await self._database.transaction(work, name="C1")
        with self._metrics.storing.time():
            return await self._database.transaction(work, name="C1")

    def _count(self, messages: Sequence[InboundMessage], stored: Sequence[Stored]) -> None:
        if self._metrics is None:
            return
        for message, one in zip(messages, stored, strict=True):
            if one.inbox_id is None:
                self._metrics.repeated.labels(message.account).inc()
            else:
                self._metrics.received.labels(message.account, message.kind).inc()

    async def accept_all(self, messages: Sequence[InboundMessage]) -> None:
        """As `accept`, but what the database refuses is set aside, so that a provider goes on to the next."""
        try:
            await self.accept(messages)
        except RefusedRow:
            for message in messages:
                try:
                    await self.accept([message])
                except RefusedRow:
                    await self.accept([_unreadable(message)])


def _unreadable(message: InboundMessage) -> InboundMessage:
    return InboundMessage(message.account, "unreadable", message.external_id, address="")


def _turn_away(group: Sequence[_Waiting], fault: Exception) -> None:
    log.error("not stored", groups=len(group), exc_info=fault)
    for one in group:
        if not one.done.done():
            one.done.set_exception(
                fault if isinstance(fault, StorageFault) else RefusedRow("We could not store this message.")
            )
