"""What people wrote, in a line of ours."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phrases import Direction
from outreach.short import MARKS, in_a_line, in_parts, isolated, short

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "most", "shortened"),
    [
        pytest.param("Kein Licht im Hof", 20, "Kein Licht im Hof", id="short enough"),
        pytest.param(
            "Kein Licht im Hof, seit Wochen", 20, "Kein Licht im Hof…", id="at a word, without its comma"
        ),
        pytest.param("Donaudampfschifffahrtsgesellschaft", 10, "Donaudamp…", id="a word too long"),
        pytest.param("لا يوجد ضوء في ساحة البيت", 16, "لا يوجد ضوء في…", id="Arabic"),
        pytest.param("Немає світла у дворі", 15, "Немає світла у…", id="Ukrainian"),
        pytest.param(f"Wir {FAMILY}{FAMILY}", 10, f"Wir {FAMILY}…", id="a family stays together"),
        pytest.param("a\n\n b\tc\u2028d\x00e", 20, "a b c d e", id="one line"),
        pytest.param("\u202eabc\u2066\u2069", 20, "abc", id="turns nothing"),
        pytest.param("\u200f5\u200e-\u061c10 Hu\u200bb\ufeffer", 20, "5-10 Huber", id="hides nothing"),
        pytest.param("a\x85b", 20, "a b", id="another kind of new line"),
        pytest.param("e" + "\u0301\u200b" * 50, 20, "e" + "\u0301" * MARKS, id="not a tower with gaps"),
        pytest.param("می\u200cخواهم", 20, "می\u200cخواهم", id="a joiner that Persian needs"),
        pytest.param("e" + "\u0301" * 50, 20, "e" + "\u0301" * MARKS, id="not a tower of accents"),
        pytest.param("", 20, "", id="nothing"),
    ],
)
def test_shortened(text: str, most: int, shortened: str) -> None:
    assert short(text, most) == shortened


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        pytest.param("The tap leaks\nIt is worse now", "The tap leaks · It is worse now", id="an addition"),
        pytest.param("Hello\r\n\n  the tap leaks \n", "Hello · the tap leaks", id="paragraphs"),
        pytest.param("\n\n", "", id="nothing but line breaks"),
        pytest.param("الحنفية تسرب\nالآن أسوأ", "الحنفية تسرب · الآن أسوأ", id="Arabic"),
    ],
)
def test_where_a_part_began_is_seen_on_one_line(text: str, parted: str) -> None:
    assert in_parts(text) == parted


def test_a_text_is_not_cut_behind_the_sign_between_its_parts() -> None:
    assert short(in_parts("The tap leaks\nIt is worse now"), 17) == "The tap leaks…"


@given(st.text(max_size=400), st.integers(10, 200))
def test_never_longer_than_it_may_be_and_always_one_line(text: str, most: int) -> None:
    shortened = short(text, most)
    assert len(shortened) <= most
    assert len(shortened.splitlines()) <= 1
    assert in_a_line(shortened) == shortened


@pytest.mark.parametrize(
    ("text", "direction", "is_isolated"),
    [
        ("Lend", "ltr", False),
        ("حي ليند", "ltr", True),
        ("Lend", "rtl", True),
        ("حي ليند", "rtl", False),
        ("+43 316 900123", "rtl", True),
        ("+43 316 900123", "ltr", False),
    ],
)
def test_isolated_where_it_runs_the_other_way(text: str, direction: Direction, is_isolated: bool) -> None:
    assert (isolated(text, direction) == f"\u2068{text}\u2069") is is_isolated
    assert text in isolated(text, direction)


def test_every_letter_that_runs_from_the_right_is_isolated_in_a_line_from_the_left() -> None:
    letters = [chr(code) for code in range(0x110000) if unicodedata.bidirectional(chr(code)) in ("R", "AL")]
    assert [hex(ord(letter)) for letter in letters if isolated(letter, "ltr") == letter] == []
