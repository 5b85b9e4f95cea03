"""What goes out: kept until the provider has it, in order for each address and lane.

Where a channel takes free text only for so long after somebody's last word (WhatsApp), what comes later waits
for their next one: it stays queued, holds its lane, and is due the moment they write (`inbox.store`). News is
then said anew instead, for they have not seen what it asks (storage/unheard.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import Struct

from core.messages import Cost, Lane, OutboundMessage
from core.talk import Spoken
from storage import due, phones, unheard
from storage.desk_acts import TELL
from storage.packing import SPOKEN, Unreadable
from storage.tx import Row, Tx

SendPurpose = Literal["reply", "farewell", "reminder", "news", "digest", "notice"]
#: what happens to a message that may have been sent when we cannot know: say it again, or leave it
IfUnsure = Literal["again", "leave"]
#: why a message waits for somebody's next word: nothing may be sent, or a template has asked for it
OUTSIDE, KNOCKED = "outside the window", "asked to write"
#: when that comes nobody knows
FOR_EVER = 2**62
#: who was heard so lately has written since it was found that they had long been silent
FRESH = 60 * 60 * 1_000_000  # microseconds
#: of these staff hear when they wait so; their own messages would only tell of themselves
TOLD = ("reply", "reminder", "news")
#: so long after their last word somebody may still be at a question that they opened themselves, and a page
#: to read would come between; it is looked at again after so long
AT_IT, AGAIN = 30 * 60 * 1_000_000, 60 * 1_000_000  # microseconds


class Enqueued(Struct, frozen=True):
    """One message to send; (cause, n) names it for ever, so that the same cause sends it once."""

    address_id: int
    cause: str
    n: int
    spoken: Spoken
    purpose: SendPurpose
    lane: Lane = Lane.TALK
    if_unsure: IfUnsure = "again"
    due_at: int = 0  #: not before
    not_after: int | None = None  #: dropped when it could not go out until then
    quiet: bool = False  #: dropped when the person writes before it went out
    about: str = ""  #: whose writer hears when it does not arrive: "news:7", "digest:3:1"


class Claimed(Struct, frozen=True):
    """One message that is being sent now."""

    id: int
    address_id: int
    contact_id: int
    sealed: bytes
    spoken: Spoken
    purpose: SendPurpose
    lane: Lane
    if_unsure: IfUnsure
    attempts: int  #: this one included
    about: str = ""
    sent: tuple[str, ...] = ()  #: the provider's ids of its parts that are sent already
    closed: bool = False  #: so long silent that only an approved template may be sent

    def message(self, address: str) -> OutboundMessage:
        """The message as a channel takes it, with the address unsealed for it."""
        said = self.spoken
        return OutboundMessage(
            self.id, address, said.text, said.language, said.options, said.run, said.step, sent=self.sent
        )


class Window(Struct, frozen=True):
    """For how long after somebody's last word a channel takes free text, and what it takes then."""

    length: int  #: microseconds
    opens: Callable[[SendPurpose, str], bool]  #: whether there is a template for a purpose, in a language


class Settled(Struct, frozen=True):
    """What became of a message that was sent, or was tried to be."""

    id: int
    status: Literal["sent", "refused", "unknown", "queued", "dropped"]  #: queued: tried again when due
    provider_id: str = ""
    due_at: int = 0
    reason: str = ""  #: OUTSIDE, KNOCKED: it waits for somebody's next word, whatever `due_at` is
    stopped: bool = False  #: the address takes nothing more from us
    cost: Cost = Cost()
    keep: bool = False  #: the provider may still say that it did not arrive, and then it is sent again
    knock: str = ""  #: KNOCKED: the provider's name of what asked them to write


@dataclass(frozen=True)
class Backlog:
    """What waits to be sent on one account."""

    account: str
    queued: int
    oldest_due_at: int


@dataclass(frozen=True)
class Unknown:
    """A message that may have arrived, for staff to see."""

    id: int
    account: str
    contact_id: int
    purpose: SendPurpose
    settled_at: int
    reason: str


async def enqueue(tx: Tx, rows: Sequence[Enqueued], now: int) -> None:
    """Queue messages, for console and bot; one whose (cause, n) is here already is here already."""
    await tx.many(
        "enqueue",
        [
            {
                "address_id": row.address_id,
                "lane": row.lane.value,
                "cause": row.cause,
                "n": row.n,
                "purpose": row.purpose,
                "body": SPOKEN.pack(row.spoken),
                "if_unsure": row.if_unsure,
                "quiet": int(row.quiet),
                "due_at": row.due_at,
                "not_after": row.not_after,
                "about": row.about,
                "now": now,
            }
            for row in rows
        ],
    )


async def claim(tx: Tx, account_id: int, now: int, limit: int, window: Window | None = None) -> list[Claimed]:
    """Take what may go out now, talk before bulk; what may not any more is dropped, with the reason.

    What only a template could say, where there is none, waits for the person's next word; a page to read
    waits while its reader is at a question. Neither is claimed before, so a crash leaves it in no doubt.
    """
    claimed: list[Claimed] = []
    for lane in (Lane.TALK, Lane.BULK):
        while room := limit - len(claimed):
            heads = await tx.all("lane_heads", account_id=account_id, lane=lane.value, now=now, limit=room)
            going: list[Claimed] = []
            dropped: list[dict[str, Any]] = []
            outside: list[int] = []
            later: list[dict[str, Any]] = []
            for row in heads:
                taken = _forbidden(row, now) or _claimed(row, _closed(row, now, window))
                if not isinstance(taken, Claimed):
                    dropped.append({"id": row["id"], "reason": taken, "now": now})
                elif _is_at_question(row, now):
                    later.append({"id": taken.id, "reason": "not now", "due_at": now + AGAIN})
                elif taken.closed and window and not window.opens(taken.purpose, taken.spoken.language):
                    outside.append(taken.id)
                else:
                    going.append(taken)
            await tx.many("drop_outbox", dropped)
            await _wait_for_word(tx, outside, now)
            await tx.many("outbox_waits", later)
            await tx.many("mark_sending", [{"id": one.id} for one in going])
            claimed += going
            # Behind one that was dropped another may be waiting; and there was room for one that waits now.
            if not (dropped or outside or later):
                break
    return claimed


def _forbidden(row: Row, now: int) -> str:
    """Why this must not go out, judged now and not when it was planned; "" when it may."""
    if row["address_state"] == "blocked":
        return "blocked"
    if row["not_after"] is not None and row["not_after"] < now:
        return "too late"
    if row["purpose"] == "farewell":
        return ""
    if row["contact_state"] != "active":
        return str(row["contact_state"])
    if row["muted"]:
        return "muted"
    return "not wanted" if row["wants_news"] == 0 else ""


def _is_at_question(row: Row, now: int) -> bool:
    """Whether somebody is to read a page, and is answering a question just now."""
    return row["at_question_since"] is not None and row["at_question_since"] > now - AT_IT


def _closed(row: Row, now: int, window: Window | None) -> bool:
    return window is not None and now - (row["heard_at"] or 0) >= window.length


def _claimed(row: Row, closed: bool) -> Claimed | str:
    try:
        spoken = SPOKEN.unpack(row["body"])
    except Unreadable:
        # Written by another version. One message must not hold up all the others.
        return "unreadable"
    return Claimed(
        row["id"],
        row["address_id"],
        row["contact_id"],
        row["sealed"],
        spoken,
        row["purpose"],
        Lane(row["lane"]),
        row["if_unsure"],
        row["attempts"] + 1,
        row["about"],
        tuple(filter(None, row["provider_id"].split(","))),
        closed,
    )


async def settle(tx: Tx, results: Sequence[Settled], now: int) -> None:
    """Write down what became of messages; the words of one that is done with are not kept."""
    await tx.many(
        "settle",
        [
            {
                "id": one.id,
                "status": one.status,
                "provider_id": one.provider_id,
                "reason": one.reason,
                "due_at": one.due_at,
                "settled_at": None if one.status == "queued" else now,
                "keep_body": int(one.status in ("queued", "unknown") or one.keep),
                "segments": one.cost.segments,
                "category": one.cost.category,
            }
            for one in results
        ],
    )
    costly = [one for one in results if one.status == "sent" and one.cost != Cost()]
    await tx.many(
        "outbox_overtaken",
        [{"id": one.id, "segments": one.cost.segments, "category": one.cost.category} for one in costly],
    )
    in_vain = await _knocks_in_vain(tx, results)
    for reason in (OUTSIDE, KNOCKED):
        waiting = [one.id for one in results if one.reason == reason and one.id not in in_vain]
        await _wait_for_word(tx, waiting, now, reason)
    await _wait_for_word(tx, in_vain, now)
    await phones.stopped(tx, [one.id for one in results if one.stopped], now)


async def _knocks_in_vain(tx: Tx, results: Sequence[Settled]) -> list[int]:
    """Where a report was faster than we, and what asked them to write did not arrive."""
    knocks = {one.id: one.knock for one in results if one.knock}
    rows = await tx.each("failed_so_far", [{"id": id_} for id_ in knocks])
    return [row["id"] for row in rows if knocks[row["id"]] in row["failed_as"].split(",")]


async def about_what(tx: Tx, claimed: Claimed) -> tuple[str, str]:
    """The council of whom a message is for, and the reference of the issue that it is about: of news theirs,
    else the person's newest; "" where there is none.
    """
    kind, _, number = claimed.about.partition(":")
    news_id = int(number) if kind == "news" else 0
    row = await tx.one("about_what", contact_id=claimed.contact_id, news_id=news_id)
    return (row["council"], row["reference"]) if row else ("", "")


@dataclass(frozen=True)
class Waits:
    """A message that waits for somebody's next word, as staff are told of it."""

    about: str
    council_id: int
    reference: str  #: of the person's newest issue; "" where they have none


async def waits(tx: Tx, outbox_id: int) -> Waits | None:
    """A message that may not be sent until the person writes; None when it waits no more."""
    row = await tx.one("waits_outside", id=outbox_id, reason=OUTSIDE)
    return Waits(*row) if row else None


async def news_waits(tx: Tx, reference: str) -> int:
    """How many are to hear about an issue, and hear it only once they have written again."""
    return len(await tx.all("news_waits_outside", reference=reference))


async def came_back(tx: Tx, outbox_id: int, now: int) -> bool:
    """WhatsApp took a message, and says later that the person was silent for too long: it waits for their
    next word. False when its words are not kept any more.
    """
    row = await tx.one("sent_outside", id=outbox_id)
    if row is None:
        return False
    rows = [{"id": outbox_id, "now": now}]
    # We had it otherwise, so that what follows is judged rightly. A word that came since counts.
    await tx.steps([("was_not_sent", rows), ("address_was_silent", rows)])
    await _wait_for_word(tx, [outbox_id], now, since=row["settled_at"] or now)
    return True


async def heard_nothing(tx: Tx, outbox_id: int, now: int) -> None:
    """What asked somebody to write did not arrive: what waits for it waits as if nothing had."""
    await _wait_for_word(tx, [outbox_id], now)


async def _wait_for_word(
    tx: Tx, outbox_ids: Sequence[int], now: int, reason: str = OUTSIDE, *, since: int | None = None
) -> None:
    """These wait until the person writes; who has written meanwhile (`since`) waits no more."""
    since = now - FRESH if since is None else since
    written_from = []
    # Their word may be arriving in this moment, in another process: it is looked at once it has.
    for row in await tx.each("hold_address_of", [{"id": id_} for id_ in outbox_ids]):
        heard = (row["heard_at"] or 0) > since
        if heard:
            written_from.append(row["address_id"])
        due_at = now if heard else FOR_EVER
        await tx.many("outbox_waits", [{"id": row["id"], "reason": reason, "due_at": due_at}])
        if reason == OUTSIDE and row["purpose"] in TOLD and not heard:
            detail = {"what": "window", "outbox": row["id"]}
            await due.put(tx, TELL, f"{TELL}:window:{row['id']}", now, detail=detail)
    await unheard.take_back(tx, written_from, now)


async def found_sending(tx: Tx, account_id: int, now: int) -> int:
    """On taking the sender's seat: what an earlier holder left unsettled is said again, or stays unknown."""
    return await tx.do("found_sending", account_id=account_id, now=now)


async def waiting(tx: Tx) -> list[Backlog]:
    """What waits to be sent, by account; without what waits for somebody's next word."""
    return [Backlog(*row) for row in await tx.all("backlog", for_ever=FOR_EVER)]


@dataclass(frozen=True)
class Silent:
    """Messages that wait until somebody writes again."""

    account: str
    to_staff: int  #: 1: digests, and what else staff are told
    messages: int


async def waiting_for_words(tx: Tx) -> list[Silent]:
    """What waits for somebody's next word, by account: what is for staff, and the rest."""
    return [Silent(*row) for row in await tx.all("waiting_for_words", for_ever=FOR_EVER)]


async def unknown(tx: Tx, limit: int = 200) -> list[Unknown]:
    """What may have arrived, newest first."""
    return [Unknown(*row) for row in await tx.all("unknown", limit=limit)]
