"""`townbell` with a clock that the test moves: the file CLOCK names tells by how many microseconds.

So days go by in a moment. As nobody waits for a moved clock by himself, what is looked for now and then
is looked for all the time, but for whether the clock was set, for it is. Nothing of this is in the product.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import answering, cli, clock, outbox, schedule, translating, turns

OFTEN = 0.05  # seconds
MOVED = Path(os.environ["CLOCK"])
start = schedule.start


def now() -> int:
    """The time of the test."""
    return time.time_ns() // 1000 + int(MOVED.read_text("ascii"))


def start_impatiently(looks: Mapping[str, tuple[float, schedule.Look]]) -> Any:
    """As `schedule.start`, but for what would be looked for within seconds."""
    return start(
        {
            name: (min(every, 0.2), look) if every < 60 else (every, look)
            for name, (every, look) in looks.items()
            if name != "clock"
        }
    )


clock.__dict__["now"] = now
schedule.__dict__["start"] = start_impatiently
for worker in (outbox, turns, translating, answering):
    worker.__dict__["LOOK"] = OFTEN
if __name__ == "__main__":
    sys.exit(cli.main())
