"""Issues, as they are exported and shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.issue import IssueKind, IssueStatus
from core.talk import Place
from storage import media, translations
from storage.media import Medium
from storage.tx import Tx


@dataclass(frozen=True)
class ExportedIssue:
    """One issue with what belongs to it."""

    reference: str
    raised_at: int  #: UTC microseconds
    channel: str
    language: str
    original: str  #: the person's words; what was corrected or erased is not among them
    topic: str
    place: str  #: in words, with the point that was shared
    status: IssueStatus
    supporters: int  #: who raised it included
    pseudonym: str  #: "" once the person had everything deleted
    latitude: float | None
    longitude: float | None
    affected: str  #: who has the problem, as the option is called
    kind: IssueKind
    danger: bool  #: the words named a danger: to be read first
    hear_by: int  #: the day by which an answer was promised, UTC microseconds
    media: tuple[Medium, ...] = ()
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


async def exported(tx: Tx, council: str, page: int = 500) -> AsyncIterator[ExportedIssue]:
    """The issues of a council in the order of filing, a page at a time: flat in memory, however many."""
    after = 0
    while rows := await tx.all("issues_of_council", council=council, after=after, limit=page):
        ids = [row["id"] for row in rows]
        texts = await texts_of(tx, ids)
        translated = await translations.by_issue(tx, ids)
        attached = await media.by_issue(tx, ids)
        for row in rows:
            yield ExportedIssue(
                reference=row["reference"],
                raised_at=row["filed_at"],
                channel=row["channel"],
                language=row["language"] or "",
                original="\n".join(words for _, _, words in texts[row["id"]]),
                topic=row["topic"],
                place=where(row["place"], row["latitude"], row["longitude"]),
                status=row["status"],
                supporters=(row["pseudonym"] is not None) + row["supporters"],
                pseudonym=row["pseudonym"] or "",
                latitude=row["latitude"],
                longitude=row["longitude"],
                affected=row["affected"],
                kind=row["kind"],
                danger=bool(row["danger"]),
                hear_by=row["hear_by"],
                media=tuple(attached[row["id"]]),
                translations=translations.read_together(texts[row["id"]], translated[row["id"]]),
            )
        after = ids[-1]


def where(words: str, latitude: float | None, longitude: float | None) -> str:
    """Where an issue is, in one line: the words, the point, or both."""
    if latitude is None or longitude is None:
        return words
    # The answer to "Where is it?" has the point among its words.
    return words if str(Place(latitude, longitude)) in words else str(Place(latitude, longitude, words))


async def texts_of(tx: Tx, issue_ids: Collection[int]) -> defaultdict[int, list[tuple[int, str, str]]]:
    """The texts of each issue as they read now, piece by piece: id, language ("" when unknown), words."""
    found: defaultdict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for row in await tx.each("current_texts", [{"issue_id": issue_id} for issue_id in issue_ids]):
        found[row["issue_id"]].append((row["id"], row["language"] or "", row["words"]))
    return found
