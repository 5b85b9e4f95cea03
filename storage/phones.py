"""A phone that takes nothing more from us, as its provider says, for somebody has written STOP on it."""

from __future__ import annotations

from collections.abc import Iterable

from storage.tx import Tx


async def stopped(tx: Tx, outbox_ids: Iterable[int], now: int) -> None:
    """Who was to have these is sent nothing more, by this sender or by another to the same phone."""
    messages = [{"id": id_} for id_ in outbox_ids]
    at = [{**one, "now": now} for one in messages]
    await tx.steps([("block_address_of", messages), ("stop_address", at), ("stop_contact_of", messages)])
    people = [{"contact_id": row["contact_id"]} for row in await tx.each("contact_of_outbox", messages)]
    at = [{**one, "now": now} for one in people]
    await tx.steps([("stop_same_phone", people), ("drop_queued_of_same_phone", at)])
