"""Engines that behave badly, for a worker to survive. Made in the worker's process, by name."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from translations.translator import Answer, Job, NoRoute, Translated


class Obedient:
    """Does what the text says."""

    def __init__(self, packages: str, *, memory_mb: int, told: str = "") -> None:
        self._told = told  # a pipe with a name, for saying that we are at it

    def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        return [self._answer(job) for job in jobs]

    def _answer(self, job: Job) -> Answer:
        match job.text:
            case "hang":
                if self._told:
                    Path(self._told).write_text(str(os.getpid()))
                signal.pause()
            case "eat":
                return Translated(str(len(bytearray(4_000_000_000))), "good", "", "")
            case "crash":
                os.abort()
            case "raise":
                raise ValueError("a library quotes what Pedro wrote")
            case "print":
                sys.stdout.write("what Pedro wrote")
                sys.stdout.flush()
                sys.stderr.write("what Pedro wrote")
                os.write(1, b"\0\0\0\1x")
            case "no route":
                return NoRoute("There is no way.")
            case "nice":
                return Translated(str(os.nice(0)), "good", "", "")
            case "environment":
                return Translated(" ".join(sorted(os.environ)), "good", "", "")
        return Translated(job.text.upper(), "good", "", f"{os.getpid()}")
