"""What is due is a row: late after a weekend, never lost, never twice."""

from functools import partial

from storage import due
from tests.storage.town import DAY, Town


async def test_it_is_due_when_its_time_has_come_until_it_is_done(town: Town) -> None:
    put = lambda tx: due.put(tx, "digest", "digest:1", town.now + DAY, detail={"week": 12})  # noqa: E731
    await town.database.transaction(put)
    await town.database.transaction(lambda tx: due.put(tx, "other", "other:1", town.now))
    take = lambda tx: due.take(tx, town.now, ["digest", "media"])  # noqa: E731
    assert await town.database.read(take) == []
    town.now += 3 * DAY
    (one,) = await town.database.read(take)
    assert (one.kind, one.key, one.detail, one.attempts) == ("digest", "digest:1", {"week": 12}, 0)
    await town.database.transaction(lambda tx: due.later(tx, one.id, town.now + 1))
    assert await town.database.read(take) == []
    town.now += 1
    (again,) = await town.database.read(take)
    assert (again.id, again.attempts) == (one.id, 1)
    await town.database.transaction(lambda tx: due.done(tx, one.id, town.now))
    await town.database.transaction(put)
    assert await town.database.read(take) == []


async def test_the_oldest_of_several_kinds_come_first(town: Town) -> None:
    for number, kind in enumerate(("a", "b", "a", "b")):
        at = town.now - number
        await town.database.transaction(partial(due.put, kind=kind, key=f"{kind}:{number}", at=at))
    found = await town.database.read(lambda tx: due.take(tx, town.now, ["a", "b"], 3))
    assert [one.key for one in found] == ["b:3", "a:2", "b:1"]


async def test_what_is_cancelled_can_be_put_anew(town: Town) -> None:
    for at in (town.now - 2, town.now - 1):
        await town.database.transaction(partial(due.put, kind="a", key="a:1", at=at))
    assert [one.at for one in await town.database.read(lambda tx: due.take(tx, town.now, ["a"]))] == [
        town.now - 2
    ]
    await town.database.transaction(lambda tx: due.cancel(tx, "a:1"))
    assert await town.database.read(lambda tx: due.take(tx, town.now, ["a"])) == []
    await town.database.transaction(lambda tx: due.put(tx, "a", "a:1", town.now))
    assert len(await town.database.read(lambda tx: due.take(tx, town.now, ["a"]))) == 1
