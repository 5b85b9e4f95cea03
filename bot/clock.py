"""The one place that asks what time it is."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

SECOND = 1_000_000  #: of UTC microseconds
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now() -> int:
    """The time, as UTC microseconds since 1970."""
    return time.time_ns() // 1000


@dataclass
class JumpWatch:
    """Tells when the wall clock was set, by holding it against the clock that only counts."""

    wall: int = field(default_factory=now)
    counted: int = field(default_factory=lambda: time.monotonic_ns() // 1000)

    def jumped(self) -> int:
        """By how much the clock was set since last asked, in microseconds; 0 below two seconds."""
        wall, counted = now(), time.monotonic_ns() // 1000
        jump = (wall - self.wall) - (counted - self.counted)
        self.wall, self.counted = wall, counted
        return jump if abs(jump) >= 2 * SECOND else 0
