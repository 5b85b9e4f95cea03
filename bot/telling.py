"""Tell staff, in their own chat, what they have to know beside the digest: never a word that people wrote.

What is to be told is a row; who is told is decided when it is told, by the duties that people have then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import clock
from core.council import Council
from core.phrases import Phrases
from core.staff import Duty, Staff
from core.talk import Spoken
from outreach.week import quiet
from storage import answers, desk_acts, digests, due, outbox, staff
from storage.answers import Undelivered
from storage.database import Database, Tx
from storage.due import Due
from storage.outbox import Enqueued


class Telling:
    """Looks for what staff are to be told."""

    def __init__(
        self, database: Database, councils: Mapping[str, Council], catalogs: Mapping[str, Phrases]
    ) -> None:
        self._database = database
        self._councils = councils
        self._catalogs = catalogs

    async def look(self) -> int:
        """Tell what is to be told now; how much that was."""
        now = clock.now()
        rows, lost = await self._database.read(lambda tx: _to_tell(tx, now))
        if not (rows or lost):
            return 0

        async def work(tx: Tx) -> None:
            # Read anew: what another process has told meanwhile is not told twice.
            rows, lost = await _to_tell(tx, now)
            for row in rows:
                await self._tell(tx, row, now)
            for message in lost:
                await self._undelivered(tx, message, now)
            await answers.told(tx, [message.id for message in lost])

        await self._database.transaction(work, name="tell")
        return len(rows) + len(lost)

    async def _tell(self, tx: Tx, row: Due, now: int) -> None:
        told = await _told(tx, row.detail)
        if later := self._quiet(told.listeners, now):
            await due.later(tx, row.id, later)
            return
        await self._say(tx, row.key, told, now)
        await due.done(tx, row.id, now)

    async def _undelivered(self, tx: Tx, message: Undelivered, now: int) -> None:
        """A message about something did not arrive: an answer, or a digest."""
        kind, _, rest = message.about.partition(":")
        key = f"{desk_acts.TELL}:{kind}:{rest}"
        if kind == "news":
            await answers.untold(tx, int(rest))
            await desk_acts.tell(tx, key, now, what="undelivered", news=int(rest))
            return
        digest_id, _, way = rest.split(":")
        found = await digests.by_id(tx, int(digest_id))
        if found is None or message.reason == "not wanted":
            return
        listeners = await staff.with_duty(tx, found.council_id, "faults")
        values = {"week": found.week, "reason": f"desk.told.{way}.{message.status}"}
        await self._say(tx, key, Told(listeners, "digest", values), now)

    def _quiet(self, listeners: Sequence[Staff], now: int) -> int:
        """Until when it is quiet for one of them; 0 when it is for none."""
        councils = {one.council for one in listeners} & self._councils.keys()
        return max((quiet(self._councils[key], now) or 0 for key in councils), default=0)

    async def _say(self, tx: Tx, key: str, told: Told, now: int) -> None:
        rows = []
        for one in told.listeners:
            if one.address_id is None:
                continue
            phrases = spoken_with(one, self._councils[one.council], self._catalogs)
            text = phrases.say(f"desk.told.{told.what}", **_worded(told.values, phrases))
            said = Spoken(text, phrases.language)
            rows.append(Enqueued(one.address_id, f"{key}:{one.id}", 0, said, "notice", due_at=now))
        await outbox.enqueue(tx, rows, now)


@dataclass(frozen=True)
class Told:
    """What is told to whom."""

    listeners: Sequence[Staff]
    what: str
    values: Mapping[str, Any]


async def _told(tx: Tx, detail: Mapping[str, Any]) -> Told:
    """What a row says is to be told, and to whom, by the duties that people have now."""
    match detail["what"]:
        case "replied" | "reopened" as what:
            reference = str(detail["reference"])
            council_id = await answers.council_of(tx, reference)
            writer = await answers.asked_by(tx, reference)
            return Told(await _writer_or(tx, council_id, writer, "answer"), what, {"reference": reference})
        case "undelivered" as what:
            whose = await answers.whose(tx, int(detail["news"]))
            if whose is None:  # Its author took the issue back, and the news with it.
                return Told((), what, {})
            listeners = await _writer_or(tx, whose.council_id, whose.staff_id, "answer")
            return Told(listeners, what, {"reference": whose.reference})
        case "window":
            return await _waits(tx, int(detail["outbox"]))
        case "late" as what:
            listeners = await _with_duty(tx, detail, "late")
            values = {"references": detail["references"], "days": int(detail["days"])}
            return Told(listeners, what, values)
        case "silent" as what:
            return await _fell_silent(tx, int(detail["contact"]))
        case "invitation" as what:
            return Told(await _with_duty(tx, detail, "faults"), what, {"role": str(detail["role"])})
        case what:
            raise ValueError(f"Nobody knows how to tell of {what}.")


async def _waits(tx: Tx, outbox_id: int) -> Told:
    """A message waits until its person writes on WhatsApp again: told to whoever wrote the answer in it."""
    found = await outbox.waits(tx, outbox_id)
    if found is None:  # They have written meanwhile.
        return Told((), "waits", {})
    kind, _, number = found.about.partition(":")
    whose = await answers.whose(tx, int(number)) if kind == "news" else None
    listeners = await _writer_or(tx, found.council_id, whose.staff_id if whose else None, "answer")
    reference = whose.reference if whose else found.reference
    return Told(listeners, "waits" if reference else "waits_somebody", {"reference": reference})


async def _fell_silent(tx: Tx, contact_id: int) -> Told:
    """Somebody of the staff takes nothing from us: told to their colleagues, and who runs the house."""
    place = await staff.place_of(tx, contact_id)
    if place is None:  # Their place was taken away meanwhile.
        return Told((), "silent", {})
    answering = await staff.with_duty(tx, place.council_id, "answer")
    running = await staff.with_duty(tx, place.council_id, "faults")
    everybody = [*answering, *(one for one in running if one not in answering)]
    name = next((one.name for one in everybody if one.id == place.id), "")
    others = [one for one in everybody if one.id != place.id]
    return Told(others, "silent", {"name": name, "role": place.role})


async def _with_duty(tx: Tx, detail: Mapping[str, Any], duty: Duty) -> list[Staff]:
    return await staff.with_duty(tx, await digests.council_id(tx, str(detail["council"])), duty)


async def _to_tell(tx: Tx, now: int) -> tuple[list[Due], list[Undelivered]]:
    return await due.take(tx, now, (desk_acts.TELL,)), await answers.undelivered(tx)


async def _writer_or(tx: Tx, council_id: int, writer: int | None, duty: Duty) -> list[Staff]:
    """Whoever wrote it, while they have the duty; else all who have it."""
    listeners = await staff.with_duty(tx, council_id, duty)
    return [one for one in listeners if one.id == writer] or listeners


def _worded(values: Mapping[str, Any], phrases: Phrases) -> dict[str, str]:
    """Values as the reader's language has them."""
    worded = {name: str(value) for name, value in values.items()}
    if "references" in values:
        worded["references"] = phrases.listed(values["references"])
    if "days" in values:
        worded["days"] = phrases.count("span.days", values["days"])
    if "name" in values:
        worded["name"] = values["name"] or phrases.say("desk.somebody")
    if "role" in values:
        worded["role"] = phrases.say(f"desk.role.{values['role']}")
    if "reason" in values:
        worded["reason"] = phrases.say(values["reason"])
    return worded


def spoken_with(one: Staff, council: Council, catalogs: Mapping[str, Phrases]) -> Phrases:
    """Our words in the language that we speak with somebody of the staff."""
    wanted = (one.language or "", *council.working_languages, *council.languages, "en")
    return next(catalogs[tag] for tag in wanted if tag in catalogs)
