"""Tell who sent a photo, a voice note or a file that we could not open it: one sentence for a message.

It is queued in the transaction that gives the attachment up, so it is said once or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.council import Council
from core.phrases import Phrases
from core.talk import Spoken
from storage import media, outbox
from storage.database import Tx
from storage.media import SentBy
from storage.outbox import Enqueued


class Unopened:
    """Says it in the language that we speak with somebody."""

    def __init__(self, councils: Mapping[str, Council], catalogs: Mapping[str, Phrases]) -> None:
        self._councils = councils
        self._catalogs = catalogs

    async def tell(self, tx: Tx, medium: str, now: int) -> None:
        """Whoever sent it hears that it could not be opened."""
        sender = await media.sent_by(tx, medium)
        if sender is None:
            return
        phrases = self._spoken_with(sender)
        said = Spoken(phrases.say(f"more.unopened.{sender.kind}"), phrases.language)
        cause = f"unopened:{sender.contact_id}:{sender.created_at}"
        await outbox.enqueue(tx, [Enqueued(sender.address_id, cause, 0, said, "reply", due_at=now)], now)

    def _spoken_with(self, sender: SentBy) -> Phrases:
        council = self._councils.get(sender.council)
        theirs = (sender.language or "", sender.phone_language or "")
        wanted = (*theirs, *(council.languages if council else ()), "en")
        return next(self._catalogs[tag] for tag in wanted if tag in self._catalogs)
