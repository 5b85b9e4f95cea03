"""What a conversation costs by SMS, in each language: played to its end, and counted.

It is played with somebody new to the council, who writes a sentence where words are asked for and takes the
first choice. Nothing is written down anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TextIO

from msgspec.structs import replace as changed

from core import sms
from core.contact import Contact
from core.council import Council
from core.desk import News
from core.errors import TownbellError
from core.events import IssueFiled
from core.issue import OwnIssue
from core.known import Known
from core.phrases import Phrases
from core.talk import Heard, Run, Turn
from flows import engine
from flows.given import Given
from flows.lexicon import Lexicon
from flows.news import asked, news
from flows.seeking import STAFF_FLOWS
from flows.steps import Ask, Flow
from translations import catalogs

#: what they write where words are asked for
SENTENCE = "The lift in our house is broken"
REFERENCE = "ABC-2345"
NOW = 1_789_560_000_000_000  #: 16 September 2026: who files is to hear by the 30th, which is long to say
DAY = 86_400_000_000
#: questions at most; a conversation that asks more goes in circles
LONGEST = 100
#: more than any message takes: counted is what it would cost, not what it may
ANY = 1000


class UnknownFlow(TownbellError):
    """There is no conversation of that name."""


class Paid(NamedTuple):
    """How many messages, and what they cost."""

    messages: int = 0
    segments: int = 0

    def and_(self, text: str) -> Paid:
        """With one more that is written as it stands."""
        return Paid(self.messages + 1, self.segments + sms.segments(text))


class Cost(NamedTuple):
    """What one conversation costs: the person, for what they send, and the council, for what they get."""

    sent: Paid = Paid()
    received: Paid = Paid()


class Played(NamedTuple):
    """A conversation in one language."""

    whole: Cost
    to_reference: Cost | None  #: until an issue has its number, and with all that is said along with it


def show(council: Council, named: str, out: TextIO) -> None:
    """Print a table of what a flow costs in each language of a council. Raises UnknownFlow."""
    said = catalogs.load()
    flows = {name: flow for name, flow in Lexicon(said).flows.items() if name not in STAFF_FLOWS}
    if named not in flows:
        raise UnknownFlow(f'There is no conversation "{named}". There are: {", ".join(sorted(flows))}.')
    played = {tag: play(flows[named], council, said[tag]) for tag in council.languages if tag in said}
    print(f"{named}, by SMS with: {council.name}", file=out)
    print("Messages, and in brackets the segments they cost.\n", file=out)
    for line in _table(played):
        print(line.rstrip(), file=out)


def play(flow: Flow, council: Council, phrases: Phrases, now: int = NOW) -> Played:
    """Play a conversation to its end, and count."""
    cost, to_reference = Cost(), None
    for written, turn in _talk(flow, phrases.by_sms, _given(flow, council, phrases, now)):
        sent, received = cost
        if written:
            sent = sent.and_(written)
        for spoken in turn.says:
            for text in sms.as_sent(spoken.text, spoken.options, ANY):
                received = received.and_(text)
        cost = Cost(sent, received)
        if any(isinstance(event, IssueFiled) for event in turn.events):
            to_reference = cost
    return Played(cost, to_reference)


def _talk(flow: Flow, phrases: Phrases, given: Given) -> Iterator[tuple[str, Turn]]:
    """What they write, "" where we begin, and what it leads to."""
    run = Run(
        "cost", flow.id, answers={"reference": REFERENCE, "kind": "decided"} if given.known.news else {}
    )
    first = flow.steps[0]
    if isinstance(first, Ask) and first.gathers:
        # Nobody is asked first: whoever has something to say says it.
        written, turn = SENTENCE, _advance(flow, changed(run, step=first.id), SENTENCE, phrases, given)
    else:
        written, turn = "", engine.start(flow, run, phrases, given)
    for _ in range(LONGEST):
        yield written, turn
        if turn.run is None or not turn.run.step:
            return
        written = _answer(turn.run)
        turn = _advance(flow, turn.run, written, phrases, given)


def _advance(flow: Flow, run: Run, written: str, phrases: Phrases, given: Given) -> Turn:
    return engine.advance(flow, run, Heard(written), phrases, given)


def _answer(run: Run) -> str:
    """The first choice where there are choices; 0 only leaves a question out."""
    return next((str(number) for number, _ in run.offered if number), SENTENCE)


def _given(flow: Flow, council: Council, phrases: Phrases, now: int) -> Given:
    newcomer = Contact(
        1, council.key, "P-2345-6789", phrases.language, True, "", "active", False, None, None, now
    )
    issue = OwnIssue(REFERENCE, "filed", now, now + council.answer_days * DAY, SENTENCE)
    told = News(1, REFERENCE, "asked" if flow is asked else "decided", "", SENTENCE, "", "", issue.hear_by)
    known = Known(issues=(issue, issue), news=told if flow in (news, asked) else None)
    return Given(council, newcomer, known, now, now, REFERENCE, "cost", by_sms=True)


def _table(played: Mapping[str, Played]) -> Iterator[str]:
    filed = any(one.to_reference for one in played.values())
    parts = ("until the number is there", "to the end") if filed else ("to the end",)
    yield "language  " + "".join(f"{part:<28}" for part in parts)
    yield " " * 10 + "they send     they get      " * len(parts)
    for tag, one in played.items():
        costs = (one.to_reference or Cost(), one.whole) if filed else (one.whole,)
        cells = [f"{paid.messages:>3} ({paid.segments})" for cost in costs for paid in cost]
        yield f"{tag:<10}" + "".join(f"{cell:<14}" for cell in cells)
