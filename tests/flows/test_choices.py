"""Which option did they mean? A digit of any script, a label, a synonym, a small slip; never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.choices import choose, number, plain, repeated, slips

AREAS = [
    (1, "north", ("North side", "up north")),
    (2, "south", ("South side",)),
    (3, "other", ("Somewhere else", "elsewhere")),
    (9, "more", ("Tell me more",)),
]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        pytest.param("1", "north", id="a digit"),
        pytest.param(" 2. ", "south", id="a digit with marks"),
        pytest.param("(3)", "other", id="a digit in brackets"),
        pytest.param("9", "more", id="a number that is shown, not a place in the list"),
        pytest.param("4", None, id="a place in the list that is not shown"),
        pytest.param("٢", "south", id="Arabic-Indic"),
        pytest.param("۲", "south", id="Persian"),
        pytest.param("२", "south", id="Devanagari"),
        pytest.param("২", "south", id="Bengali"),
        pytest.param("2️⃣", "south", id="keycap emoji"),
        pytest.param("２", "south", id="full width"),
        pytest.param("north side", "north", id="the label, small"),
        pytest.param("NORTH SIDE!", "north", id="the label, shouted"),
        pytest.param("1 North side", "north", id="as it looks on a button"),
        pytest.param("up north", "north", id="a synonym"),
        pytest.param("up nort", "north", id="a letter left out"),
        pytest.param("Noth side", None, id="a slip that is near to two: never guessed"),
        pytest.param("Nroth side", "north", id="two letters swapped"),
        pytest.param("Somwhere esle", "other", id="two slips in a long label"),
        pytest.param("mouth side", None, id="one slip from two: never guessed"),
        pytest.param("1 2", None, id="two numbers"),
        pytest.param("one of these", None, id="something else"),
        pytest.param("", None, id="nothing"),
        pytest.param("🙏", None, id="only emoji"),
        pytest.param("1" * 4000, None, id="a very long number"),
        pytest.param("North side " * 100, None, id="a very long text"),
    ],
)
def test_a_choice_is_understood(said: str, meant: str | None) -> None:
    assert choose(said, AREAS) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("1 1", "north"),
        ("north side, up north!", "north"),
        ("elsewhere elsewhere elsewhere", "other"),
        ("9", "more"),
        ("1 2", None),
        ("north side south side", None),
        ("up north it is cold", None),
        ("", None),
        ("up north " * 100, None),
    ],
)
def test_an_option_that_is_named_twice_is_meant(said: str, meant: str | None) -> None:
    assert repeated(said, AREAS) == meant


def test_a_slip_that_fits_two_options_is_not_guessed() -> None:
    options = [(1, "cat", ("The cat",)), (2, "car", ("The car",))]
    assert choose("The cab", options) is None
    assert choose("The cat", options) == "cat"


def test_short_labels_forgive_no_slip() -> None:
    assert choose("ya", [(1, "yes", ("Yes",)), (2, "no", ("No",))]) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("أهلا", "اهلا"), ("مدرسة", "مدرسه"), ("كِتَاب", "كتاب"), ("Ångström", "ångström"), ("a  b\n", "A b")],
)
def test_what_reads_alike_compares_alike(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_vowel_signs_that_are_letters_to_their_readers_stay() -> None:
    assert plain("कि") != plain("का")


@given(st.text())
def test_nothing_that_people_write_breaks_it(said: str) -> None:
    assert choose(said, AREAS) in {"north", "south", "other", "more", None}
    assert number(said) is None or isinstance(number(said), int)


@given(st.text(alphabet="abc", max_size=6), st.text(alphabet="abc", max_size=6))
def test_slips_count_the_same_both_ways(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one)
    assert slips(one, one) == 0
    assert slips(one, other) <= max(len(one), len(other))
