"""The provider's own copy of what somebody wrote: it is deleted there once it was heard, and stands here.

Telegram lets nobody delete what others wrote; Twilio does, and keeps it for a year if nobody asks. A photo is
fetched first: until then the copy is the only one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from storage import due
from storage.tx import Tx
from storage.waiting import Waiting

#: due: a copy to be deleted; `detail` names the account, the message there, and what was to be fetched
COPY = "copy"
#: whose provider keeps copies that we may delete
CHANNELS = frozenset(("sms", "whatsapp"))
#: so often it is looked again whether a photo is fetched
SOON = 10 * 1_000_000  # microseconds


class Copy(Struct, frozen=True):
    """One message that the provider may still have."""

    due_id: int
    account: str
    ref: str  #: the provider's name for it
    attempts: int


def row(heard: Waiting, now: int) -> Mapping[str, Any] | None:
    """What `put_due` writes when a message was heard; None where there is no copy."""
    message = heard.message
    if heard.nudge or heard.channel not in CHANNELS or not message.ref:
        return None
    detail = {"account": heard.account, "ref": message.ref, "media": [one.id for one in message.attachments]}
    return due.row(COPY, f"{COPY}:{heard.inbox_id}", now, contact_id=heard.contact.id, detail=detail)


async def take(tx: Tx, now: int, limit: int) -> list[Copy]:
    """Copies to be deleted now; what of them is not fetched yet is looked at again a little later."""
    taken = []
    for one in await due.take(tx, now, (COPY,), limit):
        media = [{"id": id_} for id_ in one.detail["media"]]
        if await tx.each("media_is_wanted", media):
            await due.later(tx, one.id, now + SOON)
        else:
            taken.append(Copy(one.id, one.detail["account"], one.detail["ref"], one.attempts))
    return taken
