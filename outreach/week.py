"""The council's week by its own clock: when its digest is due, and when nobody is written to.

Summer time makes some local times come twice and leaves others out. A time that comes twice is the first of
the two; for one that is left out, the first moment after the gap stands in.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from core.council import DAYS, Council

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND, DAY, WEEK = timedelta(microseconds=1), timedelta(days=1), timedelta(days=7)
HOUR = 3_600_000_000  #: microseconds


class Due(Struct, frozen=True):
    """A digest that is due: its week, when its seven days begin, and when it is to go out."""

    week: str  #: ISO week in which its seven days begin: "2026-W47"
    since: int  #: UTC microseconds
    due_at: int  #: UTC microseconds; the seven days end there


def due(council: Council, now: int) -> Due:
    """The latest digest that is due by now."""
    zone, hour = ZoneInfo(council.time_zone), time.fromisoformat(council.digest.time)
    today = local(now, zone).date()
    day = today - DAY * ((today.weekday() - DAYS.index(council.digest.day)) % 7)
    if moment(day, hour, zone) > now:
        day -= WEEK
    since = moment(day - WEEK, hour, zone)
    return Due(week_of(since, zone), since, moment(day, hour, zone))


def week_of(at: int, zone: ZoneInfo) -> str:
    """The ISO week of a time, by the zone's calendar: "2026-W47"."""
    year, week, _ = local(at, zone).isocalendar()
    return f"{year}-W{week:02}"


def quiet(council: Council, now: int) -> int | None:
    """Until when nobody is written to unasked, or None where it is not quiet now."""
    night = _night(council, now)
    return night[1] if night else None


def by_day(council: Council, at: int, now: int) -> int:
    """The time itself, where it is not quiet then; else an hour before it becomes so, or, where that has
    passed, when it is over.
    """
    night = _night(council, at)
    if night is None:
        return at
    before = night[0] - HOUR
    return before if before > now else night[1]


def _night(council: Council, at: int) -> tuple[int, int] | None:
    """The quiet hours that a time falls in, from and until."""
    begin, end = time.fromisoformat(council.quiet.begin), time.fromisoformat(council.quiet.end)
    if begin == end:
        return None
    zone = ZoneInfo(council.time_zone)
    today = local(at, zone).date()
    for day in (today - DAY, today):
        since = moment(day, begin, zone)
        until = moment(day + DAY if end < begin else day, end, zone)
        if since <= at < until:
            return since, until
    return None


def local(at: int, zone: ZoneInfo) -> datetime:
    """A time in UTC microseconds by the clock of a zone."""
    return (EPOCH + at * MICROSECOND).astimezone(zone)


def day_of(at: int, council: Council) -> date:
    """The council's calendar day of a time in UTC microseconds."""
    return local(at, ZoneInfo(council.time_zone)).date()


def moment(day: date, hour: time, zone: ZoneInfo) -> int:
    """When a zone's clock shows an hour of a day, in UTC microseconds."""
    at = _instant(datetime.combine(day, hour, zone))
    shown = local(at, zone)
    return at if (shown.date(), shown.time()) == (day, hour) else _after_the_gap(day, hour, zone)


def _after_the_gap(day: date, hour: time, zone: ZoneInfo) -> int:
    # In a gap, fold=0 reckons with the clock before it and fold=1 with the one after it: the gap is between.
    late, early = (_instant(datetime.combine(day, hour.replace(fold=fold), zone)) for fold in (0, 1))
    seconds = range(early // 1_000_000, late // 1_000_000)
    after = local(late, zone).utcoffset()
    first = bisect_left(
        seconds, True, key=lambda second: local(second * 1_000_000, zone).utcoffset() == after
    )
    return (seconds.start + first) * 1_000_000


def _instant(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND
