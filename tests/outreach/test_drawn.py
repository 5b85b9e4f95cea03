"""Every digest is drawn as its file shows it; `--accept` rewrites the files, for review."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.council import Council
from core.digest import Matter
from core.phrases import Phrases
from outreach.digest_html import as_html
from outreach.digest_text import as_text
from tests.outreach.weeks import GRAZ, HOSTILE_COUNCIL, UNTIL, arabic, crowded, hostile, issue, ordinary, week

NINE_HOURS = 9 * 3_600_000_000
WEEKS: dict[str, tuple[str, Matter, Council]] = {
    "an_ordinary_week": ("de", ordinary(), GRAZ),
    "an_empty_week": ("de", week(), GRAZ),
    "an_empty_week_that_is_late": ("en", week(made_at=UNTIL + NINE_HOURS), GRAZ),
    "late": ("en", week(issue(1), made_at=UNTIL + NINE_HOURS), GRAZ),
    "for_readers_of_arabic": ("ar", arabic(), GRAZ),
    "hostile_words": ("en", hostile(), HOSTILE_COUNCIL),
}


@pytest.mark.parametrize("name", WEEKS)
def test_the_text_is_drawn_as_its_file_shows_it(
    name: str, phrases: dict[str, Phrases], drawn_as: Callable[[str, str], None]
) -> None:
    tag, matter, council = WEEKS[name]
    drawn_as(f"{name}.txt", as_text(matter, council, phrases[tag]) + "\n")


@pytest.mark.parametrize("name", WEEKS)
def test_the_letter_is_drawn_as_its_file_shows_it(
    name: str, phrases: dict[str, Phrases], drawn_as: Callable[[str, str], None]
) -> None:
    tag, matter, council = WEEKS[name]
    drawn_as(f"{name}.html", as_html(matter, council, phrases[tag]))


def test_a_week_of_3000_is_drawn_as_its_file_shows_it(
    phrases: dict[str, Phrases], drawn_as: Callable[[str, str], None]
) -> None:
    drawn_as("a_week_of_3000.txt", as_text(crowded(), GRAZ, phrases["de"], enclosed=True) + "\n")
