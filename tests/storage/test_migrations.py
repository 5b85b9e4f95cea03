"""A database is made, or brought up to date, in one transaction."""

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.errors import StorageFault
from storage import migrations, open_database, postgres, sqlite, staff
from tests.peers.postgres import Cluster
from tests.storage.town import Town, founded

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
        assert await database.read(staff.places) == []
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


#: an issue and all around it, as a Townbell without a desk left them
SCHEMA_2 = """
    insert into contact (council_id, pseudonym, language, created_at) values (1, 'P-2222-3333', 'tr', 1);
    insert into contact (council_id, pseudonym, created_at) values (1, 'P-4444-5555', 2);
    insert into address (account_id, contact_id, hash, sealed, created_at)
        values (1, 1, cast('hash' as {bytes}), cast('sealed' as {bytes}), 1);
    insert into inbox (account_id, kind, external_id, contact_id, address_id, received_at, status, due_at)
        values (1, 'message', '7', 1, 1, 1, 'done', 1);
    insert into outbox
        (account_id, address_id, contact_id, lane, cause, n, purpose, if_unsure, due_at, status, created_at)
        values (1, 1, 1, 'talk', 'inbox:1', 0, 'reply', 'again', 1, 'unknown', 1);
    insert into run (contact_id, address_id, heard_at, body) values (1, 1, 1, null);
    insert into issue
        (council_id, contact_id, reference, kind, channel, language, notice_version, filed_at, hear_by)
        values (1, 1, 'GRZ-2222', 'problem', 'telegram', 'ar', '1', 1, 2);
    insert into issue_history (issue_id, at, what) values (1, 1, 'filed');
    insert into supporter (issue_id, contact_id, at) values (1, 2, 2);
    insert into text (issue_id, role, language, words, created_at) values (1, 'original', 'ar', 'المصعد', 1);
    insert into translation (text_id, language, source, words, status, due_at)
        values (1, 'de', 'ar', 'Der Lift', 'good', 1);
    insert into media (id, contact_id, issue_id, account_id, kind, due_at, created_at)
        values ('photo1', 1, 1, 1, 'photo', 1, 1);
    insert into consent (contact_id, purpose, at, given, channel, notice_version)
        values (1, 'issue', 1, 1, 'telegram', '1');
    insert into due (kind, key, at, contact_id) values ('forget', '9:forget', 1, 1);
    insert into audit (at, actor, action, subject) values (1, 'cli', 'export', 'graz');
    insert into page_message (address_id, id, sender, body, created_at) values (1, 1, 'person', '{{}}', 1)
"""


async def test_a_database_without_a_desk_gets_one_and_keeps_what_it_has(
    empty_url: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "townbell.db", tmp_path / "migrations"
    folder.mkdir()
    for file in migrations.FOLDER.glob("000[12]_*.sql"):
        shutil.copy(file, folder)
    with monkeypatch.context() as before_the_desk:
        before_the_desk.setattr(migrations, "FOLDER", folder)
        old = await founded(empty_url, path)
    dialect = sqlite.DIALECT if empty_url is None else postgres.DIALECT
    for statement in SCHEMA_2.format_map(dialect.words).split(";\n"):
        await old.change(statement)
    before = await old.dump()
    await old.database.close()
    assert all(before.values())
    town = await founded(empty_url, path)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(town.database.close)
        after = await town.dump()
        for table in before.keys() - {"fact"}:
            kept = [{column: row[column] for column in before[table][0]} for row in after[table]]
            assert kept[: len(before[table])] == before[table], table
        newest = str(len(list(migrations.FOLDER.glob("*.sql"))))
        versions = [
            row["value"] for rows in (before, after) for row in rows["fact"] if row["name"] == "schema"
        ]
        assert versions == ["2", newest]
        assert (await town.says("GRZ-2222", "seen")).people == 2
        assert {one["language"] for one in (await town.news()).values()} == {"ar"}


async def test_a_database_of_a_newer_version_is_not_touched(town: Town) -> None:
    await town.change("update fact set value = '9999' where name = 'schema'")
    with pytest.raises(StorageFault, match="newer Townbell"):
        await open_database(town.url, town.path)


def test_a_file_is_made_for_its_owner_only(sqlite_town: Town) -> None:
    for path in sqlite_town.path.parent.glob("townbell.db*"):
        assert path.stat().st_mode & 0o077 == 0, path.name
