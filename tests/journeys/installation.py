"""A scratch installation: a folder with its own configuration and data, and Townbell running in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.peers.twilio_posts import SID, TOKEN

HOUSE = Path(__file__).parents[2]

COUNCIL = """
[[councils]]
key = "graz"
name = "Migrant council of Graz"
prefix = "GRZ"
time_zone = "Europe/Vienna"
languages = ["en", "de", "sl", "ar", "uk"]
working_languages = ["de"]
topics = ["housing", "work", "other"]
youth = "Rat auf Draht: 147"
controller = "City of Graz"
data_protection_officer = "privacy@example.org"
legal_basis = "your consent"
recipients = "staff of the council"

[[councils.emergency]]
number = "112"

[[accounts]]
key = "web"
channel = "web"

[[accounts]]
key = "terminal"
channel = "terminal"
"""

TELEGRAM = """
[[accounts]]
key = "bell"
channel = "telegram"
mode = "{mode}"
api_url = "{api_url}"
"""

#: its signatures are for the address with the port, so a test chooses that
TWILIO_HTTP = """
[http]
port = {port}
public_url = "http://127.0.0.1:{port}"
"""
TWILIO = """
[[accounts]]
key = "phone"
channel = "{channel}"
sid = "{sid}"
sender = "{sender}"
api_url = "{api_url}"
per_second = 1000
"""


@dataclass
class Installation:
    """One scratch folder, and what runs in it."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    port: int = 0  #: where it listens; 0: on any free port
    process: subprocess.Popen[str] | None = None

    def configure(self, *parts: str) -> None:
        """Write config.toml; parts that begin with a section of one table go first."""
        (self.folder / "config.toml").write_text("\n".join((*parts, COUNCIL)), encoding="utf-8")

    def with_telegram(self, api_url: str, token: str, *, mode: str = "polling", http: str = "") -> None:
        """Configure a Telegram account against a peer."""
        self.environ["TELEGRAM_TOKEN"] = token
        telegram = TELEGRAM.format(mode=mode, api_url=api_url)
        (self.folder / "config.toml").write_text(f"{http}\n{COUNCIL}\n{telegram}", encoding="utf-8")

    @property
    def hook(self) -> str:
        """Where Twilio posts what people write."""
        return f"http://127.0.0.1:{self.port}/twilio/phone"

    def with_twilio(self, api_url: str, channel: str, sender: str, *, more: str = "") -> None:
        """Configure a sender at Twilio against a peer; `port` must be given by now."""
        self.environ["TWILIO_TOKEN"] = TOKEN
        twilio = TWILIO.format(channel=channel, sid=SID, sender=sender, api_url=api_url)
        http = TWILIO_HTTP.format(port=self.port)
        (self.folder / "config.toml").write_text(f"{http}\n{more}\n{COUNCIL}\n{twilio}", encoding="utf-8")

    def start(self, *arguments: str, module: str = "bot") -> subprocess.Popen[str]:
        """Start `townbell run`, and wait until it is up or has ended."""
        self.process = self.command("run", "--port", str(self.port), *arguments, module=module)
        return self.process

    def command(self, *arguments: str, module: str = "bot") -> subprocess.Popen[str]:
        """Start a command in the scratch folder."""
        log = (self.folder / "log.txt").open("a", encoding="utf-8")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(HOUSE), **self.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def run(self, *arguments: str, said: str = "", module: str = "bot") -> subprocess.CompletedProcess[str]:
        """Run a command to its end, with this on its standard input."""
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(HOUSE), **self.environ},
            input=said,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def address(self) -> str:
        """Where the page is, as the running program prints it."""
        assert self.process
        assert self.process.stdout
        for line in self.process.stdout:
            if "http://" in line:
                return line.split("Open ")[1].split("/chat")[0]
        raise AssertionError(f"it did not come up:\n{self.log()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop what runs; its exit status."""
        assert self.process
        self.process.send_signal(how)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end of what runs; its exit status, negative for a signal."""
        assert self.process
        status = self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()
        return status

    def issues(self) -> list[dict[str, Any]]:
        """What `townbell export issues` gives."""
        done = self.run("export", "issues", "--format", "json")
        assert done.returncode == 0, done.stderr
        exported: list[dict[str, Any]] = json.loads(done.stdout)
        return exported

    def log(self) -> str:
        """What the programs wrote on standard error so far."""
        return (self.folder / "log.txt").read_text(encoding="utf-8")
