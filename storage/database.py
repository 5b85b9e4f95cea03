"""Open the database that the configuration names."""

from __future__ import annotations

from pathlib import Path

from storage.addresses import Keyring, check_key
from storage.postgres import open_postgres
from storage.sqlite import open_sqlite
from storage.tx import Database, Row, Seat, Tx, Work

__all__ = ["Database", "Row", "Seat", "Tx", "Work", "open_database"]


async def open_database(url: str | None, path: Path, keyring: Keyring | None = None) -> Database:
    """PostgreSQL where there is a url, else SQLite in the file; made or brought up to date if need be.

    With a keyring, a key that does not belong to this database is told at once (ForeignKey).
    """
    database: Database = await open_postgres(url) if url else await open_sqlite(path)
    if keyring is not None:
        try:
            await database.transaction(lambda tx: check_key(tx, keyring))
        except BaseException:
            await database.close()
            raise
    return database
