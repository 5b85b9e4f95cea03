"""What providers say, later, of messages they took: out of order, more than once, and before we know of it.

A report names our own row, so it settles a message that was *maybe sent*; and one that overtakes our own
record (C4) is written at once: the record then finds the row settled, and only adds what it cost. The
furthest counts.

What asks somebody to write (a knock) has reports of its own. That it arrived settles nothing, for the message
itself still waits; that it did not is what staff have to know.
"""

from __future__ import annotations

import random
from typing import Literal

from msgspec import Struct

from storage import phones
from storage.outbox import FOR_EVER, KNOCKED, came_back, heard_nothing
from storage.tx import Row, Tx

#: how far a message came, from the first to the last
PROGRESS = ("accepted", "sent", "delivered", "read")
Progress = Literal["accepted", "sent", "delivered", "read"]
#: what a message that came to nothing leads to
Failure = Literal["again", "refused", "stopped", "window"]
#: what a report led to: what became of the message, nothing new, or no such message of ours
Outcome = Literal[
    "accepted", "sent", "delivered", "read", "again", "refused", "stopped", "window", "known", "stray"
]

TRIES = 5  #: of a message that its provider failed to deliver
#: microseconds until the next one: by then we have long written down that it was sent
WAIT = 60_000_000


class Report(Struct, frozen=True):
    """One report."""

    account: str  #: the account's key
    outbox_id: int
    provider_id: str
    became: Progress | Failure
    reason: str = ""  #: why it came to nothing
    knock: bool = False  #: not of the message, but of what asked them to write


async def reported(tx: Tx, report: Report, now: int) -> Outcome:
    """Write down what a report says."""
    if report.knock:
        # Who hears a word of theirs holds the address before the message that waits for it, and so do we.
        await tx.each("hold_address_of", [{"id": report.outbox_id}])
    row = await tx.one("outbox_reported_on", id=report.outbox_id, account=report.account)
    if row is None or row["attempts"] == 0:
        return "stray"
    if report.knock:
        return await _of_knock(tx, row, report, now)
    if _is_known(row, report):
        return "known"
    if report.became in PROGRESS:
        return await _came(tx, row, report, now)
    return await _failed(tx, row, report, now)


def _is_known(row: Row, report: Report) -> bool:
    """Whether a report says nothing that could change what we know."""
    if report.provider_id in row["failed_as"].split(",") or row["status"] in ("refused", "dropped"):
        return True
    if row["status"] != "sent":
        return False
    # Of two tries that were both taken, the one we know of counts.
    ours = report.provider_id in row["provider_id"].split(",")
    return not ours or (report.became in PROGRESS and _rank(report.became) <= _rank(row["reached"]))


def _rank(reached: str) -> int:
    return PROGRESS.index(reached) if reached in PROGRESS else PROGRESS.index("sent")


async def _came(tx: Tx, row: Row, report: Report, now: int) -> Outcome:
    await tx.many(
        "outbox_came",
        [
            {
                "id": report.outbox_id,
                "provider_id": _joined(row["provider_id"], report),
                "reached": report.became,
                # Until it has arrived it may come back, and is said again.
                "keep_body": int(report.became in ("accepted", "sent")),
                "overtaken": int(row["status"] == "sending"),
                "now": now,
            }
        ],
    )
    return report.became


def _joined(known: str, report: Report) -> str:
    """The provider's names that are known already, parted by commas, and the one in the report."""
    names = [name for name in known.split(",") if name]
    return ",".join(names if report.provider_id in names else [*names, report.provider_id])


async def _failed(tx: Tx, row: Row, report: Report, now: int) -> Outcome:
    if row["reached"] in ("delivered", "read"):
        return "known"  # It was there.
    waits = row["status"] == "queued"  # It is tried again already.
    key = {"id": report.outbox_id, "failed_as": _joined(row["failed_as"], report)}
    if report.became == "window" and not waits and await came_back(tx, report.outbox_id, now):
        await tx.many("outbox_failed_as", [key])
        return "window"
    if report.became in ("again", "window") and waits:
        await tx.many("outbox_failed_as", [key])
        return "again"
    if report.became == "again" and row["kept"] and row["attempts"] < TRIES:
        return await _again(tx, row, report, now)
    await tx.many("outbox_refused", [{**key, "reason": report.reason, "now": now}])
    return await _stopped(tx, report, now) if report.became == "stopped" else "refused"


async def _of_knock(tx: Tx, row: Row, report: Report, now: int) -> Outcome:
    if report.became in PROGRESS or report.provider_id in row["failed_as"].split(","):
        return "known"
    key = {"id": report.outbox_id, "failed_as": _joined(row["failed_as"], report)}
    if row["status"] == "sending":
        # Our own record is still to come, and looks here; or they have written, and it is the message itself.
        await tx.many("outbox_failed_as", [key])
        return "window"
    if (row["status"], row["reason"], row["due_at"]) != ("queued", KNOCKED, FOR_EVER):
        return "known"  # They have written.
    if report.became == "again" and row["attempts"] < TRIES:
        return await _again(tx, row, report, now)
    if report.became == "stopped":
        await tx.many("outbox_refused", [{**key, "reason": report.reason, "now": now}])
        return await _stopped(tx, report, now)
    await tx.many("outbox_failed_as", [key])
    await heard_nothing(tx, report.outbox_id, now)
    return "window"


async def _again(tx: Tx, row: Row, report: Report, now: int) -> Outcome:
    later = now + int(WAIT * 2 ** row["attempts"] * random.uniform(0.5, 1))  # noqa: S311 - no secret
    failed_as = _joined(row["failed_as"], report)
    again = {"id": report.outbox_id, "failed_as": failed_as, "due_at": later, "reason": report.reason}
    await tx.many("outbox_again", [again])
    return "again"


async def _stopped(tx: Tx, report: Report, now: int) -> Outcome:
    await phones.stopped(tx, [report.outbox_id], now)
    return "stopped"
