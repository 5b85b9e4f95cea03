"""The same words twenty times in five minutes are two machines talking."""

from __future__ import annotations

from core.talk import Echo
from flows.loops import Loop, repeated

MINUTE = 60_000_000
START = 1_795_161_600_000_000


def said(words: str, times: int, *, every: int = 1_000_000) -> tuple[Echo, list[Loop]]:
    echo, loops = Echo(), []
    for n in range(times):
        echo, loop = repeated(echo, words, START + n * every, most=20, within=5 * MINUTE)
        loops.append(loop)
    return echo, loops


def test_the_twentieth_time_is_answered_once_more_and_then_silence() -> None:
    _, loops = said("same", 25)
    assert loops == [Loop.NONE] * 19 + [Loop.BEGINS] + [Loop.GOES_ON] * 5


def test_other_words_end_the_loop() -> None:
    echo, _ = said("same", 30)
    _, loop = repeated(echo, "other", START + MINUTE, most=20, within=5 * MINUTE)
    assert loop is Loop.NONE


def test_after_five_minutes_we_answer_again() -> None:
    echo, _ = said("same", 30)
    _, loop = repeated(echo, "same", START + 5 * MINUTE, most=20, within=5 * MINUTE)
    assert loop is Loop.NONE


def test_slow_repetition_is_no_loop() -> None:
    _, loops = said("same", 60, every=MINUTE)
    assert set(loops) == {Loop.NONE}


def test_a_clock_set_back_does_not_silence_anybody() -> None:
    echo, _ = said("same", 30)
    _, loop = repeated(echo, "same", START - 60 * MINUTE, most=20, within=5 * MINUTE)
    assert loop is Loop.NONE


def test_a_message_without_words_is_not_counted() -> None:
    assert repeated(Echo("same", 19, START), "", START, most=20, within=MINUTE) == (
        Echo("same", 19, START),
        Loop.NONE,
    )
