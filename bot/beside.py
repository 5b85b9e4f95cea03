"""The database as a command opens it beside a running Townbell: what is not there yet is told, not made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.config import Settings
from bot.folder import Folder
from core.errors import TownbellError
from storage.database import Database, open_database


class NothingStored(TownbellError):
    """Nothing is stored here yet: start Townbell once, in the folder it belongs to."""


@asynccontextmanager
async def database_beside(settings: Settings) -> AsyncIterator[Database]:
    """The database, for as long as the command takes; raises NothingStored where none was made yet."""
    folder = Folder(settings.data.folder)
    if settings.database_url is None and not folder.database.exists():
        raise NothingStored(
            f"There is no database in {folder.path} yet. Start Townbell once, or go to the folder it runs in."
        )
    url = settings.database_url.reveal() if settings.database_url else None
    database = await open_database(url, folder.database)
    try:
        yield database
    finally:
        await database.close()
