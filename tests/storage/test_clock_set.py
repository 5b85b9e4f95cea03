"""When the clock is set back, short waits move with it; a date stays, and so does what is done with."""

from functools import partial

from core.talk import Attachment, Spoken
from storage import clock_set, due, media, outbox
from storage.outbox import Enqueued
from tests.storage.town import DAY, SECOND, Town

HOUR = 60 * 60 * SECOND
BACK = 2 * HOUR
#: how long each of them waits when the clock is set back, and by how much it is due earlier then
WAITS = {
    "is due": (-SECOND, BACK),
    "soon": (20 * SECOND, BACK),
    "in an hour": (HOUR, BACK),
    "a little later": (HOUR + 1, 0),
    "a date": (DAY, 0),
}
EXPECTED = {name: by for name, (_, by) in WAITS.items()}


async def moved(town: Town, waits: str, finished: str) -> dict[str, int]:
    """Each of them waits, the clock is set back, and this is by how much each of them is due earlier."""
    before = {row["name"]: row["at"] for row in await town.rows(waits)}
    assert before == {name: town.now + wait for name, (wait, _) in WAITS.items()}
    (done,) = await town.rows(finished)
    town.now -= BACK
    await town.database.transaction(lambda tx: clock_set.back(tx, BACK, town.now))
    assert await town.rows(finished) == [done]
    return {row["name"]: before[row["name"]] - row["at"] for row in await town.rows(waits)}


async def test_what_is_to_be_sent(town: Town) -> None:
    address = (await town.talk("hello", says=["done"])).address_id or 0
    await town.sends()
    rows = [
        Enqueued(address, name, 0, Spoken(name, "en"), "news", due_at=town.now + wait)
        for name, (wait, _) in WAITS.items()
    ]
    await town.database.transaction(lambda tx: outbox.enqueue(tx, rows, town.now))
    waits = "select cause as name, due_at as at from outbox where status = 'queued'"
    assert await moved(town, waits, "select due_at from outbox where status = 'sent'") == EXPECTED


async def test_what_is_to_be_heard(town: Town) -> None:
    await town.talk("done")
    for name, (wait, _) in WAITS.items():
        stored = await town.hears(external_id=name)
        await town.change(f"update inbox set due_at = {town.now + wait} where id = {stored.inbox_id}")
    waits = "select external_id as name, due_at as at from inbox where status = 'unread'"
    assert await moved(town, waits, "select due_at from inbox where status = 'done'") == EXPECTED


async def test_what_is_to_be_done(town: Town) -> None:
    rows = [due.row("forget", name, town.now + wait) for name, (wait, _) in WAITS.items()]
    await town.database.transaction(lambda tx: tx.many("put_due", rows))
    await town.database.transaction(lambda tx: due.put(tx, "media.erase", "done", town.now))
    (done,) = await town.database.read(lambda tx: due.take(tx, town.now, ["media.erase"]))
    await town.database.transaction(lambda tx: due.done(tx, done.id, town.now))
    waits = "select key as name, at from due where done_at is null"
    assert await moved(town, waits, "select at from due where done_at is not null") == EXPECTED


async def test_what_is_to_be_fetched(town: Town) -> None:
    await town.hears(attachments=[Attachment(name, "photo", name) for name in (*WAITS, "done")])
    for name, (wait, _) in WAITS.items():
        await town.database.transaction(partial(media.later, id=name, due_at=town.now + wait))
    await town.database.transaction(lambda tx: media.refused(tx, "done", "too large"))
    waits = "select id as name, due_at as at from media where state = 'wanted'"
    assert await moved(town, waits, "select due_at from media where state = 'refused'") == EXPECTED
