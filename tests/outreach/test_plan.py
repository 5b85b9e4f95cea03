"""Which issue stands where in a digest, and under which number."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.digest import is_empty, is_late, parts, plan, why_first
from tests.outreach.weeks import GRAZ, SINCE, UNTIL, at, crowded, issue, ordinary, week

OLD = at("2026-11-04 10:00")
ANSWERED: dict[str, Any] = {"status": "discussed", "answered_at": at("2026-11-19 10:00")}


def placed(**changes: Any) -> str:
    """The section of an issue, and why it is first; "" where it has no place."""
    entry = issue(1, **changes)
    planned = plan([entry], GRAZ, SINCE, UNTIL, UNTIL)
    sections = [name for name in ("first", "new", "promised") if getattr(planned, name)]
    return " ".join([*sections, *([why_first(entry, GRAZ, UNTIL) or ""] if sections == ["first"] else [])])


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        pytest.param({}, "new", id="raised this week"),
        pytest.param({"filed_at": SINCE}, "new", id="when the week begins"),
        pytest.param({"filed_at": UNTIL}, "", id="when the week is over: it is in the next"),
        pytest.param({"filed_at": OLD}, "", id="older, and there is time"),
        pytest.param({"status": "seen"}, "new", id="seen is new still"),
        pytest.param({"status": "closed"}, "", id="raised and closed"),
        pytest.param({"status": "withdrawn", "danger": True}, "", id="taken back, danger or not"),
        pytest.param({"danger": True}, "first danger", id="danger"),
        pytest.param({"danger": True, "filed_at": UNTIL}, "first danger", id="danger of this very morning"),
        pytest.param({"danger": True, **ANSWERED}, "new", id="danger that is answered"),
        pytest.param({"hear_by": at("2026-11-22 12:00")}, "first overdue", id="since yesterday"),
        pytest.param({"hear_by": at("2026-11-23 00:30")}, "new", id="today is the day, and is not over"),
        pytest.param({"hear_by": OLD, "status": "seen"}, "first overdue", id="seen is no answer"),
        pytest.param({"hear_by": OLD, **ANSWERED}, "new", id="answered in time"),
        pytest.param({"filed_at": OLD, "reopened_at": OLD}, "first reopened", id="opened again"),
        pytest.param({"filed_at": OLD, "reopened_at": OLD, **ANSWERED}, "", id="and answered again"),
        pytest.param({**ANSWERED, "replied_at": UNTIL}, "first replied", id="replied"),
        pytest.param(
            {"status": "closed", "answered_at": OLD, "replied_at": UNTIL}, "first replied", id="after all"
        ),
        pytest.param({**ANSWERED, "promised_at": UNTIL}, "promised", id="promised"),
        pytest.param(
            {**ANSWERED, "promised_at": OLD, "filed_at": OLD}, "promised", id="a day that has passed"
        ),
        pytest.param(
            {"status": "decided", "promised_at": OLD, "filed_at": OLD}, "", id="discussed and decided"
        ),
        pytest.param(
            {**ANSWERED, "promised_at": OLD, "replied_at": OLD}, "first replied", id="first goes first"
        ),
    ],
)
def test_where_an_issue_stands(changes: dict[str, Any], where: str) -> None:
    assert placed(**changes) == where


def test_danger_comes_first_then_the_longest_overdue_then_the_others_in_their_order() -> None:
    entries = [
        issue(1, **ANSWERED, replied_at=at("2026-11-20 09:00")),
        issue(2, reopened_at=at("2026-11-19 09:00")),
        issue(3, hear_by=at("2026-11-20 12:00")),
        issue(4, hear_by=at("2026-10-20 12:00")),
        issue(5, danger=True, filed_at=at("2026-11-22 12:00")),
        issue(6, danger=True, filed_at=at("2026-11-21 12:00")),
        issue(7, **ANSWERED, replied_at=at("2026-11-19 09:00")),
    ]
    assert [entry.issue_id for entry in week(*entries).first] == [6, 5, 4, 3, 2, 7, 1]


def test_what_is_new_goes_by_the_councils_topics() -> None:
    council = replace(GRAZ, topics=("papers", "housing"))
    entries = [issue(1, topic=""), issue(2, topic="given_up"), issue(3), issue(4, topic="papers"), issue(5)]
    told = week(*entries, council=council)
    assert [(part.topic, [entry.issue_id for entry in part.entries]) for part in parts(told)] == [
        ("papers", [4]),
        ("housing", [3, 5]),
        ("given_up", [2]),
        ("", [1]),
    ]


def test_what_belongs_together_stands_together_and_what_concerns_many_stands_first() -> None:
    entries = [
        issue(1),
        issue(2, group=8, people=3),
        issue(3, people=9),
        issue(4, group=8, people=3),
        issue(5),
    ]
    assert [entry.issue_id for entry in week(*entries).new] == [3, 2, 4, 1, 5]


def test_promises_go_by_their_days() -> None:
    days = {1: "2026-12-03 12:00", 2: "2026-11-10 12:00", 3: "2026-11-24 12:00"}
    told = week(*(issue(n, **ANSWERED, promised_at=at(day)) for n, day in days.items()))
    assert [entry.issue_id for entry in told.promised] == [2, 3, 1]


@pytest.mark.parametrize("told", [ordinary(), crowded(400)], ids=["ordinary", "crowded"])
def test_numbers_run_on_as_they_are_read_and_every_issue_has_one(told: Any) -> None:
    entries = [entry for part in parts(told) for entry in part.entries]
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry.issue_id for entry in entries}) == len(entries)


@given(st.randoms(use_true_random=False))
def test_however_they_come_they_stand_in_one_order(chance: random.Random) -> None:
    told = ordinary()
    shuffled = [*told.first, *told.new, *told.promised]
    chance.shuffle(shuffled)
    planned = plan(shuffled, GRAZ, told.since, told.until, told.made_at)
    assert (planned.first, planned.new, planned.promised) == (told.first, told.new, told.promised)


def test_a_digest_is_late_an_hour_after_it_was_due() -> None:
    hour = 3_600_000_000
    assert not is_late(week(made_at=UNTIL + hour))
    assert is_late(week(made_at=UNTIL + hour + 1))


def test_a_digest_is_empty_when_nothing_is_left_to_tell() -> None:
    assert is_empty(week())
    assert not is_empty(week(waiting=1))
    assert not is_empty(week(looks=1))
    assert not is_empty(week(issue(1)))
    assert not is_empty(ordinary())
