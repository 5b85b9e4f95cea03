"""What has been kept for long enough goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.erasing import ANSWERS
from storage.media import files_in
from storage.tx import Tx

DAY = 24 * 60 * 60 * 1_000_000  # microseconds
#: who wrote so long ago begins anew; only whose question is open is expected for longer
FRESH = DAY


@dataclass(frozen=True)
class Swept:
    """What a sweep removed."""

    inbox: int = 0
    outbox: int = 0
    pages: int = 0
    due: int = 0
    runs: int = 0
    issues: int = 0  #: emptied
    files: tuple[str, ...] = ()  #: to be removed from disk after the commit

    def __bool__(self) -> bool:
        """Whether there may be more to sweep."""
        return any((self.inbox, self.outbox, self.pages, self.due, self.runs, self.issues))


#: how an issue is emptied; its reference, topic and history stay. Answers come last: one to several issues is
#: emptied with the last of them
EMPTYING = (
    "delete_news_of_issue",
    "delete_translations_of_issue",
    "delete_texts_of_issue",
    "delete_media_of_issue",
    "delete_support_of_issue",
    "empty_issue",
    *ANSWERS,
)


async def sweep(
    tx: Tx, now: int, deliveries: int, issues_after_closing: Mapping[str, int], limit: int = 1000
) -> Swept:
    """Remove what is older than so many days (issues by council key); call it again while there is more."""
    before = now - deliveries * DAY
    inbox = await tx.all("old_inbox", before=before, limit=limit)
    outbox = await tx.all("old_outbox", before=before, limit=limit)
    due = await tx.all("old_due", before=before, limit=limit)
    pages = await tx.all("old_page_messages", before=before, limit=limit)
    runs = await tx.all("runs_over", before=now - FRESH, limit=limit)
    issues = [
        {"issue_id": row["issue_id"], "now": now}
        for council, days in issues_after_closing.items()
        for row in await tx.all("issues_to_empty", council=council, before=now - days * DAY, limit=limit)
    ]
    files = files_in(await tx.each("files_of_issue", issues))
    # What a provider gives back, it gives back within the day.
    await tx.do("forget_words_sent", before=now - DAY)
    await tx.steps(
        [
            ("delete_inbox", [{"id": row["id"]} for row in inbox]),
            ("delete_outbox", [{"id": row["id"]} for row in outbox]),
            ("delete_due", [{"id": row["id"]} for row in due]),
            ("delete_page_message", [{"address_id": row["address_id"], "id": row["id"]} for row in pages]),
            ("delete_run", [{"contact_id": row["contact_id"]} for row in runs]),
            *((query, issues) for query in EMPTYING),
        ]
    )
    return Swept(len(inbox), len(outbox), len(pages), len(due), len(runs), len(issues), tuple(files))
