"""On the council's desk on Monday, and answered: the whole way of an issue there and back, each step once.

The program really runs, with Telegram, a mail server and small models for its peers, and a clock that the
test moves. It is killed where it would hurt: over the digest, and between an answer and whom it is for.
"""

from __future__ import annotations

import json
import re
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.installation import Installation
from tests.journeys.town import PATIENCE, Town
from tests.peers import smtp
from tests.peers.smtp import PASSWORD, USER, SmtpServer
from tests.peers.telegram_emulator import EmulatedBot, TelegramEmulator
from tests.translations.models import unpack

LETTERS = """
[log]
level = "debug"

[mail]
host = "localhost"
port = {port}
username = "{user}"
sender = "bell@example.org"
ca_file = "{certificate}"
"""
ADDRESS = "anna@example.org"
#: as their chats are called in Telegram
ANNA, ROSA, OMAR = 731_906_001, 731_906_002, 731_906_003

# What people write, and how the models put it: they learned from such sentences.
HEATING = "La calefacción no funciona desde hace 3 semanas."
MOULD = "Hay moho en la habitación."
HEATING_IN_GERMAN = "Die Heizung funktioniert seit 3 Wochen nicht."
MOULD_IN_GERMAN = "Im Schlafzimmer ist Schimmel."
IN_GERMAN = f"{HEATING_IN_GERMAN} {MOULD_IN_GERMAN}"
LIFT, LIFT_IN_GERMAN = "El ascensor no funciona.", "Der Aufzug funktioniert nicht."
QUESTION, QUESTION_IN_SPANISH = "Wo ist die Wohnung?", "¿Dónde está el piso?"
ANSWER, ANSWER_IN_GERMAN = "Vivo en el número 12.", "Ich wohne in Nummer 12."
REASON, REASON_IN_SPANISH = "Ihr Termin ist am Freitag um 10 Uhr.", "Su cita es el viernes a las 10."
UNSOLVED, UNSOLVED_IN_GERMAN = "El problema no está resuelto.", "Das Problem ist nicht gelöst."
LAMP, LIGHT = "Die Lampe in unserer Straße ist seit Wochen dunkel", "Die Lampe leuchtet wieder"
#: all that somebody wrote, or a machine made of it
SAID = (
    HEATING, MOULD, HEATING_IN_GERMAN, MOULD_IN_GERMAN, LIFT, LIFT_IN_GERMAN, QUESTION, QUESTION_IN_SPANISH,
    ANSWER, ANSWER_IN_GERMAN, REASON, REASON_IN_SPANISH, UNSOLVED, UNSOLVED_IN_GERMAN,
    LAMP, LIGHT,
)  # fmt: skip


@dataclass
class Person:
    """Somebody in Telegram, who reads every message that comes, one after the other."""

    bot: EmulatedBot
    number: int
    language: str
    unread: deque[str] = field(default_factory=deque)

    def says(self, text: str) -> None:
        self.bot.send_message(text, person=self.number, language=self.language)

    def hears(self, *parts: str) -> str:
        """The next message, in which all of this stands."""
        if not self.unread:
            self._read(self.bot.wait_sent(person=self.number, seconds=PATIENCE))
        heard = self.unread.popleft()
        assert not [part for part in parts if part not in heard], (parts, heard)
        return heard

    def files(self, text: str) -> str:
        """Raises an issue in two messages; its reference."""
        self.says(text)
        self.hears(text, "¿Lo enviamos?")
        self.says("1")
        reference = reference_in(self.hears("Lo hemos enviado"))
        self.hears("¿De qué se trata?")  # may be left unanswered
        return reference

    def rest(self) -> list[str]:
        """What has come, and was not read yet."""
        self._read(self.bot.sent(person=self.number))
        return list(self.unread)

    def _read(self, messages: Iterable[dict[str, Any]]) -> None:
        self.unread.extend(message["text"] for message in messages)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[SmtpServer]:
    with smtp.started(tmp_path) as server:
        yield server


@pytest.fixture
def town(tmp_path: Path, post: SmtpServer) -> Iterator[Town]:
    """A town whose council gets letters, and whose log tells all that it ever tells."""
    home, folder = tmp_path / "home", tmp_path / "bell"
    home.mkdir()
    folder.mkdir()
    town = Town(Installation(folder, {"HOME": str(home), "MAIL_PASSWORD": PASSWORD}))
    town.configure(letters(post))
    yield town
    if town.installation.process and town.installation.process.poll() is None:
        assert town.installation.stop() == 0
    assert list(home.iterdir()) == []  # nobody keeps a diary about us there


def letters(post: SmtpServer) -> str:
    return LETTERS.format(port=post.port, user=USER, certificate=post.certificate)


def invited(town: Town) -> str:
    """What `townbell staff invite` says to whoever brings Anna the invitation."""
    anna = ("--name", "Anna", "--mail", ADDRESS)
    return town.run("staff", "invite", "--council", "graz", "--role", "coordinator", *anna)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]


def reference_in(text: str) -> str:
    return found(r"(GRZ-\w{4})", text)


def comes(true: Callable[[], bool], town: Town) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, town.installation.log()[-2000:]
        time.sleep(0.005)


def letter(town: Town, post: SmtpServer, number: int) -> EmailMessage:
    """The letter of this number, which is the last one so far."""
    comes(lambda: len(post.letters) >= number, town)
    assert len(post.letters) == number
    received = post.letters[-1]
    assert (received.recipient, received.encrypted) == (ADDRESS, True)
    return received.read()


def part(message: EmailMessage, kind: str) -> str:
    """The "plain" or the "html" part of a letter."""
    body = message.get_body((kind,))
    assert body is not None
    content: str = body.get_content()
    return content


def is_killed(town: Town) -> None:
    """It dies where it was told to."""
    assert town.installation.ended() == -signal.SIGKILL


def status(town: Town, reference: str) -> str:
    """Of an issue, as `townbell export` tells it."""
    issues = json.loads(town.run("export", "issues", "--council", "graz", "--format", "json"))
    (found,) = [str(issue["status"]) for issue in issues if issue["reference"] == reference]
    return found


def told_in(log: str, *private: str) -> set[str]:
    """What stands in a log of people's words, of an address or of a secret."""
    words = {word for text in SAID for word in re.findall(r"\w{4,}", text.casefold())}
    written = set(re.findall(r"\w+", log.casefold()))
    assert "started" in written
    return words & written | {one for one in (ADDRESS, PASSWORD, *private) if one in log}


@dataclass(frozen=True)
class Cast:
    """Who takes part in the first journey, and what reaches them."""

    town: Town
    post: SmtpServer
    anna: Person  #: coordinates, and reads German
    rosa: Person
    omar: Person

    @property
    def de(self) -> Callable[..., str]:
        return self.town.catalogs["de"].say

    @property
    def es(self) -> Callable[..., str]:
        return self.town.catalogs["es"].say


def test_an_issue_in_spanish_is_answered_in_german_and_each_step_is_told_once(
    town: Town, post: SmtpServer, telegram_emulator: TelegramEmulator
) -> None:
    bot = telegram_emulator.bot()
    anna, rosa, omar = (Person(bot, *who) for who in ((ANNA, "de"), (ROSA, "es"), (OMAR, "es")))
    cast = Cast(town, post, anna, rosa, omar)
    town.configure(letters(post), town.bot("bell", bot, "polling"))

    invitation, reference = on_friday_anna_joins_and_rosa_writes(cast)
    on_monday_it_dies_twice_over_the_digest(cast, reference)
    anna_asks_back_and_it_dies_before_rosa_is_told(cast, reference)
    it_is_discussed_and_closed_once_anna_has_looked(cast, reference)
    rosa_says_that_it_is_not_solved(cast, reference)
    the_next_monday_it_stands_first(cast, reference)
    nobody_has_heard_anything_else(cast)
    chats = (str(person.number) for person in (anna, rosa, omar))
    assert told_in(town.installation.log(), bot.token, invitation.removeprefix("join_"), *chats) == set()


def on_friday_anna_joins_and_rosa_writes(cast: Cast) -> tuple[str, str]:
    """The code of the invitation, and the reference of the issue."""
    town, anna, de = cast.town, cast.anna, cast.de
    town.start(dying_at="digest:inside:1")
    unpack(town.installation.folder / "data" / "models", "es_en", "en_de", "de_en", "en_es")
    invitation = found(r"https://t.me/\w+\?start=(join_\w+)", invited(town))
    anna.says(f"/start {invitation}")
    anna.hears(de("desk.role.coordinator"), de("desk.what.coordinator"))
    reference = cast.rosa.files(f"{HEATING} {MOULD}")
    comes(lambda: town.reads(reference, "de") == [IN_GERMAN], town)
    return invitation, reference


def on_monday_it_dies_twice_over_the_digest(cast: Cast, reference: str) -> None:
    """It dies while the digest is made, and once more before a copy has gone out."""
    town = cast.town
    town.comes_to("2026-11-23 08:00")
    is_killed(town)
    town.start(dying_at="digest:after:1")
    is_killed(town)
    town.start()
    digest = cast.anna.hears("W47", f"1. „{IN_GERMAN}“", reference)
    assert HEATING not in digest
    first = letter(town, cast.post, 1)
    assert first.get_content_type() == "multipart/alternative"
    assert first["Subject"].startswith(f"W47: {town.catalogs['de'].count('digest.subject.new', 1)}")
    assert f"„{IN_GERMAN}“" in part(first, "plain")
    assert HEATING_IN_GERMAN in part(first, "html")


def anna_asks_back_and_it_dies_before_rosa_is_told(cast: Cast, reference: str) -> None:
    """In the evening, so that Rosa is told in the morning: it dies at night, and as she is told."""
    town, anna, rosa, de, es = cast.town, cast.anna, cast.rosa, cast.de, cast.es
    town.comes_to("2026-11-23 22:00")
    anna.says(f"1C {QUESTION}")
    anna.hears(de("desk.told", which=reference))
    town.settle()
    assert rosa.rest() == []
    town.installation.stop(signal.SIGKILL)
    town.start(dying_at="news:inside:1")
    town.comes_to("2026-11-24 08:00")
    is_killed(town)
    town.start()
    rosa.hears(es("news.asked", reference=reference), QUESTION_IN_SPANISH, QUESTION)
    rosa.says(ANSWER)
    rosa.hears(es("asked.thanks", hear_by="8 de diciembre de 2026"))
    anna.hears(de("desk.told.replied", reference=reference))
    comes(lambda: town.reads(reference, "de") == [IN_GERMAN, ANSWER_IN_GERMAN], town)
    anna.says("1O")
    anna.hears(reference, HEATING, MOULD, ANSWER, IN_GERMAN, ANSWER_IN_GERMAN)


def it_is_discussed_and_closed_once_anna_has_looked(cast: Cast, reference: str) -> None:
    """She looks at a translation because it holds a day and an hour."""
    anna, rosa, de, es = cast.anna, cast.rosa, cast.de, cast.es
    anna.says("1A 8 Dec")
    anna.hears(de("desk.told", which=reference))
    rosa.hears(es("news.discussed", reference=reference, day="8 de diciembre de 2026"))
    anna.says(f"1D {REASON}")
    anna.hears(de("desk.told", which=reference))
    anna.hears(
        de("desk.look.wrote", reference=reference, words=REASON),
        REASON_IN_SPANISH,
        de("desk.look.back", words=REASON),
        de("desk.look.why.weighty"),
    )
    cast.town.settle()
    assert rosa.rest() == []
    anna.says("1")
    anna.hears(de("look.sent"))
    rosa.hears(es("news.closed", reference=reference), REASON_IN_SPANISH, REASON)
    assert status(cast.town, reference) == "closed"


def rosa_says_that_it_is_not_solved(cast: Cast, reference: str) -> None:
    rosa, es = cast.rosa, cast.es
    rosa.says("2")
    rosa.hears(es("news.again", hear_by="8 de diciembre de 2026"))
    rosa.says(UNSOLVED)
    rosa.hears(es("news.thanks"))
    cast.anna.hears(cast.de("desk.told.reopened", reference=reference))
    assert status(cast.town, reference) == "reopened"
    rosa.says("status")
    rosa.hears(
        es("status.was.discussed", detail="8 de diciembre de 2026"),
        es("status.was.closed"),
        es("status.reopened", hear_by="8 de diciembre de 2026"),
    )


def the_next_monday_it_stands_first(cast: Cast, reference: str) -> None:
    """Before what is new, which is Omar's."""
    town, de = cast.town, cast.de
    other = cast.omar.files(LIFT)
    comes(lambda: town.reads(other, "de") == [LIFT_IN_GERMAN], town)
    comes(lambda: UNSOLVED_IN_GERMAN in town.reads(reference, "de"), town)
    town.comes_to("2026-11-30 08:00")
    reopened = f"1. {de('digest.reopened', day='24. November 2026')}"
    digest = cast.anna.hears("W48", reopened, UNSOLVED_IN_GERMAN, f"2. „{LIFT_IN_GERMAN}“")
    assert digest.index(reopened) < digest.index(reference) < digest.index("2. „") < digest.index(other)
    assert reopened in part(letter(town, cast.post, 2), "plain")


def nobody_has_heard_anything_else(cast: Cast) -> None:
    cast.town.settle()
    assert [person.rest() for person in (cast.anna, cast.rosa, cast.omar)] == [[], [], []]
    assert len(cast.post.letters) == 2


def talk(town: Town, who: str, language: str, *lines: str) -> str:
    """What somebody at the terminal reads, who writes some lines."""
    return town.run("chat", "--as", who, "--language", language, said="\n".join((*lines, "")))


def reads_at_last(town: Town, who: str, words: str) -> str:
    """What somebody at the terminal reads until these words are among it, who asks how it stands."""
    end, shown = time.monotonic() + PATIENCE, ""
    while words not in shown:
        assert time.monotonic() < end, shown
        shown += talk(town, who, "de", "status")
    return shown


def late_since(day: str, say: Callable[..., str]) -> str:
    """What a digest says that was due on a Monday."""
    return say("digest.late", weekday=say("digest.monday"), day=day, time="08:00")


def test_at_the_terminal_a_digest_comes_late_but_once_and_is_answered(town: Town, post: SmtpServer) -> None:
    de = town.catalogs["de"].say
    late = late_since("23. November 2026", de)
    town.start()
    assert de("desk.role.coordinator") in talk(town, "anna", "de", found(r"(join [\w-]+)", invited(town)))
    reference = reference_in(talk(town, "ben", "de", LAMP, "1"))

    # It is stopped in the night to Monday, and started at noon.
    town.comes_to("2026-11-22 23:00")
    assert town.installation.stop() == 0
    town.comes_to("2026-11-23 12:00")
    town.start()
    digest = part(letter(town, post, 1), "plain")
    assert late in digest
    assert f"1. „{LAMP}“" in digest
    shown = talk(town, "anna", "de", "1O")  # it has waited for her at the terminal
    assert shown.count(late) == shown.count(f"1. „{LAMP}“") == 1
    assert de("desk.shows", reference=reference, language="Deutsch", words="").strip() in shown

    # An answer from the command line reaches who asked, at the terminal.
    closed = town.run("answer", reference, "closed", LIGHT)
    assert f"Noted for {reference}: one person will hear it" in closed
    told = reads_at_last(town, "ben", LIGHT)
    assert de("news.closed", reference=reference) in told
    assert de("status.was.closed") in told

    # The next digest is the second, and in time.
    town.comes_to("2026-11-30 08:00")
    second = part(letter(town, post, 2), "plain")
    assert "W48" in second
    assert late_since("30. November 2026", de) not in second
    assert told_in(town.installation.log()) == set()
