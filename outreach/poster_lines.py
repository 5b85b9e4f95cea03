"""Break a text into lines and find the size at which it fits, without knowing the font.

The sheet is drawn with whatever font the reader's computer has, so a width here is a wide guess: a line that
is said to fit does, in Noto, Arial and DejaVu, the widest of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

STEP = 0.97  #: from one size that is tried to the next smaller one
LINE = 1.3  #: from one line to the next, in letters' heights: Arabic needs room above and below


@dataclass(frozen=True)
class Lines:
    """A text as it is set."""

    lines: tuple[str, ...]
    size: float  #: of its letters, in millimetres

    @property
    def height(self) -> float:
        """How much room it takes, in millimetres."""
        return len(self.lines) * self.size * LINE


def fitted(text: str, width: float, most: int, size: float, *, bold: bool = False) -> Lines:
    """A text in as few lines as the size takes, smaller where it would not fit into so many."""
    while True:
        lines = _broken(text, width / size, bold=bold)
        if lines is not None and len(lines) <= most:
            return Lines(tuple(lines), size)
        size *= STEP


def scaled(texts: Sequence[Lines], height: float) -> float:
    """How much smaller all of them must be, to be no higher together than this; 1 where they are not."""
    return min(1.0, height / sum(text.height for text in texts))


def _broken(text: str, width: float, *, bold: bool) -> list[str] | None:
    """The lines of a text; None when a single word is wider than a line."""
    lines: list[str] = []
    for word in text.split():
        if _width(word, bold=bold) > width:
            return None
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(text: str, *, bold: bool) -> float:
    return sum(map(_letter, text)) * (1.1 if bold else 1.0)


def _letter(letter: str) -> float:
    """How wide a letter is at most, in heights of a letter."""
    category = unicodedata.category(letter)
    if category in ("Mn", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in " .,:;!'’|iljI":
        return 0.36
    if category == "Lu" or letter in "mwMW@шщюжф":
        return 0.82
    return 0.66
