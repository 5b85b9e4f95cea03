"""Issues as staff see them in a talk, found by what they wrote: a reference, a number, a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from core.desk import Case, Desk, Latest, Offered, Seek
from core.issue import Happened
from storage import answers, staff
from storage.issues import where
from storage.readings import readings
from storage.staff import PlaceOf
from storage.tx import Row, Tx

#: numbers of older digests are not kept in mind by anybody
REMEMBERED = 8 * 7 * 24 * 60 * 60 * 1_000_000
#: so many new issues are marked as read with one letter
AT_ONCE = 200


@dataclass(frozen=True)
class Asking:
    """Who asks, where, and in which language they read."""

    contact_id: int
    address_id: int | None
    language: str


async def found(tx: Tx, seek: Seek, who: Asking, now: int) -> Desk:
    """What somebody may see of what they ask for; nothing for who is not staff."""
    if seek.invitation:
        return Desk(invitation=await staff.invitation_of(tx, seek.invitation, now))
    place = await staff.place_of(tx, who.contact_id)
    if place is None:
        return Desk()
    others = await _sought(tx, place, seek.other, who, now) if seek.other else Desk()
    return replace(await _sought(tx, place, seek, who, now), others=others.cases)


async def _sought(tx: Tx, place: PlaceOf, seek: Seek, who: Asking, now: int) -> Desk:
    """What staff may see of what they ask for, but for the other issue."""
    language = who.language
    kind, _, rest = seek.nudge.partition(":")
    if seek.look or kind == "look":
        return await _look(tx, place, rest)
    if seek.references:
        return Desk(await _cases(tx, place, _named(seek.references), language))
    if not (seek.number or seek.proposal or seek.all_new):
        return Desk()
    digests = await _digests(tx, place, seek, who, now)
    if seek.proposal:
        return Desk(offered=await _offered(tx, place, seek.proposal, digests, language))
    if seek.all_new:
        return Desk(await _unseen(tx, place, digests, language))
    rows = await tx.each(
        "item_of_digest", [{"digest_id": one["id"], "number": seek.number} for one in digests]
    )
    by_id = {one["id"]: one for one in digests}
    meant = [(row["reference"], (by_id[row["digest_id"]], seek.number)) for row in rows]
    cases = await _cases(tx, place, meant, language)
    # What the newest number meant may be gone: then an older digest's number is not meant instead.
    gone = bool(meant) and meant[0][0] not in {case.reference for case in cases}
    return Desk(gone=True) if gone else Desk(cases)


async def case(tx: Tx, council_id: int, reference: str, language: str) -> Case | None:
    """One issue as those see it who run the house; None when it is not there, or was taken back."""
    nobody = PlaceOf(0, council_id, "operator")
    return next(iter(await _cases(tx, nobody, _named([reference]), language)), None)


async def history(tx: Tx, reference: str) -> list[Happened]:
    """What happened to an issue, oldest first."""
    issue_id = await tx.value("issue_id_of", reference=reference)
    rows = await tx.all("history_of_issue", issue_id=issue_id)
    return [Happened(row["at"], row["what"], row["detail"]) for row in rows]


async def _look(tx: Tx, place: PlaceOf, key: str) -> Desk:
    waiting = await answers.looks_of(tx, place.council_id)
    answer_id, _, language = key.partition(":")
    wanted = (int(answer_id), language) if key else next(iter(waiting), None)
    if wanted is None or wanted not in waiting:
        return Desk(looks=len(waiting))
    return Desk(look=await answers.look_of(tx, *wanted), looks=len(waiting))


async def _digests(tx: Tx, place: PlaceOf, seek: Seek, who: Asking, now: int) -> list[Row]:
    """The digests that a number may be of, newest first: that of the week, the one replied to, or any."""
    recent = await tx.all("digests_of_council", council_id=place.council_id, since=now - REMEMBERED)
    if seek.week:
        return [row for row in recent if row["week"].endswith(f"W{seek.week:02d}")]
    replied = await _replied_to(tx, seek.reply_to, who.address_id) if seek.reply_to else None
    return [row for row in recent if replied in (None, row["id"])]


async def _replied_to(tx: Tx, ref: str, address_id: int | None) -> int | None:
    """The digest that a message of ours was."""
    for row in await tx.all("messages_about", address_id=address_id):
        kind, _, rest = row["about"].partition(":")
        if kind == "digest" and ref in row["provider_id"].split(","):
            return int(rest.partition(":")[0])
    return None


async def _unseen(tx: Tx, place: PlaceOf, digests: Sequence[Row], language: str) -> tuple[Case, ...]:
    if not digests:
        return ()
    rows = await tx.all("unseen_of_digest", digest_id=digests[0]["id"], limit=AT_ONCE)
    return await _cases(tx, place, _named(row["reference"] for row in rows), language)


async def _offered(
    tx: Tx, place: PlaceOf, number: int, digests: Sequence[Row], language: str
) -> Offered | None:
    for digest in digests:
        row = await tx.one("proposal_of_digest", digest_id=digest["id"], number=number)
        if row is None:
            continue
        references = await tx.all("issues_of_proposal", proposal_id=row["id"])
        if row["state"] != "open" or len(references) < 2:
            return None
        cases = await _cases(tx, place, _named(one["reference"] for one in references), language)
        return Offered(row["id"], number, digest["week"], cases)
    return None


#: an issue by its reference, and the digest (with its number there) that it was meant by
Meant = tuple[str, tuple[Row, int] | None]


def _named(references: Iterable[str]) -> list[Meant]:
    return [(reference, None) for reference in references]


async def _cases(tx: Tx, place: PlaceOf, meant: Sequence[Meant], language: str) -> tuple[Case, ...]:
    """The issues as staff see them; what was taken back is not among them."""
    rows = [
        (row, digest)
        for reference, digest in meant
        if (row := await tx.one("case_of", reference=reference, council_id=place.council_id))
        and row["erased_at"] is None
    ]
    read = await readings(tx, [row["id"] for row, _ in rows], language)
    cases = []
    for row, digest in rows:
        reading, original = read[row["id"]]
        week, number, shown_at = (
            (digest[0]["week"], digest[1], digest[0]["made_at"]) if digest else ("", 0, 0)
        )
        cases.append(
            Case(
                reference=row["reference"],
                status=row["status"],
                topic=row["topic"],
                place=where(row["place"], row["latitude"], row["longitude"]),
                filed_at=row["filed_at"],
                hear_by=row["hear_by"],
                people=await people(tx, row["id"], row["group_id"]),
                danger=bool(row["danger"]),
                reading=reading,
                original=original,
                language=row["language"] or "",
                week=week,
                number=number,
                shown_at=shown_at,
                open=row["closed_at"] is None and (row["answered_at"] or 0) <= shown_at,
                latest=await _latest(tx, row["id"], place),
                together=await _together(tx, row["group_id"], row["reference"]),
                media=row["media"],
            )
        )
    return tuple(cases)


async def people(tx: Tx, issue_id: int, group_id: int | None) -> int:
    """How many people raised an issue, or stand behind it; of its whole group where it is in one."""
    if group_id is not None:
        return len(await tx.all("people_of_group", group_id=group_id))
    (row,) = await tx.all("people_of_issue", issue_id=issue_id)
    return int(row["people"])


async def _latest(tx: Tx, issue_id: int, place: PlaceOf) -> Latest | None:
    row = await tx.one("latest_answer", issue_id=issue_id)
    if row is None:
        return None
    mine = row["staff_id"] == place.id
    return Latest(row["kind"], row["at"], row["name"], mine, row["detail"], row["words"])


async def _together(tx: Tx, group_id: int | None, reference: str) -> tuple[str, ...]:
    if group_id is None:
        return ()
    rows = await tx.all("references_of_group", group_id=group_id)
    return tuple(row["reference"] for row in rows if row["reference"] != reference)
