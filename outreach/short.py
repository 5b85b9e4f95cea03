"""What people wrote, made fit to stand in a line of ours: no tricks with direction, and cut at a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from core.letters import between_letters
from core.phrases import END_OF_ISOLATE, ISOLATE, Direction
from core.unseen import as_seen

RENDERING = 140  #: characters of a text in a digest
WIDER = 500  #: characters of a text in a table
ELLIPSIS = "…"
DOT = " · "  #: between what is said in few words
MARKS = 4  #: on one letter; no language has more, and hundreds of them deface a page
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TOWER = re.compile(rf"[^\w\s\x00-\u02ff]{{{MARKS + 1},}}")  # Marks, if they are; signs and emoji stay.
#: Hebrew, Arabic and their neighbours, and whatever else is written from the right
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


#: begins a line in a right-to-left language, where it would otherwise run as its first Latin word does
LINE_MARKS: Mapping[Direction, str] = {"ltr": "", "rtl": "\u200f"}


def in_a_line(text: str) -> str:
    """A text on one line, that stays within its line and turns nothing."""
    return " ".join(_TOWER.sub(_sheared, as_seen(_CONTROLS.sub(" ", text))).split())


def in_parts(text: str) -> str:
    """A text on one line, in which it is still seen where another message, or paragraph, began."""
    return DOT.join(filter(None, map(in_a_line, text.splitlines())))


def short(text: str, most: int = RENDERING) -> str:
    """A text on one line of at most so many characters, cut at a word where there is one to cut at."""
    line = in_a_line(text)
    if len(line) <= most:
        return line
    end = between_letters(line, most - 1)
    space = line.rfind(" ", 0, end + 1)
    return line[: space if space > most // 2 else end].rstrip(" ,;:·–-") + ELLIPSIS


def isolated(text: str, direction: Direction) -> str:
    """A text that cannot turn the line around it, whose direction is given."""
    if direction == "ltr":
        other_way = bool(_RIGHT_TO_LEFT.search(text))
    else:  # A telephone number is turned too.
        other_way = any(unicodedata.bidirectional(letter) in ("L", "EN") for letter in text)
    return f"{ISOLATE}{text}{END_OF_ISOLATE}" if other_way else text


def _sheared(found: re.Match[str]) -> str:
    signs = found[0]
    kept = [
        sign
        for n, sign in enumerate(signs)
        if n < MARKS or not all(unicodedata.category(one) in ("Mn", "Me") for one in signs[n - MARKS : n + 1])
    ]
    return "".join(kept)
