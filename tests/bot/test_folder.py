"""The data folder is its owner's alone, and one Townbell at a time runs on it."""

import errno
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import folder
from bot.folder import BadFolder, Folder, hold, holder, is_held, prepare
from core.errors import AlreadyRunning


def test_a_new_folder_is_for_its_owner_alone(tmp_path):
    made = prepare(tmp_path / "deep" / "data")

    assert made.database == tmp_path / "deep" / "data" / "townbell.db"
    for inside in (made.path, made.media, made.models):
        assert inside.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in made.path.iterdir()) == ["media", "models"]
    assert made.free_bytes() > 0


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path):
    first = prepare(tmp_path / "data")
    first.path.chmod(0o750)
    (first.media / "photo").touch()

    again = prepare(first.path)

    assert again.path.stat().st_mode & 0o777 == 0o750
    assert (again.media / "photo").exists()


def test_several_can_share_their_photos_by_a_link(tmp_path):
    shared = tmp_path / "shared"
    shared.mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "media").symlink_to(shared)
        (prepare(tmp_path / name).media / name).touch()

    assert sorted(path.name for path in shared.iterdir()) == ["one", "two"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "data").touch()
    for path in (tmp_path / "data", tmp_path / "data" / "below"):
        with pytest.raises(BadFolder, match="is a file, or lies below one"):
            prepare(path)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "belongs to somebody else. Give it to the user who runs Townbell: chown -R "),
        (errno.EROFS, "is on a read-only disk. Mount it for writing, or choose another folder"),
        (errno.ENOSPC, "is on a disk that is full. Free some space"),
        (errno.EIO, "cannot be used: input/output error."),
    ],
)
def test_a_folder_nobody_can_write_in_is_told(tmp_path, monkeypatch, number, sentence):
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(BadFolder) as refused:
        prepare(tmp_path / "data")
    assert str(refused.value).startswith(f"The data folder {tmp_path}/data {sentence}")
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["media", "models"]


@contextmanager
def another_process_runs_on(path: Path) -> Iterator[subprocess.Popen[str]]:
    story = (
        "import sys; from bot.folder import *\n"
        "with hold(prepare(Path(sys.argv[1]))): print('held', flush=True); input()"
    )
    command = [sys.executable, "-c", story, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_told_who_runs_already(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "_BETWEEN_LOOKS", 0)
    data = Folder(tmp_path / "data")
    with another_process_runs_on(data.path) as process:
        assert is_held(data)
        with pytest.raises(AlreadyRunning) as refused, hold(data):
            pass
        assert str(refused.value) == (
            f"Townbell already runs on {data.path} (process {process.pid}). Stop the other one first, "
            "or choose another folder in [data] folder."
        )
    # It was killed, and the lock went with it.
    assert not is_held(data)
    with hold(data):
        assert holder(data) == os.getpid()


def test_somebody_who_looks_does_not_keep_a_run_out(tmp_path, monkeypatch):
    data = prepare(tmp_path / "data")
    with hold(data):
        pass  # the file is there now
    with data.lock.open("rb") as doctor:
        fcntl.flock(doctor, fcntl.LOCK_SH)
        # Waiting is when the doctor leaves.
        monkeypatch.setattr(time, "sleep", lambda _seconds: doctor.close())
        with hold(data):
            assert is_held(data)


def test_a_folder_nobody_ever_ran_on_is_not_held(tmp_path):
    assert not is_held(Folder(tmp_path))
    assert holder(Folder(tmp_path)) is None


def test_a_disk_without_locks_is_told(tmp_path, monkeypatch):
    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(BadFolder, match="on a disk that knows no locks"), hold(prepare(tmp_path)):
        pass
