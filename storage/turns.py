"""One turn of a conversation: all that hearing a message leads to, in one commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never

from msgspec import Struct

from core.events import (
    AnsweredInTwo,
    Blocked,
    ConsentGiven,
    ContactErased,
    CouncilChosen,
    DraftClosed,
    DraftOpened,
    Event,
    IssueAdded,
    IssueCorrected,
    IssueDetailed,
    IssueFiled,
    IssueReopened,
    LanguageChosen,
    LanguageHeard,
    MessageEdited,
    NewsSaid,
    QuestionAnswered,
    StaffEvent,
    Started,
    Stopped,
    Unblocked,
)
from core.talk import Echo, Nudge, Run, Spoken, Turn
from storage import copies, desk_acts
from storage.desk_acts import TELL
from storage.due import row as due_row
from storage.erasing import ERASE_MEDIA, erase, remove_files
from storage.known import known
from storage.media import files_in
from storage.packing import RUN, SPOKEN
from storage.tx import Tx
from storage.waiting import NO_ECHO, Waiting, take

__all__ = ["Echo", "Outcome", "Waiting", "free_references", "known", "take", "write"]


class Outcome(Struct, frozen=True):
    """What one message led to, and the times that the worker reckoned for it (UTC microseconds)."""

    waiting: Waiting
    turn: Turn
    echo: Echo = NO_ECHO
    hear_by: int = 0  #: by when what was filed, or opened again, is answered
    quiet_until: int = 0  #: when what is said quietly may go out
    reminder_at: int = 0  #: a draft opened now is reminded of then ...
    expire_at: int = 0  #: ... and erased then
    into: tuple[str, ...] = ()  #: the languages that the council reads


async def free_references(tx: Tx, candidates: Sequence[str]) -> set[str]:
    """Those of the candidates that no issue has."""
    taken = await tx.each("taken_reference", [{"reference": candidate} for candidate in candidates])
    return set(candidates) - {row["reference"] for row in taken}


#: what we write for without their having asked
UNASKED = frozenset(("invitations", "surveys"))

#: What a turn writes, in this order: an issue before its texts, what is dropped before what is said.
QUERIES = (
    "drop_quiet",
    "welcome_again",
    "set_contact_state",
    "stop_same_phone",
    "start_same_phone",
    "set_address_state",
    "set_council",
    "set_language",
    "set_two_languages",
    "cancel_due",
    "put_due_again",
    "insert_issue",
    "want_translations_no_more",
    "supersede_texts",
    "insert_text",
    "want_translations",
    "learn_language_of_texts",
    "learn_language_of_issues",
    "want_translations_of_contact",
    "attach_media",
    "delete_media",
    "erase_page_since",
    "set_topic",
    "set_place",
    "set_affected",
    "set_danger",
    "note_more",
    "question_answered",
    "reopen",
    "insert_history",
    "news_was_said",
    "news_after_all",
    "news_after_all_of_same_phone",
    "put_due",
    "insert_consent",
    "decline_by_same_phone",
    "drop_queued_of_contact",
    "drop_queued_of_same_phone",
    "drop_queued_of_address",
    "inbox_done",
    "write_run",
)


async def write(tx: Tx, outcomes: Sequence[Outcome], now: int) -> None:
    """Write all that the turns led to: runs, what happened, what we say; and the messages are done."""
    rows: Rows = defaultdict(list)
    for outcome in outcomes:
        _Turned(rows, outcome, now).write()
    await _have_files_removed(tx, rows, now)
    await tx.steps((query, rows[query]) for query in QUERIES)
    for act in rows["acts"]:
        await desk_acts.act(tx, now=now, **act)
    if erased := [row["contact_id"] for row in rows["erase"]]:
        await erase(tx, erased, now)
    # Last, so that the answer to "delete" is not erased with the rest.
    await tx.many("enqueue", rows["enqueue"])


async def _have_files_removed(tx: Tx, rows: Rows, now: int) -> None:
    """The files of media that are deleted with a draft go from disk once this is committed."""
    if media := rows["delete_media"]:
        files = files_in(await tx.each("file_of_media", media))
        await remove_files(tx, f"{ERASE_MEDIA}:{media[0]['id']}", files, now)


#: query -> the rows it is run with
Rows = defaultdict[str, list[Mapping[str, Any]]]


class _Turned:
    """The rows of one outcome."""

    def __init__(self, rows: Rows, outcome: Outcome, now: int) -> None:
        self._rows = rows
        self._outcome = outcome
        self._waiting = outcome.waiting
        self._contact = outcome.waiting.contact.id
        self._now = now

    def write(self) -> None:
        """Everything, in the order of `QUERIES` and not of these lines."""
        waiting, turn = self._waiting, self._outcome.turn
        self._rows["drop_quiet"].append({"contact_id": self._contact, "now": self._now})
        if waiting.returned:
            self._of_contact("welcome_again")
        for event in turn.events:
            self._happened(event)
        self._rows["inbox_done"].append({"id": waiting.inbox_id})
        if copy := copies.row(waiting, self._now):
            self._rows["put_due"].append(copy)
        self._rows["write_run"].append(self._run(turn.run))
        for n, spoken in enumerate(turn.says):
            self._rows["enqueue"].append(self._said(n, spoken))

    def _run(self, run: Run | None) -> dict[str, Any]:
        waiting, echo = self._waiting, self._outcome.echo
        return {
            "contact_id": self._contact,
            "address_id": waiting.address_id,
            "now": self._now,
            "body": RUN.pack(run) if run else None,
            "echo_hash": echo.hash,
            "echo_count": echo.count,
            "echo_since": echo.since,
            "asked": int(_question(run) != _question(waiting.run)),
            "inbox_id": waiting.inbox_id,
        }

    def _said(self, n: int, spoken: Spoken) -> dict[str, Any]:
        waiting = self._waiting
        purpose = "farewell" if spoken.farewell else _PURPOSES.get(waiting.nudge, "reply")
        return {
            "address_id": waiting.address_id,
            "lane": "talk",
            "cause": f"inbox:{waiting.inbox_id}",
            "n": n,
            "purpose": purpose,
            "body": SPOKEN.pack(spoken),
            "if_unsure": "again",
            "quiet": int(spoken.quiet),
            "due_at": max(self._outcome.quiet_until, self._now) if spoken.quiet else self._now,
            "not_after": None,
            "about": waiting.message.external_id if waiting.nudge is Nudge.NEWS else "",
            "now": self._now,
        }

    def _happened(self, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915 - one match: a new event is a fault until it is here
        match event:
            case DraftOpened():
                self._draft_due(Nudge.REMIND, self._outcome.reminder_at)
                self._draft_due(Nudge.EXPIRE, self._outcome.expire_at)
            case DraftClosed(erased, media, since):
                keys = [_draft_key(kind, self._contact) for kind in (Nudge.REMIND, Nudge.EXPIRE)]
                self._rows["cancel_due"] += [{"key": key} for key in keys]
                for medium in media if erased else ():
                    self._of_contact("delete_media", id=medium)
                if erased and self._waiting.channel == "web":
                    self._of_address("erase_page_since", since=since)
            case IssueFiled():
                self._filed(event)
            case IssueDetailed(reference, name, value, latitude, longitude):
                self._of_issue(f"set_{name}", reference, value=value, latitude=latitude, longitude=longitude)
                self._note(reference, name)
            case IssueAdded(reference, text, ref, media, language, danger):
                self._write_text(reference, "addition", text, ref=ref, language=language)
                self._attach(reference, media)
                self._note(reference, "added", danger=danger)
                self._of_issue("note_more", reference, now=self._now)
            case IssueCorrected(reference, text, ref, media, language, danger):
                self._supersede(reference)
                self._write_text(reference, "correction", text, ref=ref, language=language)
                self._attach(reference, media)
                self._note(reference, "corrected", danger=danger)
            case MessageEdited(reference, text, ref, danger, language):
                self._write_text(reference, "edit", text, ref=ref, language=language)
                self._note(reference, "edited", danger=danger)
            case ConsentGiven(purpose, given, notice_version):
                self._consent(purpose, notice_version, given=given)
                if purpose in UNASKED and not given:
                    self._declines(purpose, notice_version)
            case LanguageChosen(language):
                self._of_contact("set_language", language=language, chosen=1)
            case LanguageHeard(language):
                if language != self._waiting.contact.language:
                    self._heard_in(language)
            case AnsweredInTwo(languages):
                self._of_contact("set_two_languages", languages=" ".join(languages))
            case CouncilChosen(council):
                self._of_contact("set_council", council=council)
            case Stopped():
                if self._waiting.message.answered:
                    # The provider has answered, and takes nothing for them here, whatever they say elsewhere.
                    self._of_address("set_address_state", state="blocked")
                self._of_contact("set_contact_state", state="stopped")
                self._of_contact("drop_queued_of_contact", reason="stopped", now=self._now)
                self._of_contact("stop_same_phone")
                self._of_contact("drop_queued_of_same_phone", now=self._now)
                self._falls_silent()
            case Started():
                self._of_contact("set_contact_state", state="active")
                self._of_contact("news_after_all", now=self._now)
                self._of_contact("start_same_phone")
                self._of_contact("news_after_all_of_same_phone", now=self._now)
            case Blocked():
                self._of_address("set_address_state", state="blocked")
                self._of_address("drop_queued_of_address", reason="blocked", now=self._now)
                self._falls_silent()
            case Unblocked():
                self._of_address("set_address_state", state="ok")
            case ContactErased():
                self._of_contact("erase")
            case NewsSaid(news_id):
                self._of_contact("news_was_said", id=news_id)
            case QuestionAnswered(reference):
                self._speaks_again("question_answered", reference, "replied")
            case IssueReopened(reference):
                self._speaks_again("reopen", reference, "reopened")
            case _ if isinstance(event, StaffEvent):
                # Written once all the rest is; each asks whether it may be.
                self._rows["acts"].append({"who": self._waiting, "event": event, "reads": self._outcome.into})
            case _:
                assert_never(event)

    def _filed(self, issue: IssueFiled) -> None:
        self._of_issue(
            "insert_issue",
            issue.reference,
            council=issue.council,
            kind=issue.kind,
            channel=self._waiting.channel,
            language=issue.language,
            place=issue.place,
            latitude=issue.latitude,
            longitude=issue.longitude,
            danger=int(issue.danger),
            notice_version=issue.notice_version,
            now=self._now,
            hear_by=self._outcome.hear_by,
        )
        for text, ref in issue.words:
            self._write_text(issue.reference, "original", text, ref=ref, language=issue.language)
        self._attach(issue.reference, issue.media)
        self._note(issue.reference, "filed")
        # The "1" that files an issue is the consent.
        self._consent("issue", issue.notice_version, given=True)

    def _speaks_again(self, query: str, reference: str, what: str) -> None:
        """It is for the council to speak next, and whoever works on it is told."""
        self._of_issue(query, reference, hear_by=self._outcome.hear_by, now=self._now)
        self._note(reference, what)
        detail = {"what": what, "reference": reference}
        key = f"{TELL}:{what}:{self._waiting.inbox_id}:{reference}"
        self._rows["put_due"].append(due_row(TELL, key, self._now, detail=detail))

    def _falls_silent(self) -> None:
        """Staff who take nothing from us any more answer nobody: their colleagues are told."""
        if self._waiting.contact.role:
            detail = {"what": "silent", "contact": self._contact}
            key = f"{TELL}:silent:{self._waiting.inbox_id}"
            self._rows["put_due"].append(due_row(TELL, key, self._now, detail=detail))

    def _write_text(self, reference: str, role: str, text: str, *, ref: str, language: str | None) -> None:
        if text:  # none where there are only pictures
            self._of_issue(
                "insert_text", reference, role=role, language=language, words=text, ref=ref, now=self._now
            )
            self._want_translations(reference, language)

    def _supersede(self, reference: str) -> None:
        self._of_issue("want_translations_no_more", reference)
        self._of_issue("supersede_texts", reference, now=self._now)

    def _want_translations(self, reference: str, language: str | None) -> None:
        # Once for all the texts of an issue: the rows of this turn that are there already stay.
        for tag in self._outcome.into:
            if language and language != tag:
                self._of_issue("want_translations", reference, language=tag, now=self._now)

    def _heard_in(self, language: str) -> None:
        self._of_contact("set_language", language=language, chosen=0)
        if self._waiting.contact.agreed_version is None:
            return  # has filed nothing yet
        self._of_contact("learn_language_of_texts", language=language)
        self._of_contact("learn_language_of_issues", language=language)
        for tag in self._outcome.into:
            if tag != language:
                self._of_contact("want_translations_of_contact", language=tag, now=self._now)

    def _attach(self, reference: str, media: Iterable[str]) -> None:
        for medium in media:
            self._of_issue("attach_media", reference, id=medium)

    def _note(self, reference: str, what: str, *, danger: bool = False) -> None:
        # Raised and never lowered: calmer words later do not make it safe.
        if danger:
            self._of_issue("set_danger", reference)
        self._of_issue("insert_history", reference, what=what, detail="", now=self._now)

    def _consent(self, purpose: str, version: str, *, given: bool) -> None:
        self._of_contact(
            "insert_consent",
            purpose=purpose,
            given=int(given),
            now=self._now,
            channel=self._waiting.channel,
            language=self._waiting.contact.language,
            notice_version=version,
        )

    def _declines(self, purpose: str, version: str) -> None:
        """A no holds for the phone, whichever sender of ours heard it."""
        self._of_contact(
            "decline_by_same_phone",
            purpose=purpose,
            now=self._now,
            channel=self._waiting.channel,
            language=self._waiting.contact.language,
            notice_version=version,
        )

    def _draft_due(self, kind: Nudge, at: int) -> None:
        self._of_contact("put_due_again", kind=kind.value, key=_draft_key(kind, self._contact), at=at)

    def _of_issue(self, query: str, reference: str, **values: Any) -> None:
        # By contact too: nobody changes the issue of another.
        self._of_contact(query, reference=reference, **values)

    def _of_contact(self, query: str, **values: Any) -> None:
        self._rows[query].append({"contact_id": self._contact, **values})

    def _of_address(self, query: str, **values: Any) -> None:
        self._rows[query].append({"address_id": self._waiting.address_id, **values})


#: what a message of ours is for, where nobody had written
_PURPOSES: Mapping[Nudge | None, str] = {Nudge.REMIND: "reminder", Nudge.NEWS: "news", Nudge.LOOK: "notice"}


def _question(run: Run | None) -> tuple[str, str, int] | None:
    return (run.id, run.step, run.asked_at) if run else None


def _draft_key(kind: Nudge, contact: int) -> str:
    # The contact first: the two rows of a draft are on one page of the index.
    return f"{contact}:{kind.value}"
