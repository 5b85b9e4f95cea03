"""References and pseudonyms: short, speakable, without letters that are taken for one another."""

from __future__ import annotations

import re
from collections.abc import Callable

#: no 0/O, no 1/I, no L; no U, so that fewer words come out by accident
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 4
#: how many references of one prefix there are
SPACE = len(ALPHABET) ** LENGTH
#: a line or two, with which an invitation is copied
LONGEST_LINE = 160
#: and all that was printed
LONGEST_PRINT = 600


def reference(prefix: str, number: int) -> str:
    """The reference of a number from 0 to SPACE - 1: `GRZ-7K4M`."""
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return f"{prefix}-{''.join(reversed(letters))}"


def pseudonym(number: int) -> str:
    """The name that staff see for a contact, from a random number below SPACE squared: `P-4XWK-9RTB`."""
    high, low = divmod(number, SPACE)
    return f"P-{reference('', high % SPACE)[1:]}-{reference('', low)[1:]}"


def invitation(number: int) -> str:
    """The code of an invitation, from a random number below SPACE cubed: `4XWK-9RTB-GH2M`."""
    parts = []
    for _ in range(3):
        number, place = divmod(number, SPACE)
        parts.append(reference("", place)[1:])
    return "-".join(reversed(parts))


def new_invitation(below: Callable[[int], int]) -> str:
    """A code for somebody new; `below` draws a number at random from 0 up to its argument.

    It holds a digit: spaced, it could otherwise be words behind "join", which are no code. Drawn again until
    it does, so that each of the others is as likely as before; of forty, one is drawn again.
    """
    code = invitation(below(SPACE**3))
    while not _has_digit(code):
        code = invitation(below(SPACE**3))
    return code


def find_invitation(text: str) -> str | None:
    """The code that a whole text is, however it is spaced and dashed; None when it is none.

    Behind "join" and with its dashes also one that we never gave: it was mistyped, and is no issue. There a
    line or two may stand before it, or all that `townbell staff invite` printed around it: it was copied with
    what it came in, and must not lie open in an issue.
    """
    if printed := _PRINTED.search(text[:LONGEST_PRINT]):
        return "-".join(printed.groups()).upper()
    if len(text) > LONGEST_LINE:
        return None
    text = text.strip(" \t\n.,;:!\"'“”„«»")
    if (joined := _JOINED.search(text)) and text.count("\n") <= 1:
        return "-".join(joined.groups()).upper()
    if len(text) > 2 * len("join 4XWK-9RTB-GH2M"):
        return None
    if found := _INVITATION.fullmatch(text):
        join, one, gap, two, other_gap, three = found.groups()
        code = (one, two, three)
        dashed = gap.strip() and other_gap.strip()
        # "bestechender" is twelve of our letters, too, and "join them next week" is no code.
        joins = join and (not gap + other_gap or _has_digit("".join(code)))
        return "-".join(code).upper() if dashed or joins else None
    return None


def _has_digit(code: str) -> bool:
    return any(map(str.isdigit, code))


_PART, _GAP = f"([{ALPHABET}]{{{LENGTH}}})", r"(\s*[-–—_]?\s*)"
_FOUR, _DASH = "([0-9A-Z]{4})", r"\s*[-–—]\s*"
_JOIN = rf"\bjoin[\s:_]{{0,4}}{_FOUR}{_DASH}{_FOUR}{_DASH}{_FOUR}"
_JOINED = re.compile(f"{_JOIN}$", re.IGNORECASE | re.ASCII)
_PRINTED = re.compile(rf"on any channel:\s+{_JOIN}\b", re.IGNORECASE | re.ASCII)
_INVITATION = re.compile(rf"(/?join[\s:_]*)?{_PART}{_GAP}{_PART}{_GAP}{_PART}", re.IGNORECASE)


def find_reference(text: str, prefixes: tuple[str, ...]) -> str | None:
    """The first reference in a text, however it is spaced and dashed; None when there is none."""
    for prefix in prefixes:
        pattern = rf"\b{re.escape(prefix)}[\s\-–—_.]*([0-9A-Za-z]{{{LENGTH}}})\b"
        if found := re.search(pattern, text, re.IGNORECASE):
            return f"{prefix}-{found[1].upper()}"
    return None
