"""kill -9 at any moment: every message that was acknowledged has exactly one effect, and everybody an answer.

A town of people each tell one problem in two messages, on Telegram by polling, while the process is
killed again and again. Telegram is a process of its own, so it lives on and sends again what was not
acknowledged.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installation import Installation
from tests.peers.bot_api import RemoteBotApi, started

PEOPLE = 120
KILLS = 24
#: how long a whole town may take to be heard, in all its lives
PATIENCE = 180  # seconds


@pytest.fixture
def telegram() -> Iterator[RemoteBotApi]:
    with started() as api:
        yield api


@pytest.fixture
def bell(tmp_path: Path, telegram: RemoteBotApi) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    installation.with_telegram(telegram.url, telegram.token, http="[talk]\nquiet_seconds = 1\n")
    yield installation
    if installation.process and installation.process.poll() is None:
        installation.stop()


class Town:
    """People who each write a problem, answer 1 when they are asked, and are content with a reference.

    A message whose turn was under way at three deaths may be its cause, and is set aside; then they
    are asked to write it again, and do.
    """

    def __init__(self, telegram: RemoteBotApi, people: int) -> None:
        self.telegram = telegram
        self.people = range(1, people + 1)
        self.heard: dict[int, list[str]] = {person: [] for person in self.people}
        self.said: dict[int, str] = {}
        self.written = 0
        self._read = 0

    def write(self) -> None:
        for person in self.people:
            self.say(person, f"The lamp of house {person} has been dark for weeks")

    def say(self, person: int, text: str) -> None:
        self.telegram.do("say", text=text, person=person)
        self.said[person] = text
        self.written += 1

    def listen(self) -> None:
        """Read what we sent, and answer the question once."""
        said = self.telegram.do("sent")
        for message in said[self._read :]:
            person, text = int(message["chat_id"]), message["text"]
            self.heard[person].append(text)
            if "could not read it" in text:
                self.say(person, self.said[person])
            elif "Shall we send it" in text and self.said[person] != "1":
                self.say(person, "1")
        self._read = len(said)

    def content(self) -> bool:
        return all(any("Your number is" in text for text in texts) for texts in self.heard.values())


def unsettled(bell: Installation) -> int:
    """How many messages of ours are not sent yet."""
    database = sqlite3.connect(f"file:{bell.folder}/data/townbell.db?mode=ro", uri=True)
    try:
        waiting = database.execute("select count(*) from outbox where status in ('queued', 'sending')")
        return int(waiting.fetchone()[0])
    finally:
        database.close()


def wait_until_content(town: Town, bell: Installation) -> None:
    until = time.monotonic() + PATIENCE
    while not town.content() or unsettled(bell):
        town.listen()
        assert bell.process is not None
        assert bell.process.poll() is None, f"it ended by itself:\n{bell.log()[-2000:]}"
        assert time.monotonic() < until, f"not everybody was answered:\n{bell.log()[-2000:]}"


def check(town: Town, bell: Installation) -> None:
    """One issue for everybody, no message unread or lost, and repeated replies only where we died sending."""
    issues = bell.issues()
    words = Counter(issue["original"] for issue in issues)
    assert words == Counter(f"The lamp of house {person} has been dark for weeks" for person in town.people)
    assert len({issue["reference"] for issue in issues}) == len(town.people)
    with sqlite3.connect(bell.folder / "data" / "townbell.db") as database:
        heard = "select status, reason, count(*) from inbox where kind = 'message' group by status, reason"
        statuses = {(status, reason): count for status, reason, count in database.execute(heard)}
        aside = statuses.pop(("aside", "UncleanStop"), 0)
        assert statuses == {("done", ""): town.written - aside}
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        left = database.execute("select status, count(*) from outbox where status != 'sent' group by status")
        assert dict(left) == {}
        replies = database.execute("select count(*) from outbox").fetchone()[0]
    database.close()
    # Said twice at most where we died while saying it: never filed twice, never another reference.
    for person, texts in town.heard.items():
        references = {text.split("Your number is ")[1][:8] for text in texts if "Your number is" in text}
        assert len(references) == 1, f"person {person} got {references}"
    assert sum(len(texts) for texts in town.heard.values()) >= replies


def test_a_town_is_heard_though_the_process_is_killed_at_random(
    bell: Installation, telegram: RemoteBotApi
) -> None:
    town = Town(telegram, PEOPLE)
    dice = random.Random(20261121)
    town.write()
    for _ in range(KILLS):
        bell.start()
        bell.address()
        until = time.monotonic() + dice.uniform(0.0, 0.25)
        while time.monotonic() < until:
            town.listen()
        bell.stop(signal.SIGKILL)
    bell.start()
    bell.address()
    wait_until_content(town, bell)
    assert bell.stop() == 0
    town.listen()
    check(town, bell)


@pytest.mark.parametrize("when", ["before", "inside", "after"])
@pytest.mark.parametrize("point", ["C1", "C2", "C3", "C4"])
def test_a_town_is_heard_though_the_process_dies_at_a_named_point(
    bell: Installation, telegram: RemoteBotApi, point: str, when: str
) -> None:
    town = Town(telegram, 12)
    town.write()
    bell.environ["CRASH_AT"] = f"{point}:{when}:2"
    dying = bell.start(module="tests.journeys.crashing")
    while dying.poll() is None:
        town.listen()
    assert bell.ended() == -signal.SIGKILL
    bell.start()
    wait_until_content(town, bell)
    assert bell.stop() == 0
    town.listen()
    check(town, bell)
