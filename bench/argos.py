"""A peer: argostranslate's own `translate`, which takes one message at a time.

It imports stanza and minisbd to tell sentences apart, and fetches models for that at the first message. Both
are replaced by our own splitter here: it works offline, and has the same sentences as we have. Whatever it
wants to keep in the home folder it keeps in a scratch folder.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.stage import Took
from translations import sentences


class Argos:
    """One direction, as the library translates it."""

    replies = 0  #: messages that were translated

    def __init__(self, way: Any) -> None:
        self._way = way

    async def translate(self, messages: Sequence[str], batch: int = 1) -> tuple[Took, list[str]]:
        """What it took, and what became of the messages."""
        assert batch == 1, "it has none"
        began, cpu = time.perf_counter(), time.process_time()
        said = [self._way.translate(message) for message in messages]
        self.replies += len(messages)
        return Took(time.perf_counter() - began, time.process_time() - cpu), said


class Splitter:
    """Ours, as minisbd is called."""

    def __init__(self, language: str, **_: Any) -> None:
        self._language = language

    def sentences(self, text: str) -> list[str]:
        return [one.strip() for one in sentences.split(text, self._language)]


def _stand_in() -> None:
    minisbd = ModuleType("minisbd")
    minisbd.SBDetect = Splitter  # type: ignore[attr-defined]
    minisbd.models = ModuleType("minisbd.models")  # type: ignore[attr-defined]
    minisbd.models.list_models = lambda: ["en"]
    sys.modules["minisbd"] = minisbd
    sys.modules["stanza"] = ModuleType("stanza")


@asynccontextmanager
async def playing(folder: Path, packages: Path) -> AsyncIterator[Argos]:
    """The library with what is installed in a folder, from English into German."""
    for name in ("DATA", "CONFIG", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    # One thread, as we have: more of them are slower on short sentences.
    os.environ |= {
        "ARGOS_PACKAGES_DIR": str(packages),
        "ARGOS_INTER_THREADS": "1",
        "ARGOS_INTRA_THREADS": "1",
    }
    _stand_in()
    from argostranslate import translate  # noqa: PLC0415 - it looks at its environment when it is imported

    yield Argos(translate.get_translation_from_codes("en", "de"))
