"""What a council says about an issue, to everybody who raised it or stands behind it, in their own languages.

An answer is one row; for each language that somebody is to hear it in there is a rendering, which a machine
or a person fills; and for each person a row of news, which is said once its words are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from msgspec import Struct

from core.desk import AnswerKind, Look, News
from core.errors import RefusedRow
from core.events import TranslationLooked
from core.talk import Run
from core.unseen import as_seen
from storage.packing import RUN
from storage.tx import Row, Tx

#: the status that an issue has after each kind of answer; "" leaves it as it is
STATUS: dict[AnswerKind, str] = {
    "discussed": "discussed",
    "referred": "referred",
    "asked": "asked",
    "decided": "decided",
    "closed": "closed",
    "said": "",
}


class Said(Struct, frozen=True):
    """What the council says, and who says it."""

    kind: AnswerKind
    detail: str = ""  #: of "discussed": the day, as 2026-12-08
    words: str = ""
    language: str = ""  #: of the words
    staff_id: int | None = None  #: None: from the command line, or by the house itself


@dataclass(frozen=True)
class Answered:
    """What came of an answer."""

    answer_id: int
    references: tuple[str, ...]  #: of all issues it is about
    people: int  #: who are to hear it


async def answer(
    tx: Tx, reference: str, said: Said, now: int, language: str, *, together: bool = True
) -> Answered:
    """Answer an issue, and with it (`together`) those it was put together with.

    Whose language nobody knows hears it in `language`. Raises RefusedRow for an issue that is not there.
    """
    issues = await tx.all("issues_answered_together", reference=reference)
    # That it was read is no news about those of its group that are closed already.
    closed = {row["id"] for row in issues if said.kind == "seen" and row["status"] == "closed"}
    issues = [
        row for row in issues if row["reference"] == reference or (together and row["id"] not in closed)
    ]
    if not issues:
        raise RefusedRow(f"There is no issue {reference}.")
    row = await tx.one(
        "insert_answer",
        council_id=issues[0]["council_id"],
        kind=said.kind,
        detail=said.detail,
        words=as_seen(said.words),
        language=said.language,
        staff_id=said.staff_id,
        now=now,
    )
    assert row is not None  # noqa: S101 - an insert that returns its id
    answer_id, ids = int(row["id"]), [issue["id"] for issue in issues]
    await tx.many("insert_answer_issue", [{"answer_id": answer_id, "issue_id": id_} for id_ in ids])
    await _stand(tx, said, ids, now)
    hearers = await _hearers(tx, ids, language)
    await _address(tx, answer_id, said, hearers, now)
    return Answered(answer_id, tuple(issue["reference"] for issue in issues), len(hearers))


async def _stand(tx: Tx, said: Said, issue_ids: Sequence[int], now: int) -> None:
    """Where the issues stand now."""
    match said.kind:
        case "seen":
            await tx.many("issue_was_seen", [{"issue_id": id_} for id_ in issue_ids])
        case "late" | "split":
            pass  # The house says this; where the issue stands is as it was.
        case kind:
            rows = [
                {
                    "issue_id": id_,
                    "status": STATUS[kind],
                    "promised_at": noon(said.detail) if kind == "discussed" else None,
                    "closed_at": now if kind == "closed" else None,
                    "now": now,
                }
                for id_ in issue_ids
            ]
            await tx.many("issue_was_answered", rows)
    history = {"what": said.kind, "detail": said.detail if said.kind == "discussed" else "", "now": now}
    await tx.many("insert_history_of", [{"issue_id": id_, **history} for id_ in issue_ids])


def noon(day: str) -> int:
    """A day (2026-12-08) as UTC microseconds: its noon, which is the same day in every council's zone."""
    return int(datetime.combine(date.fromisoformat(day), time(12), UTC).timestamp()) * 1_000_000


#: contact -> the issue of theirs that they hear about, and their language
Hearers = dict[int, tuple[int, str]]


async def _hearers(tx: Tx, issue_ids: Sequence[int], language: str) -> Hearers:
    """Who raised these issues or stands behind them; about the first of their own, of several."""
    rows = await tx.each("who_hears", [{"issue_id": id_} for id_ in issue_ids])
    last_counts = sorted(rows, key=lambda row: (row["own"], -row["issue_id"]))
    return {row["contact_id"]: (row["issue_id"], row["language"] or language) for row in last_counts}


async def _address(tx: Tx, answer_id: int, said: Said, hearers: Hearers, now: int) -> None:
    """News for each of them; what is not in their language waits until it is."""
    foreign = {tongue for _, tongue in hearers.values() if said.words and tongue != said.language}
    await tx.many(
        "insert_rendering",
        [{"answer_id": answer_id, "language": tongue, "now": now} for tongue in sorted(foreign)],
    )
    await tx.many(
        "insert_news",
        [
            {
                "answer_id": answer_id,
                "issue_id": issue_id,
                "contact_id": contact_id,
                "language": tongue,
                "state": "waiting" if tongue in foreign else "ready",
                "now": now,
            }
            for contact_id, (issue_id, tongue) in sorted(hearers.items())
        ],
    )


# Renderings: a machine's part


class Wanted(Struct, frozen=True):
    """One answer that is to be put into one language."""

    answer_id: int
    language: str  #: to be put into
    source: str  #: that it is in
    words: str
    attempts: int


class Rendered(Struct, frozen=True):
    """What became of one answer in one language."""

    answer_id: int
    language: str
    status: Literal["look", "ready"]
    words: str = ""  #: "" where no machine could
    back: str = ""  #: put back into the language it came from, for whoever looks at it
    reason: Literal["", "checks", "weighty", "no model"] = ""
    made_by: Literal["", "machine"] = "machine"
    engine: str = ""


async def waiting(tx: Tx, now: int, limit: int) -> list[Wanted]:
    """Answers that wait to be put into a language, oldest first."""
    return [Wanted(*row) for row in await tx.all("waiting_renderings", now=now, limit=limit)]


async def keep(tx: Tx, rendered: Sequence[Rendered], now: int) -> None:
    """Keep what was made; what needs no look is said from now on."""
    rows = [
        {
            "answer_id": one.answer_id,
            "language": one.language,
            "status": one.status,
            "words": one.words,
            "back": one.back,
            "reason": one.reason,
            "made_by": one.made_by if one.words else "",
            "engine": one.engine,
        }
        for one in rendered
    ]
    await tx.many("keep_rendering", rows)
    await tx.many("news_is_ready", [{**row, "now": now} for row in rows])


async def later(tx: Tx, wanted: Wanted, due_at: int) -> None:
    """Put it into its language then; this attempt failed."""
    await tx.many(
        "render_later", [{"answer_id": wanted.answer_id, "language": wanted.language, "due_at": due_at}]
    )


# Renderings: a person's part


async def look_of(tx: Tx, answer_id: int, language: str) -> Look | None:
    """A translation that waits for a look; None when somebody has looked at it."""
    row = await tx.one("look_of", answer_id=answer_id, language=language)
    return Look(*row) if row else None


async def looks_of(tx: Tx, council_id: int) -> list[tuple[int, str]]:
    """Which translations wait for a look: (answer, language), oldest first."""
    return [
        (row["answer_id"], row["language"]) for row in await tx.all("looks_of_council", council_id=council_id)
    ]


async def look_references(tx: Tx, waiting: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Which issues these translations are about, each once."""
    looks = [await look_of(tx, *key) for key in waiting]
    return tuple(dict.fromkeys(look.reference for look in looks if look and look.reference))


class Unasked(Struct, frozen=True):
    """A translation of which nobody knows yet that it waits."""

    answer_id: int
    language: str
    council_id: int
    staff_id: int | None  #: who wrote the answer


async def unasked(tx: Tx, limit: int = 20) -> list[Unasked]:
    """Translations that wait for a look, and nobody was asked."""
    return [Unasked(*row) for row in await tx.all("unasked_looks", limit=limit)]


async def was_asked(tx: Tx, answer_id: int, language: str, now: int) -> None:
    """Somebody is asked to look at it."""
    await tx.do("look_was_asked", answer_id=answer_id, language=language, now=now)


async def settle_look(tx: Tx, looked: TranslationLooked, now: int) -> bool:
    """Somebody has looked: it goes out, or is left. False when somebody else was faster."""
    key = {"answer_id": looked.answer_id, "language": looked.language}
    if looked.choice == "leave":
        if await tx.one("leave_look", **key) is None:
            return False
        await tx.many("leave_news", [key])
        return True
    if await tx.one("settle_look", choice=looked.choice, words=looked.words, **key) is None:
        return False
    await tx.many("news_is_ready", [{**key, "now": now}])
    return True


# News


class Ready(Struct, frozen=True):
    """News that has its words, and waits to be said."""

    id: int
    contact_id: int
    kind: AnswerKind
    council: str
    reachable: bool  #: they have not stopped, and there is an address that takes something
    run: Run | None  #: where their conversation is ...
    heard_at: int  #: ... and since when
    owed: bool = False  #: it waited for their word before, and they have written


async def ready(tx: Tx, now: int, limit: int = 100) -> list[Ready]:
    """What may be said now."""
    return [_ready(row) for row in await tx.all("ready_news", now=now, limit=limit)]


def _ready(row: Row) -> Ready:
    reachable = row["state"] == "active" and not row["muted"] and row["ways"] > 0
    run = RUN.unpack(row["run"]) if row["run"] else None
    return Ready(
        row["id"],
        row["contact_id"],
        row["kind"],
        row["council"],
        reachable,
        run,
        row["heard_at"] or 0,
        row["owed"] > 0,
    )


@dataclass(frozen=True)
class Ahead:
    """One person who is to hear an answer, and what may stand between."""

    language: str
    state: Literal["waiting", "ready", "begun", "said", "untold"]  #: waiting: for its words
    reachable: int  #: 1: they have not stopped, and there is an address that takes something
    account: str | None  #: by which they are reached
    channel: str | None
    heard_at: int | None  #: on WhatsApp: their last word


async def ahead(tx: Tx, answer_id: int) -> list[Ahead]:
    """Who is to hear an answer."""
    rows = await tx.all("news_ahead", answer_id=answer_id)
    return [Ahead(*row) for row in rows]


async def begun(tx: Tx, news_id: int) -> None:
    """It is being said into their conversation."""
    await tx.many("news_state", [{"id": news_id, "state": "begun"}])


async def untold(tx: Tx, news_id: int) -> None:
    """It cannot be said to them."""
    await tx.many("news_state", [{"id": news_id, "state": "untold"}])


async def put_off(tx: Tx, news_id: int, due_at: int) -> None:
    """Say it then."""
    await tx.many("news_later", [{"id": news_id, "due_at": due_at}])


async def news_of(tx: Tx, news_id: int, contact_id: int) -> News | None:
    """What the council says to somebody; None when it is not for them, or not there any more."""
    row = await tx.one("news_of", id=news_id, contact_id=contact_id)
    if row is None:
        return None
    translated = row["status"] == "ready"
    return News(
        row["id"],
        row["reference"],
        row["kind"],
        row["detail"],
        row["words"] if translated else row["original"],
        row["made_by"] if translated else "",
        row["original"] if translated else "",
        row["hear_by"],
    )


@dataclass(frozen=True)
class Whose:
    """Which answer a piece of news belongs to."""

    reference: str
    council_id: int
    staff_id: int | None
    kind: AnswerKind


async def whose(tx: Tx, news_id: int) -> Whose | None:
    """Whose answer it was that somebody was to hear; None when its author took the issue back."""
    row = await tx.one("whose_news", id=news_id)
    return Whose(*row) if row else None


async def council_of(tx: Tx, reference: str) -> int:
    """The number of the council that an issue was raised with; 0 when it is not there."""
    row = await tx.one("group_of", reference=reference)
    return int(row["council_id"]) if row else 0


async def asked_by(tx: Tx, reference: str) -> int | None:
    """Who of the staff has said the last word about an issue."""
    found = await tx.value("asked_by", reference=reference)
    return None if found is None else int(found)


# What nobody has answered


@dataclass(frozen=True)
class Late:
    """An issue whose promised day has passed without an answer, and whose person was not told so."""

    issue_id: int
    reference: str
    council_id: int


async def late(tx: Tx, now: int, limit: int = 200) -> list[Late]:
    """Issues that were to be answered before `now`, longest first."""
    return [Late(*row) for row in await tx.all("late_issues", now=now, limit=limit)]


async def say_late(tx: Tx, issue: Late, now: int, language: str) -> bool:
    """Its person hears that nobody has answered; False when another process has seen to it."""
    if await tx.one("issue_is_late", issue_id=issue.issue_id, now=now) is None:
        return False
    await answer(tx, issue.reference, Said("late"), now, language, together=False)
    return True


# What did not arrive


@dataclass(frozen=True)
class Undelivered:
    """A message of ours that did not reach whom it was for, of which its writer does not know yet."""

    id: int
    about: str
    status: Literal["refused", "dropped", "unknown"]
    reason: str


async def undelivered(tx: Tx, limit: int = 50) -> list[Undelivered]:
    """What did not arrive, and nobody was told."""
    return [Undelivered(*row) for row in await tx.all("untold_outbox", limit=limit)]


async def told(tx: Tx, outbox_ids: Sequence[int]) -> None:
    """Those who wrote these know it now."""
    await tx.many("outbox_was_told", [{"id": id_} for id_ in outbox_ids])
