"""What stands in a council's digest, in which order and under which number.

Every issue stands in one place. What must be answered comes first: danger, then what is overdue, opened
again or replied to. What is to be discussed on a promised day is set apart, and the rest of the week is new,
by topic. The numbers run on over all sections as they are read, and are what "1A" means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count, groupby
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from core.council import Council
from core.digest import Count, Entry, Matter, Section
from outreach.week import day_of

Why = Literal["danger", "overdue", "reopened", "replied"]

#: how urgent a reason is
URGENCY: Sequence[Why] = ("danger", "overdue", "reopened", "replied")
LATE = 60 * 60 * 1_000_000  # A digest that is made so much later than it was due says so.
_UNANSWERED = ("filed", "seen", "asked", "reopened")
_UNDECIDED = ("filed", "seen", "asked", "discussed", "reopened")


class Planned(Struct, frozen=True):
    """The entries of a digest, numbered, as they are read."""

    first: tuple[Entry, ...]
    new: tuple[Entry, ...]
    promised: tuple[Entry, ...]


class Part(Struct, frozen=True):
    """Entries that stand together: a section, or one topic of what is new."""

    section: Section
    topic: str
    entries: tuple[Entry, ...]


def plan(entries: Iterable[Entry], council: Council, since: int, until: int, now: int) -> Planned:
    """Which entries stand where, with their numbers; those that have no place in this digest are left out."""
    placed: dict[Section, list[Entry]] = {"first": [], "new": [], "promised": []}
    for entry in entries:
        if section := _section(entry, council, since, until, now):
            placed[section].append(entry)
    placed["first"].sort(key=lambda entry: _urgency(entry, council, now))
    placed["new"].sort(key=lambda entry: _by_topic(entry, council))
    placed["promised"].sort(key=lambda entry: (entry.promised_at or 0, entry.issue_id))
    numbers = count(1)
    return Planned(
        *(
            tuple(replace(entry, number=next(numbers)) for entry in placed[section])
            for section in ("first", "new", "promised")
        )
    )


def why_first(entry: Entry, council: Council, now: int) -> Why | None:
    """Why an issue is to be answered before all others, or None."""
    unanswered = entry.answered_at is None and entry.status in _UNANSWERED
    if entry.danger and (unanswered or entry.replied_at is not None):
        return "danger"
    if unanswered and days_late(entry, council, now) > 0:
        return "overdue"
    if unanswered and entry.reopened_at is not None:
        return "reopened"
    return None if entry.replied_at is None else "replied"


def days_late(entry: Entry, council: Council, now: int) -> int:
    """For how many days an answer has been overdue; the promised day itself is not over yet."""
    return (day_of(now, council) - day_of(entry.hear_by, council)).days


def parts(matter: Matter) -> tuple[Part, ...]:
    """A digest's entries as they stand together, in the order in which they are read."""
    topics = tuple(
        Part("new", topic, tuple(entries))
        for topic, entries in groupby(matter.new, lambda entry: entry.topic)
    )
    all_parts = (Part("first", "", matter.first), *topics, Part("promised", "", matter.promised))
    return tuple(part for part in all_parts if part.entries)


def is_empty(matter: Matter) -> bool:
    """There is nothing to answer, to read or to check, and nothing has happened."""
    listed = matter.first or matter.new or matter.promised or matter.proposals
    return not (listed or matter.looks or matter.waiting or matter.this_week != Count())


def is_late(matter: Matter) -> bool:
    """It was made later than it was due."""
    return matter.made_at > matter.due_at + LATE


def _section(entry: Entry, council: Council, since: int, until: int, now: int) -> Section | None:
    if entry.status == "withdrawn":
        return None
    if why_first(entry, council, now):
        return "first"
    if entry.promised_at is not None and entry.status in _UNDECIDED:
        return "promised"
    return "new" if since <= entry.filed_at < until and entry.status != "closed" else None


def _urgency(entry: Entry, council: Council, now: int) -> tuple[int, int, int]:
    why = why_first(entry, council, now) or "replied"
    since = {
        "danger": entry.filed_at,
        "overdue": entry.hear_by,
        "reopened": entry.reopened_at,
        "replied": entry.replied_at,
    }
    return URGENCY.index(why), since[why] or 0, entry.issue_id


def _by_topic(entry: Entry, council: Council) -> tuple[int, str, int, int, int, int]:
    # A topic that the council has given up comes after its own; what has none comes last.
    known = [*council.topics].index(entry.topic) if entry.topic in council.topics else len(council.topics)
    rank = known if entry.topic else len(council.topics) + 1
    return rank, entry.topic, -entry.people, entry.group, entry.filed_at, entry.issue_id
