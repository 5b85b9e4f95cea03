"""Telegram, by polling and by webhook, on a Townbell that really runs.

The other end is our own server of the Bot API, which repeats what was not acknowledged; what people write
and what they get in each case is in test_table.py.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.bot.test_photos import GPS, from_a_phone
from tests.flows.talk import GRAZ
from tests.journeys.installation import Installation
from tests.journeys.players import QUIET, VOICE, until
from tests.journeys.town import WEBHOOK_SECRET, Town, council_table
from tests.peers import bot_api
from tests.peers.bot_api import RemoteBotApi

MODES = {"polling": "polled", "webhook": "called"}
LUSTENAU = replace(GRAZ, key="lustenau", name="the migrant council of Lustenau", prefix="LUS")
people = count(2001)


@dataclass
class Person:
    """Somebody in Telegram."""

    telegram: RemoteBotApi
    number: int = field(default_factory=people.__next__)
    heard: int = 0

    def say(self, text: str | None = None, **fields: Any) -> None:
        self.telegram.do("say", text=text, person=self.number, **fields)

    def hears(self, messages: int = 1) -> list[dict[str, Any]]:
        """The next messages of ours."""

        def new() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = self.telegram.do("sent", person=self.number)
            return found[self.heard :]

        assert until(lambda: len(new()) >= messages), new()
        found = new()
        assert len(found) == messages, found
        self.heard += messages
        return found

    def press(self, label: str, under: dict[str, Any]) -> None:
        [token] = [one["callback_data"] for one in under["buttons"] if label in one["text"]]
        self.telegram.do("press", data=token, message_id=under["message_id"], person=self.number)

    def files(self) -> str:
        """Answers "1", and gives the reference."""
        self.say("1")
        receipt, _ = self.hears(2)
        reference: str = receipt["text"].split("Your number is ")[1][:8]
        return reference


@pytest.fixture(scope="module")
def bots() -> Iterator[dict[str, RemoteBotApi]]:
    with ExitStack() as stack:
        yield {
            key: stack.enter_context(bot_api.started(token))
            for key, token in (
                ("polled", "1001:POLLED"),
                ("called", "1002:CALLED"),
                ("linked", "1003:LINKED"),
            )
        }


@pytest.fixture(scope="module")
def bell(tmp_path_factory: pytest.TempPathFactory, bots: dict[str, RemoteBotApi]) -> Iterator[Town]:
    """A town with two councils and three bots."""
    town = Town(Installation(tmp_path_factory.mktemp("bell")))
    town.configure(
        council_table(LUSTENAU),
        town.bot("polled", bots["polled"], "polling"),
        town.bot("called", bots["called"], "webhook"),
        town.bot("linked", bots["linked"], "polling", council="lustenau"),
    )
    town.start()
    yield town
    assert town.installation.stop() == 0


@pytest.fixture(params=MODES)
def person(request: pytest.FixtureRequest, bell: Town, bots: dict[str, RemoteBotApi]) -> Person:
    """Somebody new, whose bot is polled in one case and called in the other."""
    return Person(bots[MODES[request.param]])


def exported(town: Town, reference: str) -> dict[str, Any]:
    """An issue, as `townbell export` gives it once its files are there."""
    town.settle()
    done = town.installation.run("export", "issues", "--council", "graz", "--format", "json")
    assert done.returncode == 0, done.stderr
    [issue] = [one for one in json.loads(done.stdout) if one["reference"] == reference]
    return dict(issue)


def file_of(town: Town, issue: dict[str, Any]) -> bytes:
    [name] = issue["media"]
    kept: bytes = (town.installation.folder / "data" / name).read_bytes()
    return kept


def test_two_messages_with_buttons(person: Person, bell: Town) -> None:
    person.say("The heating in our house has been broken for weeks")
    [question] = person.hears()
    assert "It goes to: the migrant council of Graz." in question["text"]
    assert [one["text"] for one in question["buttons"]] == [
        "1 I agree, send", "2 Add something", "3 Erase it", "9 Tell me more",
    ]  # fmt: skip
    person.press("I agree", question)
    receipt, topics = person.hears(2)
    reference = receipt["text"].split("Your number is ")[1][:8]
    person.press("Housing", topics)
    [place] = person.hears()
    assert place["text"].startswith("Where is it?")
    person.say(location={"latitude": 47.0707, "longitude": 15.4382})
    person.hears()
    issue = exported(bell, reference)
    assert issue["original"] == "The heating in our house has been broken for weeks"
    assert (issue["channel"], issue["topic"], issue["place"]) == ("telegram", "housing", "47.07070, 15.43820")
    # Every press is answered, so that the button stops spinning.
    assert until(lambda: len(person.telegram.do("calls", method="answerCallbackQuery")) >= 2)


def test_a_link_leads_to_its_council(bell: Town, bots: dict[str, RemoteBotApi]) -> None:
    by_link, by_name = Person(bots["linked"]), Person(bots["linked"])
    by_link.say("/start graz")
    by_name.say("/start")
    assert "We are: the migrant council of Graz." in by_link.hears()[0]["text"]
    assert "We are: the migrant council of Lustenau." in by_name.hears()[0]["text"]
    by_link.say("The lamp in our street is dark")
    by_link.hears()
    assert by_link.files().startswith("GRZ-")
    by_name.say("The lamp in our street is dark")
    by_name.hears()
    assert by_name.files().startswith("LUS-")


def test_a_photo_tells_nothing_of_its_maker(person: Person, bell: Town) -> None:
    taken = from_a_phone(size=(640, 480))
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(GPS)
    file_id = person.telegram.do("add_file", content=base64.b64encode(taken).decode())
    sizes = [{"file_id": file_id, "file_unique_id": file_id, "width": 640, "height": 480}]
    person.say(photo=sizes, caption="The ceiling in our kitchen is wet")
    [question] = person.hears()
    assert "[a photo]" in question["text"]
    kept = file_of(bell, exported(bell, person.files()))
    with Image.open(io.BytesIO(kept)) as photo:
        assert photo.size == (640, 480)
        assert not photo.getexif()
    assert b"Townphone" in taken
    assert b"Townphone" not in kept


def test_a_voice_note_is_kept_as_it_was_spoken(person: Person, bell: Town) -> None:
    file_id = person.telegram.do("add_file", content=base64.b64encode(VOICE).decode())
    person.say(voice={"file_id": file_id, "file_unique_id": file_id, "duration": 1, "mime_type": "audio/ogg"})
    assert "[a voice message]" in person.hears()[0]["text"]
    issue = exported(bell, person.files())
    assert issue["media"][0].endswith(".ogg")
    assert file_of(bell, issue) == VOICE


def test_a_photo_that_is_gone_holds_nothing_up(person: Person, bell: Town) -> None:
    gone = [{"file_id": "gone", "file_unique_id": "gone", "width": 60, "height": 40}]
    person.say(photo=gone, caption="Look at this ceiling in our house")
    person.hears()
    assert exported(bell, person.files())["media"] == []


def test_a_changed_message_changes_the_draft_and_then_adds(person: Person, bell: Town) -> None:
    person.say("The lamb in our street is dark", message_id=71)
    person.hears()
    before = bell.last_heard()
    person.telegram.do("edit", message_id=71, text="The lamp in our street is dark", person=person.number)
    bell.hears_more_than(before)
    bell.settle()
    bell.pass_by(QUIET)
    assert "The lamp in our street" in person.hears()[0]["text"]
    reference = person.files()
    person.telegram.do("edit", message_id=71, text="The lamp in Lendplatz is dark", person=person.number)
    assert person.hears()[0]["text"] == f"We saw your change and added it to {reference}."
    words = exported(bell, reference)["original"].split("\n")
    assert words == ["The lamp in our street is dark", "The lamp in Lendplatz is dark"]


def test_who_blocks_us_is_left_alone(person: Person, bell: Town) -> None:
    person.say("The bus does not come in the evening")
    person.hears()
    before = bell.last_heard()
    person.telegram.do("member", status="kicked", person=person.number)
    bell.hears_more_than(before)
    bell.settle()
    bell.pass_by(2 * 24 * 3600 * 1_000_000)  # past the reminder
    bell.settle()
    person.telegram.do("member", status="member", person=person.number)
    person.say("hello")
    # The first that arrives is the answer to this, and no reminder from when we were blocked.
    said = person.hears()[0]["text"]
    assert "The bus does not come" in said
    assert "yesterday" not in said


def test_a_group_is_left_with_one_sentence(person: Person) -> None:
    group = {"id": -person.number, "type": "group", "title": "Our house"}
    for text in ("hello", "hello again"):
        person.telegram.do("say", text=text, person=person.number, chat=group)
    left = lambda: [one for one in person.telegram.do("calls", method="leaveChat")  # noqa: E731
                    if str(one["chat_id"]) == str(group["id"])]  # fmt: skip
    assert until(lambda: len(left()) == 2)
    said = [one for one in person.telegram.do("sent") if one["chat_id"] == group["id"]]
    assert len(said) == 1
    assert "private chat" in said[0]["text"]


def test_delete_takes_the_talk_back(person: Person, bell: Town) -> None:
    person.say("They do not pay me for the night shifts")
    person.hears()
    person.files()
    person.say("delete")
    person.hears()
    before = person.telegram.do("sent", person=person.number)
    person.say("1")
    [done] = person.hears()
    assert done["text"].startswith("Done. Everything that we kept of you is deleted.")
    bell.settle()
    deleted = {message for chat, message in person.telegram.do("deleted") if chat == person.number}
    assert deleted >= {one["message_id"] for one in before}


def test_a_killed_bell_goes_on_where_it_was(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with bot_api.started() as telegram:
        town = Town(Installation(tmp_path_factory.mktemp("killed")))
        town.configure(town.bot("bell", telegram, "polling"))
        town.start()
        person = Person(telegram)
        person.say("The lift is broken and my mother cannot walk")
        [question] = person.hears()
        town.settle()  # killed before it noted that the question arrived, it would put it once more
        assert town.installation.stop(signal.SIGKILL) == -signal.SIGKILL
        # Pressed while nobody listens: Telegram keeps it for us.
        person.press("I agree", question)
        town.start()
        receipt, _ = person.hears(2)
        assert "Your number is GRZ-" in receipt["text"]
        assert town.installation.stop() == 0


# What strangers send to the webhook


def post(town: Town, path: str, body: bytes, **headers: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(town.address).netloc, timeout=20)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"} | headers)
        return connection.getresponse().status
    finally:
        connection.close()


SECRET = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
HELLO = {
    "update_id": 1,
    "message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"},
}


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        pytest.param("/telegram/called", json.dumps(HELLO).encode(), {}, 403, id="no secret"),
        pytest.param(
            "/telegram/called",
            json.dumps(HELLO).encode(),
            {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET[:-1]},
            403,
            id="a wrong secret",
        ),
        pytest.param("/telegram/called", b"{" * 50, SECRET, 400, id="broken JSON"),
        pytest.param("/telegram/called", b" " * 2_000_000, SECRET, 413, id="two megabytes"),
        pytest.param("/telegram/polled", json.dumps(HELLO).encode(), SECRET, 403, id="a bot that is polled"),
        pytest.param("/telegram/nobody", json.dumps(HELLO).encode(), SECRET, 404, id="no such bot"),
    ],
)
def test_a_stranger_is_turned_away(bell: Town, path, body, headers, status) -> None:
    before = bell.last_heard()
    assert post(bell, path, body, **headers) == status
    assert bell.last_heard() == before


def test_the_same_call_twice_has_one_effect(bell: Town, bots: dict[str, RemoteBotApi]) -> None:
    person = Person(bots["called"])
    chat = {"id": person.number, "type": "private"}
    message = {"message_id": 9, "date": int(time.time()), "chat": chat, "text": "Rats live in our cellar"}
    body = json.dumps({"update_id": 900_000 + person.number, "message": message}).encode()
    assert [post(bell, "/telegram/called", body, **SECRET) for _ in range(3)] == [200] * 3
    bell.settle()
    assert len(person.hears()) == 1
