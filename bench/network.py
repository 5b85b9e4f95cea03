"""The end of the line: HTTPX is asked to post, the bytes are made, and the answer comes from a drawer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import urlencode

import httpx

from bench.talk import TAKEN

ME = {"id": 123456, "is_bot": True, "first_name": "T", "username": "TownbellBot"}


class Answer(NamedTuple):
    """What python-telegram-bot reads of an answer."""

    status_code: int
    content: bytes


class Network:
    """Counts the messages that went out."""

    def __init__(self) -> None:
        self.requests = 0
        self.bytes = 0
        self.told: Callable[[], None] = lambda: None

    def post(self, url: str, data: Any = None, content: bytes = b"", json: Any = None) -> Answer:
        """One request, as bytes: its address and its form, or what stands in the form's place."""
        if url.endswith("/getMe"):
            return Answer(200, GET_ME)
        self.requests += 1
        self.bytes += len(url.encode()) + len(urlencode(data).encode() if data else _body(content, json))
        self.told()
        return Answer(200, TAKEN)

    @contextmanager
    def in_the_place_of_httpx(self) -> Iterator[None]:
        """While the block runs, what HTTPX would send comes here."""
        network = self

        async def request(
            _client: httpx.AsyncClient,
            method: str,  # noqa: ARG001 - as HTTPX is asked
            url: str,
            *,
            data: Any = None,
            content: bytes = b"",
            json: Any = None,
            **_: Any,
        ) -> Answer:
            return network.post(str(url), data, content, json)

        with mock.patch.object(httpx.AsyncClient, "request", request):
            yield


def _body(content: bytes, value: Any) -> bytes:
    return content if value is None else json.dumps(value).encode()


GET_ME = json.dumps({"ok": True, "result": ME}).encode()
