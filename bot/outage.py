"""The database is away, or its disk is full: wait, a little longer each time, and begin again."""

from __future__ import annotations

import asyncio

import structlog

from core.errors import DiskFull, LostDatabase, NotOurTurn

#: what passes by itself, or when somebody mends it; nothing was written
OUTAGES = (LostDatabase, NotOurTurn, DiskFull)
#: how long the first wait is, and the longest
PATIENCE = (1.0, 30.0)  # seconds

log = structlog.get_logger()


class Outage:
    """How often in a row a worker met one."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._times = 0

    def over(self) -> None:
        """It works again."""
        self._times = 0

    async def wait(self, fault: Exception) -> None:
        """Wait before beginning again; who was told to stop meanwhile does stop."""
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # The fault came up while we were stopping, and stands where the order to stop stood.
            raise asyncio.CancelledError from fault
        log.error("waiting for the database", worker=self._worker, fault=type(fault).__name__)
        await asyncio.sleep(min(PATIENCE[0] * 2**self._times, PATIENCE[1]))
        self._times = min(self._times + 1, 10)
