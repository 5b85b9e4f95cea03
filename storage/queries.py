"""The named queries of `queries/*.sql`, as one of the two databases understands them.

A name that is taken twice, a parameter that is not declared, and a word (`{id}`) that the database's dialect
does not have are faults when the files are loaded, not when the query first runs.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

from aiosql.queries import Queries
from aiosql.query_loader import QueryLoader
from aiosql.types import SQLOperationType as Kind
from aiosql.utils import VAR_REF

from storage.tx import Row

FOLDER = Path(__file__).with_name("queries")


@dataclass(frozen=True)
class Dialect:
    """What one database says differently."""

    mark: str  #: before the number of a parameter
    words: Mapping[str, str]  #: stand in braces in queries and migrations


@dataclass(frozen=True)
class Query:
    """One named query, its parameters numbered in the order in which they are declared."""

    name: str
    kind: Kind
    sql: str
    names: tuple[str, ...]

    @cached_property
    def bind(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """The values of the parameters, in order; a missing one is a KeyError."""
        if len(self.names) > 1:
            return itemgetter(*self.names)
        return lambda params: tuple(params[name] for name in self.names)


def load(dialect: Dialect, folder: Path = FOLDER) -> dict[str, Query]:
    """Every query, by name."""
    loader = QueryLoader(_Untouched(), record_classes=None)
    queries = Queries(_Untouched())
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text(encoding="utf-8").format_map(dialect.words)
        queries.load_from_list(loader.load_query_data_from_sql(text, [], path))
    # aiosql adds a `name_cursor` beside each select; it has no use here.
    functions = {name: getattr(queries, name) for name in queries.available_queries}
    return {
        name: _numbered(name, function.operation, function.sql, function.parameters or [], dialect)
        for name, function in functions.items()
        if not name.endswith("_cursor")
    }


def _numbered(name: str, kind: Kind, sql: str, params: list[str], dialect: Dialect) -> Query:
    def number(found: Any) -> str:
        if found["var_name"] is None:  # a quoted text
            return str(found[0])
        return f"{found['lead']}{dialect.mark}{params.index(found['var_name']) + 1}"

    return Query(name, kind, VAR_REF.sub(number, sql), tuple(params))


class _Untouched:
    """What aiosql asks of an adapter while it loads: the SQL as it was written. We run it ourselves."""

    is_aio_driver = True

    def process_sql(self, name: str, kind: Kind, sql: str) -> str:  # noqa: ARG002 - aiosql's signature
        return sql

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class NamedTx:
    """A Tx that finds queries by name; how a statement is run is all that the two databases add."""

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = queries

    async def all(self, query: str, /, **params: Any) -> list[Row]:
        found = self._find(query, Kind.SELECT)
        return await self._rows(found.sql, found.bind(params))

    async def one(self, query: str, /, **params: Any) -> Row | None:
        found = self._find(query, Kind.SELECT_ONE, Kind.INSERT_RETURNING)
        rows = await self._rows(found.sql, found.bind(params))
        return rows[0] if rows else None

    async def value(self, query: str, /, **params: Any) -> Any:
        found = self._find(query, Kind.SELECT_VALUE)
        rows = await self._rows(found.sql, found.bind(params))
        return next(iter(rows[0])) if rows else None

    async def do(self, query: str, /, **params: Any) -> int:
        found = self._find(query, Kind.INSERT_UPDATE_DELETE)
        return await self._count(found.sql, found.bind(params))

    async def many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        await self.steps([(query, rows)])

    async def steps(self, steps: Iterable[tuple[str, Sequence[Mapping[str, Any]]]], /) -> None:
        found = [(self._find(query, Kind.INSERT_UPDATE_DELETE_MANY), rows) for query, rows in steps if rows]
        if found:
            await self._many([(query.sql, list(map(query.bind, rows))) for query, rows in found])

    async def each(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> list[Row]:
        if not rows:
            return []
        found = self._find(query, Kind.SELECT, Kind.SELECT_ONE, Kind.INSERT_RETURNING)
        return await self._each(found.sql, [found.bind(row) for row in rows])

    def _find(self, name: str, *kinds: Kind) -> Query:
        found = self._queries[name]
        if found.kind not in kinds:
            raise TypeError(f"The query {name} is a {found.kind.name}; it was asked for as {kinds}.")
        return found

    @abstractmethod
    async def execute(self, sql: str) -> None:
        """Run one statement of a migration."""

    @abstractmethod
    async def _rows(self, sql: str, params: tuple[Any, ...]) -> list[Row]: ...
    @abstractmethod
    async def _count(self, sql: str, params: tuple[Any, ...]) -> int: ...
    @abstractmethod
    async def _many(self, steps: list[tuple[str, list[tuple[Any, ...]]]]) -> None: ...
    @abstractmethod
    async def _each(self, sql: str, rows: list[tuple[Any, ...]]) -> list[Row]: ...
