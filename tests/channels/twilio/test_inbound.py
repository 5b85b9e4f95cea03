"""Every kind of message that Twilio posts, one file each in payloads/, and what we make of it."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.twilio_inbound import NotForUs, decode_message
from bot.channels.twilio_signature import Fields
from core.messages import InboundMessage
from core.talk import Attachment, Command, Place

PAYLOADS = sorted(Path(__file__).parent.joinpath("payloads").glob("*.json"))
SMS = json.loads(Path(__file__).parent.joinpath("payloads/sms_text.json").read_text())["post"]
WHATSAPP = json.loads(Path(__file__).parent.joinpath("payloads/whatsapp_text.json").read_text())["post"]


def fields(post: dict[str, str]) -> Fields:
    return Fields({name: [value] for name, value in post.items()})


def decode(case: dict[str, Any]) -> InboundMessage:
    return decode_message(fields(case["post"]), "phone", case["channel"])


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_a_message_is_heard_as_it_was_meant(path: Path):
    case = json.loads(path.read_text())
    assert decode(case) == heard(case["heard"])


def heard(said: dict[str, Any]) -> InboundMessage:
    files, place, answered = said.pop("attachments", []), said.pop("place", None), said.pop("answered", None)
    return InboundMessage(
        **{"account": "phone", "address": ""} | said,
        attachments=tuple(Attachment("", kind, remote) for kind, remote in files),
        place=Place(*place) if place else None,
        answered=Command(answered) if answered else None,
    )


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_nobody_is_named(path: Path):
    kept = repr(decode(json.loads(path.read_text())))
    for name in ("Amina", "ProfileName", "Landlord"):
        assert name not in kept


@pytest.mark.parametrize(
    ("label", "channel", "post", "said"),
    [
        ("no MessageSid", "sms", SMS | {"MessageSid": ""}, "has a MessageSid"),
        ("a MessageSid that is none", "sms", SMS | {"MessageSid": "17"}, "has a MessageSid"),
        ("SMS on a WhatsApp account", "whatsapp", SMS, "only the WhatsApp sender"),
        ("WhatsApp on an SMS account", "sms", WHATSAPP, "only the SMS sender"),
        ("how a message of ours fares", "sms", SMS | {"MessageStatus": "sent"}, "ends in /status"),
    ],
)
def test_a_post_that_is_no_message_is_refused_in_a_sentence(label, channel, post, said):
    with pytest.raises(NotForUs, match=said):
        decode_message(fields(post), "phone", channel)


def test_half_a_letter_is_dropped_and_the_message_kept():
    message = decode_message(fields(SMS | {"Body": "a\ud83d b"}), "phone", "sms")
    assert message.text == "a b"


def test_half_a_letter_in_an_address_is_nobody_s():
    message = decode_message(fields(SMS | {"From": "+43\ud83d"}), "phone", "sms")
    assert (message.kind, message.address) == ("unreadable", "")


def test_a_value_that_is_repeated_is_read_once():
    message = decode_message(Fields(fields(SMS), Body=["first", "second"]), "phone", "sms")
    assert message.text == "first"


@given(
    st.sampled_from(
        sorted({*SMS, *WHATSAPP, "Latitude", "Longitude", "MediaUrl0", "ButtonPayload", "ListId"})
    ),
    st.text(),
)
def test_whatever_stands_in_a_field_it_is_heard_or_refused(name: str, strange: str):
    message = None
    with suppress(NotForUs):
        message = decode_message(fields(WHATSAPP | {name: strange}), "phone", "whatsapp")
    assert message is None or message.external_id == WHATSAPP["MessageSid"] or name == "MessageSid"
