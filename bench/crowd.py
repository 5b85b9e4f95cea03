"""People who write to a webhook, in a process of their own.

`on_time` posts by the clock, whether or not earlier posts were answered, and counts from when each was due: a
server that falls behind cannot make its figures better by making the client wait. `at_once` keeps so many
posts under way. What Twilio posts is signed beforehand, as it is Twilio's work.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bench.house import PUBLIC_URL, SECRET, TWILIO_HOOK
from bench.talk import Telegram, said
from tests.peers import twilio_api, twilio_posts

TELEGRAM_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
#: Telegram opens as many lines as set_webhook allows it
LINES = 40


@dataclass(frozen=True)
class Post:
    """What a provider posts when somebody has written."""

    body: bytes
    headers: Mapping[str, str]


class Posts(Protocol):
    """A provider that makes them."""

    def post(self, person: int, text: str) -> Post:
        """One message of a person."""
        ...


class TelegramPosts:
    """Telegram, whose posts hold a secret of ours."""

    def __init__(self) -> None:
        self._telegram = Telegram()

    def post(self, person: int, text: str) -> Post:
        return Post(self._telegram.update(person, text), TELEGRAM_HEADERS)


class TwilioPosts:
    """Twilio, with people on WhatsApp; it signs each post for our public address."""

    def __init__(self) -> None:
        self._sids = count(1)

    def post(self, person: int, text: str) -> Post:
        address = f"whatsapp:+43660{person:09}"
        fields = twilio_posts.message(
            f"SM{next(self._sids):032x}", person=address, number=twilio_api.ON_WHATSAPP, text=text
        )
        fields |= {
            "ProfileName": "Amina K",
            "WaId": address.removeprefix("whatsapp:+"),
            "MessageType": "text",
        }
        return Post(urlencode(fields).encode(), twilio_posts.signed(f"{PUBLIC_URL}{TWILIO_HOOK}", fields))


class Crowd:
    """Posts what people write."""

    replies = 0

    def __init__(self, session: ClientSession, provider: Posts) -> None:
        self._session = session
        self._provider = provider

    async def on_time(
        self, url: str, talks: int, places: int, first: int, rate: float
    ) -> tuple[list[float], int]:
        """So many people talk, each place of the talk after the one before; seconds of each, and errors."""
        posts = [
            self._provider.post(person, said(person, place))
            for place in range(places)
            for person in range(first, first + talks)
        ]
        loop = asyncio.get_running_loop()
        start = loop.time() + 0.1
        tasks = []
        for n, post in enumerate(posts):
            due = start + n / rate
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(self._from(due, url, post)))
        took = await asyncio.gather(*tasks)
        return [one for one in took if one is not None], took.count(None)

    async def at_once(self, url: str, people: int, first: int) -> tuple[float, int]:
        """So many people write once, as fast as they are answered; seconds, and errors."""
        waiting = iter(range(first, first + people))
        errors = 0

        async def line() -> None:
            nonlocal errors
            for person in waiting:
                errors += not await self._taken(url, self._provider.post(person, said(person, 0)))

        began = time.perf_counter()
        await asyncio.gather(*(line() for _ in range(LINES)))
        return time.perf_counter() - began, errors

    async def _from(self, due: float, url: str, post: Post) -> float | None:
        taken = await self._taken(url, post)
        return asyncio.get_running_loop().time() - due if taken else None

    async def _taken(self, url: str, post: Post) -> bool:
        try:
            async with self._session.post(url, data=post.body, headers=post.headers) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False


@asynccontextmanager
async def playing(_folder: Path, provider: Literal["telegram", "twilio"]) -> AsyncIterator[Crowd]:
    """A crowd with lines enough."""
    posts = TwilioPosts() if provider == "twilio" else TelegramPosts()
    async with ClientSession(connector=TCPConnector(limit=LINES), timeout=ClientTimeout(total=30)) as session:
        yield Crowd(session, posts)
