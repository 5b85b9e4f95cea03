"""Sending to an emulator of Twilio that others wrote: by SMS and on WhatsApp, and what its failures mean."""

import asyncio
from typing import Any

import pytest

from bot.channels.twilio import Twilio
from core.errors import ChannelDown, ContactStopped, MaybeSent, Paused, Refused, SendError, Throttled
from core.messages import OutboundMessage
from core.talk import Option
from tests.peers.twilio_emulator import SID, TOKEN, EmulatedNumber, TwilioEmulator

SALAM = "سلام 👩🏽‍🌾 & 1 + %41"


@pytest.fixture(params=[False, True], ids=["sms", "whatsapp"])
def them(request: pytest.FixtureRequest, twilio_emulator: TwilioEmulator) -> EmulatedNumber:
    """A number of ours there."""
    return twilio_emulator.number("http://127.0.0.1:9/twilio/line", whatsapp=request.param)


def sender(them: EmulatedNumber, token: str = TOKEN, number: str = "") -> Twilio:
    channel: Any = "whatsapp" if them.number.startswith("whatsapp:") else "sms"
    return Twilio("line", SID, token, number or them.number, channel, api_url=them.emulator.url)


def message(them: EmulatedNumber, *, text: str = SALAM, options: tuple[Option, ...] = ()) -> OutboundMessage:
    return OutboundMessage(7, them.person(), text, "fa", options, "k3x9ab", "check")


async def test_it_arrives_as_it_was_written_and_options_have_numbers(them: EmulatedNumber) -> None:
    line = sender(them)
    ours = await line.send(message(them, options=(Option(1, "send", "بفرست"),)))
    await line.close()
    (sent,) = await asyncio.to_thread(them.wait_sent)
    # This Twilio keeps no contents, so there are numbers on WhatsApp too.
    assert (sent["sid"], [*filter(None, sent["body"].splitlines())]) == (ours, [SALAM, "1 بفرست"])


@pytest.mark.parametrize(
    ("label", "status", "code", "expected"),
    [
        ("too fast", 429, 20429, Throttled),
        ("ill", 500, 20500, ChannelDown),
        ("a gateway's", 502, 0, MaybeSent),
        ("stopped", 400, 21610, ContactStopped),
        ("no mobile", 400, 21614, Refused),
    ],
)
async def test_what_it_refuses(
    them: EmulatedNumber, label: str, status: int, code: int, expected: type[SendError]
) -> None:
    await asyncio.to_thread(them.emulator.refuse, status, code)
    assert await fault_of(sender(them), message(them)) is expected
    assert await asyncio.to_thread(them.sent) == []


async def test_a_line_that_breaks_after_it_was_taken(them: EmulatedNumber) -> None:
    await asyncio.to_thread(them.emulator.lose)
    assert await fault_of(sender(them), message(them)) is MaybeSent
    assert len(await asyncio.to_thread(them.wait_sent)) == 1


async def test_credentials_and_senders_that_are_not_ours(them: EmulatedNumber) -> None:
    assert await fault_of(sender(them, "another" + TOKEN[7:]), message(them)) is Paused
    stranger = them.number[:-7] + "9999999"
    assert await fault_of(sender(them, number=stranger), message(them)) is Paused


async def fault_of(line: Twilio, sent: OutboundMessage) -> type[SendError]:
    with pytest.raises(SendError) as raised:
        await line.send(sent)
    await line.close()
    return type(raised.value)
