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

from core.desk import AnswerKind
from core.digest import Section
from core.events import DraftClosed, Event, IssueFiled, StaffJoined
from core.messages import InboundMessage
from core.staff import Role
from core.talk import Run, Spoken, Turn
from storage import Database, Keyring, answers, desk_acts, digests, inbox, open_database, outbox, staff, turns
from storage.answers import Answered, Late, Rendered, Said
from storage.councils import Account, Ids, sync
from storage.digests import Item
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
    Account("whatsapp", "whatsapp", "graz"),
    Account("sms", "sms", "graz"),
    Account("sms-invitations", "sms", "graz"),
    Account("sms-empoli", "sms", "empoli"),
    Account(staff.MAIL, "mail", "graz"),
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
        self,
        text: str,
        *events: Event,
        who: str = "4711",
        says: Sequence[str | Spoken] = (),
        into: Sequence[str] = (),
        **more: Any,
    ) -> Waiting:
        """A message, and the turn it leads to, in a council that reads these languages (`into`)."""
        stored = await self.hears(text, who, **more)
        (waiting,) = [one for one in await self.waiting() if one.inbox_id == stored.inbox_id]
        turned = outcome(waiting, *events, says=says, hear_by=self.now + 14 * DAY, into=tuple(into))
        await self.write(turned)
        return waiting

    async def files(
        self, reference: str = "GRZ-7K4M", text: str = "The lamp is broken", **more: Any
    ) -> Waiting:
        """A whole issue in one turn."""
        return await self.talk(text, filed(reference, text), DraftClosed(erased=False), **more)

    async def supports(self, reference: str, who: str) -> int:
        """Somebody else stands behind an issue; their contact."""
        stored = await self.hears("me too", who)
        await self.turn()
        await self.change(
            f"insert into supporter (issue_id, contact_id, at) "
            f"select id, {stored.contact_id}, 0 from issue where reference = '{reference}'"
        )
        return stored.contact_id or 0

    async def issue(self, reference: str) -> dict[str, Any]:
        """An issue as it stands."""
        (row,) = await self.rows(f"select * from issue where reference = '{reference}'")
        return row

    async def happened(self, reference: str) -> list[tuple[str, str]]:
        """What happened to an issue, and what more is told of it."""
        issue_id = (await self.issue(reference))["id"]
        rows = await self.rows(
            f"select what, detail from issue_history where issue_id = {issue_id} order by id"
        )
        return [(row["what"], row["detail"]) for row in rows]

    async def invites(
        self, role: Role = "coordinator", *, council: str = "graz", name: str = "", mail: str = ""
    ) -> str:
        """A place at the desk is offered for a week; its code."""
        return await self.database.transaction(
            lambda tx: staff.invite(
                tx,
                self.keyring,
                council=council,
                role=role,
                name=name,
                mail=mail,
                actor="test",
                now=self.now,
                expires_at=self.now + 7 * DAY,
            )
        )

    async def joins(self, who: str, role: Role = "coordinator", **more: str) -> Waiting:
        """Somebody is invited, and comes."""
        code = await self.invites(role, name=who.title(), **more)
        return await self.talk(f"join {code}", StaffJoined(code), who=who)

    async def acts(self, who: str, *events: Event) -> None:
        """Somebody of the staff does something, in a council that works in German."""
        await self.talk("at the desk", *events, who=who, into=("de",))

    async def says(
        self,
        reference: str,
        kind: AnswerKind = "said",
        words: str = "",
        *,
        together: bool = True,
        **more: Any,
    ) -> Answered:
        """The council says something about an issue, in German where there are words."""
        said = Said(kind, words=words, **({"language": "de" if words else ""} | more))
        return await self.database.transaction(
            lambda tx: answers.answer(tx, reference, said, self.now, "de", together=together)
        )

    async def says_late(self, reference: str) -> bool:
        """The house says that nobody has answered; whether it was the first to say so."""
        issue = await self.issue(reference)
        late = Late(issue["id"], reference, issue["council_id"])
        return await self.database.transaction(lambda tx: answers.say_late(tx, late, self.now, "de"))

    async def renders(self, *rendered: Rendered) -> None:
        """A machine has put answers into languages."""
        await self.database.transaction(lambda tx: answers.keep(tx, rendered, self.now))

    async def news(self) -> dict[int, dict[str, Any]]:
        """What each contact is to hear last, or has heard: reference, language and state."""
        rows = await self.rows(
            "select n.contact_id, i.reference, n.language, n.state from news n "
            "join issue i on i.id = n.issue_id order by n.id"
        )
        return {row.pop("contact_id"): row for row in rows}

    async def puts_together(self, *references: str) -> None:
        """Issues are answered together from now on."""
        await self.database.transaction(lambda tx: desk_acts.put_together(tx, references, self.now))

    async def proposes(self, *groups: Sequence[str], council: str = "graz") -> list[int]:
        """Issues seem to say the same; the proposals that nobody has decided on."""
        ids = [[(await self.issue(reference))["id"] for reference in group] for group in groups]
        council_id = self.ids.councils[council]
        await self.database.transaction(lambda tx: digests.propose(tx, council_id, ids, self.now))
        return await self.database.read(lambda tx: digests.open_proposals(tx, council_id))

    async def makes_digest(
        self,
        *references: str,
        week: str = "2026-W09",
        section: Section = "new",
        proposals: Sequence[int] = (),
        council: str = "graz",
    ) -> int | None:
        """The digest of a week is made now, with these issues under the numbers 1, 2, ..."""
        items = [
            Item(number, (await self.issue(reference))["id"], section)
            for number, reference in enumerate(references, 1)
        ]
        numbered = dict(enumerate(proposals, 1))
        digest = self.digest(week, council=council)
        return await self.database.transaction(lambda tx: digests.make(tx, digest, items, numbered))

    def digest(self, week: str = "2026-W09", *, council: str = "graz", days: int = 7) -> digests.Stored:
        """The digest of the days until now, as it would be made now."""
        since = self.now - days * DAY
        return digests.Stored(0, self.ids.councils[council], week, since, self.now, self.now, self.now)

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
            else "select tablename as name from pg_tables where schemaname = 'public'"
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
