"""What staff ask for and get to see in a talk, and what a council says to somebody.

The desk is where a council answers: an issue as staff see it, a translation that waits for a look, an
invitation to join. Loaded only for those who may see it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.digest import Reading
from core.issue import IssueStatus
from core.staff import Role

#: what a council says; "late" and "split" are said by the house itself
AnswerKind = Literal["seen", "discussed", "referred", "decided", "closed", "asked", "said", "late", "split"]
#: how an answer that somebody looked at goes out: as translated, written anew, or as the council wrote it;
#: "leave": it does not, for something newer was said since
LookChoice = Literal["send", "write", "original", "leave"]


class Seek(Struct, frozen=True, omit_defaults=True):
    """What a message of staff is about, as they wrote it: "W47 1A", "GRZ-7K4M", "G1", an invitation."""

    week: int = 0  #: number of the ISO week, 0 when it was not said
    number: int = 0  #: in a digest
    proposal: int = 0  #: in a digest
    references: tuple[str, ...] = ()
    all_new: bool = False  #: every new issue of a digest
    look: bool = False  #: the next translation that waits for a look
    several: bool = False  #: more than one answer stands in one message: none of them is given
    reply_to: str = ""  #: the provider's name for the message that it replies to
    invitation: str = ""  #: the code of an invitation, as `core.references.invitation` writes it
    nudge: str = ""  #: what the schedule says this about: "news:7", "look:3:es"
    other: Seek | None = None  #: the issue that this one is to be put together with
    news: int = 0  #: what the council said, where a question about it is open beside all this


class Latest(Struct, frozen=True):
    """What staff last said about an issue."""

    kind: AnswerKind
    at: int  #: UTC microseconds
    by: str  #: what colleagues call them, "" when they have no name
    mine: bool  #: by the one who asks
    detail: str = ""  #: of "discussed": the day, as 2026-12-08
    words: str = ""  #: as they wrote them


class Case(Struct, frozen=True):
    """One issue as staff see it."""

    reference: str
    status: IssueStatus
    topic: str
    place: str
    filed_at: int  #: UTC microseconds
    hear_by: int  #: UTC microseconds
    people: int
    danger: bool
    reading: Reading
    original: str
    language: str  #: of the original, "" when unknown
    pieces: tuple[str, ...] = ()  #: its sentences as the person wrote them, for taking it apart
    shown: tuple[str, ...] = ()  #: as many, as staff read them
    week: str = ""  #: of the digest that the question was put by
    number: int = 0  #: in that digest
    shown_at: int = 0  #: when that digest was made
    open: bool = True  #: nobody has answered it since then
    latest: Latest | None = None
    together: tuple[str, ...] = ()  #: references of the issues that it was put together with
    media: int = 0


class Look(Struct, frozen=True):
    """A translation of an answer that waits for somebody to look at it."""

    answer_id: int
    language: str  #: into which
    reference: str
    source: str  #: the language of `words`
    words: str  #: as staff wrote them
    made: str  #: by machine, "" when there is no model
    back: str  #: the translation put back by machine, "" when there is no way back
    reason: str  #: why it waits: "checks", "weighty", "no model"
    day: str = ""  #: ISO date that it tells as well, where a discussion is promised
    newer_at: int | None = None  #: UTC microseconds; when the same people were told something since


class Invitation(Struct, frozen=True):
    """An invitation that somebody wants to use."""

    code: str
    state: Literal["open", "used", "expired", "unknown"]
    role: Role = "coordinator"
    council: str = ""


class Offered(Struct, frozen=True):
    """Issues that seem to say the same, to be put together or left apart."""

    id: int
    number: int  #: "G1"
    week: str
    cases: tuple[Case, ...]


class Desk(Struct, frozen=True):
    """What was found for a `Seek`."""

    cases: tuple[Case, ...] = ()  #: several where it cannot be told which was meant
    gone: bool = False  #: its author took back what was meant
    others: tuple[Case, ...] = ()  #: what was meant by `Seek.other`, as `cases`
    look: Look | None = None
    looks: int = 0  #: how many wait
    offered: Offered | None = None
    invitation: Invitation | None = None


class News(Struct, frozen=True):
    """What a council says to one person about one of their issues."""

    id: int
    reference: str
    kind: AnswerKind
    detail: str  #: of "discussed": the day; of "split": the references, parted by commas
    words: str  #: in the person's language, as far as they could be put into it
    made_by: Literal["", "machine", "person"]  #: who translated; "": they read the council's own words
    original: str  #: the council's own words, where a machine translated
    hear_by: int  #: UTC microseconds
