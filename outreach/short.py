"""What people wrote, made fit to stand in a line of ours: no tricks with direction, and cut at a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from core.letters import between_letters
from core.phrases import END_OF_ISOLATE, ISOLATE, Direction

RENDERING = 140  #: characters of a text in a digest
WIDER = 500  #: characters of a text in a table
ELLIPSIS = "…"
MARKS = 4  #: on one letter; no language has more, and hundreds of them deface a page
#: with these a text could turn what stands after it. https://www.unicode.org/reports/tr9/
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_OTHER_WAY = {"ltr": ("R", "AL"), "rtl": ("L", "EN")}  # A telephone number is turned too.


def in_a_line(text: str) -> str:
    """A text on one line, that stays within its line and turns nothing."""
    return " ".join("".join(_tame(text.translate(_TURNING))).split())


def short(text: str, most: int = RENDERING) -> str:
    """A text on one line of at most so many characters, cut at a word where there is one to cut at."""
    line = in_a_line(text)
    if len(line) <= most:
        return line
    end = between_letters(line, most - 1)
    space = line.rfind(" ", 0, end + 1)
    return line[: space if space > most // 2 else end].rstrip(" ,;:–-") + ELLIPSIS


def isolated(text: str, direction: Direction) -> str:
    """A text that cannot turn the line around it, whose direction is given."""
    other = _OTHER_WAY[direction]
    if any(unicodedata.bidirectional(letter) in other for letter in text):
        return f"{ISOLATE}{text}{END_OF_ISOLATE}"
    return text


def _tame(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MARKS:
            yield " " if category == "Cc" else letter
