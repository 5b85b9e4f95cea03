"""A disk that is full, a server that is gone, a row that is refused: each is told, and loses nothing."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from core.errors import DiskFull, LostDatabase, NotOurTurn, RefusedRow
from storage import inbox, open_database
from storage.sqlite import SqliteDatabase
from storage.tx import Tx
from tests.peers import postgres as postgres_peer
from tests.peers.postgres import Cluster
from tests.storage.town import SECOND, Town, founded


async def test_a_full_disk_is_told_and_what_was_there_stays(sqlite_town: Town) -> None:
    town = sqlite_town
    await town.hears("before")
    await limit_pages(town, 1)  # no page more than there are
    with pytest.raises(DiskFull, match="The disk is full"):
        await town.store(*(town.message("x" * 3000, who=str(who)) for who in range(50)))
    assert [one.message.text for one in await town.waiting()] == ["before"]
    await limit_pages(town, 1_000_000)
    await town.hears("after", who="other")
    assert [one.message.text for one in await town.waiting()] == ["before", "after"]


async def limit_pages(town: Town, pages: int) -> None:
    """What `pragma max_page_count` does to the writing connection is what a full disk does."""
    await at_the_writer(town, f"pragma max_page_count = {pages}")


async def at_the_writer(town: Town, pragma: str) -> None:
    assert isinstance(town.database, SqliteDatabase)
    await town.database._writer.execute(pragma)


@pytest.mark.parametrize(
    ("label", "fields"),
    [
        ("half a letter in a text", {"text": "\ud83d"}),
        ("half a letter in a name", {"ref": "\ud83d"}),
        ("half a letter in what it is found by", {"external_id": "\ud83d"}),
        ("a number where a text should be, and too large", {"ref": 2**70}),
        ("an account nobody has", {"account": "elsewhere"}),
    ],
)
async def test_a_refused_row_refuses_its_whole_group_and_leaves_nothing(
    town: Town, label: str, fields: dict[str, Any]
) -> None:
    messages = [town.message(who=str(who)) for who in range(64)]
    messages[40] = town.message(who="4711", **fields)
    with pytest.raises(RefusedRow):
        await town.store(*messages)
    assert await town.rows("select id from contact") == []
    assert await town.rows("select id from inbox") == []
    stored = [await town.store(message) for number, message in enumerate(messages) if number != 40]
    assert len(stored) == 63


async def test_a_fault_says_nothing_of_what_a_person_wrote(town: Town) -> None:
    with pytest.raises(RefusedRow) as refused:
        await town.hears(ref="zanzibar \ud83d")
    assert "zanzibar" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


async def test_a_file_that_another_program_keeps_locked_is_told(sqlite_town: Town) -> None:
    town = sqlite_town
    await at_the_writer(town, "pragma busy_timeout = 50")
    with closing(sqlite3.connect(town.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(LostDatabase, match="Another program"):
            await town.hears()
        other.execute("rollback")
    await town.hears()


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "townbell.db"
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(LostDatabase):
        await open_database(None, path)


async def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LostDatabase, match="DATABASE_URL"):
        await open_database("postgresql://nobody:x@127.0.0.1:1/none", tmp_path / "unused")


async def test_a_server_that_dies_is_told_and_works_again_after_its_restart(
    postgres: Cluster, tmp_path: Path
) -> None:
    with postgres_peer.cluster(fsync=True) as server:
        town = await founded(server.create_database(), tmp_path / "unused.db")
        await town.hears("before")
        async with town.database.seat("turns") as seat:
            server.stop()  # at once and with all its children, who would survive a kill for a moment
            with pytest.raises(LostDatabase):
                await town.hears("lost")
            with pytest.raises(LostDatabase):
                await town.database.read(inbox.counts)
            with pytest.raises(NotOurTurn):
                await seat.transaction(inbox.counts)
            server.start()
        await town.hears("after", who="other")
        assert [one.message.text for one in await town.waiting()] == ["before", "after"]
        async with town.database.seat("turns") as seat:
            assert (await seat.transaction(inbox.counts)).unread == 2
        with pytest.raises(LostDatabase):  # whether it was committed nobody knows: read again
            await town.database.transaction(lambda tx: _dies(server, town, tx))
        server.start()
        assert (await town.database.read(inbox.counts)).unread == 2
        await town.database.close()


async def _dies(server: Cluster, town: Town, tx: Tx) -> None:
    await inbox.store(tx, town.keyring, [town.message("lost")], town.now)
    server.stop()


async def test_transactions_that_wait_for_one_another_are_done_again(postgres_town: Town) -> None:
    town = postgres_town
    await town.hears(who="a")
    await town.hears(who="b")
    met = asyncio.Barrier(2)

    async def both_ways(first: int, second: int) -> int:
        tries = 0

        async def work(tx: Tx) -> None:
            nonlocal tries
            tries += 1
            await inbox.attempted(tx, first, town.now, town.now + SECOND, "")
            if tries == 1:
                await met.wait()
            await inbox.attempted(tx, second, town.now, town.now + SECOND, "")

        await town.database.transaction(work)
        return tries

    tries = await asyncio.gather(both_ways(1, 2), both_ways(2, 1))
    # On the second try they may still meet; then the loser tries once more.
    assert max(tries) > min(tries) >= 1
    assert [row["attempts"] for row in await town.rows("select attempts from inbox")] == [2, 2]
