"""Our own words as they read by SMS: the short form where there is one, and few isolates."""

from __future__ import annotations

import pytest

from core.phrases import END_OF_ISOLATE, ISOLATE, Phrases

TEXTS = {
    "hello": "Hello, we are the council.",
    "hello.by_sms": "Council here.",
    "bye": "Bye.",
    "span#0": "{n} month",
    "span#1": "{n} months",
    "span.by_sms#0": "{n} mo",
    "span.by_sms#1": "{n} mos",
    "channel.sms": "SMS",
}
ENGLISH = Phrases("en", "English", TEXTS)
ARABIC = Phrases("ar", "العربية", {"tell": "قالوا {what}"}, "rtl")


@pytest.mark.parametrize(
    ("key", "elsewhere", "by_sms"),
    [
        ("hello", "Hello, we are the council.", "Council here."),
        ("bye", "Bye.", "Bye."),
        ("channel.sms", "SMS", "SMS"),
    ],
)
def test_what_has_a_short_form_is_said_in_it_by_sms(key: str, elsewhere: str, by_sms: str) -> None:
    assert (ENGLISH.say(key), ENGLISH.by_sms.say(key)) == (elsewhere, by_sms)


def test_a_text_that_depends_on_a_number_has_a_short_form_too() -> None:
    assert (ENGLISH.count("span", 2), ENGLISH.by_sms.count("span", 2)) == ("2 months", "2 mos")
    assert ENGLISH.by_sms.count("span", 1) == "1 mo"


def test_the_short_forms_are_put_in_once_for_a_language() -> None:
    assert ENGLISH.by_sms is ENGLISH.by_sms
    assert ENGLISH.by_sms.by_sms.texts == ENGLISH.by_sms.texts


@pytest.mark.parametrize(
    ("value", "isolated"),
    [
        pytest.param("GRZ-7K4M", False, id="a reference stays together"),
        pytest.param("4 ديسمبر 2026", False, id="a day"),
        pytest.param("Migrant council of Graz", False, id="a name"),
        pytest.param("+43 316 8015", True, id="groups of digits would change places"),
        pytest.param("0316/8015-12", True, id="whatever stands between them"),
    ],
)
def test_by_sms_only_what_would_be_torn_apart_is_isolated(value: str, isolated: bool) -> None:
    kept = f"{ISOLATE}{value}{END_OF_ISOLATE}"
    assert ARABIC.say("tell", what=value) == f"قالوا {kept}"
    assert ARABIC.by_sms.say("tell", what=value) == f"قالوا {kept if isolated else value}"


def test_a_sentence_has_one_full_stop() -> None:
    said = Phrases("uk", "українська", {"by": "До {day}.", "list": "{day}..."})
    assert said.say("by", day="30 грудня 2026 р.") == "До 30 грудня 2026 р."
    assert said.say("by", day="30 грудня") == "До 30 грудня."
    assert said.say("list", day="30 р.") == "30 р...."


def test_a_list_has_the_comma_of_its_script() -> None:
    assert Phrases("en", "English", {}).listed(["A", "B"]) == "A, B"
    assert Phrases("ar", "العربية", {}, "rtl").listed(["A", "B"]) == "A، B"
