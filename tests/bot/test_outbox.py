"""What is due goes out: in order for each person, talk first, and never twice where that was promised."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import outage, outbox
from bot.outbox import TokenBucket
from core.errors import (
    ChannelDown,
    ContactStopped,
    DiskFull,
    LostDatabase,
    MaybeSent,
    NotOurTurn,
    Refused,
    StorageFault,
    Throttled,
)
from core.messages import Lane
from storage import outbox as stored
from tests.bot.house import Frail, House, Wire, at_work, house_in, told_to_stop
from tests.peers.postgres import Cluster

SECOND = 1_000_000
NO_NEWS = (
    "insert into consent (contact_id, purpose, given, at, channel, notice_version) "
    "values (1, 'news', 0, 1, 'telegram', '1')"
)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock that only counts, as the sender sees it; it stands still until a story moves it."""
    counted = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: counted.now))
    return counted


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backoff without chance."""
    monkeypatch.setattr(outbox, "random", SimpleNamespace(uniform=lambda low, high: high))


def seconds(count: float) -> Throttled:
    return Throttled(timedelta(seconds=count))


# Order


async def test_everybody_hears_in_order_though_many_messages_are_on_their_way(house: House) -> None:
    wire = Wire(in_flight=4)
    for person in range(10):
        await house.queue(*(f"{person}.{n}" for n in range(5)), who=str(person))
    await house.sends(house.sender(wire))
    for person in range(10):
        assert wire.texts_to(str(person)) == [f"{person}.{n}" for n in range(5)]
    assert 1 < wire.most_at_once <= 4
    assert await house.fates() == [("sent", "")] * 50


async def test_never_more_is_claimed_than_is_on_its_way(house: House) -> None:
    wire = Wire(in_flight=3)
    wire.hold()
    for person in range(9):
        await house.queue("hello", who=str(person))
    sender = house.sender(wire)
    async with at_work(sender.run()):
        await wire.until_tried(3)
        for _ in range(3):
            sender.wake()
            assert len(await house.rows("select id from outbox where status = 'sending'")) == 3
        wire.let_go()
        await wire.until_arrived(9)
    assert wire.most_at_once == 3


async def test_talk_goes_before_bulk(house: House) -> None:
    wire = Wire(in_flight=1)
    await house.queue("news 1", "news 2", who="first", lane=Lane.BULK)
    await house.queue("news 1", who="second", lane=Lane.BULK)
    await house.queue("answer 1", "answer 2", who="second")
    await house.queue("answer 1", who="third")
    await house.sends(house.sender(wire))
    assert sorted(wire.texts[:3]) == ["answer 1", "answer 1", "answer 2"]
    assert wire.texts_to("second") == ["answer 1", "answer 2", "news 1"]
    assert wire.texts_to("first") == ["news 1", "news 2"]


async def test_what_waits_in_one_lane_holds_up_nothing_in_the_other(house: House) -> None:
    wire = Wire()
    wire.fails("news 1", ChannelDown())
    await house.queue("news 1", "news 2", lane=Lane.BULK)
    await house.queue("answer")
    await house.sends(house.sender(wire))
    assert wire.texts == ["answer"]
    house.clock.passes(minutes=1)
    await house.sends(house.sender(wire))
    assert wire.texts == ["answer", "news 1", "news 2"]


async def test_what_is_not_due_yet_waits_and_so_does_what_comes_behind_it(house: House) -> None:
    wire = Wire()
    await house.queue("later", due_at=house.clock.now + 20 * SECOND)
    await house.queue("behind it")
    sender = house.sender(wire)
    await house.sends(sender)
    assert wire.texts == []
    house.clock.passes(seconds=20)
    await house.sends(sender)
    assert wire.texts == ["later", "behind it"]


async def test_the_person_hears_their_own_message_whole(house: House) -> None:
    await house.queue("أين؟ 👨‍👩‍👧", who="+43 660 1234567")
    wire = Wire()
    await house.sends(house.sender(wire))
    (message,) = wire.arrived
    assert (message.address, message.text, message.language) == ("+43 660 1234567", "أين؟ 👨‍👩‍👧", "en")
    assert "1234567" not in str(await house.rows("select * from outbox"))
    (row,) = await house.rows("select provider_id, body from outbox")
    assert row == {"provider_id": f"provider-{message.id}", "body": None}


# Faults of the channel


async def test_a_channel_that_wants_less_gets_nothing_for_as_long_as_it_asks(
    house: House, counting: Any
) -> None:
    wire = Wire(in_flight=1)
    wire.fails("one", seconds(30))
    await house.queue("one", "two", who="first")
    await house.queue("three", who="second")
    sender = house.sender(wire)
    await house.sends(sender)
    assert [message.text for message in wire.tried] == ["one"]
    assert await house.fates() == [("queued", "throttled"), ("queued", ""), ("queued", "")]
    for later in (29.0, 1.5):
        counting.now += later
        house.clock.passes(seconds=later)
        await house.sends(sender)
        assert len(wire.arrived) == (3 if later == 1.5 else 0)
    assert wire.texts_to("first") == ["one", "two"]


async def test_of_two_who_ask_for_less_the_one_who_asks_longest_is_heeded(
    house: House, counting: Any
) -> None:
    wire = Wire(in_flight=2)
    wire.hold()
    wire.fails("one", seconds(30))
    wire.fails("two", seconds(2))
    await house.queue("one", who="first")
    await house.queue("two", who="second")
    await house.queue("three", who="third")
    sender = house.sender(wire)
    async with at_work(sender.run()):
        await wire.until_tried(2)
        wire.let_go()
        await house.settled(("queued", "throttled"), ("queued", "throttled"), ("queued", ""))
    counting.now += 3
    house.clock.passes(seconds=3)
    await house.sends(sender)
    assert wire.texts == []
    counting.now += 28
    house.clock.passes(seconds=28)
    await house.sends(sender)
    assert sorted(wire.texts) == ["one", "three", "two"]


async def test_an_unreachable_channel_is_tried_again_ever_later_and_holds_the_lane(
    house: House, unhurried: None
) -> None:
    wire = Wire()
    wire.fails("one", *[ChannelDown()] * 12)
    await house.queue("one", "two", who="first")
    await house.queue("three", who="second")
    waits = []
    for _ in range(12):
        await house.sends(house.sender(wire))
        (due_at,) = await house.column("select min(due_at) from outbox where reason = 'down'")
        waits.append((due_at - house.clock.now) / SECOND)
        house.clock.now = due_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    assert wire.texts == ["three"]
    await house.sends(house.sender(wire))
    assert wire.texts == ["three", "one", "two"]


async def test_not_all_come_back_at_the_same_moment(house: House) -> None:
    wire = Wire()
    for person in range(30):
        wire.fails(str(person), ChannelDown())
        await house.queue(str(person), who=str(person))
    await house.sends(house.sender(wire))
    due = await house.column("select due_at from outbox")
    assert len(set(due)) > 20
    assert all(SECOND // 2 <= one - house.clock.now <= SECOND for one in due)


async def test_who_has_blocked_us_hears_no_more_and_nobody_else_is_held_up(house: House) -> None:
    wire = Wire(in_flight=1)
    wire.fails("one", ContactStopped())
    await house.queue("one", "two", who="gone")
    await house.queue("news", who="gone", lane=Lane.BULK)
    await house.queue("three", who="here")
    sender = house.sender(wire)
    await house.sends(sender)
    assert wire.texts == ["three"]
    fates = [("refused", "stopped"), ("dropped", "blocked"), ("dropped", "blocked"), ("sent", "")]
    assert sorted(await house.fates()) == sorted(fates)
    await house.queue("four", who="gone")
    await house.sends(sender)
    assert (await house.fates())[-1] == ("dropped", "blocked")
    assert [message.text for message in wire.tried if message.address == "gone"] == ["one"]


async def test_what_is_refused_is_done_with_and_the_next_goes_on(house: House) -> None:
    wire = Wire()
    wire.fails("one", Refused())
    await house.queue("one", "two")
    await house.sends(house.sender(wire))
    assert wire.texts == ["two"]
    assert await house.fates() == [("refused", "refused"), ("sent", "")]


async def test_a_reply_that_may_have_arrived_is_said_again(house: House) -> None:
    wire = Wire()
    wire.fails("one", MaybeSent())
    await house.queue("one", "two")
    await house.sends(house.sender(wire))
    assert (await house.fates())[0] == ("queued", "unsure")
    house.clock.passes(seconds=2)
    await house.sends(house.sender(wire))
    assert wire.texts == ["one", "two"]


async def test_nobody_is_told_the_same_for_ever_because_we_never_know_whether_it_arrived(
    house: House,
) -> None:
    wire = Wire()
    wire.fails("one", *[MaybeSent()] * 100)
    await house.queue("one", "two")
    sender = house.sender(wire)
    for _ in range(20):
        await house.sends(sender)
        house.clock.passes(hours=1)
    assert [message.text for message in wire.tried] == ["one"] * 5 + ["two"]
    assert await house.fates() == [("unknown", "unsure"), ("sent", "")]


async def test_a_broadcast_that_may_have_arrived_is_never_said_again(house: House) -> None:
    wire = Wire()
    wire.fails("one", MaybeSent())
    await house.queue("one", "two", if_unsure="leave", lane=Lane.BULK)
    for _ in range(3):
        await house.sends(house.sender(wire))
        house.clock.passes(hours=1)
    assert [message.text for message in wire.tried] == ["one", "two"]
    assert await house.fates() == [("unknown", "unsure"), ("sent", "")]
    (listed,) = await house.database.read(stored.unknown)
    assert (listed.account, listed.reason) == ("bell", "unsure")


async def test_a_fault_of_ours_is_tried_five_times_and_then_the_next_goes_on(house: House) -> None:
    wire = Wire()
    wire.fails("one", *[RuntimeError("what they wrote")] * 5)
    await house.queue("one", "two")
    sender = house.sender(wire)
    for _ in range(5):
        await house.sends(sender)
        house.clock.passes(minutes=1)
    assert wire.texts == ["two"]
    assert await house.fates() == [("refused", "fault"), ("sent", "")]


async def test_a_long_outage_leaves_a_message_as_many_tries_as_before(house: House) -> None:
    wire = Wire()
    wire.fails("one", *[ChannelDown()] * 9, RuntimeError(), ChannelDown(), RuntimeError())
    await house.queue("one", "two")
    sender = house.sender(wire)
    for _ in range(13):
        await house.sends(sender)
        house.clock.passes(hours=1)
    assert wire.texts == ["one", "two"]


async def test_an_address_that_our_key_does_not_open_is_one_person_s_trouble(house: House) -> None:
    wire = Wire()
    await house.queue("one", who="strange")
    await house.queue("two", who="known")
    await house.change("update address set sealed = x'0102030405' where id = (select min(id) from address)")
    sender = house.sender(wire)
    for _ in range(6):
        await house.sends(sender)
        house.clock.passes(minutes=1)
    assert wire.texts == ["two"]
    assert await house.fates() == [("refused", "fault"), ("sent", "")]


async def test_a_message_that_another_version_wrote_is_dropped_and_the_others_go_on(house: House) -> None:
    await house.queue("one", "two", who="first")
    await house.queue("three", who="second")
    await house.change("update outbox set body = '{' where id = 1")
    wire = Wire()
    await house.sends(house.sender(wire))
    assert sorted(wire.texts) == ["three", "two"]
    assert (await house.fates())[0] == ("dropped", "unreadable")


# Crashes, stops and a database that is gone


async def test_what_was_on_its_way_at_a_crash_is_said_again_or_left_as_it_promised(house: House) -> None:
    await house.queue("reply 1", "reply 2", who="first")
    await house.queue("news 1", "news 2", who="second", if_unsure="leave", lane=Lane.BULK)
    assert sorted(await house.claim()) == ["news 1", "reply 1"]  # and dies
    wire = Wire()
    async with at_work(house.sender(wire).run()):
        await wire.until_arrived(3)
        await house.settled(("sent", ""), ("sent", ""), ("unknown", ""), ("sent", ""))
    assert wire.texts_to("first") == ["reply 1", "reply 2"]
    assert wire.texts_to("second") == ["news 2"]


async def test_another_account_s_messages_on_their_way_are_not_ours_to_repeat(house: House) -> None:
    await house.queue("mine")
    await house.queue("theirs", account="other")
    assert await house.claim(account="other") == ["theirs"]
    wire = Wire()
    async with at_work(house.sender(wire).run()):
        await house.settled(("sent", ""), ("sending", ""))
    assert wire.texts == ["mine"]


async def test_told_to_stop_while_it_claims_it_gives_back_what_it_does_not_send(house: House) -> None:
    frail, wire = Frail(house.database), Wire()
    house.database = frail
    await house.queue("one", "two", who="first")
    await house.queue("three", who="second", if_unsure="leave")
    frail.hold("C3")
    running = asyncio.create_task(house.sender(wire).run())
    await frail.reached.wait()
    running.cancel()
    frail.let_go()
    await told_to_stop(running)
    assert wire.tried == []
    assert await house.fates() == [("queued", "stopping"), ("queued", ""), ("queued", "stopping")]
    await house.sends(house.sender(wire))
    assert wire.texts_to("first") == ["one", "two"]
    assert wire.texts_to("second") == ["three"]


async def test_a_stop_waits_for_what_is_on_its_way(house: House) -> None:
    wire = Wire()
    wire.hold()
    await house.queue("one", "two")
    running = asyncio.create_task(house.sender(wire).run())
    await wire.until_tried(1)
    running.cancel()
    for _ in range(10):
        await asyncio.sleep(0)
    assert not running.done()
    wire.let_go()
    await told_to_stop(running)
    assert await house.fates() == [("sent", ""), ("queued", "")]


async def test_a_stop_does_not_wait_for_ever_and_what_hangs_is_said_again_next_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "FAREWELL", 0.01)
    wire = Wire()
    wire.hold()
    await house.queue("one")
    running = asyncio.create_task(house.sender(wire).run())
    await wire.until_tried(1)
    await told_to_stop(running)
    assert await house.fates() == [("sending", "")]
    assert wire.arrived == []
    wire.let_go()
    async with at_work(house.sender(wire).run()):
        assert await wire.until_arrived(1) == ["one"]


@pytest.mark.parametrize("fault", [LostDatabase(), DiskFull(), NotOurTurn()])
@pytest.mark.parametrize("written", [False, True], ids=["not written", "written"])
async def test_a_reply_that_was_sent_is_not_said_twice_because_the_database_was_away(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception, written: bool
) -> None:
    monkeypatch.setattr(outage, "PATIENCE", (0.0, 0.0))
    frail, wire = Frail(house.database), Wire()
    house.database = frail
    wire.hold()
    await house.queue("one", "two", who="first")
    await house.queue("three", who="second", if_unsure="leave")
    async with at_work(house.sender(wire).run()):
        await wire.until_tried(2)
        frail.breaks("C4", *[fault] * 3, written=written)
        wire.let_go()
        await wire.until_arrived(3)
        await house.settled(*[("sent", "")] * 3)
    assert sorted(wire.texts) == ["one", "three", "two"]


@pytest.mark.parametrize("fault", [LostDatabase(), DiskFull(), NotOurTurn()])
async def test_told_to_stop_while_the_database_is_away_it_stops(house: House, fault: Exception) -> None:
    frail, wire = Frail(house.database), Wire()
    house.database = frail
    wire.hold()
    await house.queue("one")
    running = asyncio.create_task(house.sender(wire).run())
    await wire.until_tried(1)
    frail.breaks("C4", *[fault] * 100)
    running.cancel()
    wire.let_go()
    await told_to_stop(running)
    assert await house.fates() == [("sending", "")]


@pytest.mark.parametrize("fault", [LostDatabase(), DiskFull(), NotOurTurn()])
async def test_told_to_stop_while_it_claims_in_vain_it_stops(house: House, fault: Exception) -> None:
    frail, wire = Frail(house.database), Wire()
    house.database = frail
    await house.queue("one")
    frail.hold("C3")
    running = asyncio.create_task(house.sender(wire).run())
    await frail.reached.wait()
    running.cancel()
    frail.breaks("C3", *[fault] * 100)
    frail.let_go()
    await told_to_stop(running)
    assert await house.fates() == [("queued", "")]


async def test_a_sender_that_lost_its_seat_takes_it_again_and_says_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Cluster
) -> None:
    monkeypatch.setattr(outage, "PATIENCE", (0.0, 0.0))
    url = postgres.create_database()
    async with house_in(tmp_path, monkeypatch, url=url) as house:
        wire = Wire()
        wire.hold()
        await house.queue("one", "two")
        sender = house.sender(wire)
        async with at_work(sender.run()):
            await wire.until_tried(1)
            ended = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
            assert await house.column(ended) == [True]
            wire.let_go()
            assert await wire.until_arrived(2) == ["one", "two"]
            await house.settled(("sent", ""), ("sent", ""))
        assert wire.texts == ["one", "two"]
    postgres.drop_database(url)


async def test_a_fault_of_the_program_itself_is_not_slept_over(house: House) -> None:
    frail = Frail(house.database)
    house.database = frail
    frail.breaks("C3", StorageFault("The database did not understand us."))
    with pytest.raises(StorageFault):
        async with asyncio.timeout(10):
            await house.sender(Wire()).run()


# Judged now, not when it was planned


async def test_who_said_stop_meanwhile_hears_only_the_answer_to_it(house: House) -> None:
    await house.queue("planned before", purpose="news", lane=Lane.BULK)
    await house.queue("We write no more.", purpose="farewell")
    await house.change("update contact set state = 'stopped'")
    wire = Wire()
    await house.sends(house.sender(wire))
    assert wire.texts == ["We write no more."]
    assert sorted(await house.fates()) == [("dropped", "stopped"), ("sent", "")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("update contact set state = 'erased' where id = 1", "erased"),
        ("update contact set muted = 1 where id = 1", "muted"),
        ("update address set state = 'blocked' where id = 1", "blocked"),
        (NO_NEWS, "not wanted"),
    ],
)
async def test_what_may_not_be_said_any_more_is_dropped_with_the_reason(
    house: House, change: str, reason: str
) -> None:
    await house.queue("news", purpose="news", lane=Lane.BULK)
    await house.queue("news elsewhere", who="somebody else", purpose="news", lane=Lane.BULK)
    await house.change(change)
    wire = Wire()
    await house.sends(house.sender(wire))
    assert wire.texts == ["news elsewhere"]
    assert (await house.fates())[0] == ("dropped", reason)


async def test_what_comes_too_late_is_not_said(house: House) -> None:
    await house.queue("come tonight", not_after=house.clock.now + 3600 * SECOND)
    await house.queue("behind it")
    house.clock.passes(hours=2)
    wire = Wire()
    await house.sends(house.sender(wire))
    assert wire.texts == ["behind it"]
    assert await house.fates() == [("dropped", "too late"), ("sent", "")]


# How fast


def test_a_bucket_gives_a_second_s_worth_at_once_and_then_so_many_a_second(counting: Any) -> None:
    bucket = TokenBucket(4.0)
    assert bucket.available() == 4
    bucket.take(4)
    assert bucket.available() == 0
    assert bucket.wait() == pytest.approx(0.25)
    counting.now += 0.25
    assert bucket.available() == 1
    counting.now += 3600
    assert bucket.available() == 4


def test_a_bucket_is_low_while_less_than_half_a_second_s_worth_is_left(counting: Any) -> None:
    bucket = TokenBucket(80.0)
    assert not bucket.is_low
    bucket.take(41)
    assert bucket.is_low
    counting.now += 0.1
    assert bucket.available() == 47
    assert not bucket.is_low


def test_a_slow_bucket_lets_one_go_after_its_time(counting: Any) -> None:
    bucket = TokenBucket(0.1)
    assert bucket.available() == 1
    bucket.take(1)
    assert bucket.wait() == pytest.approx(10)
    counting.now += 9.9
    assert bucket.available() == 0
    counting.now += 0.2
    assert bucket.available() == 1
    assert bucket.wait() == 0


async def test_an_account_sends_no_more_a_second_than_it_may(house: House, counting: Any) -> None:
    wire = Wire(per_second=5)
    for person in range(12):
        await house.queue("hello", who=str(person))
    sender, arrived = house.sender(wire), []
    for _ in range(4):
        await house.sends(sender)
        arrived.append(len(wire.arrived))
        counting.now += 1
    assert arrived == [5, 10, 12, 12]


async def test_senders_of_several_accounts_do_not_get_in_each_other_s_way(house: House) -> None:
    wires = [Wire(account, in_flight=4) for account in ("bell", "other", "web")]
    for wire in wires:
        for person in range(12):
            texts = [f"{wire.account} {n}" for n in range(3)]
            await house.queue(*texts, who=str(person), account=wire.account)
    wires[0].hold()
    async with at_work(*(house.sender(wire).run() for wire in wires)):
        await wires[1].until_arrived(36)
        await wires[2].until_arrived(36)
        assert wires[0].arrived == []
        wires[0].let_go()
        await wires[0].until_arrived(36)
        await house.settled(*[("sent", "")] * 108)
    for wire in wires:
        assert {text.partition(" ")[0] for text in wire.texts} == {wire.account}
        assert wire.texts_to("7") == [f"{wire.account} {n}" for n in range(3)]
