"""What the council says counts as said once it went out: before that, whoever writes is heard first.

On WhatsApp news may wait for the person's next word. That word is no answer to a question which they have not
seen: so with it the message and its question are taken back, and the news is said anew behind what they say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.talk import Run
from storage.packing import RUN
from storage.tx import Row, Tx


async def take_back(tx: Tx, address_ids: Sequence[int], now: int) -> None:
    """Of these addresses, which have just been written from: news that waited for it is to be said anew."""
    rows = await tx.each("unheard_news", [{"address_id": id_} for id_ in address_ids])
    if not rows:
        return
    await tx.steps(
        [
            ("take_message_back", [{"id": row["id"], "now": now} for row in rows]),
            ("news_is_owed", [{"id": _news_of(row), "now": now} for row in rows]),
            ("nudge_makes_room", [{"account_id": row["account_id"], "key": row["about"]} for row in rows]),
        ]
    )
    for contact_id in dict.fromkeys(row["contact_id"] for row in rows):
        await _close(tx, contact_id, {_news_of(row) for row in rows})


async def _close(tx: Tx, contact_id: int, news: Collection[int]) -> None:
    """The questions that nobody has seen are not open any more; what they had interrupted is."""
    row = await tx.one("run_to_change", contact_id=contact_id)
    if row is None or row["body"] is None:
        return
    run = _without(RUN.unpack(row["body"]), news)
    await tx.do("set_run", contact_id=contact_id, body=RUN.pack(run) if run else None)


def _without(run: Run | None, news: Collection[int]) -> Run | None:
    while run is not None and run.answers.get("news") in news:
        run = run.below
    return run


def _news_of(row: Row) -> int:
    return int(row["about"].removeprefix("news:"))
