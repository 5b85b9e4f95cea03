"""A person had everything deleted.

Words, places, pictures, consents and the conversation go at once; what staff keep is that an issue was
withdrawn. The answer to "delete" still has to reach them, so the address and the copies at the provider go a
little later: the due row `{contact}:forget` says so, and `contacts.forget` does it.
"""

from __future__ import annotations

from collections.abc import Sequence

from storage import due
from storage.media import files_in
from storage.senders import new_pseudonym
from storage.tx import Tx

#: due: files to be removed from disk; `detail` lists them under "files"
ERASE_MEDIA = "media.erase"
#: due: the provider's copies and the address of a contact who is gone
FORGET = "forget"

# In this order: texts are found by their issue, and an issue by its contact.
QUERIES = (
    "drop_queued_of_contact",
    "erase_inbox",
    "erase_outbox",
    "erase_words_sent",
    "delete_pages",
    "erase_news",
    "erase_translations",
    "erase_texts",
    "erase_media",
    "note_withdrawn",
    "erase_issues",
    "erase_support",
    "erase_consents",
    "erase_run",
    "erase_due",
    "erase_staff",
    "erase_contact",
)
#: what the council wrote about issues that are erased by now
ANSWERS = ("delete_renderings_of_issue", "empty_answers_of_issue")


async def erase(tx: Tx, contacts: Sequence[int], now: int) -> None:
    """Erase contacts, all but what is needed to answer them."""
    rows = [
        {"contact_id": contact, "pseudonym": new_pseudonym(), "reason": "erased", "now": now}
        for contact in contacts
    ]
    files = files_in(await tx.each("files_of_contact", rows))
    issues = [{"issue_id": row["issue_id"]} for row in await tx.each("issues_of_contact", rows)]
    await tx.steps((query, rows) for query in QUERIES)
    await tx.steps((query, issues) for query in ANSWERS)
    await remove_files(tx, f"{ERASE_MEDIA}:contacts:{now}:{contacts[0] if contacts else 0}", files, now)
    again = [
        {"kind": FORGET, "key": f"{contact}:{FORGET}", "at": now, "contact_id": contact}
        for contact in contacts
    ]
    await tx.many("put_due_again", again)


async def remove_files(tx: Tx, key: str, files: Sequence[str], now: int) -> None:
    """Have files removed from disk once this is committed."""
    if files:
        await due.put(tx, ERASE_MEDIA, key, now, detail={"files": sorted(files)})
