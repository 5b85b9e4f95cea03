"""What of the desk a message of staff is about, and what is none of it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.desk import Seek
from flows.choices import plain
from flows.codes import ACTS, LONGEST, SEVERAL, Code, read
from translations import catalogs

CATALOGS = catalogs.load()
WORDS = {
    plain(word): act
    for phrases in CATALOGS.values()
    for act in ACTS.values()
    for word in phrases.words(f"desk.act.{act}.words")
}
LOOKS = {plain(word) for phrases in CATALOGS.values() for word in phrases.words("desk.look.words")}

LIFT = Seek(references=("GRZ-7K4M",))


def code(text: str) -> Code | None:
    return read(text, "GRZ", WORDS, LOOKS)


def numbered(number: int, act: str = "", rest: str = "", week: int = 0) -> Code:
    return Code(Seek(number=number, week=week), act, rest)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # a number of the digest
        ("1A", numbered(1, "discussed")),
        ("1A 8 Dec", numbered(1, "discussed", "8 Dec")),
        ("1a", numbered(1, "discussed")),
        (" 1 A ", numbered(1, "discussed")),
        ("1A: 8 Dec", numbered(1, "discussed", "8 Dec")),
        ("12b, the housing office", numbered(12, "referred", "the housing office")),
        ("3C) Which house?", numbered(3, "asked", "Which house?")),
        ("3 d. It is repaired.", numbered(3, "closed", "It is repaired.")),
        ("1A\n8 December\nin the hall", numbered(1, "discussed", "8 December\nin the hall")),
        ("1\u00a0A", numbered(1, "discussed")),
        ("1.D done", numbered(1, "closed", "done")),
        ("1-D done", numbered(1, "closed", "done")),
        ("#1D done", numbered(1, "closed", "done")),
        ("Nr. 1 D done", numbered(1, "closed", "done")),
        ("1A - 8 Dec", numbered(1, "discussed", "8 Dec")),
        # of an older one
        ("W47 1C", numbered(1, "asked", week=47)),
        ("KW 47 1C", numbered(1, "asked", week=47)),
        ("kw47: 1c Which house?", numbered(1, "asked", "Which house?", week=47)),
        ("W47-1C", numbered(1, "asked", week=47)),
        ("1C W47 Which house?", numbered(1, "asked", "Which house?", week=47)),
        ("1A KW 47, 8 Dec", numbered(1, "discussed", "8 Dec", week=47)),
        ("W5 1S", numbered(1, "seen", week=5)),
        ("W47 1", numbered(1, week=47)),
        # a proposal
        ("G1", Code(Seek(proposal=1))),
        ("g 2", Code(Seek(proposal=2))),
        ("G1 no", Code(Seek(proposal=1), rest="no")),
        ("G1: no", Code(Seek(proposal=1), rest="no")),
        ("W47 G1 no", Code(Seek(proposal=1, week=47), rest="no")),
        # everything new
        ("S", Code(Seek(all_new=True), "seen")),
        (" s ", Code(Seek(all_new=True), "seen")),
        ("W47 S", Code(Seek(all_new=True, week=47), "seen")),
        # from another keyboard, another script
        ("1А 8 Dec", numbered(1, "discussed", "8 Dec")),
        ("1\u0432", numbered(1, "referred")),
        ("1\u0441 Який будинок?", numbered(1, "asked", "Який будинок?")),
        ("1\u0395", numbered(1, "decided")),
        ("1\u03c7", numbered(1, "spam")),
        ("1\u043e", numbered(1, "original")),
        ("\u0405", Code(Seek(all_new=True), "seen")),
        ("١A", numbered(1, "discussed")),
        ("W٤٧ ١٢C", numbered(12, "asked", week=47)),
        # what looks for a translation
        ("look", Code(Seek(look=True))),
        (" Look! ", Code(Seek(look=True))),
    ],
)
def test_what_a_code_says(text: str, found: Code) -> None:
    assert code(text) == found


@pytest.mark.parametrize(
    ("text", "act", "rest"),
    [
        ("GRZ-7K4M", "", ""),
        ("grz-7k4m", "", ""),
        ("GRZ 7K4M", "", ""),
        ("GRZ7K4M", "", ""),
        ("GRZ – 7k4m", "", ""),
        ("grz_7k4m", "", ""),
        ("GRZ-7K4M D", "closed", ""),
        ("GRZ-7K4M: D: it is repaired", "closed", "it is repaired"),
        ("GRZ-7K4M d it is repaired", "closed", "it is repaired"),
        ("GRZ-7K4M, close it is repaired", "closed", "it is repaired"),
        ("GRZ-7K4M close\nit is repaired", "closed", "it is repaired"),
        ("GRZ-7K4M - \u0410 8.12.", "discussed", "8.12."),
        ("GRZ-7K4M is about the lift", "", "is about the lift"),
        ("GRZ-7K4M M GRZ-9PQR", "merge", "GRZ-9PQR"),
    ],
)
def test_an_issue_by_its_reference(text: str, act: str, rest: str) -> None:
    assert code(text) == Code(LIFT, act, rest)


@pytest.mark.parametrize("letter", ACTS)
def test_each_letter_does_one_thing(letter: str) -> None:
    assert code(f"7{letter}") == numbered(7, ACTS[letter])
    assert code(f"7 {letter.lower()} words") == numbered(7, ACTS[letter], "words")


@pytest.mark.parametrize("tag", CATALOGS)
@pytest.mark.parametrize("act", ACTS.values())
def test_each_thing_has_a_name_in_each_language(tag: str, act: str) -> None:
    names = CATALOGS[tag].words(f"desk.act.{act}.words")
    assert names
    for name in names:
        assert code(f"1 {name} 8.12.") == numbered(1, act, "8.12."), name
        assert code(f"GRZ-7K4M {name.upper()}:") == Code(LIFT, act), name


@pytest.mark.parametrize("tag", CATALOGS)
def test_each_language_asks_for_a_look(tag: str) -> None:
    assert CATALOGS[tag].words("desk.look.words")
    for word in CATALOGS[tag].words("desk.look.words"):
        assert code(word) == Code(Seek(look=True)), word


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "1",
        "12",
        "٢",
        "2 buses were late",
        "2 S-Bahnen fallen aus",
        "1. The lift is broken",
        "12 people live here",
        "A",
        "\u0410",
        "W47",
        "S I am here",
        "So it is",
        "G",
        "Good morning",
        "1Z",
        "1AB",
        "1Apple",
        "12345A",
        "W471A",
        "about GRZ-7K4M",
        "GRZ-7K4MX",
        "GRZ-7K4",
        "EMP-7K4M",
        "7K4M",
        "look at the lamp in our street",
        "1A " + "x" * LONGEST,
    ],
)
def test_what_is_no_code(text: str) -> None:
    assert code(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "8B to Hans 9B to Lisa",
        "5A 8 December, 6A 8 December",
        "8S 9S",
        "4D Repaired.\n8D Replaced.",
        "1D\n2 D done",
        "W47 1D done\nW47 2D done",
        "1D done\nGRZ-7K4M D done",
        "GRZ-7K4M D done, 2D done",
        "8,9S",
        "8+9 S",
        "8-9S",
        "8 und 9 S",
    ],
)
def test_several_answers_in_one_message_are_none(text: str) -> None:
    """The words for one person must never reach another."""
    assert code(text) == SEVERAL


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1A 8 a las 10", numbered(1, "discussed", "8 a las 10")),
        ("1A 8 December, 10 a.m.", numbered(1, "discussed", "8 December, 10 a.m.")),
        ("1B 2 o 3 personas", numbered(1, "referred", "2 o 3 personas")),
        ("1C Which of the 12 apartments?", numbered(1, "asked", "Which of the 12 apartments?")),
        ("1M 2", numbered(1, "merge", "2")),
        ("1M GRZ-9PQR", numbered(1, "merge", "GRZ-9PQR")),
        ("1P 1 2 / 3", numbered(1, "parts", "1 2 / 3")),
    ],
)
def test_numbers_in_an_answer_are_no_further_code(text: str, found: Code) -> None:
    assert code(text) == found


LETTERS = st.sampled_from(["", *ACTS, *(letter.lower() for letter in ACTS)])
TYPED = st.builds(
    "{}{} {}{} {}".format,
    st.sampled_from(["", "W47 ", "KW 47 ", "kw7, "]),
    st.sampled_from(["1", "12", "G1", "GRZ-7K4M", "grz 7k4m", ""]),
    LETTERS,
    st.sampled_from(["", ":", ",", " close"]),
    st.sampled_from(["", "no", "8 Dec", "W46", "KW 46 it is done", "it is  repaired"]),
)


@given(st.text(max_size=60) | TYPED)
@example("W" * 60)
@example("1" * 60)
def test_any_text_is_a_code_or_none(text: str) -> None:
    found = code(text)
    assert found is None or found.act in {"", *ACTS.values()}


@given(TYPED)
def test_more_spaces_say_the_same(text: str) -> None:
    one, other = code(text), code(text.replace(" ", "  "))
    if one is None or other is None:
        assert one is other
    else:
        assert one[:2] == other[:2]
        assert one.rest.split() == other.rest.split()
