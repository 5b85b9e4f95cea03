"""What a digest is made of: the week's issues as a council may be shown them.

Storage fills these, outreach decides on their order and draws them. Nothing here names a person: a reading
is a translation, or the person's words where the reader's language is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from core.issue import IssueKind, IssueStatus

#: why an issue is in a digest: "first" must be answered before all others
Section = Literal["first", "new", "promised"]


class Reading(Struct, frozen=True):
    """What an issue says in one reader's language, as far as it can be told."""

    words: str  #: "" where there is no translation yet, or none that may be shown
    made_by: Literal["", "machine", "person"] = ""  #: "": the words are the person's own
    #: "waiting": for a model; "partial": some of it has no translation yet
    status: Literal["good", "doubtful", "partial", "waiting", "failed"] = "good"


class Entry(Struct, frozen=True):
    """One issue that may stand in a digest."""

    issue_id: int
    reference: str
    kind: IssueKind
    status: IssueStatus
    topic: str  #: "" when nobody said
    place: str  #: in words, as the person gave it
    language: str  #: of the person's words, "" when unknown
    filed_at: int  #: UTC microseconds
    hear_by: int  #: the day by which an answer was promised, UTC microseconds
    answered_at: int | None  #: when staff first said more than "seen" since it was filed, or opened again
    late_told_at: int | None  #: when its person was told that nobody has answered yet
    promised_at: int | None  #: noon of the day on which it is to be discussed
    replied_at: int | None  #: when its person last said more than staff have answered to
    danger: bool
    people: int  #: who raised it, and who supports it; of the whole group it stands in
    group: int  #: 0: stands alone
    media: int  #: photos and voice notes
    reading: Reading
    original: str  #: never drawn: what a check looks at
    number: int = 0  #: in the digest it stands in; 0 before that is decided
    person: int = 0  #: tells people apart and is never drawn; who has 0 is counted as one with all who have 0
    reopened_at: int | None = None  #: when its person opened it again
    names_somebody: bool = False  #: its words seem to name a person (outreach/names.py)


class Proposal(Struct, frozen=True):
    """Issues that seem to say the same."""

    number: int  #: in the digest: "G1"
    numbers: tuple[int, ...]  #: of the issues in the digest, in order
    readings: tuple[Reading, ...]


class Count(Struct, frozen=True):
    """What came and went in one week."""

    filed: int = 0
    answered: int = 0
    closed: int = 0
    people: int = 0  #: who raised something
    by_topic: Mapping[str, int] = field(default_factory=dict)
    by_language: Mapping[str, int] = field(default_factory=dict)  #: different people, not issues


class Sent(Struct, frozen=True):
    """What went out in the week by one sender that is paid for by the message."""

    account: str  #: its key
    channel: str  #: "sms", "whatsapp"
    messages: int
    segments: int  #: parts that the SMS were carried in


class Price(Struct, frozen=True):
    """What a segment of an SMS costs, or a message on WhatsApp."""

    each: str  #: "0.079"
    currency: str  #: "EUR", or ""


class Spent(Struct, frozen=True):
    """What a week cost, in one currency."""

    amount: Decimal
    currency: str  #: "EUR", or ""


class Matter(Struct, frozen=True):
    """All that one council's digest of one week can tell, in one reader's language."""

    week: str  #: ISO week in which its seven days begin: "2026-W47"
    since: int  #: UTC microseconds: what was raised from then on ...
    until: int  #: ... and before then is new
    due_at: int  #: when it was to go out
    made_at: int  #: when it was made: later than that by more than an hour is late, and says so
    first: tuple[Entry, ...] = ()
    new: tuple[Entry, ...] = ()
    promised: tuple[Entry, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    looks: int = 0  #: answers that wait for somebody to look at their translation
    look_references: tuple[str, ...] = ()  #: what the first of them are about
    waiting: int = 0  #: older ones to be answered first that are not listed
    this_week: Count = Count()
    last_week: Count = Count()
    languages: Mapping[str, str] = field(
        default_factory=dict
    )  #: what the reader calls them: "ar" -> "Arabisch"
    sent: tuple[Sent, ...] = ()
    spent: tuple[Spent, ...] = ()  #: on what was sent, where prices are known
