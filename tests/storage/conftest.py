"""Every story is told on SQLite and on PostgreSQL, each time in a database of its own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import open_database
from tests.peers.postgres import Cluster
from tests.storage.town import PATIENCE, Town, founded


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> str:
    """The address of a migrated database without rows, to be copied."""
    template: str = postgres.create_database()

    async def migrate() -> None:
        await (await open_database(template, Path("unused"))).close()

    asyncio.run(migrate())
    return template


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The address of a new database; None for SQLite, which has a file."""
    if request.param == "sqlite":
        yield None
    else:
        with _copied(request) as address:
            yield address


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The address of a database without a table; None for SQLite, which has a file."""
    if request.param == "sqlite":
        yield None
    else:
        server = request.getfixturevalue("postgres")
        address = server.create_database()
        yield address
        server.drop_database(address)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new database on the server, for what only PostgreSQL does."""
    with _copied(request) as address:
        yield address


@contextmanager
def _copied(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("postgres")
    address = server.create_database(template=request.getfixturevalue("postgres_template"))
    yield address
    server.drop_database(address)


@pytest.fixture
async def town(url: str | None, tmp_path: Path) -> AsyncIterator[Town]:
    """A council with a Telegram account and a web chat, in one of the two databases."""
    town = await founded(url, tmp_path / "townbell.db")
    yield town
    await left(town)


@pytest.fixture
async def sqlite_town(tmp_path: Path) -> AsyncIterator[Town]:
    """A town in SQLite, for what only SQLite does."""
    town = await founded(None, tmp_path / "townbell.db")
    yield town
    await left(town)


@pytest.fixture
async def postgres_town(postgres_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A town in PostgreSQL, for what only PostgreSQL does."""
    town = await founded(postgres_url, tmp_path / "unused.db")
    yield town
    await left(town)


async def left(town: Town) -> None:
    """Close its database; what a story that failed has left open in there is not waited for for ever."""
    async with asyncio.timeout(PATIENCE):
        await town.database.close()
