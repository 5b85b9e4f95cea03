"""What a text costs by SMS, and how it is cut so that it costs no more than it may.

A text whose letters are all in GSM-7 has room for 160 of them; one letter beside it, and the whole message
counts in UTF-16 with room for 70. What is longer goes in parts of 153 or 67, for each part says where it
belongs. A letter that takes two places is never cut in two: the last place of a part then stays empty.
3GPP TS 23.038 (once GSM 03.38) has the tables, TS 23.040 how parts are joined.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from core.letters import between_lines, split_text
from core.talk import Option

#: what one message may hold, however many parts it takes. https://www.twilio.com/docs/api/errors/21617
MESSAGE = 1600
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
    | dict.fromkeys("‐‑‒–—―−⁃•", "-")
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
    """The messages that a text with its options goes out in: folded, and of at most so many segments.

    The options stay when a text has to be cut: it could not be answered without them.
    """
    lines = _lines(options)
    if encoding(_typed(text + lines)) == "GSM-7":
        text, lines = _typed(text), _typed(lines)
    return parts(text, most, lines)


def parts(text: str, most: int, after: str = "") -> tuple[str, ...]:
    """A text, and what stands after it, in messages of together at most so many segments.

    Cut between lines, else between words; what has no room is left out of the text, and that is to be seen.
    """
    whole = split_text(text + after, MESSAGE)
    if _cost(whole) <= most:
        return tuple(whole)
    end = _longest(text, most, after)
    while end > 0:
        cut = split_text(text[: between_lines(text, end)].rstrip() + LEFT_OUT + after, MESSAGE)
        if _cost(cut) <= most:
            return tuple(cut)
        end = between_lines(text, end) - 1
    return parts(after, most) if after else (LEFT_OUT.strip(),)


def _longest(text: str, most: int, after: str) -> int:
    """How much of a text has about room: it is looked at more closely where it is cut."""
    fits, too_much = 0, len(text)
    while too_much - fits > 1:
        middle = (fits + too_much) // 2
        if _cost(split_text(text[:middle] + LEFT_OUT + after, MESSAGE)) <= most:
            fits = middle
        else:
            too_much = middle
    return fits


def _cost(messages: Sequence[str]) -> int:
    return sum(map(segments, messages))
