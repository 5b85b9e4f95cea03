"""Messages on their way through Twilio: in order, none lost, none twice, and what each cost."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import clock, outbox
from bot.config import Template
from bot.schedule import Reminders
from bot.telling import Telling
from core.messages import Lane
from core.sms import segments
from storage import answers
from storage.answers import Said
from storage.outbox import KNOCKED, OUTSIDE
from storage.reports import Report, reported
from tests.bot.desk import Desk
from tests.bot.house import EMPOLI, GRAZ, MORNING, House, at, at_work, house_in, words
from tests.bot.phones import NEWS
from tests.peers.twilio_api import TOKEN, TwilioApi

HER, HIS = "+436601234567", "+436607654321"
ON_HERS = f"whatsapp:{HER}"
LONG = " ".join(f"word{n}" for n in range(400))


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


def bodies(api: TwilioApi) -> list[str]:
    return [one["Body"].partition(" ")[0] for one in api.sent]


# Order, and nothing twice


async def test_one_a_second_leaves_by_sms_and_order_is_kept(
    house: House, api: TwilioApi, lines: Any, counting: Any
) -> None:
    await house.queue("one", "two", who=HER, account="text")
    await house.queue("news", who=HER, account="text", lane=Lane.BULK)
    sender = house.sender(lines(per_second=1))
    sent = []
    for _ in range(4):
        await house.sends(sender)
        sent.append(bodies(api))
        counting.now += 1
    assert sent == [["one"], ["one", "two"], ["one", "two", "news"], ["one", "two", "news"]]


async def test_a_restart_between_two_parts_repeats_neither(house: House, api: TwilioApi, lines: Any) -> None:
    await house.queue(LONG, "behind", who=HER, account="text")
    sender = house.sender(lines())
    async with house.database.seat("send:text") as seat:
        await sender.step(seat)
        await asyncio.wait(sender._flying)
        await sender._land(seat)
    assert await house.fates() == [("queued", "in parts"), ("queued", "")]
    await house.sends(house.sender(lines()))
    one, two, behind = (sent["Body"] for sent in api.sent)
    assert (f"{one} {two}", behind) == (LONG, "behind")
    (row,) = await house.rows("select provider_id, segments from outbox where id = 1")
    paid = segments(one) + segments(two)
    assert row == {"provider_id": ",".join(list(api.messages)[:2]), "segments": paid}


async def test_a_crash_while_a_part_is_on_its_way_repeats_that_part_alone(
    house: House, api: TwilioApi, lines: Any
) -> None:
    await house.queue(LONG, who=HER, account="text")
    sender = house.sender(lines())
    async with house.database.seat("send:text") as seat:
        await sender.step(seat)
        await asyncio.wait(sender._flying)
        await sender._land(seat)
    await house.claim(account="text")  # and dies
    again = house.sender(lines())
    async with at_work(again.run()):
        await house.settled(("sent", ""))
    one, two = (sent["Body"] for sent in api.sent)
    assert f"{one} {two}" == LONG


async def test_a_line_that_dies_in_the_second_part_repeats_only_that(
    house: House, api: TwilioApi, lines: Any
) -> None:
    api.fail(skip=1, after=True)
    await house.queue(LONG, who=HER, account="text")
    sender = house.sender(lines())
    await house.sends(sender)
    assert await house.fates() == [("queued", "unsure")]
    house.clock.passes(minutes=1)
    await house.sends(sender)
    one, two, again = (sent["Body"] for sent in api.sent)
    assert (f"{one} {two}", again) == (LONG, two)


@pytest.mark.parametrize(
    ("label", "if_unsure", "fate", "times"),
    [
        ("a reply is said again", "again", ("sent", ""), 2),
        ("a broadcast is not", "leave", ("unknown", "unsure"), 1),
    ],
)
async def test_a_line_that_dies_after_it_was_taken(
    *, house: House, api: TwilioApi, lines: Any, label: str, if_unsure: Any, fate: Any, times: int
) -> None:
    api.fail(after=True)
    await house.queue("one", who=HER, account="text", if_unsure=if_unsure)
    sender = house.sender(lines())
    await house.sends(sender)
    house.clock.passes(minutes=1)
    await house.sends(sender)
    assert (await house.fates(), bodies(api)) == ([fate], ["one"] * times)


@pytest.mark.parametrize(
    ("label", "fault", "reason"),
    [
        ("too fast", {"status": 429, "code": 20429}, "throttled"),
        ("ill", {"status": 500, "code": 20500}, "down"),
        ("away", {"status": 503}, "down"),
    ],
)
async def test_what_was_not_taken_is_sent_again_and_once(
    *, house: House, api: TwilioApi, lines: Any, counting: Any, label: str, fault: Any, reason: str
) -> None:
    api.fail(**fault)
    await house.queue("one", "two", who=HER, account="text", if_unsure="leave")
    sender = house.sender(lines())
    await house.sends(sender)
    assert await house.fates() == [("queued", reason), ("queued", "")]
    house.clock.passes(seconds=2)
    counting.now += 2
    await house.sends(sender)
    assert bodies(api) == ["one", "two"]


async def test_an_answer_that_takes_too_long_is_a_maybe(house: House, api: TwilioApi, lines: Any) -> None:
    api.fail(silent=True)
    await house.queue("one", who=HER, account="text", if_unsure="leave")
    await house.sends(house.sender(lines(answer_within=0.2)))
    assert await house.fates() == [("unknown", "unsure")]


async def test_who_has_stopped_at_twilio_hears_no_more(house: House, api: TwilioApi, lines: Any) -> None:
    api.fail(status=400, code=21610)
    await house.queue("one", "two", who=HER, account="text")
    sender = house.sender(lines())
    await house.sends(sender)
    await house.queue("three", who=HIS, account="text")
    await house.queue("four", who=HER, account="text")
    await house.sends(sender)
    fates = [("refused", "stopped"), ("dropped", "blocked"), ("sent", ""), ("dropped", "blocked")]
    assert (await house.fates(), bodies(api)) == (fates, ["three"])


async def test_with_a_wrong_token_the_account_pauses_and_nothing_is_lost(
    house: House, api: TwilioApi, lines: Any, counting: Any
) -> None:
    api.token = "another"
    for person in range(9):
        await house.queue("hello", who=f"+43660000000{person}", account="text")
    twilio = lines()
    sender = house.sender(twilio)
    await house.sends(sender)
    asked = len(api.calls)
    assert asked <= twilio.in_flight
    assert "SID and token" in (twilio.trouble or "")
    for seconds in (30, 31):
        counting.now += seconds
        house.clock.passes(seconds=seconds)
        await house.sends(sender)
        assert len(api.calls) == asked or seconds == 31
    api.token = TOKEN
    counting.now += 61
    house.clock.passes(seconds=61)
    await house.sends(sender)
    assert (len(api.sent), twilio.trouble) == (9, None)


# What it costs


async def test_what_was_sent_is_counted(house: House, api: TwilioApi, lines: Any) -> None:
    await house.queue("слово " * 30, who=HER, account="text")
    await house.sends(house.sender(lines()))
    await house.queue("hello", who=ON_HERS, account="app")
    await house.sends(house.sender(lines("app")))
    rows = await house.rows("select segments, category from outbox order by id")
    assert rows == [{"segments": 3, "category": ""}, {"segments": 0, "category": "service"}]
    told = house.metrics.text().decode()
    assert 'townbell_segments_total{account="text",channel="sms"} 3.0' in told
    assert 'townbell_messages_paid_total{account="text",category="",channel="sms"} 1.0' in told
    assert 'townbell_messages_paid_total{account="app",category="service",channel="whatsapp"} 1.0' in told


# The window


async def test_after_a_day_they_are_asked_to_write_and_then_hear_it(
    house: House, api: TwilioApi, lines: Any
) -> None:
    await house.queue("The lift runs again", who=ON_HERS, account="app", purpose="news")
    house.clock.passes(hours=24)
    await house.change(
        "insert into issue (council_id, contact_id, reference, kind, channel, notice_version, filed_at,"
        " hear_by) values (1, 1, 'GRZ-7K4M', 'problem', 'whatsapp', '1', 1, 2)"
    )
    sender = house.sender(lines("app", templates={"news": {"en": NEWS}}))
    for _ in range(2):
        await house.sends(sender)
        assert await house.fates() == [("queued", KNOCKED)]
        house.clock.passes(hours=24)
    (knock,) = api.sent
    assert json.loads(knock["ContentVariables"]) == {"1": GRAZ.name, "2": "GRZ-7K4M"}
    await house.hears("yes?", ON_HERS, account="app")
    await house.sends(sender)
    assert api.sent[1]["Body"] == "The lift runs again"
    (row,) = await house.rows("select status, category from outbox")
    assert row == {"status": "sent", "category": "service"}


@pytest.mark.parametrize(
    ("label", "hour", "reminded"),
    [
        ("at noon", 12, MORNING.replace(day=21, hour=9, minute=55)),
        ("early in the morning", 2, MORNING.replace(hour=20)),
    ],
)
async def test_a_draft_is_reminded_of_while_free_text_may_go_out_and_not_at_night(
    *, house: House, api: TwilioApi, lines: Any, label: str, hour: int, reminded: Any
) -> None:
    house.clock.is_set_to(MORNING.replace(hour=hour))
    await house.says("The lift is broken", ON_HERS, account="app")
    (due_at,) = await house.column("select at from due where kind = 'remind'")
    assert due_at == at(reminded), label
    house.clock.now = due_at
    await Reminders(house.database, lambda: None).look()
    await house.turns()
    await house.sends(house.sender(lines("app")))
    said = json.loads(api.sent[-1]["ContentVariables"])["1"]  # above its buttons
    assert said.startswith(words()["en"].say("draft.reminder"))


async def test_on_other_channels_a_draft_is_reminded_of_after_a_day(house: House) -> None:
    await house.says("The lift is broken", HER, account="text")
    assert await house.column("select at from due where kind = 'remind'") == [house.clock.now + clock.DAY]


async def test_when_what_asks_them_to_write_is_in_vain_staff_are_told(
    house: House, api: TwilioApi, lines: Any
) -> None:
    await house.queue("The lift runs again", who=ON_HERS, account="app")
    await joins(house)
    house.clock.passes(hours=24)
    asks = {"reply": {"en": Template(NEWS.sid, ("council",))}}
    await house.sends(house.sender(lines("app", templates=asks)))
    assert (await house.fates())[0] == ("queued", KNOCKED)
    in_vain = Report("app", 1, next(iter(api.messages)), "refused", "error 63024", knock=True)
    await house.database.transaction(lambda tx: reported(tx, in_vain, house.clock.now))
    assert (await house.fates())[0] == ("queued", OUTSIDE)
    await Telling(house.database, {GRAZ.key: GRAZ, EMPOLI.key: EMPOLI}, words()).look()
    told = [one.text for one in (await house.queued()).values() if "WhatsApp" in one.text]
    assert told == [words()["de"].say("desk.told.waits_somebody")]


async def test_a_report_that_is_faster_than_our_record_of_the_knock_counts(
    house: House, api: TwilioApi, lines: Any
) -> None:
    await house.queue("The lift runs again", who=ON_HERS, account="app")
    house.clock.passes(hours=24)
    sender = house.sender(lines("app", templates={"reply": {"en": Template(NEWS.sid, ("council",))}}))
    async with house.database.seat("send:app") as seat:
        await sender.step(seat)
        await asyncio.wait(sender._flying)
        in_vain = Report("app", 1, next(iter(api.messages)), "refused", "error 63024", knock=True)
        await house.database.transaction(lambda tx: reported(tx, in_vain, house.clock.now))
        assert await house.fates() == [("sending", "")]
        await sender._land(seat)
    assert await house.fates() == [("queued", OUTSIDE)]


async def test_without_a_template_it_waits_and_staff_are_told_why(
    house: House, api: TwilioApi, lines: Any
) -> None:
    await house.queue("The lift runs again", "and more", who=ON_HERS, account="app")
    await joins(house)
    house.clock.passes(hours=24)
    sender = house.sender(lines("app"))
    for _ in range(2):
        await house.sends(sender)
        await Telling(house.database, {GRAZ.key: GRAZ, EMPOLI.key: EMPOLI}, words()).look()
    assert api.calls == []
    told = [one.text for one in (await house.queued()).values() if "WhatsApp" in one.text]
    assert told == [words()["de"].say("desk.told.waits_somebody")]
    await house.hears("hello", ON_HERS, account="app")
    await house.sends(sender)
    assert [one["Body"] for one in api.sent] == ["The lift runs again", "and more"]


async def test_who_wrote_an_answer_hears_by_its_reference_that_it_waits(house: House, lines: Any) -> None:
    desk = Desk(house)
    await desk.joins("anna")
    await house.says("The lift is broken", ON_HERS, account="app")
    await house.says("1", ON_HERS, account="app")
    (reference,) = await house.column("select reference from issue")
    await house.change("update outbox set status = 'sent', body = null")
    await house.database.transaction(
        lambda tx: answers.answer(tx, reference, Said("seen"), house.clock.now, "en")
    )
    house.clock.passes(days=3)
    await desk.works()
    await house.sends(house.sender(lines("app")))
    await desk.works()
    told = [one.text for one in (await house.queued()).values()]
    assert words()["de"].say("desk.told.waits", reference=reference) in told


async def test_who_writes_before_staff_are_told_is_not_told_of(house: House, lines: Any) -> None:
    await house.queue("The lift runs again", who=ON_HERS, account="app")
    await joins(house)
    house.clock.passes(hours=24)
    sender = house.sender(lines("app"))
    await house.sends(sender)
    await house.hears("hello", ON_HERS, account="app")
    await house.sends(sender)
    await Telling(house.database, {GRAZ.key: GRAZ, EMPOLI.key: EMPOLI}, words()).look()
    assert not [one for one in (await house.queued()).values() if "WhatsApp" in one.text]


async def test_a_template_that_cannot_be_filled_is_as_none(house: House, api: TwilioApi, lines: Any) -> None:
    await house.queue("The lift runs again", who=ON_HERS, account="app", purpose="news")
    house.clock.passes(hours=24)
    await house.sends(house.sender(lines("app", templates={"news": {"en": NEWS}})))
    assert (await house.fates(), api.sent) == ([("queued", OUTSIDE)], [])
    assert await house.column("select count(*) from due where kind = 'tell'") == [1]


async def joins(house: House) -> None:
    """Anna works for the council, and is written to in German."""
    await Desk(house).joins("anna")
    await house.change("update outbox set status = 'sent', body = null where account_id = 1")
