"""A small number is neither told nor left to be reckoned."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.digest import Count
from outreach.small_numbers import Protected, languages, protected, shareable
from tests.outreach.weeks import issue, week

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40))


@pytest.mark.parametrize(
    ("counts", "told", "rest"),
    [
        pytest.param({}, {}, 0, id="nothing"),
        pytest.param({"ar": 12, "uk": 5}, {"ar": 12, "uk": 5}, 0, id="none is small"),
        pytest.param({"ar": 12, "uk": 0}, {"ar": 12}, 0, id="nobody is no small number"),
        pytest.param({"ar": 3}, {}, 3, id="one small one alone"),
        pytest.param({"ar": 12, "ti": 3}, {}, 15, id="one small one hides the only other"),
        pytest.param({"ar": 12, "uk": 8, "ti": 3}, {"ar": 12}, 11, id="the smallest other hides with it"),
        pytest.param({"ar": 12, "uk": 8, "ti": 3, "so": 4}, {"ar": 12}, 15, id="also with several"),
        pytest.param({"ar": 12, "uk": 8, "fa": 8, "ti": 3}, {"ar": 12}, 19, id="and with its equals"),
    ],
)
def test_what_is_told_with_five_as_the_least(counts: dict[str, int], told: dict[str, int], rest: int) -> None:
    assert protected(counts, 5) == Protected(told, rest)


@given(COUNTS, st.integers(2, 9))
def test_what_is_told_and_the_rest_are_the_total_and_none_of_it_is_small(
    counts: dict[str, int], least: int
) -> None:
    result = protected(counts, least)
    assert sum(result.told.values()) + result.rest == sum(counts.values())
    assert all(counts[key] == count >= least for key, count in result.told.items())
    # What somebody knows who takes what is told from the total: nothing, or more than a small number.
    assert not result.told or result.rest == 0 or result.rest > least


@given(COUNTS, COUNTS, st.integers(2, 9))
def test_what_goes_beyond_what_is_seen_elsewhere_is_never_small(
    counts: dict[str, int], seen: dict[str, int], least: int
) -> None:
    known = {key: min(count, counts.get(key, 0)) for key, count in seen.items()}
    for key, count in protected(counts, least, known).told.items():
        assert count - known.get(key, 0) == 0 or count - known.get(key, 0) >= least


@pytest.mark.parametrize("least", [2, 3, 4])
def test_no_hidden_count_follows_from_all_that_is_told(least: int) -> None:
    """Every town of four languages, as somebody sees it who knows how we hide."""
    towns = defaultdict(list)
    for counts in product(range(least + 3), repeat=4):
        town = dict(zip("abcd", counts, strict=True))
        result = protected(town, least)
        towns[tuple(sorted(result.told.items())), result.rest].append(town)
    followed = [
        (told, rest, key)
        for (told, rest), possible in towns.items()
        for key in "abcd"
        if told and rest and key not in dict(told) and len({town[key] for town in possible}) == 1
    ]
    assert len(towns) > 100
    assert followed == []


def test_issues_show_language_and_place_where_five_people_share_them() -> None:
    alike = [issue(n, language="ar", place="Lend") for n in range(1, 6)]
    others = [
        issue(11, language="ar", place="Gries"),
        issue(12, language="uk", place="Lend"),
        issue(13, language="ar", place="Lend", topic="work"),
        issue(14, language="ar"),
    ]
    assert shareable([*alike, *others], 5) == {1, 2, 3, 4, 5}
    assert shareable([*alike[:4], *others], 5) == frozenset()


def test_a_place_is_the_same_however_it_is_spelled() -> None:
    places = ("Lend", "lend", " LEND", "Lend ", "lend")
    assert len(shareable([issue(n, place=place) for n, place in enumerate(places)], 5)) == 5


def test_who_writes_five_times_is_still_one_person() -> None:
    assert shareable([issue(n, language="ti", place="Lend", person=7) for n in range(1, 9)], 5) == frozenset()


def test_people_we_cannot_tell_apart_count_as_one() -> None:
    assert shareable([issue(n, language="ti", place="Lend", person=0) for n in range(1, 9)], 5) == frozenset()


def test_a_language_yields_to_the_issues_that_show_it() -> None:
    # Seven wrote in Arabic, five of them can be seen: telling "7" would tell that there are two others.
    shown = [issue(n, language="ar", place="Lend") for n in range(1, 6)]
    told = week(*shown, this_week=Count(by_language={"ar": 7, "uk": 9, "de": 30}))
    assert languages(told, 5) == Protected({"de": 30}, 16)
    assert languages(replace(told, this_week=Count(by_language={"ar": 5, "uk": 9})), 5).told == {
        "uk": 9,
        "ar": 5,
    }
    assert languages(replace(told, this_week=Count(by_language={"ar": 10, "uk": 9})), 5).told == {
        "ar": 10,
        "uk": 9,
    }
