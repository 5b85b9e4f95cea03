"""Does an answer weigh so much that somebody looks at its translation before it goes out?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def weighs(words: str, heavy: Iterable[str]) -> bool:
    """Whether a text holds a date, a number, a sum or a duty: where a slip of a machine does harm.

    `heavy` are the words of its language that name such things; a trailing `*` stands for any ending.
    """
    if any(unicodedata.category(letter) in ("Nd", "Sc") for letter in words):
        return True
    said = f" {' '.join(_words(words))} "
    return any(_stands(word, said) for word in heavy)


def _stands(heavy: str, said: str) -> bool:
    folded = " ".join(_words(heavy))
    return f" {folded}" in said if heavy.endswith("*") else f" {folded} " in said


def _words(text: str) -> list[str]:
    """The words of a text as they are compared: without accents, vowel marks and forms of one letter."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in parted if unicodedata.category(letter) not in _SILENT)
    return "".join(letter if letter.isalnum() else " " for letter in kept).split()


#: marks over and under letters, and the stroke that stretches an Arabic word
_SILENT = ("Mn", "Lm")
