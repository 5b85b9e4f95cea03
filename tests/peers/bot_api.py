"""A Bot API server of our own, for what the emulator lacks: offsets and redelivery, faults, silence.

In a test: `async with running() as api`. As a program: `python -m tests.peers.bot_api --port 9000`, or from a
test `with started() as api`: then a POST to /control/NAME calls the method NAME of `BotApi` with the JSON
object as its arguments. It keeps everything in memory, for one bot. https://core.telegram.org/bots/api
"""

import argparse
import asyncio
import base64
import contextlib
import json
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL

TOKEN = "123456:TEST"
FIRST_UPDATE = 7001
PARAMETERS_IN_JSON = (
    "reply_markup",
    "link_preview_options",
    "allowed_updates",
    "commands",
    "scope",
    "message_ids",
)


@asynccontextmanager
async def running(port: int = 0, token: str = TOKEN) -> AsyncIterator["BotApi"]:
    """A server in this event loop."""
    api = BotApi(token)
    await api.start(port)
    try:
        yield api
    finally:
        await api.stop()


@contextmanager
def started(token: str = TOKEN) -> Iterator["RemoteBotApi"]:
    """A server that is a process of its own, and so lives on when the bot is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.peers.bot_api", "--token", token],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, "the Bot API server did not start"
        yield RemoteBotApi(url, token)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@dataclass
class Fault:
    """What happens to the next calls of a method instead of an answer."""

    method: str  #: "*" for any
    times: int = 1
    status: int = 0  #: answer so; 0: hang up
    description: str = "Refused by the test"
    parameters: dict[str, Any] = field(default_factory=dict)  #: such as retry_after
    body: str | None = None  #: answer this text instead of the Bot API's JSON
    after: bool = False  #: first do what was asked: it arrived, only the answer is lost
    seconds: float = 0  #: be silent for so long first
    skip: int = 0  #: let so many calls pass before it begins


class BotApi:
    """Telegram, as one bot and the people who write to it meet it."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.url = ""
        self._update_ids = count(FIRST_UPDATE)
        self._message_ids = count(101)
        self._updates: deque[tuple[int, bytes]] = deque()  # not acknowledged yet
        self._news = asyncio.Condition()
        self._polls = 0  # the newest getUpdates ends the older ones
        self._allowed: list[str] = []
        self._calls: list[tuple[str, dict[str, Any]]] = []
        self._sent: list[dict[str, Any]] = []
        self._deleted: list[tuple[int, int]] = []
        self._faults: list[Fault] = []
        self._files: dict[str, bytes] = {}
        self._queries: set[str] = set()
        self._blocked: set[int] = set()
        self._lasting: set[int] = set()
        self._webhook: dict[str, Any] = {}
        self._door = ""
        self._deliveries: list[int] = []
        self._postman: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # What people do. Each returns the number of its update.

    def say(self, text: str | None = None, *, person: int = 1, language: str = "en", **fields: Any) -> int:
        """Somebody writes in a private chat; any field of a message may be given."""
        message = self._from(person, language) | {"message_id": next(self._message_ids)} | fields
        if text is not None:
            message["text"] = text
        return self.push({"message": message})

    def edit(self, message_id: int, text: str, *, person: int = 1, language: str = "en") -> int:
        """Somebody corrects what they wrote."""
        corrected = {"message_id": message_id, "text": text, "edit_date": int(time.time())}
        return self.push({"edited_message": self._from(person, language) | corrected})

    def press(self, data: str, *, message_id: int = 1, person: int = 1, language: str = "en") -> int:
        """Somebody presses a button under one of the bot's messages."""
        said = self._from(person, language)
        query = {
            "id": f"query-{next(self._message_ids)}",
            "from": said["from"],
            "chat_instance": "1",
            "message": {"message_id": message_id, "date": said["date"], "chat": said["chat"], "text": "…"},
            "data": data,
        }
        self._queries.add(query["id"])
        return self.push({"callback_query": query})

    def member(self, status: str, *, person: int = 1) -> int:
        """Somebody blocks the bot (`kicked`), so that nothing can be sent, or takes it back (`member`)."""
        (self._blocked.add if status == "kicked" else self._blocked.discard)(person)
        user = {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "Townbell"}
        before = "member" if status == "kicked" else "kicked"
        change = {
            "old_chat_member": {"status": before, "user": user, "until_date": 0},
            "new_chat_member": {"status": status, "user": user, "until_date": 0},
        }
        return self.push({"my_chat_member": self._from(person, "en") | change})

    def push(self, update: dict[str, Any], *, update_id: int | None = None) -> int:
        """Any update, as the Bot API describes it. A number that was given before makes it the same again."""
        number = next(self._update_ids) if update_id is None else update_id
        kind = next(iter(update), "")
        if not self._allowed or kind in self._allowed:
            self.push_bytes(json.dumps({"update_id": number} | update).encode(), number)
        return number

    def push_bytes(self, body: bytes, update_id: int) -> None:
        """An update as it is, broken perhaps; `update_id` is what acknowledges it."""
        self._updates.append((update_id, body))
        self._in_background(self._tell())

    def add_file(self, content: bytes | str) -> str:
        """Somebody's file; returns its id. From afar its content is written in base64."""
        content = base64.b64decode(content) if isinstance(content, str) else content
        file_id = f"file-{next(self._message_ids)}"
        self._files[file_id] = content
        return file_id

    def lead_to(self, origin: str) -> None:
        """Where the public address of the webhook really leads, as a proxy would."""
        self._door = origin

    # What goes wrong

    def fail(self, method: str, status: int, *, times: int = 1, **fault: Any) -> None:
        """Answer the next calls with an error; see `Fault`."""
        self._faults.append(Fault(method, times, status, **fault))

    def be_silent(self, method: str, *, seconds: float = 3600, times: int = 1, after: bool = False) -> None:
        """Do not answer the next calls, and hang up in the end."""
        self._faults.append(Fault(method, times, seconds=seconds, after=after))

    def hang_up(self, method: str, *, times: int = 1, after: bool = False) -> None:
        """Close the line in the next calls, without an answer."""
        self._faults.append(Fault(method, times, after=after))

    def keep(self, message_id: int) -> None:
        """Let nobody delete this message: it is too old."""
        self._lasting.add(message_id)

    def mend(self) -> None:
        """No more faults."""
        self._faults.clear()

    # What the bot did

    def sent(self, person: int | None = None) -> list[dict[str, Any]]:
        """The messages that arrived, oldest first, with `message_id`, `chat_id`, `text` and `buttons`."""
        return [message for message in self._sent if person in (None, message["chat_id"])]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each call of a method, refused or not."""
        return [parameters for name, parameters in self._calls if name == method]

    def deleted(self) -> list[tuple[int, int]]:
        """What was deleted: (chat, message)."""
        return self._deleted

    def waiting(self) -> list[int]:
        """The numbers of the updates that are not acknowledged."""
        return [number for number, _ in self._updates]

    def webhook(self) -> dict[str, Any]:
        """The webhook that is set; empty when none is."""
        return self._webhook

    def deliveries(self) -> list[int]:
        """With which status the bot answered each post to its webhook."""
        return self._deliveries

    async def wait_sent(
        self, number: int = 1, *, person: int | None = None, seconds: float = 10
    ) -> list[dict[str, Any]]:
        """Wait until so many messages have arrived, and return them."""
        await self.wait_for(lambda: len(self.sent(person)) >= number, seconds=seconds)
        return self.sent(person)

    async def wait_for(self, condition: Any, *, seconds: float = 10) -> Any:
        """Wait until a condition holds, and return what it gave."""
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, f"not within {seconds} s: {self._calls[-5:]}"
            await asyncio.sleep(0.005)
        return found

    # The server

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        app.router.add_post("/control/{name}", self._control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, taken = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{taken}"

    async def stop(self) -> None:
        """Close all lines; what is not acknowledged stays."""
        tasks = [task for task in (self._postman, *self._tasks) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _error(401, "Unauthorized")
        parameters = await _parameters(request)
        self._calls.append((method, parameters))
        fault = self._fault(method)
        if fault is not None and not fault.after:
            return await self._do(fault, request)
        work = getattr(self, f"_on_{method}", None)
        answer = _error(404, "Not Found") if work is None else await work(parameters)
        return answer if fault is None else await self._do(fault, request)

    def _fault(self, method: str) -> Fault | None:
        for fault in self._faults:
            if fault.method in ("*", method) and fault.skip:
                fault.skip -= 1
            elif fault.method in ("*", method):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None

    async def _do(self, fault: Fault, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(fault.seconds)
        if not fault.status:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if fault.body is not None:
            return web.Response(status=fault.status, text=fault.body, content_type="text/html")
        return _error(fault.status, fault.description, **fault.parameters)

    async def _on_getMe(self, _: dict[str, Any]) -> web.Response:  # noqa: N802 - as Telegram calls it
        return _ok(
            {
                "id": int(self.token.split(":")[0]),
                "is_bot": True,
                "first_name": "T",
                "username": "TownbellBot",
            }
        )

    async def _on_getUpdates(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        if self._webhook.get("url"):
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        self._allowed = parameters.get("allowed_updates", self._allowed)
        offset, limit = int(parameters.get("offset", 0)), int(parameters.get("limit", 100))
        if offset > 0:
            self._updates = deque(update for update in self._updates if update[0] >= offset)
        self._polls += 1
        mine = self._polls
        await self._tell()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(float(parameters.get("timeout", 0))), self._news:
                await self._news.wait_for(lambda: self._updates or self._polls != mine)
        if self._polls != mine:
            return _error(409, "Conflict: terminated by other getUpdates request")
        bodies = [body for _, body in list(self._updates)[:limit]]
        return web.Response(
            body=b'{"ok":true,"result":[' + b",".join(bodies) + b"]}", content_type="application/json"
        )

    async def _on_setWebhook(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        self._allowed = parameters.get("allowed_updates", self._allowed)
        if parameters.get("drop_pending_updates") == "true":
            self._updates.clear()
        self._webhook = {name: value for name, value in parameters.items() if name != "drop_pending_updates"}
        if self._webhook.get("url") and self._postman is None:
            self._postman = asyncio.create_task(self._deliver())
        await self._tell()
        return _ok(True)

    async def _on_deleteWebhook(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        return await self._on_setWebhook(parameters | {"url": ""})

    async def _on_getWebhookInfo(self, _: dict[str, Any]) -> web.Response:  # noqa: N802
        return _ok({"url": self._webhook.get("url", ""), "has_custom_certificate": False,
                    "pending_update_count": len(self._updates)})  # fmt: skip

    async def _on_sendMessage(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        chat, text = int(parameters["chat_id"]), parameters.get("text", "").strip()
        buttons = [
            button for row in parameters.get("reply_markup", {}).get("inline_keyboard", []) for button in row
        ]
        if chat in self._blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        if not text:
            return _error(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _error(400, "Bad Request: message is too long")
        if any(len(button.get("callback_data", "").encode()) > 64 for button in buttons):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        message_id = next(self._message_ids)
        self._sent.append({"message_id": message_id, "chat_id": chat, "text": text, "buttons": buttons})
        private = {"id": chat, "type": "private" if chat > 0 else "group"}
        return _ok({"message_id": message_id, "date": int(time.time()), "chat": private, "text": text})

    async def _on_answerCallbackQuery(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        if parameters["callback_query_id"] not in self._queries:
            return _error(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        return _ok(True)

    async def _on_deleteMessages(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        chat, ids = int(parameters["chat_id"]), parameters["message_ids"]
        if len(ids) > 100:
            return _error(400, "Bad Request: too many messages to delete")
        if self._lasting.intersection(ids):
            return _error(400, "Bad Request: message can't be deleted")
        self._deleted += [(chat, message_id) for message_id in ids]
        return _ok(True)

    async def _on_setMyCommands(self, _: dict[str, Any]) -> web.Response:  # noqa: N802
        return _ok(True)

    async def _on_leaveChat(self, _: dict[str, Any]) -> web.Response:  # noqa: N802
        return _ok(True)

    async def _on_getFile(self, parameters: dict[str, Any]) -> web.Response:  # noqa: N802
        file_id = parameters["file_id"]
        if file_id not in self._files:
            return _error(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self._files[file_id])
        if size > 20 * 1024 * 1024:
            return _error(400, "Bad Request: file is too big")
        return _ok(
            {
                "file_id": file_id,
                "file_unique_id": file_id,
                "file_size": size,
                "file_path": f"files/{file_id}",
            }
        )

    async def _download(self, request: web.Request) -> web.StreamResponse:
        self._calls.append(("download", {"path": request.match_info["path"]}))
        fault = self._fault("download")
        if fault is not None:
            return await self._do(fault, request)
        content = self._files.get(request.match_info["path"].removeprefix("files/"))
        if content is None or request.match_info["token"] != self.token:
            return _error(404, "Not Found")
        return web.Response(body=content)

    async def _control(self, request: web.Request) -> web.Response:
        work = getattr(self, request.match_info["name"])
        return web.json_response({"result": work(**await request.json())})

    async def _deliver(self) -> None:
        """Post to the webhook, one after the other, each until it is taken."""
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                async with self._news:
                    await self._news.wait_for(lambda: self._updates and self._webhook.get("url"))
                number, body = self._updates[0]
                headers = {"Content-Type": "application/json"}
                if secret := self._webhook.get("secret_token"):
                    headers["X-Telegram-Bot-Api-Secret-Token"] = secret
                try:
                    url = URL(self._webhook["url"])
                    door = URL(self._door).join(url.relative()) if self._door else url
                    async with session.post(door, data=body, headers=headers) as answer:
                        status = answer.status
                except (ClientError, TimeoutError):
                    status = 0
                self._deliveries.append(status)
                if 200 <= status < 300:
                    self._updates = deque(update for update in self._updates if update != (number, body))
                else:
                    await asyncio.sleep(0.1)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _in_background(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @staticmethod
    def _from(person: int, language: str) -> dict[str, Any]:
        return {
            "date": int(time.time()),
            "from": {"id": person, "is_bot": False, "first_name": "Test", "language_code": language},
            "chat": {"id": person, "type": "private", "first_name": "Test"},
        }


@dataclass(frozen=True)
class RemoteBotApi:
    """A server in another process: `api.do("say", text="hello")` calls `BotApi.say`."""

    url: str
    token: str

    def do(self, name: str, **arguments: Any) -> Any:
        """Call a method of the server, and return what it returned."""
        request = urllib.request.Request(
            f"{self.url}/control/{name}",
            data=json.dumps(arguments).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)["result"]

    def lead_to(self, origin: str) -> None:
        """As `BotApi.lead_to`."""
        self.do("lead_to", origin=origin)


async def _parameters(request: web.Request) -> dict[str, Any]:
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json() if request.can_read_body else {}
    elif request.can_read_body:
        given |= dict(await request.post())
    return {
        name: json.loads(value) if name in PARAMETERS_IN_JSON and isinstance(value, str) else value
        for name, value in given.items()
    }


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(status: int, description: str, **parameters: Any) -> web.Response:
    answer: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        answer["parameters"] = parameters
    return web.json_response(answer, status=status)


async def _serve(port: int, token: str) -> None:
    async with running(port, token) as api:
        print(api.url, flush=True)  # noqa: T201 - whoever started us reads it
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(options.port, options.token))
