"""Who stands between people and us in test_kill.py, and outlives us.

A `Provider` brings what people say until it is acknowledged, however often we die over it, and keeps what we
said to them. To have the kill test for another channel, write one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPException
from itertools import count
from threading import Event
from typing import Protocol
from urllib.parse import urlencode

from tests.peers.bot_api import RemoteBotApi
from tests.peers.twilio_api import RemoteTwilioApi
from tests.peers.twilio_emulator import post
from tests.peers.twilio_posts import message, report, signed

LINES = 8  #: how many posts of Twilio's are under way at once
AGAIN = 0.05  #: seconds after which it posts again what was not acknowledged


class Provider(Protocol):
    """What test_kill.py asks of one."""

    reached: str  #: how far it says that our messages came, "" where it does not say

    def say(self, person: int, text: str) -> None:
        """Somebody writes; returns at once."""
        ...

    def said(self) -> list[tuple[int, str]]:
        """What we said that was not heard yet: to whom, and what."""
        ...

    def acknowledged(self) -> bool:
        """Whether there is nothing that it has to bring once more."""
        ...


class PolledTelegram:
    """Telegram, which gives again what was not acknowledged by the next poll."""

    reached = ""

    def __init__(self, api: RemoteBotApi) -> None:
        self._api = api
        self._heard = 0

    def say(self, person: int, text: str) -> None:
        self._api.do("say", text=text, person=person)

    def said(self) -> list[tuple[int, str]]:
        new = self._api.do("sent")[self._heard :]
        self._heard += len(new)
        return [(int(one["chat_id"]), one["text"]) for one in new]

    def acknowledged(self) -> bool:
        return True


class PostingTwilio:
    """Twilio, which posts what people write and how ours fare, signed, until it gets a 200."""

    reached = "delivered"

    def __init__(self, api: RemoteTwilioApi, hook: str, number: str) -> None:
        self._api = api
        self._hook = hook
        self._number = number
        self._prefix = "whatsapp:" if number.startswith("whatsapp:") else ""
        self._sids = count(1)
        self._heard = 0
        self._lines = ThreadPoolExecutor(LINES)
        self._brought: list[Future[None]] = []
        self._over = Event()

    def close(self) -> None:
        """Post nothing any more."""
        self._over.set()
        self._lines.shutdown()

    def say(self, person: int, text: str) -> None:
        address = f"{self._prefix}+4366000{person:05}"
        sid = f"SM{next(self._sids):032x}"
        self._bring(self._hook, message(sid, person=address, number=self._number, text=text))

    def said(self) -> list[tuple[int, str]]:
        new = self._api.sent(self._heard)
        self._heard += len(new)
        for one in new:
            if "StatusCallback" in one:  # not in a part that others follow
                self._bring(one["StatusCallback"], report(one["Sid"], self.reached))
        return [(int(one["To"][-5:]), _text(one)) for one in new]

    def acknowledged(self) -> bool:
        return all(one.done() for one in self._brought)

    def _bring(self, url: str, fields: dict[str, str]) -> None:
        self._brought.append(self._lines.submit(self._post, url, fields))

    def _post(self, url: str, fields: dict[str, str]) -> None:
        body, headers = urlencode(fields), signed(url, fields)
        while not self._over.is_set() and not _acknowledged(url, body, headers):
            self._over.wait(AGAIN)


def _text(asked: Mapping[str, str]) -> str:
    """What is said in a message, with buttons or without."""
    return asked.get("Body") or str(json.loads(asked["ContentVariables"])["1"])


def _acknowledged(url: str, body: str, headers: dict[str, str]) -> bool:
    try:
        return post(url, body, headers) == 200
    except (OSError, HTTPException):
        return False  # Nobody is there, or they died over it.
