"""The floor: as many rows in as many durable commits, by bare aiosqlite, with nothing thought or sealed.

Nobody can answer durably in SQLite for less. Three plain tables, and a fourth for whatever else a message
leaves (an issue, its text, consents, what is due); `executemany`, plain SQL, WAL, synchronous=FULL.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from bench.talk import ANSWERS, parts

TABLES = """
create table inbox (
    id integer primary key, external_id text not null unique, person bigint, body text, status text
);
create table run (person integer primary key, body text);
create table outbox (id integer primary key, person bigint, body text, status text);
create table rest (id integer primary key, person bigint, body text);
create index rest_person on rest (person);
"""
#: what else a message leaves in Townbell, and how many answer it; by its place in the talk
REST = (5, 7, 2, 0)
REPLIES = (1, 2, 1, 1)
PLACES = {text: place for place, text in enumerate(ANSWERS, 1)}
#: about as long as Townbell's
RUN, REPLY, OTHER = "r" * 200, "o" * 500, "x" * 60


class Floor:
    """Writes what has to be written."""

    replies = 0

    def __init__(self, database: aiosqlite.Connection, batch: int) -> None:
        self._database = database
        self._batch = batch

    async def hear(self, updates: Sequence[bytes]) -> None:
        for batch in parts(updates, self._batch):
            await self._write([json.loads(update) for update in batch])

    async def _write(self, updates: Sequence[Any]) -> None:
        do = self._database.executemany
        people = [update["message"]["chat"]["id"] for update in updates]
        place = PLACES.get(updates[0]["message"]["text"], 0)
        ids = [update["update_id"] for update in updates]
        await do(
            "insert into inbox values (?, ?, ?, ?, 'unread')",
            [
                (one, str(one), who, update["message"]["text"])
                for one, who, update in zip(ids, people, updates, strict=True)
            ],
        )
        await self._database.commit()  # C1
        out = [
            (one * 2 + n, who) for one, who in zip(ids, people, strict=True) for n in range(REPLIES[place])
        ]
        await do("update inbox set status = 'done', body = null where id = ?", [(one,) for one in ids])
        await do(
            "insert into run values (?, ?) on conflict (person) do update set body = excluded.body",
            [(who, RUN) for who in people],
        )
        await do(
            "insert into rest (person, body) values (?, ?)", [(who, OTHER) for who in people * REST[place]]
        )
        await do("insert into outbox values (?, ?, ?, 'queued')", [(*one, REPLY) for one in out])
        await self._database.commit()  # C2
        await do("update outbox set status = 'sending' where id = ?", [(one,) for one, _ in out])
        await self._database.commit()  # C3
        await do("update outbox set status = 'sent', body = null where id = ?", [(one,) for one, _ in out])
        await self._database.commit()  # C4
        self.replies += len(out)


@asynccontextmanager
async def playing(folder: Path, batch: int = 256) -> AsyncIterator[Floor]:
    """A new file."""
    async with aiosqlite.connect(folder / "floor.db") as database:
        await database.execute("pragma journal_mode = wal")
        await database.execute("pragma synchronous = full")
        await database.executescript(TABLES)
        yield Floor(database, batch)
