"""`townbell`, killed by itself at a named point: CRASH_AT=C2:before:3 dies before the third C2 commits.

The points are those of the design: C1 stored, C2 turned, C3 claimed, C4 settled; and "report", where a
provider says how a message fares, and "part", a C4 that settles a part of a long message. "before" is just
before the transaction, "inside" with everything written and nothing committed, "after" just after the commit.
Nothing of this is in the product: it wraps the database as it is opened. Where the test has a
clock that it moves, it goes by that.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from bot import app, cli
from storage import outbox
from storage.database import Database, Seat, Tx, open_database
from storage.outbox import Settled
from storage.tx import Work

POINT, WHEN, TIMES = os.environ["CRASH_AT"].split(":")
seen: Counter[str] = Counter()
parts: list[str] = []  #: in the transaction that is being written
settled = outbox.settle


def reached(name: str, when: str) -> None:
    """Die here, if here is where to die."""
    if when == WHEN and POINT in name.split("+"):
        seen[when] += 1
        if seen[when] == int(TIMES):
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A database or a seat that can die around its transactions."""

    def __init__(self, inner: Database | Seat) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def transaction(self, work: Work[Any], *, name: str = "") -> Any:
        names = [name]

        async def until_written(tx: Tx) -> Any:
            parts.clear()
            result = await work(tx)
            names.extend(parts)
            reached("+".join(names), "inside")
            return result

        reached(name, "before")
        result = await self._inner.transaction(until_written, name=name)
        reached("+".join(names), "after")
        return result

    @asynccontextmanager
    async def seat(self, name: str) -> AsyncIterator[Any]:
        async with self._inner.seat(name) as seat:  # type: ignore[union-attr]
            yield Mortal(seat)


async def settle(tx: Tx, results: Sequence[Settled], now: int) -> None:
    await settled(tx, results, now)
    parts.extend("part" for one in results if one.reason == "in parts")


async def mortal_database(*arguments: Any) -> Any:
    return Mortal(await open_database(*arguments))


app.__dict__["open_database"] = mortal_database
outbox.__dict__["settle"] = settle
if "CLOCK" in os.environ:
    import_module("tests.journeys.clockwork")
if __name__ == "__main__":  # a process that we spawn reads this, too
    sys.exit(cli.main())
