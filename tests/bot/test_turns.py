"""Everybody is answered once and in order, and a message that cannot be answered holds up nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from bot import outage, turns
from bot.config import Talk
from core.errors import DiskFull, LostDatabase, NotOurTurn
from core.talk import Run, Turn
from flows.conversation import Conversation
from storage import inbox
from tests.bot.house import Frail, House, at_work, house_in, told_to_stop, words
from tests.peers.postgres import Cluster

#: makes one message one that cannot be answered
Poison = Callable[[House, pytest.MonkeyPatch], Awaitable[None] | None]

ENGLISH = words()["en"]
PROBLEM = "The lamp in our street has been broken for weeks"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


async def aside(house: House) -> list[str]:
    """The reasons why messages were set aside."""
    return [one.reason for one in await house.database.read(inbox.listed_aside)]


# A message that cannot be answered


def raises_when_heard(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hear = Conversation.hear

    def poisoned(self: Conversation, message: Any, *given: Any, **more: Any) -> Any:
        if "poison" in message.text:
            raise KeyError(message.text)
        return hear(self, message, *given, **more)

    monkeypatch.setattr(Conversation, "hear", poisoned)


def raises_when_answered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled(monkeypatch, lambda turn: 1 / 0)


def cannot_be_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled(
        monkeypatch,
        lambda turn: structs.replace(turn, run=Run("r", "raise_issue", answers={"what": object()})),
    )


def spoiled(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Turn], Any]) -> None:
    converse = Conversation.converse

    def poisoned(self: Conversation, situation: Any) -> Any:
        turn = converse(self, situation)
        return spoil(turn) if "poison" in situation.heard.text else turn

    monkeypatch.setattr(Conversation, "converse", poisoned)


async def is_refused_by_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.refuses("run", "body", "poison")


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (raises_when_heard, "KeyError"),
        (raises_when_answered, "ZeroDivisionError"),
        (cannot_be_written, "TypeError"),
        (is_refused_by_the_database, "RefusedRow"),
    ],
)
async def test_amid_sixty_three_others_only_the_poisoned_message_is_set_aside(
    house: House, monkeypatch: pytest.MonkeyPatch, poison: Poison, reason: str
) -> None:
    if made := poison(house, monkeypatch):
        await made
    for n in range(64):
        await house.hears("a poison in the water" if n == 31 else f"{PROBLEM} {n}", who=str(n))
    await house.hears("and the bench too is broken", who="31")

    await house.turns()
    assert len(await house.queued()) == 63
    assert await aside(house) == []
    waits = []
    for _ in range(2):
        (due_at,) = await house.column("select due_at from inbox where attempts > 0")
        waits.append((due_at - house.clock.now) / 1_000_000)
        house.clock.now = due_at - 1
        assert await house.turns() == 0
        house.clock.now = due_at
        await house.turns()
    assert waits == [5, 20]
    assert await aside(house) == [reason]

    (draft,) = await house.column(
        "select r.body from run r join address a on a.contact_id = r.contact_id "
        "where a.contact_id = (select max(contact_id) from inbox where status = 'aside')"
    )
    assert "bench" in draft
    said = [one.text for one in (await house.queued()).values()]
    assert len([text for text in said if "bench" in text and ENGLISH.say("more.aside") not in text]) == 1
    assert len([text for text in said if ENGLISH.say("more.aside") in text]) == 1
    assert len(said) == 65
    assert not await house.rows("select id from inbox where status = 'unread'")


async def test_a_question_to_write_again_that_fails_itself_is_not_asked_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conversation, "converse", lambda *_: 1 / 0)
    await house.hears(PROBLEM)
    for _ in range(20):
        await house.turns()
        house.clock.passes(minutes=2)
    assert await aside(house) == ["ZeroDivisionError", "ZeroDivisionError"]
    assert not await house.rows("select id from inbox where status = 'unread'")
    assert await house.queued() == {}


async def test_who_was_asked_to_write_again_does_and_is_heard(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        raises_when_answered(house, patch)
        await house.hears("a poison in the water")
        for _ in range(3):
            await house.turns()
            house.clock.passes(minutes=1)
    ((_, asked),) = (await house.queued()).items()
    assert ENGLISH.say("more.aside") in asked.text
    (question,) = await house.says("a poison in the water")
    assert "a poison in the water" in question
    await house.says("1")
    assert [issue["words"] for issue in await house.issues()] == ["a poison in the water"]


# Order


async def test_a_batch_takes_the_oldest_message_of_each_person(house: House) -> None:
    for n in range(3):
        for who in ("one", "two"):
            await house.hears(f"{PROBLEM}, {who} {n}", who=who)
    taker = house.taker()
    async with house.database.seat("turns") as seat:
        for n in range(3):
            assert await taker.take(seat) == 2
            left = await house.column("select body from inbox where status = 'unread' order by id")
            assert len(left) == 4 - 2 * n
            assert not [body for body in left if f" {n}" in body]
        assert await taker.take(seat) == 0
    drafts = await house.column("select body from run order by contact_id")
    for who, draft in zip(("one", "two"), drafts, strict=True):
        places = [draft.index(f"{PROBLEM}, {who} {n}") for n in range(3)]
        assert places == sorted(places)


async def test_a_batch_has_a_limit_and_the_rest_is_answered_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "BATCH", 10)
    await house.store(*(house.message(who=str(n)) for n in range(25)))
    taker = house.taker()
    async with house.database.seat("turns") as seat:
        assert [await taker.take(seat) for _ in range(4)] == [10, 10, 5, 0]
    assert len(await house.queued()) == 25


# After an unclean stop


async def test_after_an_unclean_stop_the_one_that_kills_us_is_found_and_set_aside(house: House) -> None:
    for n in range(5):
        await house.hears(f"{PROBLEM} {n}", who=str(n))
    mortal = house
    for life in range(3):
        frail = Frail(house.database)
        frail.hold("C2")
        mortal = replace(house, database=frail)
        running = asyncio.create_task(mortal.taker().run(careful=True))
        await frail.reached.wait()
        # Dies here. What it was about to do is on record, and of the others nothing.
        assert await house.column("select attempts from inbox order by id") == [life + 1, 0, 0, 0, 0]
        frail.breaks("C2", *[LostDatabase()] * 9)
        running.cancel()
        frail.let_go()
        await told_to_stop(running)
    async with at_work(house.taker().run(careful=True)):
        await house.until(house.queued, lambda queued: len(queued) == 5)
    assert await aside(house) == ["UncleanStop"]
    said = [one.text for one in (await house.queued()).values()]
    assert len([text for text in said if ENGLISH.say("more.aside") in text]) == 1


async def test_a_database_that_goes_away_meanwhile_is_not_counted_against_anybody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "PATIENCE", (0.0, 0.0))
    await house.hears(PROBLEM)
    frail = Frail(house.database)
    frail.breaks("C2", *[LostDatabase()] * 9)
    async with at_work(replace(house, database=frail).taker().run(careful=True)):
        await house.until(house.queued)
    assert await aside(house) == []
    assert await house.column("select attempts from inbox") == [1]


async def test_after_an_unclean_stop_the_innocent_are_answered(house: House) -> None:
    await house.store(*(house.message(f"{PROBLEM} {n}", who=str(n)) for n in range(20)))
    async with at_work(house.taker(Talk(set_aside_after=1)).run(careful=True)):
        await house.until(house.queued, lambda queued: len(queued) == 20)
        await house.hears(PROBLEM, who="later")
        await house.until(house.queued, lambda queued: len(queued) == 21)
    assert await aside(house) == []
    assert set(await house.column("select status from inbox")) == {"done"}


# The database


@pytest.mark.parametrize("fault", [LostDatabase(), DiskFull(), NotOurTurn()])
@pytest.mark.parametrize("written", [False, True], ids=["not written", "written"])
async def test_a_database_that_was_away_costs_nobody_an_answer_and_nobody_gets_two(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception, written: bool
) -> None:
    monkeypatch.setattr(outage, "PATIENCE", (0.0, 0.0))
    frail = Frail(house.database)
    await house.store(*(house.message(f"{PROBLEM} {n}", who=str(n)) for n in range(10)))
    frail.breaks("C2", *[fault] * 3, written=written)
    taker = replace(house, database=frail).taker()
    async with at_work(taker.run()):
        await house.until(house.queued, lambda queued: len(queued) == 10)
        await house.hears(PROBLEM, who="later")
        taker.wake()
        await house.until(house.queued, lambda queued: len(queued) == 11)
    assert set(await house.column("select attempts from inbox")) == {0}


async def test_waits_grow_while_the_database_is_away_and_a_stop_ends_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    enough = asyncio.Event()

    async def notes(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 8:
            enough.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(outage, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": notes}))
    frail = Frail(house.database)
    frail.breaks("C2", *[LostDatabase()] * 100)
    await house.hears(PROBLEM)
    async with at_work(replace(house, database=frail).taker().run()):
        await enough.wait()
    assert waited == [1, 2, 4, 8, 16, 30, 30, 30]


async def test_what_another_program_wrote_is_found_without_a_word(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LOOK", 0.01)
    async with at_work(house.taker().run()):
        await house.hears(PROBLEM)
        queued = await house.until(house.queued)
    assert any("Shall we send it?" in spoken.text for spoken in queued.values())


async def test_of_two_turn_takers_one_waits_for_the_seat_and_nobody_is_answered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Cluster
) -> None:
    url = postgres.create_database()
    async with (
        house_in(tmp_path, monkeypatch, url=url) as one,
        house_in(tmp_path, monkeypatch, url=url) as other,
    ):
        first = asyncio.create_task(one.taker().run())
        await one.store(*(one.message(f"{PROBLEM} {n}", who=str(n)) for n in range(50)))
        await one.until(one.queued, lambda queued: len(queued) == 50)
        second = asyncio.create_task(other.taker().run())
        await one.store(*(one.message("1", who=str(n)) for n in range(50)))
        await one.until(lambda: one.column("select count(*) from issue"), lambda found: found == [50])
        assert _answered(other) == 0
        await told_to_stop(first)
        await one.store(*(one.message("skip", who=str(n)) for n in range(50)))
        await one.until(lambda: one.column("select status from inbox"), lambda found: set(found) == {"done"})
        assert (_answered(one), _answered(other)) == (100, 50)
        await told_to_stop(second)
        assert await one.column("select count(*) from issue") == [50]
        causes = await one.column("select cause from outbox where n = 0")
        assert len(causes) == len(set(causes)) == 150
    postgres.drop_database(url)


def _answered(house: House) -> int:
    (found,) = [
        line for line in house.metrics.text().decode().splitlines() if line.startswith("townbell_turns_total")
    ]
    return int(float(found.split()[1]))
