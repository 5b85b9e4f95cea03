"""When a digest is due and when it is quiet, by clocks that are put forward and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.council import DAYS, Council, DigestTime, QuietHours
from outreach.week import by_day, day_of, due, local, moment, quiet, week_of
from tests.outreach.weeks import GRAZ, VIENNA, at

HOUR = 3_600_000_000


def council(zone: str = VIENNA, day: str = "monday", hour: str = "08:00") -> Council:
    return replace(GRAZ, time_zone=zone, digest=DigestTime(day, hour))


def written(at: int, zone: str) -> str:
    """A moment as the clock shows it, with the offset: "2026-03-29 03:00 +0200"."""
    return f"{local(at, ZoneInfo(zone)):%Y-%m-%d %H:%M %z}"


@pytest.mark.parametrize(
    ("now", "week", "since", "due_at"),
    [
        pytest.param(
            "2026-11-23 08:00", "2026-W47", "2026-11-16 08:00", "2026-11-23 08:00", id="on the minute"
        ),
        pytest.param(
            "2026-11-23 07:59", "2026-W46", "2026-11-09 08:00", "2026-11-16 08:00", id="a minute before"
        ),
        pytest.param(
            "2026-11-29 23:59", "2026-W47", "2026-11-16 08:00", "2026-11-23 08:00", id="six days after"
        ),
        pytest.param(
            "2027-01-04 09:00", "2026-W53", "2026-12-28 08:00", "2027-01-04 08:00", id="a year of 53 weeks"
        ),
        pytest.param(
            "2026-03-30 08:00", "2026-W13", "2026-03-23 08:00", "2026-03-30 08:00", id="a short week"
        ),
        pytest.param(
            "2026-10-26 08:00", "2026-W43", "2026-10-19 08:00", "2026-10-26 08:00", id="a long week"
        ),
    ],
)
def test_the_latest_digest_on_mondays_at_eight(now: str, week: str, since: str, due_at: str) -> None:
    latest = due(council(), at(now))
    assert (latest.week, latest.since, latest.due_at) == (week, at(since), at(due_at))


@pytest.mark.parametrize(
    ("zone", "day", "hour", "after", "due_at"),
    [
        pytest.param(
            VIENNA, "sunday", "02:30", "2026-03-30", "2026-03-29 03:00 +0200", id="skipped in Vienna"
        ),
        pytest.param(
            VIENNA, "sunday", "02:00", "2026-03-30", "2026-03-29 03:00 +0200", id="where the gap begins"
        ),
        pytest.param(
            VIENNA, "sunday", "03:00", "2026-03-30", "2026-03-29 03:00 +0200", id="where the gap ends"
        ),
        pytest.param(VIENNA, "sunday", "02:30", "2026-10-26", "2026-10-25 02:30 +0200", id="twice in Vienna"),
        pytest.param(
            "Africa/Cairo", "friday", "00:30", "2026-04-25", "2026-04-24 01:00 +0300", id="midnight, Cairo"
        ),
        pytest.param(
            "Africa/Cairo", "thursday", "23:30", "2026-10-30", "2026-10-29 23:30 +0300", id="twice in Cairo"
        ),
        pytest.param(
            "America/Santiago",
            "sunday",
            "00:00",
            "2026-09-07",
            "2026-09-06 01:00 -0300",
            id="midnight, Santiago",
        ),
        pytest.param(
            "Pacific/Apia", "friday", "08:00", "2012-01-01", "2011-12-31 00:00 +1400", id="a day left out"
        ),
    ],
)
def test_an_hour_that_is_left_out_or_comes_twice(
    zone: str, day: str, hour: str, after: str, due_at: str
) -> None:
    assert written(due(council(zone, day, hour), at(f"{after} 12:00", zone)).due_at, zone) == due_at


def test_a_digest_in_the_gap_is_due_when_the_clock_has_jumped_and_not_before() -> None:
    jump = at("2026-03-29 03:00")
    sundays = council(day="sunday", hour="02:30")
    assert due(sundays, jump).due_at == jump
    assert due(sundays, jump - 1).due_at == at("2026-03-22 02:30")


@given(
    zone=st.sampled_from([VIENNA, "Africa/Cairo", "America/Santiago", "Asia/Kolkata", "Pacific/Apia"]),
    day=st.sampled_from(DAYS),
    hour=st.times().map(lambda t: f"{t.hour:02}:{t.minute:02}"),
    now=st.integers(at("2011-01-01 00:00"), at("2037-01-01 00:00")),
)
def test_the_weeks_follow_each_other_without_gap_or_overlap(zone: str, day: str, hour: str, now: int) -> None:
    here = council(zone, day, hour)
    latest = due(here, now)
    assert latest.since < latest.due_at <= now < latest.due_at + 8 * 24 * HOUR
    assert due(here, latest.due_at) == latest
    assert due(here, latest.due_at - 1).due_at == latest.since
    assert latest.week == week_of(latest.since, ZoneInfo(zone))


@given(
    zone=st.sampled_from([VIENNA, "Africa/Cairo", "America/Santiago", "Pacific/Apia", "Australia/Lord_Howe"]),
    day=st.dates(date(2011, 1, 1), date(2036, 1, 1)),
    hour=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_before_its_moment_the_clock_shows_less_and_from_then_on_no_less(
    zone: str, day: date, hour: time
) -> None:
    reached = moment(day, hour, ZoneInfo(zone))
    before, then = (local(when, ZoneInfo(zone)).replace(tzinfo=None) for when in (reached - 1, reached))
    assert before < then
    assert (before.date(), before.time()) < (day, hour) <= (then.date(), then.time())


@pytest.mark.parametrize(
    ("begin", "end", "now", "until"),
    [
        pytest.param("21:00", "08:00", "2026-11-22 20:59", None, id="evening"),
        pytest.param("21:00", "08:00", "2026-11-22 21:00", "2026-11-23 08:00", id="it begins"),
        pytest.param("21:00", "08:00", "2026-11-23 02:00", "2026-11-23 08:00", id="after midnight"),
        pytest.param("21:00", "08:00", "2026-11-23 08:00", None, id="it ends"),
        pytest.param("13:00", "15:00", "2026-11-23 14:59", "2026-11-23 15:00", id="at noon"),
        pytest.param("13:00", "15:00", "2026-11-23 15:00", None, id="noon is over"),
        pytest.param("08:00", "08:00", "2026-11-23 08:00", None, id="equal is never"),
        pytest.param("22:00", "00:00", "2026-11-22 23:59", "2026-11-23 00:00", id="until midnight"),
        pytest.param("21:00", "02:30", "2026-03-29 01:59", "2026-03-29 03:00", id="its end is skipped"),
        pytest.param("02:30", "08:00", "2026-03-29 03:00", "2026-03-29 08:00", id="its beginning is skipped"),
        pytest.param("02:10", "02:50", "2026-03-29 03:00", None, id="all of it is skipped"),
        pytest.param("21:00", "02:30", "2026-10-25 02:29", "2026-10-25 02:30", id="its end comes twice"),
    ],
)
def test_quiet_hours(begin: str, end: str, now: str, until: str | None) -> None:
    here = replace(GRAZ, quiet=QuietHours(begin, end))
    assert quiet(here, at(now)) == (at(until) if until else None)


@pytest.mark.parametrize(
    ("then", "instead"),
    [
        pytest.param("2026-11-23 20:59", "2026-11-23 20:59", id="by day"),
        pytest.param("2026-11-24 05:00", "2026-11-23 20:00", id="in the night: the evening before"),
        pytest.param("2026-11-22 23:00", "2026-11-23 08:00", id="in the night that has begun: the morning"),
    ],
)
def test_what_would_come_at_night_comes_by_day(then: str, instead: str) -> None:
    now = at("2026-11-22 20:30")
    assert by_day(GRAZ, at(then), now) == at(instead)


def test_when_its_end_comes_twice_it_is_quiet_until_the_first() -> None:
    here = replace(GRAZ, quiet=QuietHours("21:00", "02:30"))
    assert quiet(here, at("2026-10-25 02:30")) is None
    assert quiet(here, at("2026-10-25 02:30") + HOUR) is None


def test_where_midnight_is_left_out_quiet_until_midnight_ends_with_the_gap() -> None:
    zone = "America/Santiago"
    here = replace(GRAZ, time_zone=zone, quiet=QuietHours("22:00", "00:00"))
    until = quiet(here, at("2026-09-05 23:00", zone))
    assert until is not None
    assert written(until, zone) == "2026-09-06 01:00 -0300"


def test_a_day_is_the_councils_day() -> None:
    assert day_of(at("2026-11-23 00:30"), GRAZ) == date(2026, 11, 23)
    assert day_of(at("2026-11-23 00:30"), replace(GRAZ, time_zone="UTC")) == date(2026, 11, 22)
    assert week_of(at("2026-11-23 00:30"), ZoneInfo("UTC")) == "2026-W47"
