"""Think: what each message of a batch leads to.

A message is heard, told what it has to know, and answered, each step for the whole batch. Nothing is
written here, and what raises at one message spoils nothing for the others: it is told apart.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from hashlib import blake2b
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from bot import clock
from bot.config import Talk
from bot.informing import Prepared, inform
from bot.languages import Languages
from bot.window import LENGTH
from core.council import Council
from core.desk import Seek
from core.events import Blocked, DraftOpened, IssueReopened, QuestionAnswered, Unblocked
from core.phrases import Phrases
from core.poster import Poster
from core.talk import Command, Heard, Nudge, Turn
from flows.conversation import Conversation, Situation
from flows.given import Given
from flows.loops import Loop, repeated
from outreach.week import by_day
from storage.database import Tx
from storage.turns import Outcome, Waiting

#: a batch lets the web answer between so many turns
BREATHE = 16
#: what is said about a thing of the desk, which the nudge names
ABOUT = (Nudge.NEWS, Nudge.LOOK)
#: the channel that carries words alone, each of which costs
SMS = "sms"
#: the channel that takes what we like only for a day; who is reminded there, is so long before that is over
WHATSAPP, BEFORE_IT_CLOSES = "whatsapp", 2 * clock.HOUR
#: after these the council is to speak by a day that is promised anew
PROMISING = (IssueReopened, QuestionAnswered)

T = TypeVar("T")
R = TypeVar("R")


class Failed(Struct, frozen=True):
    """A message whose turn raised."""

    waiting: Waiting
    fault: str  #: the type of what was raised: its text may hold what people wrote


class Thinker:
    """Everything a turn needs that does not change: councils, words, patience."""

    def __init__(
        self, councils: Sequence[Council], catalogs: Mapping[str, Phrases], talk: Talk, echo_key: bytes
    ) -> None:
        self._councils = {council.key: council for council in councils}
        self._catalogs = catalogs
        self._catalogs_by_sms = {tag: phrases.by_sms for tag, phrases in catalogs.items()}
        self._talk = talk
        self._echo_key = echo_key
        self._conversation = Conversation(catalogs)
        self._languages = Languages(councils, catalogs)

    async def think(self, tx: Tx, batch: Sequence[Waiting], now: int) -> tuple[list[Outcome], list[Failed]]:
        """What each message leads to; one that raises is told apart and spoils nothing."""
        failed: list[Failed] = []
        heard = await _each(batch, self._prepare, failed, lambda waiting: waiting)
        prepared = _one_at_the_desk(heard)
        await inform(tx, self._conversation, prepared, now)
        outcomes = await _each(prepared, lambda one: self._answer(one, now), failed, lambda one: one.waiting)
        return outcomes, failed

    def _prepare(self, waiting: Waiting) -> Prepared:
        contact, run = waiting.contact, waiting.run
        prefix = self._council(contact.council).prefix
        heard = self._heard(waiting, prefix)
        council = self._council(heard.poster.council if heard.poster else contact.council)
        text = heard.rest or (heard.text if self._conversation.is_free_text(heard) else "")
        belongs_to = self._conversation.languages_of(heard)
        language, tags = self._languages.of_message(waiting, heard, text, council, belongs_to)
        catalogs = self._catalogs_by_sms if waiting.channel == SMS else self._catalogs
        second = catalogs[tags[1]] if len(tags) > 1 else None
        if language:
            heard = replace(heard, language=language)
        seek = self._conversation.seeks(heard, run, prefix)
        return Prepared(waiting, council, heard, catalogs[tags[0]], second, seek)

    def _heard(self, waiting: Waiting, prefix: str) -> Heard:
        if waiting.nudge:
            seek = Seek(nudge=waiting.message.external_id) if waiting.nudge in ABOUT else None
            return Heard(nudge=waiting.nudge, seek=seek)
        run = waiting.run
        # Late is what was written late, not what had to wait for us.
        patience = self._talk.late_hours * clock.HOUR
        late = run is not None and run.asked_at > 0 and waiting.received_at - run.asked_at >= patience
        heard = self._conversation.hear(
            waiting.message,
            waiting.contact,
            early=waiting.early,
            late=late,
            prefix=prefix,
            by_sms=waiting.channel == SMS,
        )
        return replace(heard, poster=self._known(heard.poster)) if heard.poster else heard

    def _known(self, poster: Poster) -> Poster | None:
        """A poster of a council that we have, with its language as the council names it, if it speaks it."""
        council = self._councils.get(poster.council)
        if council is None:
            return None
        spoken = (tag for tag in council.languages if tag in self._catalogs)
        language = next((tag for tag in spoken if tag.lower() == poster.language), "")
        return replace(poster, language=language)

    def _council(self, key: str) -> Council:
        # A council that is not configured any more: its people are heard by the first one that is.
        return self._councils.get(key) or next(iter(self._councils.values()))

    def _answer(self, one: Prepared, now: int) -> Outcome:
        waiting, talk = one.waiting, self._talk
        given = _given(one, now)
        situation = Situation(one.heard, waiting.run, given, one.phrases, one.second)
        echo, loop = repeated(
            waiting.echo, self._words(waiting), now, talk.loop_same_words, talk.loop_minutes * clock.MINUTE
        )
        turn = self._turn(waiting, situation, loop)
        if turn.events:
            in_its_language = self._languages.of_event
            events = tuple(in_its_language(event, waiting.contact, one.council) for event in turn.events)
            turn = replace(turn, events=events)
        promises = bool(one.references) or any(isinstance(event, PROMISING) for event in turn.events)
        return Outcome(
            waiting,
            turn,
            echo,
            hear_by=_noon(given.hear_by, one.council) if promises else 0,
            quiet_until=now + talk.quiet_seconds * clock.SECOND,
            reminder_at=_remind_at(one, now, talk.remind_hours),
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
                turn = self._conversation.converse(situation)
                if situation.heard.command is not Command.START:
                    return turn
                # Whoever says START is to hear us again, whatever a provider told us before.
                return replace(turn, events=(Unblocked(), *turn.events))

    def _wrote_meanwhile(self, waiting: Waiting, heard: Heard) -> bool:
        """Whether a draft's time was up while words of theirs still waited to be heard."""
        run = waiting.run
        fresh = run is not None and run.asked_at >= waiting.received_at
        return waiting.nudge is Nudge.EXPIRE and fresh and self._conversation.may_file(heard, run)

    def _words(self, waiting: Waiting) -> str:
        """What was said, as the loop breaker compares it: told apart, and not to be read."""
        message = waiting.message
        said = message.text or message.token
        if waiting.nudge or message.answered or not said:
            return ""
        return blake2b(said.encode("utf-8", "replace"), key=self._echo_key, digest_size=8).hexdigest()


async def _each(
    items: Sequence[T], step: Callable[[T], R], failed: list[Failed], whose: Callable[[T], Waiting]
) -> list[R]:
    """Take a step with each; where it raises, that one joins those that failed."""
    done: list[R] = []
    for place, item in enumerate(items):
        if place % BREATHE == BREATHE - 1:
            await asyncio.sleep(0)
        try:
            done.append(step(item))
        except Exception as fault:  # noqa: BLE001  (whatever it is, the others go on)
            failed.append(Failed(whose(item), type(fault).__name__))
    return done


def _given(one: Prepared, now: int) -> Given:
    return Given(
        one.council,
        one.waiting.contact,
        one.known,
        now,
        heard_at=one.waiting.received_at,
        reference=next(iter(one.references), ""),
        run_id=secrets.token_hex(3),
        spare=one.references,
        by_sms=one.waiting.channel == SMS,
    )


def _remind_at(one: Prepared, now: int, hours: int) -> int:
    """When somebody is reminded of a draft that they open now."""
    at = now + hours * clock.HOUR
    if one.waiting.channel != WHATSAPP:
        return at
    # Later only a template goes out; and of the hours before, some may be of the night.
    return by_day(one.council, min(at, now + LENGTH - BEFORE_IT_CLOSES), now)


def _one_at_the_desk(prepared: Sequence[Prepared]) -> list[Prepared]:
    """With one of those who act at the desk: the others see, in the next batch, what that one did."""
    first = next((one for one in prepared if one.acts), None)
    return [one for one in prepared if one is first or not one.acts]


def _noon(day: date, council: Council) -> int:
    """A promise is a day of the calendar, not so many hours: noon is that day, summer-time or not."""
    return int(datetime.combine(day, time(12), ZoneInfo(council.time_zone)).timestamp()) * clock.SECOND
