"""Say into people's conversations what the council says to them: once, when they may be written to.

A question opens only where none is open, and behind what they have written; nobody is written to in the quiet
hours. Who cannot be reached is not written to at all, and whoever wrote the answer is told that it could not
be delivered, not why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot import clock
from core.council import Council
from core.talk import Nudge
from flows.news import TOLD
from outreach.news import may_open
from outreach.week import quiet
from storage import answers, desk_acts, inbox
from storage.answers import Ready
from storage.database import Database, Tx

#: a conversation that goes on is looked at again after so long
AGAIN = clock.MINUTE


class News:
    """Looks for news that has its words."""

    def __init__(self, database: Database, councils: Mapping[str, Council], said: Callable[[], None]) -> None:
        self._database = database
        self._councils = councils
        self._said = said  # wakes the turn-taker

    async def look(self) -> int:
        """Say what may be said now; how much that was."""
        if not await self._database.read(lambda tx: answers.ready(tx, clock.now(), 1)):
            return 0
        count = await self._database.transaction(self._say, name="news")
        if count:
            self._said()
        return count

    async def _say(self, tx: Tx) -> int:
        now = clock.now()
        rows = await answers.ready(tx, now)
        return sum([await self._one(tx, row, now) for row in rows])

    async def _one(self, tx: Tx, news: Ready, now: int) -> bool:
        if not news.reachable:
            await answers.untold(tx, news.id)
            await desk_acts.tell(
                tx, f"{desk_acts.TELL}:news:{news.id}", now, what="undelivered", news=news.id
            )
            return False
        council = self._councils.get(news.council)
        # Whoever has just written to hear it is awake.
        if council and not news.owed and (until := quiet(council, now)):
            await answers.put_off(tx, news.id, until)
            return False
        if news.kind not in TOLD and not may_open(news.run, news.heard_at, now, owed=news.owed):
            await answers.put_off(tx, news.id, now + AGAIN)
            return False
        await inbox.nudge(tx, news.contact_id, Nudge.NEWS, f"news:{news.id}", now)
        await answers.begun(tx, news.id)
        return True
