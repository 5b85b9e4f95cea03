"""Delete what the provider keeps of what people wrote, once it was heard here (Twilio; a setting)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from bot import clock
from bot.channels import Channel, Recalls
from core.errors import SendError
from storage import copies, due
from storage.copies import Copy
from storage.database import Database, Tx

#: so many in one look: what is sent goes over the same line, and nobody who is being heard waits for this
AT_ONCE = 16
#: what could not be deleted is tried again after so long, doubling, for about four days
AGAIN, LONGEST, TRIES = 10 * clock.SECOND, 6 * clock.HOUR, 24

log = structlog.get_logger()


class Copies:
    """Looks for copies to delete; `channels` are those of the accounts that shall keep none."""

    def __init__(self, database: Database, channels: Mapping[str, Channel]) -> None:
        self._database = database
        self._channels = channels

    async def look(self) -> int:
        """Delete some of what is to be deleted now; how many are gone. The next look goes on."""
        taken = await self._database.transaction(
            lambda tx: copies.take(tx, clock.now(), AT_ONCE), name="copies"
        )
        gone = await asyncio.gather(*map(self._delete, taken))
        if taken:
            await self._settle(dict(zip(taken, gone, strict=True)))
        return sum(gone)

    async def _delete(self, copy: Copy) -> bool:
        channel = self._channels.get(copy.account)
        if not isinstance(channel, Recalls):
            return True  # It is to stay there.
        try:
            await channel.recall("", [copy.ref])
        except SendError as fault:
            log.warning("copy not deleted", account=copy.account, fault=type(fault).__name__)
            return False
        return True

    async def _settle(self, gone: Mapping[Copy, bool]) -> None:
        async def work(tx: Tx) -> None:
            now = clock.now()
            for copy, is_gone in gone.items():
                if is_gone:
                    await due.done(tx, copy.due_id, now)
                elif copy.attempts >= TRIES:
                    log.error("copy stays at the provider", account=copy.account)
                    await due.done(tx, copy.due_id, now)
                else:
                    wait = min(AGAIN * 2 ** min(copy.attempts, 20), LONGEST)
                    await due.later(tx, copy.due_id, now + wait)

        await self._database.transaction(work, name="copies")
