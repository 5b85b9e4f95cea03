"""What an index offers, and which of it leads from one language to another.

Several packages may serve: a pair without one of its own is joined by way of English, and of each direction
only the newest counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from core.errors import TownbellError
from translations import tags
from translations.packages.library import reader
from translations.packages.models_folder import Installed
from translations.packages.package import Direction, directions, is_code, is_version

PIVOT = "en"  #: two languages without a package of their own are joined by way of it


class BadIndex(TownbellError):
    """The index of packages cannot be used."""


class NoRoute(TownbellError):
    """The index has no way from one language to the other."""


@dataclass(frozen=True)
class Offer:
    """A package that an index offers."""

    direction: Direction
    version: str
    links: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.direction} {self.version}"


def read_index(text: bytes, address: str) -> list[Offer]:
    """The newest package of each direction; raises BadIndex when this is no index."""
    available = reader().AvailablePackage
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise BadIndex(f"What {address} answers is no index of packages. Check translation.index_url.")
    newest: dict[Direction, Offer] = {}
    for entry in entries:
        offer = _offer(available, entry, address)
        if offer and (offer.direction not in newest or is_newer(offer, newest[offer.direction])):
            newest[offer.direction] = offer
    if not newest:
        raise BadIndex(f"The index at {address} offers no package. Check translation.index_url.")
    return sorted(newest.values(), key=lambda offer: offer.direction)


def _offer(available: Any, entry: object, address: str) -> Offer | None:
    """An entry of the index; None for what is no translation, or not written as it should be."""
    if not isinstance(entry, dict):
        return None
    try:
        package = available(dict(entry))
    except (AttributeError, TypeError):
        return None
    if package.type != "translate" or not isinstance(package.links, list):
        return None
    links = [urljoin(address, link) for link in package.links if isinstance(link, str)]
    usable = tuple(link for link in links if urlsplit(link).scheme in ("http", "https"))
    codes = (package.from_code, package.to_code)
    if not usable or not all(is_code(one) for one in codes):
        return None
    if not is_version(package.package_version):
        return None
    return Offer(Direction(*codes), package.package_version, usable)


def is_newer(one: Offer, other: Offer | Installed) -> bool:
    """Whether this version comes after the other one."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415, comes with the extra

    try:
        return Version(one.version) > Version(other.version)
    except InvalidVersion:
        return one.version != other.version


def route(offers: Iterable[Offer], source: str, target: str) -> list[Offer]:
    """The packages that translate so: one, or two by way of English; raises NoRoute."""
    there = {offer.direction: offer for offer in offers}
    for way in _ways(source, target):
        if there.keys() >= set(way):
            return [there[leg] for leg in way]
    onward = sorted(one.target for one in there if one.source in tags.names(source))
    if not onward:
        known = ", ".join(sorted({one.source for one in there}))
        raise NoRoute(f'The index has nothing that translates from "{source}". It translates from: {known}.')
    goals = ", ".join(onward)
    raise NoRoute(f"The index has no way from {source} to {target}. From {source} it translates to: {goals}.")


def is_served(source: str, target: str, there: Iterable[Direction]) -> bool:
    """Whether these directions are enough to translate so."""
    have = set(there)
    return any(have.issuperset(way) for way in _ways(source, target))


def _ways(source: str, target: str) -> Iterator[tuple[Direction, ...]]:
    wanted = directions(source, target)
    yield from ((one,) for one in wanted)
    for one in wanted:
        if PIVOT not in (one.source, one.target):
            yield Direction(one.source, PIVOT), Direction(PIVOT, one.target)
