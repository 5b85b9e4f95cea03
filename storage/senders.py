"""Whose message is this? Addresses are looked up by keyed hash; one we do not know is a new contact."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from core.errors import RefusedRow
from core.messages import InboundMessage
from core.poster import read_payload
from core.references import SPACE, pseudonym
from storage.addresses import WITH_NUMBERS, Keyring
from storage.tx import Row, Tx


class Account(NamedTuple):
    """A channel account, as the database knows it."""

    id: int
    key: str
    channel: str
    council_id: int


class Sender(NamedTuple):
    """Who sent a message, and from which of their addresses."""

    contact_id: int
    address_id: int


#: (account id, hash of the address)
Key = tuple[int, bytes]


async def accounts_of(tx: Tx, messages: Sequence[InboundMessage]) -> list[Account]:
    """The account that each message came to."""
    known = {row["key"]: Account(*row) for row in await tx.all("accounts")}
    if unknown := {message.account for message in messages} - known.keys():
        raise RefusedRow(f"No such channel account: {', '.join(sorted(unknown))}.")
    return [known[message.account] for message in messages]


async def find_or_make(
    tx: Tx, keyring: Keyring, accounts: Sequence[Account], messages: Sequence[InboundMessage], now: int
) -> list[Sender | None]:
    """The sender of each message; None where there is no address, because nobody could read it."""
    keys = [
        (account.id, keyring.hash(account.key, message.address)) if message.address else None
        for account, message in zip(accounts, messages, strict=True)
    ]
    # The first message of each address says how a newcomer came, the last one what their phone speaks.
    first = {
        key: (account, message)
        for key, account, message in reversed(list(zip(keys, accounts, messages, strict=True)))
        if key is not None
    }
    found = await _look_up(tx, first)
    if missing := {key: first[key] for key in sorted(first.keys() - found.keys())}:
        await _make(tx, keyring, missing, now)
        found |= await _look_up(tx, missing)
    await _keep_phone_languages(tx, found, keys, messages)
    senders = {key: Sender(row["contact_id"], row["id"]) for key, row in found.items()}
    return [senders[key] if key is not None else None for key in keys]


async def _look_up(tx: Tx, keys: Mapping[Key, object]) -> dict[Key, Row]:
    rows = await tx.each(
        "address_by_hash", [{"account_id": account, "hash": digest} for account, digest in keys]
    )
    return {(row["account_id"], row["hash"]): row for row in rows}


#: what a newcomer came with: the account, and their first message
Newcomer = tuple[Account, InboundMessage]


async def _make(tx: Tx, keyring: Keyring, missing: Mapping[Key, Newcomer], now: int) -> None:
    contacts = await _new_contacts(tx, missing, now)
    addresses = await tx.each(
        "insert_address",
        [
            {
                "account_id": account.id,
                "contact_id": contacts[key],
                "hash": key[1],
                "sealed": keyring.seal(account.key, message.address),
                "phone": keyring.phone_hash(account.channel, message.address),
                "now": now,
            }
            for key, (account, message) in missing.items()
        ],
    )
    if len(addresses) < len(contacts):
        # Another process met the same person at the same moment; theirs stays, ours was never used.
        ours = [{"contact_id": contact} for contact in contacts.values()]
        await tx.many("delete_contact_without_address", ours)
    with_phones = [key for key, (account, _) in missing.items() if account.channel in WITH_NUMBERS]
    await tx.many("stopped_before", [{"contact_id": contacts[key]} for key in with_phones])


async def _new_contacts(tx: Tx, missing: Mapping[Key, Newcomer], now: int) -> dict[Key, int]:
    """A new contact for each newcomer, under a pseudonym that nobody has."""
    councils = await _councils_named(tx, [message for _, message in missing.values()])
    made: dict[Key, int] = {}
    while nameless := [key for key in missing if key not in made]:
        drawn = {new_pseudonym(): key for key in nameless}
        rows = await tx.each(
            "insert_contact",
            [
                {
                    "council_id": councils.get(_named(message), account.council_id),
                    "pseudonym": name,
                    "phone_language": message.phone_language,
                    "now": now,
                }
                for name, (account, message) in ((name, missing[key]) for name, key in drawn.items())
            ],
        )
        # With some hundred thousand contacts, one is drawn now and then that is taken: draw again.
        made |= {drawn[row["pseudonym"]]: row["id"] for row in rows}
    return made


def _named(message: InboundMessage) -> str:
    """The key that a deep link names; "" when it names none."""
    linked = read_payload(message.payload)
    return linked.council if linked else ""


async def _councils_named(tx: Tx, messages: Sequence[InboundMessage]) -> dict[str, int]:
    """The councils that deep links name; a link may carry anything, so what is no key is no council."""
    named = {key for message in messages if (key := _named(message))}
    return {
        row["key"]: row["id"] for row in await tx.each("council_id", [{"key": key} for key in sorted(named)])
    }


async def _keep_phone_languages(
    tx: Tx, found: Mapping[Key, Row], keys: Sequence[Key | None], messages: Sequence[InboundMessage]
) -> None:
    told = {
        key: message.phone_language
        for key, message in zip(keys, messages, strict=True)
        if key is not None and message.phone_language
    }
    await tx.many(
        "set_phone_language",
        [
            {"contact_id": found[key]["contact_id"], "phone_language": language}
            for key, language in told.items()
            if found[key]["phone_language"] != language
        ],
    )


def new_pseudonym() -> str:
    """A pseudonym that says nothing about whose it is."""
    return pseudonym(secrets.randbelow(SPACE * SPACE))
