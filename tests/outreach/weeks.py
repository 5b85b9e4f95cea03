"""Weeks of a council, as storage would hand them over."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from core.council import STANDARD_TOPICS, Council
from core.digest import Count, Entry, Matter, Proposal, Reading
from core.references import reference
from outreach.digest import plan

VIENNA = "Europe/Vienna"
GRAZ = Council(
    key="graz",
    name="Migrantinnen- und Migrantenbeirat Graz",
    prefix="GRZ",
    time_zone=VIENNA,
    languages=("de", "en", "ar", "uk"),
    working_languages=("de",),
)
GERMAN_NAMES = {"ar": "Arabisch", "uk": "Ukrainisch", "en": "Englisch", "ti": "Tigrinya", "de": "Deutsch"}


def at(local: str, zone: str = VIENNA) -> int:
    """UTC microseconds of a local time: "2026-11-23 08:00"."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    return int(moment.timestamp()) * 1_000_000


SINCE, UNTIL = at("2026-11-16 08:00"), at("2026-11-23 08:00")


def machine(words: str, status: Any = "good") -> Reading:
    """What a machine has translated."""
    return Reading(words, "machine", status)


def issue(number: int, reading: Reading = Reading("Im Hof brennt kein Licht."), **changes: Any) -> Entry:  # noqa: B008
    """An issue that somebody raised on Wednesday of the week."""
    entry = Entry(
        issue_id=number,
        reference=reference("GRZ", number * 7919),
        kind="problem",
        status="filed",
        topic="housing",
        place="",
        language="",
        filed_at=at("2026-11-18 10:00"),
        hear_by=at("2026-12-02 12:00"),
        answered_at=None,
        late_told_at=None,
        promised_at=None,
        replied_at=None,
        danger=False,
        people=1,
        group=0,
        media=0,
        reading=reading,
        original="الأصل",
        person=number,
    )
    return replace(entry, **changes)


def week(*entries: Entry, council: Council = GRAZ, **changes: Any) -> Matter:
    """What a digest that is made a minute after it was due can tell."""
    matter = Matter(week="2026-W47", since=SINCE, until=UNTIL, due_at=UNTIL, made_at=UNTIL + 60_000_000)
    matter = replace(matter, **changes)
    planned = plan(entries, council, matter.since, matter.until, matter.made_at)
    return replace(matter, first=planned.first, new=planned.new, promised=planned.promised)


MOULD = machine(
    "In unserer Wohnung in der Annenstraße ist seit dem Sommer Schimmel an allen Wänden. Die Kinder"
    " husten jede Nacht, und die Hausverwaltung sagt, wir lüften nicht."
)
HEATING = machine("Die Heizung im ganzen Haus geht seit einer Woche nicht.")


def ordinary() -> Matter:
    """A week as there are many, for readers of German."""
    return week(
        *_to_answer_first(),
        *_new_in_housing(),
        *_new_elsewhere(),
        *_promised(),
        looks=2,
        look_references=(reference("GRZ", 10 * 7919), reference("GRZ", 31 * 7919)),
        proposals=(Proposal(1, (6, 7), (MOULD, HEATING)),),
        this_week=Count(
            filed=11,
            answered=4,
            closed=2,
            people=11,
            by_topic={"housing": 5, "work": 2, "school": 1, "": 2, "papers": 1},
            by_language={"ar": 6, "uk": 2, "de": 2, "ti": 1},
        ),
        last_week=Count(
            filed=8, answered=6, closed=3, people=7, by_topic={"housing": 3, "work": 4, "money": 1}
        ),
        languages=GERMAN_NAMES,
    )


def _to_answer_first() -> list[Entry]:
    """Danger, what is late, and an answer to what the council asked."""
    beaten = machine("Mein Mann schlägt mich und die Kinder, ich weiß nicht, wohin.")
    waited = machine("Das Amt hat meine Papiere seit vier Monaten, und niemand antwortet mir.")
    return [
        issue(1, beaten, danger=True, topic="", language="ar", filed_at=at("2026-11-22 23:10")),
        issue(
            2,
            waited,
            topic="papers",
            filed_at=at("2026-10-28 10:00"),
            hear_by=at("2026-11-11 12:00"),
            late_told_at=at("2026-11-12 09:00"),
        ),
        issue(
            3,
            Reading("Es war die Linie 5 am Dienstag um sieben Uhr früh."),
            topic="transport",
            status="seen",
            filed_at=at("2026-11-10 10:00"),
            answered_at=at("2026-11-12 10:00"),
            replied_at=at("2026-11-19 18:00"),
        ),
    ]


def _new_in_housing() -> list[Entry]:
    """Five from one street, of which two were put together."""
    together = [MOULD, machine("Schimmel in der Wohnung, der Vermieter tut nichts.", "doubtful")]
    single = [
        HEATING,
        machine("Der Lift steht, meine Mutter kommt nicht mehr aus dem Haus."),
        Reading("", status="failed"),
    ]
    where: dict[str, Any] = {"language": "ar", "place": "Annenstraße"}
    return [
        *(issue(10 + n, reading, **where, group=1, people=2) for n, reading in enumerate(together)),
        *(issue(12 + n, reading, **where) for n, reading in enumerate(single)),
    ]


def _new_elsewhere() -> list[Entry]:
    """What waits for a translation, names somebody, asks, or is a picture."""
    overtime = "Mein Chef zahlt die Überstunden nicht. Herr Wagner sagt, das steht im Vertrag."
    german = Reading("Wo kann man am Abend Deutsch lernen?", "person")
    return [
        issue(20, Reading("", status="waiting"), topic="work", language="ti", place="Lend"),
        issue(21, machine(overtime, "partial"), topic="work", language="uk", people=6, names_somebody=True),
        issue(22, german, topic="school", kind="question"),
        issue(23, Reading(""), topic="", media=2),
    ]


def _promised() -> list[Entry]:
    """What was promised for a day: one that is past, and one to come."""
    return [
        issue(
            30,
            machine("Am Spielplatz liegen Spritzen, die Stadt räumt sie nicht weg."),
            topic="safety",
            status="discussed",
            filed_at=at("2026-11-03 10:00"),
            answered_at=at("2026-11-05 10:00"),
            promised_at=at("2026-11-19 12:00"),
        ),
        issue(
            31,
            Reading("Die Bushaltestelle vor dem Heim hat kein Dach.", "person"),
            topic="transport",
            status="discussed",
            filed_at=at("2026-11-04 10:00"),
            answered_at=at("2026-11-06 10:00"),
            promised_at=at("2026-12-03 12:00"),
            people=9,
        ),
    ]


def arabic() -> Matter:
    """A week for readers of Arabic, in which people wrote in German and English too."""
    return week(
        issue(
            1,
            Reading("Herr Müller von der Hausverwaltung, Tel. +43 316 900123, hebt nie ab!", "person"),
            hear_by=at("2026-11-20 12:00"),
            place="Graz-Lend",
        ),
        issue(2, machine("في بيتنا عفن على الجدران منذ الصيف، والأطفال يسعلون كل ليلة."), language="de"),
        issue(3, machine("الحافلة 5 لا تأتي بعد الساعة 20:30 إلى Hauptbahnhof."), topic="transport", media=1),
        issue(4, Reading("", status="waiting"), topic="papers"),
        this_week=Count(filed=4, people=4, by_topic={"housing": 2, "transport": 1, "papers": 1}),
    )


def crowded(number: int = 3000) -> Matter:
    """A week in which a whole town writes."""
    text = "Seit Wochen kommt am Morgen kein Bus, und wer zu spät zur Arbeit kommt, verliert die Stelle. " * 3
    return week(
        *(
            issue(
                n,
                machine(f"{n}. Mal: {text}", "doubtful" if n % 3 else "good"),
                topic=[*STANDARD_TOPICS, ""][n % 11],
                language=("ar", "uk", "ti")[n % 3],
                place=f"Bezirk {n % 17}",
                danger=n % 100 == 0,
                hear_by=at("2026-11-20 12:00") if n % 10 == 1 else at("2026-12-02 12:00"),
                names_somebody=n % 7 == 0,
            )
            for n in range(1, number + 1)
        ),
        proposals=tuple(
            Proposal(n + 1, (n, n + 1, n + 2), (machine(text), machine(text))) for n in range(300)
        ),
        looks=812,
        waiting=77,
        this_week=Count(
            number,
            3,
            2,
            2900,
            dict.fromkeys(STANDARD_TOPICS, 272),
            {"ar": 1000, "uk": 1000, "ti": 1000},
        ),
        last_week=Count(12, 3, 2, 12),
    )


def hostile() -> Matter:
    """What people write who want to see what happens, and what others write by accident."""
    return week(
        issue(1, Reading('<script>alert("1")</script> <img src=x onerror=alert(2)> & "quoted"')),
        issue(2, Reading("{reference} {0} {council!r} %s $HOME")),
        issue(3, Reading("Normal \u202egnirts a \u2067 and \u2069\u2069 more\u0000\r\n\n1. Danger \u2066")),
        issue(4, Reading("A" * 4000)),
        issue(5, Reading("e" + "\u0301" * 4000)),
        issue(
            6,
            Reading("\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 200),
            place="<b>Lend</b>",
        ),
        council=HOSTILE_COUNCIL,
    )


HOSTILE_COUNCIL = Council(
    key="x",
    name='Beirat <b>"A & B"</b>\r\nBcc: all@example.org',
    prefix="GRZ",
    time_zone=VIENNA,
    languages=("de",),
    working_languages=("de",),
)
