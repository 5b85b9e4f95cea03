"""Which option did they mean?

A digit in any script we know, the label, a synonym, or a small slip of one of these; never a
guess between two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache

#: one slip is forgiven from this length on, two from twice of it
SLIP_LENGTH = 4
#: no option reads longer; what does is a message of its own
LONGEST = 120
LONGEST_NUMBER = 12  # "( 17 )", or two keycap emoji


def plain(text: str) -> str:
    """A text as it is compared: one form of each letter, small, no marks around it, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_FOLDED).split())


class _Folding(dict[int, str | None]):
    """What each letter is compared as, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        self[code] = folded = self._fold(letter)
        return folded

    def _fold(self, letter: str) -> str | None:
        if letter in _APOSTROPHES:
            return None  # "don't" and "dont", "п'ять" and "пять" are the same in a chat
        category = unicodedata.category(letter)
        if category == "Nd":
            return str(unicodedata.digit(letter))
        if letter in _ARABIC:
            return _ARABIC[letter]
        # Indic vowel signs are marks to Unicode, and letters to their readers.
        if letter.isalnum() or category == "Mc" or (category == "Mn" and ord(letter) in _INDIC):
            return letter
        # Keycap emoji are a digit and two marks; tatweel and Arabic vowel signs carry no meaning here.
        return None if category in {"Mn", "Me", "Cf", "Lm"} else " "


_APOSTROPHES = "'\u2019\u02bc\u2018`\u00b4\u02b9"
_INDIC = range(0x0900, 0x1100)
_ARABIC = dict(zip("أإآٱىةیکؤئ", "اااايهيكوي", strict=True)) | {"ـ": None}
_FOLDED = _Folding()


@lru_cache(maxsize=4096)
def _plain_name(name: str) -> str:
    # Only our own words come here, never people's: the cache holds no message.
    return plain(name)


def number(text: str) -> int | None:
    """The number that a text is, in any script and with whatever marks around it: "٢", "2.", "(2)", "2️⃣"."""
    if len(text) > LONGEST_NUMBER:
        return None
    bare = text if text.isascii() and text.isdigit() else plain(text)
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 3 else None


def choose(text: str, offered: Sequence[tuple[int, str, Iterable[str]]]) -> str | None:
    """The id of the option that a text means; None when it is none of them, or could be two.

    `offered` holds for each option the number it was shown with, its id, and its names: label
    and synonyms.
    """
    if len(text) > LONGEST:
        return None
    if (digit := number(text)) is not None:
        return next((id_ for shown, id_, _ in offered if shown == digit), None)
    said = plain(text)
    if not said:
        return None
    names = [(_plain_name(name), id_) for _, id_, all_names in offered for name in all_names]
    # "1 I agree" is how an option looks on the screen, and is sent back as it looks.
    names += [
        (f"{shown} {_plain_name(name)}", id_) for shown, id_, all_names in offered for name in all_names
    ]
    return _only(id_ for name, id_ in names if name == said) or _only(
        id_ for name, id_ in names if abs(len(name) - len(said)) <= 2 and _near(said, name)
    )


def repeated(text: str, offered: Sequence[tuple[int, str, Iterable[str]]]) -> str | None:
    """The id of the option that a text names more than once, and says nothing else: "yes, send it", "1 1"."""
    words = plain(text).split() if len(text) <= LONGEST else []
    return _only(
        id_ for shown, id_, names in offered if _parted(words, {str(shown), *map(_plain_name, names)})
    )


def _parted(words: Sequence[str], names: Collection[str]) -> bool:
    """Whether these words are one name behind the other."""
    ends = {0}
    for start in range(len(words)):
        if start in ends:
            ends |= {end for end in range(start + 1, len(words) + 1) if " ".join(words[start:end]) in names}
    return bool(words) and len(words) in ends


def _only(ids: Iterable[str]) -> str | None:
    found = set(ids)
    return found.pop() if len(found) == 1 else None


def _near(said: str, name: str) -> bool:
    length = min(len(said), len(name))
    allowed = 2 if length >= 2 * SLIP_LENGTH else 1 if length >= SLIP_LENGTH else 0
    return allowed > 0 and slips(said, name) <= allowed


def slips(one: str, other: str) -> int:
    """How many letters must be put in, left out, changed or swapped with a neighbour to make one the other.

    Optimal string alignment: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
