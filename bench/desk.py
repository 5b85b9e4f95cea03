"""A council's desk on Monday: the week's digest is planned and written by Townbell's own workers.

One coordinator has it in a chat and as a letter with its table.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TypeVar

from bench.house import megabytes
from bench.words import COUNCIL
from bench.years import READS, Years
from bot import clock, garbage
from bot.digests import Digests, DigestWriter
from core.council import Council, QuietHours
from core.messages import InboundMessage, OutboundMessage
from outreach import week
from storage import councils, digests, inbox, staff, turns
from storage.addresses import Keyring
from storage.database import Database, Tx, open_database
from storage.digests import Stored
from translations import catalogs

T = TypeVar("T")

FILE = "townbell.db"
READER = "4711"
KEYRING = Keyring(b"b" * 32)
ACCOUNTS = (councils.Account("bell", "telegram", "graz"), councils.Account(staff.MAIL, "mail", "graz"))
#: there is no hour in which it is not written to
GRAZ = Council(
    "graz", COUNCIL, "GRZ", "Europe/Vienna", ("en", "de"), (READS,), quiet=QuietHours("00:00", "00:00")
)
FORGET = (
    "delete from digest_item",
    "delete from digest_proposal",
    "delete from digest where id > (select min(id) from digest)",  # that of the week before stays
    "delete from outbox",
)


class Desk:
    """One installation whose council has a reader."""

    replies = 0  #: copies that were written

    def __init__(self, database: Database, file: Path) -> None:
        councils = {GRAZ.key: GRAZ}
        self._database = database
        self._file = file
        self._digests = Digests(database, councils, _nothing, lambda: None)
        self._write = DigestWriter(database, councils, catalogs.load())

    async def digest(self) -> dict[str, float]:
        """Seconds, by the clock and of the processor, to plan what is due and write each copy; megabytes."""
        before = megabytes("VmRSS")
        made, plan = await _timed(self._digests.look())
        assert made == 1
        (chat, chat_took), (letter, letter_took) = [
            await _timed(self._copy(about)) for about in self._copies()
        ]
        assert chat.text
        assert letter.html
        self.replies += 2
        return {"before_mb": before, "peak_mb": megabytes("VmHWM")} | {
            f"{name}_{clock}": seconds
            for name, took in {"plan": plan, "chat": chat_took, "letter": letter_took}.items()
            for clock, seconds in zip(("s", "processor_s"), took, strict=True)
        }

    async def forget(self) -> None:
        """As if it had not been made yet."""
        with closing(sqlite3.connect(self._file)) as database, database:
            for sql in FORGET:
                database.execute(sql)

    async def _copy(self, about: str) -> OutboundMessage:
        written = await self._write(about, OutboundMessage(0, "", "", ""))
        assert written is not None
        return written

    def _copies(self) -> list[str]:
        with closing(sqlite3.connect(self._file)) as database:
            return [about for (about,) in database.execute("select about from outbox order by id")]


async def _timed(work: Awaitable[T]) -> tuple[T, tuple[float, float]]:
    began, processor = time.perf_counter(), time.process_time()
    done = await work
    return done, (time.perf_counter() - began, time.process_time() - processor)


async def _nothing(_: Council) -> None:
    """What seems to say the same is looked for in a process of its own, before; it is not measured here."""


async def _move_in(tx: Tx) -> None:
    # Who was not there yet when a digest was due gets none.
    now = week.due(GRAZ, clock.now()).due_at - clock.DAY
    await councils.sync(tx, [GRAZ.key], ACCOUNTS)
    await inbox.store(tx, KEYRING, [InboundMessage("bell", "start", "1", READER)], now)
    (reader,) = await turns.take(tx, now, 1)
    code = await staff.invite(
        tx, KEYRING, council=GRAZ.key, role="coordinator", mail="reader@example.org", actor="bench", now=now,
        expires_at=now + clock.DAY,
    )  # fmt: skip
    await staff.join(tx, code, reader.contact.id, reader.address_id, now)


async def _had_one(tx: Tx) -> None:
    # The first digest tells of all that waits; this is one as they come every Monday after it.
    before = week.due(GRAZ, week.due(GRAZ, clock.now()).due_at - 1)
    council_id = await digests.council_id(tx, GRAZ.key)
    made = Stored(0, council_id, before.week, before.since, before.due_at, before.due_at, before.due_at)
    await digests.make(tx, made, [], {})


async def fill(folder: Path, issues: int) -> None:
    """A new installation: somebody has a place at the desk, and so many issues were raised."""
    file = folder / FILE
    database = await open_database(None, file, KEYRING)
    try:
        await database.transaction(_move_in)
        await database.transaction(_had_one)
    finally:
        await database.close()
    Years(issues, week.due(GRAZ, clock.now()).due_at).write(file)


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Desk]:
    """The desk of the installation in the folder."""
    database = await open_database(None, folder / FILE, KEYRING)
    garbage.look_less_often()
    try:
        yield Desk(database, folder / FILE)
    finally:
        await database.close()
