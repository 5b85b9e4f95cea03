"""Issues that say the same are found, and seldom others: measured on what people write, translated.

`grouping/chosen_by.toml` is what the numbers of outreach/grouping.py were chosen by, `grouping/held_out.toml`
what they are measured on.
"""

from __future__ import annotations

import random
import tomllib
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.grouping import MOST, Text, propose
from translations import catalogs

ISSUES = Path(__file__).with_name("grouping")
COMMON = tuple(catalogs.load()["de"].texts.values())


class Written(NamedTuple):
    """An issue of the measured set."""

    matter: int
    language: str
    original: str
    reading: str


def written(half: str) -> list[Written]:
    matters = tomllib.loads((ISSUES / f"{half}.toml").read_text("utf-8"))["matter"]
    return [
        Written(number, one[0], one[2], one[-1])
        for number, matter in enumerate(matters)
        for one in matter["said"]
    ]


class Figures(NamedTuple):
    """Pairs of issues."""

    right: int
    proposed: int
    same: int

    @property
    def precision(self) -> float:
        return self.right / self.proposed

    @property
    def recall(self) -> float:
        return self.right / self.same

    def __str__(self) -> str:
        return f"{self.right} of {self.proposed} proposed pairs are right; {self.same} were to be found"


def measured(issues: list[Written], texts: list[str]) -> Figures:
    groups = propose([Text(place + 1, words) for place, words in enumerate(texts)], common=COMMON)
    pairs = [pair for group in groups for pair in combinations(group, 2)]
    right = [(a, b) for a, b in pairs if issues[a - 1].matter == issues[b - 1].matter]
    same = [(a, b) for a, b in combinations(issues, 2) if a.matter == b.matter]
    return Figures(len(right), len(pairs), len(same))


@pytest.mark.parametrize(("half", "precision", "recall"), [("chosen_by", 0.95, 0.6), ("held_out", 0.9, 0.6)])
def test_nine_of_ten_proposals_are_right_and_most_are_found(
    half: str, precision: float, recall: float
) -> None:
    issues = written(half)
    figures = measured(issues, [one.reading for one in issues])
    assert figures.precision >= precision, str(figures)
    assert figures.recall >= recall, str(figures)


def test_it_stays_so_when_more_is_written() -> None:
    halves = [written("chosen_by"), written("held_out")]
    issues = [one._replace(matter=one.matter + 1000 * n) for n, half in enumerate(halves) for one in half]
    figures = measured(issues, [one.reading for one in issues])
    assert figures.precision >= 0.9, str(figures)
    assert figures.recall >= 0.6, str(figures)


@pytest.mark.parametrize("half", ["chosen_by", "held_out"])
def test_untranslated_hardly_anything_is_proposed_and_nothing_wrong(half: str) -> None:
    issues = written(half)
    figures = measured(issues, [one.original for one in issues])
    assert figures.right == figures.proposed, str(figures)


def test_the_measured_set_is_large_enough_to_mean_something() -> None:
    issues = [*written("chosen_by"), *written("held_out")]
    assert len(issues) >= 90
    assert len({one.language for one in issues}) >= 6
    assert len({one.reading for one in issues}) == len(issues)


# What is the same, and what only looks so

LIFT = "Der Aufzug in der Annenstraße ist seit Wochen kaputt und niemand kommt"
SAME = "In der Annenstraße ist der Aufzug kaputt, seit drei Wochen, niemand kommt"
OTHER = "Ich finde keinen Platz im Kindergarten für meine kleine Tochter"


def together(*words: str, places: tuple[str, ...] = ()) -> bool:
    """Whether all are proposed as one, among others that are about something else."""
    where = dict(enumerate(places, 1))
    texts = [Text(n, one, place=where.get(n, "")) for n, one in enumerate(words, 1)]
    return propose([*texts, Text(99, OTHER)], common=COMMON) == [tuple(range(1, len(words) + 1))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIFT, SAME),
        (LIFT, LIFT),
        (LIFT, LIFT.upper()),
        (LIFT, LIFT.replace("ß", "ss") + " 😡😡😡"),
        (LIFT, "Der Aufzug ist seit Wochen kaputt und niemand kommt"),
        ("Lift kaputt", "lift kaputt!!!"),
        ("Za otroke ni igrišča v soseski", "V soseski ni igrišča za naše otroke"),
    ],
)
def test_it_is_the_same(one: str, other: str) -> None:
    assert together(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LIFT, LIFT.replace("Annenstraße", "Keplerstraße")),
        (LIFT.replace("Annenstraße", "Annenstraße 12"), LIFT.replace("Annenstraße", "Annenstraße 40")),
        ("Wir brauchen hier einen neuen Spielplatz", "Wir brauchen hier keinen neuen Spielplatz"),
        ("Der Chef zahlt die Überstunden", "Der Chef zahlt die Überstunden nicht"),
        ("Lift kaputt", "Lift ist kaputt"),
        ("Bitte helfen", "Hilfe bitte"),
        ("😡😡😡", "😡😡😡"),
        ("?!", "?!"),
    ],
)
def test_it_is_not_the_same(one: str, other: str) -> None:
    assert not together(one, other)


def test_a_place_that_was_given_beside_the_words_counts() -> None:
    lift = "Der Aufzug ist seit Wochen kaputt und niemand kommt"
    assert together(lift, lift, places=("Annenstraße 12", "Annenstraße"))
    assert not together(lift, lift, places=("Annenstraße 12", "Lendplatz 3"))


def test_one_without_a_place_does_not_bring_two_places_together() -> None:
    nowhere, here, there = (
        f"Der Aufzug ist seit Wochen kaputt{where}" for where in ("", " Lendplatz", " Griesplatz")
    )
    [group] = propose([Text(1, here), Text(2, there), Text(3, nowhere), Text(4, OTHER)])
    assert group in {(1, 3), (2, 3)}


# What staff have said


def test_what_was_declined_is_not_proposed_again() -> None:
    texts = [Text(1, LIFT), Text(2, SAME), Text(3, OTHER)]
    assert propose(texts) == [(1, 2)]
    assert propose(texts, apart=[(2, 1)]) == []


def test_who_was_declined_with_one_of_a_group_was_so_with_all_of_it() -> None:
    texts = [Text(1, LIFT, group=5), Text(2, LIFT, group=5), Text(3, SAME), Text(4, OTHER)]
    assert propose(texts, apart=[(1, 3)]) == []


def test_what_is_grouped_is_not_proposed_among_itself() -> None:
    assert propose([Text(1, LIFT, group=5), Text(2, SAME, group=5), Text(3, OTHER)]) == []


def test_one_of_a_group_stands_for_it() -> None:
    texts = [Text(1, LIFT, group=5), Text(2, SAME, group=5), Text(3, LIFT), Text(4, OTHER)]
    assert propose(texts) == [(1, 3)]


def test_two_groups_can_be_one() -> None:
    texts = [Text(1, LIFT, group=5), Text(2, SAME, group=6), Text(3, OTHER)]
    assert propose(texts) == [(1, 2)]


# Whatever comes


# More of the same than fit into one proposal: somebody has to be left out, and always the same.
MIXED = [
    Text(n, words)
    for n, words in enumerate([one.reading for one in written("held_out")[:12]] + [LIFT] * (MOST + 2))
]


@given(st.permutations(MIXED))
@settings(max_examples=20, deadline=None)
def test_the_order_in_which_they_come_does_not_matter(texts: list[Text]) -> None:
    assert propose(texts) == propose(MIXED)


@pytest.mark.parametrize("texts", [[], [LIFT], ["", LIFT], ["", ""], ["😡", LIFT], ["a", "b"]])
def test_where_there_is_nothing_to_compare_nothing_is_proposed(texts: list[str]) -> None:
    assert propose([Text(n, words) for n, words in enumerate(texts, 1)]) == []


@given(st.lists(st.text(), max_size=5))
@settings(max_examples=50, deadline=None)
def test_any_words_can_be_compared(texts: list[str]) -> None:
    for group in propose([Text(n, words) for n, words in enumerate(texts, 1)]):
        assert len(group) > 1


def test_a_long_text_is_compared_by_its_beginning() -> None:
    chance = random.Random(7)
    one, other = (f"{LIFT}. " + invented(chance, 2_500) for _ in range(2))
    assert len(one) > 10_000
    same_beginning = [one[:2_000] + one[2_000:], one[:2_000] + other[2_000:]]
    assert together(*same_beginning)
    assert not together(one, other)


def test_a_proposal_is_never_longer_than_anybody_reads() -> None:
    groups = propose([Text(n, LIFT) for n in range(1, 2 * MOST + 2)])
    assert [len(group) for group in groups] == [MOST, MOST]


def test_a_few_that_say_the_same_are_found_among_three_thousand() -> None:
    chance = random.Random(7)
    texts = [Text(n, invented(chance, 14)) for n in range(1, 3_001)]
    planted = [(n, n + 500, n + 1_700) for n in range(100, 500, 40)]
    for first, *others in planted:
        for place in others:
            words = texts[first - 1].words.split()
            chance.shuffle(words)
            texts[place - 1] = Text(place, " ".join([*words[3:], invented(chance, 3)]))
    assert propose(texts) == planted


def invented(chance: random.Random, words: int) -> str:
    return " ".join("".join(chance.choices("abdefgiklmnoprstuz", k=7)) for _ in range(words))
