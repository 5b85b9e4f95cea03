"""What a code on a poster says is read again as it was written, and of anything else nothing is read."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.poster import (
    LONGEST_PAYLOAD,
    LONGEST_PLACE,
    FirstWords,
    Poster,
    first_words,
    is_place,
    payload,
    read_first_words,
    read_payload,
)
from core.references import SPACE, invitation

KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,31}", fullmatch=True)
TAGS = st.sampled_from(["", "en", "de", "ar", "sr-latn", "ckb-arab", "zh-hant-tw"])
PLACES = (
    st.text(st.characters(categories=["L", "Mn", "Nd"], include_characters=" -.'’"), max_size=LONGEST_PLACE)
    .map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
    .filter(lambda text: not text or is_place(text))
)
POSTERS = st.builds(Poster, KEYS, TAGS, PLACES)
HELLOS = st.sampled_from(["Hello", "مرحبا", "Добрий день", "Dober dan", ""])


@given(POSTERS)
def test_a_link_is_read_as_it_was_written(poster: Poster) -> None:
    written = payload(poster)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", written)
    assume(len(written) <= LONGEST_PAYLOAD)
    assert read_payload(written) == poster


@given(HELLOS, POSTERS, st.sampled_from(["", "the lamp is broken", "المصباح مكسور"]))
def test_a_first_message_is_read_as_it_was_written(hello: str, poster: Poster, rest: str) -> None:
    written = f"{first_words(hello, poster)} {rest}".rstrip()
    assert read_first_words(written) == FirstWords(hello, poster, rest)


@given(POSTERS, POSTERS)
def test_two_posters_are_two_links_and_two_messages(one: Poster, other: Poster) -> None:
    assert (payload(one) == payload(other)) == (one == other)
    assert (first_words("Hello", one) == first_words("Hello", other)) == (one == other)


@given(KEYS)
def test_a_link_that_is_a_key_alone_says_that_council_as_it_always_did(key: str) -> None:
    assert read_payload(key) == Poster(key)


@given(st.integers(0, SPACE**3 - 1))
def test_an_invitation_is_no_poster(number: int) -> None:
    assert read_payload(f"join_{invitation(number).replace('-', '')}") in {
        None,
        # All of its letters are digits: then it looks like a key, and whoever hears it asks first.
        Poster(f"join_{invitation(number).replace('-', '')}"),
    }


@given(st.text(max_size=80))
def test_whatever_is_read_can_be_written_again(text: str) -> None:
    if poster := read_payload(text):
        assert read_payload(payload(poster)) == poster
    found = read_first_words(text)
    if found and found.poster:
        assert read_first_words(first_words("", found.poster)) == FirstWords("", found.poster, "")


@pytest.mark.parametrize(
    ("text", "poster"),
    [
        pytest.param("graz", Poster("graz"), id="a council"),
        pytest.param("graz_de", Poster("graz_de"), id="a council whose key ends as if it named a language"),
        pytest.param("grazLde", Poster("graz", "de"), id="and a language"),
        pytest.param("grazLsr-latn", Poster("graz", "sr-latn"), id="and a script"),
        pytest.param("grazLdeILend", Poster("graz", "de", "Lend"), id="and a place"),
        pytest.param("grazIVolkshaus_Lend", Poster("graz", "", "Volkshaus Lend"), id="a place of two words"),
        pytest.param("grazISt-Peter", Poster("graz", "", "St-Peter"), id="a place with a dash"),
        pytest.param("grazUxaBpxaFrYQ", Poster("graz", "", "Šiška"), id="a place in other letters"),
    ],
)
def test_the_form_of_a_link_is_for_ever(text: str, poster: Poster) -> None:
    assert payload(poster) == text
    assert read_payload(text) == poster


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("x" * 65, id="too long"),
        pytest.param("x" * 33, id="a key that is too long"),
        pytest.param("graz Lde", id="a space"),
        pytest.param("../../etc/passwd", id="a path"),
        pytest.param("graz'; drop table contact;--", id="a query"),
        pytest.param("<b>graz</b>", id="markup"),
        pytest.param("GRAZ", id="capitals"),
        pytest.param("grazL", id="a language that is not there"),
        pytest.param("grazLdeLen", id="two languages"),
        pytest.param("grazLdeI", id="a place that is not there"),
        pytest.param("grazI__", id="a place of spaces"),
        pytest.param("grazI-Lend", id="a place that begins with a dash"),
        pytest.param("grazUAAAA", id="a place of zeros"),
        pytest.param("grazU____", id="a place that is no UTF-8"),
        pytest.param("grazUxaF", id="a place with half a letter"),
        pytest.param("grazU4oCu4oCu", id="a place that turns the line around"),
        pytest.param("grazUPGI-", id="a place that is markup"),
        pytest.param("grazUTGVuZB", id="a place that is coded in a second way"),
        pytest.param("grazLdé", id="a letter that a link does not carry"),
        pytest.param("graz\n", id="a new line"),
    ],
)
def test_of_a_link_that_we_did_not_make_nothing_is_read(text: str) -> None:
    assert read_payload(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Hello #graz/", FirstWords("Hello", Poster("graz"), ""), id="a council"),
        pytest.param("Hello #graz/de", FirstWords("Hello", Poster("graz", "de"), ""), id="and a language"),
        pytest.param(
            "Hello\n#graz//Volkshaus_Lend\n",
            FirstWords("Hello", Poster("graz", "", "Volkshaus Lend"), ""),
            id="on two lines, with a place",
        ),
        pytest.param("#Graz/DE", FirstWords("", Poster("graz", "de"), ""), id="typed by hand"),
        pytest.param(
            "Hello #graz/de The lamp\nis broken",
            FirstWords("Hello", Poster("graz", "de"), "The lamp\nis broken"),
            id="with words behind it",
        ),
        pytest.param("Hello #gra", FirstWords("Hello", None, ""), id="cut off"),
        pytest.param("Hello #", FirstWords("Hello", None, ""), id="cut off at once"),
        pytest.param("Hello #graz/de/a/b", FirstWords("Hello", None, ""), id="too much of it"),
        pytest.param("Hello #graz/de/<b>", FirstWords("Hello", None, ""), id="markup"),
        pytest.param("Hello #graz/de/" + "x" * 33, FirstWords("Hello", None, ""), id="a long place"),
        pytest.param("Hello #graz/\u202e", FirstWords("Hello", None, ""), id="a mark that turns the line"),
        pytest.param("Hello", None, id="no mark"),
        pytest.param("The lamp before our house number 7 is broken #graz/de", None, id="behind an issue"),
    ],
)
def test_a_message_is_taken_apart_at_the_mark(text: str, found: FirstWords | None) -> None:
    assert read_first_words(text) == found


@pytest.mark.parametrize(
    "text",
    ["Lend", "8020", "St. Leonhard", "Đakovo", "Šiška", "Λεωφόρος Κνωσού", "الحي الثالث", "L'Hospitalet"],
)
def test_a_place_as_people_call_it_is_one(text: str) -> None:
    assert is_place(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param(" Lend", id="a space before"),
        pytest.param("Lend  Nord", id="two spaces"),
        pytest.param("Lend_Nord", id="the sign that stands for a space"),
        pytest.param("Lend/Nord", id="the sign that parts the fields"),
        pytest.param("Lend\nNord", id="a new line"),
        pytest.param("<Lend>", id="markup"),
        pytest.param("=1+1", id="a formula"),
        pytest.param("https://example.org", id="an address"),
        pytest.param("Lend\u200f", id="a mark that nobody sees"),
        pytest.param("Lend 🏠", id="a picture"),
        pytest.param("Lend\ud800", id="half a letter"),
        pytest.param("o\u0308", id="a letter in two parts"),
        pytest.param("x" * 33, id="too long"),
    ],
)
def test_what_a_code_cannot_carry_is_no_place(text: str) -> None:
    assert not is_place(text)
