"""What became of my issues, and how to correct one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import get_args

from core.events import Event, IssueCorrected
from core.issue import IssueStatus, OwnIssue
from core.phrases import Phrases
from flows.given import Answers, Given
from flows.raise_issue import has_words
from flows.steps import Ask, Choose, Flow, Note, Say, answered

#: how many issues one message lists; older ones are counted
LISTED = 10
#: what happens to an issue and says where it stands from then on
STANDS = get_args(IssueStatus)


def status_text(given: Given, phrases: Phrases) -> str:
    """Every issue of the person with what became of it. References and days only: the phone may be shared."""
    issues = given.known.issues
    if not issues:
        return phrases.say("status.none")
    lines = [phrases.count("status.count", len(issues))]
    for issue in issues[:LISTED]:
        stands = _stands(issue)
        # A day that has passed is not promised again.
        late = stands == "filed" and issue.hear_by < given.now
        stands = "late" if late else "in_talks" if _is_discussed_later(issue, given) else stands
        state = phrases.say(f"status.{stands}", hear_by=phrases.day(given.day(issue.hear_by)))
        head = phrases.say(
            "status.line", reference=issue.reference, day=phrases.day(given.day(issue.filed_at))
        )
        lines.append("\n".join((head, *_history(issue, given, phrases), state)))
    return "\n\n".join(lines)


def _is_discussed_later(issue: OwnIssue, given: Given) -> bool:
    """It is discussed on a day behind that by which they were to hear: that one is not named any more."""
    days = [one.detail for one in issue.history if one.what == "discussed" and one.told and one.detail]
    return issue.status == "discussed" and bool(days) and days[-1] > given.day(issue.hear_by).isoformat()


def _stands(issue: OwnIssue) -> str:
    """Where an issue stands, as far as its person was told: what is asked is asked once they have read it."""
    told = [happened.what for happened in issue.history if happened.told]
    stands: str = issue.status
    if len(told) < len(issue.history):
        stands = "filed"
        for what in told:
            if what in STANDS and (what != "seen" or stands in ("filed", "reopened")):
                stands = what
    answered_last = next((what for what in reversed(told) if what in ("asked", "replied")), "") == "replied"
    return "replied" if stands == "asked" and answered_last else stands


def _history(issue: OwnIssue, given: Given, phrases: Phrases) -> list[str]:
    """What the council did, day by day; the last thing is what its state says."""
    lines = []
    for happened in issue.history:
        key = f"status.was.{happened.what}"
        if key not in phrases or not happened.told:
            continue  # Topic and place are no news, and what the council said is told before it is listed.
        detail = phrases.day(date.fromisoformat(happened.detail)) if happened.detail[:1].isdigit() else ""
        what = phrases.say(key, detail=detail)
        lines.append(phrases.say("status.history", day=phrases.day(given.day(happened.at)), what=what))
    return lines


def several(_answers: Answers, given: Given) -> bool:
    """There is more than one issue to choose from."""
    return len(given.known.issues) > 1


def references(_answers: Answers, given: Given, phrases: Phrases) -> Sequence[tuple[str, str]]:
    """The person's latest issues, by reference and day."""
    return [
        (issue.reference, f"{issue.reference} ({phrases.day(given.day(issue.filed_at))})")
        for issue in given.known.issues[:LISTED]
    ]


def corrected(answers: Answers, given: Given) -> Sequence[Event]:
    """The new words take the place of the old."""
    words = answers["anew"]
    return (
        IssueCorrected(
            answers["which"],
            words["text"],
            words["ref"],
            tuple(words["media"]),
            given.contact.language,
            bool(answers.get("danger")),
        ),
    )


correct = Flow(
    "correct",
    [
        Choose("which", "Which one do you want to correct?", references, when=several),
        Ask(
            "anew",
            "It says now:\n{stands}\n\nHow should it be? Write the whole text anew. It takes the place of"
            ' what is there now. To leave it as it is, say "back".',
            otherwise='Please write the whole text anew, or say "back".',
            takes=frozenset({"words", "voice"}),
            check=has_words,
            by_sms={
                "text": "How should {which} read? Write the whole text anew. It takes the place of what is"
                " there now. To leave it as it is, answer 0.",
                "otherwise": "Please write the whole text anew, or answer 0.",
            },
        ),
        Choose(
            "sure",
            "It will read:\n{anew}",
            {"change": "Change it", "leave": "Leave it"},
            when=answered("anew"),
            by_sms={"text": "Shall we change {which} to these words?"},
        ),
        Note("corrected", corrected, when=answered("sure", "change"), forget=("anew",)),
        Say("done", "Thank you. We changed {which}.", when=answered("sure", "change")),
        Say("left", "All right. Nothing is changed.", when=answered("sure", "leave")),
    ],
)
