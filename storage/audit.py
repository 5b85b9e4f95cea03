"""Who did what with whose data. Rows are added, and never changed or removed: the database itself refuses."""

from __future__ import annotations

from storage.tx import Tx


async def note(tx: Tx, at: int, actor: str, action: str, subject: str, *, detail: str = "") -> None:
    """Note what was done, without a word of what people wrote."""
    await tx.do("note", at=at, actor=actor, action=action, subject=subject, detail=detail)
