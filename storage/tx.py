"""What the rest of the house sees of a database: transactions, snapshots and seats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Row(Protocol):
    """One row, by column name or in the order of the columns."""

    def __getitem__(self, key: str, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...


class Tx(Protocol):
    """A transaction under way. Each call runs one named query and costs one hop, however many rows it has."""

    async def all(self, query: str, /, **params: Any) -> list[Row]:
        """Every row of a select."""
        ...

    async def one(self, query: str, /, **params: Any) -> Row | None:
        """The first row of a select (`^`), or what RETURNING gave (`<!`)."""
        ...

    async def value(self, query: str, /, **params: Any) -> Any:
        """The first column of the first row (`$`)."""
        ...

    async def do(self, query: str, /, **params: Any) -> int:
        """Run a change (`!`); how many rows it touched."""
        ...

    async def many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """Run a change (`*!`) once for each of the rows; nothing when there are none."""
        ...

    async def steps(self, steps: Iterable[tuple[str, Sequence[Mapping[str, Any]]]], /) -> None:
        """`many`, several times in order; one hop for all of them where the database is in this process."""
        ...

    async def each(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        """Run a query once for each of the rows; all rows that came back, one after the other."""
        ...


#: what is done inside a transaction; a lost deadlock repeats it, so it does nothing but use its Tx
Work = Callable[[Tx], Awaitable[T]]


class Seat(Protocol):
    """A place that one process at a time holds: turns, or sending, listening or fetching for one account."""

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        """Like `Database.transaction`, on the very connection that holds the seat: no seat, no commit.

        A seat that is lost raises NotOurTurn, and nothing was written; take the seat again.
        """
        ...


class Database(Protocol):
    """Where everything is kept."""

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        """Do the work in one transaction that commits whole or not at all.

        It runs in a task that nobody cancels: who waits for it may be cancelled, and it still ends.
        """
        ...

    async def read(self, work: Work[T]) -> T:
        """Do the work on one consistent snapshot that never holds up a writer, and can change nothing."""
        ...

    def seat(self, name: str) -> AbstractAsyncContextManager[Seat]:
        """`async with database.seat("turns") as seat`: waits until the seat is free."""
        ...

    async def tidy(self) -> None:
        """What was erased is gone from the files as well; what cannot be done now is done the next time."""
        ...

    async def close(self) -> None:
        """Wait for the transactions under way, then let go of the connections."""
        ...
