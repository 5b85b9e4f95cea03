"""The wall clock is held against the clock that only counts."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot import clock
from bot.clock import HOUR, SECOND, JumpWatch


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both clocks, in microseconds, standing still until a story moves them."""
    both = SimpleNamespace(wall=1_795_161_600_000_000, counted=5 * HOUR)

    def passes(microseconds: int) -> None:
        both.wall += microseconds
        both.counted += microseconds

    both.passes = passes
    monkeypatch.setattr(
        clock,
        "time",
        SimpleNamespace(time_ns=lambda: both.wall * 1000 + 999, monotonic_ns=lambda: both.counted * 1000),
    )
    return both


def test_now_is_utc_in_whole_microseconds(clocks: Any) -> None:
    assert clock.now() == clocks.wall


@pytest.mark.parametrize(
    ("what", "set_by", "noticed"),
    [
        ("an hour back", -HOUR, -HOUR),
        ("an hour forward", HOUR, HOUR),
        ("two seconds", 2 * SECOND, 2 * SECOND),
        ("a little, as clocks are always corrected", -2 * SECOND + 1, 0),
        ("not at all", 0, 0),
    ],
)
def test_a_clock_that_was_set_is_noticed(clocks: Any, what: str, set_by: int, noticed: int) -> None:
    watch = JumpWatch()
    clocks.passes(10 * HOUR)
    clocks.wall += set_by
    assert watch.jumped() == noticed
    clocks.passes(SECOND)
    assert watch.jumped() == 0


def test_a_clock_that_drifts_is_never_said_to_have_been_set(clocks: Any) -> None:
    watch = JumpWatch()
    for _ in range(100):
        clocks.passes(SECOND)
        clocks.wall += SECOND // 10
        assert watch.jumped() == 0


def test_forward_and_back_are_two_jumps(clocks: Any) -> None:
    watch = JumpWatch()
    clocks.wall += HOUR
    assert watch.jumped() == HOUR
    clocks.wall -= HOUR
    assert watch.jumped() == -HOUR
