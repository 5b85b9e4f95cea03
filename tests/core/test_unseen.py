"""What people wrote reads as it is: nothing in it turns the text, and nothing in it is hidden."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.unseen import as_seen, however_hidden, spelled_out

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
#: "pay" in the alphabet of the flags
HIDDEN = "".join(chr(0xE0000 + ord(letter)) for letter in "pay")
TEXTS = st.text(st.one_of(st.characters(), st.sampled_from(f"\u202e\u200b\ufeff\u2067{SCOTLAND}{FAMILY}")))


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        pytest.param("The lift is broken\n\tsince May", "The lift is broken\n\tsince May", id="plain words"),
        pytest.param("pay 100\u202e00 euros\u202c", "pay 10000 euros", id="an override turns a number"),
        pytest.param("\u202aa\u202bb\u202cc\u202dd\u202e", "abcd", id="embeddings and overrides"),
        pytest.param("\u2066a\u2067b\u2068c\u2069", "abc", id="isolates"),
        pytest.param("5\u200e-\u200f10\u061c", "5-10", id="marks of a direction"),
        pytest.param("Hu\u200bb\ufeffe\u2060r", "Huber", id="no width within a name"),
        pytest.param("Hu\u00adber", "Huber", id="a hyphen that is not seen"),
        pytest.param("red \x9b31m alert", "red 31m alert", id="what a terminal obeys"),
        pytest.param(f"Do not {HIDDEN}", "Do not ", id="an alphabet that is not seen"),
        pytest.param(f"\U0001f3f4{HIDDEN}", "\U0001f3f4", id="hidden behind a flag that is none"),
        pytest.param(f"We like {SCOTLAND}!", f"We like {SCOTLAND}!", id="the flag of a region"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian"),
        pytest.param("क्\u200dष, ശ്രീ\u200d", "क्\u200dष, ശ്രീ\u200d", id="Indic scripts"),
        pytest.param(f"{FAMILY} \u2764\ufe0f", f"{FAMILY} \u2764\ufe0f", id="emoji"),
        pytest.param("المصباح مكسور", "المصباح مكسور", id="Arabic, which needs no signs"),
    ],
)
def test_a_text_as_it_is_seen(written: str, seen: str) -> None:
    assert as_seen(written) == seen


def test_nothing_is_left_that_turns_a_text() -> None:
    turning = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
    signs = [chr(code) for code in range(0x110000) if unicodedata.bidirectional(chr(code)) in turning]
    assert len(signs) == len(turning)
    assert as_seen("".join(signs)) == ""


@given(TEXTS)
def test_what_is_as_it_is_seen_stays_so(text: str) -> None:
    assert as_seen(as_seen(text)) == as_seen(text)


@given(TEXTS)
def test_a_program_reads_what_was_written_and_a_person_sees_all_of_it(text: str) -> None:
    written = spelled_out(json.dumps(text, ensure_ascii=False))
    assert json.loads(written) == text
    assert as_seen(written) == written


@pytest.mark.parametrize(
    ("words", "text", "left"),
    [
        ("Huber", "Herr Huber", "Herr […]"),
        ("huber", "Herr H\u200bu\u202eb\u00ade\ufeffr", "Herr […]"),
        ("H\u200buber", "Herr Huber", "Herr […]"),
        ("Anna Huber", "Anna\u2067 \u200bHuber", "[…]"),
        ("(1+1)", "lamp (1\u200b+1)", "lamp […]"),
        ("Huber", "Herr H uber", "Herr H uber"),
    ],
)
def test_words_are_found_however_they_are_hidden(words: str, text: str, left: str) -> None:
    assert however_hidden(words).sub("[…]", text) == left
