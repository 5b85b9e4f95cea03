"""What a text costs by SMS, and how it is cut into messages that each cost no more than one may.

A text whose letters are all in GSM-7 has room for 160 of them; one letter beside it, and the whole message
counts in UTF-16 with room for 70. What is longer goes in parts of 153 or 67, for each part says where it
belongs. A letter that takes two places is never cut in two: the last place of a part then stays empty.
3GPP TS 23.038 (once GSM 03.38) has the tables, TS 23.040 how parts are joined.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from core.letters import between_lines, units
from core.talk import Option

#: what one message may hold, however many parts it takes. https://www.twilio.com/docs/api/errors/21617
MESSAGE = 1600
#: segments that a text may take in all its messages: an answer of 2,000 letters in Arabic has room
LONGEST = 30
#: what stands where the rest was left out; its letters are in GSM-7 and take one place each
LEFT_OUT = " (...)"

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: sent as an escape and a letter: two places
EXTENSION = frozenset("\f^{}\\[~]|€")


class Room(NamedTuple):
    """How many places a message has: alone, and in each part where there are several."""

    alone: int
    part: int


ROOM = {"GSM-7": Room(160, 153), "UCS-2": Room(70, 67)}


def encoding(text: str) -> str:
    """How a text is sent: "GSM-7" or "UCS-2"."""
    return "GSM-7" if BASIC.union(EXTENSION).issuperset(text) else "UCS-2"


def segments(text: str) -> int:
    """How many parts a text takes, each of which is paid for."""
    room = ROOM[way := encoding(text)]
    places = [_places(letter, way) for letter in text]
    if sum(places) <= room.alone:
        return 1
    parts, left = 1, room.part
    for taken in places:
        if taken > left:
            parts, left = parts + 1, room.part
        left -= taken
    return parts


def _places(letter: str, way: str) -> int:
    return 2 if letter > "\uffff" or (way == "GSM-7" and letter in EXTENSION) else 1


def folded(text: str) -> str:
    """A text with typed marks for the printed ones, where that brings all of it into GSM-7.

    Where another letter keeps it in UCS-2 all the same, nothing would be saved, and it stays as it is.
    """
    typed = _typed(text)
    return typed if encoding(typed) == "GSM-7" else text


def _typed(text: str) -> str:
    return text if encoding(text) == "GSM-7" else unicodedata.normalize("NFC", text).translate(_TYPED)


#: marks that say the same when they are typed; of the invisible ones none matters beside letters of GSM-7
_TYPED = str.maketrans(
    dict.fromkeys("‘’‚‛‹›ʼ′´`", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−⁃•■", "-")
    | dict.fromkeys("\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " ")
    | dict.fromkeys("\u202f\u205f\u3000", " ")
    | dict.fromkeys("\u2028\u2029", "\n")
    | dict.fromkeys("\u00ad\u200b\u200c\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff", "")
    | {"…": "..."}
)


def with_choices(text: str, options: Sequence[Option]) -> str:
    """A text with its options as numbered lines."""
    return text + _lines(options)


def _lines(options: Sequence[Option]) -> str:
    return "".join(f"\n{option.number} {option.label}" for option in options)


def as_sent(text: str, options: Sequence[Option], most: int) -> tuple[str, ...]:
    """The messages that a text with its options goes out in: folded, and each of at most so many segments."""
    lines = _lines(options)
    if encoding(_typed(text + lines)) == "GSM-7":
        text, lines = _typed(text), _typed(lines)
    return messages(text, most, lines)


def messages(text: str, most: int, after: str = "") -> tuple[str, ...]:
    """A text, and the lines that stand after it, in messages of at most `most` segments each.

    Cut between paragraphs or lines, else between words. The last paragraph, which asks, stays with the lines
    after it, which answer. Where all would take more than LONGEST, words before those are left out, and that
    is to be seen.
    """
    if _fits(text + after, most):
        return (text + after,)
    before, gap, last = text.rpartition("\n\n")
    last += after
    if not before or not _fits(last, most):
        before, gap, last = text, "\n", after.removeprefix("\n")
    end = _pieces(last, most, LONGEST)
    begun = _pieces(before, most, max(1, LONGEST - sum(map(segments, end))))
    if begun and end and _fits(joined := f"{begun[-1]}{gap}{end[0]}", most):
        return (*begun[:-1], joined, *end[1:])
    return (*begun, *end)


def _pieces(text: str, most: int, left: int) -> list[str]:
    """A text in messages of at most `most` segments, and `left` in all; what has no room is left out."""
    pieces: list[str] = []
    while not _fits(text, min(most, left)):
        piece = _beginning(text, min(most, left))
        cost = segments(piece.rstrip())
        if cost == left:
            return [*pieces, _beginning(text, min(most, left), LEFT_OUT).rstrip() + LEFT_OUT]
        pieces.append(piece.rstrip())
        text = text.removeprefix(piece).lstrip()
        left -= cost
    return [*pieces, text] if text else pieces


def _beginning(text: str, most: int, after: str = "") -> str:
    """As much of a text as has room in one message, with what stands after it."""
    fits, too_much = 0, len(text)
    while too_much - fits > 1:
        middle = (fits + too_much) // 2
        if _fits(text[:middle] + after, most):
            fits = middle
        else:
            too_much = middle
    return text[: between_lines(text, fits)]


def _fits(text: str, most: int) -> bool:
    return units(text) <= MESSAGE and segments(text) <= most
