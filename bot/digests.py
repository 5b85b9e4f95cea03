"""The week's digest: planned once for each council and week, and written for each reader when it is sent.

Planned: the numbers are given and kept, and each reader's copies are queued, in one transaction. Written:
what it says is read when it goes out, so that what was taken back in between is in nobody's post, and who was
removed on Sunday night gets none.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec.structs import replace

from bot import clock
from bot.config import Settings, TwilioAccount
from bot.telling import spoken_with
from bot.workbook import Workbook
from core.council import Council
from core.digest import Entry, Matter, Price, Section
from core.messages import Enclosure, Lane, OutboundMessage
from core.phrases import Phrases
from core.staff import Staff
from core.talk import Spoken
from core.unseen import as_seen
from outreach import week
from outreach.costs import spent
from outreach.digest import plan
from outreach.digest_html import MOST, as_html, subject
from outreach.digest_text import as_text
from outreach.names import BEFORE, NEVER, names_a_person, words
from outreach.rows import rows
from storage import digests, outbox, staff
from storage.database import Database, Tx
from storage.digests import Item, Stored
from storage.outbox import Enqueued

#: Telegram's limit is 4096; what is read on one screen is less
CHAT_ROOM = 3700
LETTER_ROOM = 20_000
#: a reader who cannot be reached for so long has the next digest before this one
TOO_OLD = 5 * clock.DAY
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT = "digest"


class Digests:
    """Looks for councils whose digest is due."""

    def __init__(
        self,
        database: Database,
        councils: Mapping[str, Council],
        propose: Callable[[Council], Awaitable[object]],
        planned: Callable[[], None],
    ) -> None:
        self._database = database
        self._councils = councils
        self._propose = propose  # looks for issues that say the same
        self._planned = planned  # wakes the senders

    async def look(self) -> int:
        """Plan what is due; how many digests that were."""
        made = [await self._one(council) for council in self._councils.values()]
        if any(made):
            self._planned()
        return sum(made)

    async def _one(self, council: Council) -> bool:
        now = clock.now()
        due = week.due(council, now)
        if week.quiet(council, now):
            return False
        wanted = await self._database.read(lambda tx: _wanted(tx, council, due, now))
        if wanted is None:
            return False
        await self._propose(council)
        return await self._database.transaction(lambda tx: _make(tx, council, wanted, now), name="digest")


async def _wanted(tx: Tx, council: Council, due: week.Due, now: int) -> Stored | None:
    """The digest that is to be made; None when it is made, or nobody was there to read it when it was due."""
    council_id = await digests.council_id(tx, council.key)
    if await digests.of_week(tx, council_id, due.week):
        return None
    if not await staff.with_duty(tx, council_id, "digest", joined_by=due.due_at):
        return None
    return await upcoming(tx, council_id, due, now)


async def upcoming(tx: Tx, council_id: int, due: week.Due, now: int) -> Stored:
    """A digest as it would be made now; it begins where the one before ended: nothing falls between.

    The first one begins with the oldest issue that waits.
    """
    before = await digests.last(tx, council_id)
    since = before.until if before and before.until < due.due_at else due.since
    if before is None and (oldest := await digests.oldest_unanswered(tx, council_id)):
        since = min(since, oldest)
    return Stored(0, council_id, due.week, since, due.due_at, due.due_at, now)


async def _make(tx: Tx, council: Council, wanted: Stored, now: int) -> bool:
    entries = await digests.candidates(tx, wanted, council.working_languages[0])
    items = [
        Item(entry.number, entry.issue_id, section) for section, entry in placed(entries, council, wanted)
    ]
    proposals = await shown_proposals(tx, wanted.council_id, {one.issue_id for one in items})
    digest_id = await digests.make(tx, wanted, items, proposals)
    if digest_id is None:  # Another process was faster.
        return False
    readers = await staff.with_duty(tx, wanted.council_id, "digest")
    copies = [copy for reader in readers for copy in await _copies(tx, digest_id, reader, now)]
    await outbox.enqueue(tx, copies, now)
    return True


def placed(entries: Sequence[Entry], council: Council, digest: Stored) -> list[tuple[Section, Entry]]:
    """The issues of a digest with their numbers, and where they stand."""
    planned = plan(entries, council, digest.since, digest.until, digest.made_at)
    parts: Mapping[Section, Sequence[Entry]] = {
        "first": planned.first, "new": planned.new, "promised": planned.promised
    }  # fmt: skip
    return [(section, entry) for section, part in parts.items() for entry in part]


async def shown_proposals(tx: Tx, council_id: int, issue_ids: set[int]) -> dict[int, int]:
    """The proposals of which at least two issues stand in a digest, by their numbers there."""
    found = await digests.issues_of(tx, await digests.open_proposals(tx, council_id))
    shown = [proposal for proposal, members in found.items() if len(issue_ids.intersection(members)) > 1]
    return dict(enumerate(shown, 1))


async def _copies(tx: Tx, digest_id: int, reader: Staff, now: int) -> list[Enqueued]:
    """One for the chat, one for the letter box."""
    letters_to = await staff.letter_address(tx, reader, now)
    ways = (("chat", 0, reader.address_id), ("mail", 1, letters_to))
    return [
        Enqueued(
            address_id,
            f"{ABOUT}:{digest_id}:{reader.id}",
            n,
            Spoken("", reader.language or ""),
            "digest",
            Lane.BULK,
            # Never twice: operators hear of a copy that may be lost, and can print it (`digest preview`).
            "leave",
            due_at=now,
            not_after=now + TOO_OLD,
            about=f"{ABOUT}:{digest_id}:{reader.id}:{way}",
        )
        for way, n, address_id in ways
        if address_id is not None
    ]


class DigestWriter:
    """Writes a copy when it is sent."""

    def __init__(
        self,
        database: Database,
        councils: Mapping[str, Council],
        catalogs: Mapping[str, Phrases],
        prices: Mapping[str, Price] = MappingProxyType({}),
    ) -> None:
        self._database = database
        self._councils = councils
        self._catalogs = catalogs
        self._prices = prices  # of accounts, by their keys

    async def __call__(self, about: str, message: OutboundMessage) -> OutboundMessage | None:
        """The copy of one reader; None when they read none any more."""
        _, digest_id, staff_id, way = about.split(":")
        found = await self._database.read(lambda tx: self._read(tx, int(digest_id), int(staff_id)))
        if found is None:
            return None
        # Thousands of issues take a second to write, in which nobody else would be answered.
        return await asyncio.to_thread(self._written, way, message, *found)

    def _written(self, way: str, message: OutboundMessage, reader: Staff, matter: Matter) -> OutboundMessage:
        council = self._councils[reader.council]
        phrases = spoken_with(reader, council, self._catalogs)
        matter = completed(matter, phrases, self._catalogs, self._prices)
        if way == "chat":
            text = as_text(matter, council, phrases, room=CHAT_ROOM)
            return replace(message, text=text, language=phrases.language)
        return letter(message, matter, council, phrases)

    async def _read(self, tx: Tx, digest_id: int, staff_id: int) -> tuple[Staff, Matter] | None:
        digest = await digests.by_id(tx, digest_id)
        if digest is None:
            return None
        readers = await staff.with_duty(tx, digest.council_id, "digest")
        reader = next((one for one in readers if one.id == staff_id), None)
        if reader is None or reader.council not in self._councils:
            return None
        return reader, await digests.matter(tx, digest, reads_in(reader, self._councils[reader.council]))


def prices_in(settings: Settings) -> dict[str, Price]:
    """What the accounts say that a message costs, by their keys."""
    found: dict[str, Price] = {}
    for account in settings.accounts:
        if isinstance(account, TwilioAccount):
            by_sms = account.channel == "sms"
            each = account.price_per_segment if by_sms else account.price_per_message
            found |= {account.key: Price(each, account.currency)} if each else {}
    return found


def completed(
    matter: Matter, phrases: Phrases, catalogs: Mapping[str, Phrases], prices: Mapping[str, Price]
) -> Matter:
    """A digest with what our words tell: whether somebody is named, and what languages are called; and with
    what its messages cost.
    """
    before, never = (words(catalogs.values(), key) for key in (BEFORE, NEVER))

    def looked(entries: Sequence[Entry]) -> tuple[Entry, ...]:
        return tuple(
            replace(one, names_somebody=names_a_person(as_seen(one.original), before, never))
            for one in entries
        )

    entries = (*matter.first, *matter.new, *matter.promised)
    tags = {entry.language for entry in entries} | matter.this_week.by_language.keys()
    return replace(
        matter,
        first=looked(matter.first),
        new=looked(matter.new),
        promised=looked(matter.promised),
        languages={tag: phrases.called(tag) for tag in tags if tag},
        spent=spent(matter.sent, prices),
    )


def reads_in(reader: Staff, council: Council) -> str:
    """The language in which somebody reads issues: their own where the council works in it."""
    works_in = council.working_languages
    return reader.language if reader.language in works_in else works_in[0]


def letter(message: OutboundMessage, matter: Matter, council: Council, phrases: Phrases) -> OutboundMessage:
    """A digest as a letter, with a table of all of it where it does not show all."""
    listed = len(matter.first) + len(matter.new) + len(matter.promised)
    enclosed = (table(matter, council, phrases),) if listed > MOST else ()
    return replace(
        message,
        text=as_text(matter, council, phrases, room=LETTER_ROOM, enclosed=bool(enclosed)),
        html=as_html(matter, council, phrases, enclosed=bool(enclosed)),
        subject=subject(matter, council, phrases),
        language=phrases.language,
        enclosed=enclosed,
    )


def table(matter: Matter, council: Council, phrases: Phrases) -> Enclosure:
    """Every issue of a digest, as a workbook: what people wrote is text in it, and never a formula."""
    out = io.BytesIO()
    book = Workbook(out)
    book.begin(matter.week)
    for row in rows(matter, council, phrases):
        book.append(row)
    book.close()
    return Enclosure(f"{council.key}-{matter.week}.xlsx", XLSX, out.getvalue())
