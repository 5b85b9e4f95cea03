"""Messages are on disk before they are acknowledged, once each, and one bad message turns nobody away."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import receive
from core.errors import DiskFull, LostDatabase, RefusedRow
from storage import inbox, sqlite
from storage.database import open_database
from tests.bot.house import SOMEBODY, House, at_work, house_in


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


class Wakes:
    """Counts how often the turn-taker was woken: once for each commit."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


async def test_a_repeated_webhook_is_heard_once(house: House) -> None:
    receiver, message = house.receiver(), house.message()
    async with at_work(receiver.run()):
        (first,) = await receiver.accept([message])
        (second,) = await receiver.accept([message])
    assert first.inbox_id is not None
    assert second.inbox_id is None
    assert (first.contact_id, first.address_id) == (second.contact_id, second.address_id)
    await house.turns()
    assert len(await house.queued()) == 1


async def test_a_message_that_comes_fifty_times_at_once_has_one_effect(house: House) -> None:
    receiver, message = house.receiver(), house.message()
    async with at_work(receiver.run()):
        stored = await asyncio.gather(*(receiver.accept([message]) for _ in range(50)))
    assert sum(one.inbox_id is not None for (one,) in stored) == 1
    assert await house.turns() == 1
    assert await house.column("select count(*) from contact") == [1]


async def test_what_waits_together_shares_a_commit_and_answers_come_in_order(house: House) -> None:
    wakes = Wakes()
    receiver = house.receiver(wakes)
    groups = [[house.message(f"{n}.{m}", who=f"{n}") for m in range(3)] for n in range(40)]
    waiting = [asyncio.create_task(receiver.accept(group)) for group in groups]
    async with at_work(receiver.run()):
        stored = await asyncio.gather(*waiting)
    assert wakes.count == 1
    for n, answers in enumerate(stored):
        bodies = [await house.column(f"select body from inbox where id = {one.inbox_id}") for one in answers]
        assert [f"{n}.{m}" in body for m, (body,) in enumerate(bodies)] == [True] * 3


async def test_a_group_is_no_longer_than_its_first_message_can_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "GROUP", 10)
    wakes = Wakes()
    receiver = house.receiver(wakes)
    waiting = [asyncio.create_task(receiver.accept([house.message()])) for _ in range(25)]
    async with at_work(receiver.run()):
        await asyncio.gather(*waiting)
    assert wakes.count == 3


async def test_nothing_to_accept_needs_no_receiver(house: House) -> None:
    assert await house.receiver().accept([]) == []


async def test_what_the_database_refuses_turns_away_nobody_else(house: House) -> None:
    await house.refuses("inbox", "body", "poison")
    receiver = house.receiver()
    texts = ["poison" if n == 31 else f"problem {n}" for n in range(64)]
    waiting = [asyncio.create_task(receiver.accept([house.message(text, who=text)])) for text in texts]
    async with at_work(receiver.run()):
        answers = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(answers.pop(31), RefusedRow)
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    assert await house.turns() == 63


async def test_polling_sets_aside_what_the_database_refuses_and_moves_on(house: House) -> None:
    await house.refuses("inbox", "body", "poison")
    receiver = house.receiver()
    texts = ["poison" if n == 7 else f"problem {n}" for n in range(20)]
    messages = [house.message(text, who=text) for text in texts]
    async with at_work(receiver.run()):
        await receiver.accept_all(messages)
        await receiver.accept_all(messages)  # the acknowledgement was lost
    assert await house.turns() == 19
    (aside,) = await house.database.read(inbox.listed_aside)
    assert (aside.account, aside.kind, aside.reason) == ("bell", "unreadable", "unreadable")


async def test_words_that_no_database_can_write_are_one_message_s_trouble(house: House) -> None:
    # A lone surrogate where we clean nothing, because it is no text: in the address itself.
    receiver = house.receiver()
    async with at_work(receiver.run()) as (running,):
        with pytest.raises(RefusedRow):
            await receiver.accept([house.message(who="\ud800")])
        await receiver.accept_all([house.message("ref", ref="\ud800"), house.message("after")])
        assert not running.done()
    assert await house.turns() == 1
    assert len(await house.database.read(inbox.listed_aside)) == 1


async def test_a_full_disk_acknowledges_nothing_and_later_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house_in(tmp_path, monkeypatch) as house:
        await house.hears("before")
        (pages,) = await house.column("pragma page_count")
        async with on_a_disk_of(pages + 2, house, monkeypatch) as full:
            receiver = full.receiver()
            async with at_work(receiver.run()):
                long = full.message("x" * 100_000)
                for _ in range(2):
                    with pytest.raises(DiskFull):
                        await receiver.accept([long])
                with pytest.raises(DiskFull):
                    await receiver.accept_all([long])
                assert await full.column("select count(*) from inbox") == [1]
        async with on_a_disk_of(pages + 1000, house, monkeypatch) as emptied:
            receiver = emptied.receiver()
            async with at_work(receiver.run()):
                (stored,) = await receiver.accept([long])
        assert stored.inbox_id is not None


@asynccontextmanager
async def on_a_disk_of(pages: int, house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """The same house, with room for so many pages in its database."""
    with monkeypatch.context() as patch:
        patch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, f"pragma max_page_count = {pages}"))
        database = await open_database(None, house.path, house.keyring)
    try:
        yield replace(house, database=database)
    finally:
        await database.close()


async def test_without_its_database_nothing_is_acknowledged_and_the_receiver_goes_on(house: House) -> None:
    receiver = house.receiver()
    async with at_work(receiver.run()) as (running,):
        await house.database.close()
        with pytest.raises(LostDatabase):
            await receiver.accept([house.message()])
        with pytest.raises(LostDatabase):
            await receiver.accept_all([house.message()])
        assert not running.done()


async def test_a_database_that_another_program_holds_for_too_long_is_tried_again_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.database.transaction(_impatient)
    receiver, message = house.receiver(), house.message()
    with closing(sqlite3.connect(house.path, isolation_level=None)) as other:
        async with at_work(receiver.run()):
            other.execute("begin immediate")
            with pytest.raises(LostDatabase):
                await receiver.accept([message])
            other.execute("rollback")
            (stored,) = await receiver.accept([message])
    assert stored.inbox_id is not None


async def _impatient(tx: Any) -> None:
    await tx.execute("pragma busy_timeout = 10")


async def test_a_provider_that_hangs_up_while_we_write_spoils_nothing(house: House) -> None:
    receiver = house.receiver()
    hung_up = asyncio.create_task(receiver.accept([house.message("first")]))
    stays = asyncio.create_task(receiver.accept([house.message("second", who="other")]))
    await asyncio.sleep(0)  # both are in the queue
    hung_up.cancel()
    async with at_work(receiver.run()):
        (stored,) = await stays
    assert stored.inbox_id is not None
    # What was ours to keep is kept: the provider repeats it, and it is a conflict.
    assert await house.column("select count(*) from inbox") == [2]


async def test_the_person_s_place_is_found_again(house: House) -> None:
    receiver = house.receiver()
    async with at_work(receiver.run()):
        (one,), (two,), (other,) = await asyncio.gather(
            receiver.accept([house.message(who=SOMEBODY)]),
            receiver.accept([house.message(who=SOMEBODY)]),
            receiver.accept([house.message(who="somebody else")]),
        )
    assert one.contact_id == two.contact_id != other.contact_id
