"""References and invitations: written in one way, and read in all the ways in which people type them."""

from __future__ import annotations

from functools import reduce
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import ALPHABET, SPACE, find_invitation, find_reference, invitation, new_invitation

CODE = "4XWK-9RTB-GH2M"
#: as `townbell staff invite` says it
PRINTED = """An invitation to Graz, as deputy. It works once, until 2026-12-01.
  In Telegram:  https://t.me/townbell_bot?start=join_4XWK9RTBGH2M
  Or write to us, on any channel:  join 4XWK-9RTB-GH2M
Give it to that person alone: whoever uses it first holds the place.
"""
NUMBERS = st.integers(0, SPACE**3 - 1)


def test_an_invitation_is_three_parts_of_letters_that_nobody_confuses() -> None:
    assert invitation(0) == "2222-2222-2222"
    assert invitation(1) == "2222-2222-2223"
    assert invitation(SPACE**3 - 1) == "ZZZZ-ZZZZ-ZZZZ"
    assert not set("01ILOU") & set(ALPHABET)


@given(NUMBERS, NUMBERS)
def test_two_numbers_are_two_invitations(one: int, other: int) -> None:
    assert (invitation(one) == invitation(other)) == (one == other)


@given(NUMBERS)
def test_an_invitation_is_found_as_it_was_written_and_as_a_link_carries_it(number: int) -> None:
    code = invitation(number)
    assert find_invitation(code) == code
    assert find_invitation(f"join_{code.replace('-', '')}") == code


@given(
    st.randoms(use_true_random=False), st.sampled_from(("", " ", "  ", "-", " - ", "–", "_")), st.booleans()
)
def test_a_new_invitation_is_known_behind_join_however_it_is_spaced(
    chance: Random, gap: str, small: bool
) -> None:
    code = new_invitation(chance.randrange)
    spaced = code.replace("-", gap)
    assert find_invitation(f"join {spaced.lower() if small else spaced}") == code


def test_a_code_that_might_be_words_is_drawn_again() -> None:
    without, with_one = _number("ABCD-EFGH-JKMN"), _number("ABCD-2FGH-JKMN")
    draws = iter([without, without, with_one, 0])
    bounds = []

    def below(bound: int) -> int:
        bounds.append(bound)
        return next(draws)

    assert new_invitation(below) == "ABCD-2FGH-JKMN"
    assert bounds == [SPACE**3] * 3


def test_a_code_of_letters_that_was_given_before_is_still_known_by_its_dashes() -> None:
    assert find_invitation("join ABCD-EFGH-JKMN") == "ABCD-EFGH-JKMN"
    assert find_invitation("abcd-efgh-jkmn") == "ABCD-EFGH-JKMN"


def _number(code: str) -> int:
    """The random number of a code."""
    return reduce(lambda n, letter: n * len(ALPHABET) + ALPHABET.index(letter), code.replace("-", ""), 0)


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        "  4xwk-9rtb-gh2m\n",
        "4XWK–9RTB—GH2M",
        "4XWK - 9RTB - GH2M",
        "4XWK_9RTB_GH2M",
        "join 4XWK-9RTB-GH2M",
        "Join: 4xwk-9rtb-gh2m",
        "/join 4XWK9RTBGH2M",
        "join_4XWK9RTBGH2M",
        "join4XWK9RTBGH2M",
        "join 4XWK 9RTB GH2M",
        "JOIN  4xwk  9rtb-gh2m",
        "join 4XWK-9RTB-GH2M.",
        '"join 4XWK-9RTB-GH2M"',
        "  Or write to us, on any channel:  join 4XWK-9RTB-GH2M",
        "Hello! I want to join 4xwk-9rtb-gh2m.",
        "It works once, until 2026-12-01.\n  Write to us, on any channel:  join 4XWK-9RTB-GH2M",
        PRINTED,
    ],
)
def test_an_invitation_however_it_is_spaced_and_dashed(text: str) -> None:
    assert find_invitation(text) == CODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "join",
        "4XWK9RTBGH2M",  # without "join" it has its dashes
        "4XWK 9RTB GH2M",
        "bestechender",
        "join them next week",
        "4XWK-9RTB",
        "4XWK-9RTB-GH2",
        "4XWK-9RTB-GH2M-2222",
        "4XWK-9RTB-GH20",  # no letter of ours
        "my code is 4XWK-9RTB-GH2M",
        "4XWK-9RTB-GH2M is my code",
        "GRZ-7K4M",
        "join 4XWK-9RTB-GH2M or not",
        "I rejoin 4XWK-9RTB-GH2M",
        "The lift is broken.\nNobody comes.\njoin 4XWK-9RTB-GH2M",
        f"The lift is broken {'and broken ' * 20}join 4XWK-9RTB-GH2M",
        f"join {' ' * 60}{CODE}",
    ],
)
def test_what_is_no_invitation(text: str) -> None:
    assert find_invitation(text) is None


def test_a_mistyped_invitation_is_one_that_nobody_gave() -> None:
    assert find_invitation("join ABCD-EFGH-IJKL") == "ABCD-EFGH-IJKL"
    assert find_invitation("ABCD-EFGH-IJKL") is None


@given(st.text(max_size=60))
def test_any_text_is_an_invitation_or_none(text: str) -> None:
    found = find_invitation(text)
    assert found is None or find_invitation(found) == found


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("GRZ-7K4M", "GRZ-7K4M"),
        ("grz 7k4m", "GRZ-7K4M"),
        ("about grz7k4m, please", "GRZ-7K4M"),
        ("GRZ – 7K4M and GRZ-9PQR", "GRZ-7K4M"),
        ("EMP-7K4M", None),
        ("GRZ-7K4MX", None),
        ("AGRZ-7K4M", None),
        ("7K4M", None),
    ],
)
def test_a_reference_within_a_text(text: str, reference: str | None) -> None:
    assert find_reference(text, ("GRZ",)) == reference
