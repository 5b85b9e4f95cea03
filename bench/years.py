"""Three years of one council, written straight into the file: what its digest finds its week among.

Every issue has its words, and their translation where the council does not read them. What is older than a
week was answered and closed, but for some hundreds that wait, were promised for a day, or came up again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from bench.talk import problem
from bot import clock
from core.council import STANDARD_TOPICS
from core.references import SPACE, reference

YEARS = 3 * 52 * 7 * clock.DAY
ANSWER_DAYS = 14
OVERDUE, PROMISED, REOPENED = 300, 100, 50  #: in any town, however much was ever raised
EACH_RAISED = 3  #: issues of one person
FIRST_PERSON = 1_000  #: who was there before has a smaller number
LANGUAGES = ("en", "de", "sl", "ar", "uk")
READS = "de"
#: a page of the index that a row belongs to is found in memory, and nothing is kept if the power goes
PRAGMAS = ("journal_mode = off", "synchronous = off", "cache_size = -400000")

Rows = Iterator[tuple[Any, ...]]

CONTACT = "insert into contact (id, council_id, pseudonym, language, created_at) values (?, 1, ?, ?, ?)"
GROUP = "insert into issue_group (id, council_id, made_at) values (?, 1, ?)"
ISSUE = """
insert into issue (
    id, council_id, contact_id, reference, kind, status, channel, language, topic, place, danger,
    notice_version, filed_at, hear_by, closed_at, answered_at, promised_at, replied_at, group_id
) values (?, 1, ?, ?, 'problem', ?, 'telegram', ?, ?, 'Market Street', ?, '1', ?, ?, ?, ?, ?, ?, ?)
"""
TEXT = """
insert into text (id, issue_id, role, language, words, created_at) values (?, ?, 'original', ?, ?, ?)
"""
TRANSLATION = """
insert into translation (text_id, language, source, words, status, made_by, engine, due_at, made_at)
values (?, 'de', ?, ?, ?, 'machine', 'bench', ?, ?)
"""
SUPPORTER = "insert into supporter (issue_id, contact_id, at) values (?, ?, ?)"
MEDIA = """
insert into media (id, contact_id, issue_id, account_id, kind, state, due_at, created_at)
values (?, ?, ?, 1, 'photo', 'kept', 0, 0)
"""
ANSWER = """
insert into answer (id, council_id, kind, words, language, at) values (?, 1, 'closed', 'Done', 'de', ?)
"""
ANSWERED = "insert into answer_issue (answer_id, issue_id) values (?, ?)"


class Years:
    """So many issues, evenly over three years until a moment."""

    def __init__(self, issues: int, until: int) -> None:
        self._until = until
        self._ids = range(1, issues + 1)
        old = [one for one in self._ids if until - self._filed_at(one) > 2 * ANSWER_DAYS * clock.DAY]
        # Spread over all years, and none of them twice.
        left = old[:: max(1, len(old) // (OVERDUE + PROMISED + REOPENED))]
        self._overdue = set(left[:OVERDUE])
        self._promised = set(left[OVERDUE : OVERDUE + PROMISED])
        self._reopened = set(left[OVERDUE + PROMISED : OVERDUE + PROMISED + REOPENED])

    def write(self, file: Path) -> None:
        """Fill a file that has its tables, and one council and one account."""
        with closing(sqlite3.connect(file, isolation_level=None)) as database:
            for pragma in PRAGMAS:
                database.execute(f"pragma {pragma}")
            database.execute("begin")
            for sql, rows in self._tables():
                database.executemany(sql, rows)
            database.execute("commit")
            database.execute("pragma journal_mode = wal")

    def _tables(self) -> Iterator[tuple[str, Rows]]:
        people = range(FIRST_PERSON, self._person(self._ids[-1]) + 1)
        yield CONTACT, ((one, f"person-{one}", self._language(one), 0) for one in people)
        yield GROUP, ((one, 0) for one in range(1, self._ids[-1] // 50 + 2))
        yield ISSUE, (self._issue(one) for one in self._ids)
        yield TEXT, ((one, one, self._language(one), problem(one), 0) for one in self._ids)
        yield (
            TRANSLATION,
            (
                (one, self._language(one), f"Auf Deutsch: {problem(one)}", self._trusted(one), 0, 0)
                for one in self._ids
                if self._language(one) != READS
            ),
        )
        yield (
            SUPPORTER,
            chain.from_iterable(
                ((one, people[(one + more) % len(people)], 0) for more in (1000, 2000))
                for one in self._ids[::10]
            ),
        )
        yield MEDIA, ((str(one), self._person(one), one) for one in self._ids[::20])
        closed = [one for one in self._ids if self._answered_at(one)]
        yield ANSWER, ((one, self._answered_at(one)) for one in closed)
        yield ANSWERED, ((one, one) for one in closed)

    def _issue(self, one: int) -> tuple[Any, ...]:
        filed_at, answered_at = self._filed_at(one), self._answered_at(one)
        hear_by = filed_at + ANSWER_DAYS * clock.DAY
        promised_at = self._until + 3 * clock.DAY if one in self._promised else None
        replied_at = self._until - clock.DAY if one in self._reopened else None
        closed_at = None if promised_at or replied_at else answered_at
        return (
            one, self._person(one), _reference(one), self._status(one), self._language(one),
            STANDARD_TOPICS[one % len(STANDARD_TOPICS)], int(one % 500 == 0), filed_at, hear_by, closed_at,
            answered_at, promised_at, replied_at, one // 50 + 1 if one % 50 < 3 else None,
        )  # fmt: skip

    def _status(self, one: int) -> str:
        if one in self._promised:
            return "discussed"
        if one in self._reopened:
            return "reopened"
        return "closed" if self._answered_at(one) else "filed"

    def _filed_at(self, one: int) -> int:
        return self._until - YEARS + YEARS * (one - 1) // len(self._ids)

    def _answered_at(self, one: int) -> int | None:
        """What is new this week is not answered yet."""
        filed_at, monday = self._filed_at(one), self._until - 7 * clock.DAY
        if one in self._overdue or filed_at >= monday:
            return None
        return min(filed_at + 5 * clock.DAY, self._until - 1)

    def _person(self, one: int) -> int:
        return FIRST_PERSON + (one - 1) // EACH_RAISED

    def _language(self, one: int) -> str:
        return LANGUAGES[one % len(LANGUAGES)]

    def _trusted(self, one: int) -> str:
        return "doubtful" if one % 100 == 0 else "good"


def _reference(one: int) -> str:
    # One prefix has 810,000 references.
    return reference("GRZ" if one < SPACE else "GRY", one % SPACE)
