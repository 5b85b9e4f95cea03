"""What a translator is: jobs in, translations or sentences about what went wrong out.

Two of a kind: an `Engine` translates where it is called, and takes its time; a `Translator` is what the
running program holds, and never makes its event loop wait (`translations.worker` puts an engine into a
process of its own). Nothing here or below it logs, and what is printed of a job shows how long its text is,
never a word of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from core.errors import TownbellError

#: good: shown as a translation. doubtful: shown beside the original, marked. failed: not to be shown.
Status = Literal["good", "doubtful", "failed"]


class Job(msgspec.Struct, frozen=True):
    """A text to translate, and from which language into which (BCP-47 tags)."""

    text: str
    source: str
    target: str

    def __repr__(self) -> str:
        return f"Job({len(self.text)} letters, {self.source} -> {self.target})"


class Translated(msgspec.Struct, frozen=True):
    """A text by machine, and whether it may be believed."""

    text: str
    status: Status
    reason: str  #: why it is not good: one of translations.checks.REASONS; "" where it is good
    engine: str  #: who, to be stored beside it: "argos es_en-1.0 en_de-1.0"; "" where nothing was to do

    def __repr__(self) -> str:
        return f"Translated({len(self.text)} letters, {self.status} {self.reason} {self.engine})"


class TranslationError(TownbellError):
    """This text could not be translated."""


class UnknownLanguage(TranslationError):
    """No installed translation model knows this language."""


class NoRoute(TranslationError):
    """No installed translation models lead from the one language to the other."""


class NothingInstalled(TranslationError):
    """No translation model is installed. `townbell models` shows which there are."""


class BrokenPackage(TranslationError):
    """A translation model cannot be used. Take it away and install it anew."""


class NoWorker(TranslationError):
    """The translation worker does not run. It is no fault of this text; try again later."""


class WorkerLost(TranslationError):
    """The translation worker was lost while it had this text. Try again later, and by itself."""


Answer = Translated | TranslationError


class Engine(Protocol):
    """Translates where it is called. Answers have the order of the jobs; one that fails leaves the rest."""

    def translate(self, jobs: Sequence[Job]) -> list[Answer]: ...


class Translator(Protocol):
    """Translates without making anybody wait but who asked."""

    def can(self, source: str, target: str) -> bool:
        """Whether there is a way from one language to the other, also where nothing has to be done."""

    async def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        """The answers in the order of the jobs; a job that fails has its error in its place."""

    async def close(self) -> None: ...


class Off:
    """The translator of a council that has switched translation off."""

    def can(self, source: str, target: str) -> bool:  # noqa: ARG002 - as every translator is asked
        return False

    async def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        return [NothingInstalled("Translation is switched off.") for _ in jobs]

    async def close(self) -> None:
        """Nothing was open."""
