"""kill -9 at any moment: every message that was acknowledged has exactly one effect, and everybody an answer.

A town of people each tell one problem in two messages, while the process is killed again and again: on
Telegram by polling, by SMS and on WhatsApp by Twilio's webhook. The provider is a process of its own, so it
lives on and brings again what was not acknowledged (providers.py). Twilio also says how each message of
ours fared, and what is long goes out in parts.
"""

from __future__ import annotations

import random
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.journeys.installation import Installation
from tests.journeys.providers import PolledTelegram, PostingTwilio, Provider
from tests.peers import bot_api, twilio_api
from tests.peers.ports import free_port

PEOPLE = 120
KILLS = 24
#: how long a whole town may take to be heard, in all its lives
PATIENCE = 180  # seconds


TALK = "[talk]\nquiet_seconds = 1\n"
MY_DATA, END_OF_MY_DATA = "my data", re.compile("after it is closed.$", re.MULTILINE)
MUCH = "".join(f" and lamp {n}" for n in range(115))  #: with it, "my data" is two messages by SMS
REFERENCE = re.compile(r"Your number(?: is|:) (GRZ-\w{4})")
SENDERS = {"sms": twilio_api.NUMBER, "whatsapp": twilio_api.ON_WHATSAPP}
Born = tuple[Installation, Provider]


@pytest.fixture
def born(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Born]:
    """An installation, and the provider of the channel that the test names."""
    installation = Installation(tmp_path)
    with ExitStack() as stack:
        provider: Provider
        if request.param == "telegram":
            telegram = stack.enter_context(bot_api.started())
            installation.with_telegram(telegram.url, telegram.token, http=TALK)
            provider = PolledTelegram(telegram)
        else:
            twilio = stack.enter_context(twilio_api.started())
            number = SENDERS[request.param]
            installation.port = free_port()
            installation.with_twilio(twilio.url, request.param, number, more=TALK)
            provider = stack.enter_context(closing(PostingTwilio(twilio, installation.hook, number)))
        yield installation, provider
        if installation.process and installation.process.poll() is None:
            installation.stop()


class Town:
    """People who each write a problem, answer 1 when they are asked, and are content with a reference.

    A message whose turn was under way at three deaths may be its cause, and is set aside; then they
    are asked to write it again, and do. Who has much to tell also asks for their data, which then is long.
    """

    def __init__(self, provider: Provider, people: int, more: str = "") -> None:
        self.provider = provider
        self.people = range(1, people + 1)
        self.more = more
        self.heard: dict[int, list[str]] = {person: [] for person in self.people}
        self.said: dict[int, str] = {}
        self.written = 0
        self.maybe_sent = 0  #: what was being said when we died

    def write(self) -> None:
        for person in self.people:
            self.say(person, self.problem(person))

    def problem(self, person: int) -> str:
        return f"The lamp of house {person} has been dark for weeks{self.more}"

    def say(self, person: int, text: str) -> None:
        self.provider.say(person, text)
        self.said[person] = text
        self.written += 1

    def listen(self) -> None:
        """Read what we sent, and answer the question once."""
        for person, text in self.provider.said():
            self.heard[person].append(text)
            if "could not read it" in text:
                self.say(person, self.said[person])
            elif "Shall we send it" in text and self.said[person] != "1":
                self.say(person, "1")
            elif self.more and REFERENCE.search(text) and self.said[person] != MY_DATA:
                self.say(person, MY_DATA)

    def content(self) -> bool:
        last = END_OF_MY_DATA if self.more else REFERENCE
        return all(any(map(last.search, texts)) for texts in self.heard.values())


def outbox(bell: Installation, *statuses: str) -> int:
    """How many messages of ours have one of these statuses."""
    file = bell.folder / "data" / "townbell.db"
    if not file.exists():
        return 0  # It died before it was made.
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        if not database.execute("select 1 from sqlite_master where name = 'outbox'").fetchone():
            return 0
        marks = ", ".join("?" * len(statuses))
        waiting = database.execute(f"select count(*) from outbox where status in ({marks})", statuses)
        return int(waiting.fetchone()[0])


def wait_until_content(town: Town, bell: Installation) -> None:
    until = time.monotonic() + PATIENCE
    while not (town.content() and town.provider.acknowledged()) or outbox(bell, "queued", "sending"):
        town.listen()
        assert bell.process is not None
        assert bell.process.poll() is None, f"it ended by itself:\n{bell.log()[-2000:]}"
        assert time.monotonic() < until, f"not everybody was answered:\n{bell.log()[-2000:]}"


def check(town: Town, bell: Installation) -> None:
    """One issue for everybody, no message unread or lost, and repeated replies only where we died sending."""
    issues = bell.issues()
    words = Counter(issue["original"] for issue in issues)
    assert words == Counter(map(town.problem, town.people))
    assert len({issue["reference"] for issue in issues}) == len(town.people)
    with sqlite3.connect(bell.folder / "data" / "townbell.db") as database:
        heard = "select status, reason, count(*) from inbox where kind = 'message' group by status, reason"
        statuses = {(status, reason): count for status, reason, count in database.execute(heard)}
        aside = statuses.pop(("aside", "UncleanStop"), 0)
        assert statuses == {("done", ""): town.written - aside}
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        left = database.execute("select status, count(*) from outbox where status != 'sent' group by status")
        assert dict(left) == {}
        fared = database.execute("select distinct reached from outbox").fetchall()
        assert fared == [(town.provider.reached,)]
        named = database.execute("select provider_id from outbox").fetchall()
        replies = sum(len(names.split(",")) for (names,) in named)
    database.close()
    # Said twice at most where we died while saying it: never filed twice, never another reference.
    for person, texts in town.heard.items():
        references = {found[1] for text in texts if (found := REFERENCE.search(text))}
        assert len(references) == 1, f"person {person} got {references}"
    assert 0 <= sum(len(texts) for texts in town.heard.values()) - replies <= town.maybe_sent


@pytest.mark.parametrize("born", ["telegram", "sms"], indirect=True)
def test_a_town_is_heard_though_the_process_is_killed_at_random(born: Born) -> None:
    bell, provider = born
    town = Town(provider, PEOPLE)
    dice = random.Random(20261121)
    town.write()
    for _ in range(KILLS):
        bell.start()
        bell.address()
        until = time.monotonic() + dice.uniform(0.0, 0.25)
        while time.monotonic() < until:
            town.listen()
        bell.stop(signal.SIGKILL)
        town.maybe_sent += outbox(bell, "sending")
    bell.start()
    bell.address()
    wait_until_content(town, bell)
    assert bell.stop() == 0
    town.listen()
    check(town, bell)


@pytest.mark.parametrize("when", ["before", "inside", "after"])
@pytest.mark.parametrize("point", ["C1", "C2", "C3", "C4"])
@pytest.mark.parametrize("born", ["telegram", "whatsapp"], indirect=True)
def test_a_town_is_heard_though_the_process_dies_at_a_named_point(born: Born, point: str, when: str) -> None:
    bell, provider = born
    dies_once(bell, Town(provider, 12), f"{point}:{when}:2")


@pytest.mark.parametrize("when", ["inside", "after"])
@pytest.mark.parametrize("born", ["sms"], indirect=True)
def test_how_messages_fared_is_known_though_the_process_dies_over_a_report(born: Born, when: str) -> None:
    bell, provider = born
    dies_once(bell, Town(provider, 4), f"report:{when}:2")


@pytest.mark.parametrize("when", ["inside", "after"])
@pytest.mark.parametrize("born", ["sms"], indirect=True)
def test_a_long_message_is_whole_though_the_process_dies_between_its_parts(born: Born, when: str) -> None:
    bell, provider = born
    with (bell.folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write("most_segments = 20\n")
    town = Town(provider, 2, MUCH)
    dies_once(bell, town, f"part:{when}:1")
    for texts in town.heard.values():
        assert set(MUCH.split()) <= set(" ".join(texts).split())


def dies_once(bell: Installation, town: Town, point: str) -> None:
    """The process dies at a point, and the town is heard by the next one."""
    town.write()
    bell.environ["CRASH_AT"] = point
    dying = bell.start(module="tests.journeys.crashing")
    while dying.poll() is None:
        town.listen()
    assert bell.ended() == -signal.SIGKILL
    town.maybe_sent += outbox(bell, "sending")
    bell.start()
    wait_until_content(town, bell)
    assert bell.stop() == 0
    town.listen()
    check(town, bell)
