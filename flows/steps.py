"""The kinds of step, and the flow that is made of them.

A step's English stands in the flow, where it reads as talk; its translation is found under a
key derived from flow and step (`raise_issue.topic.housing`), and what is said instead by SMS under
a key derived from that (`raise_issue.place.by_sms`). Ids are for ever: an id is never used again
for another meaning; `Flow.moved` carries a rename.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from core.events import DetailName, Event
from core.phrases import BY_SMS, Phrases
from flows.given import Answers, Given

When = Callable[[Answers, Given], bool]
#: option ids and labels that depend on who asks: topics of the council, languages, own issues
OptionsFrom = Callable[[Answers, Given, Phrases], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Refusal:
    """Why words will not do, where a question has a sentence of its own for that."""

    why: str  #: among the question's `refusals`
    said: str = ""  #: what the sentence calls `{said}`


#: what words say, as it is kept (a JSON value): a day, a choice of sentences; a Refusal, or None, where they
#: will not do
Reads = Callable[[str, Answers, Given, Phrases], Any]
Takes = Literal["words", "voice", "place", "photo"]
#: what is said instead by SMS: of "text", "otherwise", "beside", "again", and of options by their ids
BySms = Mapping[str, str]


def always(_answers: Answers, _given: Given) -> bool:
    """Whatever was said before."""
    return True


def answered(step: str, *options: str) -> When:
    """When a step was answered, with one of these options if any are named."""

    def holds(answers: Answers, _given: Given) -> bool:
        return answers.get(step) in options if options else step in answers

    return holds


@dataclass(frozen=True)
class Say:
    """We say something and go on."""

    id: str
    text: str
    when: When = always
    alone: bool = False  #: a message of its own: the next question does not join it
    ends: bool = False  #: nothing comes after it
    by_sms: BySms = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """We ask, and they answer in their own words, with a place or a picture."""

    id: str
    text: str
    otherwise: str  #: said when the answer cannot be taken
    takes: frozenset[Takes] = frozenset({"words"})
    check: Callable[[str], bool] = bool  #: whether words will do
    reads: Reads | None = None  #: what is kept instead of the words
    refusals: Mapping[str, str] = field(default_factory=dict)  #: said instead of `otherwise`, by their reason
    beside: str = ""  #: said when a picture or a place came without words; for a step that gathers
    optional: bool = False
    gathers: bool = False  #: begins a draft, to which a later Confirm adds
    detail: DetailName | None = (
        None  #: of a filed issue; recorded at once, so that walking away loses nothing
    )
    when: When = always
    by_sms: BySms = field(default_factory=dict)


@dataclass(frozen=True)
class Choose:
    """We ask, and they choose one of several options."""

    id: str
    text: str
    options: Mapping[str, str] | OptionsFrom
    optional: bool = False
    detail: DetailName | None = None
    when: When = always
    by_sms: BySms = field(default_factory=dict)


@dataclass(frozen=True)
class Confirm:
    """Shall we send it? What is no answer is more of the same, and the question is put again in the quiet."""

    id: str
    text: str
    again: str  #: the text in short, when it is put once more
    options: Mapping[str, str]  #: of "send", "add", "erase" and "more"
    adds_to: str  #: the step whose answer grows
    when: When = always
    by_sms: BySms = field(default_factory=dict)
    first_by_sms: Sequence[str] = ("send", "add", "erase", "more")  #: options listed with the whole text


#: the number each answer to a Confirm has in every flow and language
CONFIRM_NUMBERS = {"send": 1, "add": 2, "erase": 3, "more": 9}


@dataclass(frozen=True)
class Note:
    """Something goes on record; from here on nobody steps back behind it."""

    id: str
    make: Callable[[Answers, Given], Sequence[Event]]
    when: When = always
    remember: Callable[[Answers, Given], Mapping[str, Any]] = lambda _answers, _given: {}
    forget: tuple[str, ...] = ()  #: answers that the run need not keep once they are on record


Step = Say | Ask | Choose | Confirm | Note
Question = Ask | Choose | Confirm


@dataclass(frozen=True)
class Flow:
    """A conversation as a list of steps, read top to bottom."""

    id: str
    steps: Sequence[Step]
    moved: Mapping[str, str] = field(default_factory=dict)  #: old step id -> new one
    way_out: str = ""  #: the key of what stands below each question that wants words: how it is left

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each step stands in the list."""
        return {step.id: place for place, step in enumerate(self.steps)}

    def place(self, step: str) -> int | None:
        """Where a step stands, also under the name it had before; None when it is gone."""
        return self.places.get(self.moved.get(step, step))

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text of the flow with its key, for the catalogs."""
        for step in self.steps:
            if not isinstance(step, Note):
                for form, text in _forms(step):
                    key = f"{self.id}.{step.id}" if form == "text" else f"{self.id}.{step.id}.{form}"
                    yield key, text
                    if form in step.by_sms:
                        yield key + BY_SMS, step.by_sms[form]


def _forms(step: Say | Question) -> Iterator[tuple[str, str]]:
    """What a step says, by the name of what it is."""
    yield "text", step.text
    if isinstance(step, Ask):
        yield "otherwise", step.otherwise
        yield from ((f"otherwise.{why}", text) for why, text in step.refusals.items())
        if step.beside:
            yield "beside", step.beside
    if isinstance(step, Confirm):
        yield "again", step.again
    if isinstance(step, Choose | Confirm) and isinstance(step.options, Mapping):
        yield from step.options.items()
