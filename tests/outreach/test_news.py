"""When a question may be put to somebody whose conversation goes on."""

from __future__ import annotations

import pytest

from core.talk import Run
from outreach.news import STILL, may_open

NOW = 1_795_161_600_000_000
HOUR = 3_600_000_000

DRAFT = Run("r1", "raise_issue", "send", answers={"what": [{"text": "the lamp is dark"}]})
DETAILS = Run("r2", "raise_issue", "topic", answers={"reference": "GRZ-7K4M"})
SOLVED = Run("r3", "news", "solved", answers={"reference": "GRZ-7K4M", "news": 1, "kind": "closed"})
ASKED = Run("r4", "asked", "answer", answers={"reference": "GRZ-7K4M", "news": 2, "kind": "asked"})
DESK = Run("r5", "desk", "closed", answers={"which": "GRZ-7K4M", "act": "closed"})


@pytest.mark.parametrize(
    ("run", "opens"),
    [
        pytest.param(None, True, id="nothing is open"),
        pytest.param(DRAFT, False, id="words that are not sent yet"),
        pytest.param(DETAILS, True, id="what is asked after filing"),
        pytest.param(SOLVED, True, id="whether it is solved"),
        pytest.param(ASKED, False, id="what the council asks"),
        pytest.param(DESK, False, id="an answer of staff"),
    ],
)
def test_a_question_opens_where_none_that_matters_is_open(run: Run | None, opens: bool) -> None:
    assert may_open(run, NOW - HOUR, NOW) is opens


@pytest.mark.parametrize("run", [DRAFT, ASKED, DESK])
def test_what_has_lain_for_a_day_holds_nobody_up(run: Run) -> None:
    assert not may_open(run, NOW - STILL + 1, NOW)
    assert may_open(run, NOW - STILL, NOW)


def test_a_question_that_was_put_just_now_waits_though_nobody_was_heard_for_weeks() -> None:
    asked = Run("r6", "asked", "answer", answers=ASKED.answers, asked_at=NOW - HOUR)
    assert not may_open(asked, NOW - 20 * STILL, NOW)
    assert may_open(asked, NOW - 20 * STILL, NOW + STILL)


@pytest.mark.parametrize(
    ("run", "opens"),
    [
        pytest.param(Run("r7", "raise_issue", "what"), True, id="nothing is told yet"),
        pytest.param(Run("r8", "raise_issue", "what", answers={"nearby": "Park"}), True, id="by a poster"),
        pytest.param(Run("r9", "menu", "what_now", below=DRAFT), False, id="above words that are not sent"),
        pytest.param(DRAFT, False, id="words that are not sent yet"),
    ],
)
def test_what_they_have_written_for_opens_where_they_have_told_nothing(run: Run, opens: bool) -> None:
    assert may_open(run, NOW - HOUR, NOW, owed=True) is opens
    assert not may_open(run, NOW - HOUR, NOW)
