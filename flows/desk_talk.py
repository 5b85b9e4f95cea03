"""What staff write: a code that begins something, and their answers to what the desk then asks.

How somebody becomes staff is here too; what the desk asks stands in desk.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from core.desk import Case, Desk, Invitation, Offered
from core.events import (
    Event,
    InvitationRefused,
    IssueAnswered,
    IssuesPutTogether,
    IssueViewed,
    LanguageHeard,
    ProposalDeclined,
    StaffJoined,
)
from core.staff import may
from core.talk import Heard, Run, Spoken, Turn
from flows import codes
from flows.choices import number
from flows.desk import ACTS, ASKED, desk, is_gone, look
from flows.desk_texts import case_line
from flows.raise_issue import raise_issue
from flows.steps import Flow
from flows.talking import Talking

DAY = 24 * 60 * 60 * 1_000_000


def meant(cases: Sequence[Case]) -> Sequence[Case]:
    """The issues that a number may mean: the newest digest's, and older ones that nobody has answered since.

    An old digest's "1A" must never reach another issue: where it may mean two, we ask.
    """
    newest, *older = cases
    doubtful = {case.reference: case for case in older if case.open and case.reference != newest.reference}
    return [newest, *doubtful.values()]


class DeskTalk:
    """The answer to one message of staff; lives for one call."""

    def __init__(self, talk: Talking) -> None:
        self._talk = talk
        self._heard = talk.heard
        self._given = talk.given
        self._phrases = talk.phrases

    # A code

    def answer(self) -> Turn:
        """Do what the code says."""
        seek, found = self._heard.seek, self._given.known.desk
        assert seek is not None  # noqa: S101 - asked for before
        if found.invitation:
            return self.invited(found.invitation)
        if seek.several:
            return self._only("desk.several")
        if seek.look:
            return self.look(found)
        if seek.proposal:
            return self.offered(found.offered)
        if not self._may(ACTS.get(self._heard.act, "original")):
            return self._only("desk.not_yours")
        return self.all_seen(found) if seek.all_new else self.begin(found)

    def begin(self, found: Desk) -> Turn:
        """One issue, or the choice among several that may have been meant."""
        seek = self._heard.seek
        if found.gone:
            return self._only("desk.gone")
        if not found.cases:
            if seek and seek.number:
                number = f"W{seek.week} {seek.number}" if seek.week else str(seek.number)
                return self._only("desk.no_such_number", number=number)
            return self._only("desk.no_such", example=f"{self._given.council.prefix}-7K4M")
        among = meant(found.cases)
        answers: dict[str, Any] = {
            "since": min(case.shown_at or self._given.now - DAY for case in among),
            "among": [case.reference for case in among],
        }
        if len(among) == 1:
            answers["which"] = among[0].reference
        answers |= {
            name: value for name, value in (("act", self._heard.act), ("rest", self._heard.rest)) if value
        }
        turn = self._not_sent(self._talk.run, self._fed(self._talk.interrupt(desk.id, answers)))
        # Whoever is asked about an issue has it before them: as it was written, where it is not translated.
        asked = turn.run is not None and turn.run.flow == desk.id and turn.run.step != "which"
        viewed = [IssueViewed(one.reference, original=asked and not one.reading.words) for one in among]
        return self._with(turn, *viewed)

    def _not_sent(self, open_before: Run | None, turn: Turn) -> Turn:
        """An answer that waited for a yes gives way to another code: that it was not sent is said."""
        if open_before is None or open_before.flow != desk.id or open_before.step != "meanwhile":
            return turn
        said = self._phrases.say("desk.not_sent", reference=open_before.answers["which"])
        return Turn(turn.run, (Spoken(said, self._phrases.language), *turn.says), turn.events)

    def all_seen(self, found: Desk) -> Turn:
        """Everything new in a digest was read."""
        if not found.cases:
            return self._only("desk.nothing_new")
        references = [case.reference for case in found.cases]
        turn = self._only("desk.all_seen", references=self._phrases.listed(references))
        return self._with(turn, *(IssueAnswered(reference, "seen") for reference in references))

    def offered(self, offered: Offered | None) -> Turn:
        """Put together what a digest proposed, or leave it apart."""
        if not self._may("answer"):
            return self._only("desk.not_yours")
        if offered is None:
            return self._only("desk.no_proposal")
        if self._talk.declines(self._heard.rest):
            return self._with(self._only("desk.left_apart"), ProposalDeclined(offered.id))
        if self._heard.rest and not self._talk.agrees(self._heard.rest):
            cases = "\n".join(case_line(case, self._phrases) for case in offered.cases)
            return self._only("desk.offered", cases=cases, code=f"G{offered.number}")
        references = tuple(case.reference for case in offered.cases)
        turn = self._only("desk.put_together", references=self._phrases.listed(references))
        return self._with(turn, IssuesPutTogether(references, offered.id))

    def look(self, found: Desk) -> Turn:
        """The next translation that waits for a look."""
        if not self._may("look"):
            return self._only("desk.not_yours")
        if found.look is None:
            return self._only("desk.look.none")
        return self._talk.interrupt(look.id, {"answer": f"{found.look.answer_id}:{found.look.language}"})

    def invited(self, invitation: Invitation) -> Turn:
        """Somebody has an invitation."""
        if invitation.state == "used":
            return self._with(self._only("desk.join.used"), InvitationRefused(invitation.code))
        if invitation.state != "open":
            return self._only(f"desk.join.{invitation.state}")
        turn = self._only(
            "desk.join.done",
            council=self._given.council.name,
            role=self._phrases.say(f"desk.role.{invitation.role}"),
            what=self._phrases.say(f"desk.what.{invitation.role}"),
        )
        return self._with(turn, StaffJoined(invitation.code), *self._speaks())

    # The open question

    def go_on(self, run: Run, flow: Flow) -> Turn:
        """Staff go on; who was staff until now does nothing any more."""
        if refusal := self._refused(run):
            return self._talk.at(run.below).again(self._phrases.say(refusal))
        if self._talk.cancels():
            return self._talk.left(run)
        return self._fed(self._talk.advance(flow, self._in_their_words(run), self._lettered(run)))

    def _lettered(self, run: Run) -> Heard:
        """At the list of what can be done its letter, or its name, does as its number does."""
        act, rest = codes.act_of(self._heard.text, self._talk.lexicon.acts)
        numbers = {option: number for number, option in run.offered}
        if run.step != "act" or rest or act not in numbers or self._talk.chooses(run):
            return self._heard
        return replace(self._heard, text=str(numbers[act]), bare="")

    def _refused(self, run: Run) -> str:
        """Why the open question of the desk takes no answer any more; "" when it does."""
        role, known = self._given.contact.role, self._given.known.desk
        if role is None:
            return "desk.no_longer"
        if not may(role, "look" if run.flow == look.id else ACTS[run.answers.get("act", "original")]):
            return "desk.not_yours"
        if run.flow == look.id:
            return "" if known.look else "desk.look.gone"
        return "desk.gone" if is_gone(run.answers, self._given) else ""

    def _fed(self, turn: Turn) -> Turn:
        """What was written behind a code answers the question that the code leads to."""
        run = turn.run
        rest = run.answers.get("rest") if run and run.flow == desk.id and run.step in ASKED else None
        if run is None or not rest:
            return turn
        run = replace(run, answers={name: value for name, value in run.answers.items() if name != "rest"})
        answered = self._talk.advance(desk, self._in_their_words(run), Heard(text=rest))
        return Turn(answered.run, answered.says, (*turn.events, *answered.events))

    def _in_their_words(self, run: Run) -> Run:
        """A run that knows which language staff write in: what was heard, else one that the council reads."""
        works_in, speaks = self._given.council.working_languages, self._given.contact.language
        language = self._heard.language or (speaks if speaks in works_in else works_in[0])
        return replace(run, answers={**run.answers, "language": language})

    # A number alone

    def is_number_alone(self) -> bool:
        """Whether staff wrote a number alone, and no question waits but what is wrong in town."""
        heard, run = self._heard, self._talk.run
        alone = number(heard.text) is not None and not (heard.pick or heard.attachments or heard.place)
        waits = run is not None and (run.flow != raise_issue.id or bool(run.answers))
        return alone and self._given.contact.role is not None and not waits

    def number_alone(self) -> Turn:
        """Staff wrote a number, and nothing is open that it answers: what can be written behind it."""
        role = self._given.contact.role
        if not may(role, "answer"):
            return self._talk.only(self._phrases.say(f"desk.what.{role}"))
        return self._talk.only(self._phrases.say("desk.number_alone", code=f"{number(self._heard.text)}A"))

    def _speaks(self) -> tuple[Event, ...]:
        """Staff whose language we do not know yet are written to in that of the invitation's answer."""
        return () if self._given.contact.language else (LanguageHeard(self._phrases.language),)

    def _may(self, duty: Any) -> bool:
        return may(self._given.contact.role, duty)

    def _only(self, key: str, **values: str) -> Turn:
        return self._talk.only(self._phrases.say(key, **values))

    def _with(self, turn: Turn, *events: Event) -> Turn:
        return Turn(turn.run, turn.says, (*events, *turn.events))
