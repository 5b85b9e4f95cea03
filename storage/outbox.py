"""What goes out: kept until the provider has it, in order for each address and lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import Struct

from core.messages import Lane, OutboundMessage
from core.talk import Spoken
from storage.packing import SPOKEN, Unreadable
from storage.tx import Row, Tx

SendPurpose = Literal["reply", "farewell", "reminder", "news", "digest", "notice"]
#: what happens to a message that may have been sent when we cannot know: say it again, or leave it
IfUnsure = Literal["again", "leave"]


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

    def message(self, address: str) -> OutboundMessage:
        """The message as a channel takes it, with the address unsealed for it."""
        said = self.spoken
        return OutboundMessage(self.id, address, said.text, said.language, said.options, said.run, said.step)


class Settled(Struct, frozen=True):
    """What became of a message that was sent, or was tried to be."""

    id: int
    status: Literal["sent", "refused", "unknown", "queued", "dropped"]  #: queued: tried again when due
    provider_id: str = ""
    due_at: int = 0
    reason: str = ""
    stopped: bool = False  #: the address takes nothing more from us


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


async def claim(tx: Tx, account_id: int, now: int, limit: int) -> list[Claimed]:
    """Take what may go out now, talk before bulk; what may not any more is dropped, with the reason."""
    claimed: list[Claimed] = []
    for lane in (Lane.TALK, Lane.BULK):
        while room := limit - len(claimed):
            heads = await tx.all("lane_heads", account_id=account_id, lane=lane.value, now=now, limit=room)
            going: list[Claimed] = []
            dropped: list[dict[str, Any]] = []
            for row in heads:
                taken = _forbidden(row, now) or _claimed(row)
                if isinstance(taken, Claimed):
                    going.append(taken)
                else:
                    dropped.append({"id": row["id"], "reason": taken, "now": now})
            await tx.many("drop_outbox", dropped)
            await tx.many("mark_sending", [{"id": one.id} for one in going])
            claimed += going
            # Behind one that was dropped another may be waiting.
            if not dropped:
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


def _claimed(row: Row) -> Claimed | str:
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
                "keep_body": int(one.status in ("queued", "unknown")),
            }
            for one in results
        ],
    )
    stopped = [{"id": one.id, "now": now} for one in results if one.stopped]
    await tx.many("block_address_of", stopped)
    await tx.many("stop_address", stopped)


async def found_sending(tx: Tx, account_id: int, now: int) -> int:
    """On taking the sender's seat: what an earlier holder left unsettled is said again, or stays unknown."""
    return await tx.do("found_sending", account_id=account_id, now=now)


async def waiting(tx: Tx) -> list[Backlog]:
    """What waits to be sent, by account."""
    return [Backlog(*row) for row in await tx.all("backlog")]


async def unknown(tx: Tx, limit: int = 200) -> list[Unknown]:
    """What may have arrived, newest first."""
    return [Unknown(*row) for row in await tx.all("unknown", limit=limit)]
