"""What an answer in a sentence says to "Is it solved?": yes, no, or neither for certain.

A word that says no by itself counts, and so does a "no" that a comma parts from what it is about: in some
languages "no" also begins "no drips any more". A yes counts when the rest says that it is solved, and nothing
in it denies or complains. In doubt it is neither.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from core.phrases import Phrases
from flows.choices import plain
from flows.phrase_set import PhraseSet, unmarked

#: more words than these tell a story, and a story is no yes
LONGEST_YES = 16

#: where a part of a sentence ends: "no, it still leaks"
_CLAUSES = re.compile(r"[.,;:!?،؛؟。\n–—]|\s-\s")
#: what is said beside a yes or a no, and is neither
_BESIDE = (
    "sign.thanks.words",
    "sign.greeting.words",
    "command.courtesy.words",
    "news.solved.fine.words",
    "news.solved.aside.words",
)


class Solved(NamedTuple):
    """What was understood."""

    option: Literal["yes", "no"]
    told_more: bool  #: there is more in it than we know to be a yes or a no


class Verdicts:
    """The word lists of some languages, ready for such an answer."""

    def __init__(self, catalogs: Mapping[str, Phrases]) -> None:
        everywhere = catalogs.values()
        self._no = _listed(everywhere, "news.solved.no.words")
        self._bare_no = _listed(everywhere, "news.solved.no.synonyms")
        self._doubt = PhraseSet(word for said in everywhere for word in said.words("news.solved.doubt.words"))
        self._fine = _listed(everywhere, "news.solved.fine.words")
        self._beside = _listed(everywhere, *_BESIDE)
        # "Da" is a yes in one language and "there" in another: the person's own is read, and English.
        self._yes = {tag: _listed([said], "news.solved.yes.words") for tag, said in catalogs.items()}
        good = ("news.solved.yes.words", "news.solved.yes.synonyms", "news.solved.good.words")
        self._good = {tag: _listed([said], *good) for tag, said in catalogs.items()}
        self._calm = {tag: _listed([said], *good, *_BESIDE) for tag, said in catalogs.items()}

    def of(self, text: str, language: str) -> Solved | None:
        """What a text says; None when that is not certain."""
        words, ends = _parted(text)
        place = self._behind_what_is_beside(words, ends, language)
        if place == len(words):
            return None
        no = self._no_at(words, place, ends)
        if no > self._at(self._good, words, place, language):
            return self._denied(words[place:], no, language, parted=place + no in ends)
        return self._agreed(words, place, language)

    def _behind_what_is_beside(self, words: list[str], ends: Collection[int], language: str) -> int:
        """Where what is said begins: "thank you, no ..."."""
        place = 0
        while place < len(words):
            beside = self._beside.at(words, place)
            told = max(self._no.at(words, place), self._at(self._good, words, place, language))
            # "No, problem ..." is a no, and "no problem" is none.
            if not beside or told >= beside or self._bare_no_at(words, place, ends):
                break
            place += beside
        return place

    def _no_at(self, words: list[str], place: int, ends: Collection[int]) -> int:
        """How many words from here on are a no."""
        return max(self._no.at(words, place), self._bare_no_at(words, place, ends))

    def _bare_no_at(self, words: list[str], place: int, ends: Collection[int]) -> int:
        """How many words from here on are a no of which a comma, or the end, parts what comes behind it."""
        bare = self._bare_no.at(words, place)
        return bare if place + bare in ends else 0

    def _denied(self, said: list[str], no: int, language: str, *, parted: bool) -> Solved | None:
        rest = said[no:]
        if not rest:
            return Solved("no", told_more=True) if no > 1 else None
        if self._beside.covers(rest):
            return None  # "No, thank you" declines, and does not tell of what.
        # In "not yet solved" the no takes back what follows it; in "no it works" it does not.
        taken_back = {no} if no > 1 and not parted else set()
        praised = any(
            at + self._praise(said, at, language) > max(at, no)
            for at in range(1, len(said))
            if at not in taken_back
        )
        doubtful = praised and not self._complains(rest, language)
        return None if doubtful else Solved("no", told_more=True)

    def _agreed(self, words: list[str], place: int, language: str) -> Solved | None:
        if len(words) > LONGEST_YES or self._complains(words, language):
            return None
        says_so = self._at(self._good, words, place, language) > 0
        if says_so and self._is_calm(words, language):
            return Solved("yes", told_more=False)
        yes = self._at(self._yes, words, place, language)
        praised = any(self._praise(words, at, language) for at in range(place + yes, len(words)))
        return Solved("yes", told_more=True) if yes and praised else None

    def _is_calm(self, words: list[str], language: str) -> bool:
        """Whether all of it says that it is solved, or thanks for it."""
        place = 0
        while place < len(words) and (step := self._at(self._calm, words, place, language)):
            place += step
        return place == len(words)

    def _praise(self, words: list[str], place: int, language: str) -> int:
        """How many words from here on say that it is solved, or no trouble."""
        return max(self._at(self._good, words, place, language), self._fine.at(words, place))

    def _complains(self, words: list[str], language: str) -> bool:
        """Whether something denies or complains that is no part of something harmless: "no problem"."""
        place = 0
        while place < len(words):
            calm = self._at(self._calm, words, place, language)
            if self._doubt.at(words, place) > calm:
                return True
            place += calm or 1
        return False

    def _at(self, sets: Mapping[str, PhraseSet], words: list[str], place: int, language: str) -> int:
        return max(sets[tag].at(words, place) for tag in {language, "en"} if tag in sets)


def _listed(catalogs: Collection[Phrases], *keys: str) -> PhraseSet:
    """Phrases of these lists, also as they are written without accents."""
    words = {word for said in catalogs for key in keys for word in said.words(key)}
    return PhraseSet(words | {unmarked(word) for word in words})


def _parted(text: str) -> tuple[list[str], set[int]]:
    """The words of a text as they are compared, and behind how many of them a part of a sentence ends."""
    words: list[str] = []
    ends: set[int] = set()
    for clause in _CLAUSES.split(text):
        words += plain(clause).split()
        ends.add(len(words))
    return words, ends
