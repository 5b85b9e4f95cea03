"""A text taken apart for a model, and put together again.

Lines, list marks, spaces and the emoji at the ends stay as they are; what says nothing a model could
translate (a number, a link, an emoji alone) stays too. The rest goes to the model sentence by sentence,
whole, with its links and numbers, because a sentence without its object gets a made-up one. Only where one of
them did not come back is the sentence cut at them, and what lies between translated by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from translations import protected, sentences, tags
from translations.protected import EMOJI, SMILEY

LONGEST_TEXT = 8_000  # characters; twice what our channels carry, and a minute with a slow model
SHOUTED_LETTERS, SHOUTED_SHARE = 5, 0.8  # "BAMF" is a name, "AYUDA" is not

#: scripts whose readers know other digits than 0 to 9 best
_OWN_DIGITS = frozenset(("Arab", "Beng", "Deva", "Gujr", "Guru", "Khmr", "Mymr", "Orya", "Telu", "Thai"))
_SPACELESS = frozenset(("Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"))

_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LIST_MARK = re.compile(r"\s*(?:[-–—*•·▪◦]+\s+|\(?\d{1,2}[.)]\s+(?=\D)|\(?[a-zA-Z]\)\s+)")
_START = re.compile(rf"(?:\s|{EMOJI}|{SMILEY})+")
_SIGNS = re.compile(rf"(?:{EMOJI}|{SMILEY})+")
_STOPS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔")


@dataclass(frozen=True)
class Said:
    """What a model made of a sentence."""

    text: str
    score: float  #: how sure it was, per piece: 0 is certain, -1 unsure, -3 guessing


@dataclass(frozen=True)
class Rendered:
    """A text as it came out."""

    text: str
    pairs: tuple[tuple[str, str], ...]  #: each sentence and its translation
    score: float | None  #: of the worst sentence; None where nothing went to a model
    whole: bool = True  #: False where only the beginning was translated


#: turns sentences of one language into another's, in order
Say = Callable[[Sequence[str]], Sequence[Said]]


@dataclass(frozen=True)
class Piece:
    """A part of a text: a sentence for the model, or something that stays."""

    text: str
    speaks: bool


def render(texts: Sequence[str], source: str, target: str, say: Say) -> list[Rendered]:
    """Texts of one language in another, all through as few calls of `say` as can be."""
    laid_out = [take_apart(text[:LONGEST_TEXT], source) for text in texts]
    said = _translations((piece.text for pieces in laid_out for piece in pieces if piece.speaks), source, say)
    return [
        _put_together(pieces, said, target, whole=len(text) <= LONGEST_TEXT)
        for text, pieces in zip(texts, laid_out, strict=True)
    ]


def take_apart(text: str, language: str) -> list[Piece]:
    """The pieces of a text; joined, they are the text again."""
    pieces: list[Piece] = []
    end = 0
    for line in _LINE.finditer(text):
        pieces.append(Piece(text[end : line.start()], speaks=False))
        pieces.extend(_pieces(line[0], language))
        end = line.end()
    pieces.append(Piece(text[end:], speaks=False))
    return [piece for piece in pieces if piece.text]


def _pieces(line: str, language: str) -> Iterator[Piece]:
    mark = _LIST_MARK.match(line)
    if mark and mark.end() < len(line):
        yield Piece(mark[0], speaks=False)
        line = line[mark.end() :]
    for sentence in sentences.split(line, language):
        begin, end = _core(sentence)
        yield Piece(sentence[:begin], speaks=False)
        core = sentence[begin:end]
        yield Piece(core, speaks=protected.says_something(core))
        yield Piece(sentence[end:], speaks=False)


def _core(sentence: str) -> tuple[int, int]:
    """Where a sentence begins and ends without the spaces and emoji around it."""
    start = _START.match(sentence)
    begin = start.end() if start else 0
    end = len(sentence.rstrip())
    for found in _SIGNS.finditer(sentence, begin):
        if not sentence[found.end() :].strip():
            end = len(sentence[: found.start()].rstrip())
            break
        if _only_signs(sentence[found.start() :]):
            end = len(sentence[: found.start()].rstrip())
            break
    return begin, max(begin, end)


def _only_signs(text: str) -> bool:
    found = _START.match(text)
    return found is not None and found.end() == len(text)


def _translations(spoken: Iterable[str], source: str, say: Say) -> dict[str, Said]:
    """Each sentence, once, and what became of it."""
    different = list(dict.fromkeys(spoken))
    said = dict(zip(different, say([calm(one, source) for one in different]), strict=True))
    torn = {one: _torn(one) for one in different if protected.lost(one, said[one].text)}
    between = list(dict.fromkeys(piece.text for pieces in torn.values() for piece in pieces if piece.speaks))
    parts = dict(zip(between, say([calm(one, source) for one in between]), strict=True)) if between else {}
    return said | {one: _mended(pieces, parts, said[one].score) for one, pieces in torn.items()}


def _torn(sentence: str) -> list[Piece]:
    """A sentence cut at its tokens."""
    pieces, end = [], 0
    for token in protected.find(sentence):
        pieces += [*_stump(sentence[end : token.start]), Piece(token.text, speaks=False)]
        end = token.end
    return [*pieces, *_stump(sentence[end:])]


def _stump(text: str) -> list[Piece]:
    core = text.strip(" \t\u00a0,;:()")
    if not protected.says_something(core):
        return [Piece(text, speaks=False)]
    begin = text.index(core)
    return [
        Piece(text[:begin], speaks=False),
        Piece(core, speaks=True),
        Piece(text[begin + len(core) :], speaks=False),
    ]


def _mended(pieces: Sequence[Piece], parts: dict[str, Said], score: float) -> Said:
    text = "".join(
        _part(piece.text, parts[piece.text].text) if piece.speaks else piece.text for piece in pieces
    )
    return Said(text, min((parts[piece.text].score for piece in pieces if piece.speaks), default=score))


def _part(source: str, result: str) -> str:
    """A translated part without its made-up end: a full stop, a number in the place of ours."""
    if source.endswith(_STOPS):
        return result
    result = result.rstrip("".join(_STOPS))
    for token in reversed(protected.invented(source, result)):
        if token.end == len(result):
            result = result[: token.start].rstrip()
    return result


def calm(sentence: str, language: str) -> str:
    """A sentence in capitals as one would write it; what is protected keeps its letters."""
    tokens = protected.find(sentence)
    cased = [sign for sign in protected.without(sentence, tokens) if sign.isupper() or sign.islower()]
    upper = sum(sign.isupper() for sign in cased)
    if len(cased) < SHOUTED_LETTERS or upper < SHOUTED_SHARE * len(cased):
        return sentence
    parts, end = [], 0
    for token in tokens:
        parts += [_lower(sentence[end : token.start], language), token.text]
        end = token.end
    calmed = "".join([*parts, _lower(sentence[end:], language)])
    first = next((at for at, sign in enumerate(sentence) if sign.isalpha()), 0)
    return calmed[:first] + sentence[first] + calmed[first + 1 :] if len(calmed) == len(sentence) else calmed


def _lower(text: str, language: str) -> str:
    if tags.parts(language)[0] in ("tr", "az"):
        text = text.replace("I", "ı").replace("İ", "i")
    return text.lower()


def _put_together(pieces: Sequence[Piece], said: dict[str, Said], target: str, *, whole: bool) -> Rendered:
    spoken = [piece.text for piece in pieces if piece.speaks]
    spaceless = tags.scripts_of(target)[0] in _SPACELESS
    text = ""
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if before and before.speaks and piece.speaks and not spaceless:
            text += " "  # Chinese puts no space between sentences, most others do.
        text += said[piece.text].text if piece.speaks else piece.text
    if tags.scripts_of(target)[0] not in _OWN_DIGITS:
        text = protected.western_digits(text)
    return Rendered(
        text if whole else f"{text.rstrip()} …",
        tuple((one, said[one].text) for one in spoken),
        min((said[one].score for one in spoken), default=None),
        whole,
    )
