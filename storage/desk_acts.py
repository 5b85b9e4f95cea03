"""What staff do, as it is written: each act asks once more whether they may, and is in the audit.

A conversation has asked before, in the same transaction; so a refusal here is a fault of ours, and nothing of
it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from core.errors import RefusedRow
from core.events import (
    InvitationRefused,
    IssueAnswered,
    IssueMarkedSpam,
    IssuesPutTogether,
    IssueTakenApart,
    IssueTakenOut,
    IssueViewed,
    ProposalDeclined,
    StaffEvent,
    StaffJoined,
    TranslationLooked,
    WordsCovered,
)
from core.staff import Duty, may
from core.unseen import however_hidden
from storage import answers, audit, due, staff
from storage.answers import Said
from storage.staff import PlaceOf
from storage.tx import Tx
from storage.waiting import Waiting

COVERED = "[…]"
#: due: something that staff are to be told; `detail` says what, and about what
TELL = "tell"


async def act(  # noqa: C901, PLR0912 - one match: a new act is a fault until it is here
    tx: Tx, *, who: Waiting, event: StaffEvent, now: int, reads: Sequence[str]
) -> None:
    """Write what somebody did; `reads` are the languages that the council works in, its first one first."""
    contact_id = who.contact.id
    match event:
        case StaffJoined(code):
            await staff.join(tx, code, contact_id, who.address_id, now)
        case InvitationRefused(code):
            await _refused(tx, code, now)
        case TranslationLooked(answer_id, _, choice):
            place = await _place(tx, contact_id, "look")
            _of_their_council(place, await tx.value("council_of_answer", id=answer_id))
            if await answers.settle_look(tx, event, now):
                await _note(tx, place, f"translation.{choice}", f"answer {answer_id}", now)
        case IssueViewed(reference, original):
            place = await _place(tx, contact_id, "original", reference)
            await _note(tx, place, "issue.original" if original else "issue.view", reference, now)
        case IssueAnswered(reference, kind, detail, words, language):
            place = await _place(tx, contact_id, "answer", reference)
            said = Said(kind, detail, words, language, place.id)
            await answers.answer(tx, reference, said, now, reads[0])
            await _note(tx, place, f"issue.{kind}", reference, now)
        case IssuesPutTogether(references, proposal):
            place = await _place(tx, contact_id, "answer", *references)
            await put_together(tx, references, now)
            if proposal:
                await _decide(tx, place, proposal, "taken")
            await _note(tx, place, "issue.merge", " ".join(references), now)
        case IssueTakenOut(reference):
            place = await _place(tx, contact_id, "answer", reference)
            await take_out(tx, reference, now)
            await _note(tx, place, "issue.alone", reference, now)
        case ProposalDeclined(proposal):
            place = await _place(tx, contact_id, "answer")
            await _decide(tx, place, proposal, "declined")
            await _note(tx, place, "proposal.decline", f"proposal {proposal}", now)
        case IssueTakenApart(reference):
            place = await _place(tx, contact_id, "answer", reference)
            await take_apart(tx, event, now, reads)
            await _note(tx, place, "issue.split", reference, now)
        case WordsCovered(reference, words):
            place = await _place(tx, contact_id, "answer", reference)
            await cover(tx, reference, words)
            await _note(tx, place, "issue.cover", reference, now)
        case IssueMarkedSpam(reference):
            place = await _place(tx, contact_id, "answer", reference)
            await spam(tx, reference, now)
            await _note(tx, place, "issue.spam", reference, now)
        case _ as never:
            assert_never(never)


async def _place(tx: Tx, contact_id: int, duty: Duty, *references: str) -> PlaceOf:
    """The place that allows it, in the council that the issues belong to; raises RefusedRow."""
    place = await staff.place_of(tx, contact_id)
    if place is None or not may(place.role, duty):
        raise RefusedRow("Somebody did what their role does not allow; nothing of it was written.")
    for reference in references:
        if await tx.one("case_of", reference=reference, council_id=place.council_id) is None:
            raise RefusedRow(f"There is no issue {reference} in this council.")
    return place


def _of_their_council(place: PlaceOf, council_id: int | None) -> None:
    """Raises RefusedRow for what another council has said or been proposed."""
    if council_id != place.council_id:
        raise RefusedRow("Somebody did something at another council's desk; nothing of it was written.")


async def _decide(tx: Tx, place: PlaceOf, proposal: int, state: str) -> None:
    """Staff say what becomes of a proposal; who said so first has said it."""
    _of_their_council(place, await tx.value("council_of_proposal", id=proposal))
    await tx.do("settle_proposal", id=proposal, state=state)


async def _note(tx: Tx, place: PlaceOf, action: str, subject: str, now: int) -> None:
    await audit.note(tx, now, f"staff {place.id}", action, subject)


async def _refused(tx: Tx, code: str, now: int) -> None:
    found = await staff.invitation_of(tx, code, now)
    await audit.note(tx, now, "stranger", "staff.join again", found.role)
    key = f"{TELL}:invitation:{staff.hashed(code)[:16]}"
    await tell(tx, key, now, what="invitation", council=found.council, role=found.role)


async def tell(tx: Tx, key: str, now: int, **detail: str | int | list[str]) -> None:
    """Have staff told something; the same key is told once."""
    await due.put(tx, TELL, key, now, detail=detail)


async def put_together(tx: Tx, references: Sequence[str], now: int) -> None:
    """Issues are answered together from now on, with all that they were together with before."""
    rows = [await tx.one("group_of", reference=reference) for reference in references]
    there = [row for row in rows if row is not None]
    if len(there) < len(references):
        raise RefusedRow("One of these issues is not there any more.")
    groups = sorted({row["group_id"] for row in there if row["group_id"] is not None})
    group = groups[0] if groups else await _new_group(tx, there[0]["council_id"], now)
    await tx.many("move_group", [{"group_id": group, "other_id": other} for other in groups[1:]])
    await tx.many("put_into_group", [{"group_id": group, "reference": one} for one in references])


async def take_out(tx: Tx, reference: str, now: int) -> bool:
    """An issue is answered by itself again, and not proposed with these any more; False when it was alone."""
    row = await tx.one("group_of", reference=reference)
    if row is None or row["group_id"] is None:
        return False
    issue_id = await tx.value("issue_id_of", reference=reference)
    others = [one for one in await tx.all("ids_of_group", group_id=row["group_id"]) if one["id"] != issue_id]
    await tx.many("put_into_group", [{"group_id": None, "reference": reference}])
    for other in others:
        await _keep_apart(tx, row["council_id"], (issue_id, other["id"]), now)
    return True


async def _keep_apart(tx: Tx, council_id: int, issue_ids: Sequence[int], now: int) -> None:
    """Issues are never proposed together, as when a proposal of them was declined."""
    row = await tx.one("insert_proposal", council_id=council_id, now=now)
    assert row is not None  # noqa: S101 - an insert that returns its id
    await tx.many("insert_proposal_issue", [{"proposal_id": row["id"], "issue_id": one} for one in issue_ids])
    await tx.do("settle_proposal", id=row["id"], state="declined")


async def _new_group(tx: Tx, council_id: int, now: int) -> int:
    row = await tx.one("insert_group", council_id=council_id, now=now)
    assert row is not None  # noqa: S101 - an insert that returns its id
    return int(row["id"])


async def take_apart(tx: Tx, apart: IssueTakenApart, now: int, reads: Sequence[str]) -> None:
    """One message told of several problems: the issue keeps the first part, each other one is a new issue."""
    reference, others, parts = apart.reference, apart.others, apart.parts
    issue = {"reference": reference, "now": now}
    await tx.many("part_of_issue", [{"reference": reference, "other": other} for other in others])
    await tx.many("support_of_part", [{"reference": reference, "other": other} for other in others])
    await tx.many("forget_waiting_translations_of", [issue])
    await tx.many("supersede_texts_of", [issue])
    each = list(zip((reference, *others), parts, strict=True))
    await tx.many("insert_part_text", [{"reference": one, "words": words, "now": now} for one, words in each])
    await tx.many(
        "want_translations_of_issue",
        [{"reference": one, "language": tag, "now": now} for one, _ in each for tag in reads],
    )
    said = Said("split", ",".join((reference, *others)))
    await answers.answer(tx, reference, said, now, reads[0], together=False)
    filed = [{"issue_id": await tx.value("issue_id_of", reference=other)} for other in others]
    await tx.many(
        "insert_history_of", [{**row, "what": "filed", "detail": reference, "now": now} for row in filed]
    )


#: where words of an issue may stand, also those that staff quoted: how they are found, and written anew
WORDED = (
    ("all_texts", "rewrite_text"),
    ("all_translations", "rewrite_translation"),
    ("worded_place", "rewrite_place"),
    ("worded_answers", "rewrite_answer"),
    ("worded_renderings", "rewrite_rendering"),
)


async def cover(tx: Tx, reference: str, words: str) -> bool:
    """Words are not shown any more, wherever they stand in an issue; False when they stood nowhere."""
    issue_id = await tx.value("issue_id_of", reference=reference)
    pattern = however_hidden(words)
    covered = False
    for query, rewrite in WORDED:
        found = [dict(row) for row in await tx.all(query, issue_id=issue_id)]
        rows = [{**row, "words": pattern.sub(COVERED, row["words"])} for row in found]
        changed = [row for row, before in zip(rows, found, strict=True) if row != before]
        await tx.many(rewrite, changed)
        covered = covered or bool(changed)
    # What a machine makes of the old words at this moment is not kept: it is asked for once more.
    await tx.many("translate_anew", [{"issue_id": issue_id}])
    return covered


async def spam(tx: Tx, reference: str, now: int) -> None:
    """It is no issue: closed, out of its group, and nobody is told."""
    await tx.many("put_into_group", [{"group_id": None, "reference": reference}])
    await tx.many("is_spam", [{"reference": reference, "now": now}])
    issue_id = await tx.value("issue_id_of", reference=reference)
    await tx.many("insert_history_of", [{"issue_id": issue_id, "what": "spam", "detail": "", "now": now}])
