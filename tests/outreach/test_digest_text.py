"""A digest as text fits into its room, whatever the week holds."""

from __future__ import annotations

import pytest

from core.council import Council
from core.digest import Matter
from core.letters import units
from core.phrases import Phrases
from outreach.digest_text import ROOM, as_text
from tests.outreach.weeks import GRAZ, HOSTILE_COUNCIL, arabic, crowded, hostile, issue, ordinary, week

WEEKS = {
    "ordinary": (ordinary(), GRAZ),
    "empty": (week(), GRAZ),
    "arabic": (arabic(), GRAZ),
    "crowded": (crowded(), GRAZ),
    "hostile": (hostile(), HOSTILE_COUNCIL),
}


@pytest.mark.parametrize("room", [1, 40, 700, 1500, ROOM, 4096, 20_000])
@pytest.mark.parametrize("tag", ["ar", "de", "en", "es", "sl", "uk"])
@pytest.mark.parametrize("name", WEEKS)
def test_it_fits(name: str, tag: str, room: int, phrases: dict[str, Phrases]) -> None:
    matter, council = WEEKS[name]
    assert 0 < units(as_text(matter, council, phrases[tag], room=room)) <= room


def test_a_week_of_3000_begins_with_what_is_urgent_and_counts_the_rest(phrases: dict[str, Phrases]) -> None:
    text = as_text(crowded(), GRAZ, phrases["en"], enclosed=True)
    assert text.index("1. Danger") < text.index("■ New (2670)")
    assert "■ Answer first (407)" in text  # and 77 of them are only counted
    assert "more: Housing" in text
    assert "G1 puts" in text
    assert "■ How to answer" in text
    assert "All of them are in the table that comes with this." in text


def test_the_rest_and_what_is_shown_are_all_there_are(phrases: dict[str, Phrases]) -> None:
    text = as_text(week(*(issue(n) for n in range(1, 3001))), GRAZ, phrases["en"])
    shown = text.count(". “")
    assert 20 < shown < 100
    assert f"and {3000 - shown} more: Housing {3000 - shown}" in text


def test_in_a_larger_room_all_of_an_ordinary_week_is_there(phrases: dict[str, Phrases]) -> None:
    text = as_text(ordinary(), GRAZ, phrases["de"], room=20_000)
    assert [number for number in range(1, 15) if f"\n{number}. " not in text] == []
    assert "weitere" not in text


def test_what_people_write_begins_no_line_of_ours(phrases: dict[str, Phrases]) -> None:
    text = as_text(hostile(), HOSTILE_COUNCIL, phrases["en"])
    assert "{reference} {0} {council!r} %s $HOME" in text
    assert "Normal gnirts a and more · 1. Danger" in text
    assert not set(text) & {"\u202e", "\u2067", "\u0000", "\r"}
    assert [line for line in text.split("\n") if line.startswith(("1. Danger", "Bcc:"))] == []


def other_weeks() -> list[Matter]:
    return [week(issue(1)), week(looks=1), week(waiting=3)]


@pytest.mark.parametrize("matter", other_weeks(), ids=["an issue", "a look", "older ones"])
def test_how_to_answer_is_said_where_there_is_something_to_answer(
    matter: Matter, phrases: dict[str, Phrases]
) -> None:
    assert ("■ How to answer" in as_text(matter, GRAZ, phrases["en"])) == bool(matter.new)


def test_a_council_of_many_topics_fits_too(phrases: dict[str, Phrases]) -> None:
    topics = tuple(f"topic_of_its_own_{n}" for n in range(60))
    many = Council("x", "X", "XX", "UTC", ("en",), ("en",), topics=topics)
    told = week(*(issue(n, topic=topic) for n, topic in enumerate(topics, 1)), council=many)
    assert units(as_text(told, many, phrases["en"])) <= ROOM
