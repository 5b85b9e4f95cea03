"""Phrases that are looked for in what people write, word by word; `*` is any ending, `#` an age."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from flows.choices import plain

STEM = 3  # letters: what begins otherwise needs no closer look
CHILD_AGES = range(6, 18)

_ARABIC = frozenset(map(chr, range(ord("ا"), ord("ي") + 1)))
#: Arabic writes "and", "the" and "in the" on to the word
_ARABIC_PREFIXES = ("وال", "بال", "ال", "و")
#: and "will": before the letters that a verb of the present begins with
_ARABIC_WILL = tuple(f"س{letter}" for letter in "ايتن")
#: letters that are written without their mark on a foreign keyboard, and that Unicode does not part from it
_UNMARKED = str.maketrans("ıłđ", "ild")


def unmarked(text: str) -> str:
    """A text as it is written without accents: "čšž" is "csz"."""
    parted = unicodedata.normalize("NFD", text.translate(_UNMARKED))
    return "".join(letter for letter in parted if unicodedata.category(letter) != "Mn")


class PhraseSet:
    """Phrases of one or more words, found within a text; `*` is any ending, `#` an age."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        self._prefixes: list[str] = []
        for phrase in phrases:
            if phrase.endswith("*") and " " not in phrase:
                self._prefixes.append(plain(phrase))
                continue
            words = tuple(word if word == "#" else plain(word) for word in phrase.replace("#", " # ").split())
            # A mark within a word may part it for `plain`.
            words = tuple(part for word in words for part in word.split())
            if words:
                self._by_first[words[0]].append(words)
        self._endings = tuple(self._prefixes)
        self._stems = frozenset(stem[:STEM] for stem in self._prefixes)

    def knows(self, word: str) -> bool:
        """Whether one of the phrases may begin with this word."""
        if word in self._by_first or word[:STEM] in self._stems:
            return True
        return word[0] in _ARABIC and any(
            form in self._by_first or form[:STEM] in self._stems for form in _forms(word)
        )

    def at(self, words: Sequence[str], place: int) -> int:
        """How many words from here on are one of the phrases; 0 when none is."""
        word = words[place]
        longest = 0
        for form in _forms(word):
            for phrase in self._by_first.get(form, ()):
                if len(phrase) > longest and _same(phrase[1:], words[place + 1 : place + len(phrase)]):
                    longest = len(phrase)
            if not longest and form[:STEM] in self._stems and form.startswith(self._endings):
                longest = 1
        return longest

    def within(self, words: Sequence[str], places: Iterable[int]) -> bool:
        """Whether one of the phrases is in these words, at one of these places."""
        return any(self.at(words, place) for place in places)

    def begins(self, words: Sequence[str]) -> bool:
        """Whether these words begin with one of the phrases."""
        return bool(words) and self.at(words, 0) > 0

    def reach(self, words: Sequence[str]) -> int:
        """How many words from the first on are phrases, one after the other."""
        place = 0
        while place < len(words) and (step := self.at(words, place)):
            place += step
        return place

    def covers(self, words: Sequence[str], *, but: int = 0) -> bool:
        """Whether these words are phrases from first to last, but for so many words."""
        place = others = 0
        while place < len(words) and others <= but:
            step = self.at(words, place)
            others += step == 0
            place += step or 1
        return bool(words) and others <= but


def _same(phrase: Sequence[str], words: Sequence[str]) -> bool:
    return len(phrase) == len(words) and all(
        p == w or (p == "#" and w.isascii() and w.isdigit() and int(w[:3]) in CHILD_AGES)
        for p, w in zip(phrase, words, strict=True)
    )


def _forms(word: str) -> tuple[str, ...]:
    if word[0] not in _ARABIC:
        return (word,)
    bare = next(
        (word[len(p) :] for p in _ARABIC_PREFIXES if word.startswith(p) and len(word) > len(p) + 2), ""
    )
    forms = (word, bare) if bare else (word,)
    return (*forms, *(form[1:] for form in forms if form.startswith(_ARABIC_WILL)))
