"""An emulator of Telegram: the npm package telegram-test-api, mended in telegram/start.cjs.

A test takes a bot of its own (`emulator.bot()`), so tests do not hear one another. A call here waits for the
emulator's answer only, never for the bot's, so a test may make it in the event loop in which the bot runs;
`wait_sent` is the one that waits for the bot: there, use `await asyncio.to_thread(them.wait_sent)`.
"""

import hashlib
import json
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.peers import npm

HERE = Path(__file__).parent / "telegram"


def missing() -> str | None:
    """Why the emulator cannot run here, or None. Fetches its packages the first time."""
    return npm.missing(HERE, "telegram")


@contextmanager
def emulator() -> Iterator["TelegramEmulator"]:
    """A running emulator."""
    with npm.started(HERE, "telegram") as url:
        yield TelegramEmulator(url)


@dataclass(frozen=True)
class TelegramEmulator:
    """Where Telegram is, for a while."""

    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(100_001))

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as `base_url`."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """What python-telegram-bot takes as `base_file_url`."""
        return f"{self.url}/file/bot"

    def bot(self) -> "EmulatedBot":
        """A new bot, to whom nobody has written yet."""
        return EmulatedBot(self.url, f"{next(self._numbers)}:TEST")


@dataclass(frozen=True)
class EmulatedBot:
    """One bot as people and Telegram meet it: they write to it, and read what it sent."""

    url: str
    token: str

    def send_message(
        self, text: str | None = None, *, person: int = 1, language: str = "en", **fields: Any
    ) -> int:
        """Somebody writes in a private chat; any field of a message may be given. Returns its id."""
        message = _message(person, language) | fields
        if text is not None:
            message["text"] = text
            if text.startswith("/"):
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        sent: int = self.send_update(message=message)["message_id"]
        return sent

    def edit_message(self, message_id: int, text: str, *, person: int = 1, language: str = "en") -> None:
        """Somebody corrects what they wrote."""
        corrected = _message(person, language) | {
            "message_id": message_id,
            "text": text,
            "edit_date": int(time.time()),
        }
        self.send_update(edited_message=corrected)

    def send_callback(self, data: str, *, message_id: int, person: int = 1, language: str = "en") -> None:
        """Somebody presses a button under the bot's message."""
        self.send_update(**_press(data, message_id, person, language))

    def send_member(self, status: str, *, person: int = 1, language: str = "en") -> None:
        """Somebody blocks the bot (`kicked`) or takes it back (`member`)."""
        said = _message(person, language)
        user = {"id": int(self.token.split(":")[0]), "is_bot": True, "first_name": "Townbell"}
        now = {"status": status, "user": user} | ({"until_date": 0} if status == "kicked" else {})
        before = {"status": "member", "user": user}
        self.send_update(my_chat_member=said | {"old_chat_member": before, "new_chat_member": now})

    def send_update(self, **update: Any) -> dict[str, Any]:
        """Any update, as the Bot API describes it. Returns `update_id` and, of a message, `message_id`."""
        answer: dict[str, Any] = self._ask("POST", "/sendUpdate", {"token": self.token, "update": update})
        return answer

    def send_at_once(self, *texts: str, person: int = 1, language: str = "en") -> list[int]:
        """Somebody writes so quickly that a bot that polls gets it all in one answer. Returns the ids."""
        answers = self._send_updates(
            {"message": _message(person, language) | {"text": text}} for text in texts
        )
        return [answer["message_id"] for answer in answers]

    def send_callback_twice(
        self, data: str, *, message_id: int, person: int = 1, language: str = "en"
    ) -> None:
        """Somebody presses a button twice, as quickly."""
        self._send_updates(_press(data, message_id, person, language) for _ in range(2))

    def _send_updates(self, updates: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = self._ask(
            "POST", "/sendUpdates", {"token": self.token, "updates": list(updates)}
        )
        return answers

    def lead_to(self, origin: str) -> None:
        """Where the public address of the bot's webhook really leads, as a proxy would."""
        self._ask("POST", "/door", {"token": self.token, "origin": origin})

    def sent(self, *, person: int = 1) -> list[dict[str, Any]]:
        """What the bot sent to somebody since we last asked, each with its `message_id`."""
        kept = self._ask("POST", "/getUpdates", {"token": self.token, "chatId": person})
        return [each["message"] | {"message_id": each["messageId"]} for each in kept]

    def wait_sent(self, number: int = 1, *, person: int = 1, seconds: float = 10) -> list[dict[str, Any]]:
        """Wait until the bot has sent somebody so many messages, and return them."""
        deadline = time.monotonic() + seconds
        messages: list[dict[str, Any]] = []
        while len(messages) < number:
            assert time.monotonic() < deadline, (
                f"the bot sent {len(messages)} of {number} messages in {seconds} s: {messages}"
            )
            messages += self.sent(person=person)
            time.sleep(0.02)
        return messages

    def history(self) -> list[dict[str, Any]]:
        """All that was said, by both, in order of time."""
        said: list[dict[str, Any]] = self._ask("POST", "/getUpdatesHistory", {"token": self.token})
        return said

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each call of a method that the bot made, refused or not."""
        made = self._ask("POST", "/calls", {"token": self.token})
        return [call["parameters"] for call in made if call["method"] == method]

    def refuse(self, method: str, status: int, description: str, **parameters: Any) -> None:
        """Answer the bot's next call of a method with an error; `parameters` such as `retry_after=3`."""
        body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
        if parameters:
            body["parameters"] = parameters
        self._ask("POST", "/refuse", {"token": self.token, "method": method, "status": status, "body": body})

    def add_file(self, content: bytes) -> str:
        """Somebody's file, which the bot can fetch by the id returned."""
        file_id = hashlib.sha256(content).hexdigest()[:24]
        self._ask("PUT", f"/files/{file_id}", content)
        return file_id

    def _ask(self, method: str, path: str, body: bytes | dict[str, Any]) -> Any:
        binary = isinstance(body, bytes)
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=body if isinstance(body, bytes) else json.dumps(body).encode(),
            headers={"Content-Type": "application/octet-stream" if binary else "application/json"},
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)["result"]


def _message(person: int, language: str) -> dict[str, Any]:
    """What every message of a person in a private chat has."""
    return {
        "date": int(time.time()),
        "from": {"id": person, "is_bot": False, "first_name": "Test", "language_code": language},
        "chat": {"id": person, "type": "private", "first_name": "Test"},
    }


def _press(data: str, message_id: int, person: int, language: str) -> dict[str, Any]:
    """The update of a button that was pressed."""
    pressed = _message(person, language)
    query = {
        "id": str(time.time_ns()),
        "from": pressed["from"],
        "message": {"message_id": message_id, "date": pressed["date"], "chat": pressed["chat"], "text": "…"},
        "chat_instance": "1",
        "data": data,
    }
    return {"callback_query": query}
