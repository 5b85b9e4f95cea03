"""A day as staff write it: "8 Dec", "8.12.", "8. Dezember 2026", "2026-12-08".

A day without its year is the next one of that name. Months are read in the reader's language and in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import takewhile

#: so many letters of two forms of a name are the same, and so many at most are not
STEM, ENDING = 3, 2
FURTHEST_YEARS = 2  #: what lies further ahead is a slip of the pen

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
#: "8.12.", "8/12/2026", "8. 12."; the day comes first, as it does where councils are; in "8.12. 18 Uhr" and
#: "8.12.18:00" stands an hour and no year
_NUMBERS = re.compile(
    r"(\d{1,2})\s*[./]\s*(\d{1,2})(?:\s*[./]\s*(\d{4}|(?<!\s)\d{2}|2[5-9]|[3-9]\d)(?![\d:]))?[./]?(?!\d)"
)
_NAMED = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|º)?\s*(?:de\s+|of\s+)?([^\W\d_]{3,})\.?(?:\s*(?:de\s+)?(\d{4}))?"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?(?!\d)")


def read_day(text: str, today: date, months: Mapping[str, int]) -> tuple[date, str] | None:
    """The day that a text begins with, and what stands behind it; None for none, or one that has passed.

    `months` are names of months in small letters, with their number.
    """
    said = text.strip()
    if found := _ISO.match(said):
        return _behind(said, found, _day(int(found[1]), int(found[2]), int(found[3])), today)
    if found := _NUMBERS.match(said):
        return _behind(said, found, _coming(found[3], int(found[2]), int(found[1]), today), today)
    if (found := _NAMED.match(said)) and (month := _month(found[2], months)):
        return _behind(said, found, _coming(found[3], month, int(found[1]), today), today)
    if (found := _MONTH_FIRST.match(said)) and (month := _month(found[1], months)):
        return _behind(said, found, _coming(found[3], month, int(found[2]), today), today)
    return None


def _month(name: str, months: Mapping[str, int]) -> int | None:
    """The month of a name, also in another case: "8. decembra" is of "december"."""
    said = name.casefold()
    if said in months:
        return months[said]
    near = {number for known, number in months.items() if _same_stem(said, known)}
    return near.pop() if len(near) == 1 else None


def _same_stem(one: str, other: str) -> bool:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared >= STEM and max(len(one), len(other)) - shared <= ENDING


def _behind(said: str, found: re.Match[str], day: date | None, today: date) -> tuple[date, str] | None:
    if day is None or day < today or day.year > today.year + FURTHEST_YEARS:
        return None
    return day, said[found.end() :].strip(" \t\n,;:.-")


def _coming(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _day(int(year) if len(year) == len("2026") else 2000 + int(year), month, day)
    this = _day(today.year, month, day)
    # 29 February is there only every fourth year.
    return this if this and this >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
