"""Translation models to measure: a tiny one that the tests have, and one of full size with random weights.

The large one has the shape of an Argos package (a base transformer: 6 + 6 layers, 512 wide, 8 heads, int8,
32,000 pieces) and says nothing: it ends each sentence after as many pieces as one has on average. Everything
else about it is by chance, and the same in every run.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec, common_spec

from tests.models import corpus

TINY = Path(__file__).parents[1] / "tests" / "models" / "translate-en_de.argosmodel"
PIECES = 32_000
LAYERS, WIDTH, HEADS, INNER = 6, 512, 8, 2048
LONGEST = 512  #: positions
SPREAD = 0.05  #: of the weights
#: the place in which a sentence's length is counted, and nothing else is written to; there it ends
COUNTED, ENDS_AFTER, SURELY = WIDTH - 1, 14, 20_000.0
PAD, UNKNOWN, BEGIN, END = 0, 1, 3, 2
WORDS = 80_000  #: made up, so that there are pieces enough
SYLLABLES = [first + rest for first in "bcdfghjklmnprstvz" for rest in ("a", "e", "i", "o", "u", "an", "er")]

Weights = np.ndarray[Any, np.dtype[np.float32]]


def unpack_tiny(folder: Path) -> None:
    """The tests' model from English into German, as it is installed."""
    with zipfile.ZipFile(TINY) as archive:
        archive.extractall(folder)


def make_large(folder: Path) -> None:
    """A model of full size from English into German, as it is installed."""
    package = folder / "translate-en_de-1_0"
    package.mkdir(parents=True)
    named = {"from_code": "en", "from_name": "English", "to_code": "de", "to_name": "German"}
    described = {"package_version": "1.0", "argos_version": "1.9", "type": "translate", **named}
    (package / "metadata.json").write_text(json.dumps(described), encoding="utf-8")
    spec = _Chance().model(_pieces(package / "sentencepiece.model"))
    spec.validate()
    spec.optimize(quantization="int8")
    (package / "model").mkdir()
    spec.save(str(package / "model"))


def _pieces(file: Path) -> list[str]:
    """Write a model of pieces, and tell which there are."""
    with file.open("wb") as out:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=_sentences(), model_writer=out, vocab_size=PIECES, minloglevel=2, num_threads=2,
            pad_id=PAD, unk_id=UNKNOWN, bos_id=BEGIN, eos_id=END,
        )  # fmt: skip
    known = sentencepiece.SentencePieceProcessor(model_file=str(file))
    return [known.id_to_piece(n) for n in range(known.get_piece_size())]


def _sentences() -> Iterator[str]:
    dice = random.Random(1)
    yield from (row["en"] for row in corpus.make(2_000))
    for _ in range(WORDS):
        yield "".join(dice.choices(SYLLABLES, k=dice.randint(2, 5)))


class _Chance:
    """Fills a model with weights."""

    def __init__(self) -> None:
        self._dice = np.random.default_rng(1)

    def model(self, pieces: list[str]) -> Any:
        """A model of these pieces."""
        spec = TransformerSpec.from_config(
            (LAYERS, LAYERS), HEADS, pre_norm=True, activation=common_spec.Activation.RELU
        )
        words = self._weights(len(pieces), WIDTH)
        words[:, COUNTED] = 0
        for side in (spec.encoder.embeddings[0], spec.decoder.embeddings):
            side.weight, side.multiply_by_sqrt_depth = words, True
        for half in (spec.encoder, spec.decoder):
            self._half(half)
        self._count(spec.decoder, len(pieces))
        spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = "<unk>", "<s>", "</s>"
        spec.config.decoder_start_token = "<s>"
        spec.config.add_source_bos = spec.config.add_source_eos = False
        spec.register_source_vocabulary(pieces)
        spec.register_target_vocabulary(pieces)
        return spec

    def _half(self, half: Any) -> None:
        half.position_encodings.encodings = self._weights(LONGEST, WIDTH) / SPREAD
        half.position_encodings.encodings[:, COUNTED] = 0
        _norm(half.layer_norm)
        for layer in half.layer:
            self._attention(layer.self_attention, (3,))
            if hasattr(layer, "attention"):
                self._attention(layer.attention, (1, 2))  # to what was read: keys and values together
            _norm(layer.ffn.layer_norm)
            self._linear(layer.ffn.linear_0, INNER, WIDTH)
            self._linear(layer.ffn.linear_1, WIDTH, INNER, adds=True)

    def _attention(self, attention: Any, shares: Sequence[int]) -> None:
        _norm(attention.layer_norm)
        *inner, last = attention.linear
        for linear, share in zip(inner, shares, strict=True):
            self._linear(linear, share * WIDTH, WIDTH)
        self._linear(last, WIDTH, WIDTH, adds=True)

    def _linear(self, linear: Any, out: int, into: int, *, adds: bool = False) -> None:
        """`adds`: what comes out is added to what is counted in, too."""
        linear.weight, linear.bias = self._weights(out, into), np.zeros(out, np.float32)
        if adds:
            linear.weight[COUNTED] = 0

    def _count(self, decoder: Any, pieces: int) -> None:
        """Let a sentence end when it is long enough, and not before."""
        decoder.position_encodings.encodings[:, COUNTED] = np.arange(LONGEST) - ENDS_AFTER + 0.5
        # Some pieces are said far more often than others, as in every language, and so without much doubt.
        says = self._weights(pieces, WIDTH) * self._dice.lognormal(0, 1.5, (pieces, 1)).astype(np.float32)
        says[END] = 0
        says[END, COUNTED] = SURELY
        decoder.projection.weight, decoder.projection.bias = says, np.zeros(pieces, np.float32)

    def _weights(self, *shape: int) -> Weights:
        return (self._dice.standard_normal(shape, np.float32) * SPREAD).astype(np.float32)


def _norm(norm: Any) -> None:
    norm.gamma, norm.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
