"""Something raised: what kind of thing it is, what became of it, and what its own person sees of it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

IssueKind = Literal["problem", "question"]
#: what became of an issue; "filed" until somebody looks at it
IssueStatus = Literal[
    "filed", "seen", "asked", "discussed", "referred", "decided", "closed", "reopened", "withdrawn", "spam"
]


class Happened(Struct, frozen=True):
    """One thing that happened to an issue, without a word of anybody's."""

    at: int  #: UTC microseconds
    what: str  #: "filed", "added", "reopened" ..., or what the council did (core.desk.AnswerKind)
    detail: str = ""  #: of "discussed": the day, as 2026-12-08
    told: bool = True  #: False: the council said it, and the person whose issue it is was not told yet


class OwnIssue(Struct, frozen=True):
    """One of the person's own issues, as `status`, `correct` and `my data` show it to them."""

    reference: str
    status: IssueStatus
    filed_at: int  #: UTC microseconds
    hear_by: int  #: the day by which we promised an answer, UTC microseconds
    text: str
    topic: str = ""
    place: str = ""  #: in words, with the point that was shared
    media: int = 0  #: photos and voice notes kept with it
    affected: str = ""  #: who has the problem, as the option is called
    history: tuple[Happened, ...] = ()  #: oldest first
