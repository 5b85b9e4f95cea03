"""Two machines that answer each other must not talk for ever.

The same words many times in a few minutes are a loop: we say so once, and then keep silent until
other words come or the time is over.
"""

from __future__ import annotations

from enum import Enum, auto

from core.talk import Echo


class Loop(Enum):
    """What repeated words ask for."""

    NONE = auto()
    BEGINS = auto()  #: say so, once
    GOES_ON = auto()  #: keep silent


def repeated(echo: Echo, words: str, now: int, most: int, within: int) -> tuple[Echo, Loop]:
    """Count the same words in a row.

    `words` stands for what was said and need not be readable (a keyed hash); "" is never
    counted. `most` times `within` so many microseconds is a loop.
    """
    if not words:
        return echo, Loop.NONE
    if words != echo.hash or not 0 <= now - echo.since < within:
        return Echo(words, 1, now), Loop.NONE
    counted = Echo(words, echo.count + 1, echo.since)
    if counted.count < most:
        return counted, Loop.NONE
    return counted, Loop.BEGINS if counted.count == most else Loop.GOES_ON
