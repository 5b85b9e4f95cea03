"""What a conversation may ask for beyond the message: loaded for those that ask, and in a batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.desk import Desk, News, Seek
from core.issue import Happened, OwnIssue
from core.known import Known, Want
from storage import answers, desk
from storage.issues import where
from storage.tx import Row, Tx
from storage.waiting import Waiting


@dataclass(frozen=True)
class Sought:
    """What of the desk a message is about, and the language in which its author reads issues."""

    seek: Seek
    language: str


async def known(
    tx: Tx,
    waiting: Sequence[Waiting],
    wants: Mapping[int, Collection[Want]],
    seeks: Mapping[int, Sought],
    now: int,
) -> dict[int, Known]:
    """What is known of the contacts whose messages (by inbox id) want it."""
    asking = [one for one in waiting if wants.get(one.inbox_id) or one.inbox_id in seeks]
    desks = {one.inbox_id: await _desk(tx, one, seeks, now) for one in asking}
    wanting = {
        want: [
            {"contact_id": one.contact.id, "ref": one.message.ref}
            for one in asking
            if want in wants.get(one.inbox_id, ())
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
            desk=desks[one.inbox_id][0],
            news=desks[one.inbox_id][1],
        )

    return {one.inbox_id: of(one) for one in asking}


async def _desk(tx: Tx, one: Waiting, seeks: Mapping[int, Sought], now: int) -> tuple[Desk, News | None]:
    """What somebody sees of the desk, and what the council says to them."""
    sought = seeks.get(one.inbox_id)
    if sought is None:
        return Desk(), None
    kind, _, number = sought.seek.nudge.partition(":")
    about = int(number) if kind == "news" else sought.seek.news
    news = await answers.news_of(tx, about, one.contact.id) if about else None
    who = desk.Asking(one.contact.id, one.address_id, sought.language)
    return await desk.found(tx, sought.seek, who, now), news


async def _own_issues(tx: Tx, contacts: Sequence[Mapping[str, Any]]) -> defaultdict[int, list[OwnIssue]]:
    once = [{"contact_id": contact} for contact in dict.fromkeys(row["contact_id"] for row in contacts)]
    rows = await tx.each("own_issues", once)
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for text in await tx.each("current_texts", [{"issue_id": row["id"]} for row in rows]):
        texts[text["issue_id"]].append(text["words"])
    history: defaultdict[int, list[Happened]] = defaultdict(list)
    theirs = [{"issue_id": row["id"], "contact_id": row["contact_id"]} for row in rows]
    for event in await tx.each("history_for_person", theirs):
        told = bool(event["told"])
        history[event["issue_id"]].append(Happened(event["at"], event["what"], event["detail"], told))
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
            OwnIssue(
                reference,
                status,
                filed_at,
                hear_by,
                words,
                topic,
                place,
                media,
                affected,
                tuple(history[issue_id]),
            )
        )
    return found


def _by_contact(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["contact_id"]].append(row)
    return found
