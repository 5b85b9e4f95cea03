"""Staff answer an issue, look at a translation, put issues together and take them apart.

Begun by a code (`flows.codes`): what it says is among the answers from the start, and what stands behind it
answers the first question that it leads to. Nothing here believes that somebody may do what they ask for: the
role is handed in, and storage asks once more as it writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.desk import Case, Latest
from core.events import (
    Event,
    IssueAnswered,
    IssueMarkedSpam,
    IssuesPutTogether,
    IssueTakenApart,
    IssueTakenOut,
    IssueViewed,
    TranslationLooked,
    WordsCovered,
)
from core.phrases import Phrases
from core.staff import Duty, may
from core.unseen import as_seen
from flows.codes import MOST_PARTS
from flows.dates import NoDay, read_day
from flows.desk_texts import case_line, case_of
from flows.given import Answers, Given
from flows.raise_issue import has_words
from flows.steps import Ask, Choose, Flow, Note, Refusal, Say, When, answered

#: what staff may do with an issue, in the order of the list -> the duty it takes
ACTS: Mapping[str, Duty] = {
    "seen": "answer",
    "discussed": "answer",
    "referred": "answer",
    "asked": "answer",
    "decided": "answer",
    "closed": "answer",
    "said": "answer",
    "original": "original",
    "merge": "answer",
    "alone": "answer",
    "parts": "answer",
    "cover": "answer",
    "spam": "answer",
}
#: what is told to the person
SPOKEN = ("seen", "discussed", "referred", "asked", "decided", "closed", "said")
#: the questions that want the words of staff
WORDED = ("referred", "asked", "decided", "closed", "said")
#: the questions that what stands behind a code may answer
ASKED = ("discussed", *WORDED, "merge", "parts", "cover")


def acts(answers: Answers, given: Given, phrases: Phrases) -> Sequence[tuple[str, str]]:
    """What somebody in this role may do with this issue."""
    role, away = given.contact.role, () if is_in_a_group(answers, given) else ("alone",)
    able = [act for act, duty in ACTS.items() if may(role, duty) and act not in away]
    return [(act, phrases.say(f"desk.act.{act}")) for act in able]


def several(answers: Answers, _given: Given) -> bool:
    """It cannot be told which issue was meant."""
    return "which" not in answers


def among(answers: Answers, given: Given, phrases: Phrases) -> Sequence[tuple[str, str]]:
    """The issues that may have been meant."""
    cases = [case for case in given.known.desk.cases if case.reference in answers["among"]]
    return [(case.reference, case_line(case, phrases)) for case in cases]


def to_do(*names: str) -> When:
    """When one of these is to be done."""

    def holds(answers: Answers, _given: Given) -> bool:
        return answers.get("act") in names

    return holds


def not_said(step: str) -> When:
    """When the code did not say this."""

    def holds(answers: Answers, _given: Given) -> bool:
        return step not in answers

    return holds


def answered_before(answers: Answers, given: Given) -> bool:
    """Somebody else has said something about the issue since this was begun, or they themselves the same."""
    case = case_of(answers, given)
    if case is None or case.latest is None or answers.get("act") not in SPOKEN:
        return False
    if case.latest.mine:
        return says_again(answers, case, case.latest)
    if case.latest.kind == "seen" and answers["act"] != "seen":
        return False  # That it was read says nothing that an answer could contradict.
    return case.latest.at > int(answers.get("since", 0))


def says_again(answers: Answers, case: Case, latest: Latest) -> bool:
    """They have said this before: it is closed or read already, or these are their last words once more."""
    kind = answers["act"]
    if kind != latest.kind:
        return False
    match kind:
        case "seen":
            return True
        case "closed":
            return case.status == "closed"
        case "discussed":
            return tuple(answers[kind]) == (latest.detail, latest.words)
        case _:
            return str(answers[kind]["text"]) == latest.words


def a_day(words: str, _answers: Answers, given: Given, phrases: Phrases) -> Any:
    """The day, and what else was written: ["2026-12-08", "with the housing office"]."""
    found = read_day(words, given.day(given.now), phrases)
    if isinstance(found, NoDay):
        return None if found.why == "unread" else Refusal(found.why, found.said(phrases))
    return [found.day.isoformat(), found.rest]


def another(_words: str, answers: Answers, given: Given, _phrases: Phrases) -> Any:
    """The reference of another issue that is there: the only one that was found for these words."""
    references = {case.reference for case in given.known.desk.others} - {answers.get("which")}
    return references.pop() if len(references) == 1 else None


def parts(words: str, answers: Answers, given: Given, _phrases: Phrases) -> Any:
    """Which sentences belong together: "1 2 / 3" is [[1, 2], [3]]; each has its place, and none has two."""
    case = case_of(answers, given)
    groups = [[int(n) for n in part.replace(",", " ").split() if n.isdigit()] for part in words.split("/")]
    numbers = sorted(n for group in groups for n in group)
    whole = case is not None and numbers == list(range(1, len(case.pieces) + 1))
    return groups if whole and all(groups) and 1 < len(groups) <= MOST_PARTS else None


def found_words(words: str, answers: Answers, given: Given, _phrases: Phrases) -> Any:
    """Words that stand in the issue, or in its translation."""
    case = case_of(answers, given)
    words = as_seen(words)  # as they were shown, and may have been copied
    there = as_seen(f"{case.original}\n{case.reading.words}").casefold() if case else ""
    return words if len(words) > 1 and words.casefold() in there else None


def acted(answers: Answers, given: Given) -> Sequence[Event]:
    """What is done with the issue."""
    case = case_of(answers, given)
    if case is None:
        return ()
    match answers["act"]:
        case "discussed" as kind:
            day, words = answers[kind]
            return (_said(answers, kind, words, detail=day),)
        case "seen" as kind:
            return (_said(answers, kind, ""),)
        case "merge":
            return (IssuesPutTogether((case.reference, answers["merge"])),)
        case "alone":
            return (IssueTakenOut(case.reference),)
        case "parts":
            return (_taken_apart(case, answers["parts"], given),)
        case "cover":
            return (WordsCovered(case.reference, answers["cover"]),)
        case "spam":
            return (IssueMarkedSpam(case.reference),)
        case "original":
            return (IssueViewed(case.reference, original=True),)
        case kind:
            return (_said(answers, kind, answers[kind]["text"]),)


def _said(answers: Answers, kind: Any, words: str, *, detail: str = "") -> IssueAnswered:
    return IssueAnswered(answers["which"], kind, detail, words, answers.get("language", "") if words else "")


def _taken_apart(case: Case, groups: Sequence[Sequence[int]], given: Given) -> IssueTakenApart:
    texts = tuple("\n".join(case.pieces[n - 1] for n in group) for group in groups)
    return IssueTakenApart(case.reference, given.spare[: len(groups) - 1], texts)


def is_done_with(answers: Answers, given: Given) -> bool:
    """Nobody waits to hear that it was read, and nobody is written to about spam."""
    case, act = case_of(answers, given), answers.get("act")
    if case is None:
        return False
    return (act == "seen" and case.status in ("closed", "spam")) or (act in SPOKEN and case.status == "spam")


def is_in_a_group(answers: Answers, given: Given) -> bool:
    """It is answered together with others."""
    case = case_of(answers, given)
    return case is not None and bool(case.together)


def is_alone(answers: Answers, given: Given) -> bool:
    """It was put together with no other, and cannot be taken out."""
    return answers.get("act") == "alone" and not is_in_a_group(answers, given)


def is_of_one_piece(answers: Answers, given: Given) -> bool:
    """It is one sentence, and cannot be taken apart."""
    case = case_of(answers, given)
    return answers.get("act") == "parts" and case is not None and len(case.pieces) < 2


def is_there(answers: Answers, given: Given) -> bool:
    """The issue was not taken back in between."""
    return case_of(answers, given) is not None


def is_gone(answers: Answers, given: Given) -> bool:
    """Its author took it back."""
    return "which" in answers and case_of(answers, given) is None


def told(answers: Answers, _given: Given) -> bool:
    """Its person is told."""
    return answers.get("act") in SPOKEN


desk = Flow(
    "desk",
    [
        Choose("which", "Which one do you mean?", among, when=several),
        Say("gone", "This one is not here any more: its author took it back.", when=is_gone, ends=True),
        Say("done_with", "{which} is closed. Nothing was sent.", when=is_done_with, ends=True),
        Choose("act", "{case}\n\nWhat do you want to do?", acts, when=not_said("act")),
        Ask(
            "discussed",
            "{case}\n\nOn which day is it discussed? For example: 8 December, or 8.12.",
            otherwise=(
                "We do not understand which day that is. Please begin with the day. For example: 8 December,"
                " or 8.12."
            ),
            refusals={
                "passed": (
                    "{said} has passed. Please write a day that is still to come. For example: 8 December, or"
                    " 8.12."
                ),
                "impossible": (
                    "There is no such day: {said}. Please write another one. For example: 8 December, or"
                    " 8.12."
                ),
                "far": "{said} is too far ahead. Please write a day of this year or of the next two.",
            },
            reads=a_day,
            when=to_do("discussed"),
        ),
        Ask(
            "referred",
            "{case}\n\nTo whom do you pass it on? The person reads what you write, in their language.",
            otherwise="Please write to whom you pass it on.",
            check=has_words,
            when=to_do("referred"),
        ),
        Ask(
            "asked",
            "{case}\n\nWhat do you want to know? The person reads your question in their language.",
            otherwise="Please write your question.",
            check=has_words,
            when=to_do("asked"),
        ),
        Ask(
            "decided",
            "{case}\n\nWhat was decided? The person reads it in their language.",
            otherwise="Please write what was decided.",
            check=has_words,
            when=to_do("decided"),
        ),
        Ask(
            "closed",
            "{case}\n\nWhy is it closed? The person reads it in their language.",
            otherwise="Please write why it is closed. One sentence is enough.",
            check=has_words,
            when=to_do("closed"),
        ),
        Ask(
            "said",
            "{case}\n\nWhat do you want to write? The person reads it in their language.",
            otherwise="Please write what you want to tell them.",
            check=has_words,
            when=to_do("said"),
        ),
        Ask(
            "merge",
            "{case}\n\nWith which one does it belong together? Write the reference of the other one, or its"
            " number in the digest.",
            otherwise="We cannot tell which one you mean. Please write its reference, such as {which}.",
            reads=another,
            when=to_do("merge"),
        ),
        Say("alone_already", "{which} is together with no other.", when=is_alone, ends=True),
        Say(
            "one_piece",
            "{which} is one sentence: there is nothing to take apart.",
            when=is_of_one_piece,
            ends=True,
        ),
        Ask(
            "parts",
            "{pieces}\n\nWhich of these belong together? For example: 1 2 / 3",
            otherwise="Please write each number once, and a stroke between the parts. For example: 1 2 / 3",
            reads=parts,
            when=to_do("parts"),
        ),
        Ask(
            "cover",
            "{case}\n\nWhich words shall be covered? Write them as they stand there, or in the original.",
            otherwise="These words do not stand there. Please write them exactly so.",
            reads=found_words,
            when=to_do("cover"),
        ),
        Choose(
            "sure",
            "{case}\n\nIs this spam? Then it is closed, and its author is told nothing.",
            {"yes": "Yes, it is spam", "no": "No, leave it"},
            by_sms={"yes": "It is spam", "no": "Leave it"},
            when=to_do("spam"),
        ),
        Say("not_spam", "All right. Nothing is changed.", when=answered("sure", "no"), ends=True),
        Choose(
            "meanwhile",
            "{latest}\n\nDo you want to answer all the same?",
            {"yes": "Yes, send mine too", "no": "No, leave it"},
            by_sms={"yes": "Send mine too", "no": "Leave it"},
            when=answered_before,
        ),
        Say("left", "All right. Nothing is sent.", when=answered("meanwhile", "no"), ends=True),
        Note("done", acted, when=is_there),
        Say("original", "{original}", when=to_do("original"), ends=True),
        Say(
            "seen",
            "Noted. Whoever wrote {which} hears that it was read.",
            when=to_do("seen"),
            ends=True,
        ),
        Say("day", "{which} will be discussed on {day}.", when=to_do("discussed")),
        Say(
            "told",
            "Noted for {which}. They hear it in their language. Where the translation needs your look, we"
            " ask you first.",
            when=told,
            ends=True,
        ),
        Say(
            "merged",
            "Put together: {which} and {other}. One answer now goes to all who wrote them; they do not learn"
            " of each other. To take one out again, write its reference and N.",
            when=to_do("merge"),
            ends=True,
        ),
        Say(
            "taken_out",
            "{which} is by itself again, and is not proposed with these any more. What was answered until now"
            " stays answered.",
            when=to_do("alone"),
            ends=True,
        ),
        Say(
            "taken_apart",
            "Taken apart. Each part has a number of its own now, and its author is told.",
            when=to_do("parts"),
            ends=True,
        ),
        Say(
            "covered",
            "{which}: covered wherever these words stand. In another language the name may be written in"
            " another way: please look once more.",
            when=to_do("cover"),
            ends=True,
        ),
        Say("is_spam", "{which} is closed as spam. Nobody is told.", when=to_do("spam"), ends=True),
    ],
    way_out="desk.way_out",
)


def looked(answers: Answers, given: Given) -> Sequence[Event]:
    """The translation goes out."""
    look = given.known.desk.look
    if look is None:
        return ()
    anew = answers["anew"]["text"] if "anew" in answers else ""
    return (TranslationLooked(look.answer_id, look.language, answers["fine"], anew),)


def looks(_answers: Answers, given: Given) -> bool:
    """There is still something to look at."""
    return given.known.desk.look is not None


def nothing_to_look_at(answers: Answers, given: Given) -> bool:
    """Somebody else has looked at it meanwhile."""
    return not looks(answers, given)


def ways_out(_answers: Answers, given: Given, phrases: Phrases) -> Sequence[tuple[str, str]]:
    """How it may go out: there may be no translation to send, and what is not the latest may stay."""
    look = given.known.desk.look
    send = ("send",) if look and look.made else ()
    leave = ("leave",) if look and look.newer_at else ()
    return [(way, phrases.say(f"desk.look.{way}")) for way in (*send, "write", "original", *leave)]


look = Flow(
    "look",
    [
        Say("gone", "Somebody else has looked at it meanwhile.", when=nothing_to_look_at, ends=True),
        Choose("fine", "{look}", ways_out),
        Ask(
            "anew",
            "Write how it shall read, in the language of the person.",
            otherwise="Please write how it shall read.",
            check=has_words,
            when=answered("fine", "write"),
        ),
        Note("looked", looked),
        Say(
            "kept_back",
            "All right. They do not hear this one; they hear what was answered since.",
            when=answered("fine", "leave"),
            ends=True,
        ),
        Say("sent", "Thank you. It goes out as soon as they can be written to."),
    ],
    way_out="desk.way_out",
)
