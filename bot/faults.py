"""Say what is wrong with a configuration in sentences that a tired person understands.

A fault is a place (`accounts[1].token_env`) and what to write there. What stands in a place that may hold a
secret is never repeated.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]
Fault = tuple[Place, str]

TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{20,}")  #: how Telegram's tokens look
TWILIO_TOKEN = re.compile(r"[0-9a-f]{32}")  #: how Twilio's look
_SECRET_NAMES = ("token", "secret", "signing_key", "password", "database_url")
_SHOWN = 40  #: characters of a wrong value that are repeated

#: what to write where something has to stand
_EXAMPLES = {
    "key": 'key = "graz"',
    "name": 'name = "Migrant council of Graz"',
    "prefix": 'prefix = "GRZ"',
    "time_zone": 'time_zone = "Europe/Vienna"',
    "languages": 'languages = ["de", "en"]',
    "working_languages": 'working_languages = ["de"]',
    "channel": 'channel = "web"',
    "number": 'number = "112"',
    "contact": 'contact = "+43 316 000000"',
}


def where(place: Place) -> str:
    """A place as people write it: `councils[0].emergency[2].number`."""
    path = ""
    for part in place:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """The end of a sentence: `; did you mean "port"?`, or a full stop when no name is near."""
    plain = {_plain(name): name for name in known}
    near = get_close_matches(_plain(wrong), plain, n=1, cutoff=0.6)
    return f'; did you mean "{plain[near[0]]}"?' if near else "."


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-")


def listed(names: Iterable[str]) -> str:
    """Names in their order, parted by commas."""
    return ", ".join(names)


def reason(error: OSError) -> str:
    """Why the system did not do something, as the middle of a sentence."""
    return os.strerror(error.errno).lower() if error.errno else type(error).__name__


def shown(value: object, place: Place = ()) -> str:
    """`; it is "x"`: a wrong value as it may be repeated, short, and never where a secret may stand."""
    text = (
        f'"{value}"'
        if isinstance(value, str)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
    names = " ".join(part for part in place if isinstance(part, str))
    if any(name in names for name in _SECRET_NAMES) or TOKEN.search(text) or "://" in text:
        return ""
    return f"; it is {text}" if len(text) <= _SHOWN else f"; it is {text[:_SHOWN]}..."


def from_pydantic(error: ValidationError, shape: type) -> list[Fault]:
    """What pydantic found in one table, which stood alone in a tuple."""
    return [
        (place, _sentence(one, place, shape))
        for one in error.errors(include_url=False)
        for place in [_named(one["loc"][1:])]
    ]


def _named(place: Place) -> Place:
    # What is wrong with a name in a table stands at that name.
    return place[:-1] if place[-1:] == ("[key]",) else place


def _sentence(one: ErrorDetails, place: Place, shape: type) -> str:
    kind, given = one["type"], one["input"]
    if kind == "unexpected_keyword_argument":
        return _unknown(str(place[-1]), _fields_at(shape, place[:-1]))
    if kind == "missing":
        example = _EXAMPLES.get(str(place[-1]))
        return "is missing" + (f"; for example: {example}" if example else ".")
    if kind == "literal_error":
        return _other_choice(given, place, str(one["ctx"]["expected"]))
    if kind == "value_error":
        return str(one["ctx"]["error"])
    if kind in _SAID:
        return f"{_SAID[kind](one.get('ctx', {}))}{shown(given, place)}."
    return f"cannot be used ({one['msg']})."


_SAID: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "string_type": lambda _: "must be text in quotes",
    "path_type": lambda _: "must be a path in quotes",
    "int_type": lambda _: "must be a whole number, without quotes",
    "int_parsing_size": lambda _: "must be a smaller number",
    "bool_type": lambda _: "must be true or false, without quotes",
    "tuple_type": lambda _: "must be a list, in square brackets",
    "dict_type": lambda _: "must be a table of names and values",
    "dataclass_type": lambda _: "must be a table of names and values",
    "greater_than_equal": lambda limit: f"must be at least {limit['ge']}",
    "less_than_equal": lambda limit: f"must be at most {limit['le']}",
    "string_too_short": lambda _: "must not be empty",
}


def _other_choice(given: object, place: Place, expected: str) -> str:
    choices = re.findall(r"'([^']*)'", expected)
    near = did_you_mean(given, choices) if isinstance(given, str) else "."
    quoted = " or ".join(f'"{choice}"' for choice in choices)
    return f"must be {quoted}{shown(given, place)}{near}"


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    if variable := known.get(f"{name}_env"):
        return (
            "a secret does not belong in this file. Put it into the environment, and write the NAME of the "
            f'variable here: {name}_env = "{variable}".'
        )
    return f"there is no such setting{did_you_mean(name, known)}"


def _fields_at(shape: Any, place: Place) -> dict[str, Any]:
    """The settings there are at a place inside a dataclass, with their defaults."""
    for part in place:
        if isinstance(part, str) and is_dataclass(shape):
            shape = get_type_hints(shape)[part]
        elif arguments := get_args(shape):
            shape = arguments[0] if isinstance(part, int) else arguments[-1]
    return {field.name: field.default for field in fields(shape)} if is_dataclass(shape) else {}
