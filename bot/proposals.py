"""Propose which issues say the same, before the digest that asks about it; staff decide."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import structlog

from bot import clock
from bot.grouping import Grouper, GroupingFault
from core.council import Council
from core.phrases import Phrases
from outreach.grouping import Text
from storage import digests
from storage.database import Database
from storage.digests import Proposed

#: what is older, and still open, is not compared any more
COMPARED = 180 * clock.DAY

log = structlog.get_logger()


class Proposals:
    """Looks for issues of a council that say the same."""

    def __init__(self, database: Database, grouper: Grouper, catalogs: Mapping[str, Phrases]) -> None:
        self._database = database
        self._grouper = grouper
        self._catalogs = catalogs

    async def look(self, council: Council) -> int:
        """Note what is newly proposed; how many that is. A fault of the grouping proposes nothing."""
        now, language = clock.now(), council.working_languages[0]
        since = now - COMPARED

        council_id = await self._database.read(lambda tx: digests.council_id(tx, council.key))
        issues = await self._database.read(lambda tx: digests.comparable(tx, council_id, since, language))
        before = await self._database.read(lambda tx: digests.proposed_since(tx, council_id, since))
        texts = [Text(one.id, one.words, one.place, one.group) for one in issues if one.words]
        if len(texts) < 2:
            return 0  # and no process is begun for it
        apart = [pair for one in before if one.state == "declined" for pair in combinations(one.issues, 2)]
        phrases = self._catalogs.get(language)
        try:
            common = phrases.texts.values() if phrases else ()
            found = await self._grouper.propose(texts, apart, common=common)
        except GroupingFault as fault:
            log.warning("nothing proposed", council=council.key, fault=type(fault).__name__)
            return 0
        new = [group for group in found if not _was_proposed(group, before)]
        if new:
            await self._database.transaction(
                lambda tx: digests.propose(tx, council_id, new, now), name="proposals"
            )
        return len(new)


def _was_proposed(group: tuple[int, ...], before: list[Proposed]) -> bool:
    return any(set(group) <= set(one.issues) for one in before if one.state != "declined")
