"""The provider's own copy of what somebody wrote: it is deleted there once it was heard, and stands here.

Telegram lets nobody delete what others wrote; Twilio does, and keeps it for a year if nobody asks. A photo is
fetched first: until then the copy is the only one. What was set aside goes there too, for its words stand in
our inbox; only where we could not even read who wrote the copy is all there is, and it stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from storage import due
from storage.tx import Tx

if TYPE_CHECKING:
    from storage.waiting import Waiting  # which sets messages aside, and so needs us

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


async def of_aside(tx: Tx, inbox_id: int, now: int) -> None:
    """Note that the copy of what was set aside is to be deleted."""
    found = await tx.one("copy_of_aside", id=inbox_id)
    if found is None or found["channel"] not in CHANNELS:
        return
    # Which of the person's files came with it, perhaps nobody can read any more.
    wanted = await tx.all("wanted_of_contact", contact_id=found["contact_id"])
    detail = {"account": found["account"], "ref": found["ref"], "media": [one["id"] for one in wanted]}
    await due.put(tx, COPY, f"{COPY}:{inbox_id}", now, contact_id=found["contact_id"], detail=detail)


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
