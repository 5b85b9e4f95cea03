"""What a digest says of an issue in every form it has, and what it never says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace as with_changes
from html import unescape

import pytest
from msgspec.structs import replace

from core.council import Council
from core.digest import Count, Matter, Proposal, Reading
from core.phrases import Phrases
from core.references import reference
from flows.codes import ACTS
from outreach.digest_html import as_html, subject
from outreach.digest_said import topic_label
from outreach.digest_text import as_text
from outreach.rows import rows
from tests.outreach.weeks import GRAZ, UNTIL, arabic, at, crowded, issue, machine, ordinary, week

Draw = Callable[[Matter, Council, Phrases], str]


def table(matter: Matter, council: Council, phrases: Phrases) -> str:
    return "\n".join(" | ".join(map(str, row)) for row in rows(matter, council, phrases))


def letter(matter: Matter, council: Council, phrases: Phrases) -> str:
    return unescape(as_html(matter, council, phrases))


every_form = pytest.mark.parametrize("draw", [as_text, letter, table])
both_forms = pytest.mark.parametrize("draw", [as_text, letter])


@every_form
def test_the_original_is_never_drawn(draw: Draw, phrases: dict[str, Phrases]) -> None:
    secret = "kaynak metin"
    told = week(
        *(
            issue(n, machine("" if status in ("failed", "waiting") else "Übersetzt", status))
            for n, status in enumerate(("good", "doubtful", "partial", "waiting", "failed"), 1)
        )
    )
    told = replace(told, new=tuple(replace(entry, original=secret) for entry in told.new))
    assert "Übersetzt" in draw(told, GRAZ, phrases["de"])
    assert secret not in draw(told, GRAZ, phrases["de"])


@every_form
def test_what_has_failed_is_not_shown_even_if_there_is_something(
    draw: Draw, phrases: dict[str, Phrases]
) -> None:
    drawn = draw(week(issue(1, machine("Unfug Unfug", "failed"))), GRAZ, phrases["en"])
    assert "Unfug" not in drawn
    assert "The translation failed; 1O shows it." in drawn.replace("<bdi>", "").replace("</bdi>", "")


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        (Reading("No light"), "1. “No light”"),
        (Reading("No light", "person"), "1. “No light”"),
        (machine("No light"), "1. “No light” (by machine)"),
        (machine("No light", "doubtful"), "1. “No light” (by machine · doubtful)"),
        (machine("No light", "partial"), "1. “No light” (by machine · only a part)"),
        (Reading("", status="waiting"), "1. Not translated yet; 1O shows it."),
        (Reading(""), "1. Not translated yet; 1O shows it."),
    ],
)
def test_how_a_reading_came_about_is_said(reading: Reading, said: str, phrases: dict[str, Phrases]) -> None:
    assert said in as_text(week(issue(1, reading)), GRAZ, phrases["en"]).split("\n")


def test_a_voice_note_alone_says_so(phrases: dict[str, Phrases]) -> None:
    drawn = as_text(week(issue(1, Reading(""), media=1)), GRAZ, phrases["en"])
    assert "1. No words, only what was sent with it; 1O shows it." in drawn
    assert "1 photo or voice message" in drawn


@every_form
def test_few_show_neither_language_nor_place_and_many_show_both(
    draw: Draw, phrases: dict[str, Phrases]
) -> None:
    def told(people: int) -> Matter:
        entries = (issue(n, language="ti", place="Annenstraße") for n in range(1, people + 1))
        return week(*entries, languages={"ti": "Tigrinya"})

    few, many = (draw(told(people), GRAZ, phrases["de"]) for people in (4, 5))
    assert "Tigrinya" not in few
    assert "Annenstraße" not in few
    assert many.count("Tigrinya") == many.count("Annenstraße") == 5
    assert "Tigrinya" not in draw(told(5), with_changes(GRAZ, least=6), phrases["de"])


@both_forms
def test_how_many_raised_it_is_not_said_beside_language_and_place_where_they_are_few(
    draw: Draw, phrases: dict[str, Phrases]
) -> None:
    alike = [issue(n, language="ti", place="Lend", people=3 if n == 1 else 1) for n in range(1, 6)]
    assert "3 people" not in plain(draw(week(*alike), GRAZ, phrases["en"]))
    assert "3 people" in plain(draw(week(*alike[:4]), GRAZ, phrases["en"]))
    assert "7 people" in plain(draw(week(replace(alike[0], people=7), *alike[1:]), GRAZ, phrases["en"]))


def plain(drawn: str) -> str:
    return drawn.replace("<bdi>", "").replace("</bdi>", "")


@both_forms
def test_a_group_is_counted_once(draw: Draw, phrases: dict[str, Phrases]) -> None:
    drawn = plain(draw(week(*(issue(n, group=4, people=6) for n in (1, 2, 3))), GRAZ, phrases["en"]))
    assert drawn.count("6 people") == 1
    assert drawn.count("same as 1") == 2


@both_forms
def test_how_long_somebody_waits_and_that_they_know_it(draw: Draw, phrases: dict[str, Phrases]) -> None:
    overdue = issue(1, hear_by=at("2026-11-11 12:00"))
    drawn = plain(draw(week(overdue), GRAZ, phrases["en"]))
    assert "12 days late · the person was not told yet" in drawn
    told = plain(draw(week(replace(overdue, late_told_at=UNTIL, danger=True)), GRAZ, phrases["en"]))
    assert "12 days late · the person was told" in told
    assert "Danger" in told


@both_forms
def test_who_opened_it_again_and_who_answered_is_first_with_the_day(
    draw: Draw, phrases: dict[str, Phrases]
) -> None:
    entries = (
        issue(1, reopened_at=at("2026-11-20 10:00")),
        issue(2, answered_at=at("2026-11-18 10:00"), replied_at=at("2026-11-21 10:00")),
    )
    drawn = plain(draw(week(*entries), GRAZ, phrases["en"]))
    assert "Opened again on 20 November 2026" in drawn
    assert "The person answered on 21 November 2026" in drawn


@both_forms
def test_issues_that_seem_to_say_the_same_stand_side_by_side_with_how_they_came_about(
    draw: Draw, phrases: dict[str, Phrases]
) -> None:
    readings = (machine("No heating", "doubtful"), machine("Nonsense", "failed"), Reading("It is cold"))
    drawn = plain(draw(week(looks=1, proposals=(Proposal(1, (3, 5, 9), readings),)), GRAZ, phrases["en"]))
    assert "G1 puts 3, 5, 9 together." in drawn
    assert "No heating" in drawn
    assert "by machine · doubtful" in drawn
    assert "Nonsense" not in drawn


@both_forms
def test_what_should_be_checked_is_listed_by_number(draw: Draw, phrases: dict[str, Phrases]) -> None:
    drawn = plain(draw(ordinary(), GRAZ, phrases["en"]))
    assert "The translation is doubtful: 5" in drawn
    assert "Only a part is translated: 9" in drawn
    assert "The translation failed: 8" in drawn
    assert "May name a person, take care when you pass it on: 9" in drawn
    assert "2 answers wait until somebody has looked at their translation." in drawn
    assert f'Write "look" for the next one: {reference("GRZ", 79190)}, {reference("GRZ", 245489)}' in drawn


@both_forms
def test_of_many_that_wait_for_a_look_some_are_named(draw: Draw, phrases: dict[str, Phrases]) -> None:
    drawn = plain(draw(week(looks=12, look_references=("GRZ-2222", "GRZ-3333")), GRAZ, phrases["en"]))
    assert 'Write "look" for the next one: GRZ-2222, GRZ-3333, …' in drawn


@both_forms
def test_what_was_added_to_an_issue_does_not_run_into_it(draw: Draw, phrases: dict[str, Phrases]) -> None:
    told = week(issue(1, Reading("The tap in the kitchen leaks\nIt is worse now")))
    assert "The tap in the kitchen leaks · It is worse now" in plain(draw(told, GRAZ, phrases["en"]))


@both_forms
@pytest.mark.parametrize("code", sorted(ACTS))
def test_how_to_answer_names_every_letter(code: str, draw: Draw, phrases: dict[str, Phrases]) -> None:
    drawn = re.sub(r"<[^>]+>", "", plain(draw(week(issue(1)), GRAZ, phrases["en"])))
    assert re.search(rf"\b1{code} ?[a-z]", drawn)
    assert "“look” translations that wait" in drawn


def test_how_to_answer_takes_two_lines_in_a_chat(phrases: dict[str, Phrases]) -> None:
    lines = as_text(week(issue(1)), GRAZ, phrases["en"]).splitlines()
    assert [line.split()[0] for line in lines if " · " in line][-2:] == ["1A", "1M"]


@both_forms
def test_languages_are_counted_only_where_nobody_stands_out(draw: Draw, phrases: dict[str, Phrases]) -> None:
    def counted(**by_language: int) -> str:
        told = week(issue(1), this_week=Count(filed=30, people=30, by_language=by_language))
        return plain(draw(told, GRAZ, phrases["en"]))

    assert "Languages this week: ar 20 · uk 10" in counted(ar=20, uk=10)
    assert "Languages this week: ar 20 · others together 12" in counted(ar=20, uk=10, ti=2)
    assert "Languages this week: not shown, fewer than 5 people wrote in one of them" in counted(ar=20, ti=2)


@both_forms
def test_a_week_with_nothing_is_one_line(draw: Draw, phrases: dict[str, Phrases]) -> None:
    drawn = draw(week(made_at=UNTIL + 9 * 3_600_000_000), GRAZ, phrases["en"])
    assert (
        f"{GRAZ.name}, week W47: nothing new, and nobody waits for an answer."
        " Late: it was due on Monday, 23 November 2026, 08:00." in plain(drawn)
    )
    assert "How to answer" not in drawn


def test_an_empty_week_is_one_line_of_text(phrases: dict[str, Phrases]) -> None:
    for said in phrases.values():
        assert len(as_text(week(), GRAZ, said).splitlines()) == 1


@pytest.mark.parametrize(
    ("matter", "line"),
    [
        (week(), "W47: nothing new (Migrantinnen- und Migrantenbeirat Graz)"),
        (ordinary(), "W47: 3 to answer first · 9 new (Migrantinnen- und Migrantenbeirat Graz)"),
        (
            week(issue(1), waiting=4),
            "W47: 4 to answer first · 1 new (Migrantinnen- und Migrantenbeirat Graz)",
        ),
    ],
)
def test_the_subject_says_how_much_there_is_to_do(
    matter: Matter, line: str, phrases: dict[str, Phrases]
) -> None:
    assert subject(matter, GRAZ, phrases["en"]) == line


def test_topics_are_called_as_the_council_calls_them(phrases: dict[str, Phrases]) -> None:
    own = with_changes(GRAZ, topic_labels={"market": {"de": "Markt", "en": "Market"}})
    labels = [topic_label(topic, own, phrases["ar"]) for topic in ("market", "housing", "", "given_up")]
    assert labels[0] == "Market"
    assert labels[1] == phrases["ar"].say("topic.housing")
    assert labels[2:] == [phrases["ar"].say("digest.no_topic"), "given_up"]


def test_the_table_holds_every_issue_with_longer_texts(phrases: dict[str, Phrases]) -> None:
    head, *issues = rows(crowded(300), GRAZ, phrases["en"])
    assert head == (
        "Number", "Reference", "Topic", "Raised on", "Text", "Translation", "Status", "Language", "Place",
    )  # fmt: skip
    assert [row[0] for row in issues] == list(range(1, 301))
    assert {len(row) for row in issues} == {9}
    assert 140 < max(len(str(row[4])) for row in issues) <= 500
    assert {row[5] for row in issues} == {"by machine", "by machine · doubtful"}


def test_the_table_says_how_each_text_came_about(phrases: dict[str, Phrases]) -> None:
    by_number = {row[0]: row for row in rows(ordinary(), GRAZ, phrases["de"])}
    assert by_number[1][5] == "maschinell übersetzt"
    assert by_number[3][5:7] == ("eigene Worte", "gesehen")
    assert by_number[11][5] == "von einem Menschen übersetzt"
    assert by_number[8][4:6] == ("Die Übersetzung ist misslungen; 8O zeigt das Original.", "")
    assert by_number[4][7:] == ("Arabisch", "Annenstraße")
    assert by_number[10][7:] == ("", "")


def test_every_line_of_an_arabic_text_runs_from_the_right(phrases: dict[str, Phrases]) -> None:
    lines = [line for line in as_text(arabic(), GRAZ, phrases["ar"]).split("\n") if line]
    assert [line for line in lines if not line.startswith("\u200f")] == []
    assert any(
        "\u2068Herr Müller von der Hausverwaltung, Tel. +43 316 900123, hebt nie ab!\u2069" in line
        for line in lines
    )
