"""What of the desk a message is about: what staff wrote, or what the open question asked."""

from __future__ import annotations

from core.desk import Seek
from core.references import find_reference
from core.talk import Heard, Run
from flows.choices import number
from flows.desk import desk, look
from flows.news import asked, news

#: of staff alone
STAFF_FLOWS = (desk.id, look.id)


def concerns_the_desk(run: Run | None) -> bool:
    """Whether a question is open about what staff do, or about what the council said."""
    while run is not None and run.flow not in _OF_THE_DESK:
        run = run.below
    return run is not None


_OF_THE_DESK = frozenset((*STAFF_FLOWS, news.id, asked.id))


def takes_codes(run: Run | None, heard: Heard) -> bool:
    """Whether a code answers the open question: another issue's reference, or "S" where a letter chooses.

    A code that says what is to be done leaves the question; it never answers it.
    """
    if heard.seek is None:
        return False
    chooses = run is not None and run.flow == desk.id and run.step == "act"
    return (chooses and heard.seek.all_new) or (
        _merges(run) and bool(heard.seek.references) and not (heard.act or heard.rest)
    )


def _merges(run: Run | None) -> bool:
    """Whether staff were asked for another issue: then a code names that one."""
    return run is not None and run.flow == desk.id and run.step == "merge"


def asked_about(heard: Heard, run: Run | None, prefix: str) -> Seek:
    """What of the desk the open question is about, or the one that it interrupted."""
    words = heard.text if _merges(run) else ""
    while run is not None and run.flow not in STAFF_FLOWS:
        run = run.below
    if run is None:
        return Seek()
    if run.flow == look.id:
        return Seek(nudge=f"look:{run.answers['answer']}")
    which = run.answers.get("which")
    there = (which,) if which else tuple(run.answers.get("among", ()))
    return Seek(references=there, other=named_issue(words or run.answers.get("rest", ""), prefix))


def named_issue(words: str, prefix: str) -> Seek | None:
    """The issue that words name: by its reference, or by its number in the digest."""
    if reference := find_reference(words, (prefix,)):
        return Seek(references=(reference,))
    return Seek(number=digit) if (digit := number(words)) else None


def told_in(run: Run | None) -> int:
    """What the council said, where a question about it is open; 0 where none is."""
    while run is not None and run.flow not in (news.id, asked.id):
        run = run.below
    return int(run.answers["news"]) if run else 0
