"""What a person said, as the conversation takes it, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct, field

from core.desk import Seek
from core.events import Event
from core.poster import Poster

MediaKind = Literal["photo", "voice", "video", "file"]


class Command(StrEnum):
    """What works in every state, said in the person's language or in English."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    BACK = "back"
    SKIP = "skip"
    LANGUAGE = "language"
    STATUS = "status"
    CORRECT = "correct"
    MY_DATA = "my_data"
    DELETE = "delete"
    MENU = "menu"
    RAISE = "raise"
    NO_INVITATIONS = "no_invitations"
    INVITATIONS = "invitations"


class Sign(StrEnum):
    """What short word lists recognise in a text; in doubt nothing, and then it is an issue."""

    GREETING = "greeting"
    THANKS = "thanks"
    WHO = "who"
    DANGER = "danger"
    WRONG_NUMBER = "wrong_number"
    QUESTION = "question"
    CHILD = "child"


class Nudge(StrEnum):
    """What the schedule says into a conversation, in the person's place."""

    REMIND = "remind"  #: a draft has waited for a day
    EXPIRE = "expire"  #: a draft has waited for as long as drafts are kept
    ASIDE = "aside"  #: a message of theirs could not be read: ask them to write it again
    NEWS = "news"  #: the council says something about an issue of theirs
    LOOK = "look"  #: a translation of what staff wrote waits for a look of theirs


class Place(Struct, frozen=True, omit_defaults=True):
    """A point that was shared, in degrees (WGS 84), with the venue's name where there is one."""

    lat: float
    lon: float
    name: str = ""

    def __str__(self) -> str:
        point = f"{self.lat:.5f}, {self.lon:.5f}"
        return f"{self.name} ({point})" if self.name else point


class Attachment(Struct, frozen=True, omit_defaults=True):
    """A photo, a voice note or another file that came with a message; fetched later."""

    id: str  #: ours, not guessable
    kind: MediaKind
    remote: str = ""  #: the provider's handle for fetching it


class Pick(Struct, frozen=True):
    """A pressed button: the run and the question it belonged to, and the option."""

    run: str
    step: str
    option: str

    @classmethod
    def parse(cls, token: str) -> Pick | None:
        """Read what `token` wrote; None when it is not ours."""
        parts = token.split(":")
        return cls(*parts) if len(parts) == 3 and all(parts) else None

    @property
    def token(self) -> str:
        """As it travels in a button; at most 64 bytes (Telegram's limit for callback_data)."""
        return f"{self.run}:{self.step}:{self.option}"


class Heard(Struct, frozen=True):
    """What the person said, as the conversation takes it."""

    text: str = ""
    command: Command | None = None
    signs: frozenset[Sign] = frozenset()
    pick: Pick | None = None
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    nudge: Nudge | None = None
    forwarded: bool = False
    edited: bool = False  #: a changed version of what `ref` said before
    ref: str = ""  #: the provider's name for the message, which an edit repeats
    poster: Poster | None = None  #: what a deep link, or the code on a poster, said of where they come from
    language: str | None = None  #: of the text, as far as it is known
    early: bool = False  #: written before the open question was shown
    late: bool = False  #: written a day or more after the open question was asked
    seek: Seek | None = None  #: what of the desk it is about: said by staff, or an invitation's code
    act: str = ""  #: with `seek`: what is to be done (flows.codes), "" when that was not said
    rest: str = ""  #: with `seek`: what was written behind it
    answered: bool = False  #: the provider has answered it, so we do not
    bare: str = ""  #: the text as an answer: no "please" around it, numbers as digits; "" where it is long

    @property
    def answer(self) -> str:
        """What is looked for among numbers and options."""
        return self.bare or self.text


class Option(Struct, frozen=True, omit_defaults=True):
    """One way to answer: the number people type, the id we keep, the label they read."""

    number: int
    id: str
    label: str


class Spoken(Struct, frozen=True, omit_defaults=True):
    """One message of ours."""

    text: str
    language: str
    options: tuple[Option, ...] = ()
    run: str = ""  #: with `step`, what a button carries back
    step: str = ""
    quiet: bool = False  #: only once the person has been quiet for a while; dropped when they write before
    farewell: bool = False  #: goes out though the person has stopped: it is the answer to their stop


class Piece(Struct, frozen=True):
    """One message of a draft: its words and the provider's name for it, so that an edit finds it."""

    text: str
    ref: str = ""


class Run(Struct, frozen=True, omit_defaults=True):
    """Where one contact is in one flow. Kept as small JSON between messages."""

    id: str  #: six characters, carried by buttons
    flow: str
    step: str = ""  #: the open question, "" when none is
    offered: tuple[tuple[int, str], ...] = ()  #: number shown -> option id
    answers: Mapping[str, Any] = field(default_factory=dict)  #: step id -> JSON value
    trail: tuple[str, ...] = ()  #: answered steps, oldest first
    begun_at: int = 0  #: when the message that began it came, UTC microseconds
    asked_at: int = 0  #: when the open question was put, UTC microseconds
    whole: bool = False  #: the open question is put whole when it is put again
    below: Run | None = None  #: the run that this one interrupted, asked again when this one ends


class Echo(Struct, frozen=True):
    """What the person last said and how often in a row, so that two machines do not talk for ever."""

    hash: str = ""
    count: int = 0
    since: int = 0  #: UTC microseconds


class Turn(Struct, frozen=True):
    """What one message leads to: where the person is now, what we say, what happened."""

    run: Run | None
    says: tuple[Spoken, ...] = ()
    events: tuple[Event, ...] = ()
