"""A whole talk on a phone, through Twilio: by SMS and on WhatsApp, with the real program and the emulator."""

from __future__ import annotations

import sqlite3
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.installation import Installation
from tests.peers.ports import free_port
from tests.peers.twilio_emulator import SID, TOKEN, EmulatedNumber, TwilioEmulator

PROBLEM = "The lift in our house is broken"
PATIENCE = 30.0  # seconds


class Phone(Installation):
    """An installation with one number at Twilio, and those who write to it."""

    number: EmulatedNumber

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into the database from outside."""
        with closing(sqlite3.connect(self.folder / "data/townbell.db")) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]

    def until(self, sql: str, happened: Callable[[list[dict[str, Any]]], object]) -> list[dict[str, Any]]:
        """Wait until the database shows that something has happened."""
        end = time.monotonic() + PATIENCE
        while not happened(rows := self.rows(sql)):
            assert time.monotonic() < end, (rows, self.log())
            time.sleep(0.05)
        return rows

    def said(self, number: int) -> list[str]:
        """Wait until so many messages were sent to them; their texts."""
        return [one["body"] for one in self.number.wait_sent(number, seconds=PATIENCE)]

    def post(self, **fields: str) -> str:
        """They write what the emulator cannot; the message's sid."""
        given = self.number.fields() | fields
        assert self.number.post(given) == 200
        return given["MessageSid"]


@pytest.fixture(params=["sms", "whatsapp"])
def phone(request: pytest.FixtureRequest, tmp_path: Path, twilio_emulator: TwilioEmulator) -> Iterator[Phone]:
    phone = Phone(tmp_path, port=free_port())
    phone.number = twilio_emulator.number(phone.hook, whatsapp=request.param == "whatsapp")
    phone.with_twilio(twilio_emulator.url, request.param, phone.number.number)
    phone.start()
    phone.address()
    yield phone
    if phone.process and phone.process.poll() is None:
        phone.stop()


def test_two_messages_are_enough_on_a_phone(phone: Phone) -> None:
    phone.number.write(PROBLEM)
    (asked,) = phone.said(1)
    assert "1" in asked
    phone.number.write("1")
    assert "GRZ-" in phone.said(2)[1]
    (issue,) = phone.issues()
    assert (issue["original"], issue["channel"]) == (
        PROBLEM,
        phone.rows("select channel from account where key = 'phone'")[0]["channel"],
    )


def test_how_a_message_fares_is_written_down_even_before_we_know_its_name(phone: Phone) -> None:
    phone.number.write(PROBLEM)
    # The emulator says "queued" before it answers the call that sends.
    (sent,) = phone.number.wait_sent(1, seconds=PATIENCE)
    (row,) = phone.until("select * from outbox", lambda rows: rows and rows[0]["status"] == "sent")
    assert row["provider_id"].split(",")[-1] == sent["sid"]
    phone.number.report(sent["sid"], "delivered")
    phone.number.report(sent["sid"], "sent")
    (row,) = phone.rows("select status, reached, body from outbox")
    assert row == {"status": "sent", "reached": "delivered", "body": None}


def test_who_wrote_stop_is_left_alone_until_they_write_start(phone: Phone) -> None:
    phone.number.write(PROBLEM)
    phone.said(1)
    phone.post(Body="STOP", OptOutType="STOP")
    phone.until("select state from contact", lambda rows: rows[0]["state"] == "stopped")
    assert len(phone.said(1)) == 1  # Twilio has answered.
    phone.post(Body="START", OptOutType="START")
    phone.until("select state from contact", lambda rows: rows[0]["state"] == "active")
    phone.number.write("1")
    assert "GRZ-" in phone.said(2)[1]


def test_who_twilio_says_has_stopped_is_not_written_to_until_they_write_start(phone: Phone) -> None:
    phone.number.write(PROBLEM)
    (sent,) = phone.number.wait_sent(1, seconds=PATIENCE)
    phone.until("select status from outbox", lambda rows: rows and rows[0]["status"] == "sent")
    (row,) = phone.rows("select id from outbox")
    where = f"{phone.number.hook}/status?row={row['id']}"
    about = {
        "AccountSid": SID, "MessageSid": sent["sid"], "MessageStatus": "failed", "ErrorCode": "21610",
    }  # fmt: skip
    assert phone.number.post(about, where) == 200
    assert phone.rows("select state from address") == [{"state": "blocked"}]
    phone.number.write("START")
    phone.until("select state from address", lambda rows: rows == [{"state": "ok"}])
    assert len(phone.said(2)) == 2


def test_a_photo_is_fetched_with_the_token_and_becomes_part_of_the_issue(phone: Phone) -> None:
    remote = phone.number.emulator.add_file(a_photo(), "image/png")
    phone.post(Body=PROBLEM, NumMedia="1", MediaUrl0=remote, MediaContentType0="image/png")
    phone.said(1)
    phone.number.write("1")
    phone.said(2)
    phone.until("select state from media", lambda rows: [row["state"] for row in rows] == ["kept"])
    (issue,) = phone.issues()
    assert len(issue["media"]) == 1


def test_a_message_that_is_posted_again_is_heard_once(phone: Phone) -> None:
    sid = phone.post(Body=PROBLEM)
    phone.said(1)
    phone.post(Body=PROBLEM, MessageSid=sid)
    phone.number.write("1")
    phone.said(2)
    assert [issue["original"] for issue in phone.issues()] == [PROBLEM]
    assert len(phone.rows("select id from inbox where kind = 'message'")) == 2


def test_a_sender_of_invitations_hears_whoever_writes_to_it_and_obeys_their_stop(
    tmp_path: Path, twilio_emulator: TwilioEmulator
) -> None:
    phone = Phone(tmp_path, port=free_port())
    phone.number = twilio_emulator.number(phone.hook)
    phone.with_twilio(twilio_emulator.url, "sms", phone.number.number)
    with (phone.folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('use = "invitations"\n')
    phone.start()
    phone.address()
    phone.number.write(PROBLEM)
    phone.said(1)
    phone.number.write("1")
    assert "GRZ-" in phone.said(2)[1]
    phone.post(Body="STOP", OptOutType="STOP")
    phone.until("select state from contact", lambda rows: rows == [{"state": "stopped"}])
    phone.stop()


def test_nothing_that_was_written_and_no_address_is_in_the_log(phone: Phone) -> None:
    phone.number.write(PROBLEM)
    phone.said(1)
    phone.stop()
    for secret in (PROBLEM, phone.number.person(), TOKEN):
        assert secret not in phone.log()


def a_photo() -> bytes:
    """A small picture, as PNG."""
    lines = b"".join(b"\0" + b"\x90\x40\x20" * 8 for _ in range(8))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines)),
        (b"IEND", b""),
    ]
    packed = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
