"""The week's digest: which issues may stand in it, the numbers they have there, and that it was made once.

What an issue says is read when a digest is drawn, not when it is planned: what was taken back in between is
not in it any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from core.digest import Count, Entry, Matter, Proposal, Section, Sent
from storage import answers
from storage.issues import where
from storage.readings import readings
from storage.tx import Row, Tx

#: more than this many of one kind in one week are counted, and not listed
MOST_NEW = 20_000
MOST_WAITING = 500
MOST_PROPOSALS = 20
LOOKS_NAMED = 10  #: of the translations that wait for a look, those whose issues are named


@dataclass(frozen=True)
class Stored:
    """A digest of a council, as it was made or would be."""

    id: int  #: 0: not made yet
    council_id: int
    week: str  #: ISO week in which its days begin
    since: int  #: UTC microseconds: what was filed from then on ...
    until: int  #: ... and before then is new
    due_at: int
    made_at: int


@dataclass(frozen=True)
class Item:
    """One issue in a digest."""

    number: int
    issue_id: int
    section: Section


async def council_id(tx: Tx, key: str) -> int:
    """The number that a council has here."""
    return int(await tx.value("council_id_of", key=key))


async def last(tx: Tx, council_id: int) -> Stored | None:
    """The digest that a council got last."""
    row = await tx.one("last_digest", council_id=council_id)
    return Stored(*row) if row else None


async def oldest_unanswered(tx: Tx, council_id: int) -> int | None:
    """When the oldest issue that waits for an answer was filed, in UTC microseconds."""
    filed_at = await tx.value("oldest_unanswered", council_id=council_id)
    return None if filed_at is None else int(filed_at)


async def of_week(tx: Tx, council_id: int, week: str) -> Stored | None:
    """The digest of a week, where it was made."""
    row = await tx.one("digest_of_week", council_id=council_id, week=week)
    return Stored(*row) if row else None


async def by_id(tx: Tx, digest_id: int) -> Stored | None:
    """A digest by its number."""
    row = await tx.one("digest_by_id", id=digest_id)
    return Stored(*row) if row else None


async def candidates(tx: Tx, digest: Stored, language: str) -> list[Entry]:
    """Every issue that may stand in a digest: new ones, and those that wait for the council."""
    ids: dict[int, None] = {}
    for query, limits in (
        ("issues_unanswered", {"now": digest.made_at, "limit": MOST_WAITING}),
        ("issues_replied", {"limit": MOST_WAITING}),
        ("issues_filed", {"since": digest.since, "until": digest.until, "limit": MOST_NEW}),
        ("issues_promised", {"limit": MOST_WAITING}),
    ):
        ids |= dict.fromkeys(row["id"] for row in await tx.all(query, council_id=digest.council_id, **limits))
    return await entries(tx, list(ids), language)


async def entries(tx: Tx, issue_ids: Sequence[int], language: str) -> list[Entry]:
    """Issues as a digest considers them; those that were taken back are not among them."""
    rows = await tx.each("entry_of", [{"issue_id": id_} for id_ in issue_ids])
    read = await readings(tx, [row["id"] for row in rows], language)
    crowds = await _crowds(tx, rows)
    return [
        Entry(
            issue_id=row["id"],
            reference=row["reference"],
            kind=row["kind"],
            status=row["status"],
            topic=row["topic"],
            place=where(row["place"], row["latitude"], row["longitude"]),
            language=row["language"] or "",
            filed_at=row["filed_at"],
            hear_by=row["hear_by"],
            answered_at=row["answered_at"],
            late_told_at=row["late_told_at"],
            promised_at=row["promised_at"],
            replied_at=row["replied_at"],
            danger=bool(row["danger"]),
            people=crowds[row["id"]],
            group=row["group_id"] or 0,
            media=row["media"],
            reading=read[row["id"]][0],
            original=read[row["id"]][1],
            person=row["contact_id"] or 0,
            reopened_at=row["replied_at"] if row["status"] == "reopened" else None,
        )
        for row in rows
    ]


async def _crowds(tx: Tx, rows: Collection[Row]) -> dict[int, int]:
    """How many people are behind each issue, and behind what it was put together with."""
    alone = [row["id"] for row in rows if row["group_id"] is None]
    counted = await tx.each("people_of_issue", [{"issue_id": id_} for id_ in alone])
    crowds = {id_: row["people"] for id_, row in zip(alone, counted, strict=True)}
    groups = {row["group_id"] for row in rows} - {None}
    members = await tx.each("people_of_group", [{"group_id": group} for group in groups])
    together = Counter(row["group_id"] for row in members)
    return crowds | {row["id"]: together[row["group_id"]] for row in rows if row["group_id"] in groups}


async def make(tx: Tx, digest: Stored, items: Sequence[Item], proposals: Mapping[int, int]) -> int | None:
    """Write down a digest with its numbers (`proposals`: number -> proposal); None when it was there."""
    row = await tx.one(
        "insert_digest",
        council_id=digest.council_id,
        week=digest.week,
        since=digest.since,
        until=digest.until,
        due_at=digest.due_at,
        now=digest.made_at,
    )
    if row is None:
        return None
    digest_id = int(row["id"])
    await tx.many(
        "insert_digest_item",
        [
            {"digest_id": digest_id, "number": one.number, "issue_id": one.issue_id, "section": one.section}
            for one in items
        ],
    )
    await tx.many(
        "insert_digest_proposal",
        [
            {"digest_id": digest_id, "number": number, "proposal_id": proposal}
            for number, proposal in proposals.items()
        ],
    )
    return digest_id


async def items_of(tx: Tx, digest_id: int) -> list[Item]:
    """The issues of a digest, by number."""
    return [Item(*row) for row in await tx.all("items_of_digest", digest_id=digest_id)]


async def proposals_of(tx: Tx, digest_id: int) -> dict[int, int]:
    """The proposals of a digest that nobody has decided on: number -> proposal."""
    return {
        row["number"]: row["proposal_id"] for row in await tx.all("proposals_of_digest", digest_id=digest_id)
    }


async def open_proposals(tx: Tx, council_id: int) -> list[int]:
    """Proposals that nobody has decided on, oldest first."""
    rows = await tx.all("open_proposals", council_id=council_id, limit=MOST_PROPOSALS)
    return [row["id"] for row in rows]


async def issues_of(tx: Tx, proposals: Sequence[int]) -> dict[int, list[int]]:
    """The issues of each proposal that are still there."""
    found: dict[int, list[int]] = {one: [] for one in proposals}
    for row in await tx.each("ids_of_proposal", [{"proposal_id": one} for one in proposals]):
        found[row["proposal_id"]].append(row["issue_id"])
    return found


async def propose(tx: Tx, council_id: int, groups: Sequence[Sequence[int]], now: int) -> None:
    """Issues that seem to say the same, for somebody to decide on."""
    for group in groups:
        row = await tx.one("insert_proposal", council_id=council_id, now=now)
        assert row is not None  # noqa: S101 - an insert that returns its id
        await tx.many("insert_proposal_issue", [{"proposal_id": row["id"], "issue_id": id_} for id_ in group])


@dataclass(frozen=True)
class Comparable:
    """An issue that may say the same as another."""

    id: int
    topic: str
    place: str
    group: int  #: 0: stands alone
    words: str  #: in the council's language, "" where it cannot be read in it yet


async def comparable(
    tx: Tx, council_id: int, since: int, language: str, limit: int = 3000
) -> list[Comparable]:
    """Open issues raised since then, newest first, as the council reads them."""
    rows = await tx.all("issues_to_compare", council_id=council_id, since=since, limit=limit)
    read = await readings(tx, [row["id"] for row in rows], language)
    return [
        Comparable(row["id"], row["topic"], row["place"], row["group_id"] or 0, read[row["id"]][0].words)
        for row in rows
    ]


@dataclass(frozen=True)
class Proposed:
    """What was proposed, and what staff made of it."""

    state: Literal["open", "taken", "declined"]
    issues: tuple[int, ...]


async def proposed_since(tx: Tx, council_id: int, since: int) -> list[Proposed]:
    """What was proposed since then: nothing is proposed twice."""
    rows = await tx.all("proposals_since", council_id=council_id, since=since)
    found = await issues_of(tx, [row["id"] for row in rows])
    return [Proposed(row["state"], tuple(found[row["id"]])) for row in rows]


async def matter(tx: Tx, digest: Stored, language: str) -> Matter:
    """All that a digest tells, in one language: what is still there of it, as it stands now."""
    items = {item.issue_id: item for item in await items_of(tx, digest.id)}
    shown = [
        replace(entry, number=items[entry.issue_id].number)
        for entry in await entries(tx, list(items), language)
    ]
    sections = {item.number: item.section for item in items.values()}
    return await told(tx, digest, sections, shown, await proposals_of(tx, digest.id))


async def told(
    tx: Tx,
    digest: Stored,
    sections: Mapping[int, Section],
    entries: Sequence[Entry],
    proposals: Mapping[int, int],
) -> Matter:
    """A digest whose issues have their numbers and sections, with the week's counts."""
    ordered = sorted(entries, key=lambda entry: entry.number)
    council, span = digest.council_id, digest.until - digest.since

    def of(section: Section) -> tuple[Entry, ...]:
        return tuple(entry for entry in ordered if sections[entry.number] == section)

    waiting = await answers.looks_of(tx, council)
    unanswered = int(await tx.value("count_unanswered", council_id=council, now=digest.made_at))
    return Matter(
        digest.week,
        digest.since,
        digest.until,
        digest.due_at,
        digest.made_at,
        of("first"),
        of("new"),
        of("promised"),
        tuple(await _proposals(tx, proposals, ordered)),
        looks=len(waiting),
        look_references=await answers.look_references(tx, waiting[:LOOKS_NAMED]),
        waiting=max(0, unanswered - MOST_WAITING),
        this_week=await count(tx, council, digest.since, digest.until),
        last_week=await count(tx, council, digest.since - span, digest.since),
        sent=await _sent(tx, digest),
    )


async def _sent(tx: Tx, digest: Stored) -> tuple[Sent, ...]:
    span = {"council_id": digest.council_id, "since": digest.since, "until": digest.until}
    return tuple(Sent(*row) for row in await tx.all("sent_between", **span))


async def _proposals(tx: Tx, numbered: Mapping[int, int], shown: Sequence[Entry]) -> list[Proposal]:
    by_id = {entry.issue_id: entry for entry in shown}
    found = await issues_of(tx, list(numbered.values()))
    proposals = []
    for number, proposal in numbered.items():
        members = sorted(
            (by_id[id_] for id_ in found[proposal] if id_ in by_id), key=lambda entry: entry.number
        )
        if len(members) > 1:
            numbers = tuple(entry.number for entry in members)
            proposals.append(Proposal(number, numbers, tuple(entry.reading for entry in members)))
    return proposals


async def count(tx: Tx, council_id: int, since: int, until: int) -> Count:
    """What came and went between two moments."""
    span = {"council_id": council_id, "since": since, "until": until}
    topics = {row["topic"]: row["issues"] for row in await tx.all("filed_by_topic", **span)}
    languages = {row["language"]: row["people"] for row in await tx.all("filed_by_language", **span)}
    answered = await tx.one("answered_between", **span)
    assert answered is not None  # noqa: S101 - a count is always there
    return Count(
        filed=sum(topics.values()),
        answered=answered["answered"],
        closed=answered["closed"],
        people=int(await tx.value("people_filed", **span)),
        by_topic=topics,
        by_language=languages,
    )
