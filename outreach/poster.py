"""Draw the sheet that is printed: an A4 page as SVG, with a code for each way to write to a council.

One file, drawn in millimetres, black on white, that needs nothing from anywhere: any browser prints it, with
its own fonts, which shape Arabic and set it from right to left. Everything is centred, so that a font that is
narrower than we think moves nothing; numbers and names of bots keep their direction in every line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

import segno

from core.messages import clean
from core.phrases import Direction, Phrases
from outreach.poster_lines import LINE, Lines, fitted

WayKind = Literal["telegram", "whatsapp", "sms", "web"]

WIDTH, HEIGHT = 210.0, 297.0  # millimetres: A4
MARGIN = 14.0  #: what some printers leave white
INSIDE = WIDTH - 2 * MARGIN
QUIET = 4  #: modules that stay white around a code (ISO/IEC 18004)
GAP = 5.0  #: between two parts of the sheet
FOOT = 7.0  #: room for the line that says which sheet this is
#: how wide a code is that has so many beside it in its row
CODE = {1: 100.0, 2: 84.0, 3: 57.0, 4: 42.0}
CODE_IN_TWO_ROWS = 53.0
NAMED = 8.0  #: room above a code, for the name of its way
SHOWN = 10.5  #: room below it, for what can be typed
SENTENCE_END = re.compile(r"(?<=[.?!؟])\s+")
DARK = "#14324f"
FONTS = "'Noto Sans', 'Noto Sans Arabic', 'Segoe UI', Roboto, Arial, 'DejaVu Sans', sans-serif"


@dataclass(frozen=True)
class Way:
    """A way to write to the council that a code opens."""

    kind: WayKind
    code: str  #: what the code says
    shown: str  #: what somebody without a camera types: a number, a name, an address


def sheet(council: str, languages: Sequence[Phrases], ways: Sequence[Way], mark: str) -> str:
    """The sheet in one language, or in several: then each says less.

    `mark` is printed small, for those who hang sheets up: which one this is.
    """
    head = _head(languages)
    codes = _rows(ways, roomy=len(languages) == 1)
    band, y = _band(council)
    drawn = [*band]
    below = HEIGHT - MARGIN - FOOT
    height = sum(part.lines.height + part.after for part in head)
    room = below - y - sum(row.height for row in codes)
    scale = min(1.0, room / height)
    # What is left over goes above the words, between them and the codes, and below.
    spare = (room - height * scale) / 3
    y += spare
    for part in head:
        drawn += _set(part, y, scale)
        y += (part.lines.height + part.after) * scale
    y += spare
    for row in codes:
        drawn += _row(row, languages[0], y)
        y += row.height
    drawn.append(_text(mark, WIDTH / 2, HEIGHT - MARGIN, 3.2, "ltr", fill="#555"))
    return _page(council, languages[0], drawn)


# What stands above the codes


@dataclass(frozen=True)
class _Part:
    """A text of the sheet."""

    lines: Lines
    direction: Direction
    language: str = ""
    bold: bool = False
    after: float = GAP  #: room below it
    fill: str = "#000"


def _band(council: str) -> tuple[list[str], float]:
    """Whose sheet it is, in a dark band; and where the next thing can stand."""
    name = _one_line(council)
    lines = fitted(name, INSIDE - 2 * GAP, 2, 10.0, bold=True)
    height = lines.height + GAP
    part = _Part(lines, _direction(name), bold=True, fill="#fff")
    band = (
        f'<rect x="{MARGIN:g}" y="{MARGIN:g}" width="{INSIDE:g}" height="{height:.2f}" rx="3" fill="{DARK}"/>'
    )
    return [band, *_set(part, MARGIN + GAP / 2, 1.0)], MARGIN + height + GAP


def _head(languages: Sequence[Phrases]) -> list[_Part]:
    if len(languages) == 1:
        return [
            *_sentences(languages[0], "poster.title", 20.0, after=GAP * 1.2),
            *_said(languages, "poster.how", 2, 8.6, after=GAP * 0.6),
            *_sentences(languages[0], "poster.trust", 8.6),
        ]
    titles = _said(languages, "poster.title", 1, 8.0, bold=True, after=0.4)
    trusts = _said(languages, "poster.trust", 1, 5.6)
    return [part for both in zip(titles, trusts, strict=True) for part in both]


def _sentences(said: Phrases, key: str, size: float, after: float = GAP) -> list[_Part]:
    """A bold text, each of its sentences on lines of its own and all in one size."""
    sentences = SENTENCE_END.split(said.say(key))
    size = min(fitted(sentence, INSIDE, 2, size, bold=True).size for sentence in sentences)
    parts = [
        _Part(fitted(one, INSIDE, 2, size, bold=True), said.direction, said.language, bold=True, after=0.0)
        for one in sentences
    ]
    return [*parts[:-1], replace(parts[-1], after=after)]


def _said(
    languages: Sequence[Phrases], key: str, most: int, size: float, *, bold: bool = False, after: float = GAP
) -> list[_Part]:
    """The same in each language, and in one size: none is more important than another."""
    size = min(fitted(said.say(key), INSIDE, most, size, bold=bold).size for said in languages)
    return [
        _Part(
            fitted(said.say(key), INSIDE, most, size, bold=bold), said.direction, said.language, bold, after
        )
        for said in languages
    ]


def _set(part: _Part, y: float, scale: float) -> Iterator[str]:
    size = part.lines.size * scale
    for line in part.lines.lines:
        # The letters stand on their line; what hangs below it is a quarter of their height.
        yield _text(
            line,
            WIDTH / 2,
            y + size,
            size,
            part.direction,
            language=part.language,
            bold=part.bold,
            fill=part.fill,
        )
        y += size * LINE


# The codes


@dataclass(frozen=True)
class _Row:
    """Codes side by side."""

    ways: Sequence[Way]
    size: float  #: of a code

    @property
    def height(self) -> float:
        """With what stands above and below the codes."""
        return NAMED + self.size + SHOWN


def _rows(ways: Sequence[Way], *, roomy: bool) -> list[_Row]:
    """One row; of four codes two, where there is room for larger ones."""
    if roomy and len(ways) == 4:
        return [_Row(ways[:2], CODE_IN_TWO_ROWS), _Row(ways[2:], CODE_IN_TWO_ROWS)]
    return [_Row(ways, CODE[len(ways)])]


def _row(row: _Row, said: Phrases, y: float) -> Iterator[str]:
    """The codes of a row, from the side on which reading begins."""
    size, column = row.size, INSIDE / len(row.ways)
    for place, way in enumerate(row.ways if said.direction == "ltr" else row.ways[::-1]):
        middle = MARGIN + column * (place + 0.5)
        name = fitted(said.say(f"poster.way.{way.kind}"), column, 1, 6.0, bold=True)
        yield _text(
            name.lines[0],
            middle,
            y + NAMED - 1.5,
            name.size,
            said.direction,
            language=said.language,
            bold=True,
        )
        yield _code(way.code, middle - size / 2, y + NAMED, size)
        shown = fitted(way.shown, column - 2, 1, 6.0)
        yield _text(shown.lines[0], middle, y + NAMED + size + 5.5, shown.size, "ltr")


def _code(content: str, x: float, y: float, size: float) -> str:
    """A code as one path, so that no printer leaves hairlines between its modules."""
    # Where a code does not say that it is UTF-8 (by ECI 26), some readers take "é" for half a Chinese letter.
    said_so = not content.isascii()
    matrix = segno.make(content, error="m", micro=False, encoding="utf-8", eci=said_so).matrix
    modules = len(matrix) + 2 * QUIET
    path = "".join(
        f"M{column + QUIET} {row + QUIET}h1v1h-1z"
        for row, line in enumerate(matrix)
        for column, dark in enumerate(line)
        if dark
    )
    return (
        f'<svg x="{x:.2f}" y="{y:.2f}" width="{size:.2f}" height="{size:.2f}" '
        f'viewBox="0 0 {modules} {modules}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{modules}v{modules}h-{modules}z"/>'
        f'<path d="{path}"/></svg>'
    )


# SVG


def _page(council: str, said: Phrases, drawn: Sequence[str]) -> str:
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" xml:lang={quoteattr(said.language)} '
        f"font-family={quoteattr(FONTS)}>"
    )
    title = escape(f"{_one_line(council)}: {said.say('poster.title')}")
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            opening,
            f"<title>{title}</title>",
            "<style>@page { size: A4 portrait; margin: 0 }</style>",
            f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def _text(
    text: str,
    x: float,
    y: float,
    size: float,
    direction: Direction,
    *,
    language: str = "",
    bold: bool = False,
    fill: str = "#000",
) -> str:
    tag = f" xml:lang={quoteattr(language)}" if language else ""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size:.2f}" text-anchor="middle" direction="{direction}" '
        f'unicode-bidi="isolate" fill="{fill}"{weight}{tag}>{escape(text)}</text>'
    )


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _direction(text: str) -> Direction:
    """The direction of the first letter that has one."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L" else "ltr"
