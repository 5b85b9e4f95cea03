"""Take turns: what people wrote, in batches, to what we answer, in one commit (C2).

One at a time holds the seat, and writes on the connection that holds it. A message that makes the
conversation raise leaves the batch and the others go on; one that the database refuses is found by
taking the batch's messages singly. What has failed three times is set aside for a person to see,
and its author is asked to write it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot import clock
from bot.config import Talk
from bot.metrics import Metrics
from bot.outage import OUTAGES, Outage
from bot.thinking import Failed, Thinker
from core.talk import Nudge
from storage import inbox, turns
from storage.database import Database, Seat, Tx
from storage.turns import Waiting

BATCH = 256
#: the running process looks for work that others wrote
LOOK = 1.0  # seconds
#: a message that failed waits before it is tried again, longer each time
RETRY = (5 * clock.SECOND, 60 * clock.SECOND)

log = structlog.get_logger()


class TurnTaker:
    """Answers what is unread, batch after batch, while it holds the seat."""

    def __init__(
        self,
        database: Database,
        thinker: Thinker,
        talk: Talk,
        metrics: Metrics,
        answered: Callable[[], None],
    ) -> None:
        self._database = database
        self._thinker = thinker
        self._talk = talk
        self._metrics = metrics
        self._answered = answered  # wakes the senders
        self._counted: set[int] = set()  # tried once in this life, and counted before
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something is unread."""
        self._wake.set()

    async def run(self, *, careful: bool = False) -> None:
        """Take turns until cancelled; `careful` after an unclean stop, for what waited may have caused it."""
        outage = Outage("turns")
        while True:
            try:
                async with self._database.seat("turns") as seat:
                    if careful:
                        await self._singly(seat, self._carefully)
                        careful = False
                    while True:
                        self._wake.clear()
                        if not await self.take(seat):
                            await self._idle()
                        outage.over()
            except OUTAGES as fault:
                await outage.wait(fault)

    async def take(self, seat: Seat) -> int:
        """One batch; how many messages it took, 0 when nothing is unread."""
        try:
            with self._metrics.turning.time():
                return await self._batch(seat, BATCH)
        except OUTAGES:
            raise
        except Exception as fault:  # noqa: BLE001  (whatever it is, the others go on)
            # Nothing of the batch was written. Singly, only the culprit is refused.
            log.warning("batch refused", fault=type(fault).__name__)
            return await self._singly(seat, self._one)

    async def _batch(self, seat: Seat, limit: int) -> int:
        async def work(tx: Tx) -> tuple[int, list[Failed]]:
            now = clock.now()
            batch = await turns.take(tx, now, limit)
            outcomes, failed = await self._thinker.think(tx, batch, now)
            if outcomes:
                await turns.write(tx, outcomes, now)
            return len(outcomes), failed

        answered, failed = await seat.transaction(work, name="C2")
        self._metrics.turns.inc(answered)
        if answered:
            self._answered()
        for one in failed:
            await self._failed(seat, one)
        return answered + len(failed)

    async def _singly(self, seat: Seat, take: Callable[[Seat, Waiting], Awaitable[None]]) -> int:
        """Up to a batch of messages, each in a commit of its own."""
        tried: list[int] = []
        while len(tried) < BATCH:
            waiting = await seat.transaction(lambda tx: turns.take(tx, clock.now(), 1, tuple(tried)))
            if not waiting:
                break
            tried.append(waiting[0].inbox_id)
            await take(seat, waiting[0])
        return len(tried)

    async def _carefully(self, seat: Seat, waiting: Waiting) -> None:
        """One message that may have killed us: if it does so again, its attempt is on record."""
        if waiting.inbox_id not in self._counted:
            self._counted.add(waiting.inbox_id)
            log.info("counted before it is tried", inbox=waiting.inbox_id, before=waiting.attempts)
            # Set aside only when it was under way at as many deaths as it may have failures.
            most = self._talk.set_aside_after + 1
            if await self._count(seat, Failed(waiting, "UncleanStop"), most, wait=0):
                return
        await self._one(seat, waiting)

    async def _one(self, seat: Seat, waiting: Waiting) -> None:
        async def work(tx: Tx) -> list[Failed]:
            now = clock.now()
            outcomes, failed = await self._thinker.think(tx, [waiting], now)
            if outcomes:
                await turns.write(tx, outcomes, now)
            return failed

        try:
            failed = await seat.transaction(work, name="C2")
        except OUTAGES:
            raise
        except Exception as fault:  # noqa: BLE001
            failed = [Failed(waiting, type(fault).__name__)]
        if failed:
            await self._failed(seat, failed[0])
        else:
            self._metrics.turns.inc()
            self._answered()

    async def _failed(self, seat: Seat, failed: Failed) -> None:
        """Count a failed attempt; it is tried again later, or set aside."""
        wait = min(RETRY[0] * 4**failed.waiting.attempts, RETRY[1])
        aside = await self._count(seat, failed, self._talk.set_aside_after, wait)
        self._metrics.turn_faults.inc()
        log.warning("turn failed", inbox=failed.waiting.inbox_id, fault=failed.fault, aside=aside)

    async def _count(self, seat: Seat, failed: Failed, most: int, wait: int) -> bool:
        """Count an attempt, in a transaction of its own; True when it was one too many, and set aside."""
        waiting = failed.waiting

        async def work(tx: Tx) -> bool:
            now = clock.now()
            if await inbox.attempted(tx, waiting.inbox_id, now, now + wait, failed.fault) < most:
                return False
            await inbox.aside(tx, waiting.inbox_id, failed.fault, now)
            if waiting.nudge is not Nudge.ASIDE:
                await inbox.nudge(tx, waiting.contact.id, Nudge.ASIDE, f"aside:{waiting.inbox_id}", now)
            return True

        return await seat.transaction(work, name="attempt")

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(LOOK):
                await self._wake.wait()
        except TimeoutError:
            return
