"""Where a text is cut: between lines or words, and never inside what the eye takes for one letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters import split_text, units

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("short", 10, ["short"]),
        ("", 10, [""]),
        ("one\n\ntwo", 6, ["one", "two"]),
        ("one two\nthree four", 12, ["one two", "three four"]),
        ("one two three", 8, ["one two", "three"]),
        ("onetwothree", 4, ["onet", "woth", "ree"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
        ("😀😀😀", 5, ["😀😀", "😀"]),
        (f"abc{FAMILY}", 12, ["abc", FAMILY]),
        ("abe\u0301e\u0301", 4, ["abe\u0301", "e\u0301"]),
        ("a🇦🇹🇩🇪", 7, ["a🇦🇹", "🇩🇪"]),
        ("👍🏽👍🏽", 7, ["👍🏽", "👍🏽"]),
        ("नमस्ते", 4, ["नम", "स्ते"]),
    ],
    ids=["fits", "nothing", "paragraphs", "lines", "words", "no space", "emoji", "odd limit", "a family",
         "accents", "flags", "skin tones", "Devanagari"],
)  # fmt: skip
def test_a_text_is_cut_where_it_reads_best(text: str, limit: int, parts: list[str]) -> None:
    assert split_text(text, limit) == parts


@given(st.text(alphabet=st.sampled_from(f"ab \né\u0301ض😀{FAMILY}🇦🇹"), max_size=300), st.integers(8, 40))
def test_nothing_is_lost_and_every_part_fits(text: str, limit: int) -> None:
    parts = split_text(text, limit)
    assert all(units(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_long_text_without_any_space_fits() -> None:
    assert [units(part) for part in split_text("😀" * 5000, 4096)] == [4096, 4096, 1808]
