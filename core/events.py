"""What happened in a conversation, in the past tense.

The conversation returns events; storage/turns.py writes each of them, in one `match`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.desk import AnswerKind, LookChoice
from core.issue import IssueKind

Purpose = Literal["issue", "news", "invitations", "surveys"]
DetailName = Literal["topic", "place", "affected"]


class DraftOpened(Struct, frozen=True):
    """Words wait for "1"; a reminder is due after a day, erasure when drafts expire."""


class DraftClosed(Struct, frozen=True):
    """The draft is filed or erased; nothing of it is due any more."""

    erased: bool  #: True: its photos and voice notes go too
    media: tuple[str, ...] = ()
    since: int = (
        0  #: when its first word came, UTC microseconds: a page that shows the talk forgets it from there
    )


class IssueFiled(Struct, frozen=True):
    """Somebody answered "1": the issue and the consent are on record."""

    reference: str
    council: str
    kind: IssueKind
    words: tuple[tuple[str, str], ...]  #: (text, provider's message name), in the order they came
    language: str | None  #: the person's; of the words themselves, once they are looked at
    media: tuple[str, ...]
    place: str
    latitude: float | None
    longitude: float | None
    danger: bool  #: the words named a danger: for staff to read first
    notice_version: str


class IssueDetailed(Struct, frozen=True):
    """A detail was given, or given anew."""

    reference: str
    name: DetailName
    value: str
    latitude: float | None = None
    longitude: float | None = None


class IssueAdded(Struct, frozen=True):
    """More words, or more pictures, for a filed issue."""

    reference: str
    text: str
    ref: str
    media: tuple[str, ...]
    language: str | None  #: as in `IssueFiled`
    danger: bool = False  #: these words named a danger; what was one before stays one


class IssueCorrected(Struct, frozen=True):
    """The person's words are to read so from now on; what they replace is not shown any more."""

    reference: str
    text: str
    ref: str
    media: tuple[str, ...]
    language: str | None  #: as in `IssueFiled`
    danger: bool = False  #: as in `IssueAdded`


class MessageEdited(Struct, frozen=True):
    """A message that belongs to a filed issue was edited: its new words are added there."""

    reference: str
    text: str
    ref: str
    danger: bool = False  #: as in `IssueAdded`
    language: str | None = None  #: as in `IssueFiled`


class ConsentGiven(Struct, frozen=True):
    """Yes or no to one purpose."""

    purpose: Purpose
    given: bool
    notice_version: str


class LanguageChosen(Struct, frozen=True):
    """The person chose a language; detection never overrides it."""

    language: str


class LanguageHeard(Struct, frozen=True):
    """The language of the person's last message that left no doubt."""

    language: str


class AnsweredInTwo(Struct, frozen=True):
    """We were unsure of the language and answered in two; until we know it they stay the same."""

    languages: tuple[str, ...]


class CouncilChosen(Struct, frozen=True):
    """A deep link named another council."""

    council: str


class Stopped(Struct, frozen=True):
    """The person said stop: nothing more is sent to any of their addresses."""


class Started(Struct, frozen=True):
    """The person said start: we may write again."""


class Blocked(Struct, frozen=True):
    """The person blocked us on this channel."""


class Unblocked(Struct, frozen=True):
    """The person unblocked us on this channel."""


class ContactErased(Struct, frozen=True):
    """The person had everything deleted."""


class NewsSaid(Struct, frozen=True):
    """The person is being told what the council says."""

    news_id: int


class QuestionAnswered(Struct, frozen=True):
    """The person has answered what the council asked about their issue; the council has to speak next."""

    reference: str


class IssueReopened(Struct, frozen=True):
    """The person says that it is not solved; the council has to speak next."""

    reference: str


# What staff do. storage/desk_acts.py asks once more, as it writes, whether they may.


class StaffJoined(Struct, frozen=True):
    """Somebody used an invitation, and works for the council from now on."""

    code: str


class InvitationRefused(Struct, frozen=True):
    """Somebody came with an invitation that was used already; operators are told."""

    code: str


class IssueAnswered(Struct, frozen=True):
    """Staff said something about an issue; with it to all whose issues were put together with it."""

    reference: str
    kind: AnswerKind
    detail: str = ""  #: of "discussed": the day, as 2026-12-08
    words: str = ""
    language: str = ""  #: of the words


class IssueViewed(Struct, frozen=True):
    """Staff were shown an issue."""

    reference: str
    original: bool = False  #: as its person wrote it


class IssuesPutTogether(Struct, frozen=True):
    """Issues say the same, and are answered together from now on."""

    references: tuple[str, ...]
    proposal: int = 0  #: which proposed it, 0 when staff found it themselves


class IssueTakenOut(Struct, frozen=True):
    """It was put together with others and does not say the same: it is answered by itself from now on."""

    reference: str


class ProposalDeclined(Struct, frozen=True):
    """The issues of a proposal do not say the same, and are not proposed again."""

    proposal: int


class IssueTakenApart(Struct, frozen=True):
    """One message told of several problems: each part is an issue of its own from now on."""

    reference: str  #: keeps the first part
    others: tuple[str, ...]  #: references of the other parts
    parts: tuple[str, ...]  #: the words of each part, as the person wrote them; the first part first


class WordsCovered(Struct, frozen=True):
    """Words that name somebody are not shown any more, in any language."""

    reference: str
    words: str


class IssueMarkedSpam(Struct, frozen=True):
    """It is no issue: closed, and nobody is told."""

    reference: str


class TranslationLooked(Struct, frozen=True):
    """Staff looked at a translation: it goes out, or gives way to what was said since."""

    answer_id: int
    language: str
    choice: LookChoice
    words: str = ""  #: written anew


StaffEvent = (
    StaffJoined | InvitationRefused | IssueAnswered | IssueViewed | IssuesPutTogether | IssueTakenOut
    | ProposalDeclined | IssueTakenApart | WordsCovered | IssueMarkedSpam | TranslationLooked
)  # fmt: skip
Event = (
    DraftOpened | DraftClosed | IssueFiled | IssueDetailed | IssueAdded | IssueCorrected | MessageEdited
    | ConsentGiven | LanguageChosen | LanguageHeard | AnsweredInTwo | CouncilChosen
    | Stopped | Started | Blocked | Unblocked | ContactErased
    | NewsSaid | QuestionAnswered | IssueReopened | StaffEvent
)  # fmt: skip
