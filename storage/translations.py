"""What texts say in other languages: wanted with the text, made when a machine can, kept beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from storage.tx import Tx

#: as it is kept; "waiting" too while no model can
TranslationStatus = Literal["waiting", "good", "doubtful", "failed"]
MadeBy = Literal["machine", "person"]


class Wanted(Struct, frozen=True):
    """One text that is to be put into one language."""

    text_id: int
    language: str  #: to be put into
    source: str  #: that it is in
    words: str
    attempts: int


class Made(Struct, frozen=True):
    """What became of one text in one language."""

    text_id: int
    language: str
    words: str | None  #: None: there is nothing to show
    status: Literal["good", "doubtful", "failed"]
    reason: str = ""  #: why it is not good, in a word
    made_by: MadeBy = "machine"
    engine: str = ""
    attempts: int = 0  #: of `Wanted`: when there are more by now, it was made of words that are there no more


class Piece(Struct, frozen=True):
    """One text of an issue, as it stands in one language."""

    text_id: int
    words: str | None
    status: TranslationStatus
    made_by: str


async def sources_waiting(tx: Tx) -> list[str]:
    """The languages of the texts that wait; one look at the index for each, however many texts there are."""
    sources: list[str] = []
    while source := await tx.value("next_waiting_source", source=sources[-1] if sources else ""):
        sources.append(source)
    return sources


async def waiting(tx: Tx, pairs: Collection[tuple[str, str]], now: int, limit: int) -> list[Wanted]:
    """Texts that wait to go from one language into another, for these pairs; pair by pair, oldest first."""
    asked = [
        {"source": source, "language": language, "now": now, "limit": limit} for source, language in pairs
    ]
    return [Wanted(*row) for row in await tx.each("waiting_translations", asked)][:limit]


async def keep(tx: Tx, made: Sequence[Made], now: int) -> None:
    """Keep translations; one whose text was erased meanwhile is dropped."""
    await tx.many(
        "keep_translation",
        [
            {
                "text_id": one.text_id,
                "language": one.language,
                "words": one.words,
                "status": one.status,
                "reason": one.reason,
                "made_by": one.made_by,
                "engine": one.engine,
                "attempts": one.attempts,
                "now": now,
            }
            for one in made
        ],
    )


async def later(tx: Tx, wanted: Sequence[Wanted], due_at: int, reason: str, *, tried: bool = True) -> None:
    """Translate these then; `tried` counts it as an attempt that failed."""
    await tx.many(
        "try_translation_later",
        [
            {
                "text_id": one.text_id,
                "language": one.language,
                "due_at": due_at,
                "reason": reason,
                "tried": int(tried),
            }
            for one in wanted
        ],
    )


async def count_waiting(tx: Tx) -> int:
    """How many texts wait to be translated."""
    return int(await tx.value("translations_waiting"))


async def by_issue(tx: Tx, issue_ids: Collection[int]) -> dict[int, dict[str, list[Piece]]]:
    """The texts of issues in other languages: issue -> language -> piece by piece, in the order they came."""
    found: dict[int, dict[str, list[Piece]]] = {issue_id: defaultdict(list) for issue_id in issue_ids}
    for row in await tx.each("translations_of_issue", [{"issue_id": issue_id} for issue_id in issue_ids]):
        piece = Piece(row["text_id"], row["words"], row["status"], row["made_by"])
        found[row["issue_id"]][row["language"]].append(piece)
    return found


def read_together(
    texts: Sequence[tuple[int, str, str]], languages: Mapping[str, Sequence[Piece]]
) -> dict[str, dict[str, str]]:
    """An issue in other languages, as it is exported: language -> text, made_by, status.

    `texts` are its pieces as they were written: (id, language, words). A piece that has no words in a
    language yet stands there as it was written, and the whole is then "partial".
    """
    together = {}
    for language, pieces in languages.items():
        made = {piece.text_id: piece for piece in pieces if piece.words}
        if made:
            together[language] = _together(texts, language, made)
    return together


def _together(
    texts: Sequence[tuple[int, str, str]], language: str, made: Mapping[int, Piece]
) -> dict[str, str]:
    words = [made[text_id].words or "" if text_id in made else original for text_id, _, original in texts]
    missing = [text_id for text_id, written_in, _ in texts if text_id not in made and written_in != language]
    doubtful = any(piece.status != "good" for piece in made.values())
    by_machine = any(piece.made_by == "machine" for piece in made.values())
    return {
        "text": "\n".join(words),
        "made_by": "machine" if by_machine else "person",
        "status": "partial" if missing else "doubtful" if doubtful else "good",
    }
