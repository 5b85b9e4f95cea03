"""Plays the transcripts of tests/flows/transcripts on a channel of a Townbell that really runs.

A channel is a `Player`: how a person there says each kind of thing, and reads what comes. To have every
talk tested on a new channel, write one and name it in `PLAYERS` of conftest.py. What a channel cannot
carry stands in its `LACKS`, with the reason; a talk that needs it is not held there.
"""

from __future__ import annotations

import ast
import http.client
import itertools
import json
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import ndiff
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Protocol, get_args, get_type_hints
from urllib.parse import urlencode, urlsplit

from PIL import Image

from bot.config import Account
from core.phrases import Phrases
from tests.flows.talk import DAY, GRAZ, HOUR
from tests.journeys.installation import HOUSE
from tests.journeys.town import Town
from tests.peers.telegram_emulator import EmulatedBot

#: every channel that a configuration can name
CHANNELS = get_args(get_type_hints(Account)["channel"])
PATIENCE = 8.0  #: seconds until what does not come is taken not to come
MINUTE = HOUR // 60
QUIET = 21_000_000  # microseconds: past the 20 seconds of design section 5, rule 11
REFERENCE = re.compile(r"\bGRZ-[2-9A-Z]{4}\b")
#: tells what the message above costs by SMS
PARTS = re.compile(r"\| = \d+ parts?")
#: what no channel but SMS carries
ON_SCREEN = {"sms": "the talk is worded for SMS"}
UNTRANSLATED = {"translation": "no models are installed here; test_desk.py has small ones"}
#: lines that are said in one breath with the line before
AT_ONCE = ("early", "twice")
LAST_WORDS = "And that was all of it"
#: the day on which every transcript begins
MORNING_DAY = date(2026, 11, 20)
#: a voice note: a tone of less than half a second
VOICE = Path(__file__).with_name("voice.ogg").read_bytes()


def photo() -> bytes:
    """A small photo."""
    drawn = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(drawn, "JPEG")
    return drawn.getvalue()


# What a transcript says


@dataclass(frozen=True)
class Said:
    """One message of ours, as it is shown: its options as "1 I agree, send"."""

    text: str
    options: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """Every line that is not empty, as a terminal shows them."""
        return [line.strip() for line in (*self.text.split("\n"), *self.options) if line.strip()]


@dataclass(frozen=True)
class Line:
    """One line that a person says, or time that goes by, and what comes of it."""

    kind: str  #: "" for words; "photo", "press", "later" ...
    detail: str
    words: str
    answers: tuple[Said, ...] = ()
    quiet: bool = False  #: the answer comes once they have been quiet
    filed: tuple[Mapping[str, Any], ...] = ()  #: what IssueFiled told, of each


@dataclass(frozen=True)
class Transcript:
    """A talk as it is written."""

    lines: tuple[Line, ...]
    language: str = "en"  #: what the person's phone says
    by_sms: bool = False
    by_phone: bool = False  #: what the phone says decides on the language

    @property
    def needs(self) -> set[str]:
        """What a channel must carry for this talk."""
        besides = {"sms"} if self.by_sms else set()
        besides |= {"phone"} if self.by_phone else set()
        if self.language != GRAZ.working_languages[0] and any(line.kind == "news" for line in self.lines):
            besides.add("translation")
        return {_needed(line) for line in self.lines} - {""} | besides


def _needed(line: Line) -> str:
    if line.kind == "press" and ":" in line.detail:
        return "old press"
    if line.kind == "start" and not line.detail:
        return ""  # the word does the same
    if line.kind == "photo" and "#graz/" in line.words:
        return "photo with a code"
    if "\\n" in line.words:
        return "lines"
    return line.kind if line.kind not in ("later", "expire") else ""


def read(text: str) -> Transcript:
    """A transcript of tests/flows/transcripts."""
    lines: list[Line] = []
    language, by_sms, by_phone, erased = "en", False, False, False
    for row in text.splitlines():
        if row == "(by sms)":
            by_sms = True
        elif row.startswith("(in "):
            # Of two languages we are unsure: the phone's, and that of the words.
            language = row.strip("()").split()[-1]
            by_phone = " or " in row
        elif row.startswith("("):
            lines.append(Line("later", row, ""))
        elif row.startswith("<"):
            by_phone |= erased  # what they had told us of it is gone
            tag, words = re.fullmatch(r"(?:\[(.*?)\])? ?(.*)", row[1:].strip()).groups()  # type: ignore[union-attr]
            kind, _, detail = (tag or "").partition(" ")
            lines.append(Line(kind, detail, words))
        elif row.startswith(">"):
            words, quiet = row[1:].strip(), row.startswith("> (in the quiet)")
            said = Said(words.removeprefix("(in the quiet)").strip())
            lines[-1] = replace(lines[-1], answers=(*lines[-1].answers, said), quiet=quiet)
        elif row.startswith("|") and not PARTS.fullmatch(row):
            lines[-1] = replace(lines[-1], answers=(*lines[-1].answers[:-1], _more(lines[-1], row[2:])))
        elif row.startswith("! ContactErased"):
            erased = True
        elif row.startswith("! IssueFiled"):
            lines[-1] = replace(lines[-1], filed=(*lines[-1].filed, _fields(row[1:].strip())))
    return Transcript(tuple(lines), language, by_sms, by_phone)


def _more(line: Line, row: str) -> Said:
    said = line.answers[-1]
    if re.fullmatch(r"\[[01] .*\]", row):  # "[3 photos]" is text
        return replace(said, options=tuple(row[1:-1].split(" | ")))
    return replace(said, text=f"{said.text}\n{row}")


def _fields(event: str) -> dict[str, Any]:
    call = ast.parse(event, mode="eval").body
    assert isinstance(call, ast.Call)
    return {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}


class Likeness:
    """Puts what differs from talk to talk under one name: references, days, pseudonym, channel."""

    def __init__(self, today: date, catalogs: Mapping[str, Phrases]) -> None:
        self._references: dict[str, str] = {}
        days = {
            phrases.day(today + timedelta(n)): f"(today + {n})"
            for phrases in catalogs.values()
            for n in range(60)
        }
        channels = {
            phrases.say(f"channel.{channel}"): "(channel)"
            for phrases in catalogs.values()
            for channel in CHANNELS
        }
        self._known = days | channels
        longest_first = sorted(map(re.escape, self._known), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)({'|'.join(longest_first)})(?!\w)")

    def of(self, said: Iterable[Said]) -> Iterator[str]:
        """The lines of some messages, with what differs put in by name."""
        for one in said:
            yield from self.text(f"> {one.text}").splitlines()
            yield from (f"  [{self.text(option)}]" for option in one.options)

    def reference(self, name: str) -> str:
        """The real reference of one that has such a name here."""
        return next(real for real, named in self._references.items() if named == name)

    def like(self, other: Likeness, text: str) -> str:
        """What another one wrote, with the references that are here."""
        return REFERENCE.sub(lambda found: self.reference(other.text(found[0])), text)

    def text(self, text: str) -> str:
        text = re.sub(r"\bP-[2-9A-Z]{4}-[2-9A-Z]{4}\b", "(pseudonym)", text)
        text = REFERENCE.sub(self._reference, text)
        return self._pattern.sub(lambda found: self._known[found[1]], text)

    def _reference(self, found: re.Match[str]) -> str:
        return self._references.setdefault(found[0], f"(reference {len(self._references) + 1})")


# Somebody who says it


class Player(Protocol):
    """One person on one channel."""

    CHANNEL: ClassVar[str]  #: as bot/config.py has it
    LACKS: ClassVar[Mapping[str, str]]  #: what the channel cannot carry, and why

    @staticmethod
    def written(text: str) -> Transcript:
        """A transcript as it goes on this channel."""
        ...

    def say(self, words: str) -> None: ...
    def say_at_once(self, first: str, second: str) -> None: ...
    def press(self, option: str) -> None: ...
    def press_twice(self, option: str) -> None: ...
    def start(self, payload: str) -> None: ...
    def send(self, kind: str, words: str) -> None: ...
    def share(self, lat: float, lon: float, name: str) -> None: ...
    def forward(self, words: str) -> None: ...
    def edit(self, number: int, words: str) -> None: ...

    def shows(self, said: Said) -> Said:
        """A message as the channel shows it."""
        ...

    def hear(self, expected: Sequence[Said]) -> list[Said]:
        """The next messages of ours: as many as are expected, or those that came within our patience."""
        ...

    def rest(self) -> list[Said]:
        """What has come and was not heard yet."""
        ...

    def leave(self) -> None: ...


def play(transcript: Transcript, player: Player, town: Town) -> None:
    """Say every line, and see that each is answered as it is written."""
    if any(line.kind == "news" for line in transcript.lines):
        town.becomes_morning()
    written, really = (Likeness(day, town.catalogs) for day in (MORNING_DAY, town.today()))
    lines = transcript.lines
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else Line("", "", "")
        unheard = town.last_heard()
        if line.kind in AT_ONCE:
            unheard = 0  # said with the line before
        elif following.kind == "early":
            player.say_at_once(line.words, following.words)
        elif following.kind == "twice":
            player.press_twice(line.detail)
        else:
            _say(player, town, line, really.like(written, line.detail))
        if line.quiet:
            town.hears_more_than(unheard)
            town.settle()
            if following.quiet:
                continue  # the next message takes the place of the question that would come
            town.pass_by(QUIET)
        expected = list(written.of(player.shows(said) for said in line.answers))
        heard = list(really.of(player.hear(line.answers)))
        assert heard == expected, "\n".join((f"after < {line.kind} {line.words}", *ndiff(expected, heard)))
        for filed in line.filed:
            reference = really.reference(written.text(filed["reference"]))
            words = [text for text, _ in filed.get("words", ())]
            assert town.filed(reference) == (words, len(filed.get("media", ())))
    town.settle()
    assert player.rest() == []


def _say(player: Player, town: Town, line: Line, detail: str) -> None:  # noqa: C901 - one case a kind
    """`detail` is the line's, with the references that are here."""
    match line.kind:
        case "":
            player.say(line.words)
        case "later":
            town.settle()
            number_of, unit = re.findall(r"\d+|minute|hour|day", detail)[:2]
            town.pass_by(int(number_of) * {"minute": MINUTE, "hour": HOUR, "day": DAY}[unit])
        case "remind" | "expire":
            town.settle()  # it comes by itself, as the clock has moved
        case "press":
            player.press(detail)
        case "start":
            player.start(detail)
        case "news":
            _answer(town, detail)
        case "photo" | "voice":
            player.send(line.kind, line.words)
        case "place":
            point, _, name = detail.partition(" ")
            lat, lon = map(float, point.split(","))
            player.share(lat, lon, name)
        case "forwarded":
            player.forward(line.words)
        case "edit":
            player.edit(int(detail.removeprefix("m")), line.words)
        case _:
            raise ValueError(f"No player can do this: {line}")


def _answer(town: Town, news: str) -> None:
    """The council says something about an issue, once the person has been quiet for a while."""
    about, _, words = news.partition(": ")
    kind, reference, *rest = about.split()
    town.settle()
    town.pass_by(HOUR)
    town.run("answer", reference, kind, " ".join((*rest, words)).strip())


def until(find: Callable[[], bool]) -> bool:
    """Whether something comes true within our patience."""
    end = time.monotonic() + PATIENCE
    while not (found := find()) and time.monotonic() < end:
        time.sleep(0.005)
    return found


class OnScreen:
    """A channel on which a letter costs nothing: a talk goes there as it is written."""

    @staticmethod
    def written(text: str) -> Transcript:
        return read(text)


# Telegram


@dataclass
class InTelegram(OnScreen):
    """A person in Telegram, by polling or by webhook: the emulator does not show which."""

    CHANNEL: ClassVar[str] = "telegram"
    LACKS: ClassVar[Mapping[str, str]] = {
        **ON_SCREEN,
        **UNTRANSLATED,
        "aside": "only a fault in Townbell sets a message aside; test_kill.py has one",
    }
    bot: EmulatedBot
    language: str
    person: int = field(default_factory=count(1001).__next__)
    messages: list[int] = field(default_factory=list)  #: ids of theirs
    waiting: list[dict[str, Any]] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    def say(self, words: str) -> None:
        self._write(text=words.replace("\\n", "\n"))

    def say_at_once(self, first: str, second: str) -> None:
        self.messages += self.bot.send_at_once(first, second, person=self.person, language=self.language)

    def press(self, option: str) -> None:
        self.messages.append(0)
        under, token = (1, option) if ":" in option else self._button(option)
        self.bot.send_callback(token, message_id=under, person=self.person, language=self.language)

    def press_twice(self, option: str) -> None:
        self.messages += [0, 0]
        under, token = self._button(option)
        self.bot.send_callback_twice(token, message_id=under, person=self.person, language=self.language)

    def start(self, payload: str) -> None:
        self._write(text=f"/start {payload}".strip())

    def send(self, kind: str, words: str) -> None:
        file = self.bot.add_file(photo() if kind == "photo" else VOICE)
        known = {"file_id": file, "file_unique_id": file}
        fields: dict[str, Any] = {"voice": known | {"duration": 1}}
        if kind == "photo":
            fields = {"photo": [known | {"width": 60, "height": 40}]}
        self._write(**fields, **({"caption": words} if words else {}))

    def share(self, lat: float, lon: float, name: str) -> None:
        point = {"latitude": lat, "longitude": lon}
        venue = {"venue": {"location": point, "title": name, "address": ""}} if name else {}
        self._write(location=point, **venue)

    def forward(self, words: str) -> None:
        author = {"type": "hidden_user", "sender_user_name": "Somebody", "date": int(time.time())}
        self._write(text=words, forward_origin=author)

    def edit(self, number: int, words: str) -> None:
        self.bot.edit_message(self.messages[number - 1], words, person=self.person, language=self.language)
        self.messages.append(0)

    def shows(self, said: Said) -> Said:
        return said

    def hear(self, expected: Sequence[Said]) -> list[Said]:
        until(lambda: len(self._waiting()) >= len(expected))
        new, self.waiting = self.waiting[: len(expected)], self.waiting[len(expected) :]
        self.heard += new
        return [self._said(message) for message in new]

    def rest(self) -> list[Said]:
        return [self._said(message) for message in self._waiting()]

    def leave(self) -> None:
        pass

    def _button(self, option: str) -> tuple[int, str]:
        """The newest button of an option: the message it is under, and what it carries."""
        buttons = [
            (message["message_id"], button["callback_data"])
            for message in self.heard
            for row in message.get("reply_markup", {}).get("inline_keyboard", ())
            for button in row
        ]
        return [one for one in buttons if one[1].endswith(f":{option}")][-1]

    def _write(self, **fields: Any) -> None:
        self.messages.append(self.bot.send_message(person=self.person, language=self.language, **fields))

    def _waiting(self) -> list[dict[str, Any]]:
        self.waiting += self.bot.sent(person=self.person)
        return self.waiting

    @staticmethod
    def _said(message: dict[str, Any]) -> Said:
        rows = message.get("reply_markup", {}).get("inline_keyboard", ())
        return Said(message["text"], tuple(button["text"] for row in rows for button in row))


class InTelegramByWebhook(InTelegram):
    """The same, where Telegram calls us."""

    LACKS: ClassVar[Mapping[str, str]] = {
        **InTelegram.LACKS,
        "early": "two calls at once come in any order; when polled, both are in one answer",
        "twice": "two calls at once come in any order; when polled, both are in one answer",
    }


# The web page


@dataclass
class OnTheWeb(OnScreen):
    """A person on the web page, by what the page asks of the server."""

    CHANNEL: ClassVar[str] = "web"
    LACKS: ClassVar[Mapping[str, str]] = {
        **ON_SCREEN,
        **UNTRANSLATED,
        "photo with a code": "the page sends a photo and its words one after the other",
        "edit": "what was sent on the page cannot be changed",
        "forwarded": "nothing can be forwarded to a page",
        "early": "the page sends one message after the other",
        "twice": "the first tap closes the question; test_page.py taps twice",
        "start": "on the web a link names the council: /chat?council=graz",
        "aside": InTelegram.LACKS["aside"],
    }
    address: str
    language: str
    cookie: str = ""
    keys: Iterator[int] = field(default_factory=lambda: count(1))
    newest: int = 0
    began: Any = None  #: when the numbering of the talk began, which a "delete" begins anew
    seen: set[int] = field(default_factory=set)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    question: list[dict[str, Any]] = field(default_factory=list)  #: the choices that were shown last

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        self.connection.request("GET", "/chat", headers={"Accept-Language": self.language})
        page = self.connection.getresponse()
        assert page.status == 200
        page.read()
        self.cookie = (page.headers["Set-Cookie"] or "").split(";")[0]

    def say(self, words: str) -> None:
        self._post(text=words.replace("\\n", "\n"))

    def say_at_once(self, first: str, second: str) -> None:
        raise AssertionError(self.LACKS["early"])

    def press(self, option: str) -> None:
        ids = [choice["id"] for choice in self.question if choice["id"].endswith(f":{option}")]
        self._post(choice=option if ":" in option else ids[-1])

    def press_twice(self, option: str) -> None:
        raise AssertionError(self.LACKS["twice"])

    def start(self, payload: str) -> None:
        assert not payload, self.LACKS["start"]
        self.say("start")

    def send(self, kind: str, words: str) -> None:
        body, mime = (photo(), "image/jpeg") if kind == "photo" else (VOICE, "audio/ogg")
        self._ask("POST", "/chat/media", body, mime, key=str(next(self.keys)))
        if words:
            self.say(words)

    def share(self, lat: float, lon: float, name: str) -> None:
        self._post(location={"lat": lat, "lon": lon})

    def forward(self, words: str) -> None:
        raise AssertionError(self.LACKS["forwarded"])

    def edit(self, number: int, words: str) -> None:
        raise AssertionError(self.LACKS["edit"])

    def shows(self, said: Said) -> Said:
        return said

    def hear(self, expected: Sequence[Said]) -> list[Said]:
        if expected:
            until(lambda: len(self._waiting()) >= len(expected))
        new, self.waiting = self.waiting[: len(expected)], self.waiting[len(expected) :]
        self.question = [choice for message in new for choice in message["choices"]] or self.question
        return [self._said(message) for message in new]

    def rest(self) -> list[Said]:
        # An own message behind it, so that we need not wait until nothing comes.
        self.say(LAST_WORDS)
        assert until(lambda: any(one["text"] == LAST_WORDS for one in self._waiting(everything=True)))
        before = itertools.takewhile(lambda one: one["text"] != LAST_WORDS, self.waiting)
        return [self._said(one) for one in before if one["from"] == "townbell"]

    def leave(self) -> None:
        self.connection.close()

    def _waiting(self, *, everything: bool = False) -> list[dict[str, Any]]:
        answer = self._ask("GET", "/chat/messages", after=str(self.newest))
        if answer.get("began") != self.began:
            self.began, self.seen = answer.get("began"), set()
            answer = self._ask("GET", "/chat/messages", after="0")
        # What was erased at the end makes the server tell again what comes before it.
        messages = [one for one in answer["messages"] if one["id"] not in self.seen]
        self.seen |= {one["id"] for one in messages}
        # Lower than before when everything was deleted, and the talk began anew.
        self.newest = messages[-1]["id"] if messages else self.newest
        self.waiting += [one for one in messages if everything or one["from"] == "townbell"]
        return self.waiting

    def _post(self, **said: Any) -> None:
        body = json.dumps({"key": str(next(self.keys))} | said).encode()
        self._ask("POST", "/chat/messages", body, "application/json")

    def _ask(
        self, method: str, path: str, body: bytes | None = None, mime: str = "", **query: str
    ) -> dict[str, Any]:
        headers = {"Cookie": self.cookie, "Accept-Language": self.language}
        headers |= {"Content-Type": mime} if body else {}
        self.connection.request(method, f"{path}?{urlencode(query)}", body, headers)
        answer = self.connection.getresponse()
        read = json.loads(answer.read())
        assert answer.status in (200, 202), (answer.status, read)
        return dict(read)

    @staticmethod
    def _said(message: dict[str, Any]) -> Said:
        options = tuple(f"{choice['number']} {choice['label']}" for choice in message["choices"])
        return Said(message["text"], options)


# The terminal


@dataclass
class InTerminal(OnScreen):
    """A person at a terminal, which is wide enough that no line is broken."""

    CHANNEL: ClassVar[str] = "terminal"
    LACKS: ClassVar[Mapping[str, str]] = {
        **ON_SCREEN,
        **UNTRANSLATED,
        "photo": "a terminal carries words only",
        "photo with a code": "a terminal carries words only",
        "voice": "a terminal carries words only",
        "place": "a terminal carries words only; a street can be written",
        "lines": "a line is a message",
        "edit": "a line that was sent cannot be changed",
        "forwarded": "nothing can be forwarded to a terminal",
        "early": "a line is answered before the next is read",
        "twice": "there are no buttons",
        "old press": "there are no buttons; numbers are typed",
        "start": "there are no links to follow",
        "news": "nobody looks for news where nothing runs",
        "aside": InTelegram.LACKS["aside"],
    }
    town: Town
    language: str
    name: str = "somebody"
    columns: int = 4000
    shown: str = ""  #: not heard yet
    question: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.screen, theirs = pty.openpty()
        settings = termios.tcgetattr(theirs)
        settings[3] &= ~termios.ECHO
        termios.tcsetattr(theirs, termios.TCSANOW, settings)
        termios.tcsetwinsize(theirs, (50, self.columns))
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.journeys.clockwork", "chat"),
                *("--as", self.name, "--language", self.language),
            ],
            cwd=self.town.installation.folder,
            env={**os.environ, "PYTHONPATH": str(HOUSE), **self.town.installation.environ},
            stdin=theirs,
            stdout=theirs,
        )
        os.close(theirs)
        self._prompt()
        self.shown = ""

    def say(self, words: str) -> None:
        os.write(self.screen, f"{words}\n".encode())
        self._prompt()

    def say_at_once(self, first: str, second: str) -> None:
        raise AssertionError(self.LACKS["early"])

    def press(self, option: str) -> None:
        # Where there are no buttons the number is typed; in a transcript of ours "send" is the first.
        assert option == "send"
        self.say("1")

    def press_twice(self, option: str) -> None:
        raise AssertionError(self.LACKS["twice"])

    def start(self, payload: str) -> None:
        assert not payload, self.LACKS["start"]
        self.say("start")

    def send(self, kind: str, words: str) -> None:
        raise AssertionError(self.LACKS[kind])

    def share(self, lat: float, lon: float, name: str) -> None:
        raise AssertionError(self.LACKS["place"])

    def forward(self, words: str) -> None:
        raise AssertionError(self.LACKS["forwarded"])

    def edit(self, number: int, words: str) -> None:
        raise AssertionError(self.LACKS["edit"])

    def shows(self, said: Said) -> Said:
        return Said("\n".join(said.lines))  # lines that are empty part messages, too

    def hear(self, expected: Sequence[Said]) -> list[Said]:
        wanted = sum(len(said.lines) for said in expected)
        while len(self._lines()) < wanted and self._read():
            pass
        lines = self._lines()
        heard = []
        for said in expected:
            heard.append(Said("\n".join(lines[: len(said.lines)])))
            lines = lines[len(said.lines) :]
        self.shown = "\n".join(lines)
        return heard

    def rest(self) -> list[Said]:
        return [Said(line) for line in self._lines()]

    def leave(self) -> None:
        if self.process.poll() is not None:
            return
        os.write(self.screen, b"\x04")
        while self._read():
            pass
        os.close(self.screen)
        assert self.process.wait(30) == 0

    def _prompt(self) -> None:
        while not self.shown.endswith("> ") and self._read():
            pass
        self.shown = self.shown.removesuffix("> ")

    def _lines(self) -> list[str]:
        # A numbered line is an option: "  1  I agree, send".
        lines = [line.removesuffix("> ").removeprefix("> ").strip() for line in self.shown.splitlines()]
        return [re.sub(r"^(\d+)  ", r"\1 ", line) for line in lines if line]

    def _read(self) -> bool:
        if not select.select([self.screen], [], [], PATIENCE)[0]:
            return False
        try:
            more = os.read(self.screen, 65536)
        except OSError:  # the other end has gone
            return False
        self.shown += more.decode()
        return bool(more)


class InTerminalBeside(InTerminal):
    """The same, beside a Townbell that runs."""

    LACKS: ClassVar[Mapping[str, str]] = {
        need: why for need, why in InTerminal.LACKS.items() if need != "news"
    }
