"""What letters and frequent words say of a message: which languages may be meant, and how strongly.

Only what can be named counts: a word that is frequent in a language, a letter that few languages have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from translations.alphabets import EXPECTED, LETTERS
from translations.frequent_words import ARABIC_ARTICLE, NEVER_BARE, WORDS
from translations.identify_reading import Message, fold

STRONG_WORDS, STRONG_LEAD = 2, 2  # Frequent words of a language, and how many more than of any other.
STRONG_SHARE = 8  # One in so many different words at least: two such words in a hundred are an accident.
STRAY_LETTERS = 60  # One letter of another language in so many is a name or a quotation.
FEW_OWNERS = 2  # A letter that no more languages have says as much as a word.
MAY_BE_ARTICLE = 3  # "الى" (to) has no article.
SHORTEST_BARE = 3  # Without its mark, "še" is a word of too many languages.
BARE = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ß": "ss"})


@dataclass(frozen=True)
class Evidence:
    """What letters and words say of a message."""

    message: Message
    writing: Writing
    inside: list[str]  #: the council's languages that are written with these letters, most words first
    strangers: list[str]  #: other languages that are, as far as we know their words
    hits: dict[str, int]  #: language -> how many of its frequent words, and of letters that few others have
    best: str  #: whose words are the most; "" where nobody's letters fit
    rival: int  #: hits of the second

    @property
    def strong(self) -> bool:
        """Whether the words alone are enough."""
        hits = self.hits.get(self.best, 0)
        return (
            hits >= STRONG_WORDS
            and hits - self.rival >= STRONG_LEAD
            and hits * STRONG_SHARE >= len(self.message.words)
            and not self.message.short
        )


class Writing:
    """One script: who of the council writes in it, and what tells its languages apart."""

    def __init__(self, script: str, tags: dict[str, list[str]]) -> None:
        self.tags = tags  #: key -> the council's tags, in the council's order
        self.letters = _letter_owners(script)
        self._words = _frequent_words(script)
        self._bare_words = _frequent_words(script, bare=True) if script == "Latn" else self._words
        self._rare = {letter: has for letter, has in self.letters.items() if len(has) <= FEW_OWNERS}
        self._alphabets = LETTERS.get(script, {})
        self._vocabulary = WORDS.get(script, {})
        self._neighbours = [key for key in self._vocabulary if key not in tags]
        self._key_of = {tag: key for key, same in tags.items() for tag in same}
        self._latin, self._arabic = script == "Latn", script == "Arab"

    def key_of(self, tag: str | None) -> str:
        """The key of one of the council's tags; "" where it is not written so."""
        return self._key_of.get(tag or "", "")

    def knows_words(self, key: str) -> bool:
        """Whether we know frequent words of this language."""
        return key in self._vocabulary

    def evidence(self, message: Message) -> Evidence:
        """Count words and letters: some microseconds, and the same for everybody."""
        hits = self._count_words(message)
        told = self.letters.keys() & set(message.marked)
        if self._latin:
            for owner in [owner for letter in told for owner in self._rare.get(letter, ())]:
                hits[owner] = hits.get(owner, 0) + 1
        # Thirty languages share the Latin letters; only those with a word in the text can be meant.
        strangers = [key for key in (hits if self._latin else self._neighbours) if key not in self.tags]
        inside = list(self.tags)
        if told:
            allowed = self._allowed((*inside, *strangers), message, told)
            inside = [key for key in inside if key in allowed]
            strangers = [key for key in strangers if key in allowed]
        inside.sort(key=lambda key: -hits.get(key, 0))  # Stable: the council's order where words say nothing.
        ranked = sorted([*inside, *strangers], key=lambda key: -hits.get(key, 0))
        rival = hits.get(ranked[1], 0) if len(ranked) > 1 else 0
        return Evidence(message, self, inside, strangers, hits, ranked[0] if ranked else "", rival)

    def lacks_its_letters(self, key: str, message: Message) -> bool:
        """Whether not one of the letters is there that a sentence in this language is hardly without."""
        expected = EXPECTED.get(key)
        return expected is not None and not any(letter in message.marked for letter in expected)

    def own_letters(self, key: str, message: Message) -> int:
        """How many of its letters hardly any other language has; in Latin letters these count as words."""
        if self._latin:
            return 0
        return sum(message.marked.count(letter) for letter, has in self._rare.items() if key in has)

    def _count_words(self, message: Message) -> dict[str, int]:
        hits: dict[str, int] = {}
        # Only a text without any mark may have been typed without them: "pri" is Slovene beside a "že".
        known = self._bare_words if message.bare else self._words
        for word in message.words:
            if word in known:
                for key in known[word]:
                    hits[key] = hits.get(key, 0) + 1
            elif self._arabic and len(word) > MAY_BE_ARTICLE and word.startswith(ARABIC_ARTICLE):
                hits["ar"] = hits.get("ar", 0) + 1
        return hits

    def _allowed(self, keys: Sequence[str], message: Message, told: Iterable[str]) -> set[str]:
        """Who writes with these letters, but for a stray one."""
        strays = message.letters // STRAY_LETTERS + self._latin
        foreign = dict.fromkeys(keys, 0)
        for letter in told:
            owners = self.letters[letter]
            count = message.marked.count(letter)
            for key in keys:
                if key not in owners and key in self._alphabets:
                    foreign[key] += count
        return {key for key, count in foreign.items() if count <= strays}


@cache
def _frequent_words(script: str, bare: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Each frequent word and whose it is, made once for all councils; bare: also as typed without marks."""
    whose: dict[str, tuple[str, ...]] = {}
    for key, listed in WORDS.get(script, {}).items():
        words = set(fold(unicodedata.normalize("NFKC", listed), script).split())
        if bare and key not in NEVER_BARE:
            words |= {_bare(word) for word in words if len(word) >= SHORTEST_BARE}
        for word in words:
            whose[word] = (*whose.get(word, ()), key)
    return whose


@cache
def _letter_owners(script: str) -> Mapping[str, frozenset[str]]:
    """Each letter that not all languages of a script have, and which have it."""
    alphabets = LETTERS.get(script, {})
    letters = set("".join(alphabets.values()))
    return {letter: frozenset(key for key in alphabets if letter in alphabets[key]) for letter in letters}


def _bare(word: str) -> str:
    """A word as it is typed on a keyboard without its marks: "zašto" is "zasto"."""
    return unicodedata.normalize("NFD", word.translate(BARE)).encode("ascii", "ignore").decode()
