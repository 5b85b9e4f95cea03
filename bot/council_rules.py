"""What a council must be beyond its types: that its time zone exists, that its languages have a catalog ...

Each rule yields the places that are wrong and what to write there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.faults import Fault, Place, did_you_mean, from_pydantic, listed, shown
from core.council import DAYS, STANDARD_TOPICS, Council

KEY = r"[a-z0-9][a-z0-9_-]{0,31}"
Faults = Iterator[Fault]

#: stands in for what is missing or refused, so that the rest can be judged in the same breath
_NEUTRAL = {
    "key": "a", "name": "a", "prefix": "AA", "time_zone": "UTC", "languages": ["en"],
    "working_languages": ["en"],
}  # fmt: skip
_NEUTRAL_ENTRIES = {"emergency": {"number": "112"}, "advice": {"name": "a", "contact": "a"}}


def read_council(table: Mapping[str, Any], languages: frozenset[str]) -> tuple[Council | None, list[Fault]]:
    """A council from its table, and every fault in it; None when it cannot be made."""
    try:
        council = _read(table)
    except ValidationError as error:
        faults = from_pydantic(error, Council)
        broken = {place[:2] if place[0] in _NEUTRAL_ENTRIES else place[:1] for place, _ in faults}
        rest = _council_faults(_read(_without(table, broken)), languages)
        return None, faults + [
            (place, said) for place, said in rest if broken.isdisjoint({place[:1], place[:2]})
        ]
    return council, list(_council_faults(council, languages))


def _read(table: Mapping[str, Any]) -> Council:
    # core knows nothing of pydantic: its dataclass takes this strictness from the tuple around it.
    reader = TypeAdapter(tuple[Council], config=ConfigDict(extra="forbid", strict=True))
    return reader.validate_json(json.dumps([table], default=str))[0]


def _without(table: Mapping[str, Any], broken: Collection[Place]) -> dict[str, Any]:
    sound = {**_NEUTRAL, **{name: value for name, value in table.items() if (name,) not in broken}}
    for name, neutral in _NEUTRAL_ENTRIES.items():
        if name in sound:
            sound[name] = [neutral if (name, n) in broken else entry for n, entry in enumerate(sound[name])]
    return sound


def _council_faults(council: Council, languages: frozenset[str]) -> Faults:
    yield from _name_faults(council)
    yield from _zone_faults(council)
    yield from _language_faults(council, languages)
    yield from _working_language_faults(council)
    yield from _topic_faults(council)
    yield from _topic_label_faults(council)
    yield from _emergency_faults(council)
    yield from _advice_faults(council)
    yield from _range_faults(council.answer_days, 1, 365, ("answer_days",))
    yield from _retention_faults(council)
    yield from _desk_faults(council)


def _name_faults(council: Council) -> Faults:
    if not re.fullmatch(KEY, council.key):
        yield ("key",), f"must be 1 to 32 of the characters a-z, 0-9, - and _{shown(council.key)}."
    if not council.name.strip():
        yield ("name",), "must not be empty."
    if not re.fullmatch(r"[A-Z]{2,4}", council.prefix):
        yield ("prefix",), f"must be two to four capital letters from A to Z{shown(council.prefix)}."
    if not re.fullmatch(r"\S{1,32}", council.notice_version):
        yield ("notice_version",), "must be 1 to 32 characters without a space."


def _zone_faults(council: Council) -> Faults:
    if not _is_zone(council.time_zone):
        near = did_you_mean(council.time_zone, available_timezones())
        near = near if "?" in near else '; for example: "Europe/Vienna".'
        yield ("time_zone",), f'there is no time zone "{council.time_zone[:40]}"{near}'


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # no such file, a folder, a name that leaves the folder
        return False
    return True


def _language_faults(council: Council, languages: frozenset[str]) -> Faults:
    if not council.languages:
        yield ("languages",), "must not be an empty list."
    for n, tag in enumerate(council.languages):
        if tag not in languages:
            near = did_you_mean(tag, languages)
            there = listed(sorted(languages))
            yield ("languages", n), f'there is no catalog for "{tag[:40]}"{near} There are: {there}.'
    yield from _repeated(council.languages, "languages")


def _working_language_faults(council: Council) -> Faults:
    if not council.working_languages:
        yield ("working_languages",), "must not be an empty list."
    for n, tag in enumerate(council.working_languages):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?", tag):
            yield ("working_languages", n), f'must be a language tag such as "de" or "sr-Latn"{shown(tag)}.'
    yield from _repeated(council.working_languages, "working_languages")


def _topic_faults(council: Council) -> Faults:
    if not council.topics:
        yield ("topics",), "must not be an empty list."
    for n, topic in enumerate(council.topics):
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", topic):
            yield ("topics", n), f"must be 1 to 32 of the characters a-z, 0-9 and _{shown(topic)}."
        elif topic not in STANDARD_TOPICS and topic not in council.topic_labels:
            near = did_you_mean(topic, STANDARD_TOPICS)
            needed = f"A topic of your own needs them in topic_labels.{topic}."
            yield ("topics", n), f'we have no words for "{topic}"{near} {needed}'
    yield from _repeated(council.topics, "topics")


def _topic_label_faults(council: Council) -> Faults:
    for topic, labels in council.topic_labels.items():
        place: Place = ("topic_labels", topic)
        if topic not in council.topics:
            yield place, f"is not among the topics{did_you_mean(topic, council.topics)}"
        yield from _label_faults(labels, council, place, needed=topic not in STANDARD_TOPICS)


def _emergency_faults(council: Council) -> Faults:
    for n, emergency in enumerate(council.emergency):
        place: Place = ("emergency", n)
        if not re.fullmatch(r"\+?[0-9 ]{2,20}", emergency.number):
            yield (*place, "number"), f"must be a telephone number{shown(emergency.number)}."
        yield from _label_faults(emergency.label, council, (*place, "label"), needed=bool(emergency.label))


def _advice_faults(council: Council) -> Faults:
    for n, advice in enumerate(council.advice):
        for name in ("name", "contact"):
            if not getattr(advice, name).strip():
                yield ("advice", n, name), "must not be empty."


def _label_faults(labels: Mapping[str, str], council: Council, place: Place, *, needed: bool) -> Faults:
    for tag, label in labels.items():
        if tag not in council.languages:
            near = did_you_mean(tag, council.languages)
            yield (*place, tag), f"is not among the council's languages{near}"
        elif not label.strip():
            yield (*place, tag), "must not be empty."
    if needed and (missing := [tag for tag in council.languages if tag not in labels]):
        yield place, f"has no words in: {listed(missing)}."


def _retention_faults(council: Council) -> Faults:
    longest = {"drafts": 90, "issues_after_closing": 3650, "deliveries": 3650, "backups": 3650}
    for name, most in longest.items():
        yield from _range_faults(getattr(council.retention, name), 1, most, ("retention", name))


def _desk_faults(council: Council) -> Faults:
    if council.digest.day not in DAYS:
        near = did_you_mean(council.digest.day, DAYS)
        yield (
            ("digest", "day"),
            f'there is no day "{council.digest.day[:40]}"{near} There are: {listed(DAYS)}.',
        )
    times = (("digest", "time", council.digest.time), ("quiet", "begin", council.quiet.begin))
    for table, name, written in (*times, ("quiet", "end", council.quiet.end)):
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", written):
            yield (table, name), f'must be a time of day such as "08:00"{shown(written)}.'
    if not 2 <= council.least <= 100:
        yield ("least",), f"must be a number of people from 2 to 100; it is {council.least}."


def _range_faults(value: int, least: int, most: int, place: Place) -> Faults:
    if not least <= value <= most:
        yield place, f"must be a number of days from {least} to {most}; it is {value}."


def _repeated(names: tuple[str, ...], name: str) -> Faults:
    for one, count in Counter(names).items():
        if count > 1:
            yield (name,), f'"{one[:40]}" stands there {count} times.'
