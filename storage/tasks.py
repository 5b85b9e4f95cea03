"""Transactions run in tasks of their own: who waits for one may be cancelled, the transaction is not."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class UnderWay:
    """The transactions under way."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def finish(self, transaction: Coroutine[Any, Any, T], name: str) -> T:
        """Run a transaction to its end, whatever becomes of who waits for it."""
        task = asyncio.create_task(transaction, name=name or None)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def all_done(self) -> None:
        """Wait until none is left."""
        while self._tasks:
            await asyncio.wait(self._tasks)
