"""What Twilio posts arrives over real HTTP: on disk before it is acknowledged, once, and from nobody else."""

import asyncio
import hashlib
import io
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot.channels.twilio_hook import TwilioHook
from bot.config import Secret, TwilioAccount
from bot.health import Health
from bot.metrics import Metrics
from bot.receive import Receiver
from bot.requests import MEGABYTE
from bot.web import application, serving
from core.errors import DiskFull
from storage.addresses import Keyring
from storage.councils import Account, sync
from storage.database import open_database
from storage.reports import Report
from tests.peers.ports import free_port
from tests.peers.twilio_emulator import SID, TOKEN, EmulatedNumber, TwilioEmulator

PUBLIC = "https://bell.example.org"  # a proxy stands there, and speaks http with us
SMS = TwilioAccount("sms", "sms", "graz", SID, Secret(TOKEN), "+436601234567")
WHATSAPP = replace(SMS, key="whatsapp", channel="whatsapp", sender="whatsapp:+436601234567")
PAYLOADS = Path(__file__).parent / "payloads"
FORM = "application/x-www-form-urlencoded"


@dataclass
class House:
    """A server that Twilio calls, and what it was told."""

    url: str
    path: Path
    emulator: TwilioEmulator
    metrics: Metrics
    reports: list[Report] = field(default_factory=list)
    full: bool = False  #: the disk

    async def post(
        self,
        where: str,
        fields: dict[str, Any] | bytes,
        *,
        signed: str | None = None,
        method: str = "POST",
        mime: str = FORM,
        **headers: str,
    ) -> tuple[int, str]:
        """What the server answers to a post signed for an address: for the public one, if none is given."""
        body = fields if isinstance(fields, bytes) else urlencode(fields, doseq=True).encode()
        params = {} if isinstance(fields, bytes) else fields
        address = f"{PUBLIC}{where}" if signed is None else signed
        sealed = {"X-Twilio-Signature": await asyncio.to_thread(self.emulator.sign, address, params)}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with (
            aiohttp.ClientSession(
                headers={"Content-Type": mime} | (sealed if address else {}) | named
            ) as line,
            line.request(method, f"{self.url}{where}", data=io.BytesIO(body)) as answer,
        ):
            return answer.status, await answer.text()

    def heard(self) -> list[tuple[str, str, str]]:
        """What is on disk."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute("select external_id, kind, status from inbox order by id").fetchall()


@pytest.fixture
async def house(tmp_path: Path, twilio_emulator: TwilioEmulator) -> AsyncIterator[House]:
    async with AsyncExitStack() as stack:
        yield await built(stack, tmp_path, twilio_emulator, PUBLIC, 0)


async def built(
    stack: AsyncExitStack, folder: Path, emulator: TwilioEmulator, public: str, port: int
) -> House:
    keyring = Keyring(b"k" * 32)
    database = await open_database(None, folder / "townbell.db", keyring)
    stack.push_async_callback(database.close)
    accounts = [Account(one.key, one.channel, "graz") for one in (SMS, WHATSAPP)]
    await database.transaction(lambda tx: sync(tx, ["graz"], accounts))
    metrics = Metrics(CollectorRegistry())
    receiver = Receiver(database, keyring, lambda: None, metrics)
    receiving = asyncio.create_task(receiver.run())
    stack.callback(receiving.cancel)
    house = House("", folder / "townbell.db", emulator, metrics)

    async def accept(messages: Any) -> None:
        if house.full:
            raise DiskFull
        await receiver.accept_all(messages)

    async def report(said: Report) -> None:
        house.reports.append(said)

    hooks = {
        one.key: TwilioHook(
            one, public, accept, report, lambda key: metrics.reported.labels(key, "stray").inc()
        )
        for one in (SMS, WHATSAPP)
    }
    app = application(health=Health(database, metrics, tuple), metrics=metrics, twilio=hooks)
    listening = await stack.enter_async_context(serving(app, "127.0.0.1", port))
    house.url = f"http://127.0.0.1:{listening}"
    return house


def payload(name: str, **more: str) -> dict[str, str]:
    fields: dict[str, str] = json.loads((PAYLOADS / f"{name}.json").read_text())["post"]
    return fields | more


# What people write


async def test_a_message_is_on_disk_before_it_is_acknowledged(house: House) -> None:
    text = payload("sms_text_in_arabic_in_parts")
    status, said = await house.post("/twilio/sms", text)
    assert (status, said) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response/>')
    assert house.heard() == [(text["MessageSid"], "message", "unread")]


async def test_a_message_that_comes_again_is_heard_once(house: House) -> None:
    text = payload("whatsapp_text")
    for _ in range(3):
        assert (await house.post("/twilio/whatsapp", text))[0] == 200
    at_once = await asyncio.gather(*(house.post("/twilio/whatsapp", text) for _ in range(5)))
    assert {status for status, _ in at_once} == {200}
    assert len(house.heard()) == 1
    assert b'townbell_messages_repeated_total{account="whatsapp"} 7.0' in house.metrics.text()


async def test_what_could_not_be_kept_is_not_acknowledged(house: House) -> None:
    house.full = True
    status, said = await house.post("/twilio/sms", payload("sms_text"))
    assert status == 503
    assert "try again" in said
    house.full = False
    assert (await house.post("/twilio/sms", payload("sms_text")))[0] == 200
    assert len(house.heard()) == 1


async def test_a_message_without_a_sender_is_set_aside(house: House) -> None:
    assert (await house.post("/twilio/sms", payload("without_a_sender")))[0] == 200
    assert [row[1:] for row in house.heard()] == [("unreadable", "aside")]


@pytest.mark.parametrize(
    ("label", "signed"),
    [
        ("no signature", ""),
        ("another account's address", f"{PUBLIC}/twilio/whatsapp"),
        ("where we listen, behind the proxy", "http://127.0.0.1:8080/twilio/sms"),
        ("http, as the proxy speaks with us", "http://bell.example.org/twilio/sms"),
        ("a port that the proxy does not have", "https://bell.example.org:8443/twilio/sms"),
    ],
)
async def test_what_is_not_signed_for_our_address_is_refused(house: House, label, signed) -> None:
    status, said = await house.post("/twilio/sms", payload("sms_text"), signed=signed)
    assert (status, house.heard()) == (403, []), label
    assert json.loads(said)["error"].endswith((".", "?"))


async def test_behind_a_proxy_only_the_configured_address_counts(house: House) -> None:
    proxied = {
        "Host": "inner.local:8080",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example.org",
    }
    assert (await house.post("/twilio/sms", payload("sms_text"), **proxied))[0] == 200
    with_port = f"{PUBLIC}:443/twilio/sms"
    assert (await house.post("/twilio/sms", payload("sms_to_a_service"), signed=with_port, **proxied))[
        0
    ] == 200
    evil = "http://evil.example.org/twilio/sms"
    assert (await house.post("/twilio/sms", payload("sms_text"), signed=evil, **proxied))[0] == 403


OTHER = f"AC{'2' * 32}"
TEXT = payload("sms_text")


@pytest.mark.parametrize(
    ("where", "post", "status", "said"),
    [
        pytest.param("sms", TEXT | {"AccountSid": OTHER}, 403, "AccountSid", id="another AccountSid"),
        pytest.param("sms", TEXT | {"AccountSid": ""}, 403, "AccountSid", id="no AccountSid"),
        pytest.param("whatsapp", TEXT, 400, "only the WhatsApp sender", id="a From without its prefix"),
        pytest.param("sms", TEXT | {"MessageSid": ""}, 400, "MessageSid", id="no MessageSid"),
        pytest.param("sms", TEXT | {"MessageStatus": "sent"}, 400, "/status", id="a report"),
        pytest.param("other", TEXT, 404, "Not Found", id="none of our accounts"),
        pytest.param("other/status", TEXT, 404, "Not Found", id="a report to none of them"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_a_sentence(house, where, post, status, said) -> None:
    answered, text = await house.post(f"/twilio/{where}", post)
    assert (answered, said in text) == (status, True), text
    assert house.heard() == []


@pytest.mark.parametrize("where", ["/twilio/sms", "/twilio/sms/status?row=1"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_another_method_is_not_allowed(house: House, where: str, method: str) -> None:
    assert (await house.post(where, payload("sms_text"), method=method))[0] == 405
    assert house.heard() == []


async def test_a_body_of_two_megabytes_is_not_read(house: House) -> None:
    for where in ("/twilio/sms", "/twilio/sms/status?row=1"):
        assert (await house.post(where, b"Body=" + b"x" * 2 * 1024 * 1024))[0] == 413
    assert house.heard() == []


async def test_ten_thousand_parameters_are_none_of_twilio_s(house: House) -> None:
    many: dict[str, Any]
    for many in ({"Body": ["x"] * 10_000}, {f"n{n}": "" for n in range(10_000)}):
        status, said = await house.post("/twilio/sms", payload("sms_text") | many)
        assert (status, "more than 1000 fields" in said) == (403, True)
    assert house.heard() == []


async def test_a_long_text_in_the_longest_letters_is_taken(house: House) -> None:
    longest = payload("whatsapp_text", Body="😀" * 4096, ButtonText="😀" * 4096)
    assert (await house.post("/twilio/whatsapp", longest))[0] == 200
    assert len(house.heard()) == 1


async def test_who_sends_a_letter_at_a_time_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.requests.body_of.__defaults__", (MEGABYTE, 0.1))
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    async with asyncio.timeout(20):
        writer.write(b"POST /twilio/sms HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
        answer = asyncio.create_task(reader.readline())
        while not answer.done():
            writer.write(b"x")
            await writer.drain()
            async with aiohttp.ClientSession() as line, line.get(f"{house.url}/healthz") as health:
                assert health.status == 200
        assert (await answer).startswith(b"HTTP/1.1 408 ")
    writer.close()
    assert house.heard() == []


CASES = [json.loads(path.read_text()) for path in sorted(PAYLOADS.glob("*.json"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["post"]["MessageSid"])
async def test_every_kind_of_message_is_taken(house: House, case: dict[str, Any]) -> None:
    assert (await house.post(f"/twilio/{case['channel']}", case["post"]))[0] == 200
    assert [row[0] for row in house.heard()] == [case["heard"]["external_id"]]


async def test_half_a_letter_is_no_fault_of_ours(house: House) -> None:
    body = urlencode(payload("sms_text") | {"Body": ""}).encode().replace(b"Body=&", b"Body=a%ED%A0%BDb&")
    assert (await house.post("/twilio/sms", body))[0] == 403
    said = payload("sms_text")
    as_json = json.dumps(said | {"Body": "a\ud83d b"}).encode()
    path = f"/twilio/sms?bodySHA256={hashlib.sha256(as_json).hexdigest()}"
    assert (await house.post(path, as_json, mime="application/json"))[0] == 200
    assert len(house.heard()) == 1


async def test_nothing_that_anybody_wrote_is_logged(house: House, caplog, capfd) -> None:
    await house.post("/twilio/sms", payload("sms_text", Body="a secret of Amina's"))
    await house.post("/twilio/sms", payload("sms_text", Body="a secret of Amina's"), signed="")
    house.full = True
    await house.post("/twilio/sms", payload("sms_text", Body="a secret of Amina's"))
    logged = caplog.text + "".join(capfd.readouterr())
    for word in ("Amina", "+436769876543", TOKEN):
        assert word not in logged


# How ours fare


def about(status: str, **more: str) -> dict[str, str]:
    sid = f"SM{'a' * 32}"
    return {
        "AccountSid": SID, "MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status,
        "To": "+436769876543", "From": "+436601234567", "ApiVersion": "2010-04-01",
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("status", "code", "became", "reason"),
    [
        ("accepted", "", "accepted", ""),
        ("scheduled", "", "accepted", ""),
        ("queued", "", "accepted", ""),
        ("sending", "", "accepted", ""),
        ("sent", "", "sent", ""),
        ("delivered", "", "delivered", ""),
        ("read", "", "read", ""),
        ("undelivered", "30003", "again", "error 30003"),
        ("undelivered", "30005", "refused", "error 30005"),
        ("failed", "63016", "window", "error 63016"),
        ("failed", "63018", "again", "error 63018"),
        ("failed", "21610", "stopped", "error 21610"),
        ("failed", "20003", "again", "error 20003"),
        ("failed", "", "refused", "failed"),
        ("failed", "many", "refused", "failed"),
        ("canceled", "", "refused", "canceled"),
    ],
)
async def test_a_status_is_about_the_row_in_its_address(house, status, code, became, reason) -> None:
    post = about(status, **({"ErrorCode": code} if code else {}))
    assert (await house.post("/twilio/sms/status?row=17", post))[0] == 200
    assert house.reports == [Report("sms", 17, post["MessageSid"], became, reason)]


async def test_a_status_of_what_asked_them_to_write_says_so(house: House) -> None:
    post = about("undelivered", ErrorCode="63024")
    assert (await house.post("/twilio/whatsapp/status?knock=17", post))[0] == 200
    knock = Report("whatsapp", 17, post["MessageSid"], "refused", "error 63024", knock=True)
    assert house.reports == [knock]
    signed = f"{PUBLIC}/twilio/whatsapp/status?row=17"
    assert (await house.post("/twilio/whatsapp/status?knock=17", post, signed=signed))[0] == 403


@pytest.mark.parametrize(
    ("label", "row", "post"),
    [
        ("a word that is yet to be invented", "17", about("teleported")),
        ("no word", "17", about("")),
        ("no row", "", about("sent")),
        ("a row in words", "abc", about("sent")),
        ("a row below zero", "-1", about("sent")),
        ("a row without end", "9" * 30, about("sent")),
        ("no MessageSid", "17", about("sent", MessageSid="")),
    ],
)
async def test_what_says_nothing_is_taken_and_counted(house: House, label, row, post) -> None:
    assert (await house.post(f"/twilio/sms/status?row={row}", post))[0] == 200
    assert house.reports == [], label
    assert b'townbell_reports_total{account="sms",outcome="stray"} 1.0' in house.metrics.text()


async def test_a_status_that_is_not_signed_for_its_row_is_refused(house: House) -> None:
    for signed in ("", f"{PUBLIC}/twilio/sms/status", f"{PUBLIC}/twilio/sms/status?row=18"):
        assert (await house.post("/twilio/sms/status?row=17", about("sent"), signed=signed))[0] == 403
    status = await house.post("/twilio/sms/status?row=17", about("sent", AccountSid="AC1"))
    assert status[0] == 403
    assert house.reports == []


# The emulator


@pytest.mark.parametrize("account", [SMS, WHATSAPP], ids=lambda account: account.key)
async def test_the_emulator_s_posts_are_taken(tmp_path, twilio_emulator, account) -> None:
    async with AsyncExitStack() as stack:
        port = free_port()
        here = f"http://127.0.0.1:{port}"
        house = await built(stack, tmp_path, twilio_emulator, here, port)
        number: EmulatedNumber = await asyncio.to_thread(
            twilio_emulator.number, f"{here}/twilio/{account.key}", whatsapp=account is WHATSAPP
        )
        sid = await asyncio.to_thread(number.write, "سلام & 1 + 1")
        photo = number.fields(
            NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/png"
        )
        assert await asyncio.to_thread(number.post, photo) == 200
        assert [row[0] for row in house.heard()] == [sid, photo["MessageSid"]]
        made = await asyncio.to_thread(
            twilio_emulator.api, "POST", "/Messages.json", To=number.person(), From=number.number, Body="hi",
            StatusCallback=f"{here}/twilio/{account.key}/status?row=17",
        )  # fmt: skip
        await asyncio.to_thread(number.report, made["sid"], "delivered")
        assert house.reports == [
            Report(account.key, 17, made["sid"], "accepted"),
            Report(account.key, 17, made["sid"], "delivered"),
        ]
