"""A database is made, or brought up to date, in one transaction."""

import asyncio
from pathlib import Path

import pytest

from core.errors import StorageFault
from storage import migrations, open_database
from tests.peers.postgres import Cluster
from tests.storage.town import Town

TABLES = (
    *("account", "address", "answer", "answer_issue", "audit", "consent", "contact", "council", "digest"),
    *("digest_item", "digest_proposal", "due", "fact", "inbox", "issue", "issue_group", "issue_history"),
    *("media", "news", "outbox", "page_message", "proposal", "proposal_issue", "rendering", "run", "staff"),
    *("supporter", "text", "translation"),
)


async def test_a_new_database_has_every_table(town: Town) -> None:
    assert tuple(await town.tables()) == TABLES


async def test_opening_again_changes_nothing(town: Town) -> None:
    await town.files()
    before = await town.dump()
    await (await open_database(town.url, town.path)).close()
    assert await town.dump() == before


async def test_processes_that_start_at_once_make_one_database(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.create_database()
    databases = await asyncio.gather(*(open_database(url, tmp_path / "unused") for _ in range(4)))
    for database in databases:
        await database.close()
    postgres.drop_database(url)


async def test_a_migration_runs_whole_or_not_at_all(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.files()
    before = await town.dump()
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "9001_good.sql").write_text(
        "-- Two things; one fails.\ncreate table fine (id {id}, n bigint);\n"
    )
    (folder / "9002_bad.sql").write_text("alter table nowhere add column x text;\n")
    monkeypatch.setattr(migrations, "FOLDER", folder)
    with pytest.raises(StorageFault):
        await open_database(town.url, town.path)
    assert await town.dump() == before
    (folder / "9002_bad.sql").write_text("insert into fine (n) values (7);\n")
    await (await open_database(town.url, town.path)).close()
    assert (await town.rows("select n from fine"), (await town.dump())["issue"]) == (
        [{"n": 7}],
        before["issue"],
    )


async def test_a_database_of_a_newer_version_is_not_touched(town: Town) -> None:
    await town.change("update fact set value = '9999' where name = 'schema'")
    with pytest.raises(StorageFault, match="newer Townbell"):
        await open_database(town.url, town.path)


def test_a_file_is_made_for_its_owner_only(sqlite_town: Town) -> None:
    for path in sqlite_town.path.parent.glob("townbell.db*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
