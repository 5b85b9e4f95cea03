"""Councils and channel accounts: the configuration's keys, and the ids they have here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from storage.tx import Tx


@dataclass(frozen=True)
class Account:
    """A channel account, as the configuration names it."""

    key: str
    channel: str
    council: str  #: key of the council that newcomers to it belong to


@dataclass(frozen=True)
class Ids:
    """The ids that keys have in this database."""

    councils: dict[str, int]
    accounts: dict[str, int]


async def sync(tx: Tx, councils: Sequence[str], accounts: Sequence[Account]) -> Ids:
    """Make councils and accounts known; what is no longer configured stays, with all that belongs to it."""
    await tx.many("put_council", [{"key": key} for key in councils])
    await tx.many("put_account", [asdict(account) for account in accounts])
    return Ids(
        {row["key"]: row["id"] for row in await tx.all("councils")},
        {row["key"]: row["id"] for row in await tx.all("accounts")},
    )
