"""Look at a database from outside, without making it or bringing it up to date: for the doctor."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from core.errors import LostDatabase
from storage.migrations import FOLDER

_CONNECT_SECONDS = 10
_SCHEMA = "select value from fact where name = 'schema'"


@dataclass(frozen=True)
class Health:
    """How a database is."""

    schema: int  #: the last migration it has seen, 0 for none
    newest: int  #: the last migration this version knows
    damage: str = ""  #: the first thing that is wrong inside, as the database calls it


def newest_schema() -> int:
    """The number of the last migration."""
    return max(int(path.name[:4]) for path in FOLDER.glob("*.sql"))


async def look(url: str | None, path: Path) -> Health:
    """How the database is; raises LostDatabase when it cannot be reached."""
    if url:
        return Health(await _postgres_schema(url), newest_schema())
    return await asyncio.to_thread(_look_into_file, path)


def _look_into_file(path: Path) -> Health:
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            said = str(connection.execute("pragma quick_check(1)").fetchone()[0])
            damage = "" if said == "ok" else said
            known = connection.execute("select 1 from sqlite_schema where name = 'fact'").fetchone()
            row = connection.execute(_SCHEMA).fetchone() if known else None
    except sqlite3.OperationalError as error:
        raise LostDatabase(f"The database {path} cannot be opened ({error.sqlite_errorname}).") from error
    except sqlite3.DatabaseError as error:
        return Health(0, newest_schema(), error.sqlite_errorname)
    return Health(int(row[0]) if row else 0, newest_schema(), damage)


async def _postgres_schema(url: str) -> int:
    try:
        connection = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
        try:
            known = await connection.fetchval("select to_regclass('fact') is not null")
            return int(await connection.fetchval(_SCHEMA) or 0) if known else 0
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        state = getattr(error, "sqlstate", "") or type(error).__name__
        raise LostDatabase(
            f"The database that DATABASE_URL names cannot be reached ({state}). Check that it runs."
        ) from error
