"""Break a text into lines and find the size at which it fits, without knowing the font.

The sheet is drawn with whatever font the reader's computer has, so a width here is a wide guess: a line that
is said to fit does, in Noto, Arial and DejaVu, the widest of them.
"""

from __future__ import annotations

import unicodedata
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
            return Lines(_balanced(lines, width / size, bold=bold), size)
        size *= STEP


def _balanced(lines: list[str], width: float, *, bold: bool) -> tuple[str, ...]:
    """As many lines, and as short as they can be: no word stands alone in the last one."""
    text, most = " ".join(lines), len(lines)
    while most > 1:
        width *= STEP
        narrower = _broken(text, width, bold=bold)
        if narrower is None or len(narrower) > most:
            break
        lines = narrower
    return tuple(lines)


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
        return 0.34
    if category == "Lu" or letter in "mw@шщюжф":
        return 0.78
    if category == "Nd":
        return 0.66
    return 0.6
