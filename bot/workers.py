"""The workers of the running program: started one by one, and stopped in the opposite order.

One that fails stops the program, with a sentence: half a program would go on unnoticed, and a whole one that
ended is started again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

import structlog

from core.errors import TownbellError

log = structlog.get_logger()


class Workers:
    """The workers that run until the program stops; one that fails stops the program."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._tasks: list[asyncio.Task[None]] = []

    def employ(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Start a worker; it is stopped before those that were started earlier."""
        task = asyncio.create_task(work, name=name)
        self._tasks.append(task)
        self._stack.push_async_callback(_dismiss, task)

    async def work_until(self, told: asyncio.Event) -> int:
        """Work until we are told to stop, or a worker fails; raises TownbellError for the latter."""
        await self.work_while(asyncio.create_task(told.wait()))
        log.info("stopping")
        return 0

    async def work_while(self, other: asyncio.Task[Any]) -> None:
        """Work while something else goes on; raises its fault, or TownbellError when a worker fails."""
        try:
            done, _ = await asyncio.wait([other, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            other.cancel()
            await asyncio.wait([other])
        for task in done - {other}:
            fault = task.exception()
            log.error("worker failed", worker=task.get_name(), exc_info=fault)
            if isinstance(fault, TownbellError):
                raise fault
            what = f"{task.get_name()} failed ({type(fault).__name__})"
            raise TownbellError(f"Townbell stopped, because {what}. Nothing is lost; start it again.")
        other.result()


async def _dismiss(task: asyncio.Task[None]) -> None:
    if task.done():  # it failed, and was told of
        return
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled() and (fault := task.exception()):
        log.error("worker failed", worker=task.get_name(), exc_info=fault)
