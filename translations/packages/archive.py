"""The archive that a package is: looked at as a whole, and only then unpacked.

What leads out of its folder, is a link or grows beyond a size is refused before a byte is written.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from translations.packages.library import reader
from translations.packages.models_folder import MIB, PART, Installed, flush, megabytes, no_room, room
from translations.packages.package import NEEDED, BadPackage, Direction, described

PACKED = 1024 * MIB  #: full-size packages have 60 to 300 MB
UNPACKED = 2 * PACKED
FILES = 1000  #: a package has about six; old ones bring a splitter of some hundred
METADATA = 64 * 1024
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


@dataclass(frozen=True)
class Package:
    """An archive whose content was looked at."""

    archive: zipfile.ZipFile
    name: str
    top: str
    members: tuple[zipfile.ZipInfo, ...]
    direction: Direction
    version: str


@contextmanager
def opened(file: BinaryIO, name: str) -> Iterator[zipfile.ZipFile]:
    """An archive to read; raises BadPackage where it is broken, at any moment of it."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
        raise BadPackage(
            f"{name} is broken, or is no model package. Fetch it again; nothing was installed."
        ) from None


def looked_at(archive: zipfile.ZipFile, name: str) -> Package:
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
        there, version = described(archive.read(metadata))
    except ValueError as error:
        said = str(error) if type(error) is ValueError else "it is not JSON"
        raise BadPackage(f"{name} is refused: its metadata.json cannot be used ({said}).") from None
    wanted = tuple(one for one in members if _is_used(PurePosixPath(one.filename)))
    return Package(archive, name, top, wanted, there, version)


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


def unpack(package: Package, models: Path, its_sum: str) -> Installed:
    """Write a package into the models folder, whole or not at all."""
    size = sum(one.file_size for one in package.members)
    if size > room(models):
        raise no_room(models, package.name, size)
    version = package.version.replace(".", "_")
    there = package.direction
    # With the sum in its name, another content of the same version comes beside the old one, never into it.
    place = models / f"translate-{there.source}_{there.target}-{version}-{its_sum[:8]}"
    with tempfile.TemporaryDirectory(dir=models, prefix=PART) as part:
        folder = Path(part) / package.top
        for member in package.members:
            _write(package.archive, member, Path(part) / member.filename)
        # The library that made the format has the last word on whether it is one.
        reader().Package(folder)
        if place.exists():
            place.rename(Path(part) / f"{PART}before")
        folder.rename(place)
        flush(models)
    return Installed(there, package.version, place, size)


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Reading ends at the size that was looked at, whatever the packed bytes would grow to.
    with archive.open(member) as packed, open(os.open(file, _NEW, 0o600), "wb") as out:  # noqa: PTH123
        shutil.copyfileobj(packed, out, MIB)
        out.flush()
        os.fsync(out.fileno())
