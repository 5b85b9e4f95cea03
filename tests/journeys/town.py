"""A Townbell that really runs, with every channel there is and a clock that the test moves."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from core.council import Council
from core.phrases import Phrases
from tests.flows.talk import GRAZ, HOUR, MORNING
from tests.journeys.installation import Installation
from tests.peers.twilio_api import SID
from tests.peers.twilio_api import TOKEN as TWILIO_TOKEN
from translations import catalogs

PATIENCE = 20.0  #: seconds
CLOCKWORK, CRASHING = "tests.journeys.clockwork", "tests.journeys.crashing"
PUBLIC_URL = "https://bell.example.org"
WEBHOOK_SECRET = "a-secret-for-the-webhook"

ACCOUNTS = """
[[accounts]]
key = "web"
channel = "web"
council = "graz"

[[accounts]]
key = "terminal"
channel = "terminal"
council = "graz"
"""
BOT = """
[[accounts]]
key = "{key}"
channel = "telegram"
council = "{council}"
mode = "{mode}"
token_env = "{token_env}"
api_url = "{api_url}"
"""
SENDER = """
[[accounts]]
key = "{channel}"
channel = "{channel}"
council = "graz"
sid = "{sid}"
sender = "{sender}"
api_url = "{api_url}"
per_second = 1000.0
"""
#: what has still to be done now, by the clock of the test; on WhatsApp some waits for a word of theirs
TO_DO = """
select (select count(*) from inbox where status = 'unread' and due_at <= :now)
    + (select count(*) from outbox o where o.status in ('queued', 'sending') and o.due_at <= :now
        and not exists (select 1 from outbox w where w.address_id = o.address_id and w.status = 'queued'
            and w.reason in ('outside the window', 'asked to write') and w.due_at > :now))
    + (select count(*) from due where done_at is null and at <= :now)
    + (select count(*) from media where state = 'wanted' and due_at <= :now)
    + (select count(*) from rendering where status = 'waiting' and due_at <= :now)
    + (select count(*) from news where state = 'ready' and due_at <= :now)
"""


class Bot(Protocol):
    """A bot as its Telegram knows it."""

    @property
    def url(self) -> str: ...
    @property
    def token(self) -> str: ...
    def lead_to(self, origin: str) -> None: ...


@dataclass
class Town:
    """An installation of the council that the transcripts are about."""

    installation: Installation
    catalogs: Mapping[str, Phrases] = field(default_factory=catalogs.load)
    address: str = ""  #: of its web page, while it runs
    bots: dict[str, Bot] = field(default_factory=dict)  #: by account, as people in Telegram see them

    def __post_init__(self) -> None:
        self._clock = self.installation.folder / "clock"
        self.installation.environ["CLOCK"] = str(self._clock)
        self._move(MORNING - time.time_ns() // 1000)

    def configure(self, *more: str) -> None:
        """Write its configuration: the council, the page, the terminal, and more tables."""
        http = f'[http]\npublic_url = "{PUBLIC_URL}"\n'
        text = "\n".join((http, council_table(GRAZ), ACCOUNTS, *more))
        (self.installation.folder / "config.toml").write_text(text, encoding="utf-8")

    def bot(self, key: str, bot: Bot, mode: str, council: str = "graz") -> str:
        """The configuration of a bot."""
        self.bots[key] = bot
        token_env = f"TOKEN_{key.upper()}"
        self.installation.environ |= {token_env: bot.token, "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET}
        return BOT.format(key=key, council=council, mode=mode, token_env=token_env, api_url=bot.url)

    def sender(self, channel: str, sender: str, api_url: str) -> str:
        """The configuration of a sender at Twilio; its key is its channel's."""
        self.installation.environ["TWILIO_TOKEN"] = TWILIO_TOKEN
        return SENDER.format(channel=channel, sid=SID, sender=sender, api_url=api_url)

    def start(self, port: int = 0, *, dying_at: str = "") -> None:
        """Start it, and wait until it is up; `dying_at` is a point of crashing.py."""
        self.installation.environ["CRASH_AT"] = dying_at
        self.installation.start("--port", str(port), module=CRASHING if dying_at else CLOCKWORK)
        self.address = self.installation.address()
        for bot in self.bots.values():
            bot.lead_to(self.address)

    def run(self, *arguments: str, said: str = "") -> str:
        """What a command prints, by its clock."""
        done = self.installation.run(*arguments, said=said, module=CLOCKWORK)
        assert done.returncode == 0, done.stderr
        return done.stdout

    # Its clock

    def now(self) -> int:
        """UTC microseconds, by its clock."""
        return time.time_ns() // 1000 + self._moved

    def today(self) -> date:
        """The council's day."""
        return datetime.fromtimestamp(self.now() / 1e6, UTC).astimezone(ZoneInfo(GRAZ.time_zone)).date()

    def pass_by(self, microseconds: int) -> None:
        """Let time pass."""
        self._move(self._moved + microseconds)

    def comes_to(self, moment: str) -> None:
        """Let time pass until the council's clock shows this: "2026-11-23 08:00"."""
        there = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(GRAZ.time_zone))
        self.pass_by(int(there.timestamp()) * 1_000_000 - self.now())

    def becomes_morning(self) -> None:
        """Let time pass until people may be written to unasked, for some hours to come."""
        hour = datetime.fromtimestamp(self.now() / 1e6, UTC).astimezone(ZoneInfo(GRAZ.time_zone)).hour
        if not 8 <= hour < 16:
            self.pass_by((9 - hour) % 24 * HOUR)

    def _move(self, by: int) -> None:
        self._moved = by
        new = self._clock.with_suffix(".new")
        new.write_text(str(by), "ascii")
        new.replace(self._clock)  # whole, whenever it is read

    # What it has done

    def settle(self) -> None:
        """Wait until it has done all that is to be done now."""
        end = time.monotonic() + PATIENCE
        while self._ask(TO_DO, now=self.now())[0][0]:
            assert time.monotonic() < end, f"it does not come to rest:\n{self.installation.log()[-2000:]}"
            time.sleep(0.005)

    def last_heard(self) -> int:
        """The number of the message that it heard last."""
        return int(self._ask("select coalesce(max(id), 0) from inbox")[0][0])

    def hears_more_than(self, number: int) -> None:
        """Wait until it has heard another message than that."""
        end = time.monotonic() + PATIENCE
        while self.last_heard() <= number:
            assert time.monotonic() < end, f"it does not hear:\n{self.installation.log()[-2000:]}"
            time.sleep(0.005)

    def filed(self, reference: str) -> tuple[list[str], int]:
        """The words that an issue was filed with, and how many photos and voice notes."""
        words = self._ask(
            "select t.words from text t join issue i on i.id = t.issue_id"
            " where i.reference = :reference and t.role = 'original' order by t.id",
            reference=reference,
        )
        media = self._ask(
            "select count(*) from media m join issue i on i.id = m.issue_id where i.reference = :reference",
            reference=reference,
        )
        return [str(row[0]) for row in words], int(media[0][0])

    def record(self) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """What is kept of the newest issue, and its words, each with its role."""
        names = ("status", "topic", "place", "language", "channel")
        newest = "(select max(id) from issue)"
        (issue,) = self._ask(f"select {', '.join(names)} from issue where id = {newest}")
        words = self._ask(f"select role, words from text where issue_id = {newest} order by id")
        return dict(zip(names, issue, strict=True)), [(str(role), str(said)) for role, said in words]

    def reads(self, reference: str, language: str) -> list[str]:
        """The words of an issue in another language, as far as they are there."""
        rows = self._ask(
            "select n.words from translation n"
            " join text t on t.id = n.text_id join issue i on i.id = t.issue_id"
            " where i.reference = :reference and n.language = :language and n.words is not null"
            " order by t.id",
            reference=reference,
            language=language,
        )
        return [str(row[0]) for row in rows]

    def _ask(self, question: str, **values: object) -> list[tuple[int | str, ...]]:
        path = self.installation.folder / "data" / "townbell.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            return database.execute(question, values).fetchall()


def council_table(council: Council) -> str:
    """A council as config.toml has it."""
    said = json.dumps  # JSON's strings and lists are TOML's
    plain = ("key", "name", "prefix", "time_zone", "youth", "controller", "data_protection_officer",
             "legal_basis", "recipients")  # fmt: skip
    lists = ("languages", "working_languages", "topics")
    rows = ["[[councils]]"]
    rows += [f"{name} = {said(getattr(council, name))}" for name in plain]
    rows += [f"{name} = {said(list(getattr(council, name)))}" for name in lists]
    for emergency in council.emergency:
        labels = ", ".join(f"{tag} = {said(label)}" for tag, label in emergency.label.items())
        rows += ["[[councils.emergency]]", f"number = {said(emergency.number)}", f"label = {{ {labels} }}"]
    for advice in council.advice:
        rows += ["[[councils.advice]]", f"name = {said(advice.name)}", f"contact = {said(advice.contact)}"]
    return "\n".join(rows)
