"""`townbell run` as people run it: a process of its own, in a scratch folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.talk import TOKEN
from bench.townbell import ACCOUNT
from bot.config_reading import DEFAULT
from tests.peers import twilio_api
from tests.peers.ports import free_port

ROOT = Path(__file__).parents[1]
SECRET = "bench_secret_of_the_webhook"
PATIENCE = 60  # seconds
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

CONFIG = """
[http]
port = {port}
public_url = "{public_url}"

[log]
level = "warning"
"""
TELEGRAM = """
[[accounts]]
key = "{account}"
channel = "telegram"
council = "graz"
mode = "{mode}"
api_url = "{api_url}"
"""
TWILIO = """
[[accounts]]
key = "{account}"
channel = "whatsapp"
council = "graz"
sid = "{sid}"
sender = "{sender}"
api_url = "{api_url}"
"""
PUBLIC_URL = "https://bell.example.org"  # a proxy's; this is what Twilio signs
TWILIO_HOOK = f"/twilio/{ACCOUNT}"
Way = Literal["polling", "webhook", "twilio"]


@dataclass
class House:
    """One installation."""

    folder: Path
    port: int
    hook: str  #: where it hears posts
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook(self) -> str:
        return f"{self.url}{self.hook}"

    def start(self) -> None:
        """Start it, and do not wait."""
        own = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TWILIO_TOKEN": twilio_api.TOKEN,
            "PYTHONPATH": str(ROOT),
        }
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=self.folder,
                env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | own,
                stdout=log,
                stderr=log,
            )

    def wait_until_up(self, path: str = "/healthz") -> None:
        """Wait until a page of it says yes."""
        until = time.monotonic() + PATIENCE
        while not self._says_yes(path):
            assert self.process
            assert self.process.poll() is None, f"it ended by itself:\n{self.log()}"
            assert time.monotonic() < until, f"it did not come up:\n{self.log()}"
            time.sleep(0.005)

    def _says_yes(self, path: str) -> bool:
        try:
            with _DIRECT.open(f"{self.url}{path}", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def page(self, path: str) -> bytes:
        """What a page says, yes or no."""
        try:
            with _DIRECT.open(f"{self.url}{path}", timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as fault:
            return fault.read()

    def memory(self) -> float:
        """Megabytes that it holds in memory (RSS)."""
        assert self.process
        return megabytes("VmRSS", self.process.pid)

    def stop(self) -> None:
        """Stop it as a service manager would; when it takes too long, at once."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log(self) -> str:
        """The end of what it wrote."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-2000:]


@contextmanager
def house(folder: Path, api_url: str, way: Way) -> Iterator[House]:
    """A new installation of the built-in default, heard by Telegram or by Twilio; stopped in the end."""
    made = House(folder, free_port(), TWILIO_HOOK if way == "twilio" else f"/telegram/{ACCOUNT}")
    config = CONFIG.format(port=made.port, public_url=PUBLIC_URL) + DEFAULT.read_text(encoding="utf-8")
    if way == "twilio":
        config += TWILIO.format(
            account=ACCOUNT, sid=twilio_api.SID, sender=twilio_api.ON_WHATSAPP, api_url=api_url
        )
    else:
        config += TELEGRAM.format(account=ACCOUNT, mode=way, api_url=api_url)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    try:
        yield made
    finally:
        made.stop()


def megabytes(what: str, pid: int | None = None) -> float:
    """What a process, or this one, holds in memory ("VmRSS") or has held at most ("VmHWM")."""
    for line in Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("it has ended")
