"""The web chat's page: what both sides said, numbered by each person's own counter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from core.errors import RefusedRow
from core.messages import InboundMessage
from core.talk import Attachment, MediaKind, Place
from storage.addresses import Keyring
from storage.packing import Shape
from storage.tx import Tx

Sender = Literal["person", "townbell"]


class Choice(Struct, frozen=True, omit_defaults=True):
    """One way to answer, as the page shows it."""

    id: str
    number: int
    label: str


class PageBody(Struct, frozen=True, omit_defaults=True):
    """What one message on the page shows."""

    text: str
    lang: str = ""
    dir: str = ""
    choices: tuple[Choice, ...] = ()
    media: tuple[str, ...] = ()  #: ids of what came with it ...
    kinds: tuple[MediaKind, ...] = ()  #: ... and what each of them is
    choice: str = ""  #: the id of what the person tapped
    place: Place | None = None


class PageMessage(Struct, frozen=True):
    """One message on the page."""

    id: int
    sender: Sender
    body: PageBody
    created_at: int
    key: str = ""  #: the external id of what the person said


class Page(Struct, frozen=True):
    """The page of one person."""

    address_id: int
    began: int  #: its messages are numbered from one since then
    language: str | None  #: None while we are unsure


BODY = Shape(PageBody)


class Said(Struct, frozen=True):
    """What a person wrote on their page."""

    address_id: int
    message: InboundMessage
    attachments: tuple[Attachment, ...]

    @property
    def key(self) -> tuple[int, str]:
        """What the page calls it, so that sending it again is no second message."""
        return self.address_id, self.message.external_id


async def hear(tx: Tx, said: Sequence[Said], now: int) -> dict[tuple[int, str], int]:
    """Number what persons wrote, and keep it for their pages; the number of each."""
    numbers = await tx.each("next_page_number", [{"address_id": one.address_id} for one in said])
    numbered = [(one, row["page_counter"]) for one, row in zip(said, numbers, strict=True)]
    await tx.many(
        "insert_page_message",
        [
            {
                "address_id": one.address_id,
                "id": number,
                "sender": "person",
                "key": one.message.external_id,
                "body": BODY.pack(_shown(one)),
                "now": now,
            }
            for one, number in numbered
        ],
    )
    return {one.key: number for one, number in numbered}


def _shown(said: Said) -> PageBody:
    return PageBody(
        said.message.text,
        media=tuple(attachment.id for attachment in said.attachments),
        kinds=tuple(attachment.kind for attachment in said.attachments),
        choice=said.message.token,
        place=said.message.place,
    )


async def heard(tx: Tx, said: Sequence[Said]) -> dict[tuple[int, str], int]:
    """The numbers of what was said before."""
    keys = [{"address_id": one.address_id, "key": one.message.external_id} for one in said]
    return {(row["address_id"], row["key"]): row["id"] for row in await tx.each("page_number", keys)}


async def say(tx: Tx, address_id: int, body: PageBody, now: int, *, key: str | None = None) -> int:
    """Put a message of ours on the page; its number. The same key is said once."""
    if key is not None and (before := await tx.one("page_number", address_id=address_id, key=key)):
        return int(before["id"])
    number = await tx.one("next_page_number", address_id=address_id)
    if number is None:
        raise RefusedRow("There is no such page any more.")
    said = {
        "id": number["page_counter"],
        "sender": "townbell",
        "key": key,
        "body": BODY.pack(body),
        "now": now,
    }
    await tx.many("insert_page_message", [{"address_id": address_id, **said}])
    return int(number["page_counter"])


async def after(tx: Tx, address_id: int, after: int, limit: int = 200) -> list[PageMessage]:
    """What was said after a number, in order."""
    rows = await tx.all("page_messages_after", address_id=address_id, after=after, limit=limit)
    return [
        PageMessage(row["id"], row["sender"], BODY.unpack(row["body"]), row["created_at"], row["key"] or "")
        for row in rows
    ]


async def ranges(tx: Tx, address_id: int) -> list[tuple[int, int]]:
    """The numbers of all that is on the page, as (first, last) of each run; the gaps were erased."""
    runs: list[tuple[int, int]] = []
    for row in await tx.all("page_numbers", address_id=address_id):
        number = row["id"]
        first = runs.pop()[0] if runs and runs[-1][1] == number - 1 else number
        runs.append((first, number))
    return runs


async def page(tx: Tx, keyring: Keyring, account: str, cookie: str) -> Page | None:
    """The page of a person's cookie, None while they have said nothing."""
    account_id = await tx.value("account_id", key=account)
    row = await tx.one("page_by_hash", account_id=account_id, hash=keyring.hash(account, cookie))
    return Page(row["id"], row["created_at"], row["language"]) if row else None


async def address(tx: Tx, keyring: Keyring, account: str, cookie: str) -> int | None:
    """The address of a person's cookie, None while they have said nothing."""
    account_id = await tx.value("account_id", key=account)
    row = await tx.one("address_by_hash", account_id=account_id, hash=keyring.hash(account, cookie))
    return int(row["id"]) if row else None
