"""SQLite: one connection writes, a few read, and a hop to a connection's thread runs one statement.

Only `transaction` uses the writer, one at a time; on a shared connection another task's insert would join an
open transaction, and be rolled back with it.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from core.errors import DiskFull, LostDatabase, RefusedRow, StorageFault
from storage.migrations import migrate
from storage.queries import Dialect, NamedTx, Query, load
from storage.tasks import UnderWay
from storage.tx import Row, Seat, Work

T = TypeVar("T")

READERS = 3  # a long export takes one; pages and probes go on
STATEMENTS = 256  # more than we have queries, so that none is parsed twice
PATIENCE = 5000  # milliseconds to wait for another program that writes
TIDY_PATIENCE = 200  # and for who reads, before the log is emptied the next time: meanwhile nobody writes
#: WAL and FULL make a commit durable; secure_delete overwrites what a person had deleted.
PRAGMAS = (
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    f"pragma busy_timeout = {PATIENCE}",
    "pragma secure_delete = on",
    "pragma cache_size = -65536",
    "pragma temp_store = memory",
    "pragma journal_size_limit = 67108864",
)

DIALECT = Dialect(
    mark="?",
    words={
        # autoincrement, because an id that was swept must not come back: it names causes of what we sent
        "id": "integer primary key autoincrement",
        "bytes": "blob",
        "clustered": "without rowid",
        "lock_address": "",
        "lock_outbox": "",
        "lock_run": "",
        "one_migrates": "",
        "refuse_change": "",
        "refused": "begin select raise(abort, 'the audit is append-only'); end",
    },
)


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open the file, or make it, readable for its owner only; and bring it up to date."""
    queries = load(DIALECT)
    async with AsyncExitStack() as stack:
        _make(path)
        writer = await _connect(stack, path)
        readers = [await _connect(stack, path, "pragma query_only = on") for _ in range(READERS)]
        database = SqliteDatabase(queries, writer, readers, stack.pop_all())
    try:
        await database.bring_up_to_date()
    except BaseException:
        await database.close()
        raise
    return database


class SqliteDatabase:
    """A Database in one file, for one running process; other commands write short transactions beside it."""

    def __init__(
        self,
        queries: Mapping[str, Query],
        writer: aiosqlite.Connection,
        readers: list[aiosqlite.Connection],
        connections: AsyncExitStack,
    ) -> None:
        self._queries = queries
        self._writer = SqliteTx(queries, writer)
        self._writing = asyncio.Lock()
        self._readers: asyncio.LifoQueue[SqliteTx] = asyncio.LifoQueue()
        for reader in readers:
            self._readers.put_nowait(SqliteTx(queries, reader))
        self._connections = connections
        self._under_way = UnderWay()

    async def bring_up_to_date(self) -> None:
        """Run the migrations that are missing."""
        await self._transact(lambda _: migrate(self._writer, DIALECT))

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        return await self._under_way.finish(self._transact(work), name)

    async def _transact(self, work: Work[T]) -> T:
        async with self._writing:
            return await _within(self._writer, "begin immediate", work, "commit")

    async def tidy(self) -> None:
        await self._under_way.finish(self._tidy(), "tidy")

    async def _tidy(self) -> None:
        async with self._writing:
            await self._writer.empty_log()

    async def read(self, work: Work[T]) -> T:
        reader = await self._readers.get()
        try:
            return await _within(reader, "begin", work, "rollback")
        finally:
            self._readers.put_nowait(reader)

    def seat(self, name: str) -> AbstractAsyncContextManager[Seat]:
        """Granted at once: the process that runs holds the lock of its data folder."""
        return self._seat(name)

    @asynccontextmanager
    async def _seat(self, name: str) -> AsyncIterator[Seat]:  # noqa: ARG002 - all seats of a process are one
        yield self

    async def close(self) -> None:
        await self._under_way.all_done()
        idle = [await self._readers.get() for _ in range(READERS)]
        await self._connections.aclose()
        # Who reads after this is told that the database is lost, and does not wait for ever.
        for reader in idle:
            self._readers.put_nowait(reader)


async def _within(tx: SqliteTx, begin: str, work: Work[T], end: str) -> T:
    tx.opening = begin
    try:
        result = await work(tx)
        if not tx.opening:  # else nothing was asked, and nothing is open
            await tx.execute(end)
    except BaseException:
        await tx.roll_back()
        raise
    return result


class SqliteTx(NamedTx):
    """The statements of one transaction, each in one hop."""

    def __init__(self, queries: Mapping[str, Query], connection: aiosqlite.Connection) -> None:
        super().__init__(queries)
        self._connection = connection
        self.opening = ""  #: begins the transaction, in the hop of its first statement

    async def execute(self, sql: str) -> None:
        await self._hop(lambda connection: connection.execute(sql))

    async def empty_log(self) -> None:
        """Bring the write-ahead log into the database, and cut it to nothing: erased words are legible in it.

        As much as can be done beside those who read an older snapshot; that is no fault.
        """
        self.opening = ""  # of a transaction that asked nothing; inside one the log cannot be emptied
        await self._hop(_empty_log)

    async def roll_back(self) -> None:
        """Undo; nothing to undo is no fault, and neither is a connection that is gone."""
        try:
            await self._hop(sqlite3.Connection.rollback)
        except StorageFault:
            return

    async def _rows(self, sql: str, params: tuple[Any, ...]) -> list[Row]:
        return await self._hop(lambda connection: connection.execute(sql, params).fetchall())

    async def _count(self, sql: str, params: tuple[Any, ...]) -> int:
        return await self._hop(lambda connection: connection.execute(sql, params).rowcount)

    async def _many(self, steps: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
        await self._hop(lambda connection: _run_many(connection, steps))

    async def _each(self, sql: str, rows: list[tuple[Any, ...]]) -> list[Row]:
        return await self._hop(lambda connection: _run_each(connection, sql, rows))

    async def _hop(self, run: Callable[[sqlite3.Connection], T]) -> T:
        # aiosqlite's own methods hop once to execute, once more to fetch; this is what they are made of.
        connection = self._connection
        opening, self.opening = self.opening, ""

        def hop() -> T:
            if opening:
                connection._conn.execute(opening)
            return run(connection._conn)

        try:
            return await connection._execute(hop)  # type: ignore[no-any-return,no-untyped-call]
        except (sqlite3.Error, OverflowError, UnicodeError, ValueError) as error:
            raise _told(error) from None


def _empty_log(connection: sqlite3.Connection) -> None:
    connection.execute(f"pragma busy_timeout = {TIDY_PATIENCE}")
    try:
        connection.execute("pragma wal_checkpoint(truncate)").fetchall()
    finally:
        connection.execute(f"pragma busy_timeout = {PATIENCE}")


def _run_many(connection: sqlite3.Connection, steps: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
    for sql, rows in steps:
        connection.executemany(sql, rows)


def _run_each(connection: sqlite3.Connection, sql: str, rows: list[tuple[Any, ...]]) -> list[Row]:
    cursor = connection.cursor()
    found: list[Row] = []
    for row in rows:
        found += cursor.execute(sql, row).fetchall()
    return found


def _told(error: Exception) -> StorageFault:
    """A fault of SQLite as one of ours; by its name, never with what it says, which may quote a person."""
    code = getattr(error, "sqlite_errorname", "") or type(error).__name__
    match error:
        case sqlite3.IntegrityError() | sqlite3.DataError() | OverflowError() | UnicodeError():
            return RefusedRow(f"The database refused a row ({code}); nothing of its transaction was written.")
        case sqlite3.OperationalError() if code.startswith("SQLITE_FULL"):
            return DiskFull()
        case sqlite3.OperationalError() if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return LostDatabase(
                "Another program has been writing to the database file for too long; we try again."
            )
        case sqlite3.ProgrammingError() | sqlite3.InterfaceError():
            return StorageFault(f"The database did not understand us ({code}: {error}).")
        case sqlite3.OperationalError() if code == "SQLITE_ERROR":
            return StorageFault(f"The database did not understand us ({error}).")
        case sqlite3.DatabaseError() if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return LostDatabase(
                f"The database file is damaged ({code}). Stop Townbell, and put the newest backup back;"
                " `townbell doctor` tells more."
            )
        case _:
            return LostDatabase(f"The database file cannot be used ({code}). Check the disk; we try again.")


async def _connect(stack: AsyncExitStack, path: Path, *pragmas: str) -> aiosqlite.Connection:
    try:
        connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=STATEMENTS)
    except sqlite3.Error as error:
        raise _told(error) from None
    stack.push_async_callback(connection.close)
    connection.row_factory = sqlite3.Row
    tx = SqliteTx({}, connection)
    for pragma in (*PRAGMAS, *pragmas):
        await tx.execute(pragma)
    return connection


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives the files beside it (-wal, -shm) the same mode.
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
