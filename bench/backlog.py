"""A town whose translator works off what has gathered, in its own process, while people talk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

from bench import models, townbell
from bench.talk import problem
from bench.townbell import Town, dismiss
from bot import clock
from bot.translating import TranslationWorker
from translations.translator import Job
from translations.worker import Worker

FIRST_TEXT = 1_000_000  #: what people say meanwhile has smaller numbers, or larger
#: on some issue, so that they hang on something
TEXT = """
insert into text (id, issue_id, role, language, words, created_at)
select ?, min(id), 'addition', 'en', ?, 0 from issue
"""
WAITING = "insert into translation (text_id, language, source, due_at) values (?, 'de', 'en', ?)"
TRANSLATED = "select count(*) from translation where status <> 'waiting'"
ALWAYS = Job("The lift in our house is broken.", "en", "de")


class Backlog:
    """A town, and its translator at work or at rest."""

    def __init__(self, town: Town, machine: Worker, file: Path) -> None:
        self._town = town
        self._machine = machine
        self._translated = asyncio.Event()
        told = lambda _outcome: self._translated.set()  # noqa: E731
        self._translator = TranslationWorker(town.database, machine, ["de"], told=told)
        self._file = file
        self._working: asyncio.Task[None] | None = None

    async def hear(self, updates: Sequence[bytes]) -> None:
        await self._town.hear(updates)

    async def gather(self, texts: int) -> None:
        """Let so many texts wait, on an issue that somebody has raised; the model is loaded."""
        numbers, now = range(FIRST_TEXT, FIRST_TEXT + texts), clock.now()
        with closing(sqlite3.connect(self._file)) as database, database:
            database.executemany(TEXT, ((number, problem(number)) for number in numbers))
            database.executemany(WAITING, ((number, now) for number in numbers))
        await self._machine.translate([ALWAYS])

    async def work(self) -> None:
        """Begin to translate, or go on; returns once it is at work."""
        self._translated.clear()
        self._working = asyncio.create_task(self._translator.run())
        await self._translated.wait()

    async def rest(self) -> int:
        """Stop, and wait until the process does too; how many texts were translated so far."""
        if self._working:
            await dismiss(self._working)
            await self._machine.translate([ALWAYS])  # comes after what is under way
        with closing(sqlite3.connect(self._file)) as database:
            (translated,) = database.execute(TRANSLATED).fetchone()
        return int(translated)

    @property
    def replies(self) -> int:
        return self._town.replies


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Backlog]:
    """A new town with the tests' model from English into German."""
    packages = folder / "models"
    models.unpack_tiny(packages)
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(townbell.playing(folder))
        machine = Worker(packages, scratch=folder / "scratch")
        stack.push_async_callback(machine.close)
        yield Backlog(town, machine, folder / "townbell.db")
