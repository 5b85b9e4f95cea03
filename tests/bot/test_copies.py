"""What people wrote is deleted at Twilio once it was heard here, and not before all of it is here."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.twilio import Twilio
from bot.copies import TRIES, Copies
from core.messages import InboundMessage
from core.talk import Attachment
from flows.conversation import Conversation
from tests.bot.house import House, house_in
from tests.peers import twilio_api
from tests.peers.twilio_api import NUMBER, SID, TOKEN, TwilioApi

HER = "+436601234567"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    async with twilio_api.running() as api:
        yield api


@pytest.fixture
async def copies(house: House, api: TwilioApi) -> AsyncIterator[Copies]:
    twilio = Twilio("text", SID, TOKEN, NUMBER, "sms", api_url=api.url)
    yield Copies(house.database, {"text": twilio})
    await twilio.close()


async def writes(house: House, api: TwilioApi, *media: str, **more: Any) -> str:
    """Somebody writes by SMS; the message's name at Twilio."""
    sid = api.came(*media)
    await house.hears(
        "The lamp is broken", HER, **({"account": "text", "external_id": sid, "ref": sid} | more)
    )
    return sid


async def test_it_stays_until_it_was_heard_and_goes_then(
    house: House, api: TwilioApi, copies: Copies
) -> None:
    sid = await writes(house, api)
    assert await copies.look() == 0
    assert sid in api.messages
    await house.turns()
    assert await copies.look() == 1
    assert api.messages == {}
    asked = len(api.calls)
    house.clock.passes(days=1)
    assert (await copies.look(), len(api.calls)) == (0, asked)


async def test_a_photo_is_fetched_first(house: House, api: TwilioApi, copies: Copies) -> None:
    sid = await writes(house, api, "ME1", attachments=(Attachment("photo1", "photo", "https://there"),))
    await house.turns()
    assert await copies.look() == 0
    house.clock.passes(seconds=20)
    assert await copies.look() == 0
    assert (list(api.messages), api.media[sid]) == ([sid], ["ME1"])
    await house.change("update media set state = 'kept', file = 'photo1.jpg'")
    house.clock.passes(seconds=20)
    assert await copies.look() == 1
    assert (api.messages, api.media[sid]) == ({}, [])


async def test_what_was_set_aside_goes_too_and_its_photo_is_fetched_first(
    house: House, api: TwilioApi, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    sid = await writes(house, api, "ME1", attachments=(Attachment("photo1", "photo", "https://there"),))
    with monkeypatch.context() as failing:
        failing.setattr(Conversation, "converse", lambda *_: 1 / 0)
        for _ in range(3):
            assert await copies.look() == 0
            await house.turns()
            house.clock.passes(minutes=1)
    assert await house.column("select status from inbox where ref <> ''") == ["aside"]
    assert await copies.look() == 0
    assert (list(api.messages), api.media[sid]) == ([sid], ["ME1"])
    await house.change("update media set state = 'gone'")
    house.clock.passes(seconds=20)
    assert await copies.look() == 1
    assert api.messages == {}


async def test_so_does_what_another_version_wrote_down(house: House, api: TwilioApi, copies: Copies) -> None:
    await writes(house, api)
    await house.change("update inbox set body = '{\"account\": 7}'")
    await house.turns()
    assert await house.column("select status from inbox") == ["aside"]
    assert await copies.look() == 1
    assert api.messages == {}


async def test_what_came_from_nobody_stays_for_it_is_nowhere_else(
    house: House, api: TwilioApi, copies: Copies
) -> None:
    sid = api.came()
    await house.store(InboundMessage("text", "unreadable", sid, address="", ref=sid))
    await house.turns()
    assert await copies.look() == 0
    assert list(api.messages) == [sid]


async def test_where_twilio_shall_keep_it_nothing_is_deleted(house: House, api: TwilioApi) -> None:
    sid = await writes(house, api)
    await house.turns()
    await Copies(house.database, {}).look()
    assert (list(api.messages), api.calls) == ([sid], [])
    assert await house.column("select count(*) from due where kind = 'copy' and done_at is null") == [0]


async def test_on_other_channels_nothing_is_to_be_deleted(house: House, api: TwilioApi) -> None:
    await writes(house, api, account="bell")
    await house.turns()
    assert await house.column("select count(*) from due where kind = 'copy'") == [0]


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ("Twilio is away", {"status": 503}),
        ("it is not delivered yet, says Twilio", {"status": 409, "code": 20009}),
        ("the token is wrong", {"status": 401, "code": 20003}),
    ],
)
async def test_what_could_not_be_deleted_is_tried_again_ever_later(
    house: House, api: TwilioApi, copies: Copies, label: str, fault: dict[str, Any]
) -> None:
    sid = await writes(house, api)
    await house.turns()
    api.fail(method="DELETE", path=f"{sid}.json", times=2, **fault)
    waits = []
    while not await copies.look():
        (due_at,) = await house.column("select at from due where kind = 'copy'")
        waits.append((due_at - house.clock.now) / 1_000_000)
        house.clock.now = due_at
    assert (waits, api.messages) == ([10, 20], {})


async def test_nobody_asks_for_ever(house: House, api: TwilioApi, copies: Copies) -> None:
    sid = await writes(house, api)
    await house.turns()
    await house.change(f"update due set attempts = {TRIES} where kind = 'copy'")
    api.fail(method="DELETE", path=f"{sid}.json", status=503, times=9)
    await copies.look()
    assert await house.column("select count(*) from due where kind = 'copy' and done_at is null") == [0]


async def test_a_hundred_go_in_a_few_looks_and_leave_room_for_those_who_write(
    house: House, api: TwilioApi, copies: Copies
) -> None:
    for person in range(100):
        sid = api.came()
        more = {"account": "text", "external_id": sid, "ref": sid}
        await house.store(house.message("hello", f"+43660{person:07}", **more))
    await house.turns()
    gone = [await copies.look() for _ in range(8)]
    assert gone == [16, 16, 16, 16, 16, 16, 4, 0]
    assert api.messages == {}
