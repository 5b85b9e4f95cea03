"""A day as staff write it, in the languages they write."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.phrases import Phrases
from flows.dates import Day, NoDay, read_day
from translations import catalogs

CATALOGS = catalogs.load()
TODAY = date(2026, 11, 20)
EIGHTH = date(2026, 12, 8)


def day(text: str, tag: str = "en") -> date | None:
    found = read_day(text, TODAY, CATALOGS[tag])
    return found.day if isinstance(found, Day) else None


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "2026-12-08"),
        ("en", "on 8 December"),
        ("en", "the 8th of December"),
        ("en", "Tuesday 8 December"),
        ("en", "on Tuesday, 8.12."),
        ("en", "on the December 8"),
        ("en", "am 8. Dezember"),
        ("en", "el martes 8 de diciembre"),
        ("de", "Dienstag, den 8. Dezember"),
        ("es", "el 8 de diciembre"),
        ("sl", "v torek, 8. decembra"),
        ("uk", "у вівторок 8 грудня"),
        ("ar", "يوم الثلاثاء ٨ ديسمبر"),
        ("en", "2026-12-8"),
        ("en", "8.12."),
        ("en", "8.12"),
        ("en", " 08.12.2026 "),
        ("en", "8. 12. 2026"),
        ("en", "8.12.26"),
        ("en", "8. 12. 26"),
        ("en", "8/12"),
        ("en", "8/12/2026"),
        ("ar", "٨/١٢"),
        ("ar", "٨ / ١٢ / ٢٠٢٦"),
        ("en", "8 December"),
        ("en", "8 dec"),
        ("en", "8 Dec. 2026"),
        ("en", "8th of December"),
        ("en", "8 DECEMBER 2026"),
        ("en", "December 8"),
        ("en", "Dec 8th, 2026"),
        ("de", "8. Dezember"),
        ("de", "8.Dezember 2026"),
        ("de", "8 Dez."),
        ("de", "8 December"),  # English is read everywhere
        ("en", "8 de diciembre"),  # and so is every other language that we have
        ("en", "8. Dezember"),
        ("en", "8 грудня"),
        ("de", "8 de diciembre de 2026"),
        ("uk", "8 ديسمبر"),
        ("ar", "8 dic"),
        ("sl", "8. december"),
        ("sl", "8. decembra"),
        ("sl", "8. decembra 2026"),
        ("sl", "8. dec."),
        ("uk", "8 грудня"),
        ("uk", "8 грудень 2026"),
        ("uk", "8 ГРУДНЯ"),
        ("es", "8 de diciembre"),
        ("es", "8 de diciembre de 2026"),
        ("es", "8 dic"),
        ("es", "8º de diciembre"),
        ("ar", "8 ديسمبر"),
        ("ar", "٨ ديسمبر ٢٠٢٦"),
    ],
)
def test_one_day_in_many_ways(tag: str, text: str) -> None:
    assert day(text, tag) == EIGHTH


@pytest.mark.parametrize(
    ("tag", "text", "found"),
    [
        ("de", "3. März", date(2027, 3, 3)),
        ("de", "6. Jänner", date(2027, 1, 6)),
        ("de", "6. Jan.", date(2027, 1, 6)),
        ("sl", "5. maja", date(2027, 5, 5)),
        ("sl", "1. avgusta", date(2027, 8, 1)),
        ("uk", "1 лютого", date(2027, 2, 1)),
        ("uk", "5 травня", date(2027, 5, 5)),
        ("es", "1 de marzo", date(2027, 3, 1)),
        ("es", "6 de enero", date(2027, 1, 6)),
        ("ar", "1 فبراير", date(2027, 2, 1)),
        ("en", "8 Sept.", date(2027, 9, 8)),
        ("en", "8 may", date(2027, 5, 8)),
    ],
)
def test_other_months_in_their_cases(tag: str, text: str, found: date) -> None:
    assert day(text, tag) == found


@pytest.mark.parametrize("tag", CATALOGS)
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_is_read_as_we_write_it(tag: str, month: int) -> None:
    ours = date(2027, month, 17)
    assert day(CATALOGS[tag].day(ours), tag) == ours


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20.11.", TODAY),
        ("19.11.", date(2027, 11, 19)),  # the next one of that name
        ("19.11.2026", None),  # has passed
        ("2026-11-19", None),
        ("29.2.", None),  # next year has none
        ("29 February 2028", date(2028, 2, 29)),
        ("29.2.2027", None),
        ("31.12.2028", date(2028, 12, 31)),
        ("1.1.2029", None),  # a slip of the pen
        ("8 December 2226", None),
        ("31.4.", None),
        ("0.12.", None),
        ("12/13", None),
        ("2026-13-01", None),
    ],
)
def test_days_that_have_passed_or_never_come(text: str, found: date | None) -> None:
    assert day(text) == found


@pytest.mark.parametrize(
    ("text", "why", "said"),
    [
        pytest.param("19.11.2026", "passed", "19 November 2026", id="yesterday"),
        pytest.param("15 de diciembre de 2025", "passed", "15 December 2025", id="last year"),
        pytest.param("31.2. in the hall", "impossible", "31.2", id="no month has it"),
        pytest.param("29.2.", "impossible", "29.2", id="next year has none"),
        pytest.param("31 de febrero", "impossible", "31 de febrero", id="no month has it, by name"),
        pytest.param("12/13", "impossible", "12/13", id="no such month"),
        pytest.param("1.1.2029", "far", "1 January 2029", id="years ahead"),
        pytest.param("soon", "unread", "", id="no day at all"),
    ],
)
def test_why_it_is_no_day_to_come(text: str, why: str, said: str) -> None:
    found = read_day(text, TODAY, CATALOGS["en"])
    assert isinstance(found, NoDay)
    assert (found.why, found.said(CATALOGS["en"])) == (why, said)


def read_by(months: dict[str, int], elsewhere: dict[str, int], text: str) -> date | None:
    """The day that somebody reads who knows these names of months."""
    reader = Phrases("xx", "Xx", {}, months=months, months_elsewhere=elsewhere)
    found = read_day(text, TODAY, reader)
    return found.day if isinstance(found, Day) else None


def test_where_two_languages_disagree_the_reader_is_right() -> None:
    # "Listopad" is October in Croatian and November in Polish.
    assert read_by({"listopad": 11}, {"listopad": 10}, "8 listopad") == date(2027, 11, 8)
    assert read_by({"listopada": 11}, {"listopad": 10}, "8 listopad") == date(2027, 10, 8)


def test_what_two_other_languages_call_two_months_is_none() -> None:
    agreed = catalogs.agreed([{"listopad": 10, "svibanj": 5}, {"listopad": 11}])
    assert agreed == {"svibanj": 5}
    assert read_by({}, agreed, "8 listopad") is None


def test_the_29th_of_february_is_the_next_one() -> None:
    assert read_day("29.2.", date(2027, 3, 1), CATALOGS["en"]) == (date(2028, 2, 29), "")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("8.12. with the housing office", "with the housing office"),
        ("8 December, in the town hall.", "in the town hall"),
        ("8 Dec 18:00", "18:00"),
        ("8.12. 18 Uhr", "18 Uhr"),
        ("8. 12., 18:00 Uhr", "18:00 Uhr"),
        ("8.12.18:00", "18:00"),
        ("8.12.2026 18:00", "18:00"),
        ("8/12 - at six", "at six"),
        ("2026-12-08: at six", "at six"),
        ("Dec 8\nat six", "at six"),
    ],
)
def test_what_stands_behind_the_day(text: str, rest: str) -> None:
    assert read_day(text, TODAY, CATALOGS["en"]) == (EIGHTH, rest)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", ""),
        ("en", "soon"),
        ("en", "next week"),
        ("en", "8"),
        ("en", "8 people"),
        ("en", "8 ju"),  # June or July
        ("en", "on the"),
        ("en", "on Tuesday"),
        ("en", "with the office on 8 December"),
        ("en", "December"),
        ("en", "100.12."),
        ("en", "2026-12-080"),
    ],
)
def test_what_is_no_day(tag: str, text: str) -> None:
    assert day(text, tag) is None


DAYS = st.dates(TODAY, date(2028, 12, 31))


@given(DAYS, st.sampled_from(["{:%Y-%m-%d}", "{:%d.%m.%Y}", "{:%d/%m/%Y}", "{:%d %B %Y}", "{:%B %d, %Y}"]))
def test_a_day_with_its_year_is_that_day(ahead: date, form: str) -> None:
    assert day(form.format(ahead)) == ahead


@given(st.dates(TODAY, TODAY + timedelta(days=364)))
def test_a_day_without_its_year_is_the_next_one(ahead: date) -> None:
    assert day(f"{ahead:%d.%m.}") == ahead


@given(
    st.text(max_size=40) | st.from_regex(r"\d{1,4}[./ -]\d{1,3}[./ -]?\d{0,5} ?\w{0,9}", fullmatch=True), DAYS
)
def test_any_text_is_a_day_to_come_or_none(text: str, today: date) -> None:
    found = read_day(text, today, CATALOGS["de"])
    assert isinstance(found, NoDay) or today <= found.day <= date(today.year + 2, 12, 31)
