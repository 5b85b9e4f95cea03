"""A number so small that it points at somebody is not told, and cannot be reckoned from those that are.

Whoever takes what is told from the total has the rest. So the small numbers are hidden together with the
smallest of the others: then each of the hidden ones may be the one that is not small.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct

from core.digest import Entry, Matter

NOTHING: Mapping[str, int] = {}


class Protected(Struct, frozen=True):
    """Counts as they may be told."""

    told: Mapping[str, int]  #: the largest first
    rest: int  #: those that are not told, together; 0 where each is told


def protected(counts: Mapping[str, int], least: int, known: Mapping[str, int] = NOTHING) -> Protected:
    """The counts that may be told beside their total.

    `known` is what of a count can be seen elsewhere; it is what goes beyond it that has to be hidden.
    """
    beyond = {key: max(0, count - known.get(key, 0)) for key, count in counts.items() if count > 0}
    hidden = _hidden(beyond, least)
    told = sorted(beyond.keys() - hidden, key=lambda key: (-counts[key], key))
    return Protected({key: counts[key] for key in told}, sum(counts[key] for key in hidden))


def _hidden(counts: Mapping[str, int], least: int) -> set[str]:
    large = [count for count in counts.values() if count >= least]
    if all(count == 0 or count >= least for count in counts.values()):
        return set()
    if not large:
        return set(counts)
    # With its equals: which of them is hidden would tell something too.
    return {key for key, count in counts.items() if 0 < count <= min(large)}


def shareable(entries: Iterable[Entry], least: int) -> frozenset[int]:
    """The ids of the issues that may be shown with language and place: enough share these and the topic.

    People are counted by who raised it, so that nobody makes a crowd of themselves.
    """
    alike: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.language or entry.place:
            alike[entry.language, " ".join(entry.place.casefold().split()), entry.topic].append(entry)
    return frozenset(
        entry.issue_id
        for group in alike.values()
        if len({one.person for one in group}) >= least
        for entry in group
    )


def languages(matter: Matter, least: int) -> Protected:
    """How many people wrote in which language this week, as far as it may be told beside the issues."""
    entries = (*matter.first, *matter.new, *matter.promised)
    shared = shareable(entries, least)
    shown: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.issue_id in shared and matter.since <= entry.filed_at < matter.until:
            shown[entry.language].add(entry.person)
    return protected(
        matter.this_week.by_language, least, {language: len(people) for language, people in shown.items()}
    )
