"""Our own phrases in every language, from catalogs/*.po.

In a catalog the derived key is the context (`msgctxt`) and the English the text (`msgid`), so that
whoever translates sees both. An entry marked `fuzzy` is a draft that no speaker has reviewed yet:
it is used, and stays marked until somebody takes the mark away. When the English changes, the
translation is kept and marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.numbers import format_decimal

from core.errors import BadCatalog
from core.phrases import Direction, Phrases

FOLDER = Path(__file__).parent / "catalogs"
#: of the head of a file
KEPT = ("creation_date", "revision_date", "last_translator", "language_team")
#: a BCP-47 tag as phones tell them, some with an underscore
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
#: councils are European, and so is the English they write: the day before the month
DAYS_AS_IN = {"en": "en-GB"}
#: where a month has another name: in Graz it is "Jänner"
MONTHS_ALSO_AS_IN = {"de": "de-AT"}


def available(folder: Path = FOLDER) -> tuple[str, ...]:
    """The BCP-47 tags that there are catalogs for."""
    return tuple(sorted(path.stem for path in folder.glob("*.po")))


def is_language(tag: str) -> bool:
    """Whether a tag names a language that there is, whether or not we speak it: "de-AT", "sr-Latn", "ckb"."""
    first = tag.replace("_", "-").partition("-")[0].lower()
    return bool(_TAG.fullmatch(tag)) and first in {*Locale("en").languages, *get_global("language_aliases")}


def load(folder: Path = FOLDER) -> dict[str, Phrases]:
    """Every catalog of the folder, by tag.

    A key that a catalog lacks is filled from English, so that a person is never left with nothing.
    Raises BadCatalog, with file and reason, for one that cannot be read.
    """
    tags = available(folder)
    if "en" not in tags:
        raise BadCatalog(f"{folder} has no en.po. Run `townbell phrases` to write it.")
    english = _texts(read(folder / "en.po"))
    names = DayNames(agreed(_months(tag) for tag in tags), frozenset().union(*map(_weekdays, tags)))
    return {tag: phrases(tag, read(folder / f"{tag}.po"), english, names) for tag in tags}


class DayNames(NamedTuple):
    """What months and weekdays are called in all languages together."""

    months: Mapping[str, int]
    weekdays: frozenset[str]


def phrases(tag: str, catalog: Catalog, english: Mapping[str, str], names: DayNames) -> Phrases:
    """One language's phrases, from its catalog."""
    locale = _locale(tag)
    direction: Direction = "rtl" if locale.text_direction == "rtl" else "ltr"

    days = _locale(DAYS_AS_IN.get(tag, tag))

    @lru_cache(maxsize=512)
    def day(value: date) -> str:
        return format_date(value, "long", days)

    def amount(value: Decimal) -> str:
        return format_decimal(value, "#,##0.00", days)

    try:
        plural = c2py(catalog.plural_expr)
    except ValueError as fault:
        raise BadCatalog(f"{tag}.po has no Plural-Forms that we can read. Mend its header.") from fault
    # A language with more plural forms than English takes the English "other" for those it lacks.
    texts = dict(english)
    for form in range(2, catalog.num_plurals):
        texts |= {f"{key[:-2]}#{form}": text for key, text in english.items() if key.endswith("#1")}
    return Phrases(
        tag,
        own_name(tag),
        texts | _texts(catalog),
        direction,
        plural,
        day,
        amount,
        _namer(locale),
        _months("en") | _months(tag),
        names.months,
        names.weekdays,
    )


def _namer(locale: Locale) -> Callable[[str], str]:
    @lru_cache(maxsize=256)
    def called(tag: str) -> str:
        try:
            return Locale(*parse_locale(tag, sep="-")[:4]).get_display_name(locale) or tag
        except (UnknownLocaleError, ValueError):
            return tag

    return called


@lru_cache(maxsize=64)
def _months(tag: str) -> dict[str, int]:
    """Names of months and what they are shortened to, without a full stop."""
    return {
        name.casefold().rstrip("."): number
        for one in (_locale(tag), _locale(MONTHS_ALSO_AS_IN.get(tag, tag)))
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, context, one).items()
        if not name.isdigit()
    }


def _weekdays(tag: str) -> frozenset[str]:
    """Names of weekdays and what they are shortened to, without a full stop."""
    return frozenset(
        name.casefold().rstrip(".")
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, context, _locale(tag)).values()
    )


def agreed(languages: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The names that mean one month wherever they are one."""
    numbers: dict[str, set[int]] = {}
    for months in languages:
        for name, number in months.items():
            numbers.setdefault(name, set()).add(number)
    return {name: month for name, (month, *others) in numbers.items() if not others}


def own_name(tag: str) -> str:
    """A language's name in the language itself: "Deutsch", "العربية"."""
    name = _locale(tag).get_display_name() or tag
    return name[0].upper() + name[1:]


def read(path: Path) -> Catalog:
    """One .po file; raises BadCatalog with the file's name."""
    try:
        with path.open("rb") as file:
            return read_po(file, locale=str(_locale(path.stem)), abort_invalid=True)
    except (PoFileError, OSError, ValueError) as fault:
        raise BadCatalog(f"{path.name} cannot be read: {fault}. Mend the file, or take it away.") from fault


def update(
    english: Mapping[str, str], plurals: Mapping[str, tuple[str, str]], folder: Path = FOLDER
) -> dict[str, int]:
    """Bring every catalog up to the English given; returns per tag how many entries still want a translation.

    New keys come in empty, changed English marks the translation for review, and keys that are
    gone are taken out. English itself is written whole.
    """
    folder.mkdir(exist_ok=True)
    missing = {}
    for tag in sorted({"en", *available(folder)}):
        path = folder / f"{tag}.po"
        old = read(path) if path.exists() else None
        catalog = _updated(tag, old, english, plurals)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, omit_header=False, sort_output=False, include_lineno=False)
        missing[tag] = sum(not _translated(message) for message in catalog if message.id)
    return missing


def _updated(
    tag: str, old: Catalog | None, english: Mapping[str, str], plurals: Mapping[str, tuple[str, str]]
) -> Catalog:
    # Whoever adds words changes nothing else: neither who translated, nor when.
    kept = {name: getattr(old, name) for name in KEPT} if old else {}
    catalog = Catalog(
        locale=str(_locale(tag)),
        project="Townbell",
        version="",
        copyright_holder="",
        fuzzy=False,
        header_comment="",
        **kept,
    )
    catalog.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", catalog.plural_forms),
    ]
    before = {message.context: message for message in old or () if message.id}
    entries: dict[str, str | tuple[str, str]] = {**english, **plurals}
    for key, text in entries.items():
        was = before.get(key)
        string: str | tuple[str, ...] | list[str] = (
            "" if isinstance(text, str) else ("",) * catalog.num_plurals
        )
        flags: set[str] = set()
        comments: list[str] = []
        if tag == "en":
            string = text
        elif was is not None:
            string, flags, comments = was.string or "", set(was.flags) & {"fuzzy"}, list(was.user_comments)
            if was.id != text:
                flags.add("fuzzy")
        catalog.add(text, string, flags=flags, user_comments=comments, context=key)
    return catalog


def _texts(catalog: Catalog) -> dict[str, str]:
    texts: dict[str, str] = {}
    for message in catalog:
        if not message.id or not _translated(message):
            continue
        if isinstance(message.string, str):
            texts[message.context or ""] = message.string
        else:
            texts |= {f"{message.context}#{form}": text for form, text in enumerate(message.string or ())}
    return texts


def _translated(message: Message) -> bool:
    return bool(message.string) if isinstance(message.string, str) else all(message.string or [""])


def _locale(tag: str) -> Locale:
    try:
        return Locale(*parse_locale(tag, sep="-")[:4])
    except (UnknownLocaleError, ValueError) as fault:
        raise BadCatalog(
            f"{tag}.po is not named after a language we know. Name it by its BCP-47 tag."
        ) from fault
