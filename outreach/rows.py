"""A digest as a table, with every issue of the week: for a spreadsheet that goes with it.

It leaves our hands as the digest does, and says no more of anybody: only the texts are longer. A cell may
begin with "=" when somebody wrote it so; whoever writes the file sees to it that it stays text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.council import Council
from core.digest import Entry, Matter, Reading
from core.phrases import Phrases
from outreach.digest import parts
from outreach.digest_said import Said, topic_label
from outreach.short import WIDER
from outreach.voice import InText
from outreach.week import day_of

Cell = str | int | date
COLUMNS = ("number", "reference", "topic", "day", "text", "made_by", "status", "language", "place")


def rows(matter: Matter, council: Council, phrases: Phrases) -> Iterator[tuple[Cell, ...]]:
    """The names of the columns, and a row for every issue in the order of the digest."""
    said = Said(matter, council, phrases, InText(phrases))
    yield tuple(phrases.say(f"digest.column.{column}") for column in COLUMNS)
    for part in parts(matter):
        for entry in part.entries:
            yield _row(entry, said)


def _row(entry: Entry, said: Said) -> tuple[Cell, ...]:
    words = said.quotation(entry.reading, WIDER)
    return (
        entry.number,
        entry.reference,
        topic_label(entry.topic, said.council, said.phrases),
        day_of(entry.filed_at, said.council),
        words or said.instead(entry),
        _made_by(entry.reading, said) if words else "",
        said.phrases.say(f"digest.status.{entry.status}"),
        *said.origin(entry),
    )


def _made_by(reading: Reading, said: Said) -> str:
    return said.made_by(reading) or said.phrases.say("digest.person" if reading.made_by else "digest.own")
