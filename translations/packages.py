"""Model packages: what lies in the models folder, and how a package gets in and out.

A package is a zip that a stranger made. Nothing of it is unpacked before its sum and its whole list of
content were looked at, and what is installed stays until the new one lies beside it, complete. Nothing here
speaks to the network.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import importlib
import importlib.util
import json
import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

from core.errors import TownbellError
from translations import tags

PIVOT = "en"  #: two languages without a package of their own are joined by way of it
MIB = 1024 * 1024
PACKED = 1024 * MIB  #: full-size packages have 60 to 300 MB
UNPACKED = 2 * PACKED
FILES = 1000  #: a package has about six; old ones bring a splitter of some hundred
METADATA = 64 * 1024
SPARE = 50 * MIB  #: what an installation leaves free for people's messages
NEEDED = ("sentencepiece.model", "model/model.bin")
EXTRA = ("argostranslate", "ctranslate2", "sentencepiece")
_CODE = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"
_VERSION = r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}"
_PART = ".part-"  #: how what is not finished begins; swept away by the next command


class BadPackage(TownbellError):
    """The package cannot be used."""


class WrongSum(BadPackage):
    """The package is not the one that was expected."""


class BadIndex(TownbellError):
    """The index of packages cannot be used."""


class NoRoute(TownbellError):
    """The index has no way from one language to the other."""


class NotInstalled(TownbellError):
    """There is no such model here."""


class CannotKeep(TownbellError):
    """The models folder cannot be written."""


class NoExtra(TownbellError):
    """What machine translation needs is not installed here: `make translation` installs it."""


@dataclass(frozen=True, order=True)
class Direction:
    """From one language into another, by the names that models go by."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


@dataclass(frozen=True)
class Offer:
    """A package that an index offers."""

    direction: Direction
    version: str
    links: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.direction} {self.version}"


@dataclass(frozen=True)
class Installed:
    """A package that lies in the models folder."""

    direction: Direction
    version: str
    folder: Path
    size: int  #: bytes on disk

    def __str__(self) -> str:
        return f"{self.direction} {self.version}"


@dataclass(frozen=True)
class Done:
    """What an installation did."""

    installed: Installed
    sum: str  #: SHA-256 of the package
    known: bool  #: whether that sum was expected, or has only been recorded now
    replaced: tuple[Installed, ...] = ()


def directions(source: str, target: str) -> list[Direction]:
    """What may translate between two language tags, by the names that models go by, the best first."""
    return [Direction(one, other) for one in tags.names(source) for other in tags.names(target)]


# What an index offers


def read_index(text: bytes, address: str) -> list[Offer]:
    """The newest package of each direction; raises BadIndex when this is no index."""
    available = _argos().AvailablePackage
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, list):
        raise BadIndex(f"What {address} answers is no index of packages. Check translation.index_url.")
    newest: dict[Direction, Offer] = {}
    for entry in entries:
        offer = _offer(available, entry, address)
        if offer and (offer.direction not in newest or _is_newer(offer, newest[offer.direction])):
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
    if not usable or not all(_matches(_CODE, one) for one in codes):
        return None
    if not _matches(_VERSION, package.package_version):
        return None
    return Offer(Direction(*codes), package.package_version, usable)


def _matches(pattern: str, text: object) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(pattern, text))


def is_update(offer: Offer, here: Installed) -> bool:
    """Whether the index has a newer one than is installed."""
    return _is_newer(offer, here)


def _is_newer(one: Offer, other: Offer | Installed) -> bool:
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


# What is installed


def installed(models: Path) -> list[Installed]:
    """The packages in a models folder; of one direction the newest folder comes last."""
    found = [one for folder in _folders(models) if (one := _installed(folder))]
    return sorted(found, key=lambda one: (one.direction, one.folder.stat().st_mtime_ns))


def damaged(models: Path) -> list[Path]:
    """Folders among the models that are none, or not whole."""
    return [folder for folder in _folders(models) if _installed(folder) is None]


def _folders(models: Path) -> list[Path]:
    if not models.is_dir():
        return []
    return sorted(one for one in models.iterdir() if one.is_dir() and not one.name.startswith("."))


def _installed(folder: Path) -> Installed | None:
    try:
        there, version = _described((folder / "metadata.json").read_bytes())
    except (OSError, ValueError):
        return None
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Installed(there, version, folder, size)


def _described(metadata: bytes) -> tuple[Direction, str]:
    """Direction and version from a package's metadata; a ValueError says what is wrong with it."""
    try:
        described = json.loads(metadata)
    except RecursionError:
        raise ValueError("it is not JSON") from None
    if not isinstance(described, dict):
        raise ValueError("it is no table")  # noqa: TRY004, one kind of error says all that is wrong with it
    for name, pattern in (("from_code", _CODE), ("to_code", _CODE), ("package_version", _VERSION)):
        if not _matches(pattern, described.get(name)):
            raise ValueError(f"{name} is missing or unreadable")
    if described.get("type", "translate") != "translate":
        raise ValueError("it is not for translating")
    return Direction(described["from_code"], described["to_code"]), described["package_version"]


def has_extra() -> bool:
    """Whether what machine translation needs is installed."""
    return all(importlib.util.find_spec(name) for name in EXTRA)


# Into the folder and out of it


@contextmanager
def held(models: Path) -> Iterator[None]:
    """Keep other commands out of the folder, and sweep away what one that died left behind."""
    with _told(models):
        models.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (models / ".lock").open("ab")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotKeep(f"Another command is at work in {models}. Wait until it has ended.") from None
        _sweep(models)
        yield


def _sweep(models: Path) -> None:
    for left in models.glob(f"{_PART}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


@contextmanager
def fetched_file(models: Path) -> Iterator[BinaryIO]:
    """A file to fetch a package into, which is gone afterwards."""
    with _told(models), tempfile.NamedTemporaryFile(dir=models, prefix=_PART) as file:
        yield file  # type: ignore[misc]  # it behaves as one


def room(models: Path) -> int:
    """How many bytes may still be written below the models folder."""
    return max(0, shutil.disk_usage(models).free - SPARE)


def no_room(models: Path, name: str, size: int) -> CannotKeep:
    """The sentence for a package that does not fit."""
    free = room(models)
    return CannotKeep(
        f"There is no room for {name}: it needs {megabytes(size)}, and {megabytes(free)} are free below "
        f"{models}. Free some space, or choose a larger disk in [data] folder."
    )


def megabytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / 1_000_000:,.1f} MB"


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
    recorded = _recorded(models)
    its_sum = _sum(file)
    if sha256 and sha256.casefold() != its_sum:
        raise WrongSum(_other_sum(name, its_sum, sha256, "you gave"))
    with _archive(file, name) as archive:
        package = _package(archive, name)
        if offer and package.direction != offer.direction:
            raise BadPackage(
                f"{name} is refused: the index says it is {offer.direction}, but it is {package.direction}."
            )
        keys = {_key(package.direction, package.version)} | ({offer_key(offer)} if offer else set())
        expected = bool(sha256) or _is_expected(name, its_sum, keys, known or {}, recorded)
        before = [one for one in installed(models) if one.direction == package.direction]
        with _told(models):
            made = _unpack(package, models, its_sum)
            _record(models, recorded | dict.fromkeys(keys, its_sum))
            replaced = tuple(one for one in before if one.folder != made.folder)
            for old in replaced:
                _take_away(old, models)
    return Done(made, its_sum, expected, replaced)


def remove(models: Path, wanted: Direction) -> list[Installed]:
    """Remove what translates so; raises NotInstalled when nothing does."""
    here = installed(models)
    gone = [one for one in here if one.direction == wanted]
    if not gone:
        there = ", ".join(str(one.direction) for one in here) or "nothing"
        raise NotInstalled(f"There is no model {wanted} here. Installed: {there}.")
    with _told(models):
        for one in gone:
            _take_away(one, models)
    return gone


def offer_key(offer: Offer) -> str:
    """How the configuration calls an offered package: `es_en-1.0`."""
    return _key(offer.direction, offer.version)


def _key(there: Direction, version: str) -> str:
    return f"{there.source}_{there.target}-{version}"


def _take_away(one: Installed, models: Path) -> None:
    # Renamed first: a folder half removed would be a damaged model.
    hidden = models / f"{_PART}{one.folder.name}"
    shutil.rmtree(hidden, ignore_errors=True)
    one.folder.rename(hidden)
    shutil.rmtree(hidden)


@contextmanager
def _told(models: Path) -> Iterator[None]:
    """What the disk refuses, in a sentence."""
    try:
        yield
    except OSError as error:
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                said = "is on a disk that is full. Free some space and try again; nothing was installed."
            case errno.EACCES | errno.EPERM:
                user = os.geteuid()
                said = "belongs to somebody else. Give it to the user who runs Townbell: "
                said += f"chown -R {user} {models}"
            case errno.EROFS:
                said = "is on a read-only disk. Mount it for writing, or choose another one in [data] folder."
            case errno.ENOTDIR | errno.EEXIST:
                said = "is a file, or lies below one. Choose another place in [data] folder."
            case _:
                said = f"cannot be written: {os.strerror(error.errno or errno.EIO).lower()}."
        raise CannotKeep(f"The models folder {models} {said}") from None


# The sum


def _sum(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(MIB):
        digest.update(chunk)
    return digest.hexdigest()


def _is_expected(
    name: str, its_sum: str, keys: set[str], known: Mapping[str, str], recorded: Mapping[str, str]
) -> bool:
    """Whether the sum is one we know; False when there is none to compare with."""
    for sums, where in ((known, "the configuration names"), (recorded, "it had before")):
        expected = {sums[key].casefold() for key in keys if key in sums}
        if expected - {its_sum}:
            raise WrongSum(_other_sum(name, its_sum, next(iter(expected - {its_sum})), where))
        if expected:
            return True
    return False


def _other_sum(name: str, its_sum: str, expected: str, where: str) -> str:
    return (
        f"{name} is refused, for it is not the file that was meant.\n"
        f"  its SHA-256:  {its_sum}\n"
        f"  the one {where}:  {expected}\n"
        "Fetch it again. If its makers say that the new one is right, give that with --sha256."
    )


def _recorded(models: Path) -> dict[str, str]:
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


def _record(models: Path, sums: Mapping[str, str]) -> None:
    keep(models / "sums.json", json.dumps(sums, indent=1, sort_keys=True).encode() + b"\n")


def keep(file: Path, content: bytes) -> None:
    """Write a small file of the models folder, whole or not at all."""
    with _told(file.parent):
        part = file.with_name(f"{_PART}{file.name}")
        try:
            part.write_bytes(content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


# The archive


@dataclass(frozen=True)
class _Package:
    """An archive whose content was looked at."""

    archive: zipfile.ZipFile
    name: str
    top: str
    members: tuple[zipfile.ZipInfo, ...]
    direction: Direction
    version: str


@contextmanager
def _archive(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
        raise BadPackage(
            f"{name} is broken, or is no model package. Fetch it again; nothing was installed."
        ) from None


def _package(archive: zipfile.ZipFile, name: str) -> _Package:
    """A package by its list of content and its metadata; raises BadPackage before anything is unpacked."""
    members = [one for one in archive.infolist() if not one.is_dir()]
    for member in archive.infolist():
        if fault := _fault(member):
            raise BadPackage(f"{name} is refused: {fault}.")
    tops = {one.filename.partition("/")[0] for one in archive.infolist()}
    names = [one.filename for one in members]
    faults = {
        "it holds nothing": not members,
        "it holds a file twice": len(set(names)) < len(names) or not _folders_of(names).isdisjoint(names),
        f"it holds more than {FILES:,} files": len(members) > FILES,
        "it must hold one folder, and nothing beside it": len(tops) != 1 or bool(tops & set(names)),
        f"unpacked it is larger than {megabytes(UNPACKED)}": sum(one.file_size for one in members) > UNPACKED,
    }
    for said, holds in faults.items():
        if holds:
            raise BadPackage(f"{name} is refused: {said}.")
    top = tops.pop()
    _has_what_it_needs(name, top, set(names))
    metadata = archive.getinfo(f"{top}/metadata.json")
    if metadata.file_size > METADATA:
        raise BadPackage(f"{name} is refused: its metadata.json is too large.")
    try:
        there, version = _described(archive.read(metadata))
    except ValueError as error:
        said = str(error) if type(error) is ValueError else "it is not JSON"
        raise BadPackage(f"{name} is refused: its metadata.json cannot be used ({said}).") from None
    wanted = tuple(one for one in members if _is_used(PurePosixPath(one.filename)))
    return _Package(archive, name, top, wanted, there, version)


def _folders_of(names: Iterable[str]) -> set[str]:
    return {str(folder) for name in names for folder in PurePosixPath(name).parents}


def _has_what_it_needs(name: str, top: str, names: set[str]) -> None:
    for needed in ("metadata.json", *NEEDED):
        if f"{top}/{needed}" not in names:
            old = f"{top}/bpe.model" in names and needed == "sentencepiece.model"
            why = " It is one of the old kind (bpe.model), which cannot be used." if old else ""
            raise BadPackage(f"{name} is refused: there is no {needed} in it.{why}")


def _fault(member: zipfile.ZipInfo) -> str | None:
    """What is wrong with one entry of an archive."""
    # `orig_filename` is as it was packed: zipfile cuts a name at a NUL, which may hide its end.
    name = member.orig_filename
    path = PurePosixPath(name)
    shown = ascii(name[:60])
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\:\x00-\x1f]", name) or len(name) > 255:
        return f"the name {shown} in it may lead out of its folder"
    if any(part.startswith(".") for part in path.parts) or "//" in name:
        return f"the name {shown} in it is not a plain one"
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"{shown} in it is a link, or no file at all"
    if member.flag_bits & 0x1:
        return f"{shown} in it is encrypted"
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"{shown} in it is packed in a way we do not unpack"
    return None


def _is_used(path: PurePosixPath) -> bool:
    """Whether we need the file: some packages bring splitters, which are large and never loaded."""
    return len(path.parts) == 2 or path.parts[1] == "model"


def _unpack(package: _Package, models: Path, its_sum: str) -> Installed:
    size = sum(one.file_size for one in package.members)
    if size > room(models):
        raise no_room(models, package.name, size)
    version = package.version.replace(".", "_")
    there = package.direction
    # With the sum in its name, another content of the same version comes beside the old one, never into it.
    place = models / f"translate-{there.source}_{there.target}-{version}-{its_sum[:8]}"
    with tempfile.TemporaryDirectory(dir=models, prefix=_PART) as part:
        folder = Path(part) / package.top
        for member in package.members:
            _write(package.archive, member, Path(part) / member.filename)
        # The library that made the format has the last word on whether it is one.
        _argos().Package(folder)
        if place.exists():
            place.rename(Path(part) / f"{_PART}before")
        folder.rename(place)
        _flush(models)
    return Installed(there, package.version, place, size)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Reading ends at the size that was looked at, whatever the packed bytes would grow to.
    with archive.open(member) as packed, open(os.open(file, _NEW, 0o600), "wb") as out:  # noqa: PTH123
        shutil.copyfileobj(packed, out, MIB)
        out.flush()
        os.fsync(out.fileno())


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# The library


def _argos() -> Any:
    """The library's reader of packages, which makes folders where the environment says, at its import.

    So the environment points at a folder that goes away, for that moment: it reads for us and keeps nothing.
    Its `translate` module is never imported: it loads what we leave out, and logs every text.
    """
    with tempfile.TemporaryDirectory() as nowhere, _environment(nowhere):
        try:
            return importlib.import_module("argostranslate.package")
        except ImportError:
            raise NoExtra from None


@contextmanager
def _environment(nowhere: str) -> Iterator[None]:
    before = dict(os.environ)
    for name in before:
        if name.startswith(("ARGOS_", "SNAP")):
            del os.environ[name]
    os.environ.update(dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), nowhere))
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
