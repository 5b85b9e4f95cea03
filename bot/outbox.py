"""Send what is due: talk before bulk, in order for each person, never more claimed than is on its way.

One sender holds the seat of its account. A message is claimed and committed (C3) before it is sent,
so that a crash leaves it "maybe sent"; what became of it is committed in groups (C4). Both share a
transaction when both are to be done.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from types import MappingProxyType

import structlog
from msgspec.structs import replace

from bot import clock
from bot.channels import Channel, Costs, Reported
from bot.metrics import Metrics
from bot.outage import OUTAGES, Outage
from bot.window import opener, window_of
from core.errors import (
    ChannelDown,
    ContactStopped,
    Knocked,
    MaybeSent,
    Paused,
    Refused,
    SentInPart,
    SilentTooLong,
    StorageFault,
    Throttled,
)
from core.messages import Cost, OutboundMessage
from storage import outbox
from storage.addresses import Keyring
from storage.database import Database, Seat, Tx
from storage.outbox import KNOCKED, OUTSIDE, Claimed, Settled

#: the running process looks for what others queued, and for what has become due
LOOK = 1.0  # seconds
#: an unreachable channel is tried again after one second, then twice that, up to ten minutes
BACKOFF = (clock.SECOND, 10 * clock.MINUTE)
#: a fault of ours is tried so often, then the message is refused for a person to see; and one that may have
#: arrived each time is said so often at most, for who reads it each time is right to be cross
TRIES = 5
#: an account whose credentials are not taken is tried again so much later: it takes a person to mend them
PAUSE = clock.MINUTE
#: an account at its limit writes down together what was claimed and what landed in so long: each commit takes
#: the turn of somebody who is being heard
GATHER = 0.05  # seconds
#: how long a stop waits for what is on its way
FAREWELL = 10.0  # seconds

#: writes a message when it is sent, not when it is planned: from what it is about, and the message as far as
#: it goes; None when nobody wants it any more
Writer = Callable[[str, OutboundMessage], Awaitable[OutboundMessage | None]]

log = structlog.get_logger()


class TokenBucket:
    """How many messages an account may send now: so many a second, and a second's worth at once."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._tokens = max(per_second, 1.0)
        self._at = time.monotonic()

    def available(self) -> int:
        """How many may go out now."""
        now = time.monotonic()
        self._tokens = min(max(self._per_second, 1.0), self._tokens + (now - self._at) * self._per_second)
        self._at = now
        return int(self._tokens)

    def take(self, count: int) -> None:
        """So many go out."""
        self._tokens -= count

    @property
    def is_low(self) -> bool:
        """Whether less than half a second's worth is left: as much is sent as may be."""
        return self._tokens < self._per_second / 2

    def wait(self) -> float:
        """Seconds until one may go out."""
        return max(0.0, (1 - self._tokens) / self._per_second)


class Sender:
    """Sends for one account."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        channel: Channel,
        account_id: int,
        metrics: Metrics,
        *,
        writers: Mapping[str, Writer] = MappingProxyType({}),
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._channel = channel
        self._account_id = account_id
        self._writers = writers  # by what a message is about: "digest"
        self._names = names  # of councils, by their keys: templates name them
        self._window = window_of(channel)
        self._reported = isinstance(channel, Reported) and channel.reported
        self._metrics = metrics
        # Looking a label up costs as much as the rest of the counting.
        self._timing = metrics.sending.labels(channel.account)
        self._outcome = cache(lambda became: metrics.outgoing.labels(channel.account, became))
        self._bucket = TokenBucket(channel.per_second)
        self._flying: set[asyncio.Task[None]] = set()
        self._results: list[Settled] = []  # not written down yet
        self._tries: Counter[int] = Counter()  # by outbox id: those that are counted
        self._wake = asyncio.Event()
        self._paused_until = 0.0  # of the counting clock: the whole account waits

    def wake(self) -> None:
        """Something is queued."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; then wait for what is on its way, and write down what became of it."""
        outage = Outage(f"send:{self._channel.account}")
        while True:
            try:
                async with self._database.seat(f"send:{self._channel.account}") as seat:
                    await self._recover(seat)
                    try:
                        while True:
                            self._wake.clear()
                            if not await self.step(seat):
                                await self._idle()
                            elif self._bucket.is_low:
                                # At its limit nothing goes out sooner for being written down singly.
                                await asyncio.sleep(GATHER)
                            outage.over()
                    finally:
                        await self._land(seat)
            except OUTAGES as fault:
                await outage.wait(fault)

    async def step(self, seat: Seat) -> int:
        """Write down what became of earlier messages, and send what may go out; how many of both."""
        free = min(self._channel.in_flight - len(self._flying), self._bucket.available())
        limit = 0 if time.monotonic() < self._paused_until else max(0, free)
        if not (self._results or limit):
            return 0
        with self._to_write_down() as results:

            async def work(tx: Tx) -> list[Claimed]:
                now = clock.now()
                if results:
                    await outbox.settle(tx, results, now)
                if not limit:
                    return []
                return await outbox.claim(tx, self._account_id, now, limit, self._window)

            name = "+".join(["C4"] * bool(results) + ["C3"] * bool(limit))
            writing = asyncio.create_task(seat.transaction(work, name=name))
            try:
                claimed = await asyncio.shield(writing)
            except asyncio.CancelledError:
                # We are told to stop while it commits: what was claimed is not sent, so it is given back.
                self._results += [Settled(one.id, "queued", reason="stopping") for one in await writing]
                raise
        self._bucket.take(len(claimed))
        for one in claimed:
            task = asyncio.create_task(self._send(one))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return len(results) + len(claimed)

    @contextmanager
    def _to_write_down(self) -> Iterator[list[Settled]]:
        """What became of messages; it is still to be written down when writing it fails."""
        results, self._results = self._results, []
        try:
            yield results
        except StorageFault:
            # Perhaps it was written all the same: to settle again is the same.
            self._results = results + self._results
            raise
        for became, count in Counter(one.reason or one.status for one in results).items():
            self._outcome(became).inc(count)

    async def _send(self, claimed: Claimed) -> None:
        settled = await self._try(claimed)
        if settled.status != "queued":
            del self._tries[claimed.id]
        self._results.append(settled)

    async def _try(self, claimed: Claimed) -> Settled:  # noqa: C901  (one case a fault)
        """Hand one message to the channel, and say what became of it."""
        try:
            return await self._carried(claimed)
        except SilentTooLong:
            return Settled(claimed.id, "queued", reason=OUTSIDE)
        except Throttled as fault:
            return self._pause(claimed, "throttled", int(fault.retry_after.total_seconds() * clock.SECOND))
        except Paused:
            return self._pause(claimed, "credentials", PAUSE)
        except ChannelDown:
            return self._later(claimed, "down", _backoff(claimed.attempts))
        except MaybeSent:
            if claimed.if_unsure == "leave" or self._was_last_try(claimed):
                return Settled(claimed.id, "unknown", reason="unsure")
            return self._later(claimed, "unsure", _backoff(claimed.attempts))
        except ContactStopped:
            return Settled(claimed.id, "refused", reason="stopped", stopped=True)
        except Refused:
            return Settled(claimed.id, "refused", reason="refused")
        except Exception as fault:  # noqa: BLE001  (a fault of ours must not stop the others' messages)
            log.error("not sent", outbox=claimed.id, fault=type(fault).__name__)
            if self._was_last_try(claimed):
                return Settled(claimed.id, "refused", reason="fault")
            return self._later(claimed, "fault", _backoff(claimed.attempts))

    async def _carried(self, claimed: Claimed) -> Settled:
        """Write a message and hand it to the channel, which may take a part of it, or only knock."""
        message = await self._written(claimed)
        if message is None:
            return Settled(claimed.id, "dropped", reason="not wanted")
        try:
            provider_id = await self._deliver(message)
        except SentInPart as part:
            cost = self._paid(message)
            return Settled(claimed.id, "queued", part.provider_ids, clock.now(), "in parts", cost=cost)
        except Knocked as knock:
            cost = self._paid(message)
            return Settled(claimed.id, "queued", reason=KNOCKED, cost=cost, knock=knock.provider_id)
        return Settled(claimed.id, "sent", provider_id, cost=self._paid(message), keep=self._reported)

    async def _written(self, claimed: Claimed) -> OutboundMessage | None:
        """The message as it goes out; None when nobody wants it any more."""
        message = claimed.message(self._keyring.unseal(self._channel.account, claimed.sealed))
        writer = self._writers.get(claimed.about.partition(":")[0])
        written = await writer(claimed.about, message) if writer else message
        if written is None or not claimed.closed:
            return written
        filled = await self._database.read(lambda tx: opener(tx, claimed, self._names))
        return replace(written, opener=filled)

    async def _deliver(self, message: OutboundMessage) -> str:
        began = time.monotonic()
        try:
            return await self._channel.send(message)
        finally:
            self._timing.observe(time.monotonic() - began)

    def _paid(self, message: OutboundMessage) -> Cost:
        """What was sent just now costs so much."""
        if not isinstance(self._channel, Costs):
            return Cost()
        cost = self._channel.cost(message)
        label = self._channel.account, self._channel.channel
        self._metrics.paid.labels(*label, cost.category).inc()
        self._metrics.segments.labels(*label).inc(cost.segments)
        return cost

    def _pause(self, claimed: Claimed, reason: str, wait: int) -> Settled:
        """The whole account waits, and not only this message."""
        self._paused_until = max(self._paused_until, time.monotonic() + wait / clock.SECOND)
        return self._later(claimed, reason, wait)

    def _was_last_try(self, claimed: Claimed) -> bool:
        # Counted here and not by the row's attempts: an outage may have used up any number of those.
        self._tries[claimed.id] += 1
        return self._tries[claimed.id] >= TRIES

    def _later(self, claimed: Claimed, reason: str, wait: int) -> Settled:
        return Settled(claimed.id, "queued", due_at=clock.now() + wait, reason=reason)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._wake.set()

    async def _recover(self, seat: Seat) -> None:
        """What became of messages while we had no seat; what an earlier holder left unsettled is said again,
        or left as unknown.
        """
        with self._to_write_down() as results:

            async def work(tx: Tx) -> int:
                await outbox.settle(tx, results, clock.now())
                return await outbox.found_sending(tx, self._account_id, clock.now())

            found = await seat.transaction(work, name="C4")
        if found:
            log.warning("maybe sent", account=self._channel.account, count=found)

    async def _land(self, seat: Seat) -> None:
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=FAREWELL)
            for task in late:  # it stays "sending", and is found by the next holder of the seat
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=1)
        if self._results:
            with self._to_write_down() as results:
                await seat.transaction(lambda tx: outbox.settle(tx, results, clock.now()), name="C4")

    async def _idle(self) -> None:
        pause = max(0.0, self._paused_until - time.monotonic()) or self._bucket.wait()
        try:
            async with asyncio.timeout(min(LOOK, pause) if pause else LOOK):
                await self._wake.wait()
        except TimeoutError:
            return


def _backoff(attempts: int) -> int:
    """Microseconds until the next try, with jitter so that not all come back at once."""
    wait = min(BACKOFF[0] * 2 ** min(attempts - 1, 20), BACKOFF[1])
    return int(wait * random.uniform(0.5, 1.0))  # noqa: S311  (jitter is no secret)
