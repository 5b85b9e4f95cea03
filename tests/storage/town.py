"""A council in a real database, and the verbs that the stories about it use."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from core.events import DraftClosed, Event, IssueFiled
from core.messages import InboundMessage
from core.talk import Run, Spoken, Turn
from storage import Database, Keyring, inbox, open_database, outbox, turns
from storage.councils import Account, Ids, sync
from storage.inbox import Stored
from storage.outbox import Claimed, Settled
from storage.turns import Outcome, Waiting

T = TypeVar("T")

SECOND = 1_000_000
DAY = 24 * 60 * 60 * SECOND
#: a Monday in spring, about noon
NOON = 1_772_450_000 * SECOND
#: as long as any story may wait for something that happens by itself
PATIENCE = 20.0  # seconds
ACCOUNTS = (
    Account("telegram", "telegram", "graz"),
    Account("web", "web", "graz"),
)


@dataclass
class Town:
    """A town whose clock stands still until a story moves it."""

    database: Database
    keyring: Keyring
    ids: Ids
    url: str | None
    path: Path
    now: int = NOON
    numbers: count[int] = field(default_factory=lambda: count(1))

    def message(self, text: str = "The lamp is broken", who: str = "4711", **more: Any) -> InboundMessage:
        """A message nobody has sent before, unless it says so."""
        number = next(self.numbers)
        fields = {"account": "telegram", "kind": "message", "external_id": str(number), "ref": f"m{number}"}
        return InboundMessage(address=who, text=text, **(fields | more))

    async def store(self, *messages: InboundMessage) -> list[Stored]:
        return await self.database.transaction(
            lambda tx: inbox.store(tx, self.keyring, messages, self.now), name="C1"
        )

    async def hears(self, text: str = "The lamp is broken", who: str = "4711", **more: Any) -> Stored:
        """One message, stored."""
        (stored,) = await self.store(self.message(text, who, **more))
        return stored

    async def waiting(self, limit: int = 256, leave_out: Sequence[int] = ()) -> list[Waiting]:
        return await self.database.transaction(lambda tx: turns.take(tx, self.now, limit, leave_out))

    async def write(self, *outcomes: Outcome) -> None:
        await self.database.transaction(lambda tx: turns.write(tx, outcomes, self.now), name="C2")

    async def turn(
        self, *events: Event, says: Sequence[str | Spoken] = (), run: Run | None = None
    ) -> Waiting:
        """The one message that waits is heard, and leads to this."""
        (waiting,) = await self.waiting()
        await self.write(outcome(waiting, *events, says=says, run=run, hear_by=self.now + 14 * DAY))
        return waiting

    async def talk(
        self, text: str, *events: Event, who: str = "4711", says: Sequence[str | Spoken] = (), **more: Any
    ) -> Waiting:
        """A message, and the turn it leads to."""
        stored = await self.hears(text, who, **more)
        (waiting,) = [one for one in await self.waiting() if one.inbox_id == stored.inbox_id]
        await self.write(outcome(waiting, *events, says=says, hear_by=self.now + 14 * DAY))
        return waiting

    async def files(
        self, reference: str = "GRZ-7K4M", text: str = "The lamp is broken", **more: Any
    ) -> Waiting:
        """A whole issue in one turn."""
        return await self.talk(text, filed(reference, text), DraftClosed(erased=False), **more)

    async def claims(self, limit: int = 100, account: str = "telegram") -> list[Claimed]:
        account_id = self.ids.accounts[account]
        return await self.database.transaction(
            lambda tx: outbox.claim(tx, account_id, self.now, limit), name="C3"
        )

    async def settles(self, *results: Settled) -> None:
        await self.database.transaction(lambda tx: outbox.settle(tx, results, self.now), name="C4")

    async def sends(self) -> list[str]:
        """Everything that may go out goes out; what was said."""
        said: list[str] = []
        while claimed := await self.claims():
            await self.settles(*(Settled(one.id, "sent", f"provider-{one.id}") for one in claimed))
            said += [one.spoken.text for one in claimed]
        return said

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into the database from outside."""
        if self.url is None:
            with closing(sqlite3.connect(self.path)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(sql)]
        connection = await asyncpg.connect(self.url)
        try:
            return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    async def change(self, sql: str) -> None:
        """Change the database from outside, as another program or an older version would."""
        if self.url is None:
            with closing(sqlite3.connect(self.path)) as connection, connection:
                connection.execute(sql)
            return
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def tables(self) -> list[str]:
        sql = (
            "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'"
            if self.url is None
            else "select table_name as name from information_schema.tables where table_schema = 'public'"
        )
        return sorted(row["name"] for row in await self.rows(sql))

    async def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table."""
        return {table: await self.rows(f"select * from {table}") for table in await self.tables()}


async def until(look: Callable[[], Awaitable[T]], happened: Callable[[T], bool]) -> T:
    """Look until something has happened, for which nobody here can set an event."""
    deadline = time.monotonic() + PATIENCE
    while not happened(found := await look()):
        assert time.monotonic() < deadline, f"it did not happen; at last: {found}"
        await asyncio.sleep(0.005)
    return found


async def founded(url: str | None, path: Path) -> Town:
    """A town in a database, made if need be."""
    keyring = Keyring(b"k" * 32)
    database = await open_database(url, path, keyring)
    ids = await database.transaction(lambda tx: sync(tx, ["graz", "empoli"], ACCOUNTS))
    return Town(database, keyring, ids, url, path)


def outcome(
    waiting: Waiting, *events: Event, says: Sequence[str | Spoken] = (), run: Run | None = None, **more: Any
) -> Outcome:
    """What a message leads to; `more` is what else an Outcome has."""
    spoken = tuple(Spoken(one, "en") if isinstance(one, str) else one for one in says)
    return Outcome(waiting, Turn(run, spoken, events), **more)


def filed(reference: str, *texts: str, **more: Any) -> IssueFiled:
    """An issue as the conversation files it."""
    fields: dict[str, Any] = {
        "council": "graz",
        "kind": "problem",
        "words": tuple((text, f"ref {n}") for n, text in enumerate(texts)),
        "language": "ar",
        "media": (),
        "place": "",
        "latitude": None,
        "longitude": None,
        "danger": False,
        "notice_version": "1",
    }
    return IssueFiled(reference, **(fields | more))
