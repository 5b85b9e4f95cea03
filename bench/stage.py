"""A stage: a process of its own for each that is measured, so that nobody pays for another's memory.

They play one after another and never at once; each takes its own time, the moment it has the updates.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

#: a fork would inherit what this process has imported and made
_PROCESSES = multiprocessing.get_context("spawn")
PATIENCE = 300  # seconds


class Player(Protocol):
    """A bot that answers what people write."""

    replies: int

    async def hear(self, updates: Sequence[bytes]) -> None:
        """Answer updates; returns when all answers went out, and what is kept is kept."""
        ...


@dataclass(frozen=True)
class Took:
    """What it took."""

    seconds: float
    cpu: float  #: seconds of all threads


class Stage:
    """One player in its process."""

    def __init__(self, line: Connection) -> None:
        self._line = line

    def hear(self, updates: Sequence[bytes]) -> Took:
        """Let it answer these, and tell how long it took."""
        return Took(*self.do("hear", updates))

    def do(self, name: str, *arguments: Any) -> Any:
        """Call a method of the player, or `replies`."""
        self._line.send((name, arguments))
        if not self._line.poll(PATIENCE):
            raise TimeoutError(f"{name} takes longer than {PATIENCE} seconds")
        answer = self._line.recv()
        if isinstance(answer, BaseException):
            raise answer
        return answer


@contextmanager
def on_stage(module: str, folder: Path | None = None, **options: Any) -> Iterator[Stage]:
    """The player of a module of ours (`bench.ptb`), in a scratch folder or in this one."""
    ours, theirs = _PROCESSES.Pipe()
    with tempfile.TemporaryDirectory(dir=scratch()) as made:
        process = _PROCESSES.Process(target=_perform, args=(theirs, module, folder or Path(made), options))
        process.start()
        theirs.close()
        try:
            stage = Stage(ours)
            stage.do("replies")  # it is ready
            yield stage
        finally:
            ours.close()
            process.join(10)
            process.kill()


def scratch() -> Path | None:
    """Where scratch folders are made: in BENCH_FOLDER, on the disk to be measured, else where all are."""
    named = os.environ.get("BENCH_FOLDER")
    return Path(named) if named else None


def _perform(line: Connection, module: str, folder: Path, options: dict[str, Any]) -> None:
    try:
        asyncio.run(_play(line, importlib.import_module(module).playing(folder, **options)))
    except (EOFError, KeyboardInterrupt):
        sys.stdout.flush()
    # Without goodbyes: what a player would still do belongs to no measurement.
    os._exit(0)


async def _play(line: Connection, playing: AbstractAsyncContextManager[Any]) -> None:
    loop = asyncio.get_running_loop()
    async with playing as player:
        async for name, arguments in _orders(line, loop):
            try:
                if name == "hear":
                    answer: Any = await _timed(player, *arguments)
                elif callable(work := getattr(player, name)):
                    answer = await work(*arguments)
                else:
                    answer = work
            except Exception as fault:  # noqa: BLE001 - told to whoever asked
                answer = RuntimeError(f"{type(fault).__name__}: {fault}")
            line.send(answer)


async def _orders(line: Connection, loop: asyncio.AbstractEventLoop) -> AsyncIterator[tuple[str, Any]]:
    while True:
        try:
            # Not in the loop, which has work of its own: a flush by the minute, a worker that looks.
            yield await loop.run_in_executor(None, line.recv)
        except EOFError:
            return


async def _timed(player: Player, updates: Sequence[bytes]) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    await player.hear(updates)
    return time.perf_counter() - began, time.process_time() - cpu
