"""Translation in a process of its own, so that a model never takes the memory or the time of a conversation.

One process, one question at a time. It is started when first needed; when it crashes, hangs or eats too much,
it is ended, what it had is answered with WorkerLost, and the next question starts another. A caller who goes
away leaves the question running, so that its reply is never taken for the next one's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from translations import routes, translator
from translations.translator import Answer, Job, NoWorker, TranslationError, WorkerLost
from translations.worker_process import HEADER, Question, Reply, Settings

ARGOS = "translations.argos:Argos"
MEMORY_MB = 500  # three models of full size, about 100 MB each, and room to work
TIME_LIMIT = timedelta(seconds=120)  # the longest question takes a minute: two large models, a slow core
QUESTION, LETTERS = 16, 10_000  # Jobs, and what they may come to, that go together, and are lost together.
NICE = 10  # A turn comes first, a translation when there is nothing else to do.
GRACE = 2  # The process ends itself after so many time limits, should we no longer be there to do it.

Pipe = TypeVar("Pipe", asyncio.StreamReader, asyncio.StreamWriter)

#: how a process shows that it is gone, or no longer itself
BREAKS = (TimeoutError, EOFError, OSError, msgspec.MsgspecError)

_HOUSE = Path(__file__).parents[1]
#: what a program needs of its environment; the tokens and keys that ours holds are nothing to a model
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "TZ")


class Worker:
    """A translator that lets another process work."""

    def __init__(
        self,
        packages: Path,
        *,
        scratch: Path,
        engine: str = ARGOS,
        options: Mapping[str, Any] | None = None,
        memory_mb: int = MEMORY_MB,
        limit: timedelta = TIME_LIMIT,
        nice: int = NICE,
    ) -> None:
        """`scratch`: where a library may put what it thinks it must keep, instead of the home folder.

        `options` go to the engine, for example {"beam": 1}.
        """
        self._installed = routes.Installed(packages)
        self._limit = limit.total_seconds()
        self._settings = Settings(
            engine, str(packages), dict(options or {}), memory_mb, GRACE * self._limit, nice
        )
        self._environment = _environment(scratch)
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()
        self._under_way: set[asyncio.Task[list[Answer]]] = set()
        self._closed = False

    def can(self, source: str, target: str) -> bool:
        """Whether there is a way from one language to the other, also where nothing has to be done."""
        return self._installed.now().can(source, target)

    @property
    def pid(self) -> int | None:
        """The process that works for us now, if there is one."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        """The answers in the order of the jobs. Those of one direction are asked together."""
        answers: dict[int, Answer] = {}
        for places in _questions(jobs):
            asked = asyncio.create_task(self._ask([jobs[place] for place in places]))
            self._under_way.add(asked)
            asked.add_done_callback(self._under_way.discard)
            answers |= zip(places, await asyncio.shield(asked), strict=True)
        return [answers[place] for place in range(len(jobs))]

    async def close(self) -> None:
        """End the process. What it has is answered with WorkerLost, as is whatever is asked later."""
        self._closed = True
        self._kill()
        while self._under_way:
            await asyncio.wait(self._under_way)
        async with self._turn:
            await self._end()

    async def _ask(self, jobs: list[Job]) -> list[Answer]:
        async with self._turn:
            try:
                process = await self._running()
                async with asyncio.timeout(self._limit):
                    reply = await _exchange(process, Question(jobs))
            except TranslationError as fault:
                return [fault] * len(jobs)
            except BREAKS as fault:
                await self._end()
                return [self._lost(fault)] * len(jobs)
            except (asyncio.CancelledError, Exception):
                # We ourselves are being ended; half a reply must not wait for the next question.
                await self._end()
                raise
        return [_answer(answer) for answer in reply.answers]

    def _lost(self, fault: Exception) -> TranslationError:
        if self._closed:
            return NoWorker("The translation worker was closed.")
        why = (
            "took too long and was ended"
            if isinstance(fault, TimeoutError)
            else "crashed, or had no memory left,"
        )
        return WorkerLost(
            f"The translation worker {why} while it had this text. Try it again later, by itself."
        )

    async def _running(self) -> asyncio.subprocess.Process:
        """The process, started if there is none; raises NoWorker."""
        if self._closed:
            raise NoWorker("The translation worker was closed.")
        if self._process is not None and self._process.returncode is None:
            return self._process
        await self._end()
        try:
            async with asyncio.timeout(self._limit):
                self._process = process = await self._started()
                greeting = await _reply(process)
        except BREAKS as broken:
            await self._end()
            how = "took too long" if isinstance(broken, TimeoutError) else "ended; has it enough memory?"
            raise NoWorker(f"The translation worker does not start: it {how}") from None
        if greeting.fault:
            await self._end()
            raise NoWorker(f"The translation worker does not start: {greeting.fault}")
        return process

    async def _started(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing is imported from wherever we were started
            "-m",
            "translations.worker_process",
            msgspec.json.encode(self._settings).decode(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=self._environment,
            start_new_session=True,  # a Ctrl-C on the terminal is for us, who end it in order
        )

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            # Not its own `kill`, which may take the end of the process from asyncio, who waits for it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def _end(self) -> None:
        """Kill the process if it is still there, and wait until nothing of it is left."""
        self._kill()
        process, self._process = self._process, None
        if process is not None:
            _pipe(process.stdin).close()
            await process.wait()


def _questions(jobs: Sequence[Job]) -> Iterator[list[int]]:
    """Which jobs go together, by their places: sorted by direction, and not too much at once."""
    question: list[int] = []
    letters = 0
    for place in sorted(range(len(jobs)), key=lambda place: (jobs[place].source, jobs[place].target)):
        length = len(jobs[place].text)
        if question and (len(question) == QUESTION or letters + length > LETTERS):
            yield question
            question, letters = [], 0
        question.append(place)
        letters += length
    if question:
        yield question


async def _exchange(process: asyncio.subprocess.Process, question: Question) -> Reply:
    packed = msgspec.msgpack.encode(question)
    _pipe(process.stdin).write(HEADER.pack(len(packed)) + packed)
    await _pipe(process.stdin).drain()
    reply = await _reply(process)
    if len(reply.answers) != len(question.jobs):
        raise EOFError
    return reply


async def _reply(process: asyncio.subprocess.Process) -> Reply:
    replies = _pipe(process.stdout)
    (size,) = HEADER.unpack(await replies.readexactly(HEADER.size))
    return msgspec.msgpack.decode(await replies.readexactly(size), type=Reply)


def _pipe(pipe: Pipe | None) -> Pipe:
    if pipe is None:  # never: we have asked for both
        raise EOFError
    return pipe


def _answer(answer: Any) -> Answer:
    if isinstance(answer, translator.Translated):
        return answer
    kind, sentence = answer
    return _ERRORS.get(kind, TranslationError)(sentence)


_ERRORS = {
    kind.__name__: kind
    for kind in (
        translator.UnknownLanguage,
        translator.NoRoute,
        translator.NothingInstalled,
        translator.BrokenPackage,
    )
}


def _environment(scratch: Path) -> dict[str, str]:
    return {
        **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        "PYTHONPATH": str(_HOUSE),
        "XDG_DATA_HOME": str(scratch / "data"),
        "XDG_CONFIG_HOME": str(scratch / "config"),
        "XDG_CACHE_HOME": str(scratch / "cache"),
        "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime, which some engines load, would count and report
        "OMP_NUM_THREADS": "1",
    }
