"""The sums by which a package is known again: of the configuration, or as it was when it first came.

An index tells none, so the first one of each version is recorded, and another one is refused from then on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from translations.packages.models_folder import MIB, CannotKeep, keep
from translations.packages.package import BadPackage


class WrongSum(BadPackage):
    """The package is not the one that was expected."""


def sum_of(file: BinaryIO) -> str:
    """The SHA-256 of an open file."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(MIB):
        digest.update(chunk)
    return digest.hexdigest()


def is_expected(
    name: str, its_sum: str, keys: set[str], known: Mapping[str, str], recorded: Mapping[str, str]
) -> bool:
    """Whether the sum is one we know; False when there is none to compare with."""
    for sums, where in ((known, "the configuration names"), (recorded, "it had before")):
        expected = {sums[key].casefold() for key in keys if key in sums}
        if expected - {its_sum}:
            raise wrong_sum(name, its_sum, next(iter(expected - {its_sum})), where)
        if expected:
            return True
    return False


def wrong_sum(name: str, its_sum: str, expected: str, where: str) -> WrongSum:
    """What is said of a package that has another sum."""
    return WrongSum(
        f"{name} is refused, for it is not the file that was meant.\n"
        f"  its SHA-256:  {its_sum}\n"
        f"  the one {where}:  {expected}\n"
        "Fetch it again. If its makers say that the new one is right, give that with --sha256."
    )


def recorded(models: Path) -> dict[str, str]:
    """The sums that packages here had, by `es_en-1.0`; raises CannotKeep when they cannot be read."""
    file = models / "sums.json"
    try:
        sums = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        sums = None
    if not isinstance(sums, dict) or not all(isinstance(one, str) for one in sums.values()):
        raise CannotKeep(f"{file} cannot be read. Remove it; the sums are then recorded anew.")
    return sums


def record(models: Path, sums: Mapping[str, str]) -> None:
    """Keep these sums for the next time."""
    keep(models / "sums.json", json.dumps(sums, indent=1, sort_keys=True).encode() + b"\n")
