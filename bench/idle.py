"""An idle machine: how long one message takes from its bytes to those of the answer, through all commits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bench import townbell
from bench.talk import MESSAGES, Telegram
from bench.townbell import Town, dismiss

#: between two messages everything comes to rest
REST = 0.02  # seconds


class Idle:
    """A town whose workers run as they do in `townbell run`."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._telegram = Telegram()
        self._answered = asyncio.Event()
        town.network.told = self._answered.set

    async def hear(self, updates: Sequence[bytes]) -> None:
        for update in updates:
            await self._one(update)

    async def talks(self, people: int) -> list[float]:
        """Seconds until the answer to each message of so many people's talks, one after the other."""
        took = []
        for person in range(people):
            for place in range(MESSAGES):
                (update,) = self._telegram.place([person], place)
                await asyncio.sleep(REST)
                took.append(await self._one(update))
        return took

    async def _one(self, update: bytes) -> float:
        self._answered.clear()
        began = time.perf_counter()
        await self._town.receiver.accept([self._town.decode(update)])
        await self._answered.wait()
        return time.perf_counter() - began

    @property
    def replies(self) -> int:
        return self._town.replies


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Idle]:
    """A new town, with its workers at work and Telegram's own sixteen in flight."""
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(townbell.playing(folder, in_flight=16))
        for work in (town.taker.run(), town.sender.run()):
            stack.push_async_callback(dismiss, asyncio.create_task(work))
        yield Idle(town)
