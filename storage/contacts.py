"""The people we talk with: where they are reached, and how they are forgotten."""

from __future__ import annotations

from dataclasses import dataclass

from storage import erasing
from storage.tx import Tx

#: how long a provider lets us delete what it keeps (Telegram 48 hours), and a little
RECALL = 3 * 24 * 60 * 60 * 1_000_000
#: a page on a slow line still fetches our goodbye
PARTING = 60 * 1_000_000
FOR_EVER = 2**62


@dataclass(frozen=True)
class KnownAddress:
    """One address of a contact, sealed."""

    id: int
    account: str
    channel: str
    sealed: bytes
    state: str


@dataclass(frozen=True)
class ProviderCopy:
    """A message that the provider may still keep a copy of."""

    account: str
    address_id: int
    outgoing: bool
    ref: str  #: the provider's name for it
    at: int


async def addresses_of(tx: Tx, contact_id: int) -> list[KnownAddress]:
    """Where a contact is reached."""
    return [KnownAddress(*row) for row in await tx.all("addresses_of", contact_id=contact_id)]


async def copies_of(tx: Tx, contact_id: int) -> list[ProviderCopy]:
    """Which messages of an erased contact to have deleted at the provider: those it still lets us."""
    received = await tx.all("received_copies", contact_id=contact_id, window=RECALL)
    sent = await tx.all("sent_copies", contact_id=contact_id, window=RECALL)
    return [
        ProviderCopy(row["account"], row["address_id"], outgoing, row["ref"], row["at"])
        for rows, outgoing in ((received, False), (sent, True))
        for row in rows
    ]


async def find_by_reference(tx: Tx, reference: str) -> int | None:
    """Who raised an issue; None when there is none, or its person had it deleted."""
    contact_id = await tx.value("contact_of_issue", reference=reference)
    return None if contact_id is None else int(contact_id)


async def erase(tx: Tx, contact_id: int, now: int) -> None:
    """Erase a contact as their own "delete" would (`townbell forget`)."""
    await erasing.erase(tx, [contact_id], now)


async def forget(tx: Tx, contact_id: int, now: int) -> bool:
    """Remove the last of an erased contact: addresses, page, bodies. False while something is yet to be sent,
    or was put on their page a moment ago.

    Of one who has come back since, only what was before they were erased goes. Rows of messages older than
    what can be recalled lost their words long ago; they keep the number of a contact that is nobody any more.
    """
    contact = await tx.one("contact_to_forget", contact_id=contact_id, since=now - PARTING)
    if contact is None or contact["erased_at"] is None:
        return True
    gone = contact["state"] == "erased"
    if gone and contact["open"]:
        return False
    since, until = contact["erased_at"] - RECALL, FOR_EVER if gone else contact["erased_at"]
    contact_rows = [{"contact_id": contact_id, "since": since, "until": until}]
    await tx.steps((query, contact_rows) for query in (FORGET if gone else DETACH))
    return True


DETACH = ("detach_inbox", "detach_outbox")
FORGET = (*DETACH, "delete_pages", "delete_addresses", "forget_contact")


async def mute(tx: Tx, contact_id: int, muted: bool) -> None:
    """Staff mute a contact (heard, never answered), or hear them again."""
    await tx.do("mute", contact_id=contact_id, muted=int(muted))
