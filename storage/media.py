"""Photos, voice notes and files: wanted when the message comes, fetched later, kept or refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from core.talk import MediaKind
from storage.tx import Row, Tx

MediaState = Literal["wanted", "kept", "refused", "gone"]

UPLOADED = "file:"  # before the name of a file that web chat has put on disk already
PAGE = 1000


@dataclass(frozen=True)
class Wanted:
    """One attachment that is not fetched yet."""

    id: str
    kind: MediaKind
    remote: str  #: the provider's handle; "file:<name>" for an upload, which is on disk already
    contact_id: int
    attempts: int
    created_at: int


@dataclass(frozen=True)
class Medium:
    """One attachment of an issue."""

    id: str
    issue_id: int
    kind: MediaKind
    state: MediaState
    file: str
    mime: str
    size: int


async def wanted(tx: Tx, account_id: int, now: int, limit: int = 16) -> list[Wanted]:
    """What is to be fetched from one account, oldest first."""
    return [Wanted(*row) for row in await tx.all("wanted_media", account_id=account_id, now=now, limit=limit)]


async def kept(tx: Tx, id: str, file: str, mime: str, size: int) -> bool:  # noqa: A002 - the column's name
    """It is fetched, checked and on disk. False when the person has erased it meanwhile: remove the file."""
    return bool(await tx.do("media_kept", id=id, file=file, mime=mime, size=size))


async def refused(tx: Tx, id: str, reason: str) -> bool:  # noqa: A002
    """It is not kept: too large, of a forbidden kind, or gone at the provider. False when it was erased."""
    return bool(await tx.do("media_refused", id=id, reason=reason))


@dataclass(frozen=True)
class SentBy:
    """Who sent an attachment, as they may be told of it."""

    address_id: int
    kind: MediaKind
    created_at: int  #: of all that came in one message the same
    contact_id: int
    language: str | None
    phone_language: str | None
    council: str


async def sent_by(tx: Tx, id: str) -> SentBy | None:  # noqa: A002
    """Who sent an attachment; None where nobody is to be told: erased, stopped, or by SMS."""
    row = await tx.one("sender_of_media", id=id)
    return SentBy(*row) if row else None


async def later(tx: Tx, id: str, due_at: int) -> None:  # noqa: A002
    """It could not be fetched now: try again then."""
    await tx.do("media_later", id=id, due_at=due_at)


async def files(tx: Tx) -> set[str]:
    """Every file that belongs to something: the sweep removes the others."""
    found: set[str] = set()
    after = ""
    while rows := await tx.all("media_files", after=after, limit=PAGE):
        found.update(files_in(rows))
        after = rows[-1]["id"]
    return found


def files_in(rows: Iterable[Row]) -> list[str]:
    """The files of rows that have a `file` and a `remote`: what is kept, and what was uploaded."""
    return [
        file
        for row in rows
        for file in (
            row["file"],
            row["remote"].removeprefix(UPLOADED) if row["remote"].startswith(UPLOADED) else "",
        )
        if file
    ]


async def by_issue(tx: Tx, issue_ids: Collection[int]) -> dict[int, list[Medium]]:
    """The attachments of issues, in the order they came."""
    found: dict[int, list[Medium]] = {issue_id: [] for issue_id in issue_ids}
    for row in await tx.each("media_of_issue", [{"issue_id": issue_id} for issue_id in issue_ids]):
        found[row["issue_id"]].append(Medium(*row))
    return found
