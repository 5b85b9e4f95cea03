"""What strangers try on Twilio's webhook, with the real program: a clear no, and nothing of it in the log."""

from __future__ import annotations

import gzip
import json
import re
import socket
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.journeys.installation import Installation
from tests.peers.ports import free_port
from tests.peers.twilio_api import NUMBER
from tests.peers.twilio_posts import FORM, message, signed

PATH = "/twilio/phone"
SECRET = "a-word-that-must-not-be-logged"
HELLO = message(f"SM{1:032x}", person="+436601234567", number=NUMBER, text=SECRET)
PIECE = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
MANY = {f"n{n}": "" for n in range(10_000)}
#: less than may be sent, and deeper than Python can read
DEEP = b"[" * 60_000
PATIENCE = 30.0  # seconds


@pytest.fixture(scope="module")
def bell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    bell = Installation(Path(tmp_path_factory.mktemp("bell")), port=free_port())
    bell.with_twilio("http://127.0.0.1:9", "sms", NUMBER)
    bell.start()
    bell.address()
    yield bell
    assert bell.stop() == 0


def head(method: str = "POST", path: str = PATH, *lines: str, version: str = "1.1") -> bytes:
    """The head of a request, with the signature of nobody unless another is given."""
    given = {"Host": "bell.example.org", "Content-Type": FORM, "X-Twilio-Signature": "bm9ib2R5"}
    given |= dict(line.split(": ", 1) for line in lines)
    rows = [f"{method} {path} HTTP/{version}", *(f"{name}: {value}" for name, value in given.items())]
    return ("\r\n".join(rows) + "\r\n\r\n").encode("latin-1")


def post(body: bytes, *lines: str, path: str = PATH) -> bytes:
    """A whole request."""
    return head("POST", path, f"Content-Length: {len(body)}", *lines) + body


def twilio_s(bell: Installation, fields: dict[str, str], path: str = PATH) -> bytes:
    """A request that Twilio signed for our address."""
    signature = signed(bell.hook, fields)["X-Twilio-Signature"]
    return post(urlencode(fields).encode(), f"X-Twilio-Signature: {signature}", path=path)


def answer(bell: Installation, request: bytes) -> bytes:
    """What the server says."""
    with socket.create_connection(("127.0.0.1", bell.port), timeout=PATIENCE) as line:
        said = b""
        with suppress(ConnectionError):
            line.sendall(request)
        with suppress(ConnectionError):
            while b"\r\n\r\n" not in said and (more := line.recv(65536)):
                said += more
        return said


def heard(bell: Installation) -> int:
    with closing(sqlite3.connect(bell.folder / "data" / "townbell.db")) as database:
        return int(database.execute("select count(*) from inbox").fetchone()[0])


STRANGE = {
    "a bomb in gzip": (415, post(gzip.compress(b"\0" * 50_000_000), "Content-Encoding: gzip")),
    "a bomb in gzip, on its way": (400, head("POST", PATH, "Transfer-Encoding: gzip") + b"\x1f\x8b"),
    "five gigabytes, announced": (413, head("POST", PATH, "Content-Length: 5000000000")),
    "pieces without end": (413, head("POST", PATH, "Transfer-Encoding: chunked") + PIECE * 20),
    "a piece that is none": (400, head("POST", PATH, "Transfer-Encoding: chunked") + b"zz\r\nhello\r\n"),
    "a piece beyond all size": (400, head("POST", PATH, "Transfer-Encoding: chunked") + b"f" * 40 + b"\r\n"),
    "pieces that end well": (
        403,
        head("POST", PATH, "Transfer-Encoding: chunked") + b"6\r\nBody=x\r\n0\r\n\r\n",
    ),
    "a length and pieces": (
        400,
        head("POST", PATH, "Content-Length: 4", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
    ),
    "ten thousand parameters": (403, post(urlencode(MANY).encode())),
    "one parameter ten thousand times": (403, post(b"&".join([b"Body=x"] * 10_000))),
    "nothing but signs between parameters": (403, post(b"&" * 100_000)),
    "GET": (405, head("GET")),
    "HEAD": (405, head("HEAD")),
    "PUT": (405, head("PUT", PATH, "Content-Length: 0")),
    "TRACE": (405, head("TRACE")),
    "a method that is none": (400, head("SHOUT")),
    "an address of 20,000 signs": (400, head("POST", f"{PATH}?{'x' * 20_000}")),
    "an address of 7,000 signs": (403, post(b"", path=f"{PATH}?{'x' * 7_000}")),
    "an account of 7,000 signs": (404, post(b"", path=f"/twilio/{'x' * 7_000}")),
    "an address with another host": (403, post(b"", path=f"http://evil.example.org{PATH}")),
    "an address with half a bracket": (403, post(b"", path=f"{PATH}?[")),
    "a line break in the address": (404, post(b"", path=f"{PATH}%0d%0aSet-Cookie:%20{SECRET}=1")),
    "a zero in the address": (404, post(b"", path=f"{PATH}%00")),
    "a bare zero in the address": (400, post(b"", path=f"{PATH}\0")),
    "a zero in a header": (400, post(b"", f"X-Twilio-Signature: {SECRET}\0")),
    "a header that goes on": (400, post(b"", "X-Twilio-Signature: x\r\n Set-Cookie: a=b")),
    "a signature in no alphabet": (403, post(b"", "X-Twilio-Signature: \xff\xfe")),
    "a way of signing that is none": (
        403,
        post(b"", f"X-Twilio-Webhooks-Signature-Settings: algorithm={SECRET}"),
    ),
    "an expectation": (417, post(b"", "Expect: a miracle")),
    "zeros in the form": (403, post(b"MessageSid=%00&Body=\0\0")),
    "half a letter in the form": (403, post(b"Body=%ED%A0%BD")),
    "JSON": (403, post(json.dumps(HELLO).encode(), "Content-Type: application/json")),
    "JSON without a bottom": (
        403,
        post(
            DEEP, "Content-Type: application/json", path=f"{PATH}?bodySHA256={sha256(DEEP).hexdigest()}"
        ),
    ),
    "JSON in a form": (403, post(json.dumps(HELLO).encode())),
    "a form in parts": (403, post(b"--x\r\n\r\n", "Content-Type: multipart/form-data; boundary=x")),
    "a kind that is none": (403, post(b"", f"Content-Type: {SECRET};;;=")),
    "no signature": (403, post(urlencode(HELLO).encode(), "X-Twilio-Signature: ")),
    "two signatures": (403, post(b"", "X-Twilio-Signature: x\r\nX-Twilio-Signature: y")),
}  # fmt: skip


@pytest.mark.parametrize("what", STRANGE)
def test_a_stranger_is_told_no(bell: Installation, what: str) -> None:
    status, request = STRANGE[what]
    refused(bell, request, status)


def refused(bell: Installation, request: bytes, status: int) -> None:
    """Whether it is refused so, and the program goes on as if nothing had been."""
    log, before = bell.log(), heard(bell)
    said = answer(bell, request)
    assert re.match(rb"HTTP/1\.[01] %d " % status, said), said[:200]
    assert b"set-cookie" not in said.lower()
    assert not re.search(rb"(?i)python|aiohttp|traceback", said)
    assert SECRET.encode() not in said
    line = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with line.open(f"http://127.0.0.1:{bell.port}/healthz", timeout=PATIENCE) as health:
        assert health.status == 200
    assert bell.log() == log
    assert heard(bell) == before


@pytest.mark.parametrize(
    ("label", "status", "fields", "path"),
    [
        ("on WhatsApp, where SMS is expected", 400, HELLO | {"From": "whatsapp:+436601234567"}, PATH),
        ("a zero in its name", 400, HELLO | {"MessageSid": f"SM{1:031x}\0"}, PATH),
        ("ten thousand parameters", 403, HELLO | MANY, PATH),
        ("more than any post can hold", 413, HELLO | {"Body": "x" * 200_000}, PATH),
        ("sent on to another address", 403, HELLO, f"{PATH}/status?row=1"),
        ("sent on to the same with a query", 403, HELLO, f"{PATH}?row=1"),
        ("sent on to the same, written otherwise", 403, HELLO, PATH.replace("p", "%70", 1)),
    ],
)
def test_what_twilio_signed_is_refused_where_it_makes_no_sense(
    bell: Installation, label: str, status: int, fields: dict[str, str], path: str
) -> None:
    assert label
    refused(bell, twilio_s(bell, fields, path), status)


def test_an_old_post_that_is_sent_again_is_acknowledged_and_does_nothing(bell: Installation) -> None:
    fields = HELLO | {"MessageSid": f"SM{2:032x}"}
    before = heard(bell)
    for _ in range(3):
        assert answer(bell, twilio_s(bell, fields)).startswith(b"HTTP/1.1 200 ")
    assert heard(bell) == before + 1
    assert SECRET not in bell.log()
