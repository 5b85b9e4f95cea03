"""Install a package and remove one: in whole and as expected, or not at all.

What is installed stays until the new one lies beside it, complete; only then it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import TownbellError
from translations.packages.archive import looked_at, opened, unpack
from translations.packages.index import Offer
from translations.packages.models_folder import Installed, installed, take_away, told
from translations.packages.package import BadPackage, Direction, key
from translations.packages.sums import is_expected, record, recorded, sum_of, wrong_sum


class NotInstalled(TownbellError):
    """There is no such model here."""


@dataclass(frozen=True)
class Done:
    """What an installation did."""

    installed: Installed
    sum: str  #: SHA-256 of the package
    known: bool  #: whether that sum was expected, or has only been recorded now
    replaced: tuple[Installed, ...] = ()


def install(
    file: BinaryIO,
    name: str,
    models: Path,
    *,
    offer: Offer | None = None,
    sha256: str | None = None,
    known: Mapping[str, str] | None = None,
) -> Done:
    """Install a package from an open file, and remove what it replaces.

    `offer` is what the index promised, `sha256` the sum it must have, `known` the sums of the configuration
    by `es_en-1.0`. Without any of these the sum is recorded, and another one is refused the next time.
    """
    sums = recorded(models)
    its_sum = sum_of(file)
    if sha256 and sha256.casefold() != its_sum:
        raise wrong_sum(name, its_sum, sha256, "you gave")
    with opened(file, name) as archive:
        package = looked_at(archive, name)
        if offer and package.direction != offer.direction:
            raise BadPackage(
                f"{name} is refused: the index says it is {offer.direction}, but it is {package.direction}."
            )
        keys = {key(one.direction, one.version) for one in (package, offer) if one}
        expected = bool(sha256) or is_expected(name, its_sum, keys, known or {}, sums)
        before = [one for one in installed(models) if one.direction == package.direction]
        with told(models):
            made = unpack(package, models, its_sum)
            record(models, sums | dict.fromkeys(keys, its_sum))
            replaced = tuple(one for one in before if one.folder != made.folder)
            for old in replaced:
                take_away(old, models)
    return Done(made, its_sum, expected, replaced)


def remove(models: Path, wanted: Direction) -> list[Installed]:
    """Remove what translates so; raises NotInstalled when nothing does."""
    here = installed(models)
    gone = [one for one in here if one.direction == wanted]
    if not gone:
        there = ", ".join(str(one.direction) for one in here) or "nothing"
        raise NotInstalled(f"There is no model {wanted} here. Installed: {there}.")
    with told(models):
        for one in gone:
            take_away(one, models)
    return gone
