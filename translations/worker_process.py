"""What runs inside the translation worker: an engine, and one question after the other on a pipe.

Started by `translations.worker` as `python -m translations.worker_process`. It may take only so much memory,
ends itself when a question takes far too long or nobody asks any more, and stands back behind everybody else
on the machine. Its outputs lead nowhere: whatever a library prints, words that people wrote do not get out
but through the pipe.
"""

from __future__ import annotations

import os
import resource
import signal
import struct
import sys
from importlib import import_module
from typing import Any, BinaryIO

import msgspec

from translations.translator import Engine, Job, Translated

HEADER = struct.Struct(">I")  # how many bytes follow
MIB = 1024 * 1024
OUT_OF_MEMORY = 71  # how the process ends then, for whoever looks


class Settings(msgspec.Struct, frozen=True):
    """What the worker is told when it starts."""

    engine: str  #: "module:name" of what makes the engine, from the folder, memory_mb and the options
    packages: str
    options: dict[str, Any]
    memory_mb: int
    seconds: float  #: after these it ends itself, should nobody else have done so
    nice: int


class Question(msgspec.Struct, frozen=True):
    """Jobs that go to the worker together."""

    jobs: list[Job]


class Reply(msgspec.Struct, frozen=True):
    """The answers to a question, in its order; the first reply of all says whether there is an engine."""

    answers: list[Translated | tuple[str, str]]  #: a translation, or the kind and the sentence of an error
    fault: str = ""  #: what keeps the worker from working at all


def main() -> None:
    """Answer until nobody asks any more."""
    settings = msgspec.json.decode(sys.argv[1], type=Settings)
    questions, replies = _private_pipes()
    _restrain(settings)
    try:
        module, _, name = settings.engine.partition(":")
        engine: Engine = getattr(import_module(module), name)(
            settings.packages, memory_mb=settings.memory_mb, **settings.options
        )
    except MemoryError:
        _send(replies, Reply([], f"{settings.memory_mb} MB are not enough memory."))
        return
    except Exception as fault:  # noqa: BLE001 - any of its modules may fail in any way
        # Nobody's words have been here yet, so what is wrong may be said: mostly "No module named ...".
        _send(replies, Reply([], f"{type(fault).__name__}: {fault}"))
        return
    _send(replies, Reply([]))
    while (question := _next(questions)) is not None:
        signal.setitimer(signal.ITIMER_REAL, settings.seconds)
        _send(replies, Reply(_answers(engine, question.jobs)))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answers(engine: Engine, jobs: list[Job]) -> list[Translated | tuple[str, str]]:
    try:
        answers = engine.translate(jobs)
    except MemoryError:
        # Who knows what was left half done: the next process begins afresh.
        os._exit(OUT_OF_MEMORY)
    except Exception as fault:  # noqa: BLE001 - and what it says may quote the text, so only its type is told
        return [("TranslationError", f"The translation engine failed ({type(fault).__name__}).")] * len(jobs)
    return [
        answer if isinstance(answer, Translated) else (type(answer).__name__, str(answer))
        for answer in answers
    ]


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for us alone; whatever else reads or prints there finds nothing."""
    questions, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return questions, replies


def _restrain(settings: Settings) -> None:
    # RLIMIT_DATA counts what a process really takes for itself. RLIMIT_AS would also count the room that
    # libraries reserve and never use, some hundred megabytes. (https://man7.org/linux/man-pages/man2/getrlimit.2.html)
    limit = settings.memory_mb * MIB
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # A core file would hold what people wrote.
    os.nice(settings.nice)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process also while a library computes


def _next(questions: BinaryIO) -> Question | None:
    header = questions.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    (size,) = HEADER.unpack(header)
    return msgspec.msgpack.decode(questions.read(size), type=Question)


def _send(replies: BinaryIO, reply: Reply) -> None:
    packed = msgspec.msgpack.encode(reply)
    replies.write(HEADER.pack(len(packed)) + packed)
    replies.flush()


if __name__ == "__main__":
    main()
