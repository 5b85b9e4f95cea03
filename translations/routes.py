"""Which models are installed, and by which of them one gets from one language to another.

Reads only the few lines that describe a package, never a model, so the running program may ask as often as
it likes. A folder that is no package, or a broken one, is told by its name and leaves the others as they are.
What is installed or taken away is seen without a restart: by the folders' times.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from translations import tags
from translations.translator import (
    BrokenPackage,
    NoRoute,
    NothingInstalled,
    TranslationError,
    UnknownLanguage,
)

CODE = re.compile(r"[a-zA-Z]{2,8}(?:[-_][a-zA-Z0-9]{1,8})*")
PIVOT = "en"  # Of two ways of the same length, the models by way of English are better, having read more.
MODEL, PIECES, OLD_PIECES = Path("model"), Path("sentencepiece.model"), Path("bpe.model")


@dataclass(frozen=True)
class Package:
    """An installed model: one direction."""

    folder: Path
    source: str
    target: str
    version: str
    target_prefix: str = ""  #: what some models want their answer to begin with
    size: int = 0  #: bytes of its model
    stamp: tuple[int, ...] = ()  #: changes when the folder is replaced

    @property
    def name(self) -> str:
        return f"{self.source}_{self.target}-{self.version}"


@dataclass(frozen=True)
class Catalogue:
    """The installed models at one moment."""

    packages: Mapping[tuple[str, str], Package] = field(default_factory=dict)  #: the newest of each direction
    broken: tuple[BrokenPackage, ...] = ()

    def route(self, source: str, target: str) -> tuple[Package, ...]:
        """The shortest way between two BCP-47 tags; empty where nothing has to be translated.

        Raises UnknownLanguage, NoRoute, NothingInstalled, or BrokenPackage where that is all there is.
        """
        if tags.same(source, target):
            return ()
        if not self.packages:
            raise self.broken[0] if self.broken else NothingInstalled()
        known = {code for direction in self.packages for code in direction}
        ends = []
        for tag in (source, target):
            names = [name for name in tags.names(tag) if name in known]
            if not names:
                raise UnknownLanguage(f'No installed translation model knows "{tag}".')
            ends.append(names)
        found = self._shortest(*ends)
        if found is None:
            raise NoRoute(f'No installed translation models lead from "{source}" to "{target}".')
        return found

    def can(self, source: str, target: str) -> bool:
        """Whether there is a way between two BCP-47 tags, also where nothing has to be done."""
        try:
            self.route(source, target)
        except TranslationError:
            return False
        return True

    def _shortest(self, starts: list[str], goals: list[str]) -> tuple[Package, ...] | None:
        """Breadth first; starts and goals are names of one language each, best first."""
        ways: deque[tuple[str, tuple[Package, ...]]] = deque((start, ()) for start in starts)
        seen = set(starts)
        while ways:
            here, way = ways.popleft()
            if here in goals:
                return way
            for package in self._from(here):
                if package.target not in seen:
                    seen.add(package.target)
                    ways.append((package.target, (*way, package)))
        return None

    def _from(self, code: str) -> list[Package]:
        leaving = [package for package in self.packages.values() if package.source == code]
        return sorted(leaving, key=lambda package: (package.target != PIVOT, package.target))


class Installed:
    """The folder of packages. `now()` costs a few microseconds a package while nothing changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stamps: dict[Path, tuple[int, ...]] | None = None
        self._catalogue = Catalogue()

    def now(self) -> Catalogue:
        """What is installed now."""
        stamps = dict(_stamps(self._folder))
        # A broken package may be one that is still being unpacked, deeper than its folder's times tell.
        if stamps != self._stamps or self._catalogue.broken:
            self._catalogue = _read(stamps)
            self._stamps = stamps
        return self._catalogue


def _stamps(folder: Path) -> Iterator[tuple[Path, tuple[int, ...]]]:
    """The folders that should be packages. Files and hidden folders are not meant for us."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")
            )
    except FileNotFoundError:
        return
    for name in names:
        yield folder / name, _stamp(folder / name)


def _stamp(package: Path) -> tuple[int, ...]:
    stamp = []
    for part in (package, package / MODEL, package / "metadata.json"):
        try:
            found = part.stat()
        except OSError:
            stamp.append(0)
        else:
            stamp += [found.st_ino, found.st_mtime_ns]
    return tuple(stamp)


class _Metadata(msgspec.Struct):
    from_code: str
    to_code: str
    package_version: str = ""
    type: str = "translate"
    target_prefix: str = ""


def _read(stamps: Mapping[Path, tuple[int, ...]]) -> Catalogue:
    packages: dict[tuple[str, str], Package] = {}
    broken = []
    for folder, stamp in stamps.items():
        try:
            package = _package(folder, stamp)
        except BrokenPackage as fault:
            broken.append(fault)
            continue
        if package is not None:
            there = packages.get((package.source, package.target))
            if there is None or _age(package) >= _age(there):
                packages[package.source, package.target] = package
    return Catalogue(packages, tuple(broken))


def _package(folder: Path, stamp: tuple[int, ...]) -> Package | None:
    """A package; None for one of another kind, which is not for us."""
    try:
        metadata = msgspec.json.decode((folder / "metadata.json").read_bytes(), type=_Metadata)
    except FileNotFoundError:
        raise _broken(folder, "has no metadata.json") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError):
        raise _broken(folder, "has a metadata.json that cannot be read") from None
    if metadata.type != "translate":
        return None
    if not (CODE.fullmatch(metadata.from_code) and CODE.fullmatch(metadata.to_code)):
        raise _broken(folder, "does not say from which language into which")
    return Package(
        folder,
        metadata.from_code,
        metadata.to_code,
        metadata.package_version,
        metadata.target_prefix,
        _size(folder),
        stamp,
    )


def _size(folder: Path) -> int:
    if not (folder / PIECES).is_file():
        old = (folder / OLD_PIECES).is_file()
        raise _broken(folder, "is of an old kind (bpe.model)" if old else "has no sentencepiece.model")
    try:
        return (folder / MODEL / "model.bin").stat().st_size
    except OSError:
        raise _broken(folder, "has no model/model.bin") from None


def _broken(folder: Path, what: str) -> BrokenPackage:
    return BrokenPackage(
        f'The translation model in the folder "{folder.name}" {what}. Take it away, or install it anew.'
    )


def _age(package: Package) -> tuple[tuple[int, ...], int]:
    """For finding the newest: its version, and of two alike the one that came last."""
    numbers = tuple(int(number) for number in re.findall(r"\d{1,9}", package.version))
    return numbers, package.stamp[1] if len(package.stamp) > 1 else 0
