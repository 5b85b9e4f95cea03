"""What came in: stored before it is acknowledged, once however often it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from core.messages import InboundMessage
from core.talk import Attachment, Nudge
from storage import copies, senders, unheard, webchat
from storage.addresses import Keyring
from storage.packing import MESSAGE
from storage.senders import Account, Sender
from storage.tx import Tx


class Stored(Struct, frozen=True):
    """What became of one message."""

    inbox_id: int | None  #: None: it was here before
    contact_id: int | None  #: None: it could not be read, or its person is forgotten
    address_id: int | None
    page_id: int | None = None  #: web chat: its number on the person's page


@dataclass(frozen=True)
class Counts:
    """How much waits to be heard."""

    unread: int
    oldest_unread_at: int | None
    aside: int


@dataclass(frozen=True)
class Aside:
    """A message that was set aside, for staff to see; without its words."""

    id: int
    account: str
    kind: str
    received_at: int
    reason: str


async def store(tx: Tx, keyring: Keyring, messages: Sequence[InboundMessage], now: int) -> list[Stored]:
    """Store messages as they came, and find or make who they are from; an answer for each, in order."""
    arrivals = await _arrivals(tx, keyring, messages, now)
    ids = await _insert(tx, arrivals, now)
    new = [arrival for arrival, inbox_id in zip(arrivals, ids, strict=True) if inbox_id is not None]
    await tx.many("insert_media", [row for arrival in new for row in _media_rows(arrival, now)])
    await _may_be_written_to(tx, new, now)
    pages = await _on_their_pages(tx, arrivals, ids, now)
    return [
        Stored(inbox_id, arrival.sender.contact_id, arrival.sender.address_id, page)
        if arrival.sender
        else Stored(inbox_id, None, None)
        for arrival, inbox_id, page in zip(arrivals, ids, pages, strict=True)
    ]


class Arrival(NamedTuple):
    """One message with who sent it."""

    account: Account
    sender: Sender | None
    message: InboundMessage
    attachments: tuple[Attachment, ...]  #: with the ids they have here


async def _arrivals(tx: Tx, keyring: Keyring, messages: Sequence[InboundMessage], now: int) -> list[Arrival]:
    accounts = await senders.accounts_of(tx, messages)
    found = await senders.find_or_make(tx, keyring, accounts, messages, now)
    attachments = [_identified(keyring, message) for message in messages]
    return list(map(Arrival, accounts, found, messages, attachments))


def _identified(keyring: Keyring, message: InboundMessage) -> tuple[Attachment, ...]:
    name = (message.account, message.kind, message.external_id)
    return tuple(
        attachment if attachment.id else replace(attachment, id=keyring.media_id(*name, n))
        for n, attachment in enumerate(message.attachments)
    )


async def _insert(tx: Tx, arrivals: Sequence[Arrival], now: int) -> list[int | None]:
    """The inbox id of each message, None for one that was here before."""
    rows = await tx.each("insert_inbox", [_inbox_row(arrival, now) for arrival in arrivals])
    new = {(account_id, kind, external_id): inbox_id for inbox_id, account_id, kind, external_id in rows}
    return [
        # Taken out, so that the second of two in one group finds nothing.
        new.pop((arrival.account.id, arrival.message.kind, arrival.message.external_id), None)
        for arrival in arrivals
    ]


def _inbox_row(arrival: Arrival, now: int) -> dict[str, Any]:
    account, sender, message, attachments = arrival
    return {
        "account_id": account.id,
        "kind": message.kind,
        "external_id": message.external_id,
        "contact_id": sender.contact_id if sender else None,
        "address_id": sender.address_id if sender else None,
        "ref": message.ref,
        "body": MESSAGE.pack(replace(message, address="", attachments=attachments)),
        "now": now,
        "status": "unread" if sender else "aside",
        "reason": "" if sender else "unreadable",
    }


def _media_rows(arrival: Arrival, now: int) -> list[dict[str, Any]]:
    account, sender, _, attachments = arrival
    if sender is None:
        return []
    return [
        {
            "id": attachment.id,
            "contact_id": sender.contact_id,
            "account_id": account.id,
            "kind": attachment.kind,
            "remote": attachment.remote,
            "now": now,
        }
        for attachment in attachments
    ]


async def _may_be_written_to(tx: Tx, new: Sequence[Arrival], now: int) -> None:
    """WhatsApp takes what we like for a day after somebody's word; what waited for it is due, and news of
    theirs is said anew behind that word.
    """
    heard = {one.sender.address_id for one in new if one.sender and one.account.channel == "whatsapp"}
    rows = [{"address_id": address_id, "now": now} for address_id in sorted(heard)]
    if rows:
        await tx.many("address_was_heard", rows)
        await unheard.take_back(tx, sorted(heard), now)
        await tx.many("word_has_come", rows)


async def _on_their_pages(
    tx: Tx, arrivals: Sequence[Arrival], ids: Sequence[int | None], now: int
) -> list[int | None]:
    """Where web chat shows each message: the words of the person on their own page."""
    said = [
        (inbox_id is not None, webchat.Said(arrival.sender.address_id, arrival.message, arrival.attachments))
        if arrival.sender and arrival.account.channel == "web"
        else None
        for arrival, inbox_id in zip(arrivals, ids, strict=True)
    ]
    if not any(said):
        return [None] * len(arrivals)
    numbers = await webchat.hear(tx, [one for new, one in filter(None, said) if new], now)
    numbers |= await webchat.heard(tx, [one for new, one in filter(None, said) if not new])
    return [numbers.get(one[1].key) if one else None for one in said]


async def nudge(tx: Tx, contact_id: int, kind: Nudge, key: str, now: int) -> None:
    """Say something into a conversation, in the person's place; the same key is said once."""
    await tx.do("insert_nudge", contact_id=contact_id, key=key, kind=kind.value, now=now)


async def attempted(tx: Tx, inbox_id: int, now: int, due_at: int, reason: str) -> int:
    """A turn failed: it is tried again when due. How often it was tried."""
    row = await tx.one("attempted", id=inbox_id, due_at=max(due_at, now), reason=reason)
    return int(row["attempts"]) if row else 0


async def aside(tx: Tx, inbox_id: int, reason: str, now: int) -> None:
    """Set a message aside, so that the person's next message proceeds."""
    if await tx.do("set_aside", id=inbox_id, reason=reason):
        await copies.of_aside(tx, inbox_id, now)


async def is_unread(tx: Tx, inbox_id: int) -> bool:
    """Whether a message still waits for its turn."""
    return bool(await tx.value("inbox_status", id=inbox_id) == "unread")


async def counts(tx: Tx) -> Counts:
    """How much waits to be heard, and how much was set aside."""
    row = await tx.one("inbox_counts")
    assert row is not None  # noqa: S101 - a select of counts has one row
    return Counts(*row)


async def listed_aside(tx: Tx, limit: int = 200) -> list[Aside]:
    """What was set aside, newest first."""
    return [Aside(*row) for row in await tx.all("listed_aside", limit=limit)]
