"""What issues say in one language: the person's own words or their translation, and how far to believe it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.digest import Reading
from storage import translations
from storage.issues import texts_of
from storage.translations import Piece
from storage.tx import Tx


async def readings(tx: Tx, issue_ids: Collection[int], language: str) -> dict[int, tuple[Reading, str]]:
    """Each issue in one language, and as it was written."""
    texts = await texts_of(tx, issue_ids)
    translated = await translations.by_issue(tx, issue_ids)
    return {
        issue_id: (
            reading(texts[issue_id], translated[issue_id], language),
            "\n".join(words for _, _, words in texts[issue_id]),
        )
        for issue_id in issue_ids
    }


def reading(
    texts: Sequence[tuple[int, str, str]], translated: Mapping[str, Sequence[Piece]], language: str
) -> Reading:
    """An issue in one language; `texts` are its pieces as they were written: (id, language, words).

    A piece that has no words in this language is left out: what it says stays one step away.
    """
    if all(written_in == language for _, written_in, _ in texts):
        return Reading("\n".join(words for _, _, words in texts))
    pieces = translated.get(language, ())
    made = {piece.text_id: piece for piece in pieces if piece.words}
    said = [
        made[text_id].words if text_id in made else words if written_in == language else None
        for text_id, written_in, words in texts
    ]
    if not made and not any(said):
        return Reading("", status="failed" if any(one.status == "failed" for one in pieces) else "waiting")
    doubtful = any(piece.status != "good" for piece in made.values())
    machine = any(piece.made_by == "machine" for piece in made.values())
    return Reading(
        "\n".join(filter(None, said)),
        "machine" if machine else "person" if made else "",
        "partial" if None in said else "doubtful" if doubtful else "good",
    )
