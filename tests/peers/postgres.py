"""A throwaway PostgreSQL cluster, made from the packages of the system and gone afterwards.

PostgreSQL refuses to run as root, so there it runs as the user `postgres`, which the package made. Nothing
here uses an event loop, so a test may call it from inside one or without.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from tests.peers.ports import free_port

OWNER = "postgres"  # who runs the server when we are root
START_SECONDS = 60  # a busy disk; alone it takes half a second


def missing() -> str | None:
    """Why no cluster can be made here, or None."""
    if _programs() is None:
        return "PostgreSQL is not installed (make test-deps, or apt-get install postgresql)"
    if _is_root() and not _has_user(OWNER):
        return f"PostgreSQL does not run as root, and there is no user {OWNER} to run it"
    return None


@contextmanager
def cluster(*, fsync: bool = False) -> Iterator["Cluster"]:
    """A running cluster. Without `fsync` it is fast and forgets on a crash; crash tests ask for it."""
    programs = _programs()
    assert programs is not None, missing()
    folder = Path(tempfile.mkdtemp(prefix="townbell-postgres-"))
    server = Cluster(programs, folder, fsync=fsync)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Cluster:
    """A PostgreSQL server of our own, with as many databases as the tests ask for."""

    def __init__(self, programs: Path, folder: Path, *, fsync: bool) -> None:
        self._programs = programs
        self._folder = folder
        self._fsync = fsync
        self._port = free_port()
        self._password = secrets.token_hex(16)
        self._numbers = count(1)
        self._server: subprocess.Popen[bytes] | None = None

    def dsn(self, database: str = "postgres") -> str:
        """The address of a database, as `DATABASE_URL` takes it."""
        return f"postgresql://townbell:{self._password}@127.0.0.1:{self._port}/{database}"

    def create_database(self, *, template: str | None = None) -> str:
        """Make a database, or the copy of one to which nobody is connected, and return its address.

        With a migrated database as the template, a test has its own in a twentieth of a second.
        """
        name = f"test_{next(self._numbers)}"
        source = f' template "{_database_of(template)}"' if template else ""
        self._sql(f'create database "{name}"{source}')
        return self.dsn(name)

    def drop_database(self, dsn: str) -> None:
        """Remove a database, with whoever is still connected to it."""
        self._sql(f'drop database if exists "{_database_of(dsn)}" with (force)')

    def make(self) -> None:
        """Lay the cluster's files down."""
        secret = self._folder / "password"
        secret.write_text(self._password)
        if _is_root():
            for path in (self._folder, secret):
                shutil.chown(path, OWNER, OWNER)
        self._run(
            *("initdb", "--pgdata", str(self._data), "--username", "townbell", "--pwfile", str(secret)),
            *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        )

    def start(self) -> None:
        """Start the server and wait until it takes connections; after `kill` this is the recovery."""
        deadline = time.monotonic() + START_SECONDS
        server = self._launch()
        while not self._is_ready(server):
            assert time.monotonic() < deadline, f"PostgreSQL did not start: {self._log()}"
            if server.poll() is not None:
                # The children of a killed server take a moment to go, and until then a new one is refused.
                server = self._launch()
            time.sleep(0.02)

    def kill(self) -> None:
        """End the server without a word, as a power cut would; `start` brings it back."""
        assert self._server is not None, "kill() before start()"
        self._server.kill()
        self._server.wait()

    def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _sql(self, statement: str) -> None:
        self._run("psql", "--no-psqlrc", "--quiet", "--command", statement, self.dsn())

    def _launch(self) -> subprocess.Popen[bytes]:
        """Start the server as our own child, so that it is reaped when it is killed."""
        options = {
            "port": self._port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._folder,
            "fsync": "on" if self._fsync else "off",
            "max_connections": 200,
        }
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    self._programs / "postgres",
                    "-D",
                    self._data,
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the server
                **self._manners(),
            )
        return self._server

    def _is_ready(self, server: subprocess.Popen[bytes]) -> bool:
        """Whether the server says so itself, in the last line of its pid file (as pg_ctl reads it)."""
        try:
            lines = (self._data / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return False
        return bool(lines) and lines[0] == str(server.pid) and lines[-1] == "ready"

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs to its end."""
        done = subprocess.run(
            [self._programs / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._manners(),
        )
        assert done.returncode == 0, f"{program} failed: {done.stdout.decode()}"

    def _manners(self) -> dict[str, Any]:
        """As whom, where and with which environment PostgreSQL's programs run."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        owner = {"user": OWNER, "group": OWNER, "extra_groups": []} if _is_root() else {}
        return {"cwd": self._folder, "env": inherited | {"LC_ALL": "C.UTF-8"}, **owner}

    def _log(self) -> str:
        log = self._folder / "log"
        return log.read_text() if log.exists() else ""


def _programs() -> Path | None:
    """The folder of initdb, postgres and psql: Debian keeps one by version, off the path. The newest."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if folders:
        return max(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _database_of(dsn: str) -> str:
    return dsn.rpartition("/")[2]


def _is_root() -> bool:
    return os.geteuid() == 0


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
