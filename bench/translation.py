"""Translation beside argostranslate's own: the same messages by the same model, and the same words out.

Taking turns, round by round: the peer, ours one by one, ours in batches as its worker has them. Links and
numbers are in none of the messages: the library falsifies them, and we do not. A model of random weights is
sure of little, so that how a batch is rounded may change a word; a trained one says the same.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import models
from bench.stage import Took, on_stage, scratch
from tests.models import corpus
from translations.worker import QUESTION

PEER, ONE_BY_ONE, IN_BATCHES = "argostranslate", "one by one", f"batches of {QUESTION}"
MODELS: Mapping[str, Callable[[Path], None]] = {"tiny": models.unpack_tiny, "full size": models.make_large}
WARMING = 2  #: messages: the first loads the model


@dataclass(frozen=True)
class Compared:
    """What each way takes, and how many messages came out as the peer says them."""

    messages: int
    a_second: Mapping[str, float]  #: messages, by the clock
    processor_ms: Mapping[str, float]  #: a message
    equal: Mapping[str, int]


def measure(name: str, count: int, rounds: int) -> Compared:
    """So many messages in each round, from English into German."""
    with tempfile.TemporaryDirectory(dir=scratch()) as made:
        packages = Path(made)
        MODELS[name](packages)
        return _compared(packages, messages(count), rounds)


def messages(count: int) -> list[str]:
    """Two sentences each, as people write them, with nothing in them that has to be protected."""
    sentences = [
        row["en"] for row in corpus.make(6 * count) if row["en"].endswith(".") and _is_plain(row["en"])
    ]
    pairs = zip(sentences[::2], sentences[1::2], strict=False)
    return [f"{one} {other}" for one, other in pairs][:count]


def _is_plain(sentence: str) -> bool:
    return sentence.isascii() and not any(sign.isdigit() or sign in ":/@+" for sign in sentence)


def _compared(packages: Path, texts: Sequence[str], rounds: int) -> Compared:
    took: dict[str, list[Took]] = defaultdict(list)
    said: dict[str, list[str]] = {}
    with (
        on_stage("bench.argos", packages=packages) as peer,
        on_stage("bench.engine", packages=packages) as ours,
    ):
        ways = {PEER: (peer, 1), ONE_BY_ONE: (ours, 1), IN_BATCHES: (ours, QUESTION)}
        for stage in (peer, ours):
            stage.do("translate", texts[:WARMING])
        for _ in range(rounds):
            for way, (stage, batch) in ways.items():
                one, said[way] = stage.do("translate", texts, batch)
                took[way].append(one)
    return Compared(
        messages=len(texts),
        a_second={way: len(texts) / median(one.seconds for one in each) for way, each in took.items()},
        processor_ms={way: median(one.cpu for one in each) / len(texts) * 1e3 for way, each in took.items()},
        equal={way: _equal(said[way], said[PEER]) for way in ways},
    )


def _equal(ours: Sequence[str], theirs: Sequence[str]) -> int:
    return sum(_letters(one) == _letters(other) for one, other in zip(ours, theirs, strict=True))


def _letters(text: str) -> str:
    # The library decodes the sentences of a message in one go: what begins in the middle of a word, as only
    # chance lets it, has no space before it.
    return "".join(text.split())
