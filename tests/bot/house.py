"""The workers in a house of their own: a real database, real words, a clock that stands still until a story
moves it, and a channel that only notes what it was given and raises what it is told to.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from bot import clock
from bot.channels import Channel
from bot.config import Talk
from bot.metrics import Metrics
from bot.outbox import Sender, Writer
from bot.receive import Receiver
from bot.thinking import Thinker
from bot.turns import TurnTaker
from core.council import Advice, Council, Emergency, Retention
from core.messages import InboundMessage, Lane, OutboundMessage
from core.phrases import Phrases
from core.talk import Option, Pick, Spoken
from storage import inbox, outbox
from storage.addresses import Keyring
from storage.councils import Account, Ids, sync
from storage.database import Database, open_database
from storage.inbox import Stored
from storage.outbox import Enqueued, IfUnsure, SendPurpose
from storage.packing import SPOKEN
from storage.tx import Seat, Work
from translations import catalogs

T = TypeVar("T")

GRAZ = Council(
    "graz",
    "Migrant council of Graz",
    "GRZ",
    "Europe/Vienna",
    ("en", "de", "sl", "ar", "uk"),
    ("de",),
    emergency=(Emergency("133", {"en": "police", "de": "Polizei"}),),
    youth="Rat auf Draht: 147",
    advice=(Advice("Zebra", "+43 316 000000"),),
)
EMPOLI = Council(
    "empoli",
    "Consulta di Empoli",
    "EMP",
    "Europe/Rome",
    ("de", "en"),
    ("de",),
    retention=Retention(drafts=3),
)
ACCOUNTS = (
    Account("bell", "telegram", "graz"),
    Account("other", "telegram", "graz"),
    Account("web", "web", "graz"),
    Account("text", "sms", "graz"),
    Account("app", "whatsapp", "graz"),
)
#: where they all live who do not say who they are
SOMEBODY = "4711"
#: as long as any story may wait for something that happens by itself
PATIENCE = 20.0  # seconds
#: a weekday, ten in the morning in Graz
MORNING = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Europe/Vienna"))


def at(moment: datetime) -> int:
    """A moment as UTC microseconds."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@cache
def words() -> dict[str, Phrases]:
    """The real catalogs."""
    return catalogs.load()


USUAL = (GRAZ, EMPOLI)


@cache
def usual_thinker(talk: Talk) -> Thinker:
    """What thinks for the two councils: it keeps nothing of a story, and takes long to make."""
    return Thinker(USUAL, words(), talk, b"echo")


class Clock:
    """What `clock.now` says; it stands still until a story moves it."""

    def __init__(self) -> None:
        self.now = at(MORNING)

    def __call__(self) -> int:
        return self.now

    def passes(self, **span: float) -> None:
        """Time goes by: `clock.passes(hours=24)`."""
        self.now += timedelta(**span) // timedelta(microseconds=1)

    def is_set_to(self, moment: datetime) -> None:
        """It is this moment now."""
        self.now = at(moment)


class Wire:
    """A channel that keeps what it was given, and raises what it is told to."""

    def __init__(self, account: str = "bell", in_flight: int = 8, per_second: float = 1e9) -> None:
        self.account = account
        self.in_flight = in_flight
        self.per_second = per_second
        self.tried: list[OutboundMessage] = []
        self.arrived: list[OutboundMessage] = []
        self.recalled: list[tuple[str, list[str]]] = []
        self.recall_raises: deque[Exception] = deque()
        self.most_at_once = 0
        self._flying = 0
        self._open = asyncio.Event()
        self._open.set()
        self._faults: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self._news = asyncio.Condition()

    def fails(self, text: str, *faults: Exception) -> None:
        """What the next tries to send this text raise, one after the other; then it is sent."""
        self._faults[text].extend(faults)

    def hold(self) -> None:
        """What is sent from now on stays on its way."""
        self._open.clear()

    def let_go(self) -> None:
        """What is on its way arrives."""
        self._open.set()

    async def send(self, message: OutboundMessage) -> str:
        """As a channel's `send`."""
        self.tried.append(message)
        self._flying += 1
        self.most_at_once = max(self.most_at_once, self._flying)
        try:
            await self._tell()
            await asyncio.sleep(0)  # others set out meanwhile
            await self._open.wait()
            if faults := self._faults[message.text]:
                raise faults.popleft()
            self.arrived.append(message)
            return f"provider-{message.id}"
        finally:
            self._flying -= 1
            await self._tell()

    async def recall(self, address: str, provider_ids: Sequence[str]) -> None:
        """As a channel's `recall`."""
        if self.recall_raises:
            raise self.recall_raises.popleft()
        self.recalled.append((address, list(provider_ids)))

    @property
    def texts(self) -> list[str]:
        """What arrived, in order."""
        return [message.text for message in self.arrived]

    def texts_to(self, address: str) -> list[str]:
        """What arrived at one address, in order."""
        return [message.text for message in self.arrived if message.address == address]

    async def until(self, happened: Callable[[], bool]) -> None:
        """Wait for something that happens on this wire."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(happened)

    async def until_arrived(self, number: int) -> list[str]:
        """Wait until so many have arrived; their texts."""
        await self.until(lambda: len(self.arrived) >= number)
        return self.texts

    async def until_tried(self, number: int) -> None:
        """Wait until so many were tried."""
        await self.until(lambda: len(self.tried) >= number)

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


class Frail:
    """A database whose transactions a story breaks off or holds up, by the name they have."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self._faults: deque[tuple[str, Exception, bool]] = deque()
        self._held = ""
        self._open = asyncio.Event()
        self.reached = asyncio.Event()  #: a transaction that is held up

    def breaks(self, name: str, *faults: Exception, written: bool = False) -> None:
        """The next transactions of this name raise this: before they begin, or when they are written."""
        self._faults.extend((name, fault, written) for fault in faults)

    def hold(self, name: str) -> None:
        """Transactions of this name wait before they begin."""
        self._held = name
        self._open.clear()

    def let_go(self) -> None:
        """What is held up goes on."""
        self._held = ""
        self._open.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        return await self.within(self._inner, work, name)

    async def within(self, inner: Database | Seat, work: Work[T], name: str) -> T:
        """Do the work in a transaction, unless the story has it otherwise."""
        names = name.split("+")
        if self._held and self._held in names:
            self.reached.set()
            await self._open.wait()
        fault, written = None, False
        if self._faults and self._faults[0][0] in names:
            _, fault, written = self._faults.popleft()
        if fault and not written:
            raise fault
        done = await inner.transaction(work, name=name)
        if fault:
            raise fault
        return done

    @asynccontextmanager
    async def seat(self, name: str) -> AsyncIterator[Seat]:
        async with self._inner.seat(name) as seat:
            yield FrailSeat(self, seat)

    async def read(self, work: Work[T]) -> T:
        return await self._inner.read(work)

    async def close(self) -> None:
        await self._inner.close()


@dataclass(frozen=True)
class FrailSeat:
    """A seat of such a database."""

    house: Frail
    inner: Seat

    async def transaction(self, work: Work[T], *, name: str = "") -> T:
        return await self.house.within(self.inner, work, name)


@dataclass
class House:
    """What a story may ask of it."""

    database: Database
    keyring: Keyring
    ids: Ids
    path: Path
    url: str | None
    clock: Clock
    metrics: Metrics = field(default_factory=lambda: Metrics(CollectorRegistry()))
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # Hearing

    def message(self, text: str = "The lamp is broken", who: str = SOMEBODY, **more: Any) -> InboundMessage:
        """A message that nobody has sent before, unless it says so."""
        number = next(self.numbers)
        given = {"account": "bell", "kind": "message", "external_id": str(number), "ref": f"{who}:{number}"}
        return InboundMessage(address=who, text=text, **(given | more))

    async def store(self, *messages: InboundMessage) -> list[Stored]:
        """Messages on disk, as the receiver writes them."""
        return await self.database.transaction(
            lambda tx: inbox.store(tx, self.keyring, messages, clock.now()), name="C1"
        )

    async def hears(self, text: str, who: str = SOMEBODY, **more: Any) -> Stored:
        """One message on disk."""
        (stored,) = await self.store(self.message(text, who, **more))
        return stored

    def receiver(self, stored: Callable[[], None] = lambda: None) -> Receiver:
        """What takes messages in."""
        return Receiver(self.database, self.keyring, stored)

    # Taking turns

    def taker(
        self,
        talk: Talk = Talk(),  # noqa: B008
        councils: tuple[Council, ...] = USUAL,
        answered: Callable[[], None] = lambda: None,
    ) -> TurnTaker:
        """What answers."""
        usual = councils is USUAL
        thinker = usual_thinker(talk) if usual else Thinker(councils, words(), talk, b"echo")
        return TurnTaker(self.database, thinker, talk, self.metrics, answered)

    async def turns(self, taker: TurnTaker | None = None) -> int:
        """Everything that can be heard now is heard; how many that was."""
        taker = taker or self.taker()
        heard = 0
        async with self.database.seat("turns") as seat:
            while taken := await taker.take(seat):
                heard += taken
        return heard

    async def says(
        self, text: str, who: str = SOMEBODY, taker: TurnTaker | None = None, **more: Any
    ) -> list[str]:
        """Somebody writes, and is answered: what is queued for them by this, in order."""
        before = {row["id"] for row in await self.rows("select id from outbox")}
        await self.hears(text, who, **more)
        await self.turns(taker)
        return [one.text for id_, one in (await self.queued()).items() if id_ not in before]

    async def queued(self) -> dict[int, Spoken]:
        """What waits to be sent, by its id."""
        rows = await self.rows("select id, body from outbox where status = 'queued' order by id")
        return {row["id"]: SPOKEN.unpack(row["body"]) for row in rows}

    async def press(self, option: str) -> InboundMessage:
        """A press of the button of an option in the newest message that waits."""
        spoken = list((await self.queued()).values())[-1]
        (chosen,) = [one for one in spoken.options if one.id == option]
        return self.message("", kind="press", token=Pick(spoken.run, spoken.step, chosen.id).token)

    # Sending

    def sender(self, wire: Channel, writers: Mapping[str, Writer] = MappingProxyType({})) -> Sender:
        """What sends on a wire."""
        account_id = self.ids.accounts[wire.account]
        names = {council.key: council.name for council in (GRAZ, EMPOLI)}
        return Sender(
            self.database, self.keyring, wire, account_id, self.metrics, writers=writers, names=names
        )

    async def sends(self, sender: Sender) -> None:
        """Everything that may go out now goes out, and what became of it is written down."""
        async with self.database.seat(f"send:{sender._channel.account}") as seat:
            while await sender.step(seat) or sender._flying:
                if sender._flying:
                    await asyncio.wait(sender._flying)

    async def queue(
        self,
        *texts: str,
        who: str = SOMEBODY,
        account: str = "bell",
        lane: Lane = Lane.TALK,
        purpose: SendPurpose = "reply",
        if_unsure: IfUnsure = "again",
        due_at: int | None = None,
        not_after: int | None = None,
        options: tuple[Option, ...] = (),
        about: str = "",
        language: str = "en",
    ) -> None:
        """Messages to somebody, who has written before or does so now, and was heard."""
        stored = await self.hears("hello", who, account=account)
        await self.change(f"update inbox set status = 'done', body = null where id = {stored.inbox_id}")
        rows = [
            Enqueued(
                stored.address_id or 0,
                f"test:{next(self.numbers)}",
                0,
                Spoken(text, language, options),
                purpose,
                lane,
                if_unsure,
                clock.now() if due_at is None else due_at,
                not_after,
                about=about,
            )
            for text in texts
        ]
        await self.database.transaction(lambda tx: outbox.enqueue(tx, rows, clock.now()))

    async def claim(self, limit: int = 100, account: str = "bell") -> list[str]:
        """Claim as a sender does that is killed right after."""
        account_id = self.ids.accounts[account]
        claimed = await self.database.transaction(
            lambda tx: outbox.claim(tx, account_id, clock.now(), limit), name="C3"
        )
        return [one.spoken.text for one in claimed]

    async def fates(self) -> list[tuple[str, str]]:
        """What became of each message of ours, in their order: (status, reason)."""
        rows = await self.rows("select status, reason from outbox order by id")
        return [(row["status"], row["reason"]) for row in rows]

    async def settled(self, *fates: tuple[str, str]) -> None:
        """Wait until this is what became of the messages."""
        await self.until(self.fates, lambda found: found == list(fates))

    # Looking

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """Look into the database from outside."""
        if self.url is None:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection:
                connection.row_factory = sqlite3.Row
                return [dict(row) for row in connection.execute(sql)]
        connection = await asyncpg.connect(self.url)
        try:
            return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    async def column(self, sql: str) -> list[Any]:
        """The first column of what a query finds."""
        return [next(iter(row.values())) for row in await self.rows(sql)]

    async def issues(self) -> list[dict[str, Any]]:
        """What is filed: reference, council and words."""
        return await self.rows(
            "select i.reference, k.key as council, group_concat(t.words, '|') as words "
            "from issue i join council k on k.id = i.council_id left join text t on t.issue_id = i.id "
            "group by i.id order by i.id"
        )

    async def change(self, *statements: str) -> None:
        """Change the database from outside, as another program or another version would."""
        if self.url is None:
            with closing(sqlite3.connect(self.path, timeout=PATIENCE)) as connection, connection:
                for statement in statements:
                    connection.execute(statement)
            return
        connection = await asyncpg.connect(self.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def refuses(self, table: str, column: str, text: str) -> None:
        """Make the real database refuse rows of a table whose column holds this text."""
        for event in ("insert", "update"):
            await self.change(
                f"create trigger refuse_{table}_{event} before {event} on {table} "
                f"when instr(new.{column}, '{text}') "
                "begin select raise(abort, 'refused by the test'); end"
            )

    async def forgives(self, table: str) -> None:
        """The database takes again what it refused."""
        for event in ("insert", "update"):
            await self.change(f"drop trigger refuse_{table}_{event}")

    async def until(
        self, look: Callable[[], Coroutine[Any, Any, T]], happened: Callable[[T], bool] = bool
    ) -> T:
        """Look into the database until something has happened there."""
        deadline = time.monotonic() + PATIENCE
        while not happened(found := await look()):
            assert time.monotonic() < deadline, f"it did not happen; at last: {found}"
            await asyncio.sleep(0.005)
        return found


@asynccontextmanager
async def house_in(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, url: str | None = None
) -> AsyncIterator[House]:
    """A house, with the clock in its hand, for as long as the block runs."""
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving)
    keyring = Keyring(b"k" * 32)
    path = folder / "townbell.db"
    database = await open_database(url, path, keyring)
    try:
        ids = await database.transaction(lambda tx: sync(tx, ["graz", "empoli", "gone"], ACCOUNTS))
        yield House(database, keyring, ids, path, url, moving)
    finally:
        await database.close()


@asynccontextmanager
async def at_work(*work: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Workers that run while the block does, and are then told to stop; a fault of theirs is raised."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        async with asyncio.timeout(3 * PATIENCE):
            yield tasks
    finally:
        for task in tasks:
            await told_to_stop(task)


async def told_to_stop(task: asyncio.Task[None]) -> None:
    """Tell a worker to stop, and wait until it has; a fault of its own is raised."""
    if not task.cancelling():  # whoever is told twice does not finish what it was at
        task.cancel()
    done, _ = await asyncio.wait([task], timeout=PATIENCE)
    assert done, "it was told to stop, and goes on"
    with suppress(asyncio.CancelledError):
        task.result()


def edited(message: InboundMessage, text: str) -> InboundMessage:
    """The same message with other words, as a provider tells of an edit."""
    return replace(message, kind="edit", external_id=f"{message.external_id}-edited", text=text)
