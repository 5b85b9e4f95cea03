"""What is in the audit stays there: the database itself refuses."""

import sqlite3

import asyncpg
import pytest

from storage import audit
from tests.storage.town import Town


async def test_the_audit_is_only_added_to(town: Town) -> None:
    await town.database.transaction(
        lambda tx: audit.note(tx, town.now, "anna", "export", "graz", detail="csv")
    )
    (row,) = await town.rows("select at, actor, action, subject, detail from audit")
    assert row == {"at": town.now, "actor": "anna", "action": "export", "subject": "graz", "detail": "csv"}
    for change in ("update audit set actor = 'nobody'", "delete from audit"):
        with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
            await town.change(change)
    assert len(await town.rows("select * from audit")) == 1
