"""People who write to a webhook, in a process of their own.

`on_time` posts by the clock, whether or not earlier posts were answered, and counts from when each was due: a
server that falls behind cannot make its figures better by making the client wait. `at_once` keeps so many
posts under way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bench.house import SECRET
from bench.talk import Telegram, said

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
#: Telegram opens as many lines as set_webhook allows it
LINES = 40


class Crowd:
    """Posts updates."""

    replies = 0

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._telegram = Telegram()

    async def on_time(
        self, url: str, talks: int, places: int, first: int, rate: float
    ) -> tuple[list[float], int]:
        """So many people talk, each place of the talk after the one before; seconds of each, and errors."""
        updates = [
            self._telegram.update(person, said(person, place))
            for place in range(places)
            for person in range(first, first + talks)
        ]
        loop = asyncio.get_running_loop()
        start = loop.time() + 0.1
        tasks = []
        for n, update in enumerate(updates):
            due = start + n / rate
            if (wait := due - loop.time()) > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(self._from(due, url, update)))
        took = await asyncio.gather(*tasks)
        return [one for one in took if one is not None], took.count(None)

    async def at_once(self, url: str, people: int, first: int) -> tuple[float, int]:
        """So many people write once, as fast as they are answered; seconds, and errors."""
        waiting = iter(range(first, first + people))
        errors = 0

        async def line() -> None:
            nonlocal errors
            for person in waiting:
                errors += not await self._post(url, self._telegram.update(person, said(person, 0)))

        began = time.perf_counter()
        await asyncio.gather(*(line() for _ in range(LINES)))
        return time.perf_counter() - began, errors

    async def _from(self, due: float, url: str, update: bytes) -> float | None:
        taken = await self._post(url, update)
        return asyncio.get_running_loop().time() - due if taken else None

    async def _post(self, url: str, update: bytes) -> bool:
        try:
            async with self._session.post(url, data=update, headers=HEADERS) as answer:
                return answer.status == 200
        except (ClientError, TimeoutError):
            return False


@asynccontextmanager
async def playing(_folder: Path) -> AsyncIterator[Crowd]:
    """A crowd with lines enough."""
    async with ClientSession(connector=TCPConnector(limit=LINES), timeout=ClientTimeout(total=30)) as session:
        yield Crowd(session)
