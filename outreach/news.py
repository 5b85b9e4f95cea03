"""May somebody be told something now, or does their conversation go first?"""

from __future__ import annotations

from core.talk import Run

#: after so long a conversation lies still, and what was asked in it holds nobody up
STILL = 24 * 60 * 60 * 1_000_000
#: what a run may know though the person has not said it: the place of their poster
NOTHING = frozenset(("nearby",))


def may_open(run: Run | None, heard_at: int, now: int, *, owed: bool = False) -> bool:
    """Whether a question may be put to somebody: none is open, none that matters, or it has lain for a day.

    What is asked after filing may be left unanswered, so it gives way; what the council asks waits for its
    answer, and for as long after it was put, be the last word of theirs as old as it may. Where they have
    written for news that is `owed` to them, a question to which they have said nothing yet gives way: a day
    later they could not be written to.
    """
    if run is None or max(heard_at, run.asked_at) <= now - STILL:
        return True
    if owed and run.below is None and run.answers.keys() <= NOTHING:
        return True
    return "reference" in run.answers and run.answers.get("kind") != "asked"
