"""What is due is a row, not a timer: down over the weekend means late, never lost or twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from storage.tx import Row, Tx


@dataclass(frozen=True)
class Due:
    """One thing to do once its time has come."""

    id: int
    kind: str
    key: str
    at: int
    contact_id: int | None
    detail: Mapping[str, Any]
    attempts: int


async def put(
    tx: Tx,
    kind: str,
    key: str,
    at: int,
    *,
    contact_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note what is to be done when; the key is unique, and the first time it is put counts."""
    await tx.many("put_due", [row(kind, key, at, contact_id=contact_id, detail=detail)])


def row(
    kind: str, key: str, at: int, *, contact_id: int | None = None, detail: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What `put` writes, for those who write many."""
    packed = msgspec.json.encode(detail).decode() if detail else None
    return {"kind": kind, "key": key, "at": at, "contact_id": contact_id, "detail": packed}


async def take(tx: Tx, now: int, kinds: Collection[str], limit: int = 100) -> list[Due]:
    """What of these kinds is due, oldest first; it stays due until `done`, `later` or `cancel`."""
    rows = await tx.each("open_due", [{"kind": kind, "now": now, "limit": limit} for kind in kinds])
    return sorted(map(_due, rows), key=lambda one: (one.at, one.id))[:limit]


def _due(found: Row) -> Due:
    due_id, kind, key, at, contact_id, detail, attempts = found
    return Due(due_id, kind, key, at, contact_id, msgspec.json.decode(detail) if detail else {}, attempts)


async def done(tx: Tx, id: int, now: int) -> None:  # noqa: A002 - the column's name
    """It is done; its key is not done again."""
    await tx.do("due_done", id=id, now=now)


async def later(tx: Tx, id: int, at: int) -> None:  # noqa: A002
    """It did not work: try again then."""
    await tx.do("due_later", id=id, at=at)


async def cancel(tx: Tx, key: str) -> None:
    """It is not to be done any more."""
    await tx.many("cancel_due", [{"key": key}])
