"""Translation by installed Argos packages, on ctranslate2 and sentencepiece, straight from their folders.

`argostranslate.translate` is never imported: it fetches splitter models at the first message and logs every
text. Here all sentences of a direction go to the model in one call. What happens to a text before and after
is `translations.texts`, whether the result may be believed `translations.checks`. To be used in a process of
its own (`translations.worker`): a model takes a hundred megabytes, and all of a core while it works.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ctranslate2
import sentencepiece

from translations import checks, texts
from translations.routes import MODEL, PIECES, Catalogue, Installed, Package
from translations.texts import Rendered, Said
from translations.translator import Answer, BrokenPackage, Job, Translated, TranslationError

BEAM = 4  # what the models were judged with; 1 is up to three times faster in batches, and a little worse
MEMORY_MB = 500
MODELS_SHARE = 0.6  # of the memory; the rest is for the program itself and for working
AT_ONCE = 32  # sentences; more do not make it faster, only larger
LONGEST_RESULT = 256  # pieces; a sentence has at most some hundred
LENGTH_PENALTY = 0.2  # as Argos translates, and its models were tuned
OUT_OF_MEMORY = ("allocate", "bad_alloc", "Resource temporarily unavailable")


class Argos:
    """An engine on a folder of installed packages. For one thread at a time."""

    def __init__(
        self,
        packages: Path | str,
        *,
        beam: int = BEAM,
        memory_mb: int = MEMORY_MB,
        floors: Mapping[str, float] | None = None,
    ) -> None:
        """`memory_mb`: what the process may take; so many models stay loaded as have room in it.

        `floors`: by direction ("es_en"), the score below which a sentence is doubtful, once calibrated.
        """
        self._installed = Installed(Path(packages))
        self._beam = beam
        self._models = _Models(int(memory_mb * MODELS_SHARE) * 1024 * 1024)
        self._floors = floors or {}

    def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        """The answers in the order of the jobs; those of one direction go through its models together."""
        catalogue = self._installed.now()
        self._models.keep_only(catalogue)
        places: dict[tuple[str, str], list[int]] = {}
        for place, job in enumerate(jobs):
            places.setdefault((job.source, job.target), []).append(place)
        answers: dict[int, Answer] = {}
        for (source, target), here in places.items():
            alike = [jobs[place] for place in here]
            try:
                way = catalogue.route(source, target)
                answers |= zip(here, self._along(way, alike), strict=True)
            except TranslationError as fault:
                answers |= dict.fromkeys(here, fault)
        return [answers[place] for place in range(len(jobs))]

    def _along(self, way: tuple[Package, ...], jobs: Sequence[Job]) -> list[Answer]:
        if not way:
            return [Translated(job.text, "good", "", "") for job in jobs]
        models = [self._models.of(package) for package in way]

        def say(sentences: Sequence[str]) -> list[Said]:
            said = [Said(sentence, 0.0) for sentence in sentences]
            for model in models:
                further = model.translate([one.text for one in said], self._beam)
                said = [
                    Said(two.text, min(one.score, two.score)) for one, two in zip(said, further, strict=True)
                ]
            return said

        rendered = texts.render([job.text for job in jobs], jobs[0].source, jobs[0].target, say)
        engine = " ".join(["argos", *(package.name for package in way)])
        floors = [
            self._floors[key]
            for package in way
            if (key := f"{package.source}_{package.target}") in self._floors
        ]
        floor = min(floors, default=None)
        return [_judged(job, one, engine, floor) for job, one in zip(jobs, rendered, strict=True)]


def _judged(job: Job, rendered: Rendered, engine: str, floor: float | None) -> Translated:
    if not rendered.pairs and rendered.whole:
        return Translated(rendered.text, "good", "", "")
    status, reason = checks.judge_whole(job, rendered, floor)
    return Translated(rendered.text, status, reason, engine)


class _Models:
    """The models in memory, those that were used last."""

    def __init__(self, room: int) -> None:
        self._room = room  # bytes; a model takes about as much in memory as on disk
        self._loaded: OrderedDict[Path, tuple[Package, _Model]] = OrderedDict()

    def of(self, package: Package) -> _Model:
        if package.folder not in self._loaded:
            self._make_room(package.size)
            self._loaded[package.folder] = package, _Model(package)
        self._loaded.move_to_end(package.folder)
        return self._loaded[package.folder][1]

    def _make_room(self, size: int) -> None:
        taken = sum(package.size for package, _ in self._loaded.values())
        while self._loaded and taken + size > self._room:
            _, (package, _) = self._loaded.popitem(last=False)
            taken -= package.size

    def keep_only(self, catalogue: Catalogue) -> None:
        """Let go of what was taken away or replaced."""
        installed = set(catalogue.packages.values())
        for folder, (package, _) in list(self._loaded.items()):
            if package not in installed:
                del self._loaded[folder]


class _Model:
    """One direction in memory."""

    def __init__(self, package: Package) -> None:
        self._prefix = package.target_prefix
        try:
            with _memory_told():
                # As the package has it, in int8. One thread: several are slower on short sentences.
                self._translator: Any = ctranslate2.Translator(
                    str(package.folder / MODEL), device="cpu", inter_threads=1, intra_threads=1
                )
                self._pieces: Any = sentencepiece.SentencePieceProcessor(
                    model_file=str(package.folder / PIECES)
                )
        except (RuntimeError, ValueError, OSError):
            raise BrokenPackage(
                f"The translation model {package.name} cannot be loaded. Take it away, or install it anew."
            ) from None

    def translate(self, sentences: Sequence[str], beam: int) -> list[Said]:
        """What becomes of each sentence, all in one call."""
        with _memory_told():
            # One by one: a list would be spread over threads.
            pieces = [self._pieces.encode(sentence, out_type=str) for sentence in sentences]
            results = self._translator.translate_batch(
                pieces,
                target_prefix=[[self._prefix]] * len(pieces) if self._prefix else None,
                beam_size=beam,
                max_batch_size=AT_ONCE,
                max_decoding_length=LONGEST_RESULT,
                length_penalty=LENGTH_PENALTY,
                replace_unknowns=True,
                return_scores=True,
            )
        return [self._said(result.hypotheses[0], result.scores[0]) for result in results]

    def _said(self, pieces: list[str], score: float) -> Said:
        text = self._pieces.decode(pieces).replace("\u2581", " ")
        if self._prefix:
            text = text.removeprefix(self._prefix)
        length = max(1, len(pieces))
        return Said(" ".join(text.split()), score * length**LENGTH_PENALTY / length)


@contextmanager
def _memory_told() -> Iterator[None]:
    """The libraries say in words that memory was short: here it becomes what it is."""
    try:
        yield
    except (RuntimeError, OSError) as fault:
        if any(word in str(fault) for word in OUT_OF_MEMORY):
            raise MemoryError from None
        raise
