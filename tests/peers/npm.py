"""Packages of Node that peers are made of: fetched once for each lock file, and checked by its hashes."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.peers.ports import free_port

CACHE = Path(__file__).parents[2] / ".cache"


class CannotInstall(Exception):
    """The packages could not be fetched."""


def missing(home: Path, name: str) -> str | None:
    """Why a peer with its lock file in `home` cannot run here, or None. Fetches its packages once."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "Node and npm are not installed (make test-deps, or apt-get install nodejs npm)"
    try:
        modules(home, name)
    except CannotInstall as error:
        return str(error)
    return None


@contextmanager
def started(home: Path, name: str, *arguments: str) -> Iterator[str]:
    """An emulator that runs: its address. Its script is told host, port and the arguments."""
    port = free_port()
    with tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            # A webhook that refuses must not end an emulator, whatever its library does about it.
            [
                "node", "--unhandled-rejections=warn", home / "start.cjs",
                "127.0.0.1", str(port), *arguments,
            ],
            env=os.environ | {"NODE_PATH": str(modules(home, name))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            ready = process.stdout.readline()
            complaints.seek(0)
            assert ready.startswith("ready"), f"the {name} emulator did not start: {complaints.read()}"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def modules(home: Path, name: str) -> Path:
    """The folder of a peer's packages."""
    lock = (home / "package-lock.json").read_bytes()
    kept = CACHE / f"{name}-emulator-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            _fetch(home, name, Path(scratch))
            # Complete or not there at all, so that what was interrupted is done again.
            (Path(scratch) / "node_modules").rename(kept)
    return kept


def _fetch(home: Path, name: str, folder: Path) -> None:
    for file in ("package.json", "package-lock.json"):
        shutil.copy(home / file, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotInstall(f"npm could not fetch the {name} emulator: {done.stderr.strip()[-300:]}")
