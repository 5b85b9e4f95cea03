"""The clock was set back: what waits a short while must not wait that much longer.

All that waits has its time in a row, of one of six tables. A wait of up to an hour moves with the clock; a
longer one is a date, and stays where it is.
"""

from __future__ import annotations

from storage.tx import Tx

SHORT_WAIT = 60 * 60 * 1_000_000

QUERIES = (
    "set_outbox_back",
    "set_inbox_back",
    "set_due_back",
    "set_media_back",
    "set_renderings_back",
    "set_news_back",
)


async def back(tx: Tx, by: int, now: int) -> None:
    """The clock was set back by so many microseconds, and is at `now` again: short waits move with it."""
    row = {"by": by, "now": now, "until": now + by + SHORT_WAIT}
    await tx.steps((query, [row]) for query in QUERIES)
