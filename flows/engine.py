"""Walk one flow: take an answer, go on to the next question.

`advance` is a pure function: same input, same output. Its rules, each with a transcript:

1. A reply answers only the question that was asked. If that question is gone after a deploy, ask
   what comes next and use up nothing.
2. Numbers count in the list that was shown: the run keeps the option ids it offered.
3. Ids are for ever; `Flow.moved` carries a rename.
4. The next step is the next one in order whose `when` holds.
5. Back steps down the trail and forgets the later answers; a `Note` clears the trail.
6. Commands are recognised before the engine; it sees `Command.BACK` and `Command.SKIP`.
7. A choice is a digit, a label, a synonym or a small slip of these (choices.py).
8. Budgets: steps a turn, answers a run, characters an answer; past them a sentence, no exception.
9. Reference, time and everything else it cannot know are handed in.
10. What was written before the question was shown, or a day after, uses up nothing.
11. At a `Confirm`, what is no answer is more of the same, and the question waits for the quiet.

A run whose `step` is "" has come to its end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from msgspec.structs import replace

from core.events import DraftClosed, DraftOpened, Event, IssueAdded, IssueDetailed
from core.phrases import Phrases
from core.talk import Command, Heard, Option, Pick, Run, Sign, Spoken, Turn
from flows.choices import LONGEST, choose, number, repeated
from flows.given import Given, span
from flows.steps import CONFIRM_NUMBERS, Ask, Choose, Confirm, Flow, Note, Question, Refusal, Say, Takes
from flows.values import Values

STEPS_A_TURN = 200  #: a survey of nothing but notes ends here
ANSWERS_A_RUN = 500
CHARACTERS_AN_ANSWER = 10_000
CHARACTERS_A_DRAFT = 40_000  #: all that one issue can hold
PIECES_A_DRAFT = 100


def start(flow: Flow, run: Run, phrases: Phrases, given: Given) -> Turn:
    """Begin a flow: say what comes first, up to the first question."""
    return _Walk(flow, replace(run, flow=flow.id, step=""), phrases, given).go_on(0)


def advance(flow: Flow, run: Run, heard: Heard, phrases: Phrases, given: Given) -> Turn:
    """Take what was said to the open question, and go on."""
    return _Walk(flow, run, phrases, given).take(heard)


def ask_again(
    flow: Flow, run: Run, phrases: Phrases, given: Given, before: str = "", *, brief: bool = False
) -> Turn:
    """Put the open question once more, with a sentence before it if there is one; `brief` without its text.

    One that may be left out, and that something else has answered meanwhile, is passed over.
    """
    walk = _Walk(flow, run, phrases, given, pending=[before] if before else [])
    question = walk.question()
    if question is None:
        return walk.go_on(walk.place_after_trail())
    if walk.is_settled(question):
        return walk.go_on(walk.place_of(question) + 1)
    return walk.ask(question, again=not run.whole, brief=brief)


def understood(flow: Flow, run: Run, heard: Heard, phrases: Phrases, given: Given) -> bool:
    """Whether this would answer the open question."""
    walk = _Walk(flow, run, phrases, given)
    question = walk.question()
    answer = walk.answer(question, heard) if question else None
    return answer is not None and not isinstance(answer, Refusal)


def chosen(flow: Flow, run: Run, heard: Heard, phrases: Phrases, given: Given) -> str | None:
    """Which option of the open question this would choose; None when it is no choice, or chooses none."""
    walk = _Walk(flow, run, phrases, given)
    question = walk.question()
    return walk.chosen(question, heard) if isinstance(question, Choose | Confirm) else None


@dataclass
class _Walk:
    """One turn's walk through one flow; lives for one call."""

    flow: Flow
    run: Run
    phrases: Phrases
    given: Given
    says: list[Spoken] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)  #: said in one message with the next question

    # What was said

    def take(self, heard: Heard) -> Turn:
        question = self.question()
        if question is None:
            return self.go_on(self.place_after_trail())
        if heard.command is Command.BACK:
            return self.back()
        if heard.command is Command.SKIP or self.skips(heard):
            return self.skip(question)
        if len(heard.text) > CHARACTERS_AN_ANSWER or len(self.run.answers) >= ANSWERS_A_RUN:
            return self.ask(question, self.say("engine.too_long", most=str(CHARACTERS_AN_ANSWER)))
        if isinstance(question, Ask) and question.gathers:
            return self.gather(question, heard)
        answer = self.answer(question, heard)
        if (heard.early or heard.late) and (answer is not None or not isinstance(question, Confirm)):
            # Two taps on one button: the question is on its way already, and comes again only in the quiet.
            return self.ask(question, self.about() if heard.late else "", quiet=heard.early)
        match question:
            case Confirm():
                return self.confirm(question, heard, answer)
            case Ask() | Choose():
                if answer is None or isinstance(answer, Refusal):
                    return self.ask(
                        question, self.otherwise(question, answer), brief=isinstance(question, Ask)
                    )
                self.keep(question, answer, heard)
                return self.go_on(self.place_of(question) + 1)
            case _ as never:
                assert_never(never)

    def answer(self, question: Question, heard: Heard) -> Any:
        """The answer as it is kept, a JSON value; a Refusal, or None, when this is none."""
        if not isinstance(question, Ask):
            return self.chosen(question, heard)
        if heard.place and "place" in question.takes:
            return {"lat": heard.place.lat, "lon": heard.place.lon, "name": heard.place.name}
        media = [
            one for one in heard.attachments if one.kind in _KINDS and _KINDS[one.kind] in question.takes
        ]
        words = heard.text.strip()
        said = bool(words) and "words" in question.takes and question.check(words)
        if not media and not said:
            return None
        if question.reads:
            return question.reads(words, self.run.answers, self.given, self.phrases)
        if question.detail:
            return words
        return {
            "text": words,
            "ref": heard.ref,
            "media": [one.id for one in media],
            "kinds": [one.kind for one in media],
        }

    def chosen(self, question: Choose | Confirm, heard: Heard) -> str | None:
        shown = dict(self.run.offered)
        if heard.pick:
            fits = heard.pick.run == self.run.id and heard.pick.step == self.run.step
            return heard.pick.option if fits and heard.pick.option in shown.values() else None
        if (digit := number(heard.answer)) is not None:
            return shown.get(digit)
        if len(heard.text) > LONGEST:
            return None
        labels = {option.id: option.label for option in self.options(question)}
        offered = [
            (number, option, (labels.get(option, ""), *self.synonyms(question, option)))
            for number, option in self.run.offered
        ]
        found = choose(heard.text, offered)
        if found is None and isinstance(question, Confirm):
            # Elsewhere what stands beside an answer may be told: "no, thank you" is no "no".
            return choose(heard.answer, offered) or repeated(heard.answer, offered)
        return found

    def synonyms(self, question: Choose | Confirm, option: str) -> tuple[str, ...]:
        """Other names of an option; those of a Confirm are the same in every flow."""
        own = self.phrases.words(f"{self.key(question)}.{option}.synonyms")
        shared = self.phrases.words(f"confirm.{option}.synonyms") if isinstance(question, Confirm) else ()
        return own + shared

    def skips(self, heard: Heard) -> bool:
        """Whether the option that leaves a question out was chosen."""
        if (SKIP.number, SKIP.id) not in self.run.offered or heard.early:
            return False
        if heard.pick:
            return heard.pick == Pick(self.run.id, self.run.step, SKIP.id)
        return (
            number(heard.answer) == SKIP.number
            or choose(heard.text, [(-1, SKIP.id, (self.say("engine.skip"),))]) == SKIP.id
        )

    def confirm(self, question: Confirm, heard: Heard, answer: str | None) -> Turn:
        match answer:
            case "send":
                self.keep(question, answer, heard)
                return self.go_on(self.place_of(question) + 1)
            case "erase":
                self.pending.append(self.say("draft.erased"))
                return self.end()
            case "more":
                return self.ask(
                    question, self.say("notice.more", **notice(self.given, self.phrases)), brief=True
                )
            case "add":
                return self.ask(question, self.say("draft.go_on"), bare=True)
            case _:
                return self.grow(question, heard)

    def gather(self, question: Ask, heard: Heard) -> Turn:
        """The first words of a draft; a picture or a place alone is kept, and we ask what is wrong there."""
        words = heard.text.strip()
        spoken = any(one.kind in SPOKEN for one in heard.attachments)
        enough = spoken or (bool(words) and question.check(words))
        if not enough and not heard.attachments and not heard.place:
            return self.ask(question, self.otherwise(question), brief=True)
        answers = added(self.run.answers, question.id, heard if enough else replace(heard, text=""))
        if answers is None:
            return self.ask(question, self.say("draft.full"), brief=True)
        asked = unsent(self.run) is not None
        self.run = replace(self.run, answers=answers)
        self.events.append(DraftOpened())
        if not enough:
            # The pictures of an album come one by one: we have asked at the first.
            return self.ask(question, self.say(f"{self.key(question)}.beside"), brief=True, quiet=asked)
        # Not on the trail: stepping back behind it would drop the words.
        self.run = replace(self.run, step="", offered=())
        return self.go_on(self.place_of(question) + 1)

    def grow(self, question: Confirm, heard: Heard) -> Turn:
        """More of the same: it joins the draft, and the question comes back in the quiet."""
        if not (heard.text.strip() or heard.attachments or heard.place):
            return self.ask(question, again=True)
        wordless = not any(map(str.isalnum, heard.text)) and not heard.attachments and not heard.place
        if wordless or self.only_numbers(heard.answer):
            return self.ask(question, self.say("engine.choose"), again=True)
        answers = added(self.run.answers, question.adds_to, heard)
        if answers is None:
            return self.ask(question, self.say("draft.full"), brief=True)
        self.run = replace(self.run, answers=answers)
        self.events.append(DraftOpened())
        return self.ask(question, quiet=True, again=True)

    def only_numbers(self, said: str) -> bool:
        """Whether this is a number, or several of those that were offered: between them we do not guess."""
        shown = {number for number, _ in self.run.offered}
        several = bool(said) and all(number(word) in shown for word in said.split())
        return number(said) is not None or several

    def keep(self, question: Question, answer: Any, heard: Heard) -> None:
        """Put an answer on the trail, and a detail of a filed issue on record."""
        answers = {**self.run.answers, question.id: answer}
        trail = tuple(step for step in self.run.trail if step != question.id)
        self.run = replace(self.run, answers=answers, trail=(*trail, question.id), step="", offered=())
        reference = answers.get("reference")
        if not reference or isinstance(question, Confirm):
            return
        if question.detail:
            place = heard.place
            self.events.append(
                IssueDetailed(
                    reference,
                    question.detail,
                    str(place) if place else str(answer),
                    place.lat if place else None,
                    place.lon if place else None,
                )
            )
        elif isinstance(question, Ask) and "photo" in question.takes:
            media = tuple(one.id for one in heard.attachments)
            danger = Sign.DANGER in heard.signs
            self.events.append(
                IssueAdded(
                    reference, heard.text.strip(), heard.ref, media, self.given.contact.language, danger
                )
            )

    # Where we go

    def go_on(self, place: int) -> Turn:
        """Take the steps from here on, up to the next question or the end."""
        for step in self.flow.steps[place : place + STEPS_A_TURN]:
            if not step.when(self.run.answers, self.given):
                continue
            match step:
                case Say():
                    self.pending.append(self.text(step))
                    if step.ends:
                        return self.end()
                    if step.alone:
                        self.flush()
                case Note():
                    self.note(step)
                case Ask() | Choose() | Confirm():
                    return self.ask(step)
                case _ as never:
                    assert_never(never)
        return self.end()

    def note(self, step: Note) -> None:
        self.run = replace(
            self.run, answers={**self.run.answers, **step.remember(self.run.answers, self.given)}
        )
        self.events.extend(step.make(self.run.answers, self.given))
        left = {name: value for name, value in self.run.answers.items() if name not in step.forget}
        self.run = replace(self.run, answers=left, trail=())

    def back(self) -> Turn:
        """One question back, leaving out those that are gone."""
        trail = [step for step in self.run.trail if self.flow.place(step) is not None]
        if not trail:
            question = self.question()
            before = self.say("engine.no_way_back")
            return self.ask(question, before) if question else self.go_on(0)
        place = self.flow.place(trail.pop()) or 0
        kept = {name: v for name, v in self.run.answers.items() if (self.flow.places.get(name, -1)) < place}
        self.run = replace(self.run, answers=kept, trail=tuple(trail), step="", offered=())
        return self.go_on(place)

    def skip(self, question: Question) -> Turn:
        if isinstance(question, Ask | Choose) and question.optional:
            self.run = replace(self.run, step="", offered=(), trail=(*self.run.trail, question.id))
            return self.go_on(self.place_of(question) + 1)
        return self.ask(question, self.say("engine.no_skip"))

    def end(self) -> Turn:
        if (draft := unsent(self.run)) is not None:
            self.events.append(DraftClosed(erased=True, media=draft, since=self.run.begun_at))
        self.flush()
        self.run = replace(self.run, step="", offered=(), trail=())
        return self.turn()

    def question(self) -> Question | None:
        """The open question, unless it is gone."""
        place = self.flow.place(self.run.step) if self.run.step else None
        step = None if place is None else self.flow.steps[place]
        return step if isinstance(step, Ask | Choose | Confirm) else None

    def is_settled(self, question: Question) -> bool:
        """Whether a question that may be left out does not hold any more."""
        may_be_left_out = not isinstance(question, Confirm) and question.optional
        return may_be_left_out and not question.when(self.run.answers, self.given)

    def place_of(self, step: Question) -> int:
        return self.flow.places[step.id]

    def place_after_trail(self) -> int:
        """After the last answered step that still exists."""
        places = [place for step in self.run.answers if (place := self.flow.place(step)) is not None]
        return max(places, default=-1) + 1

    # What we say

    def ask(
        self,
        question: Question,
        before: str = "",
        *,
        again: bool = False,
        quiet: bool = False,
        brief: bool = False,
        bare: bool = False,
    ) -> Turn:
        """Put a question; `again` shortly where it has a short form, `brief` without its text, `bare`
        without its options as well.
        """
        if before:
            self.pending.append(before)
        if not (brief or bare):
            self.pending.append(self.whole(question, again=again))
        options = () if isinstance(question, Ask) else self.options(question)
        if not isinstance(question, Confirm) and question.optional:
            options = (*options, replace(SKIP, label=self.say("engine.skip")))
        whole = not (again or brief or bare)
        self.run = replace(
            self.run,
            step=question.id,
            offered=tuple((option.number, option.id) for option in options),
            asked_at=self.given.now,
            whole=False,
        )
        self.flush(() if bare else self.listed(question, options, whole=whole), question.id, quiet=quiet)
        return self.turn()

    def whole(self, question: Question, *, again: bool) -> str:
        """A question's text, with the way out where it has one."""
        if isinstance(question, Ask) and self.flow.way_out:
            return f"{self.text(question)}\n{self.say(self.flow.way_out)}"
        return self.text(question, ".again" if again and isinstance(question, Confirm) else "")

    def listed(self, question: Question, options: tuple[Option, ...], *, whole: bool) -> tuple[Option, ...]:
        """The options that are shown: by SMS a long question lists some later, though each works."""
        if not (whole and self.given.by_sms and isinstance(question, Confirm)):
            return options
        return tuple(option for option in options if option.id in question.first_by_sms)

    def options(self, question: Choose | Confirm) -> tuple[Option, ...]:
        key = self.key(question)
        if isinstance(question, Confirm):
            return tuple(
                Option(number, option, self.phrases.say(f"{key}.{option}"))
                for option, number in CONFIRM_NUMBERS.items()
            )
        if isinstance(question.options, Mapping):
            labels: Sequence[tuple[str, str]] = [
                (o, self.phrases.say(f"{key}.{o}")) for o in question.options
            ]
        else:
            labels = question.options(self.run.answers, self.given, self.phrases)
        return tuple(Option(number, option, label) for number, (option, label) in enumerate(labels, 1))

    def otherwise(self, question: Question, refusal: Refusal | None = None) -> str:
        if isinstance(question, Ask):
            why = f".{refusal.why}" if refusal else ""
            return self.text(question, f".otherwise{why}", said=refusal.said if refusal else "")
        return self.say(
            "engine.choose_optional"
            if isinstance(question, Choose) and question.optional
            else "engine.choose"
        )

    def about(self) -> str:
        """What a question of some days ago was about."""
        reference = self.run.answers.get("reference")
        return (
            self.say("engine.about", reference=reference) if reference else self.say("engine.some_days_ago")
        )

    def key(self, step: Question | Say) -> str:
        return f"{self.flow.id}.{step.id}"

    def text(self, step: Question | Say, form: str = "", **named: str) -> str:
        template = self.phrases.texts[self.key(step) + form]
        values = Values({**self.run.answers, **named}, self.given, self.phrases)
        return self.phrases.fill_from(template, values)

    def say(self, key: str, /, **named: str) -> str:
        return self.phrases.say(key, **named)

    def flush(self, options: tuple[Option, ...] = (), step: str = "", *, quiet: bool = False) -> None:
        """Make one message of what is pending."""
        if self.pending:
            text = "\n\n".join(self.pending)
            self.says.append(Spoken(text, self.phrases.language, options, self.run.id, step, quiet))
            self.pending.clear()

    def turn(self) -> Turn:
        return Turn(self.run, tuple(self.says), tuple(self.events))


#: what every question that may be left out offers besides its answers
SKIP = Option(0, "skip", "Skip")
#: what a draft is made of: any of these is one
DRAFTED = ("what", "media", "point")
#: attachments that say something by themselves
SPOKEN = frozenset({"voice", "video"})
#: which kinds of attachment count as which kind of answer
_KINDS: Mapping[str, Takes] = {"photo": "photo", "voice": "voice", "video": "voice", "file": "photo"}


def added(answers: Mapping[str, Any], step: str, heard: Heard) -> dict[str, Any] | None:
    """Answers with one more message in the draft; None when it holds no more."""
    pieces = list(answers.get(step, ()))
    media = list(answers.get("media", ()))
    if heard.text.strip():
        pieces.append({"text": heard.text.strip(), "ref": heard.ref})
    media.extend({"id": one.id, "kind": one.kind} for one in heard.attachments)
    size = sum(len(piece["text"]) for piece in pieces)
    if size > CHARACTERS_A_DRAFT or len(pieces) + len(media) > PIECES_A_DRAFT:
        return None
    grown = {**answers, step: pieces}
    if media:
        grown["media"] = media
    if heard.place:
        grown["point"] = {"lat": heard.place.lat, "lon": heard.place.lon, "name": heard.place.name}
    return grown


def unsent(run: Run) -> tuple[str, ...] | None:
    """The photos and voice notes of a draft; None when the run holds no draft, or it is filed."""
    answers = run.answers
    if answers.get("reference") or not any(answers.get(part) for part in DRAFTED):
        return None
    return tuple(one["id"] for one in answers.get("media", ()))


def notice(given: Given, phrases: Phrases) -> dict[str, str]:
    """What "9 more" tells, from the council's configuration."""
    council = given.council
    return {
        "council": council.name,
        "controller": council.controller or council.name,
        "legal_basis": council.legal_basis,
        "recipients": council.recipients,
        "officer": council.data_protection_officer or council.name,
        "version": council.notice_version,
        "kept": span(council.retention.issues_after_closing, phrases),
    }
