"""Our phrases as plain text and as HTML, so that a digest says the same in both.

What goes into a phrase is text. In HTML it is escaped and stands in a <bdi>, which keeps it from turning the
line around it; in plain text Unicode's isolates do that.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Protocol

from core.phrases import Phrases
from outreach.short import isolated


class Voice(Protocol):
    """One way to say a phrase."""

    def say(self, key: str, /, **values: str) -> str:
        """The text of a key, with its values put in."""

    def count(self, key: str, number: int, /) -> str:
        """The text of a key in the plural form that the number takes."""

    def value(self, text: str, /) -> str:
        """A text that stands for itself: a reference, a topic, a place."""


@dataclass(frozen=True)
class InText:
    """Plain text."""

    phrases: Phrases

    def say(self, key: str, /, **values: str) -> str:
        """The text of a key; a value cannot turn it."""
        if self.phrases.direction == "rtl":  # There the phrases do it themselves.
            return self.phrases.say(key, **values)
        return self.phrases.say(key, **{name: self.value(value) for name, value in values.items()})

    def count(self, key: str, number: int, /) -> str:
        """The text of a key in the plural form that the number takes."""
        return self.phrases.count(key, number)

    def value(self, text: str, /) -> str:
        """The text, isolated where it runs the other way."""
        return isolated(text, self.phrases.direction)


@dataclass(frozen=True)
class InHtml:
    """HTML, in which nothing that is put in is markup."""

    phrases: Phrases

    def say(self, key: str, /, **values: str) -> str:
        """The text of a key, escaped as its values are."""
        return escape(self.phrases.texts[key]).format_map(
            {name: self.value(value) for name, value in values.items()}
        )

    def count(self, key: str, number: int, /) -> str:
        """The text of a key in the plural form that the number takes."""
        return self.say(f"{key}#{self.phrases.plural(number)}", n=str(number))

    def value(self, text: str, /) -> str:
        """The text, escaped and isolated."""
        return f"<bdi>{escape(text)}</bdi>"
