"""An emulator of Twilio: the npm package emulate, kept to this machine by twilio/start.cjs, and a signer.

A test takes a number of its own (`emulator.number(...)`), so tests do not hear one another. `write` and
`report` return once the bot has answered the post that they lead to: in the event loop in which the bot runs,
use `await asyncio.to_thread(them.write, "hello")`. What the emulator cannot post (media, buttons, error
codes) is posted by `post`, signed by the npm package twilio, which shares no line with what checks it.
"""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.peers import npm, twilio_posts
from tests.peers.twilio_posts import FORM

HERE = Path(__file__).parent / "twilio"
SID, TOKEN = twilio_posts.SID, twilio_posts.TOKEN


def missing() -> str | None:
    """Why the emulator cannot run here, or None. Fetches its packages the first time."""
    return npm.missing(HERE, "twilio")


@contextmanager
def emulator() -> Iterator["TwilioEmulator"]:
    """A running emulator, with one account and no numbers yet."""
    seed = json.dumps({"account": {"sid": SID, "auth_token": TOKEN}})
    with npm.started(HERE, "twilio", seed) as url:
        yield TwilioEmulator(url)


@dataclass(frozen=True)
class TwilioEmulator:
    """Where Twilio is, for a while: what `api_url` names."""

    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(5_550_000))
    _sids: Iterator[int] = field(default_factory=lambda: count(1))

    def number(self, hook: str, *, whatsapp: bool = False) -> "EmulatedNumber":
        """A new number of ours; what people write to it is posted to `hook`."""
        number = f"{'whatsapp:' if whatsapp else ''}+1500{next(self._numbers)}"
        made = self.api("POST", "/IncomingPhoneNumbers.json", PhoneNumber=number, SmsUrl=hook)
        return EmulatedNumber(self, number, hook, made["sid"])

    def service(self, *numbers: "EmulatedNumber") -> str:
        """A messaging service that sends by these numbers; its sid."""
        service = self._form("POST", "/messaging/v1/Services", {"FriendlyName": "council"})
        for number in numbers:
            where = f"/messaging/v1/Services/{service['sid']}/PhoneNumbers"
            self._form("POST", where, {"PhoneNumberSid": number.sid})
        return str(service["sid"])

    def api(self, method: str, path: str, **form: str) -> Any:
        """A call of the API, below the account."""
        return self._form(method, f"/2010-04-01/Accounts/{SID}{path}", form)

    def sign(self, url: str, params: Mapping[str, str | list[str]], token: str = TOKEN) -> str:
        """The signature that Twilio's own Node package gives to a post."""
        return str(self.lab("sign", token=token, url=url, params=dict(params)))

    def body_hash(self, body: str) -> str:
        """What `bodySHA256` says of a body, by the same package."""
        return str(self.lab("hash", body=body))

    def refuse(self, status: int, code: int = 0, *, path: str = "/Messages.json", **headers: str) -> None:
        """Answer the next POST with an error, as Twilio words it; a header is written `Retry_After="3"`."""
        body: Any = {"code": code, "message": "The emulator was told to refuse this.", "status": status}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.lab("refuse", method="POST", path=path, status=status, body=body if code else "", headers=named)

    def lose(self, *, path: str = "/Messages.json", wait: float = 0) -> None:
        """Do what the next POST says, and break the line instead of answering, or answer so much later."""
        self.lab("lose", method="POST", path=path, wait=wait)

    def calls(self, path: str = "/Messages.json", method: str = "POST") -> list[dict[str, list[str]]]:
        """The forms of the calls to an address, refused or not: each name with its values."""
        made = self.lab("calls")
        return [one["form"] for one in made if one["method"] == method and one["path"].endswith(path)]

    def add_file(self, content: bytes, mime: str) -> str:
        """Somebody's file; the address at which it can be fetched with the account's name and token."""
        path = f"/2010-04-01/Accounts/{SID}/Messages/{self.new_sid('MM')}/Media/{self.new_sid('ME')}"
        self.lab("file", path=path, type=mime, content=base64.b64encode(content).decode())
        return f"{self.url}{path}"

    def new_sid(self, kind: str = "SM") -> str:
        """A name that no message had yet."""
        return f"{kind}{next(self._sids):032x}"

    def lab(self, what: str, **values: Any) -> Any:
        """What start.cjs can do beside the library."""
        return _ask(f"{self.url}/lab/{what}", json.dumps(values).encode(), "application/json")["result"]

    def simulate(self, what: str, **form: str) -> Any:
        """Let the emulator post something; returns when it has been answered."""
        return self._form("POST", f"/_twilio/simulate/{what}", form)

    def _form(self, method: str, path: str, form: Mapping[str, str]) -> Any:
        body = urlencode(form).encode() if method == "POST" else None
        return _ask(f"{self.url}{path}", body, FORM, method, secret=True)


@dataclass(frozen=True)
class EmulatedNumber:
    """One number of ours as people and Twilio meet it: they write to it, and read what it sent."""

    emulator: TwilioEmulator
    number: str
    hook: str
    sid: str

    def person(self, n: int = 1) -> str:
        """The address of somebody who writes to it."""
        return f"{'whatsapp:' if self.number.startswith('whatsapp:') else ''}+4477009{n:05}"

    def write(self, text: str, *, person: int = 1) -> str:
        """Somebody writes; the message's sid, once the bot has answered the post."""
        sent = self.emulator.simulate("inbound-message", To=self.number, From=self.person(person), Body=text)
        return str(sent["sid"])

    def report(self, sid: str, status: str) -> None:
        """Say how a message of ours fares, to the address that it named."""
        self.emulator.simulate("message-status", MessageSid=sid, Status=status)

    def fields(self, *, person: int = 1, **fields: str) -> dict[str, str]:
        """What Twilio posts about a message that came, with any field changed or added."""
        sid = fields.get("MessageSid") or self.emulator.new_sid()
        return twilio_posts.message(sid, person=self.person(person), number=self.number) | fields

    def post(self, fields: Mapping[str, str], hook: str = "") -> int:
        """Post something that the emulator cannot, signed; the status of the answer."""
        where = hook or self.hook
        return post(where, urlencode(fields), {"X-Twilio-Signature": self.emulator.sign(where, fields)})

    def sent(self, *, person: int = 1) -> list[dict[str, Any]]:
        """What we sent to somebody, the oldest first."""
        listed = self.emulator.api("GET", f"/Messages.json?{urlencode({'To': self.person(person)})}")
        mine = [one for one in listed["messages"] if one["direction"] == "outbound-api"]
        return [one for one in reversed(mine) if one["from"] == self.number]

    def wait_sent(self, number: int = 1, *, person: int = 1, seconds: float = 10) -> list[dict[str, Any]]:
        """Wait until so many messages were sent to somebody, and return them all."""
        deadline = time.monotonic() + seconds
        while len(messages := self.sent(person=person)) < number:
            assert time.monotonic() < deadline, f"{len(messages)} of {number} messages in {seconds} s"
            time.sleep(0.02)
        return messages


def post(url: str, body: str | bytes, headers: Mapping[str, str]) -> int:
    """Post a form as Twilio does; the status of the answer."""
    raw = body.encode() if isinstance(body, str) else body
    dressed = {"Content-Type": FORM} | dict(headers)
    request = urllib.request.Request(url, method="POST", data=raw, headers=dressed)
    try:
        with _OPENER.open(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


#: not by a proxy that this machine may have
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _ask(url: str, body: bytes | None, mime: str, method: str = "POST", *, secret: bool = False) -> Any:
    request = urllib.request.Request(url, method=method, data=body, headers={"Content-Type": mime})
    if secret:
        request.add_header("Authorization", f"Basic {base64.b64encode(f'{SID}:{TOKEN}'.encode()).decode()}")
    with _OPENER.open(request, timeout=60) as answer:
        return json.load(answer)
