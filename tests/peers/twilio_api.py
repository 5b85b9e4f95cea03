"""An API of Twilio's of our own, for what the emulator lacks: contents, deletion, faults, a doctor's asking.

In a test: `async with running() as api`, and `api.url` is what `api_url` names: all of Twilio is there. `with
beside() as api` runs it for other programs; `with started() as api` as a process of its own, which lives on
when the bot is killed, and tells what was sent. It keeps everything in memory, for one account.
https://www.twilio.com/docs/messaging/api/message-resource
"""

import asyncio
import base64
import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

from aiohttp import web

from tests.peers import twilio_posts

SID, TOKEN = twilio_posts.SID, twilio_posts.TOKEN
NUMBER = "+15005550006"
ON_WHATSAPP = "whatsapp:+15005550007"


@asynccontextmanager
async def running() -> AsyncIterator["TwilioApi"]:
    """A server in this event loop."""
    api = TwilioApi()
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


@contextmanager
def started() -> Iterator["RemoteTwilioApi"]:
    """A server in another process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.peers.twilio_api"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, "Twilio's API did not start"
        yield RemoteTwilioApi(url)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def beside() -> Iterator["TwilioApi"]:
    """A server in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    api = TwilioApi()
    try:
        asyncio.run_coroutine_threadsafe(api.start(), loop).result()
        yield api
    finally:
        asyncio.run_coroutine_threadsafe(api.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@dataclass
class Fault:
    """What happens to the next calls instead of an answer."""

    path: str = "/Messages.json"  #: how the address ends
    method: str = "POST"
    times: int = 1
    status: int = 0  #: answer so; 0: hang up
    code: int = 0  #: as Twilio words it; 0: as somebody in between does
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None  #: answer this text
    after: bool = False  #: first do what was asked: only the answer is lost
    silent: bool = False  #: never answer
    skip: int = 0  #: let so many calls pass before it begins


class TwilioApi:
    """Twilio, as one account meets it."""

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.calls: list[tuple[str, str, Any]] = []  #: method, path, and the form or JSON
        self.messages: dict[str, dict[str, str]] = {}  #: what we sent, or people did
        self.taken: list[dict[str, str]] = []  #: what we sent, with its sid, though it is deleted since
        self.media: dict[str, list[str]] = {}  #: of a message
        self.contents: dict[str, dict[str, Any]] = {}
        self.approvals: dict[str, str] = {}  #: of contents: "approved", "pending" ...
        self.numbers: list[dict[str, Any]] = []
        self.services: dict[str, dict[str, Any]] = {}
        self.senders: list[dict[str, Any]] = []  #: on WhatsApp
        self.files: dict[str, tuple[str, bytes]] = {}  #: path -> type and content
        self.two_way = {"AT", "GB"}  #: countries whose numbers hear SMS
        self._sids = count(1)
        self._faults: list[Fault] = []
        self._gone = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_get("/sent/{after}", self._tell)
        app.router.add_route("*", "/{path:.*}", self._hear)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        self._gone.set()
        if self._runner:
            await self._runner.cleanup()

    def fail(self, **fault: Any) -> None:
        """The next call goes wrong."""
        self._faults.append(Fault(**fault))

    def asked(self, path: str, method: str = "POST") -> list[Any]:
        """What was asked at an address that ends so."""
        return [given for how, where, given in self.calls if how == method and where.endswith(path)]

    @property
    def sent(self) -> list[dict[str, str]]:
        """What we sent, and Twilio has, in order."""
        return [one for one in list(self.messages.values()) if "From" in one or "MessagingServiceSid" in one]

    def came(self, *media: str) -> str:
        """Somebody wrote; the message's sid."""
        sid = self._new("SM")
        self.messages[sid] = {"Body": "The lamp is broken"}
        self.media[sid] = list(media)
        return sid

    async def _tell(self, request: web.Request) -> web.Response:
        return _json(self.taken[int(request.match_info["after"]) :])

    def add_file(self, content: bytes, mime: str) -> str:
        """Somebody's file; the address at which it can be fetched with the account's name and token."""
        path = f"/2010-04-01/Accounts/{SID}/Messages/{self._new('MM')}/Media/{self._new('ME')}"
        self.files[path] = (mime, content)
        return f"{self.url}{path}"

    def _new(self, kind: str) -> str:
        return f"{kind}{next(self._sids):032x}"

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        given = await request.json() if request.content_type == "application/json" else None
        if given is None:
            given = dict(await request.post()) if request.method == "POST" else dict(request.query)
        self.calls.append((request.method, request.path, given))
        fault = self._fault(request)
        if fault and not fault.after:
            return await self._go_wrong(fault, request)
        known = f"Basic {base64.b64encode(f'{SID}:{self.token}'.encode()).decode()}"
        if request.headers.get("Authorization") != known:
            return _error(401, 20003)
        if request.path in self.files:
            mime, content = self.files[request.path]
            return web.Response(body=content, content_type=mime)
        answer = self._answer(request.method, request.path, given)
        return await self._go_wrong(fault, request) if fault else answer

    def _fault(self, request: web.Request) -> Fault | None:
        for fault in self._faults:
            if fault.method != request.method or not request.path.endswith(fault.path):
                continue
            if fault.skip:
                fault.skip -= 1
                return None
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
            return fault
        return None

    async def _go_wrong(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        if fault.silent:
            await self._gone.wait()
        if not fault.status:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.code:
            return _error(fault.status, fault.code, fault.headers)
        return web.Response(
            status=fault.status,
            text=fault.body or "<h1>Sorry</h1>",
            content_type="text/html",
            headers=fault.headers,
        )

    def _answer(self, method: str, path: str, given: Any) -> web.Response:  # noqa: C901, PLR0912 - one case an address
        match method, [part for part in path.removesuffix(".json").split("/") if part]:
            case "POST", [_, "Accounts", _, "Messages"]:
                return self._send(given)
            case "GET", [_, "Accounts", _, "Messages", sid, "Media"]:
                if sid not in self.messages:
                    return _error(404, 20404)
                return _json({"media_list": [{"sid": one} for one in self.media.get(sid, [])]})
            case "DELETE", [_, "Accounts", _, "Messages", sid, "Media", one]:
                self.media[sid].remove(one)
                return web.Response(status=204)
            case "DELETE", [_, "Accounts", _, "Messages", sid]:
                return web.Response(status=204) if self.messages.pop(sid, None) else _error(404, 20404)
            case "GET", [_, "Accounts", sid]:
                return _json({"sid": sid, "status": "active", "friendly_name": "council"})
            case "GET", [_, "Accounts", _, "IncomingPhoneNumbers"]:
                found = [
                    one for one in self.numbers if given.get("PhoneNumber") in (None, one["phone_number"])
                ]
                return _json({"incoming_phone_numbers": found})
            case "GET", [_, "Accounts", _, "SMS", "ShortCodes"]:
                return _json({"short_codes": []})
            case "GET", [_, "Accounts", _, "AvailablePhoneNumbers", _, _]:
                return _json({"available_phone_numbers": []})
            case "GET", [_, "Accounts", _, "AvailablePhoneNumbers", country]:
                return _json({"country_code": country}) if country in self.two_way else _error(404, 20404)
            case "POST", ["v1", "Content"]:
                sid = self._new("HX")
                self.contents[sid] = given
                return _json({"sid": sid, **given}, 201)
            case "GET", ["v1", "Content"]:
                found = [{"sid": sid, **one} for sid, one in self.contents.items()]
                return _json({"contents": found, "meta": {"key": "contents"}})
            case "GET", ["v1", "Content", sid] if sid in self.contents:
                return _json({"sid": sid, **self.contents[sid]})
            case "GET", ["v1", "Content", sid, "ApprovalRequests"] if sid in self.contents:
                approval = {"status": self.approvals.get(sid, "unsubmitted"), "category": "UTILITY"}
                return _json({"sid": sid, "whatsapp": approval})
            case "GET", ["v1", "Services", sid] if sid in self.services:
                return _json({"sid": sid, **self.services[sid]})
            case "GET", ["v2", "Channels", "Senders"]:
                return _json({"senders": self.senders, "meta": {"key": "senders"}})
        return _error(404, 20404)

    def _send(self, given: dict[str, str]) -> web.Response:
        if not given.get("From") and not given.get("MessagingServiceSid"):
            return _error(400, 21603)
        if content := given.get("ContentSid"):
            if content not in self.contents:
                return _error(400, 21655)
            json.loads(given["ContentVariables"])
        elif len(given.get("Body", "")) > 1600:
            return _error(400, 21617)
        sid = self._new("SM")
        self.messages[sid] = given
        self.taken.append({**given, "Sid": sid})
        return _json({"sid": sid, "status": "queued"}, 201)


@dataclass(frozen=True)
class RemoteTwilioApi:
    """A server in another process."""

    url: str

    def sent(self, after: int = 0) -> list[dict[str, str]]:
        """What it took, with its sid, in order, after the first so many."""
        line = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with line.open(f"{self.url}/sent/{after}", timeout=30) as answer:
            return list(json.load(answer))


def _json(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)


def _error(status: int, code: int, headers: dict[str, str] | None = None) -> web.Response:
    body = {"code": code, "message": "Refused by the test", "more_info": "", "status": status}
    return web.json_response(body, status=status, headers=headers)


async def _serve() -> None:
    async with running() as api:
        print(api.url, flush=True)  # noqa: T201 - whoever started us reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
