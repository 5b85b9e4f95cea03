"""Erase the person behind a reference, as their own "delete" would.

For whoever asks in writing, or has lost the phone they wrote from. It is noted who did it and when, without a
word of what was erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import clock
from bot.beside import database_beside
from bot.config import Settings
from bot.staff import actor
from core.council import Council
from core.errors import TownbellError
from core.references import find_reference
from storage import audit, contacts
from storage.tx import Tx


class UnknownReference(TownbellError):
    """There is no issue with this reference, or its person had everything deleted already."""


@dataclass(frozen=True)
class Forgotten:
    """What was erased, and until when a copy may live on in backups."""

    reference: str
    backups_until: date


async def forget(settings: Settings, reference: str) -> Forgotten:
    """Erase the person who raised an issue, with everything they wrote; raises UnknownReference."""
    council, exact = named(settings, reference)
    now = clock.now()

    async def erase(tx: Tx) -> None:
        contact_id = await contacts.find_by_reference(tx, exact)
        if contact_id is None:
            raise UnknownReference(
                f"There is no issue {exact}, or its person had everything deleted already."
            )
        await contacts.erase(tx, contact_id, now)
        await audit.note(tx, now, actor(), "forget", exact)

    async with database_beside(settings) as database:
        await database.transaction(erase, name="forget")
    today = datetime.fromtimestamp(now / clock.SECOND, UTC).astimezone(ZoneInfo(council.time_zone)).date()
    return Forgotten(exact, today + timedelta(days=council.retention.backups))


def named(settings: Settings, reference: str) -> tuple[Council, str]:
    """The council a reference belongs to, and the reference as we write it, however it was typed."""
    for council in settings.councils:
        if exact := find_reference(reference, (council.prefix,)):
            return council, exact
    examples = " or ".join(f"{council.prefix}-7K4M" for council in settings.councils)
    raise UnknownReference(f"{reference[:40]} is not a reference; they look like {examples}.")
