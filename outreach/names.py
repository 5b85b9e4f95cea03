"""Does a text name a person? It is looked at before it is passed on.

Found by the words that go before a name: "Herr Müller", "my name is Amina". A name begins with a capital, or
stands in a script that has none. Whoever is named without such a word is not found; a person still reads it.
A word that is short for another stands in the list with its dot.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from core.phrases import Phrases

#: in phrases: what goes before a name, and what may stand there and is none ("Herr Bürgermeister")
BEFORE, NEVER = "names.before.words", "names.never.words"

_WORD = r"[^\W\d_][^\W_'’ʼ]*(?:['’ʼ-][^\W\d_]+)*"


def names_a_person(text: str, titles: Collection[str], never: Collection[str] = ()) -> bool:
    """Whether a text has one of the words that go before a name, and a name after it."""
    if not titles or text.isupper():  # IN CAPITALS every word looks like a name.
        return False
    looked_for, no_names = _pattern(frozenset(titles)), _folded(frozenset(never), frozenset(titles))
    return any(_is_name(found[1], no_names) for found in looked_for.finditer(text))


def words(said: Iterable[Phrases], key: str) -> frozenset[str]:
    """A word list in all languages together: people name others in whatever language they write."""
    return frozenset(word for phrases in said for word in phrases.words(key))


def _is_name(word: str, no_names: Collection[str]) -> bool:
    has_case = word[0].lower() != word[0].upper()
    return len(word) > 1 and word.casefold() not in no_names and (word[0].isupper() or not has_case)


@lru_cache(maxsize=8)
def _folded(never: frozenset[str], titles: frozenset[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in never | titles)


@lru_cache(maxsize=8)
def _pattern(titles: frozenset[str]) -> re.Pattern[str]:
    # The longest first, so that "my name is" is not taken for "my name". What follows is only looked at: in
    # "Herr Doktor Huber" each of the two titles has its own turn.
    longest = sorted(titles, key=lambda title: (_first_letter(title), -len(title), title))
    groups = [_beginning_alike(list(group)) for _, group in groupby(longest, _first_letter)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})\s+(?=({_WORD}))", re.IGNORECASE)


def _beginning_alike(titles: Sequence[str]) -> str:
    # A week has thousands of texts: a word that begins otherwise is not held against each of the titles.
    return rf"(?={re.escape(titles[0][0])})(?:{'|'.join(map(_as_written, titles))})"


def _first_letter(title: str) -> str:
    return title[0].lower()


def _as_written(title: str) -> str:
    # Many leave out the dot of "Dr."; but "g" without its dot is a gram.
    stem, dot = (title[:-1], r"\.?") if title.endswith(".") and len(title) > 2 else (title, "")
    return r"\s+".join(map(re.escape, stem.split())) + dot
