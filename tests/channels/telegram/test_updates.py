"""Every kind of update that Telegram sends, one file each in payloads/, and what we make of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_updates import Incoming, Undecodable, decode_update, split_updates
from core.messages import InboundMessage
from core.talk import Attachment, Place

PAYLOADS = sorted(Path(__file__).parent.joinpath("payloads").glob("*.json"))


def media_id(kind: str, external_id: str, n: int) -> str:
    return f"{kind}-{external_id}-{n}"


def decode(body: bytes) -> Incoming:
    return decode_update(body, "telegram", media_id)


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_an_update_is_heard_as_it_was_meant(path: Path):
    case = json.loads(path.read_text())
    update = decode(json.dumps(case["update"]).encode())
    assert update == Incoming(
        case["update"]["update_id"],
        heard(case["heard"]),
        press=case.get("press", ""),
        group=case.get("group"),
        joined=case.get("joined", False),
    )


def heard(fields: dict[str, Any] | None) -> InboundMessage | None:
    if fields is None:
        return None
    external_id = fields["external_id"]
    files = fields.pop("attachments", [])
    place = fields.pop("place", None)
    return InboundMessage(
        **{"account": "telegram", "address": ""} | fields,
        attachments=tuple(
            Attachment(media_id("message", external_id, n), kind, remote)
            for n, (kind, remote) in enumerate(files)
        ),
        place=Place(*place) if place else None,
    )


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_nobody_is_named(path: Path):
    case = json.loads(path.read_text())
    kept = repr(decode(json.dumps(case["update"]).encode()))
    for name in ("Amina", "amina_k", "Somebody", "Landlord", "+43600000000", "VCARD", "House 5"):
        assert name not in kept


def test_half_a_letter_is_dropped_and_the_message_kept():
    update = decode(
        rb'{"update_id":5,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"a\ud83d b"}}'
    )
    assert update.message is not None
    assert update.message.text == "a b"


def test_bytes_that_are_no_letters_are_replaced_and_the_message_kept():
    update = decode(
        b'{"update_id":5,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"a\xff b"}}'
    )
    assert update.message is not None
    assert update.message.text == "a\ufffd b"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"message":{}}',
        b'{"update_id":"7"}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
    ids=[
        "nothing",
        "cut off",
        "a list",
        "null",
        "a string",
        "no number",
        "a word",
        "not UTF-8",
        "bottomless",
    ],
)
def test_what_has_no_number_is_no_update(body: bytes):
    with pytest.raises(Undecodable):
        decode(body)


@pytest.mark.parametrize(
    "broken",
    [rb'"a\ud83d b"', b'"a\xff b"', b"17", b"{}"],
    ids=["half a pair", "not UTF-8", "a number", "an object"],
)
def test_a_broken_update_does_not_hide_the_others(broken: bytes):
    one = b'{"update_id":%d,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":%b}}'
    body = b'{"ok":true,"result":[%b,%b,%b]}' % (
        one % (5, b'"first"'),
        one % (6, broken),
        one % (7, b'"last"'),
    )
    first, middle, last = (decode(raw).message for raw in split_updates(body))
    assert first is not None
    assert middle is not None
    assert last is not None
    assert (first.text, last.text) == ("first", "last")
    assert middle.external_id == "6"
    assert middle.kind == ("unreadable" if broken in (b"17", b"{}") else "message")


def test_a_batch_that_is_none_is_told():
    with pytest.raises(Undecodable):
        split_updates(b"<html>captive portal</html>")


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner)
)


@given(st.sampled_from(PAYLOADS), st.integers(0), JSON)
def test_whatever_stands_in_a_field_the_update_keeps_its_number(path: Path, where: int, strange: Any):
    update = json.loads(path.read_text())["update"]
    holders = list(fields_of({name: value for name, value in update.items() if name != "update_id"}))
    holder, name = holders[where % len(holders)]
    holder[name] = strange
    assert decode(json.dumps(update).encode()).update_id == update["update_id"]


def fields_of(tree: Any) -> Iterator[tuple[Any, Any]]:
    for name, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(value, dict | list):
            yield from fields_of(value)
        yield tree, name
