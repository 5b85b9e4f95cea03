"""In which languages a danger is named, or we are greeted, with these words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.phrases import Phrases
from flows.choices import plain
from flows.phrase_set import PhraseSet, unmarked
from flows.triggers import LOOKED_AT
from flows.words import DANGER_ELSEWHERE

_LISTS = ("sign.danger.words", "sign.greeting.words", "sign.greeting.problem.words")


class Origins:
    """The word lists of each language by itself."""

    def __init__(self, catalogs: Mapping[str, Phrases]) -> None:
        self._listed = {
            tag: _listed(word for key in _LISTS for word in said.words(key)) for tag, said in catalogs.items()
        }
        self._elsewhere = _listed(word for said in DANGER_ELSEWHERE.values() for word in said.split("|"))

    def of(self, text: str) -> frozenset[str]:
        """The languages whose lists hold words of this text.

        None where a language without a catalog has them too.
        """
        words = plain(text[:LOOKED_AT]).split()
        places = range(len(words))
        if self._elsewhere.within(words, places):
            return frozenset()
        return frozenset(tag for tag, listed in self._listed.items() if listed.within(words, places))


def _listed(words: Iterable[str]) -> PhraseSet:
    said = set(words)
    return PhraseSet(said | {unmarked(word) for word in said})
