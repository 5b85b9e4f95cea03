"""PostgreSQL: a pool for whoever receives and for pages, and a connection of its own for each seat.

A seat is an advisory lock of the connection that writes: when the connection is lost so is the lock, and
nothing can be committed on it any more.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar

import asyncpg

from core.errors import DiskFull, LostDatabase, NotOurTurn, RefusedRow, StorageFault
from storage.migrations import migrate
from storage.queries import Dialect, NamedTx, Query, load
from storage.tasks import UnderWay
from storage.tx import Row, Seat, Work

T = TypeVar("T")

CONNECTIONS = 10
CONNECT_SECONDS = 10
STATEMENT_SECONDS = 60  # a server that does not answer for so long is lost
STATEMENTS = 256  # more than we have queries, so that none is parsed twice
SEAT_SECONDS = 0.5  # how often a seat that is taken is asked for
DEADLOCKS = 5  # how often a transaction that lost a deadlock is done again

DIALECT = Dialect(
    mark="$",
    words={
        "id": "bigint generated always as identity primary key",
        "bytes": "bytea",
        "clustered": "",
        "lock_address": "for update of a",
        "lock_outbox": "for update of o",
        "lock_run": "for update",
        # Two processes that start at once: the second waits here, and finds everything done.
        "one_migrates": "select pg_advisory_xact_lock(hashtext('townbell migrates'))",
        "refuse_change": (
            "create function refuse_change() returns trigger language plpgsql as $$ begin "
            "raise exception 'the audit is append-only' using errcode = 'integrity_constraint_violation'; "
            "end $$"
        ),
        "refused": "execute function refuse_change()",
    },
)


async def open_postgres(url: str) -> PostgresDatabase:
    """Connect, and bring the database up to date."""
    with _told():
        pool = await asyncpg.create_pool(url, min_size=0, max_size=CONNECTIONS, **_options())
    database = PostgresDatabase(url, load(DIALECT), pool)
    try:
        await database.bring_up_to_date()
    except BaseException:
        await database.close()
        raise
    return database


def _options() -> dict[str, Any]:
    return {
        "timeout": CONNECT_SECONDS,
        "command_timeout": STATEMENT_SECONDS,
        "statement_cache_size": STATEMENTS,
        # Short transactions by prepared statements: compiling them costs more than it saves.
        "server_settings": {"application_name": "townbell", "jit": "off", "timezone": "UTC"},
    }


class PostgresDatabase:
    """A Database on a server, for as many processes as there are."""

    def __init__(self, url: str, queries: Mapping[str, Query], pool: asyncpg.Pool) -> None:
        self._url = url
        self._queries = queries
        self._pool = pool
        self._under_way = UnderWay()

    async def bring_up_to_date(self) -> None:
        """Run the migrations that are missing."""
        async with self._connection() as connection:
            tx = PostgresTx(self._queries, connection)
            await _within(tx, "begin", lambda _: migrate(tx, DIALECT))

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        return await self._under_way.finish(self._transact(work), name)

    async def _transact(self, work: Work[T]) -> T:
        async with self._connection() as connection:
            return await _write(PostgresTx(self._queries, connection), work)

    async def read(self, work: Work[T]) -> T:
        async with self._connection() as connection:
            return await _within(
                PostgresTx(self._queries, connection), "begin isolation level repeatable read read only", work
            )

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        with _told():
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            with _told():
                await self._pool.release(connection)

    def seat(self, name: str) -> AbstractAsyncContextManager[Seat]:
        return self._seat(name)

    @asynccontextmanager
    async def _seat(self, name: str) -> AsyncIterator[Seat]:
        with _told():
            connection = await asyncpg.connect(self._url, **_options())
        seat = PostgresSeat(self._queries, connection)
        try:
            # Asking again and again: a statement that waits for days would keep the server from cleaning up.
            while not await seat.sit_down(name):  # noqa: ASYNC110 - the event would be in another process
                await asyncio.sleep(SEAT_SECONDS)
            yield seat
        finally:
            await seat.leave()

    async def tidy(self) -> None:
        """Nothing: autovacuum clears the rows, and the server recycles its log as its own settings say."""

    async def close(self) -> None:
        await self._under_way.all_done()
        with _told():
            await self._pool.close()


class PostgresSeat:
    """The connection that holds a seat's lock, and writes."""

    def __init__(self, queries: Mapping[str, Query], connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._tx = PostgresTx(queries, connection)
        self._writing = asyncio.Lock()
        self._under_way = UnderWay()

    async def sit_down(self, name: str) -> bool:
        """Take the lock if it is free."""
        number = int.from_bytes(hashlib.sha256(f"townbell {name}".encode()).digest()[:8], "big", signed=True)
        with _told():
            return bool(await self._connection.fetchval("select pg_try_advisory_lock($1)", number))

    async def leave(self) -> None:
        """Let go of the lock, with the connection that holds it, once nothing is under way on it."""
        await self._under_way.all_done()
        with suppress(StorageFault), _told():
            await self._connection.close(timeout=CONNECT_SECONDS)

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        return await self._under_way.finish(self._transact(work), name)

    async def _transact(self, work: Work[T]) -> T:
        async with self._writing:
            if self._connection.is_closed():
                raise NotOurTurn
            return await _write(self._tx, work, lost=NotOurTurn)


async def _write(tx: PostgresTx, work: Work[T], lost: type[StorageFault] = LostDatabase) -> T:
    for _ in range(DEADLOCKS):
        try:
            return await _within(tx, "begin", work, lost)
        except _Deadlock:
            continue
    raise LostDatabase("Transactions keep getting in each other's way; we try again.")


async def _within(tx: PostgresTx, begin: str, work: Work[T], lost: type[StorageFault] = LostDatabase) -> T:
    try:
        await tx.execute(begin)
        result = await work(tx)
    except LostDatabase:
        # Before the commit a lost connection is certain: nothing was written.
        await tx.roll_back()
        raise lost from None
    except BaseException:
        await tx.roll_back()
        raise
    try:
        await tx.execute("commit")
    except BaseException:
        await tx.roll_back()
        raise
    return result


class PostgresTx(NamedTx):
    """The statements of one transaction, each in one hop."""

    def __init__(self, queries: Mapping[str, Query], connection: asyncpg.Connection) -> None:
        super().__init__(queries)
        self._connection = connection

    async def execute(self, sql: str) -> None:
        with _told():
            await self._connection.execute(sql)

    async def roll_back(self) -> None:
        """Undo; a connection that is gone has undone it already, and one that cannot undo has to go."""
        try:
            await self.execute("rollback")
        except StorageFault:
            with suppress(asyncpg.InterfaceError):
                self._connection.terminate()

    async def _rows(self, sql: str, params: tuple[Any, ...]) -> list[Row]:
        with _told():
            return await self._connection.fetch(sql, *params)  # type: ignore[no-any-return]

    async def _count(self, sql: str, params: tuple[Any, ...]) -> int:
        with _told():
            done = await self._connection.execute(sql, *params)
        return int(done.rpartition(" ")[2])

    async def _many(self, steps: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
        with _told():
            for sql, rows in steps:
                await self._connection.executemany(sql, rows)

    async def _each(self, sql: str, rows: list[tuple[Any, ...]]) -> list[Row]:
        with _told():
            return await self._connection.fetchmany(sql, rows)  # type: ignore[no-any-return]


#: InternalClientError is what asyncpg says of a connection whose server said goodbye while nobody was asking
FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class _Deadlock(StorageFault):
    """Two transactions waited for one another; this one was undone, and is done again."""


@contextmanager
def _told() -> Iterator[None]:
    """A fault of asyncpg or the server as one of ours: by number, for what it says may quote a person."""
    try:
        yield
    except FAULTS as error:
        raise _translated(error) from None


def _translated(error: Exception) -> StorageFault:
    code = getattr(error, "sqlstate", None) or type(error).__name__
    where = getattr(error, "constraint_name", None)
    match error:
        case asyncpg.DeadlockDetectedError() | asyncpg.SerializationError():
            return _Deadlock()
        case asyncpg.DiskFullError():
            return DiskFull()
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return LostDatabase(f"The database does not let us in ({code}): check DATABASE_URL.")
        case asyncpg.PostgresError() if code[:2] in ("22", "23"):
            at = f" at {where}" if where else ""
            return RefusedRow(
                f"The database refused a row ({code}{at}); nothing of its transaction was written."
            )
        case asyncpg.DataError():  # refused by asyncpg itself, before it left
            return RefusedRow(f"The database refused a row ({code}); nothing of its transaction was written.")
        case asyncpg.PostgresError() if code[:2] == "42":  # a query that is wrong, and quotes nobody
            return StorageFault(f"The database did not understand us ({code}: {error}).")
        case asyncpg.PostgresError() if code[:2] not in ("08", "53", "57", "XX", "3D"):
            return StorageFault(f"The database did not do what we asked ({code}).")
        case _:
            return LostDatabase(
                f"The database cannot be reached ({code}). "
                "Check that it runs and that DATABASE_URL is right; we try again."
            )
