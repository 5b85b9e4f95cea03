"""What a conversation may ask for beyond the message: loaded for those that ask, and in a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from core.issue import OwnIssue
from core.known import Known, Want
from storage.issues import where
from storage.tx import Row, Tx
from storage.waiting import Waiting


async def known(
    tx: Tx, waiting: Sequence[Waiting], wants: Mapping[int, Collection[Want]]
) -> dict[int, Known]:
    """What is known of the contacts whose messages (by inbox id) want it."""
    asking = [one for one in waiting if wants.get(one.inbox_id)]
    wanting = {
        want: [
            {"contact_id": one.contact.id, "ref": one.message.ref}
            for one in asking
            if want in wants[one.inbox_id]
        ]
        for want in ("issues", "data", "edited")
    }
    issues = await _own_issues(tx, wanting["issues"] + wanting["data"])
    consents = _by_contact(await tx.each("consents", wanting["data"]))
    to_come = _by_contact(await tx.each("messages_to_come", wanting["data"]))
    channels = _by_contact(await tx.each("channels", wanting["data"]))
    edited = _by_contact(await tx.each("issue_of_message", [row for row in wanting["edited"] if row["ref"]]))

    def of(one: Waiting) -> Known:
        contact = one.contact.id
        latest = {row["purpose"]: row for row in consents[contact]}
        return Known(
            issues=tuple(issues[contact]),
            edited=next((row["reference"] for row in edited[contact]), ""),
            consents=tuple((row["purpose"], bool(row["given"]), row["at"]) for row in latest.values()),
            waiting=sum(row["waiting"] for row in to_come[contact]),
            channels=tuple(row["channel"] for row in channels[contact]),
        )

    return {one.inbox_id: of(one) for one in asking}


async def _own_issues(tx: Tx, contacts: Sequence[Mapping[str, Any]]) -> defaultdict[int, list[OwnIssue]]:
    once = [{"contact_id": contact} for contact in dict.fromkeys(row["contact_id"] for row in contacts)]
    rows = await tx.each("own_issues", once)
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for text in await tx.each("current_texts", [{"issue_id": row["id"]} for row in rows]):
        texts[text["issue_id"]].append(text["words"])
    found: defaultdict[int, list[OwnIssue]] = defaultdict(list)
    for row in rows:
        (
            contact_id,
            issue_id,
            reference,
            status,
            filed_at,
            hear_by,
            topic,
            place,
            latitude,
            longitude,
            media,
            affected,
        ) = row
        words = "\n".join(texts[issue_id])
        place = where(place, latitude, longitude)
        found[contact_id].append(
            OwnIssue(reference, status, filed_at, hear_by, words, topic, place, media, affected)
        )
    return found


def _by_contact(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["contact_id"]].append(row)
    return found
