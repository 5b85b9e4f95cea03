"""When to look for what is due. What is due is a row; the timer only says when to look.

Down over the weekend means late, never lost or twice: a look that was missed is made up for by the
next one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.channels import Channel, Recalls
from core.council import Council
from core.errors import DiskFull, LostDatabase
from core.talk import Nudge
from storage import clock_set, contacts, due, inbox, retention
from storage.addresses import Keyring
from storage.contacts import KnownAddress, ProviderCopy
from storage.database import Database, Tx
from storage.due import Due

#: kinds of due row that are said into a conversation
NUDGES = {"remind": Nudge.REMIND, "expire": Nudge.EXPIRE}
#: an erasure that could not be finished is tried again after so long, doubling
AGAIN = 10 * clock.SECOND
LONGEST = 6 * clock.HOUR
#: a provider's copies are asked to be deleted so often; what it will not delete then stays there
RECALLS = 8

log = structlog.get_logger()

Look = Callable[[], Awaitable[object]]


def start(looks: Mapping[str, tuple[float, Look]]) -> AsyncIOScheduler:
    """Make each look every so many seconds, never two of one kind at once; `shutdown()` stops them."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for name, (seconds, look) in looks.items():
        scheduler.add_job(
            _guarded(name, look),
            "interval",
            seconds=seconds,
            id=name,
            # A look that comes late is made all the same, once: what is due is found by its own time.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    scheduler.start()
    return scheduler


def _guarded(name: str, look: Look) -> Look:
    async def guarded() -> None:
        try:
            await look()
        except (LostDatabase, DiskFull) as fault:
            log.warning("look put off", look=name, fault=type(fault).__name__)
        except Exception as fault:  # noqa: BLE001  (the next look comes anyway)
            log.error("look failed", look=name, fault=type(fault).__name__)

    return guarded


class Reminders:
    """Says what is due into conversations: a draft's reminder, and its end."""

    def __init__(self, database: Database, said: Callable[[], None]) -> None:
        self._database = database
        self._said = said  # wakes the turn-taker

    async def look(self) -> int:
        """Turn what is due into messages that the turn-taker hears."""

        async def work(tx: Tx) -> int:
            now = clock.now()
            rows = await due.take(tx, now, tuple(NUDGES))
            ending = {row.contact_id for row in rows if row.kind == "expire"}
            for row in rows:
                # After a long standstill nobody is reminded of what is erased in the next moment.
                too_late = row.kind == "remind" and row.contact_id in ending
                if row.contact_id is not None and not too_late:
                    # With its time: a draft that they wrote more to is due again, in the same row.
                    await inbox.nudge(tx, row.contact_id, NUDGES[row.kind], f"due:{row.id}:{row.at}", now)
                await due.done(tx, row.id, now)
            return len(rows)

        count = await self._database.transaction(work, name="due")
        if count:
            self._said()
        return count


class Forgetting:
    """Finishes what "delete" began: the provider's copies, then the address itself."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        channels: Mapping[str, Channel],
        elsewhere: Collection[str] = (),
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._channels = channels
        self._elsewhere = elsewhere  # accounts whose channel another process has: it forgets their people

    async def look(self) -> int:
        """Forget whom it is time to forget; how many were."""
        rows = await self._database.transaction(lambda tx: due.take(tx, clock.now(), ("forget",)))
        return sum([await self._forget(row) for row in rows])

    async def _forget(self, row: Due) -> bool:
        contact_id = row.contact_id
        if contact_id is None:
            return False
        addresses, copies = await self._database.read(lambda tx: _whereabouts(tx, contact_id))
        if any(address.account in self._elsewhere for address in addresses):
            return False
        recalled = await self._recall(row, addresses, copies)

        async def work(tx: Tx) -> bool:
            now = clock.now()
            # The farewell is still on its way while `forget` says so.
            if recalled and await contacts.forget(tx, contact_id, now):
                await due.done(tx, row.id, now)
                return True
            await due.later(tx, row.id, now + min(AGAIN * 2 ** min(row.attempts, 20), LONGEST))
            return False

        return await self._database.transaction(work, name="forget")

    async def _recall(
        self, row: Due, addresses: Sequence[KnownAddress], copies: Sequence[ProviderCopy]
    ) -> bool:
        """Ask the providers to delete their copies; True when there is nothing more to ask."""
        recalled = True
        for address in addresses:
            channel = self._channels.get(address.account)
            refs = [copy.ref for copy in copies if copy.address_id == address.id]
            if not refs or not isinstance(channel, Recalls):
                continue
            try:
                await channel.recall(self._keyring.unseal(address.account, address.sealed), refs)
            except Exception as fault:  # noqa: BLE001  (one person's trouble keeps nobody else remembered)
                log.warning("not recalled", contact=row.contact_id, fault=type(fault).__name__)
                recalled = False
        return recalled or row.attempts >= RECALLS


async def _whereabouts(tx: Tx, contact_id: int) -> tuple[list[KnownAddress], list[ProviderCopy]]:
    return await contacts.addresses_of(tx, contact_id), await contacts.copies_of(tx, contact_id)


class Retention:
    """What has been kept for long enough goes."""

    def __init__(
        self,
        database: Database,
        councils: Mapping[str, Council],
        remove: Callable[[tuple[str, ...]], Awaitable[object]],
    ) -> None:
        self._database = database
        self._councils = councils
        self._remove = remove  # deletes files of the media folder

    async def look(self) -> None:
        """Sweep in short transactions, so that nobody waits for one."""
        deliveries = max(council.retention.deliveries for council in self._councils.values())
        issues = {key: council.retention.issues_after_closing for key, council in self._councils.items()}
        while swept := await self._database.transaction(
            lambda tx: retention.sweep(tx, clock.now(), deliveries, issues), name="retention"
        ):
            await self._remove(swept.files)


class ClockWatch:
    """When the clock is set back, what waits a short while must not wait that much longer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watch = clock.JumpWatch()

    async def look(self) -> None:
        """Notice a jump, and move short waits with it."""
        jump = self._watch.jumped()
        if jump:
            log.warning("clock was set", seconds=jump // clock.SECOND)
        if jump < 0:
            await self._database.transaction(lambda tx: clock_set.back(tx, -jump, clock.now()), name="clock")
