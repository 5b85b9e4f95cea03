"""What the doctor says of a sender at Twilio: each wrong thing is a sentence that says what to click."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.config import Http, Secret, Settings, Template, TwilioAccount
from bot.doctor_twilio import look
from tests.bot.house import GRAZ
from tests.peers import twilio_api
from tests.peers.ports import free_port
from tests.peers.twilio_api import NUMBER, ON_WHATSAPP, SID, TOKEN, TwilioApi

OURS = "https://bell.example.org/twilio/line"
SERVICE = f"MG{'1' * 32}"
TEMPLATE = f"HX{'a' * 32}"
SMS = TwilioAccount("line", "sms", "graz", SID, Secret(TOKEN), NUMBER)
WHATSAPP = replace(SMS, channel="whatsapp", sender=ON_WHATSAPP)
TEMPLATED = replace(WHATSAPP, templates={"news": {"ar": Template(TEMPLATE, ("council", "reference"))}})


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    """A Twilio where all is well."""
    async with twilio_api.running() as api:
        posts = {"sms_url": OURS, "sms_method": "POST"}
        api.numbers = [{"phone_number": NUMBER, "capabilities": {"sms": True}, **posts}]
        api.services[SERVICE] = {
            "friendly_name": "council",
            "inbound_request_url": OURS,
            "inbound_method": "POST",
        }
        webhook = {"callback_url": OURS, "callback_method": "POST"}
        api.senders = [{"sid": "XE1", "sender_id": ON_WHATSAPP, "status": "ONLINE", "webhook": webhook}]
        api.contents[TEMPLATE] = {"friendly_name": "news", "variables": {"1": "council", "2": "reference"}}
        api.approvals[TEMPLATE] = "approved"
        yield api


async def asked(account: TwilioAccount, url: str) -> tuple[list[str], list[str]]:
    """What is well, and what is to be mended."""
    account = replace(account, api_url=url)
    settings = Settings("here", (GRAZ,), (account,), http=Http(public_url="https://bell.example.org"))
    found = [one async for one in look(account, settings, 5)]
    return [one.said for one in found if one.well], [one.said for one in found if not one.well]


@pytest.mark.parametrize(
    ("label", "account", "last"),
    [
        ("a number", SMS, "Twilio has no number with two-way SMS in AT now; one abroad costs people more"),
        ("a service", replace(SMS, sender=SERVICE), "Twilio has no number with two-way SMS in AT now"),
        ("WhatsApp", WHATSAPP, f"what comes in is posted to {OURS}"),
        ("templates", TEMPLATED, f"template news (ar), {TEMPLATE}: approved"),
    ],
)
async def test_all_is_well(api: TwilioApi, label: str, account: TwilioAccount, last: str) -> None:
    well, mends = await asked(account, api.url)
    assert mends == []
    assert 'Twilio ("line"): the SID and the token are taken' in well
    assert f'Twilio ("line"): what comes in is posted to {OURS}' in well
    assert last in well[-1]
    assert {method for method, _, _ in api.calls} == {"GET"}


@pytest.mark.parametrize(
    ("label", "account", "change", "said"),
    [
        ("the token is wrong", SMS, {"token": "another"}, "API keys & tokens"),
        ("not our number", SMS, {"numbers": []}, "Phone Numbers > Manage > Active numbers"),
        (
            *("it hears nothing", SMS),
            *({"numbers": [{"phone_number": NUMBER, "capabilities": {"sms": False}}]}, "Buy a number"),
        ),
        (
            *("it calls somebody else", SMS),
            {
                "numbers": [
                    {"phone_number": NUMBER, "capabilities": {"sms": True}, "sms_url": "https://old.org/"}
                ]
            },
            f"goes to POST old.org. Twilio Console > Phone Numbers > Manage > Active numbers > {NUMBER}",
        ),
        ("no such service", replace(SMS, sender=SERVICE), {"services": {}}, "Messaging > Services"),
        (
            *("each number calls for itself", replace(SMS, sender=SERVICE)),
            {"services": {SERVICE: {"friendly_name": "council", "use_inbound_webhook_on_number": True}}},
            "Messaging > Services > council > Integration: send a webhook",
        ),
        ("no such short code", replace(SMS, sender="77777"), {}, "Short codes"),
        ("not on WhatsApp", WHATSAPP, {"senders": []}, "WhatsApp senders"),
        (
            *("WhatsApp has it offline", WHATSAPP),
            *({"senders": [{"sender_id": ON_WHATSAPP, "status": "OFFLINE"}]}, "is OFFLINE"),
        ),
        ("no such template", TEMPLATED, {"contents": {}}, "there is none"),
        (
            *("another number of variables", TEMPLATED),
            *({"contents": {TEMPLATE: {"variables": {"1": "council"}}}}, "1 variables there, and 2 here"),
        ),
        ("not approved", TEMPLATED, {"approvals": {TEMPLATE: "rejected"}}, 'not approved it ("rejected")'),
    ],
)
async def test_what_is_wrong_says_what_to_click(
    *, api: TwilioApi, label: str, account: TwilioAccount, change: dict[str, Any], said: str
) -> None:
    for name, value in change.items():
        setattr(api, name, value)
    _, mends = await asked(account, api.url)
    assert any(said in one for one in mends), mends
    assert all(one.startswith('Twilio ("line"): ') and TOKEN not in one for one in mends)


async def test_a_country_without_numbers_is_said(api: TwilioApi) -> None:
    api.two_way = set()
    well, mends = await asked(SMS, api.url)
    assert (mends, "Twilio has no numbers in AT" in well[-1]) == ([], True)


async def test_no_way_to_twilio() -> None:
    well, mends = await asked(SMS, f"http://127.0.0.1:{free_port()}")
    assert well == []
    assert mends == ['Twilio ("line"): 127.0.0.1 does not answer. Check this machine\'s way out.']


async def test_a_part_that_is_not_there_is_named(api: TwilioApi) -> None:
    api.fail(method="GET", path="/v2/Channels/Senders", status=404)
    well, mends = await asked(WHATSAPP, api.url)
    assert well == ['Twilio ("line"): the SID and the token are taken']
    (said,) = mends
    assert said.startswith(f'Twilio ("line"): {api.url}/v2/Channels/Senders answers 404')
    assert "api_url" in said


async def test_an_answer_that_is_a_fault_is_no_silence(api: TwilioApi) -> None:
    api.fail(method="GET", path="/IncomingPhoneNumbers.json", status=503)
    _, (said,) = await asked(SMS, api.url)
    assert f"{SID}/IncomingPhoneNumbers.json answers with status 503. Ask again" in said
    assert "%2B" not in said
