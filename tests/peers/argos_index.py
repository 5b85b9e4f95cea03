"""An index of model packages on loopback, with faults: what Argos' own index and its mirrors do, and may do.

`with serving(folder) as index` serves every `*.argosmodel` in a folder, at `index.url`. It is read anew for
each request, so that a package can appear or change while it runs.
"""

import json
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MODELS = Path(__file__).parents[1] / "models"  #: four tiny packages of our own


@dataclass(frozen=True)
class Fault:
    """What happens to a request instead of an answer."""

    status: int = 0  #: answer so
    content: bytes | None = None  #: send this instead
    cut: bool = False  #: hang up in the middle
    seconds: float = 0  #: be silent for so long in the middle
    length: int | None = None  #: say that it has so many bytes
    redirect: str = ""  #: send on to this address


class ArgosIndex:
    """The server, as a test sees it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.asked: list[str] = []  #: the paths, in order
        self.entries: Any = None  #: what index.json holds instead of what there is
        self.faults: dict[str, Fault] = {}  #: by name of the file

    def content(self, name: str) -> bytes | None:
        """What a file holds; None when there is none."""
        if name == "index.json":
            entries = self.listed() if self.entries is None else self.entries
            return json.dumps(entries).encode()
        file = self.folder / name
        return file.read_bytes() if file.is_file() else None

    def listed(self) -> list[dict[str, Any]]:
        """An entry for each package, as the real index has it."""
        return [self._entry(file) for file in sorted(self.folder.glob("*.argosmodel"))]

    def _entry(self, file: Path) -> dict[str, Any]:
        with zipfile.ZipFile(file) as archive:
            name = next(name for name in archive.namelist() if name.endswith("/metadata.json"))
            entry: dict[str, Any] = json.loads(archive.read(name))
        entry["code"] = f"translate-{entry['from_code']}_{entry['to_code']}"
        entry["links"] = [f"{self.url}/{file.name}"]
        return entry


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    index: ArgosIndex

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked has hung up; that is theirs to do."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        index = self.server.index
        index.asked.append(self.path)
        name = self.path.partition("?")[0].lstrip("/")
        fault = index.faults.get(name, Fault())
        content = fault.content if fault.content is not None else index.content(name)
        if fault.redirect:
            self.send_response(302)
            self.send_header("Location", fault.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif fault.status or content is None:
            self.send_error(fault.status or 404)
        else:
            self._send(content, fault)

    def _send(self, content: bytes, fault: Fault) -> None:
        half = len(content) // 2
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if fault.length is None else fault.length))
        self.end_headers()
        self.wfile.write(content[:half])
        self.wfile.flush()
        time.sleep(fault.seconds)
        if fault.cut:
            self.close_connection = True
        else:
            self.wfile.write(content[half:])

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, the name is the library's
        """Nothing; the test asks."""


@contextmanager
def serving(folder: Path = MODELS) -> Iterator[ArgosIndex]:
    """Serve the packages of a folder until the end of the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.index = ArgosIndex(folder, f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
