"""What a text costs by SMS, what brings it into GSM-7, and how it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters import units
from core.sms import (
    BASIC,
    EXTENSION,
    LEFT_OUT,
    LONGEST,
    MESSAGE,
    as_sent,
    encoding,
    folded,
    messages,
    segments,
)
from core.talk import Option

FAMILY = "👨‍👩‍👧‍👦"
#: letters of both encodings, such as take one place and such as take two
LETTERS = st.text(alphabet=st.sampled_from(f"ab \n{{€Σß’…жضčé\u0301😀{FAMILY}🇦🇹"), max_size=400)


@pytest.mark.parametrize(
    ("text", "way", "count"),
    [
        pytest.param("", "GSM-7", 1, id="nothing"),
        pytest.param("a" * 160, "GSM-7", 1, id="a full message"),
        pytest.param("a" * 161, "GSM-7", 2, id="one letter more"),
        pytest.param("a" * 306, "GSM-7", 2, id="two full parts"),
        pytest.param("a" * 307, "GSM-7", 3, id="one letter more than two parts"),
        pytest.param("€" * 80, "GSM-7", 1, id="a euro sign takes two places"),
        pytest.param("€" * 80 + "a", "GSM-7", 2, id="eighty of them and a letter"),
        pytest.param("€" * 152, "GSM-7", 2, id="152 euro signs: 76 a part"),
        pytest.param("€" * 153, "GSM-7", 3, id="306 places, but none is cut in two"),
        pytest.param("a" * 152 + "€" + "a" * 151, "GSM-7", 2, id="the last place of a part stays empty"),
        pytest.param("a" * 152 + "€" + "a" * 152, "GSM-7", 3, id="and then a part more is needed"),
        pytest.param("{[~]}|^\\", "GSM-7", 1, id="what programmers type"),
        pytest.param("ΓΔΘΛΞΠΣΦΨΩ", "GSM-7", 1, id="Greek capitals that look like no Latin letter"),
        pytest.param("ΑΒΕ", "UCS-2", 1, id="Greek capitals that do"),
        pytest.param("γειά", "UCS-2", 1, id="Greek small letters"),
        pytest.param("Größe, Ñandú à Ærø", "UCS-2", 1, id="an acute u is not in it"),
        pytest.param("Größe, Ñandu à Ærø", "GSM-7", 1, id="what Western Europe writes"),
        pytest.param("ç", "UCS-2", 1, id="a small c with a cedilla"),
        pytest.param("Ç", "GSM-7", 1, id="a capital one"),
        pytest.param("č", "UCS-2", 1, id="a Slovene letter"),
        pytest.param("č" * 70, "UCS-2", 1, id="a full message in UCS-2"),
        pytest.param("č" * 71, "UCS-2", 2, id="one letter more in UCS-2"),
        pytest.param("č" + "a" * 134, "UCS-2", 3, id="one letter makes all of it UCS-2"),
        pytest.param("ж" * 134, "UCS-2", 2, id="Cyrillic, two full parts"),
        pytest.param("ض" * 135, "UCS-2", 3, id="Arabic, one letter more"),
        pytest.param("😀" * 35, "UCS-2", 1, id="an emoji takes two places"),
        pytest.param("😀" * 67, "UCS-2", 3, id="134 places, but 33 emoji a part"),
        pytest.param("ж" * 66 + "😀" + "ж" * 65, "UCS-2", 2, id="no emoji is cut in two"),
        pytest.param("ж" * 66 + "😀" + "ж" * 66, "UCS-2", 3, id="and its place stays empty"),
        pytest.param(FAMILY, "UCS-2", 1, id="a family is eleven places"),
        pytest.param(FAMILY * 6 + "abcd", "UCS-2", 1, id="six families and four letters"),
        pytest.param("\u2068GRZ-7K4M\u2069", "UCS-2", 1, id="an isolate"),
        pytest.param("`", "UCS-2", 1, id="a backtick"),
        pytest.param("a\tb", "UCS-2", 1, id="a tab"),
    ],
)
def test_a_text_costs_what_the_standard_says(text: str, way: str, count: int) -> None:
    assert (encoding(text), segments(text)) == (way, count)


def test_the_two_tables_are_those_of_the_standard() -> None:
    # 128 places: one is the escape, and line feed and carriage return are among the letters.
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("“It’s broken” – really…", '"It\'s broken" - really...', id="typographic marks"),
        pytest.param("„Größe“ «á la»", "„Größe“ «á la»", id="another letter keeps it in UCS-2"),
        pytest.param("10\u00a0000\u202f€\u2009net", "10 000 € net", id="spaces of all widths"),
        pytest.param("cafe\u0301", "café", id="an accent that stands beside its letter"),
        pytest.param("«пункт» — ж…", "«пункт» — ж…", id="Cyrillic stays as it was written"),
        pytest.param("Sign `here`\tplease", "Sign 'here' please", id="a backtick and a tab"),
        pytest.param("\u2068GRZ-7K4M\u2069\u200b", "GRZ-7K4M", id="what nobody sees"),
        pytest.param("20 °C", "20 °C", id="a degree says something"),
        pytest.param("šola", "šola", id="a Slovene letter is no typographic mark"),
        pytest.param("2 × 3", "2 × 3", id="and no sign of arithmetic"),
        pytest.param("plain", "plain", id="nothing to do"),
    ],
)
def test_printed_marks_are_typed_where_that_brings_all_of_it_into_gsm_7(text: str, said: str) -> None:
    assert folded(text) == said


@given(LETTERS)
def test_folding_never_costs_more_and_touches_no_word(text: str) -> None:
    said = folded(text)
    assert segments(said) <= segments(text) + said.count("...")
    assert said == text or encoding(said) == "GSM-7"
    assert folded(said) == said


@given(LETTERS)
def test_a_count_is_never_below_what_its_places_need(text: str) -> None:
    room, alone = (153, 160) if encoding(text) == "GSM-7" else (67, 70)
    places = units(text) + (sum(letter in EXTENSION for letter in text) if encoding(text) == "GSM-7" else 0)
    # At the end of each part at most one place stays empty.
    least, most = -(-places // room), max(1, -(-places // (room - 1)))
    assert segments(text) == 1 if places <= alone else least <= segments(text) <= most


def squeezed(text: str) -> str:
    return "".join(text.split())


def fit(said: tuple[str, ...], most: int) -> bool:
    """Whether each of them may be sent."""
    return all(segments(one) <= most and units(one) <= MESSAGE for one in said)


@given(LETTERS, st.integers(1, 20))
def test_nothing_is_lost_where_there_is_room(text: str, most: int) -> None:
    said = messages(text, most)
    assert fit(said, most)
    assert squeezed("".join(said)) == squeezed(text)


@given(st.lists(LETTERS, max_size=40).map(" ".join), st.integers(1, 20))
def test_no_text_costs_more_than_any_may_and_it_says_where_it_was_cut(text: str, most: int) -> None:
    said = messages(text, most)
    assert fit(said, most)
    assert sum(map(segments, said)) <= LONGEST
    whole = squeezed("".join(said))
    assert whole == squeezed(text) or squeezed(LEFT_OUT) in whole


@given(st.lists(LETTERS, max_size=40).map("\n\n".join), st.integers(1, 20))
def test_the_options_stay_when_a_text_is_cut(text: str, most: int) -> None:
    options = (Option(1, "send", "Send"), Option(9, "more", "More"))
    said = as_sent(text, options, most)
    assert fit(said, most)
    assert said[-1].endswith("1 Send\n9 More")


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        pytest.param("word " * 40, 1, ("word " * 31 + "word", "word " * 7 + "word"), id="between words"),
        pytest.param(
            "a" * 100 + "\n" + "b c " * 30, 1, ("a" * 100, "b c " * 29 + "b c"), id="rather between lines"
        ),
        pytest.param("a" * 200, 1, ("a" * 160, "a" * 40), id="no space anywhere"),
        pytest.param("ж" * 65 + FAMILY, 1, ("ж" * 65, FAMILY), id="an emoji family is not divided"),
        pytest.param("x " * 800 + "y", 99, (("x " * 800).strip(), "y"), id="what one message may hold"),
        pytest.param(
            "a" * 160 * 40, 1, ("a" * 160,) * 29 + ("a" * 154 + LEFT_OUT,), id="more than any text may cost"
        ),
    ],
)
def test_a_text_is_cut_where_it_reads_best(text: str, most: int, said: tuple[str, ...]) -> None:
    assert tuple(one.strip() for one in messages(text, most)) == said


def test_options_are_numbered_lines_and_folded_with_their_text() -> None:
    options = (Option(1, "send", "I agree, send"), Option(9, "more", "Tell me more…"))
    assert as_sent("Shall we send it – now?", options, 6) == (
        "Shall we send it - now?\n1 I agree, send\n9 Tell me more...",
    )
    assert as_sent("Надіслати – зараз?", options[:1], 6) == ("Надіслати – зараз?\n1 I agree, send",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Short.\n\nWhich?", ("Short.\n\nWhich?\n1 Yes\n2 No",), id="one message holds all"),
        pytest.param(
            "a" * 150 + "\n\nWhich?", ("a" * 150, "Which?\n1 Yes\n2 No"), id="the question goes with them"
        ),
        pytest.param("a" * 158, ("a" * 158, "1 Yes\n2 No"), id="the question has no room for them"),
        pytest.param(
            "a" * 300 + "\n\nWhich?",
            ("a" * 160, "a" * 140 + "\n\nWhich?\n1 Yes\n2 No"),
            id="with the rest of what stands before",
        ),
    ],
)
def test_a_question_stays_with_its_options(text: str, said: tuple[str, ...]) -> None:
    options = (Option(1, "yes", "Yes"), Option(2, "no", "No"))
    assert as_sent(text, options, 1) == said


def test_options_that_one_message_does_not_hold_go_on_in_the_next() -> None:
    options = tuple(Option(number, str(number), "x" * 30) for number in range(1, 20))
    said = as_sent("Which?", options, 1)
    assert fit(said, 1)
    assert "\n".join(said) == "\n".join(["Which?", *(f"{one.number} {one.label}" for one in options)])
