"""Ask staff to look at translations of what they wrote: one after the other, in their own chat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot import clock
from core.staff import Staff
from core.talk import Nudge
from outreach.news import may_open
from storage import answers, inbox, runs, staff
from storage.answers import Unasked
from storage.database import Database, Tx


class Looks:
    """Looks for translations that wait for a look."""

    def __init__(self, database: Database, said: Callable[[], None]) -> None:
        self._database = database
        self._said = said  # wakes the turn-taker

    async def look(self) -> int:
        """Ask whoever can be asked now; how many were."""
        if not await self._database.read(lambda tx: answers.unasked(tx, 1)):
            return 0
        count = await self._database.transaction(self._ask, name="looks")
        if count:
            self._said()
        return count

    async def _ask(self, tx: Tx) -> int:
        now, asked = clock.now(), set[int]()
        for one in await answers.unasked(tx):
            who = await self._free(tx, one, now, asked)
            if who is None or who.contact_id is None:
                continue
            key = f"look:{one.answer_id}:{one.language}"
            await inbox.nudge(tx, who.contact_id, Nudge.LOOK, key, now)
            await answers.was_asked(tx, one.answer_id, one.language, now)
            asked.add(who.id)
        return len(asked)

    async def _free(self, tx: Tx, one: Unasked, now: int, asked: set[int]) -> Staff | None:
        """Whoever wrote the answer, while they may look; else anybody who may and has no question open."""
        able = await staff.with_duty(tx, one.council_id, "look")
        for who in _writer_first(able, one.staff_id):
            if who.contact_id is None or who.id in asked:
                continue
            run, heard_at = await runs.run_of(tx, who.contact_id)
            if may_open(run, heard_at, now):
                return who
            if who.id == one.staff_id:
                return None  # They come to it themselves.
        return None


def _writer_first(able: Sequence[Staff], writer: int | None) -> list[Staff]:
    return sorted(able, key=lambda one: one.id != writer)
