"""Take turns: what people wrote, in batches, to what we answer, in one commit (C2).

One at a time holds the seat, and writes on the connection that holds it. A message that makes the
conversation raise leaves the batch and the others go on; one that the database refuses is found by
taking the batch's messages singly. What has failed three times is set aside for a person to see,
and its author is asked to write it again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import blake2b
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct
from msgspec.structs import replace

from bot import clock
from bot.config import Talk
from bot.metrics import Metrics
from bot.outage import OUTAGES, Outage
from core.contact import Contact
from core.council import Council
from core.desk import Case, Seek
from core.events import (
    Blocked,
    DraftOpened,
    Event,
    IssueAdded,
    IssueAnswered,
    IssueCorrected,
    IssueFiled,
    IssueReopened,
    MessageEdited,
    QuestionAnswered,
    Unblocked,
)
from core.known import Known
from core.phrases import Phrases
from core.references import SPACE, reference
from core.talk import Heard, Nudge, Run, Turn
from flows.conversation import Conversation, Situation
from flows.given import Given
from flows.loops import Loop, repeated
from storage import inbox, turns
from storage.database import Database, Seat, Tx
from storage.known import Sought
from storage.turns import Outcome, Waiting
from translations import sentences
from translations.identify import Hints, Identified, Identifier

BATCH = 256
#: a batch lets the web answer between so many turns
BREATHE = 16
#: the running process looks for work that others wrote
LOOK = 1.0  # seconds
#: a message that failed waits before it is tried again, longer each time
RETRY = (5 * clock.SECOND, 60 * clock.SECOND)

NOTHING_KNOWN = Known()
#: what is said about a thing of the desk, which the nudge names
ABOUT = (Nudge.NEWS, Nudge.LOOK)
#: after these the council is to speak by a day that is promised anew
PROMISING = (IssueReopened, QuestionAnswered)

log = structlog.get_logger()


class Failed(Struct, frozen=True):
    """A message whose turn raised."""

    waiting: Waiting
    fault: str  #: the type of what was raised: its text may hold what people wrote


@dataclass(eq=False)
class _Prepared:
    """One message on its way through a batch; what it wants to know comes when all are prepared."""

    waiting: Waiting
    council: Council
    heard: Heard
    phrases: Phrases
    second: Phrases | None
    seek: Seek | None = None  #: what of the desk it is about
    known: Known = NOTHING_KNOWN
    references: tuple[str, ...] = ()  #: free ones: for an issue that is filed, or taken apart

    @property
    def acts(self) -> bool:
        """Whether this may change what another of staff sees."""
        joins = self.seek is not None and bool(self.seek.invitation)
        return not self.waiting.nudge and self.seek is not None and (joins or bool(self.waiting.contact.role))


class Thinker:
    """Everything a turn needs that does not change: councils, words, patience."""

    def __init__(
        self, councils: Sequence[Council], catalogs: Mapping[str, Phrases], talk: Talk, echo_key: bytes
    ) -> None:
        self._councils = {council.key: council for council in councils}
        self._catalogs = catalogs
        self._talk = talk
        self._echo_key = echo_key
        self._conversation = Conversation(catalogs)
        self._identifiers = {
            key: Identifier([tag for tag in council.languages if tag in catalogs])
            for key, council in self._councils.items()
        }

    async def think(self, tx: Tx, batch: Sequence[Waiting], now: int) -> tuple[list[Outcome], list[Failed]]:
        """What each message leads to; one that raises is told apart and spoils nothing."""
        prepared: list[_Prepared] = []
        failed: list[Failed] = []
        for place, waiting in enumerate(batch):
            if place % BREATHE == BREATHE - 1:
                await asyncio.sleep(0)
            try:
                prepared.append(self._prepare(waiting))
            except Exception as fault:  # noqa: BLE001  (whatever it is, the others go on)
                failed.append(Failed(waiting, type(fault).__name__))
        prepared = _one_at_the_desk(prepared)
        await self._inform(tx, prepared, now)
        outcomes: list[Outcome] = []
        for place, one in enumerate(prepared):
            if place % BREATHE == BREATHE - 1:
                await asyncio.sleep(0)
            try:
                outcomes.append(self._answer(one, now))
            except Exception as fault:  # noqa: BLE001
                failed.append(Failed(one.waiting, type(fault).__name__))
        return outcomes, failed

    def _prepare(self, waiting: Waiting) -> _Prepared:
        contact, message, run = waiting.contact, waiting.message, waiting.run
        # Late is what was written late, not what had to wait for us.
        patience = self._talk.late_hours * clock.HOUR
        late = run is not None and run.asked_at > 0 and waiting.received_at - run.asked_at >= patience
        prefix = self._council(contact.council).prefix
        if waiting.nudge:
            seek = Seek(nudge=message.external_id) if waiting.nudge in ABOUT else None
            heard = Heard(nudge=waiting.nudge, seek=seek)
        else:
            heard = self._conversation.hear(message, contact, early=waiting.early, late=late, prefix=prefix)
        if heard.council and heard.council not in self._councils:
            heard = replace(heard, council="")
        council = self._council(heard.council or contact.council)
        language, tags = self._language(waiting, heard, council)
        second = self._catalogs[tags[1]] if len(tags) > 1 else None
        if language:
            heard = replace(heard, language=language)
        seek = self._conversation.seeks(heard, run, prefix)
        return _Prepared(waiting, council, heard, self._catalogs[tags[0]], second, seek)

    def _council(self, key: str) -> Council:
        # A council that is not configured any more: its people are heard by the first one that is.
        return self._councils.get(key) or next(iter(self._councils.values()))

    def _language(
        self, waiting: Waiting, heard: Heard, council: Council
    ) -> tuple[str | None, tuple[str, ...]]:
        """The language of this text, as far as it is known, and one or two to answer in."""
        contact = waiting.contact
        before = self._before(contact)
        text = heard.rest or (heard.text if self._conversation.is_free_text(heard) else "")
        if before and (contact.language_chosen or not text):
            # They chose the language that we write; what they write themselves may be another.
            return None, (before,)
        if not before and (contact.role or heard.seek):
            return None, (self._staff_language(waiting, council),)
        # An answer such as "1" tells nothing, and few words little: what they have written so far still does.
        said = text if before else "\n".join(filter(None, (_drafted(waiting.run), text)))
        found = self._identified(said, contact, council)
        if found.language and found.language in self._catalogs:
            return (found.language if text else None), (found.language,)
        if before:
            return None, (before,)
        # In the council's order, so that the two do not change places from one answer to the next.
        likeliest = [tag for tag in council.languages if tag in found.likeliest[:2] and tag in self._catalogs]
        return None, tuple(likeliest) or (council.languages[0],)

    def _before(self, contact: Contact) -> str | None:
        """The language that they chose or wrote in, if we still speak it."""
        return contact.language if contact.language in self._catalogs else None

    def _staff_language(self, waiting: Waiting, council: Council) -> str:
        """What we speak with staff who have not said so: as their phone does, else as the council."""
        wanted = (waiting.contact.phone_language.partition("-")[0], *council.working_languages)
        return next((tag for tag in wanted if tag in self._catalogs), council.languages[0])

    def _identified(self, text: str, contact: Contact, council: Council) -> Identified:
        hints = Hints(
            recent=self._before(contact), phone=contact.phone_language or None, council=council.languages[0]
        )
        return self._identifiers[council.key].identify(text, hints)

    async def _inform(self, tx: Tx, prepared: Sequence[_Prepared], now: int) -> None:
        """Add what some conversations want to know, and free references for those that may need them."""
        wants = {
            one.waiting.inbox_id: wanted
            for one in prepared
            if (wanted := self._conversation.wants(one.heard, one.waiting.run))
        }
        seeks = {
            one.waiting.inbox_id: Sought(one.seek, _reads(one.waiting.contact, one.council))
            for one in prepared
            if one.seek
        }
        await self._give_references(tx, prepared)
        if not (wants or seeks):
            return
        known = await turns.known(tx, [one.waiting for one in prepared], wants, seeks, now)
        for one in prepared:
            one.known = known.get(one.waiting.inbox_id, NOTHING_KNOWN)
            if one.seek and self._conversation.spare_references(one.heard, one.waiting.run):
                one.known = _in_pieces(one.known)

    async def _give_references(self, tx: Tx, prepared: Sequence[_Prepared]) -> None:
        """References that nobody has, for those that may need one or several; drawn by chance, so that they
        tell nothing.
        """
        missing: list[_Prepared] = []
        for one in prepared:
            files = self._conversation.may_file(one.heard, one.waiting.run)
            missing += [one] * (files + self._conversation.spare_references(one.heard, one.waiting.run))
        given: set[str] = set()
        while missing:
            tries = {reference(one.council.prefix, secrets.randbelow(SPACE)): one for one in missing}
            free = await turns.free_references(tx, list(tries)) - given
            for candidate in sorted(free):
                one = tries[candidate]
                one.references += (candidate,)
                missing.remove(one)
            given |= free

    def _answer(self, one: _Prepared, now: int) -> Outcome:
        waiting, talk = one.waiting, self._talk
        given = Given(
            one.council,
            waiting.contact,
            one.known,
            now,
            waiting.received_at,
            next(iter(one.references), ""),
            secrets.token_hex(3),
            one.references,
        )
        situation = Situation(one.heard, waiting.run, given, one.phrases, one.second)
        echo, loop = repeated(
            waiting.echo, self._words(waiting), now, talk.loop_same_words, talk.loop_minutes * clock.MINUTE
        )
        turn = self._turn(waiting, situation, loop)
        if turn.events:
            turn = replace(turn, events=tuple(self._in_its_language(event, one) for event in turn.events))
        promises = bool(one.references) or any(isinstance(event, PROMISING) for event in turn.events)
        return Outcome(
            waiting,
            turn,
            echo,
            hear_by=_noon(given.hear_by, one.council) if promises else 0,
            quiet_until=now + talk.quiet_seconds * clock.SECOND,
            reminder_at=now + talk.remind_hours * clock.HOUR,
            expire_at=now + one.council.retention.drafts * clock.DAY,
            into=one.council.working_languages,
        )

    def _turn(self, waiting: Waiting, situation: Situation, loop: Loop) -> Turn:
        match waiting.message.kind, loop:
            case "blocked", _:
                return Turn(waiting.run, events=(Blocked(),))
            case "unblocked", _:
                return Turn(waiting.run, events=(Unblocked(),))
            case _, _ if self._wrote_meanwhile(waiting, situation.heard):
                # The draft waits as long again, and they are asked about it.
                asked = replace(situation, heard=replace(situation.heard, nudge=Nudge.REMIND))
                turn = self._conversation.converse(asked)
                return replace(turn, events=(DraftOpened(), *turn.events))
            case _, Loop.BEGINS:
                return self._conversation.say(situation, "more.loop")
            case _, Loop.GOES_ON:
                return Turn(waiting.run)
            case _:
                return self._conversation.converse(situation)

    def _in_its_language(self, event: Event, one: _Prepared) -> Event:
        """What goes on record with the language of all its words together, whichever we answer in."""
        match event:
            case IssueFiled():
                words = "\n".join(text for text, _ in event.words)
            case IssueAdded() | IssueCorrected() | MessageEdited():
                words = event.text
            case IssueAnswered() if event.words:
                found = self._identified(event.words, one.waiting.contact, one.council)
                known = found.language in one.council.working_languages
                return replace(event, language=found.language) if known and found.language else event
            case _:
                return event
        if not words:
            return event  # A picture, or a voice, is in the person's language.
        found = self._identified(words, one.waiting.contact, one.council)
        return replace(event, language=found.language or found.stranger)

    def _wrote_meanwhile(self, waiting: Waiting, heard: Heard) -> bool:
        """Whether a draft's time was up while words of theirs still waited to be heard."""
        run = waiting.run
        fresh = run is not None and run.asked_at >= waiting.received_at
        return waiting.nudge is Nudge.EXPIRE and fresh and self._conversation.may_file(heard, run)

    def _words(self, waiting: Waiting) -> str:
        """What was said, as the loop breaker compares it: told apart, and not to be read."""
        message = waiting.message
        said = message.text or message.token
        if waiting.nudge or not said:
            return ""
        return blake2b(said.encode("utf-8", "replace"), key=self._echo_key, digest_size=8).hexdigest()


def _one_at_the_desk(prepared: Sequence[_Prepared]) -> list[_Prepared]:
    """With one of those who act at the desk: the others see, in the next batch, what that one did."""
    first = next((one for one in prepared if one.acts), None)
    return [one for one in prepared if one is first or not one.acts]


def _reads(contact: Contact, council: Council) -> str:
    """The language in which somebody reads issues: their own where the council works in it."""
    works_in = council.working_languages
    return contact.language if contact.language in works_in else works_in[0]


def _in_pieces(known: Known) -> Known:
    """With the sentences of each issue, for taking it apart; as staff read them where they are as many."""
    return replace(known, desk=replace(known.desk, cases=tuple(map(_cut, known.desk.cases))))


def _cut(case: Case) -> Case:
    pieces = _sentences(case.original, case.language)
    shown = _sentences(case.reading.words, "")
    return replace(case, pieces=pieces, shown=shown if len(shown) == len(pieces) else pieces)


def _sentences(text: str, language: str) -> tuple[str, ...]:
    return tuple(
        piece.strip()
        for line in text.splitlines()
        for piece in sentences.split(line, language)
        if piece.strip()
    )


def _drafted(run: Run | None) -> str:
    """The words that wait to be sent."""
    return "\n".join(piece["text"] for piece in run.answers.get("what", ())) if run else ""


def _noon(day: date, council: Council) -> int:
    """A promise is a day of the calendar, not so many hours: noon is that day, summer-time or not."""
    return int(datetime.combine(day, time(12), ZoneInfo(council.time_zone)).timestamp()) * clock.SECOND


class TurnTaker:
    """Answers what is unread, batch after batch, while it holds the seat."""

    def __init__(
        self,
        database: Database,
        thinker: Thinker,
        talk: Talk,
        metrics: Metrics,
        answered: Callable[[], None],
    ) -> None:
        self._database = database
        self._thinker = thinker
        self._talk = talk
        self._metrics = metrics
        self._answered = answered  # wakes the senders
        self._counted: set[int] = set()  # tried once in this life, and counted before
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Something is unread."""
        self._wake.set()

    async def run(self, *, careful: bool = False) -> None:
        """Take turns until cancelled; `careful` after an unclean stop, for what waited may have caused it."""
        outage = Outage("turns")
        while True:
            try:
                async with self._database.seat("turns") as seat:
                    if careful:
                        await self._singly(seat, self._carefully)
                        careful = False
                    while True:
                        self._wake.clear()
                        if not await self.take(seat):
                            await self._idle()
                        outage.over()
            except OUTAGES as fault:
                await outage.wait(fault)

    async def take(self, seat: Seat) -> int:
        """One batch; how many messages it took, 0 when nothing is unread."""
        try:
            with self._metrics.turning.time():
                return await self._batch(seat, BATCH)
        except OUTAGES:
            raise
        except Exception as fault:  # noqa: BLE001  (whatever it is, the others go on)
            # Nothing of the batch was written. Singly, only the culprit is refused.
            log.warning("batch refused", fault=type(fault).__name__)
            return await self._singly(seat, self._one)

    async def _batch(self, seat: Seat, limit: int) -> int:
        async def work(tx: Tx) -> tuple[int, list[Failed]]:
            now = clock.now()
            batch = await turns.take(tx, now, limit)
            outcomes, failed = await self._thinker.think(tx, batch, now)
            if outcomes:
                await turns.write(tx, outcomes, now)
            return len(outcomes), failed

        answered, failed = await seat.transaction(work, name="C2")
        self._metrics.turns.inc(answered)
        if answered:
            self._answered()
        for one in failed:
            await self._failed(seat, one)
        return answered + len(failed)

    async def _singly(self, seat: Seat, take: Callable[[Seat, Waiting], Awaitable[None]]) -> int:
        """Up to a batch of messages, each in a commit of its own."""
        tried: list[int] = []
        while len(tried) < BATCH:
            waiting = await seat.transaction(lambda tx: turns.take(tx, clock.now(), 1, tuple(tried)))
            if not waiting:
                break
            tried.append(waiting[0].inbox_id)
            await take(seat, waiting[0])
        return len(tried)

    async def _carefully(self, seat: Seat, waiting: Waiting) -> None:
        """One message that may have killed us: if it does so again, its attempt is on record."""
        if waiting.inbox_id not in self._counted:
            self._counted.add(waiting.inbox_id)
            log.info("counted before it is tried", inbox=waiting.inbox_id, before=waiting.attempts)
            # Set aside only when it was under way at as many deaths as it may have failures.
            most = self._talk.set_aside_after + 1
            if await self._count(seat, Failed(waiting, "UncleanStop"), most, wait=0):
                return
        await self._one(seat, waiting)

    async def _one(self, seat: Seat, waiting: Waiting) -> None:
        async def work(tx: Tx) -> list[Failed]:
            now = clock.now()
            outcomes, failed = await self._thinker.think(tx, [waiting], now)
            if outcomes:
                await turns.write(tx, outcomes, now)
            return failed

        try:
            failed = await seat.transaction(work, name="C2")
        except OUTAGES:
            raise
        except Exception as fault:  # noqa: BLE001
            failed = [Failed(waiting, type(fault).__name__)]
        if failed:
            await self._failed(seat, failed[0])
        else:
            self._metrics.turns.inc()
            self._answered()

    async def _failed(self, seat: Seat, failed: Failed) -> None:
        """Count a failed attempt; it is tried again later, or set aside."""
        wait = min(RETRY[0] * 4**failed.waiting.attempts, RETRY[1])
        aside = await self._count(seat, failed, self._talk.set_aside_after, wait)
        self._metrics.turn_faults.inc()
        log.warning("turn failed", inbox=failed.waiting.inbox_id, fault=failed.fault, aside=aside)

    async def _count(self, seat: Seat, failed: Failed, most: int, wait: int) -> bool:
        """Count an attempt, in a transaction of its own; True when it was one too many, and set aside."""
        waiting = failed.waiting

        async def work(tx: Tx) -> bool:
            now = clock.now()
            if await inbox.attempted(tx, waiting.inbox_id, now, now + wait, failed.fault) < most:
                return False
            await inbox.aside(tx, waiting.inbox_id, failed.fault)
            if waiting.nudge is not Nudge.ASIDE:
                await inbox.nudge(tx, waiting.contact.id, Nudge.ASIDE, f"aside:{waiting.inbox_id}", now)
            return True

        return await seat.transaction(work, name="attempt")

    async def _idle(self) -> None:
        try:
            async with asyncio.timeout(LOOK):
                await self._wake.wait()
        except TimeoutError:
            return
