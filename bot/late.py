"""When nobody has answered by the day that was promised, its person is told so, and those who see to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bot import clock
from core.council import Council
from outreach.week import quiet
from storage import answers, desk_acts
from storage.answers import Late as LateIssue
from storage.database import Database, Tx

#: a promise is the noon of a day: it is broken when that day is over
REST_OF_THE_DAY = 12 * clock.HOUR


class Late:
    """Looks for promises that were not kept."""

    def __init__(self, database: Database, councils: Mapping[str, Council], keys: Mapping[int, str]) -> None:
        self._database = database
        self._councils = councils
        self._keys = keys  # of councils, by their number in the database

    async def look(self) -> int:
        """Say what is late; how much that was."""
        before = clock.now() - REST_OF_THE_DAY
        if not await self._database.read(lambda tx: answers.late(tx, before, 1)):
            return 0
        return await self._database.transaction(lambda tx: self._say(tx, before), name="late")

    async def _say(self, tx: Tx, before: int) -> int:
        now, said = clock.now(), 0
        by_council: defaultdict[str, list[LateIssue]] = defaultdict(list)
        for issue in await answers.late(tx, before):
            by_council[self._keys.get(issue.council_id, "")].append(issue)
        for key, issues in by_council.items():
            council = self._councils.get(key)
            if council is None or quiet(council, now):
                continue
            told = [
                issue.reference
                for issue in issues
                if await answers.say_late(tx, issue, now, council.languages[0])
            ]
            said += len(told)
            if told:
                row = f"{desk_acts.TELL}:late:{key}:{issues[0].issue_id}:{now}"
                await desk_acts.tell(
                    tx, row, now, what="late", council=key, days=council.answer_days, references=told
                )
        return said
