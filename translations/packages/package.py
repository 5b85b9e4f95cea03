"""What a package says of itself: from which language into which, and its version.

It was written by a stranger: what does not look like a language's code or a version is none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from core.errors import TownbellError
from translations import tags

#: without these it cannot translate
NEEDED = ("sentencepiece.model", "model/model.bin")
_CODE = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
_VERSION = r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}"


class BadPackage(TownbellError):
    """The package cannot be used."""


@dataclass(frozen=True, order=True)
class Direction:
    """From one language into another, by the names that models go by."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


def directions(source: str, target: str) -> list[Direction]:
    """What may translate between two language tags, by the names that models go by, the best first."""
    return [Direction(one, other) for one in tags.names(source) for other in tags.names(target)]


def described(metadata: bytes) -> tuple[Direction, str]:
    """Direction and version from a package's metadata; a ValueError says what is wrong with it."""
    try:
        said = json.loads(metadata)
    except RecursionError:
        raise ValueError("it is not JSON") from None
    if not isinstance(said, dict):
        raise ValueError("it is no table")  # noqa: TRY004, one kind of error says all that is wrong with it
    for name, is_good in (("from_code", is_code), ("to_code", is_code), ("package_version", is_version)):
        if not is_good(said.get(name)):
            raise ValueError(f"{name} is missing or unreadable")
    if said.get("type", "translate") != "translate":
        raise ValueError("it is not for translating")
    return Direction(said["from_code"], said["to_code"]), said["package_version"]


def key(there: Direction, version: str) -> str:
    """How the configuration calls a package: `es_en-1.0`."""
    return f"{there.source}_{there.target}-{version}"


def is_code(text: object) -> bool:
    """Whether this names a language."""
    return _matches(_CODE, text)


def is_version(text: object) -> bool:
    """Whether this is a version as we write it into names of folders."""
    return _matches(_VERSION, text)


def _matches(pattern: str, text: object) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(pattern, text))
