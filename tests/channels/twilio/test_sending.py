"""What we send by Twilio, and what its failures mean: over real HTTP, to an API of our own."""

import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.channels import Recalls
from bot.channels.twilio import Twilio
from bot.config import Template
from core.errors import (
    ChannelDown,
    ContactStopped,
    Knocked,
    MaybeSent,
    Paused,
    Refused,
    SendError,
    SentInPart,
    SilentTooLong,
    Throttled,
)
from core.messages import Cost, Opener, OutboundMessage
from core.talk import Option, Pick
from tests.peers import twilio_api
from tests.peers.ports import free_port
from tests.peers.twilio_api import NUMBER, ON_WHATSAPP, SID, TOKEN, TwilioApi

STATUS = "https://bell.example.org/twilio/line/status"
HER = "+436601234567"
YES_NO = (Option(1, "yes", "Yes"), Option(2, "no", "No"))
WHATSAPP = {"channel": "whatsapp", "sender": ON_WHATSAPP}


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    async with twilio_api.running() as api:
        yield api


@asynccontextmanager
async def line(api: TwilioApi, **given: Any) -> AsyncIterator[Twilio]:
    """A sender of ours, by SMS unless it says so."""
    told: dict[str, Any] = {
        "sender": NUMBER, "channel": "sms", "status_url": STATUS, "api_url": api.url,
    } | given  # fmt: skip
    twilio = Twilio("line", SID, told.pop("token", TOKEN), **told)
    try:
        yield twilio
    finally:
        await twilio.close()


def message(text: str = "Good morning", **more: Any) -> OutboundMessage:
    return OutboundMessage(17, **({"address": HER, "text": text, "language": "en"} | more))


def question(*options: Option, text: str = "Shall we send it?", **more: Any) -> OutboundMessage:
    return message(text, options=options, run="k3x9ab", step="check", address=f"whatsapp:{HER}", **more)


async def fault_of(twilio: Twilio, sent: OutboundMessage | None = None) -> SendError:
    with pytest.raises(SendError) as raised:
        await twilio.send(sent or message())
    return raised.value


# SMS


async def test_a_text_goes_out_and_its_reports_name_our_row(api: TwilioApi) -> None:
    async with line(api) as twilio:
        sid = await twilio.send(message())
    assert api.messages == {
        sid: {"To": HER, "From": NUMBER, "Body": "Good morning", "StatusCallback": f"{STATUS}?row=17"}
    }
    assert api.asked("/Messages.json")[0].keys() == {"To", "From", "Body", "StatusCallback"}


async def test_a_messaging_service_sends_by_its_numbers(api: TwilioApi) -> None:
    service = f"MG{'1' * 32}"
    async with line(api, sender=service, status_url="") as twilio:
        await twilio.send(message())
    (sent,) = api.sent
    assert sent == {"To": HER, "MessagingServiceSid": service, "Body": "Good morning"}


async def test_options_are_numbered_lines_and_letters_are_folded_where_nothing_is_lost(
    api: TwilioApi,
) -> None:
    async with line(api) as twilio:
        asked = message("“Shall we send it?”", options=YES_NO)
        await twilio.send(asked)
        assert twilio.cost(asked) == Cost(segments=1)
    assert api.sent[0]["Body"] == '"Shall we send it?"\n1 Yes\n2 No'


async def test_a_message_costs_no_more_than_it_may_and_nothing_is_lost(api: TwilioApi) -> None:
    long = message(("слово " * 100).strip(), options=YES_NO)
    async with line(api, most_segments=2) as twilio:
        for _ in range(4):
            assert twilio.cost(long) == Cost(segments=2)
            part = await fault_of(twilio, long)
            assert isinstance(part, SentInPart)
            long = replace(long, sent=tuple(part.provider_ids.split(",")))
        await twilio.send(long)
    bodies = [one["Body"] for one in api.sent]
    assert all(len(body) <= 134 for body in bodies)
    assert " ".join(bodies).replace("\n", " ") == f"{long.text} 1 Yes 2 No"


async def test_of_several_parts_one_goes_out_at_a_time_and_none_twice(api: TwilioApi) -> None:
    async with line(api, most_segments=30) as twilio:
        long = message(" ".join(f"word{n}" for n in range(400)))
        first = await fault_of(twilio, long)
        assert isinstance(first, SentInPart)
        rest = message(long.text, sent=tuple(first.provider_ids.split(",")))
        api.fail(status=503)
        assert isinstance(await fault_of(twilio, rest), ChannelDown)
        ids = await twilio.send(rest)
        assert twilio.cost(long).segments + twilio.cost(rest).segments > 15
    one, two = api.sent
    assert f"{one['Body']} {two['Body']}" == long.text
    assert ids.split(",") == list(api.messages)
    # A report about the first says nothing about the whole.
    assert ("StatusCallback" in one, two["StatusCallback"]) == (False, f"{STATUS}?row=17")


async def test_what_is_sent_to_its_end_is_not_sent_again(api: TwilioApi) -> None:
    async with line(api) as twilio:
        assert await twilio.send(message(sent=("SM1",))) == "SM1"
    assert api.sent == []


# Faults


@pytest.mark.parametrize(
    ("label", "fault", "expected"),
    [
        ("too fast", {"status": 429, "code": 20429}, Throttled),
        ("too fast, a proxy says", {"status": 429}, Throttled),
        ("Twilio is ill and says so", {"status": 500, "code": 20500}, ChannelDown),
        ("Twilio is away", {"status": 503}, ChannelDown),
        ("nobody knows what broke", {"status": 500}, MaybeSent),
        ("a gateway waited in vain", {"status": 504}, MaybeSent),
        ("a gateway heard nonsense", {"status": 502, "after": True}, MaybeSent),
        ("a proxy forbids it", {"status": 403}, ChannelDown),
        ("they have stopped", {"status": 400, "code": 21610}, ContactStopped),
        ("no number", {"status": 400, "code": 21211}, Refused),
        ("a code that nobody knows", {"status": 400, "code": 29999}, Refused),
        ("silent for too long", {"status": 400, "code": 63016}, SilentTooLong),
        ("the queue is full", {"status": 400, "code": 21611}, Throttled),
        ("the line breaks before an answer", {}, MaybeSent),
        ("the line breaks after it was taken", {"after": True}, MaybeSent),
        ("yes in words that nobody understands", {"status": 200, "body": "yes"}, MaybeSent),
        ("yes without a name", {"status": 201, "body": "{}"}, MaybeSent),
    ],
)
async def test_what_a_failure_means(
    api: TwilioApi, label: str, fault: dict[str, Any], expected: type[SendError]
) -> None:
    api.fail(**fault)
    async with line(api) as twilio:
        error = await fault_of(twilio)
        assert type(error) is expected
        assert twilio.trouble is None
    assert len(api.sent) == int(fault.get("after", False))
    assert "Good morning" not in str(error) + repr(error) + repr(error.__cause__)


async def test_it_waits_as_long_as_twilio_asks(api: TwilioApi) -> None:
    api.fail(status=429, code=20429, headers={"Retry-After": "7"})
    api.fail(status=429, code=20429, headers={"Retry-After": "soon"}, skip=1)
    async with line(api) as twilio:
        for seconds in (7, 1):
            error = await fault_of(twilio)
            assert isinstance(error, Throttled)
            assert error.retry_after == timedelta(seconds=seconds)
            if seconds == 7:
                await twilio.send(message())


async def test_who_answers_too_late_may_have_taken_it(api: TwilioApi) -> None:
    api.fail(silent=True)
    async with line(api, answer_within=0.2) as twilio:
        assert isinstance(await fault_of(twilio), MaybeSent)


async def test_nobody_listens_so_it_was_never_sent(api: TwilioApi) -> None:
    async with line(api, api_url=f"http://127.0.0.1:{free_port()}") as twilio:
        assert type(await fault_of(twilio)) is ChannelDown


async def test_a_token_that_is_wrong_pauses_the_account_until_it_is_right(api: TwilioApi) -> None:
    api.token = "another"
    async with line(api) as twilio:
        assert isinstance(await fault_of(twilio), Paused)
        assert twilio.trouble is not None
        assert "SID and token" in twilio.trouble
        api.token = TOKEN
        await twilio.send(message())
        assert twilio.trouble is None


async def test_a_sender_that_is_not_ours_pauses_it_too(api: TwilioApi) -> None:
    api.fail(status=400, code=21606)
    async with line(api) as twilio:
        assert isinstance(await fault_of(twilio), Paused)
        assert twilio.trouble is not None
        assert "townbell doctor" in twilio.trouble


async def test_nothing_of_it_is_logged(api: TwilioApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api.fail(status=400, code=21211, skip=1)
    async with line(api) as twilio:
        await twilio.send(message("nobody shall read this"))
        await fault_of(twilio, message("nor that"))
    said = caplog.text
    assert not re.search(rf"nobody shall|nor that|{re.escape(HER)}|{TOKEN}|{SID}", said)


# WhatsApp


async def test_three_options_are_buttons_that_carry_what_was_asked(api: TwilioApi) -> None:
    async with line(api, **WHATSAPP) as twilio:
        asked = question(*YES_NO)
        await twilio.send(asked)
        assert twilio.cost(asked) == Cost(category="service")
    (sent,) = api.sent
    assert (sent["To"], sent["From"]) == (f"whatsapp:{HER}", ON_WHATSAPP)
    assert "Body" not in sent
    shape = as_shown(api, sent)
    assert shape["body"] == "Shall we send it?"
    assert [one["title"] for one in shape["actions"]] == ["1 Yes", "2 No"]
    assert [Pick.parse(one["id"]) for one in shape["actions"]] == [
        Pick("k3x9ab", "check", "yes"),
        Pick("k3x9ab", "check", "no"),
    ]


async def test_up_to_ten_are_a_list_with_long_labels_below(api: TwilioApi) -> None:
    options = (*(Option(n, f"o{n}", f"Topic {n}") for n in range(1, 10)), Option(10, "long", "y" * 70))
    async with line(api, **WHATSAPP, list_button={"en": "Choose"}) as twilio:
        await twilio.send(question(*options, language="en-GB"))
    shape = as_shown(api, api.sent[0])
    assert (shape["button"], len(shape["items"])) == ("Choose", 10)
    assert shape["items"][0] == {"item": "1 Topic 1", "id": "k3x9ab:check:o1"}
    assert shape["items"][9] == {"item": "10", "description": "y" * 70, "id": "k3x9ab:check:long"}


@pytest.mark.parametrize(
    ("label", "options"),
    [
        ("eleven", tuple(Option(n, f"o{n}", f"Topic {n}") for n in range(1, 12))),
        ("a label that no row holds", (Option(1, "long", "y" * 73), Option(2, "no", "No"))),
    ],
)
async def test_beyond_that_there_are_numbers(api: TwilioApi, label: str, options: tuple[Option, ...]) -> None:
    async with line(api, **WHATSAPP) as twilio:
        await twilio.send(question(*options))
    assert api.sent[0]["Body"].startswith("Shall we send it?\n\n1 ")
    assert api.contents == {}


async def test_three_long_labels_are_a_list_and_not_cut(api: TwilioApi) -> None:
    async with line(api, **WHATSAPP) as twilio:
        await twilio.send(question(Option(1, "a", "Yes, please send it now"), Option(2, "b", "No")))
    assert as_shown(api, api.sent[0])["items"][1]["item"] == "2 No"


async def test_a_question_is_one_content_for_everybody_and_after_a_restart(api: TwilioApi) -> None:
    for run in ("k3x9ab", "zzzzzz"):
        async with line(api, **WHATSAPP) as twilio:
            await twilio.send(question(*YES_NO))
            await twilio.send(message("Other words", options=YES_NO, run=run, step="check"))
    assert len(api.contents) == 1
    assert as_shown(api, api.sent[3])["actions"][0]["id"] == "zzzzzz:check:yes"


async def test_a_long_text_has_its_buttons_under_the_last_part(api: TwilioApi) -> None:
    text = " ".join(f"word{n}" for n in range(250))
    async with line(api, **WHATSAPP) as twilio:
        first = await fault_of(twilio, question(*YES_NO, text=text))
        assert isinstance(first, SentInPart)
        await twilio.send(question(*YES_NO, text=text, sent=(first.provider_ids,)))
    one, two = api.sent
    shape = as_shown(api, two)
    assert f"{one['Body']} {shape['body']}" == text
    assert len(shape["body"]) <= 1024


async def test_buttons_that_fail_between_two_parts_lose_no_word(api: TwilioApi) -> None:
    text = " ".join(f"word{n}" for n in range(200))
    async with line(api, **WHATSAPP) as twilio:
        first = await fault_of(twilio, question(*YES_NO, text=text))
        assert isinstance(first, SentInPart)
        api.fail(path="/Content", status=503)
        await twilio.send(question(*YES_NO, text=text, sent=(first.provider_ids,)))
    one, two = (sent["Body"] for sent in api.sent)
    assert f"{one} {two}" == f"{text}\n\n1 Yes\n2 No"


@pytest.mark.parametrize(
    ("label", "fault"),
    [
        ("it keeps no more", {"path": "/Content", "status": 400, "code": 20001}),
        ("it is ill", {"path": "/Content", "status": 500}),
        ("it does not list what it has", {"path": "/Content", "method": "GET", "status": 403, "code": 20403}),
        ("it says nonsense", {"path": "/Content", "status": 201, "body": "fine"}),
        ("it has lost it", {"status": 400, "code": 21655}),
        ("it does not take what fills it", {"status": 400, "code": 21656}),
    ],
)
async def test_where_twilio_keeps_no_buttons_numbers_do_and_nothing_is_lost(
    api: TwilioApi, label: str, fault: dict[str, Any]
) -> None:
    api.fail(**fault)
    async with line(api, **WHATSAPP) as twilio:
        await twilio.send(question(*YES_NO))
        await twilio.send(question(*YES_NO))
    assert [sent["Body"] for sent in api.sent] == ["Shall we send it?\n\n1 Yes\n2 No"] * 2


def as_shown(api: TwilioApi, sent: dict[str, str]) -> dict[str, Any]:
    """A content as the phone shows it: the variables filled."""
    (shape,) = api.contents[sent["ContentSid"]]["types"].values()
    written = json.dumps(shape)
    for name, value in json.loads(sent["ContentVariables"]).items():
        written = written.replace(f"{{{{{name}}}}}", json.dumps(value)[1:-1])
    shown: dict[str, Any] = json.loads(written)
    return shown


# Templates

WHOLE = Template(f"HX{'a' * 32}", ("council", "text"))
KNOCK = Template(f"HX{'b' * 32}", ("council", "reference"))
TEMPLATES = {"reply": {"en": WHOLE}, "news": {"ar": KNOCK}}
GRAZ = "Migrant council of Graz"


def opened(purpose: str, language: str, reference: str = "GRZ-7K4M", **more: Any) -> OutboundMessage:
    return question(
        *YES_NO, text="Is it\nsolved?", opener=Opener(purpose, GRAZ, reference), language=language, **more
    )


async def test_a_template_that_holds_the_message_is_the_message(api: TwilioApi) -> None:
    api.contents[WHOLE.sid] = {}
    async with line(api, **WHATSAPP, templates=TEMPLATES) as twilio:
        sid = await twilio.send(opened("reply", "en-GB"))
        assert twilio.cost(opened("reply", "en")) == Cost(category="utility")
        assert twilio.cost(opened("invitation", "en")) == Cost(category="marketing")
    sent = api.messages[sid]
    assert (sent["ContentSid"], sent["StatusCallback"]) == (WHOLE.sid, f"{STATUS}?row=17")
    assert json.loads(sent["ContentVariables"]) == {"1": GRAZ, "2": "Is it solved? 1 Yes 2 No"}


async def test_any_other_asks_them_to_write_and_the_message_waits(api: TwilioApi) -> None:
    api.contents[KNOCK.sid] = {}
    async with line(api, **WHATSAPP, templates=TEMPLATES) as twilio:
        knock = await fault_of(twilio, opened("news", "ar"))
    (sent,) = api.sent
    assert isinstance(knock, Knocked)
    assert api.messages[knock.provider_id] == sent
    assert json.loads(sent["ContentVariables"]) == {"1": GRAZ, "2": "GRZ-7K4M"}
    # "Delivered" would be of the template, not of the message.
    assert sent["StatusCallback"] == f"{STATUS}?knock=17"


async def test_a_message_that_is_too_long_for_its_template_follows_whole(api: TwilioApi) -> None:
    api.contents[WHOLE.sid] = {}
    async with line(api, **WHATSAPP, templates=TEMPLATES) as twilio:
        long = message("word " * 300, opener=Opener("reply", GRAZ, ""))
        assert isinstance(await fault_of(twilio, long), Knocked)
    assert json.loads(api.sent[0]["ContentVariables"])["2"].endswith("…")


@pytest.mark.parametrize(
    ("label", "asked"),
    [
        ("no template in that language", opened("news", "de")),
        ("none for that", opened("reminder", "en")),
        ("nothing to fill it with", opened("news", "ar", reference="")),
    ],
)
async def test_where_no_template_fits_nothing_is_sent(
    api: TwilioApi, label: str, asked: OutboundMessage
) -> None:
    async with line(api, **WHATSAPP, templates=TEMPLATES) as twilio:
        assert isinstance(await fault_of(twilio, asked), SilentTooLong)
    assert api.calls == []


async def test_a_template_that_twilio_does_not_take_is_as_if_it_were_not_there(api: TwilioApi) -> None:
    async with line(api, **WHATSAPP, templates=TEMPLATES) as twilio:
        assert isinstance(await fault_of(twilio, opened("news", "ar")), SilentTooLong)
    assert api.sent == []


async def test_it_knows_which_templates_it_has(api: TwilioApi) -> None:
    async with line(api, **WHATSAPP, templates=TEMPLATES) as twilio:
        found = [twilio.opens(*asked) for asked in (("news", "ar"), ("news", "en"), ("reply", "en-GB"))]
    assert found == [True, False, True]


# Taking back


async def test_messages_are_deleted_with_their_media_and_what_is_gone_is_gone(api: TwilioApi) -> None:
    one, two, kept = api.came("ME1", "ME2"), api.came(), api.came()
    async with line(api) as twilio:
        assert isinstance(twilio, Recalls)
        for _ in range(2):
            await twilio.recall(HER, [f"{one},{two}", ""])
    assert (list(api.messages), api.media[one]) == ([kept], [])


@pytest.mark.parametrize(
    ("label", "fault", "expected"),
    [
        ("it is still on its way", {"status": 409, "code": 20009}, ChannelDown),
        ("the line breaks, and again", {"times": 2}, ChannelDown),
        ("too fast", {"status": 429, "code": 20429}, Throttled),
        ("the token is wrong", {"status": 401, "code": 20003}, Paused),
    ],
)
async def test_what_could_not_be_deleted_is_tried_again(
    api: TwilioApi, label: str, fault: dict[str, Any], expected: type[SendError]
) -> None:
    sid = api.came()
    api.fail(method="DELETE", path=f"/{sid}.json", **fault)
    async with line(api) as twilio:
        with pytest.raises(SendError) as raised:
            await twilio.recall(HER, [sid])
        assert type(raised.value) is expected
        await twilio.recall(HER, [sid])
    assert api.messages == {}
