"""Our engine in this process, on the packages that its peer has."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bench.stage import Took
from bench.talk import parts
from translations.argos import Argos
from translations.translator import Job, Translated


class Engine:
    """One direction, as our worker process translates it."""

    replies = 0  #: messages that were translated

    def __init__(self, engine: Argos) -> None:
        self._engine = engine

    async def translate(self, messages: Sequence[str], batch: int = 1) -> tuple[Took, list[str]]:
        """What it took, and what became of the messages."""
        jobs = [Job(message, "en", "de") for message in messages]
        began, cpu = time.perf_counter(), time.process_time()
        said = [self._said(answer) for some in parts(jobs, batch) for answer in self._engine.translate(some)]
        return Took(time.perf_counter() - began, time.process_time() - cpu), said

    def _said(self, answer: object) -> str:
        assert isinstance(answer, Translated), answer
        self.replies += 1
        return answer.text


@asynccontextmanager
async def playing(_folder: Path, packages: Path) -> AsyncIterator[Engine]:
    """What is installed in a folder."""
    yield Engine(Argos(packages))
