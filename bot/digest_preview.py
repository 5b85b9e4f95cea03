"""Print a council's digest as its readers get it: as it was made, or as it would be."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot import clock
from bot.beside import database_beside
from bot.config import Settings
from bot.digests import LETTER_ROOM, completed, placed, prices_in, shown_proposals
from core.council import Council
from core.digest import Matter
from core.errors import TownbellError
from outreach import week
from outreach.digest_html import as_html
from outreach.digest_text import as_text
from storage import digests
from storage.database import Tx
from storage.digests import Stored
from translations import catalogs


class UnknownWeek(TownbellError):
    """A week is written as 2026-W47."""


async def preview(
    settings: Settings, council: Council, named: str | None, to: Literal["text", "html"]
) -> str:
    """The digest of a week; without a name, of the latest one that is due. Raises UnknownWeek."""
    due = week.due(council, clock.now()) if named is None else _due_of(council, named)
    async with database_beside(settings) as database:
        matter = await database.read(lambda tx: _matter(tx, council, due))
    phrases = catalogs.load()
    ours = next(
        phrases[tag] for tag in (*council.working_languages, *council.languages, "en") if tag in phrases
    )
    matter = completed(matter, ours, phrases, prices_in(settings))
    if to == "html":
        return as_html(matter, council, ours)
    return as_text(matter, council, ours, room=LETTER_ROOM)


async def _matter(tx: Tx, council: Council, due: week.Due) -> Matter:
    council_id, language = await digests.council_id(tx, council.key), council.working_languages[0]
    if made := await digests.of_week(tx, council_id, due.week):
        return await digests.matter(tx, made, language)
    wanted = Stored(0, council_id, due.week, due.since, due.due_at, due.due_at, due.due_at)
    entries = placed(await digests.candidates(tx, wanted, language), council, wanted)
    proposals = await shown_proposals(tx, council_id, {entry.issue_id for _, entry in entries})
    sections = {entry.number: section for section, entry in entries}
    return await digests.told(tx, wanted, sections, [entry for _, entry in entries], proposals)


def _due_of(council: Council, named: str) -> week.Due:
    """The digest whose seven days begin in a week."""
    try:
        year, number = named.upper().split("-W")
        monday = date.fromisocalendar(int(year), int(number), 1)
        # Its seven days begin in this week and end in the next: on the next one's last evening it is due.
        evening = week.moment(monday + timedelta(days=13), time(23, 59), ZoneInfo(council.time_zone))
    except (ValueError, OverflowError):
        raise UnknownWeek(f"{named[:40]} is not a week. Weeks are written as 2026-W47.") from None
    due = week.due(council, evening)
    if due.since > (now := clock.now()):
        begins = week.local(due.since, ZoneInfo(council.time_zone))
        raise UnknownWeek(
            f"The digest of {due.week} tells of seven days that begin on {begins:%Y-%m-%d at %H:%M}: "
            f"there is nothing in it yet. The latest that is due: --week {week.due(council, now).week}"
        )
    return due
