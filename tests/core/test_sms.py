"""What a text costs by SMS, what brings it into GSM-7, and how it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters import units
from core.sms import BASIC, EXTENSION, LEFT_OUT, MESSAGE, as_sent, encoding, folded, parts, segments
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


@given(st.lists(LETTERS, max_size=8).map(" ".join))
def test_nothing_is_lost_where_there_is_room(text: str) -> None:
    messages = parts(text, 1000)
    assert squeezed("".join(messages)) == squeezed(text)
    assert all(units(message) <= MESSAGE for message in messages)


@given(LETTERS, st.integers(1, 6))
def test_what_may_cost_so_much_costs_no_more_and_says_that_it_was_cut(text: str, most: int) -> None:
    messages = parts(text, most)
    assert sum(map(segments, messages)) <= most
    whole = squeezed("".join(messages))
    cut = squeezed(LEFT_OUT)
    assert whole == squeezed(text) or (
        whole.endswith(cut) and squeezed(text).startswith(whole.removesuffix(cut))
    )


@given(LETTERS, st.integers(1, 6))
def test_the_options_stay_when_a_text_is_cut(text: str, most: int) -> None:
    options = (Option(1, "send", "Send"), Option(9, "more", "More"))
    messages = as_sent(text, options, most)
    assert sum(map(segments, messages)) <= most
    assert messages[-1].endswith("1 Send\n9 More")


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        pytest.param("word " * 40, 1, ("word " * 30 + "word (...)",), id="between words"),
        pytest.param(
            "a" * 100 + "\n" + "b c " * 30, 1, ("a" * 100 + LEFT_OUT,), id="rather between lines than words"
        ),
        pytest.param("a" * 200, 1, ("a" * 154 + LEFT_OUT,), id="no space anywhere"),
        pytest.param(
            "ж" * 55 + FAMILY + "ж" * 20, 1, ("ж" * 55 + LEFT_OUT,), id="an emoji family is not divided"
        ),
        pytest.param(
            ("x " * 1000).strip(), 99, (("x " * 800).strip(), ("x " * 200).strip()), id="two messages"
        ),
    ],
)
def test_a_text_is_cut_where_it_reads_best(text: str, most: int, said: tuple[str, ...]) -> None:
    assert parts(text, most) == said


def test_options_are_numbered_lines_and_folded_with_their_text() -> None:
    options = (Option(1, "send", "I agree, send"), Option(9, "more", "Tell me more…"))
    assert as_sent("Shall we send it – now?", options, 6) == (
        "Shall we send it - now?\n1 I agree, send\n9 Tell me more...",
    )
    assert as_sent("Надіслати – зараз?", options[:1], 6) == ("Надіслати – зараз?\n1 I agree, send",)


def test_of_options_that_have_no_room_as_many_stay_as_can() -> None:
    options = tuple(Option(number, str(number), "x" * 30) for number in range(1, 20))
    (message,) = as_sent("Which?", options, 1)
    assert segments(message) == 1
    assert message.lstrip().startswith("1 xxx")
    assert message.endswith(LEFT_OUT)
