"""A day as staff write it: "8 Dec", "8.12.", "8. Dezember 2026", "2026-12-08".

A day without its year is the next one of that name. Months are read in the reader's language, in English, and
in every other that we have, unless two of those disagree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from itertools import takewhile
from typing import Literal, NamedTuple

from core.phrases import Phrases

#: so many letters of two forms of a name are the same, and so many at most are not
STEM, ENDING = 3, 2
FURTHEST_YEARS = 2  #: what lies further ahead is a slip of the pen
#: what may stand before a day, beside the name of a weekday: "on the 8th of December", "el martes 8 ..."
BEFORE = frozenset((
    "on", "the", "this", "next", "am", "den", "der", "dem", "diesen", "nächsten", "kommenden", "el", "día",
    "dia", "este", "próximo", "proximo", "dne", "v", "na", "ta", "naslednji", "у", "в", "на", "цей", "цю",
    "наступний", "يوم", "في", "القادم",
))  # fmt: skip

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
#: "8.12.", "8/12/2026", "8. 12."; the day comes first, as it does where councils are; in "8.12. 18 Uhr" and
#: "8.12.18:00" stands an hour and no year
_NUMBERS = re.compile(
    r"(\d{1,2})\s*[./]\s*(\d{1,2})(?:\s*[./]\s*(\d{4}|(?<!\s)\d{2}|2[5-9]|[3-9]\d)(?![\d:]))?[./]?(?!\d)"
)
_NAMED = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|º)?\s*(?:de\s+|of\s+)?([^\W\d_]{3,})\.?(?:\s*(?:de\s+)?(\d{4}))?"
)
_WORD = re.compile(r"([^\W\d_]+)[\s.,]+")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?(?!\d)")


class Day(NamedTuple):
    """A day that is still to come, and what stands behind it."""

    day: date
    rest: str


class NoDay(NamedTuple):
    """Why a text begins with no day that is still to come."""

    why: Literal["unread", "passed", "impossible", "far"]
    written: str = ""  #: what was taken for a day
    day: date | None = None  #: which day that is, where there is one

    def said(self, phrases: Phrases) -> str:
        """The day in the reader's language, or as it was written."""
        return phrases.day(self.day) if self.day else self.written


def read_day(text: str, today: date, phrases: Phrases) -> Day | NoDay:
    """The day that a text begins with, as a reader of this language writes it."""
    said = _without_beginning(text.strip(), phrases.weekdays)
    if found := _ISO.match(said):
        return _behind(said, found, _day(int(found[1]), int(found[2]), int(found[3])), today)
    if found := _NUMBERS.match(said):
        return _behind(said, found, _coming(found[3], int(found[2]), int(found[1]), today), today)
    if (found := _NAMED.match(said)) and (month := _month(found[2], phrases)):
        return _behind(said, found, _coming(found[3], month, int(found[1]), today), today)
    if (found := _MONTH_FIRST.match(said)) and (month := _month(found[1], phrases)):
        return _behind(said, found, _coming(found[3], month, int(found[2]), today), today)
    return NoDay("unread")


def _without_beginning(said: str, weekdays: Collection[str]) -> str:
    """A text from the day on, where only such words stand before it as belong to one."""
    rest = said
    while (found := _WORD.match(rest)) and found[1].casefold() in (BEFORE | frozenset(weekdays)):
        rest = rest[found.end() :]
    return rest if rest[:1].isdigit() or _MONTH_FIRST.match(rest) else said


def _month(name: str, phrases: Phrases) -> int | None:
    """The month of a name, also in another case: "8. decembra" is of "december"."""
    said, months, elsewhere = name.casefold(), phrases.months, phrases.months_elsewhere
    return months.get(said) or elsewhere.get(said) or _near(said, months)


def _near(said: str, months: Mapping[str, int]) -> int | None:
    near = {number for known, number in months.items() if _same_stem(said, known)}
    return near.pop() if len(near) == 1 else None


def _same_stem(one: str, other: str) -> bool:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return shared >= STEM and max(len(one), len(other)) - shared <= ENDING


def _behind(said: str, found: re.Match[str], day: date | None, today: date) -> Day | NoDay:
    if day is None:
        return NoDay("impossible", found[0].strip(" ./"))
    if day < today:
        return NoDay("passed", found[0], day)
    if day.year > today.year + FURTHEST_YEARS:
        return NoDay("far", found[0], day)
    return Day(day, said[found.end() :].strip(" \t\n,;:.-"))


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
