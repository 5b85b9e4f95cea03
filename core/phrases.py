"""Our own words in one language.

A plain mapping from key to text; keys are derived from flows and steps, never typed
(`raise_issue.topic.housing`). Texts have named placeholders: `{reference}`. What people
wrote only ever goes in as a value, so a brace in it is only a brace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

Direction = Literal["ltr", "rtl"]

#: Unicode's isolates keep a number, a reference or a quotation from turning the line around it.
#: https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"
#: groups of digits, as in a telephone number, which change places where nothing isolates them
_GROUPS = re.compile(r"\d[\s/.()-]+\d")

#: a value at the end of a sentence
_END = re.compile(r"\{(\w+)\}\.(?!\.)")

#: a key that ends so holds what is said by SMS instead of the text whose key it extends
BY_SMS = ".by_sms"


@dataclass(frozen=True)
class Phrases:
    """Our own words in one language: `phrases.say("status.filed", reference="GRZ-7K4M")`."""

    language: str  #: a BCP-47 tag
    name: str  #: the language's own name, as its speakers write it
    texts: Mapping[str, str]
    direction: Direction = "ltr"
    #: which plural form a number takes, as gettext counts them
    plural: Callable[[int], int] = field(default=lambda n: int(n != 1), compare=False)
    #: a day as the language writes it
    day: Callable[[date], str] = field(default=date.isoformat, compare=False)
    #: a sum of money as the language writes it, without its currency
    amount: Callable[[Decimal], str] = field(default=str, compare=False)
    #: what another language is called in this one: "es" -> "Spanish"
    called: Callable[[str], str] = field(default=str, compare=False)
    #: names of months in small letters, in this language and in English -> 1 to 12
    months: Mapping[str, int] = field(default_factory=dict, compare=False)
    #: and in the other languages that we have, where a name is that of one month only
    months_elsewhere: Mapping[str, int] = field(default_factory=dict, compare=False)
    #: names of weekdays in small letters, in every language that we have
    weekdays: frozenset[str] = field(default=frozenset(), compare=False)
    #: by SMS isolates cost, and old phones show them: they stand only where a value would be torn apart
    sparing: bool = False

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def say(self, key: str, /, **values: str) -> str:
        """The text of a key, with its values put in; a missing key is a KeyError, for a test to find."""
        return self.fill(self.texts[key], **values)

    def count(self, key: str, number: int, /, **values: str) -> str:
        """The text of a key in the plural form that the number takes; `{n}` is the number."""
        return self.fill(self.texts[f"{key}#{self.plural(number)}"], n=str(number), **values)

    def fill(self, template: str, /, **values: str) -> str:
        """A text with its values; in right-to-left languages each value is isolated."""
        return self.fill_from(template, values) if values else template

    def fill_from(self, template: str, values: Mapping[str, str]) -> str:
        """A text with those values of a mapping that it names."""
        if "{" not in template:
            return template
        if "}." in template:
            template = _END.sub(lambda end: _ended(end, values), template)
        rtl = self.direction == "rtl"
        return template.format_map(_Isolating(values, sparing=self.sparing) if rtl else values)

    def listed(self, items: Iterable[str]) -> str:
        """Several things in a row, parted by the comma of the script."""
        return ("، " if self.direction == "rtl" else ", ").join(items)

    def words(self, key: str) -> tuple[str, ...]:
        """A word list (`hello|hi|good morning`), empty where the language has none."""
        return self._lists.get(key, ())

    @cached_property
    def by_sms(self) -> Phrases:
        """The same words as they read by SMS: in the short form where there is one."""
        short = {key.replace(BY_SMS, ""): text for key, text in self.texts.items() if BY_SMS in key}
        return replace(self, texts={**self.texts, **short}, sparing=True)

    @cached_property
    def _lists(self) -> dict[str, tuple[str, ...]]:
        return {
            key: tuple(word.strip() for word in text.split("|") if word.strip())
            for key, text in self.texts.items()
            if key.endswith(LIST_SUFFIXES)
        }


class _Isolating:
    """A mapping whose values are isolated from the text around them."""

    def __init__(self, values: Mapping[str, str], *, sparing: bool) -> None:
        self._values = values
        self._sparing = sparing

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        return value if self._sparing and not _GROUPS.search(value) else _isolated(value)


def _ended(end: re.Match[str], values: Mapping[str, str]) -> str:
    """A sentence has one full stop, also where its last value brings one: "30 грудня 2026 р."."""
    return end[0][:-1] if values[end[1]].endswith(".") else end[0]


def _isolated(value: str) -> str:
    # An isolate ends with its line, so each line has its own.
    return "\n".join(f"{ISOLATE}{line}{END_OF_ISOLATE}" if line else "" for line in value.split("\n"))


#: keys that end so hold alternatives, parted by "|", and are never said
LIST_SUFFIXES = (".words", ".synonyms")
