"""Where one conversation is."""

from __future__ import annotations

from core.talk import Run
from storage.packing import RUN
from storage.tx import Tx


async def run_of(tx: Tx, contact_id: int) -> tuple[Run | None, int]:
    """The open run of somebody, and when they were last heard (0: not lately)."""
    row = await tx.one("run_of", contact_id=contact_id)
    if row is None:
        return None, 0
    return RUN.unpack(row["body"]) if row["body"] else None, int(row["heard_at"])
