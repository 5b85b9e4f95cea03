"""The data folder: the database, photos and voice notes, models; for its owner alone.

Only `run` holds its lock. Every other command writes short transactions beside the running one.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from core.errors import AlreadyRunning, TownbellError

_LOOKS = 5  #: a doctor who looks at the lock holds it for an instant, so one refusal is not the answer
_BETWEEN_LOOKS = 0.05  #: seconds


class BadFolder(TownbellError):
    """The data folder cannot be used."""


@dataclass(frozen=True)
class Folder:
    """Where one installation keeps what it must not lose."""

    path: Path

    @property
    def database(self) -> Path:
        """The SQLite database, when there is no PostgreSQL."""
        return self.path / "townbell.db"

    @property
    def media(self) -> Path:
        """Photos and voice notes, under random names; several processes share it, by a link or a mount."""
        return self.path / "media"

    @property
    def models(self) -> Path:
        """Room for language models; there are none yet."""
        return self.path / "models"

    @property
    def lock(self) -> Path:
        """The file that a running Townbell holds."""
        return self.path / "run.lock"

    def free_bytes(self) -> int:
        """How much more fits on its disk."""
        return shutil.disk_usage(self.path).free


def prepare(path: Path) -> Folder:
    """Make the folder with what belongs in it, for its owner alone; raises BadFolder when that cannot be."""
    folder = Folder(path)
    try:
        for inside in (path, folder.media, folder.models):
            inside.mkdir(mode=0o700, parents=True, exist_ok=True)
        _try_to_write(path)
    except OSError as error:
        _refuse(path, error)
    return folder


def _try_to_write(path: Path) -> None:
    probe = path / f".probe-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(b"1")
            os.fsync(file.fileno())
    finally:
        probe.unlink(missing_ok=True)


def _refuse(path: Path, error: OSError) -> NoReturn:
    user = os.geteuid()
    match error.errno:
        case errno.EACCES | errno.EPERM:
            said = f"belongs to somebody else. Give it to the user who runs Townbell: chown -R {user} {path}"
        case errno.EROFS:
            said = "is on a read-only disk. Mount it for writing, or choose another folder in [data] folder."
        case errno.ENOSPC | errno.EDQUOT:
            said = "is on a disk that is full. Free some space; people's messages are delivered again."
        case errno.ENOTDIR | errno.EEXIST:
            said = "is a file, or lies below one. Choose another folder in [data] folder."
        case errno.ENOLCK | errno.EOPNOTSUPP:
            said = "is on a disk that knows no locks. Choose a folder on a local disk in [data] folder."
        case _:
            said = f"cannot be used: {os.strerror(error.errno or errno.EIO).lower()}."
    raise BadFolder(f"The data folder {path} {said}") from None


@contextmanager
def hold(folder: Folder) -> Iterator[None]:
    """Keep every other `run` out of the folder; raises AlreadyRunning when one is in it."""
    try:
        file = folder.lock.open("a+b")
    except OSError as error:
        _refuse(folder.path, error)
    with file:
        if not _lock(folder, file.fileno()):
            raise AlreadyRunning(_already(folder))
        file.truncate(0)
        file.write(f"{os.getpid()}\n".encode())
        file.flush()
        # Closing the file lets go of the lock; the file stays, for a lock on a removed file locks nobody out.
        yield


def _lock(folder: Folder, descriptor: int) -> bool:
    for look in range(_LOOKS):
        if look:
            time.sleep(_BETWEEN_LOOKS)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError as error:
            _refuse(folder.path, error)
        return True
    return False


def _already(folder: Folder) -> str:
    process = holder(folder)
    which = f" (process {process})" if process else ""
    return (
        f"Townbell already runs on {folder.path}{which}. Stop the other one first, or choose another folder "
        "in [data] folder."
    )


def is_held(folder: Folder) -> bool:
    """Whether a `run` is in the folder now."""
    try:
        file = folder.lock.open("rb")
    except OSError:
        return False
    with file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def holder(folder: Folder) -> int | None:
    """The process that holds the folder, as it wrote itself into the lock; None when it cannot be read."""
    with suppress(OSError, ValueError):
        return int(folder.lock.read_text("ascii"))
    return None
