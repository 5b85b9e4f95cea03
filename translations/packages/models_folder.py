"""The models folder: what lies there, who works in it, and what the disk says.

One command at a time holds it, and what is not finished has a name of its own, so that the next one can
sweep it away.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.errors import TownbellError
from translations.packages.package import NEEDED, Direction, described

MIB = 1024 * 1024
SPARE = 50 * MIB  #: what an installation leaves free for people's messages
PART = ".part-"  #: how what is not finished begins; swept away by the next command


class CannotKeep(TownbellError):
    """The models folder cannot be written."""


@dataclass(frozen=True)
class Installed:
    """A package that lies in the models folder."""

    direction: Direction
    version: str
    folder: Path
    size: int  #: bytes on disk

    def __str__(self) -> str:
        return f"{self.direction} {self.version}"


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
        there, version = described((folder / "metadata.json").read_bytes())
    except (OSError, ValueError):
        return None
    if not all((folder / name).is_file() for name in NEEDED):
        return None
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return Installed(there, version, folder, size)


@contextmanager
def held(models: Path) -> Iterator[None]:
    """Keep other commands out of the folder, and sweep away what one that died left behind."""
    with told(models):
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
    for left in models.glob(f"{PART}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


@contextmanager
def fetched_file(models: Path) -> Iterator[BinaryIO]:
    """A file to fetch a package into, which is gone afterwards."""
    with told(models), tempfile.NamedTemporaryFile(dir=models, prefix=PART) as file:
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


def keep(file: Path, content: bytes) -> None:
    """Write a small file of the models folder, whole or not at all."""
    with told(file.parent):
        part = file.with_name(f"{PART}{file.name}")
        try:
            part.write_bytes(content)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def take_away(one: Installed, models: Path) -> None:
    """Remove a package from the folder."""
    # Renamed first: a folder half removed would be a damaged model.
    hidden = models / f"{PART}{one.folder.name}"
    shutil.rmtree(hidden, ignore_errors=True)
    one.folder.rename(hidden)
    shutil.rmtree(hidden)


@contextmanager
def told(models: Path) -> Iterator[None]:
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


def flush(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
