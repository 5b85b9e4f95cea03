"""Which issues say the same: proposed to staff, who decide.

Two texts are as alike as the pieces of words they share, where a piece counts the more the fewer texts have
it. What differs only in its place, or in what it denies, does not say the same, however alike it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from msgspec import Struct

from outreach.places import Places, folded, places

#: from this likeness on, of 0 to 1; measured: docs/decisions/0012-which-issues-say-the-same.md
FLOOR = 0.38
#: how long the pieces are: long enough for a word's stem, short enough for its other endings
PIECES = (4, 6)
#: a text is compared by its beginning: what comes after so much is seldom the problem
LETTERS = 2_000
#: a text with fewer long words says the same only as one with the very same words
LONG, ENOUGH = 4, 3
#: so much of a long word is its stem
STEM = 6
#: more than that nobody reads in one proposal; the others are proposed when these have become a group
MOST = 20
#: texts that are compared with the others at once, so that no table of all pairs is ever held
BLOCK = 256

#: "not" and "no", folded, in the languages that councils read
DENIALS = frozenset((
    "nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "ohne", "net", "no", "not", "without",
    "non", "senza", "ne", "ni", "nije", "nisu", "nema", "nemamo", "nimam", "nimamo", "brez", "bez", "pas",
    "sans", "sin", "sense", "δε", "δεν", "μη", "μην", "χωρις", "nav", "cannot", "don", "doesn", "didn", "isn",
))  # fmt: skip
_WORD = re.compile(r"\w+")
_BREAK = re.compile(r"[^\w\s'’]+")

Pair = tuple[int, int]


class Text(Struct, frozen=True):
    """What an issue says in the council's language."""

    id: int
    words: str
    place: str = ""  #: in words, as the person gave it beside
    group: int = 0  #: that staff have put it in; 0: none


def propose(
    texts: Iterable[Text],
    apart: Iterable[Pair] = (),
    *,
    common: Iterable[str] = (),
    floor: float = FLOOR,
) -> list[tuple[int, ...]]:
    """Issues that seem to say the same, by their ids. Needs scikit-learn.

    `apart` are pairs that staff have declined: who was declined with one of a group was so with all of it.
    Of a group at most one issue is proposed with others, and stands for it. `common` are sentences in the
    council's language that are about no issue, by which its everyday words are known.
    """
    said = [_Said.of(text) for text in sorted(texts, key=lambda text: text.id)]
    said = [one for one in said if one.plain]
    if len(said) < 2:
        return []
    vectors = _vectors([one.plain for one in said], common)
    groups = _Groups(said, vectors, apart, floor)
    for one, other in _alike(vectors, floor):
        groups.join(one, other)
    return groups.proposals()


# One text


class _Said(Struct, frozen=True):
    """A text as it is compared."""

    id: int
    whose: int  #: its group, or itself
    plain: str  #: its words, folded
    stems: frozenset[str]  #: of its long words
    denied: frozenset[str]  #: those of them that stand beside a "not"
    places: Places

    @classmethod
    def of(cls, text: Text) -> _Said:
        beginning = text.words[:LETTERS]
        plain = folded(beginning)
        words = _WORD.findall(plain)
        return cls(
            text.id,
            -text.group or text.id,
            " ".join(words),
            frozenset(_stems(words)),
            frozenset(_denied(plain)),
            places(f"{beginning}\n{text.place}"),
        )

    def may_say_the_same(self, other: _Said) -> bool:
        """Whether nothing but their likeness is left to ask."""
        if min(len(self.stems), len(other.stems)) < ENOUGH and self.plain != other.plain:
            return False
        return not self.places.are_elsewhere(other.places) and not self._contradicts(other)

    def _contradicts(self, other: _Said) -> bool:
        """One denies what the other states, and there is nothing that both deny."""
        if self.denied & other.denied:
            return False
        return bool(self.denied & other.stems or other.denied & self.stems)


def _stems(words: Iterable[str]) -> list[str]:
    return [word[:STEM] for word in words if len(word) >= LONG and word not in DENIALS]


def _denied(plain: str) -> Iterator[str]:
    """The long words on both sides of each denial, as far as the next comma."""
    for clause in _BREAK.split(plain):
        words = _WORD.findall(clause)
        for place, word in enumerate(words):
            if word in DENIALS:
                yield from _stems(words[:place])[-1:]
                yield from _stems(words[place + 1 :])[:1]


# All texts


def _vectors(plain: Sequence[str], common: Iterable[str]) -> Any:
    """A row for each text: how much it has of each piece of a word. The rows are of one length."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  # not everybody has it

    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=PIECES, sublinear_tf=True, lowercase=False)
    pieces.fit([*plain, *(folded(sentence) for sentence in common)])
    return pieces.transform(plain)


def _alike(vectors: Any, floor: float) -> list[Pair]:
    """The pairs that are alike, by their places, the most alike first."""
    found: list[tuple[float, int, int]] = []
    for start in range(0, vectors.shape[0], BLOCK):
        likeness = vectors[start : start + BLOCK] @ vectors[start:].T
        for row in range(likeness.shape[0]):
            found += ((value, start + row, start + place) for value, place in _nearest(likeness, row, floor))
    return [(one, other) for _, one, other in sorted(found)]


def _nearest(likeness: Any, row: int, floor: float) -> list[tuple[float, int]]:
    """Those after a text that are most like it; no more than can be in one proposal."""
    span = slice(likeness.indptr[row], likeness.indptr[row + 1])
    values, others = likeness.data[span], likeness.indices[span]
    near = (values >= floor) & (others > row)
    return sorted(zip((-values[near]).tolist(), others[near].tolist(), strict=True))[:MOST]


class _Groups:
    """Texts that are joined as long as they are alike on average, and each may say the same as each."""

    def __init__(self, said: Sequence[_Said], vectors: Any, apart: Iterable[Pair], floor: float) -> None:
        whose = {one.id: one.whose for one in said}
        self._apart = {frozenset((whose.get(one, one), whose.get(other, other))) for one, other in apart}
        self._said, self._floor = said, floor
        self._of = {place: [place] for place in range(len(said))}
        self._sums = [
            vectors[place : place + 1] for place in range(len(said))
        ]  # of the group that begins there

    def join(self, one: int, other: int) -> None:
        """Make one group of those of two texts, if that is a good one."""
        ours, theirs = self._of[one], self._of[other]
        if ours is theirs or len(ours) + len(theirs) > MOST or not self._fit(ours, theirs):
            return
        self._sums[ours[0]] = self._sums[ours[0]] + self._sums[theirs[0]]
        self._of |= dict.fromkeys(theirs, ours)
        ours += theirs

    def _fit(self, ours: Sequence[int], theirs: Sequence[int]) -> bool:
        # The product of two sums is the sum of the likenesses of all their pairs.
        likeness = (self._sums[ours[0]] @ self._sums[theirs[0]].T).sum()
        if likeness < self._floor * len(ours) * len(theirs):
            return False
        return all(self._may(self._said[one], self._said[other]) for one, other in product(ours, theirs))

    def _may(self, one: _Said, other: _Said) -> bool:
        if one.whose == other.whose or frozenset((one.whose, other.whose)) in self._apart:
            return False
        return one.may_say_the_same(other)

    def proposals(self) -> list[tuple[int, ...]]:
        """The groups of more than one, by their ids, in order."""
        groups = {tuple(sorted(self._said[place].id for place in group)) for group in self._of.values()}
        return sorted(group for group in groups if len(group) > 1)
