"""Look for issues that say the same, in a process of its own.

What that needs is large, and needed for some seconds a week: the process ends with its question, and the
memory is given back. A turn comes first, so the process has the processor when nobody else wants it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from multiprocessing import get_context

from core.errors import TownbellError
from outreach import grouping
from outreach.grouping import Pair, Text

Proposals = list[tuple[int, ...]]

TIME_LIMIT = timedelta(minutes=5)  # three thousand texts take seconds; on a busy machine, they wait
NICE = 10
#: how it shows that the process is gone, or could not do its work here
BREAKS = (BrokenProcessPool, ImportError, MemoryError, OSError)


class GroupingFault(TownbellError):
    """Looking for issues that say the same broke off, in its own process. Nothing is proposed this time."""


def has_grouping() -> bool:
    """Whether what grouping needs is installed (`make translation`)."""
    return find_spec("sklearn") is not None


class Grouper:
    """Proposes groups, one question at a time."""

    def __init__(
        self, *, propose: Callable[..., Proposals] = grouping.propose, limit: timedelta = TIME_LIMIT
    ) -> None:
        self._propose = propose
        self._limit = limit
        self._turn = asyncio.Lock()

    async def propose(
        self, texts: Iterable[Text], apart: Iterable[Pair] = (), *, common: Iterable[str] = ()
    ) -> Proposals:
        """As outreach.grouping.propose; nothing where it is not installed. Raises GroupingFault."""
        if not has_grouping():
            return []
        question = partial(self._propose, list(texts), list(apart), common=list(common))
        try:
            async with self._turn, _process(self._limit) as process:
                return await asyncio.get_running_loop().run_in_executor(process, question)
        except BREAKS:
            raise GroupingFault from None


@asynccontextmanager
async def _process(limit: timedelta) -> AsyncIterator[ProcessPoolExecutor]:
    """A process that is gone afterwards, whether it was done or not."""
    # A fork would begin with a copy of all we hold, and of locks that our threads hold.
    process = ProcessPoolExecutor(1, get_context("spawn"), _begin, (limit.total_seconds(),))
    try:
        pid = await asyncio.get_running_loop().run_in_executor(process, os.getpid)
        try:
            yield process
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # nobody waits for what it does
            raise
    finally:
        await asyncio.to_thread(process.shutdown, cancel_futures=True)


def _begin(limit: float) -> None:
    """What the process does first."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C on the terminal is for us, who end it in order
    signal.setitimer(signal.ITIMER_REAL, limit)  # ends it, also should we no longer be there to do so
    os.environ["OMP_NUM_THREADS"] = "1"
