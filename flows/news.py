"""The person hears what came of it, and may answer: that it is not solved, or what the council asks.

Opened by what the council says (`core.talk.Nudge.NEWS`), with the reference among the answers, so that
further words join the issue.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.desk import News
from core.events import Event, IssueReopened, QuestionAnswered
from flows.given import Answers, Given
from flows.raise_issue import has_words
from flows.steps import Ask, Choose, Flow, Note, Say, answered

#: after these the person is asked whether it is solved
ENDS = ("decided", "closed")
#: what is only told: nothing is asked after it
TOLD = ("seen", "referred", "late", "split")


def says_it_is_done(answers: Answers, _given: Given) -> bool:
    """The council takes it for settled."""
    return answers.get("kind") in ENDS


def leaves_room(answers: Answers, _given: Given) -> bool:
    """The council goes on with it, and the person may have something to say."""
    return answers.get("kind") not in ENDS


def said_nothing_more(answers: Answers, _given: Given) -> bool:
    """They were asked whether they have something to say, and passed over it."""
    return answers.get("solved") != "yes" and not answers.keys() & {"reply", "why"}


def kept_silent(answers: Answers, _given: Given) -> bool:
    """They passed over the council's question."""
    return "answer" not in answers


def tells(words: str) -> bool:
    """Whether this answers what the council asks: "12" does, where the house is asked for."""
    return any(map(str.isalnum, words))


def reopened(answers: Answers, _given: Given) -> Sequence[Event]:
    """It is not solved: the council has to speak next."""
    return (IssueReopened(answers["reference"]),)


def replied(answers: Answers, _given: Given) -> Sequence[Event]:
    """The council's question has its answer."""
    return (QuestionAnswered(answers["reference"]),)


news = Flow(
    "news",
    [
        Choose(
            "solved",
            "{news}\n\nIs it solved?",
            {"yes": "Yes, it is solved", "no": "No, it is not solved"},
            when=says_it_is_done,
            by_sms={"yes": "It is solved", "no": "It is not solved"},
        ),
        Say(
            "glad", "Thank you for telling us. Write to us again at any time.", when=answered("solved", "yes")
        ),
        Note("reopened", reopened, when=answered("solved", "no")),
        Say(
            "again",
            "Then it is open again. The council hears that, and you hear from it by {hear_by}.",
            when=answered("solved", "no"),
        ),
        Ask(
            "why",
            "What is still wrong? Write it in your own words.",
            otherwise='Please write what is still wrong, or say "skip".',
            takes=frozenset({"words", "voice", "photo"}),
            check=has_words,
            optional=True,
            when=answered("solved", "no"),
            by_sms={"otherwise": "Please write what is still wrong, or answer 0."},
        ),
        Ask(
            "reply",
            "{news}\n\nDo you want to say something about it? Write it here.",
            otherwise='Please write it in your own words, or say "skip".',
            takes=frozenset({"words", "voice", "photo"}),
            check=has_words,
            optional=True,
            when=leaves_room,
            by_sms={"otherwise": "Please write it in your own words, or answer 0."},
        ),
        Say("thanks", "Thank you. The council reads it.", when=answered("why")),
        Say("noted", "Thank you. The council reads it.", when=answered("reply")),
        Say("fine", "All right. Write to us again at any time.", when=said_nothing_more),
    ],
)

asked = Flow(
    "asked",
    [
        Ask(
            "answer",
            "{news}\n\nPlease write your answer here.",
            otherwise="Please write your answer in your own words, or send a voice message or a photo.",
            takes=frozenset({"words", "voice", "photo"}),
            check=tells,
            optional=True,
            by_sms={"otherwise": "Please write your answer in your own words, or answer 0."},
        ),
        Note("replied", replied, when=answered("answer")),
        Say(
            "thanks",
            "Thank you. The council reads your answer, and you hear from it by {hear_by}.",
            when=answered("answer"),
        ),
        Say("fine", "All right, you need not answer. Write to us again at any time.", when=kept_silent),
    ],
)


def flow_for(said: News) -> Flow | None:
    """The conversation that what the council says opens; None when it asks nothing."""
    if said.kind in TOLD:
        return None
    return asked if said.kind == "asked" else news
