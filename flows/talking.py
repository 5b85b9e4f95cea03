"""One message that is being answered: what its answer stands on, and how that is put.

What is open is asked again when something else came between, and what was interrupted when that has come to
its end: every part of the conversation says it in this one way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import replace

from core.events import IssueAdded
from core.phrases import Phrases
from core.talk import Heard, Run, Sign, Spoken, Turn
from flows import engine
from flows.choices import number
from flows.given import Given, emergency
from flows.lexicon import Lexicon
from flows.news import asked, news
from flows.own_issues import correct
from flows.raise_issue import has_words, raise_issue
from flows.seeking import STAFF_FLOWS
from flows.steps import Flow

#: what is asked again after something else came between
KEPT = (raise_issue.id, news.id, asked.id, *STAFF_FLOWS)
#: fewer words than this, given to a question they do not answer, are a mistyped answer and no addition
WORDS_OF_AN_ADDITION = 3


class Situation(Struct, frozen=True):
    """One message and all that the conversation may know when it answers."""

    heard: Heard
    run: Run | None
    given: Given
    phrases: Phrases
    second: Phrases | None = None  #: while we are unsure of the language, we ask in two


class Talking:
    """What every part of an answer has at hand; lives for one call."""

    def __init__(self, lexicon: Lexicon, situation: Situation) -> None:
        self.lexicon = lexicon
        self.triggers = lexicon.triggers
        self.flows = lexicon.flows
        self.catalogs = lexicon.catalogs
        self.situation = situation
        self.heard = situation.heard
        self.run = situation.run
        self.given = situation.given
        self.phrases = situation.phrases

    def only(self, text: str) -> Turn:
        """One sentence, and nothing else changes."""
        return Turn(self.run, (self.say(text),))

    def again(self, before: str = "", *, quiet: bool = False) -> Turn:
        """A sentence, and the open question once more if there is one."""
        if self.run is None:
            return Turn(None, (self.say(before),) if before else ())
        flow = self.flows.get(self.run.flow)
        if flow is None:
            return self.without(self.run)
        turn = engine.ask_again(flow, self.run, self.phrases, self.given, before)
        says = tuple(replace(one, quiet=quiet) for one in turn.says)
        return self.settle(replace(turn, says=says))

    def left(self, run: Run) -> Turn:
        """Leave what is open; what it interrupted is asked again."""
        return self.at(run.below).again(self.phrases.say("engine.left"))

    def interrupt(self, flow: str, answers: Mapping[str, Any] | None = None) -> Turn:
        """Open another flow above the one that is open, which is asked again when this one ends."""
        below = self.run if self.run and self.run.flow in KEPT else self.run and self.run.below
        if flow in STAFF_FLOWS and below:
            below = beside_the_desk(below)
        run = Run(self.given.run_id, flow, answers=answers or {}, begun_at=self.given.heard_at, below=below)
        return self.settle(engine.start(self.flows[flow], run, self.phrases, self.given))

    def advance(self, flow: Flow, run: Run, heard: Heard) -> Turn:
        """Take an answer to the open question."""
        return self.settle(engine.advance(flow, run, heard, self.phrases, self.given))

    def settle(self, turn: Turn) -> Turn:
        """A flow that has come to its end gives way to the one it interrupted."""
        run = turn.run
        if run is None or run.step:
            return turn
        phrases = self.phrases
        if run.flow == "language":
            # From here on in the language that was chosen, and only in that one.
            phrases = self.phrases_in(run.answers["tag"])
            said = Spoken(phrases.say("language.done"), phrases.language)
            turn = replace(turn, says=(*turn.says, said))
        if (run.flow == "delete" and run.answers.get("sure") == "delete") or run.answers.get(
            "what_now"
        ) == "erase":
            # Nobody is written to who was erased, but for the answer to that.
            return replace(turn, run=None, says=tuple(replace(one, farewell=True) for one in turn.says))
        if run.below is None:
            return replace(turn, run=None)
        open_again = in_danger(run.below) if corrects_to_danger(run, run.below) else run.below
        # What they are asked to agree to they have not read in another language.
        below = self.at(put_whole(open_again) if phrases is not self.phrases else open_again, phrases).again()
        return Turn(below.run, (*turn.says, *below.says), (*turn.events, *below.events))

    def phrases_in(self, tag: str) -> Phrases:
        """Our words in another language, as they are read here."""
        phrases = self.catalogs[tag]
        return phrases.by_sms if self.given.by_sms else phrases

    def without(self, run: Run) -> Turn:
        """A flow that is gone after a deploy: its run ends, and nothing is used up."""
        return self.at(run.below).again(self.phrases.say("engine.gone"))

    def at(self, run: Run | None, phrases: Phrases | None = None) -> Self:
        """The same message where another question is open, or in another language."""
        return type(self)(self.lexicon, replace(self.situation, run=run, phrases=phrases or self.phrases))

    def warned(self, turn: Turn) -> Turn:
        """Emergency numbers and the youth contact come first, and nothing is held up by them."""
        first = []
        if self.dangerous() and self.given.council.emergency:
            numbers = emergency(self.given, self.phrases)
            first.append(self.say(self.phrases.say("welcome.danger", emergency=numbers)))
        if Sign.CHILD in self.heard.signs and self.given.council.youth:
            first.append(self.say(self.phrases.say("welcome.child", youth=self.given.council.youth)))
        return replace(turn, says=(*first, *turn.says)) if first else turn

    def addition(self, reference: str) -> IssueAdded:
        """These words, and what came with them, join a filed issue."""
        heard, media = self.heard, tuple(one.id for one in self.heard.attachments)
        danger, language = self.dangerous(), self.given.contact.language
        return IssueAdded(reference, heard.text.strip(), heard.ref, media, language, danger)

    # Saying

    def say(self, text: str) -> Spoken:
        """A message of ours."""
        return Spoken(text, self.phrases.language)

    def spoken(self, key: str, *, farewell: bool = False) -> Spoken:
        """One of our sentences."""
        return Spoken(self.phrases.say(key), self.phrases.language, farewell=farewell)

    def council(self) -> dict[str, str]:
        """Who we are, for the sentences that say it."""
        return {"council": self.given.council.name}

    # Asking ourselves

    def declines(self, text: str) -> bool:
        """Whether this says no, and nothing else."""
        return bool(text) and self.triggers.declines(text)

    def agrees(self, text: str) -> bool:
        """Whether this says yes, and nothing else."""
        return self.triggers.agrees(text)

    def dangerous(self) -> bool:
        """Whether a danger is named."""
        return Sign.DANGER in self.heard.signs

    def cancels(self) -> bool:
        """Whether this says "never mind", and nothing else."""
        heard = self.heard
        alone = not (heard.command or heard.pick or heard.attachments or heard.place)
        return alone and self.triggers.cancels(heard.text)

    def yes_or_no(self) -> bool:
        """Whether this says yes or no, and nothing else."""
        return self.triggers.agrees(self.heard.text) or self.triggers.declines(self.heard.text)

    def chooses(self, run: Run) -> bool:
        """Whether this chooses one of the options of the open question."""
        flow = self.flows.get(run.flow)
        return flow is not None and engine.chosen(flow, run, self.heard, self.phrases, self.given) is not None

    def understood(self, run: Run) -> bool:
        """Whether this would answer the open question."""
        flow = self.flows.get(run.flow)
        return flow is not None and engine.understood(flow, run, self.heard, self.phrases, self.given)

    def says_something(self) -> bool:
        """Whether this is a sentence, and no mistyped answer."""
        text, told = self.heard.text, number(self.heard.answer) is None
        return told and has_words(text) and len(text.split()) >= WORDS_OF_AN_ADDITION

    def tells(self) -> bool:
        """Whether there is something in it that a draft can keep."""
        heard = self.heard
        return has_words(heard.text) or bool(heard.attachments) or heard.place is not None

    def draft(self) -> Run | None:
        """The run whose words are not filed yet, wherever it waits."""
        run = self.run
        while run is not None and (run.flow != raise_issue.id or engine.unsent(run) is None):
            run = run.below
        return run


def beside_the_desk(run: Run) -> Run | None:
    """What waits while staff do something new: not what they began before, nor what is wrong in town."""
    if run.flow in STAFF_FLOWS:
        return run.below
    return run if run.flow != raise_issue.id or run.answers else None


def in_danger(run: Run) -> Run:
    """A run that remembers that a danger was named."""
    return replace(run, answers={**run.answers, "danger": True})


def put_whole(run: Run | None) -> Run | None:
    """A run whose question is put whole the next time, and so are those that it interrupted."""
    return replace(run, whole=True, below=put_whole(run.below)) if run else None


def corrects_to_danger(run: Run, below: Run) -> bool:
    """Whether a correction of the issue that is asked about named a danger."""
    changed = run.flow == correct.id and run.answers.get("sure") == "change" and "danger" in run.answers
    return changed and below.answers.get("reference") == run.answers.get("which")
