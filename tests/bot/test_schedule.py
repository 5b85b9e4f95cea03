"""What is due is done once, late rather than never, whatever the calendar and the clock do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import clock, outbox, schedule
from bot.clock import SECOND
from bot.media import MediaFolder, MediaWorker
from bot.schedule import ClockWatch, Forgetting, Reminders, Retention
from core.errors import ChannelDown, LostDatabase
from core.talk import Attachment
from storage.retention import DAY
from tests.bot.house import EMPOLI, GRAZ, SOMEBODY, Frail, House, Wire, at, house_in, words

ENGLISH = words()["en"]
PROBLEM = "The lamp in our street has been broken for weeks"
VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


async def look(house: House) -> list[str]:
    """Look for what is due, and let it be heard; what we then say."""
    before = await house.queued()
    await Reminders(house.database, lambda: None).look()
    await house.turns()
    return [one.text for id_, one in (await house.queued()).items() if id_ not in before]


def is_reminder(text: str) -> bool:
    return text.startswith(ENGLISH.say("draft.reminder"))


async def drafts(house: House) -> int:
    """How many drafts there are."""
    return len([body for body in await house.column("select body from run") if body and "lamp" in body])


# Drafts


async def test_a_draft_is_reminded_of_after_a_day_once_though_we_look_often(house: House) -> None:
    await house.says(PROBLEM)
    house.clock.passes(hours=23, minutes=59)
    assert await look(house) == []
    house.clock.passes(minutes=1)
    said = []
    for _ in range(10):
        said += await look(house)
        house.clock.passes(seconds=5)
    (reminder,) = said
    assert is_reminder(reminder)
    assert PROBLEM in reminder
    assert (await house.column("select purpose from outbox"))[-1] == "reminder"


async def test_a_reminder_that_falls_on_the_weekend_we_were_down_comes_late_and_once(house: House) -> None:
    await house.says(PROBLEM)
    house.clock.passes(days=3)
    said = [*await look(house), *await look(house)]
    assert [is_reminder(text) for text in said] == [True]


async def test_nobody_is_reminded_after_a_standstill_of_what_is_erased_in_the_next_moment(
    house: House,
) -> None:
    await house.says(PROBLEM)
    house.clock.passes(days=8)
    assert await look(house) == []
    assert await drafts(house) == 0


async def test_two_who_look_at_once_remind_once(house: House) -> None:
    await house.says(PROBLEM)
    house.clock.passes(days=1)
    reminders = Reminders(house.database, lambda: None)
    assert sorted(await asyncio.gather(*(reminders.look() for _ in range(10)))) == [0] * 9 + [1]


async def test_more_people_than_one_look_takes_are_all_reminded(house: House) -> None:
    await house.store(*(house.message(PROBLEM, who=str(n)) for n in range(130)))
    await house.turns()
    house.clock.passes(days=1)
    assert [len(await look(house)) for _ in range(3)] == [100, 30, 0]


async def test_who_writes_more_after_a_reminder_is_reminded_of_that_too(house: House) -> None:
    await house.says(PROBLEM)
    house.clock.passes(days=1)
    assert len(await look(house)) == 1
    await house.says("And the bench beside it is broken too")
    house.clock.passes(hours=23)
    assert await look(house) == []
    house.clock.passes(hours=1)
    (reminder,) = await look(house)
    assert is_reminder(reminder)
    assert "bench" in reminder


async def test_who_answered_in_between_is_not_reminded(house: House) -> None:
    await house.says(PROBLEM)
    house.clock.passes(hours=23)
    await house.says("1")
    house.clock.passes(days=30)
    assert await look(house) == []
    assert len(await house.rows("select id from issue")) == 1


async def test_whose_answer_is_still_to_be_heard_when_the_reminder_is_due_has_it_heard_first(
    house: House,
) -> None:
    await house.says(PROBLEM)
    house.clock.passes(hours=23, minutes=59)
    await house.hears("1")
    house.clock.passes(minutes=1)
    said = await look(house)
    assert not [text for text in said if is_reminder(text)]
    assert len(await house.rows("select id from issue")) == 1


async def test_a_draft_is_erased_after_seven_days_with_its_photos(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    photo = folder / f"{'0a' * 16}.jpg"
    photo.write_bytes(b"a photo")
    await house.says(PROBLEM, attachments=(Attachment("", "photo", f"file:{photo.name}"),))
    worker = MediaWorker(house.database, MediaFolder(folder), {}, 1_000_000, told=lambda _: None)
    house.clock.passes(days=7, seconds=-1)
    assert [is_reminder(text) for text in await look(house)] == [True]
    assert await worker.erase(clock.now()) == 0
    assert photo.exists()
    house.clock.passes(seconds=1)
    assert await look(house) == []
    assert await drafts(house) == 0
    assert await house.column("select count(*) from media") == [0]
    assert await worker.erase(clock.now()) == 1
    assert not photo.exists()
    # Their old "1" files nothing any more.
    await house.says("1")
    assert await house.column("select count(*) from issue") == [0]


async def test_what_was_written_just_before_the_time_was_up_is_not_erased_with_the_rest(house: House) -> None:
    await house.says(PROBLEM)
    house.clock.passes(days=6, hours=23)
    await house.hears("And the bench beside the lamp is broken too")
    house.clock.passes(hours=1)
    said = await look(house)
    assert await drafts(house) == 1
    assert "bench" in said[-1]
    house.clock.passes(days=7)
    await look(house)
    assert await drafts(house) == 0


async def test_nothing_is_due_after_filing(house: House) -> None:
    await house.says(PROBLEM)
    await house.says("1")
    assert await house.column("select count(*) from due") == [0]
    house.clock.passes(days=60)
    assert await look(house) == []


async def test_nothing_is_due_after_erasing(house: House) -> None:
    await house.says(PROBLEM)
    await house.says("3")
    house.clock.passes(days=60)
    assert await look(house) == []


async def test_who_said_stop_is_not_reminded_and_the_draft_goes_all_the_same(house: House) -> None:
    await house.says(PROBLEM)
    await house.says("stop")
    house.clock.passes(days=1)
    assert await look(house) == []
    assert await drafts(house) == 1
    house.clock.passes(days=6)
    assert await look(house) == []
    assert await drafts(house) == 0


async def test_a_council_that_keeps_drafts_for_three_days_has_them_erased_then(house: House) -> None:
    await house.says("", kind="start", payload="empoli")
    await house.says(PROBLEM)
    await house.says(PROBLEM, who="in Graz")
    house.clock.passes(days=EMPOLI.retention.drafts, seconds=-1)
    await look(house)
    assert await drafts(house) == 2
    house.clock.passes(seconds=1)
    await look(house)
    assert await drafts(house) == 1


# The calendar


@pytest.mark.parametrize(
    ("filed", "promised"),
    [
        (datetime(2026, 10, 20, 0, 30, tzinfo=VIENNA), date(2026, 11, 3)),  # an hour more lies between
        (datetime(2026, 10, 20, 23, 30, tzinfo=VIENNA), date(2026, 11, 3)),
        (datetime(2027, 3, 20, 23, 30, tzinfo=VIENNA), date(2027, 4, 3)),  # an hour less
        (datetime(2027, 3, 20, 0, 30, tzinfo=VIENNA), date(2027, 4, 3)),
        (datetime(2027, 3, 14, 2, 30, tzinfo=VIENNA), date(2027, 3, 28)),  # an hour that is not there
        (datetime(2026, 12, 24, 23, 59, tzinfo=VIENNA), date(2027, 1, 7)),
    ],
)
async def test_the_day_by_which_they_hear_is_a_day_of_the_calendar(
    house: House, filed: datetime, promised: date
) -> None:
    house.clock.is_set_to(filed)
    await house.says(PROBLEM)
    receipt, *_ = await house.says("1")
    assert ENGLISH.day(promised) in receipt
    house.clock.passes(days=3)
    (status,) = await house.says("status")
    assert ENGLISH.day(promised) in status


@pytest.mark.parametrize(
    "evening", [datetime(2026, 10, 24, 20, tzinfo=VIENNA), datetime(2027, 3, 27, 20, tzinfo=VIENNA)]
)
async def test_a_reminder_comes_after_twenty_four_hours_though_the_clocks_change_that_night(
    house: House, evening: datetime
) -> None:
    house.clock.is_set_to(evening)
    await house.says(PROBLEM)
    house.clock.now = at(evening) + 24 * 3600 * SECOND - 1
    assert await look(house) == []
    house.clock.now += 1
    assert len(await look(house)) == 1


# A clock that is set


@pytest.fixture
def set_clock(house: House, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The wall clock as the house has it, beside one that only counts."""
    counted = SimpleNamespace(now=10**12)
    both = SimpleNamespace(time_ns=lambda: house.clock.now * 1000, monotonic_ns=lambda: counted.now * 1000)
    monkeypatch.setattr(clock, "time", both)
    monkeypatch.setattr(outbox, "time", SimpleNamespace(monotonic=lambda: counted.now / SECOND))

    def passes(**span: float) -> None:
        house.clock.passes(**span)
        counted.now += timedelta(**span) // timedelta(microseconds=1)

    return SimpleNamespace(passes=passes, is_set=house.clock.passes)


async def test_a_clock_that_is_set_back_holds_nothing_up_and_says_nothing_twice(
    house: House, set_clock: Any
) -> None:
    watch, wire = ClockWatch(house.database), Wire()
    sender = house.sender(wire)
    set_clock.is_set(hours=1)  # wrongly, an hour ahead
    await watch.look()
    await house.says(PROBLEM)
    await house.says("and the bench is broken too")
    wire.fails("elsewhere", ChannelDown())
    await house.queue("elsewhere", who="somebody else")
    await house.sends(sender)
    set_clock.is_set(hours=-1)
    await watch.look()
    set_clock.passes(seconds=19)
    await house.sends(sender)
    assert "elsewhere" in wire.texts
    assert not [text for text in wire.texts if "bench" in text]
    set_clock.passes(seconds=1)
    await house.sends(sender)
    await house.sends(sender)
    assert len([text for text in wire.texts if "bench" in text]) == 1
    assert len(wire.texts) == 3


async def test_a_message_that_waits_for_its_next_try_does_not_wait_an_hour_longer(
    house: House, set_clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = ClockWatch(house.database)
    await house.hears(PROBLEM)
    with monkeypatch.context() as patch:
        patch.setattr("flows.conversation.Conversation.converse", lambda *_: 1 / 0)
        await house.turns()
    assert await house.turns() == 0
    set_clock.is_set(hours=-1)
    await watch.look()
    set_clock.passes(seconds=5)
    assert await house.turns() == 1


async def test_a_clock_that_is_set_forward_and_back_reminds_nobody_twice(
    house: House, set_clock: Any
) -> None:
    watch = ClockWatch(house.database)
    await house.says(PROBLEM)
    set_clock.passes(hours=23, minutes=30)
    set_clock.is_set(hours=1)
    await watch.look()
    assert [is_reminder(text) for text in await look(house)] == [True]
    set_clock.is_set(hours=-1)
    await watch.look()
    assert await look(house) == []
    set_clock.passes(hours=2)
    assert await look(house) == []


async def test_nothing_moves_while_the_clock_only_goes(house: House, set_clock: Any) -> None:
    watch = ClockWatch(house.database)
    await house.says(PROBLEM)
    await house.says("and the bench is broken too")
    before = await house.column("select due_at from outbox order by id")
    for _ in range(5):
        set_clock.passes(seconds=1)
        await watch.look()
    assert await house.column("select due_at from outbox order by id") == before


# Forgetting


async def test_who_deletes_everything_gets_the_answer_and_is_then_forgotten(house: House) -> None:
    wire = Wire()
    sender, forgetting = house.sender(wire), Forgetting(house.database, house.keyring, {"bell": wire})
    await deletes_everything(house, wire)
    assert await forgetting.look() == 0
    assert await house.column("select count(*) from address") == [1]
    await house.sends(sender)
    assert ENGLISH.say("delete.done", backups_gone="").split(".")[0] in wire.texts[-1]
    assert await forgetting.look() == 0  # not due yet
    house.clock.passes(seconds=10)
    assert await forgetting.look() == 1
    assert await house.column("select count(*) from address") == [0]
    house.clock.passes(days=1)
    assert await forgetting.look() == 0
    # The provider's copies of what they wrote, and of what we wrote.
    address, refs = wire.recalled[0]
    assert address == SOMEBODY
    assert len([ref for ref in refs if ref.startswith(f"{SOMEBODY}:")]) == 4
    assert len([ref for ref in refs if ref.startswith("provider-")]) >= 3
    assert PROBLEM not in str(await house.rows("select * from inbox")) + str(
        await house.rows("select * from outbox")
    )


async def deletes_everything(house: House, wire: Wire, who: str = SOMEBODY) -> None:
    """Somebody raises something, and has everything deleted; only the answer to that is not sent yet."""
    await house.says(PROBLEM, who=who)
    await house.says("1", who=who)
    await house.says("delete", who=who)
    await house.sends(house.sender(wire))
    house.clock.passes(seconds=1)
    await house.says("1", who=who)


async def test_a_provider_that_is_down_is_asked_again_and_given_up_at_last(house: House) -> None:
    wire = Wire()
    forgetting = Forgetting(house.database, house.keyring, {"bell": wire})
    await deletes_everything(house, wire)
    await house.sends(house.sender(wire))
    wire.recall_raises.extend([ChannelDown()] * 100)
    asked, waits = 0, []
    while not await forgetting.look():
        asked += 1
        assert asked == 100 - len(wire.recall_raises)
        (next_at,) = await house.column("select at from due where kind = 'forget'")
        waits.append((next_at - house.clock.now) / SECOND)
        house.clock.now = next_at
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280]
    assert await house.column("select count(*) from address") == [0]


async def test_a_provider_that_is_back_deletes_its_copies_after_all(house: House) -> None:
    wire = Wire()
    forgetting = Forgetting(house.database, house.keyring, {"bell": wire})
    await deletes_everything(house, wire)
    await house.sends(house.sender(wire))
    wire.recall_raises.extend([ChannelDown()] * 3)
    for _ in range(4):
        assert wire.recalled == []
        await forgetting.look()
        house.clock.passes(minutes=2)
    assert len(wire.recalled) == 1
    assert await house.column("select count(*) from address") == [0]


async def test_who_wrote_again_meanwhile_is_not_forgotten(house: House) -> None:
    wire = Wire()
    forgetting = Forgetting(house.database, house.keyring, {"bell": wire})
    await deletes_everything(house, wire)
    await house.sends(house.sender(wire))
    house.clock.passes(seconds=5)
    await house.says("The heating is cold and the lamp is dark")
    house.clock.passes(seconds=5)
    assert await forgetting.look() == 1
    assert await house.column("select count(*) from address") == [1]
    assert await drafts(house) == 1
    await house.says("1")
    assert await house.column("select words from text") == ["The heating is cold and the lamp is dark"]
    old = await house.column("select body from inbox where address_id is null")
    assert old
    assert set(old) == {None}


async def test_one_whom_we_cannot_forget_keeps_nobody_else_remembered(house: House) -> None:
    wire = Wire()
    forgetting = Forgetting(house.database, house.keyring, {"bell": wire})
    for who in ("strange", "plain"):
        await deletes_everything(house, wire, who)
        await house.sends(house.sender(wire))
        house.clock.passes(seconds=1)
    await house.change("update address set sealed = x'0102030405' where id = (select min(id) from address)")
    assert await forgetting.look() == 1
    assert [address for address, _ in wire.recalled] == ["plain"]
    for _ in range(10):
        house.clock.passes(hours=7)
        await forgetting.look()
    assert await house.column("select count(*) from address") == [0]


async def test_who_is_known_to_a_channel_of_another_process_is_forgotten_there(house: House) -> None:
    wire = Wire()
    await deletes_everything(house, wire)
    await house.sends(house.sender(wire))
    here = Forgetting(house.database, house.keyring, {}, elsewhere=["bell"])
    assert await here.look() == 0
    there = Forgetting(house.database, house.keyring, {"bell": wire})
    assert await there.look() == 1
    assert len(wire.recalled) == 1


# Keeping


async def test_what_was_kept_long_enough_goes_and_an_issue_a_year_after_it_is_closed(house: House) -> None:
    removed: list[tuple[str, ...]] = []

    async def remove(files: tuple[str, ...]) -> None:
        removed.append(files)

    retention = Retention(house.database, {"graz": GRAZ, "empoli": EMPOLI}, remove)
    await house.says(PROBLEM, attachments=(Attachment("", "photo", "file:photo.jpg"),))
    await house.says("1")
    await house.sends(house.sender(Wire()))
    await house.change(f"update issue set closed_at = {house.clock.now}, status = 'closed'")
    house.clock.passes(days=90)
    await retention.look()
    assert await house.column("select count(*) from inbox") == [2]
    assert await house.column("select count(*) from outbox where status = 'sent'") != [0]
    house.clock.passes(seconds=1)
    await retention.look()
    assert await house.column("select count(*) from inbox") == [0]
    assert await house.column("select count(*) from outbox where status = 'sent'") == [0]
    assert await house.column("select words from text") == [PROBLEM]
    house.clock.now += 275 * DAY
    await retention.look()
    assert await house.column("select count(*) from text") == [0]
    assert [files for files in removed if files] == [("photo.jpg",)]
    assert len(await house.column("select reference from issue")) == 1


# When to look


async def test_a_look_that_raises_does_not_stop_the_next_one(house: House) -> None:
    looks, enough = 0, asyncio.Event()

    async def stumbles() -> None:
        nonlocal looks
        looks += 1
        if looks == 4:
            enough.set()
        raise (RuntimeError("what somebody wrote"), LostDatabase())[looks % 2]

    scheduler = schedule.start({"stumbles": (0.01, stumbles)})
    try:
        async with asyncio.timeout(20):
            await enough.wait()
    finally:
        scheduler.shutdown(wait=False)


async def test_one_look_that_takes_long_holds_up_no_other_and_is_never_made_twice_at_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("CRITICAL", "apscheduler")
    slow, done, quick, at_once = asyncio.Event(), asyncio.Event(), 0, 0

    async def takes_long() -> None:
        nonlocal at_once
        at_once += 1
        assert at_once == 1
        slow.set()
        await done.wait()
        at_once -= 1

    async def is_quick() -> None:
        nonlocal quick
        quick += 1
        if quick == 5:
            done.set()

    scheduler = schedule.start({"long": (0.01, takes_long), "quick": (0.01, is_quick)})
    try:
        async with asyncio.timeout(20):
            await slow.wait()
            await done.wait()
            slow.clear()
            await slow.wait()
    finally:
        scheduler.shutdown(wait=False)


async def test_looks_that_were_missed_are_made_up_for_once(house: House) -> None:
    frail = Frail(house.database)
    await house.says(PROBLEM)
    house.clock.passes(days=1)
    frail.breaks("due", LostDatabase(), LostDatabase())
    reminded = asyncio.Event()
    scheduler = schedule.start({"reminders": (0.01, Reminders(frail, reminded.set).look)})
    try:
        async with asyncio.timeout(20):
            await reminded.wait()
    finally:
        scheduler.shutdown(wait=False)
    assert await house.column("select count(*) from inbox where kind = 'nudge'") == [1]
