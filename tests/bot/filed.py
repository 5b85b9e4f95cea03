"""An installation on which somebody has filed an issue, made by the storage itself."""

from dataclasses import dataclass
from pathlib import Path

from core.events import IssueFiled
from core.messages import InboundMessage
from core.talk import Turn
from storage import councils, inbox, turns
from storage.addresses import Keyring
from storage.database import Database, Tx, open_database
from storage.turns import Outcome

CONFIG = """
[[councils]]
key = "graz"
name = "Graz"
prefix = "GRZ"
time_zone = "Europe/Vienna"
languages = ["en"]
working_languages = ["de"]

[[accounts]]
key = "web"
channel = "web"
"""
NOW = 1_790_000_000_000_000  #: in September 2026
WORDS = "Die Heizung ist kaputt"
REFERENCE = "GRZ-7K4M"


@dataclass(frozen=True)
class Installation:
    """A folder with a configuration in it, and data once something was stored."""

    folder: Path

    @property
    def config(self) -> Path:
        """The configuration's file."""
        return self.folder / "config.toml"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def configure(self, text: str) -> None:
        """Write another configuration, with this folder's data."""
        self.config.write_text(
            f'[data]\nfolder = "{self.data}"\nkey_file = "{self.data}/townbell.key"\n{text}', encoding="utf-8"
        )

    async def database(self) -> Database:
        """The database, made if need be."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        keyring = Keyring.load({}, self.data / "townbell.key")
        return await open_database(None, self.data / "townbell.db", keyring)

    async def store(self, *messages: InboundMessage, at: int = NOW) -> None:
        """Take messages in, and leave them unread."""
        database = await self.database()
        keyring = Keyring.load({}, self.data / "townbell.key")

        async def work(tx: Tx) -> None:
            await councils.sync(tx, ["graz"], [councils.Account("web", "web", "graz")])
            await inbox.store(tx, keyring, messages, at)

        try:
            await database.transaction(work)
        finally:
            await database.close()

    async def file_issue(self, reference: str = REFERENCE, words: str = WORDS) -> None:
        """Somebody writes, and says "1"."""
        await self.store(
            InboundMessage("web", "message", f"key-{reference}", f"cookie-{reference}", text=words)
        )
        filed = IssueFiled(reference, "graz", "problem", ((words, ""),), "de", (), "", None, None, False, "1")
        database = await self.database()

        async def work(tx: Tx) -> None:
            (waiting,) = await turns.take(tx, NOW)
            await turns.write(tx, [Outcome(waiting, Turn(None, events=(filed,)))], NOW)

        try:
            await database.transaction(work)
        finally:
            await database.close()


def installation(folder: Path) -> Installation:
    """A fresh one."""
    made = Installation(folder)
    made.configure(CONFIG)
    return made
