"""A transaction commits whole or not at all, and nobody else gets into it."""

import asyncio
from collections.abc import Awaitable, Iterable
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from core.errors import LostDatabase, StorageFault
from storage import audit, inbox, tasks
from storage.tx import Tx
from tests.storage.town import PATIENCE, Town


def note(actor: str, tx: Tx) -> Awaitable[None]:
    return audit.note(tx, 1, actor, "did", "something")


async def actors(town: Town) -> list[str]:
    return [row["actor"] for row in await town.rows("select actor from audit order by id")]


async def test_an_exception_rolls_everything_back(town: Town) -> None:
    async def work(tx: Tx) -> None:
        await note("anna", tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await town.database.transaction(work)
    assert await actors(town) == []
    await town.database.transaction(lambda tx: note("berta", tx))
    assert await actors(town) == ["berta"]


async def test_a_result_comes_back(town: Town) -> None:
    assert await town.database.transaction(inbox.counts) == inbox.Counts(0, None, 0)
    assert await town.database.read(inbox.counts) == inbox.Counts(0, None, 0)


async def test_who_waits_may_be_cancelled_and_the_transaction_ends_all_the_same(town: Town) -> None:
    inside, on = asyncio.Event(), asyncio.Event()

    async def work(tx: Tx) -> None:
        await note("anna", tx)
        inside.set()
        await on.wait()
        await note("berta", tx)

    caller = asyncio.create_task(town.database.transaction(work))
    await inside.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await actors(town) == []
    on.set()
    await town.database.transaction(lambda tx: note("clara", tx))
    await town.database.close()
    assert sorted(await actors(town)) == ["anna", "berta", "clara"]


class Line(asyncio.Lock):
    """The lock of who writes, which tells when somebody has to stand in line for it."""

    def __init__(self) -> None:
        super().__init__()
        self.somebody_stands = asyncio.Event()

    async def acquire(self) -> Literal[True]:
        if self.locked():
            self.somebody_stands.set()
        return await super().acquire()


async def test_another_task_does_not_join_an_open_transaction(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside, on, line = asyncio.Event(), asyncio.Event(), Line()
    monkeypatch.setattr(town.database, "_writing", line, raising=False)  # a server has none

    async def fails(tx: Tx) -> None:
        await note("anna", tx)
        inside.set()
        await on.wait()
        raise ZeroDivisionError

    failing = asyncio.create_task(town.database.transaction(fails))
    await inside.wait()
    other = asyncio.create_task(town.database.transaction(lambda tx: note("berta", tx)))
    try:
        await either(other, line.somebody_stands)
    finally:
        on.set()
    with pytest.raises(ZeroDivisionError):
        await failing
    await other
    assert await actors(town) == ["berta"]


async def test_a_reader_sees_one_moment_and_holds_nobody_up(town: Town) -> None:
    async def look(tx: Tx) -> inbox.Counts:
        before = await inbox.counts(tx)
        await town.hears()
        assert await inbox.counts(tx) == before
        return before

    assert (await town.database.read(look)).unread == 0
    assert (await town.database.read(inbox.counts)).unread == 1


async def test_a_reader_can_change_nothing(town: Town) -> None:
    with pytest.raises(StorageFault):
        await town.database.read(lambda tx: note("anna", tx))
    assert await actors(town) == []
    await town.database.transaction(lambda tx: note("berta", tx))


async def test_a_reader_that_is_cancelled_leaves_its_place_to_others(town: Town) -> None:
    for _ in range(12):
        inside = asyncio.Event()

        async def dawdle(tx: Tx, inside: asyncio.Event = inside) -> None:
            await inbox.counts(tx)
            inside.set()
            await asyncio.Event().wait()

        reader = asyncio.create_task(town.database.read(dawdle))
        async with asyncio.timeout(PATIENCE):
            await inside.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
    assert (await town.database.read(inbox.counts)).unread == 0


@pytest.fixture
def waits_for_others(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once somebody waits until no transaction is under way."""
    waits = asyncio.Event()

    async def wait(under_way: Iterable[asyncio.Task[Any]]) -> None:
        waits.set()
        await asyncio.wait(under_way)

    monkeypatch.setattr(tasks, "asyncio", SimpleNamespace(**vars(asyncio) | {"wait": wait}))
    return waits


async def test_closing_waits_for_what_is_under_way(town: Town, waits_for_others: asyncio.Event) -> None:
    inside, on = asyncio.Event(), asyncio.Event()

    async def slow(tx: Tx) -> None:
        inside.set()
        await on.wait()
        await note("anna", tx)

    writing = asyncio.create_task(town.database.transaction(slow))
    await inside.wait()
    closing = asyncio.create_task(town.database.close())
    try:
        await either(closing, waits_for_others)
        assert not closing.done()
    finally:
        on.set()
    await closing
    await writing
    assert await actors(town) == ["anna"]
    with pytest.raises(LostDatabase):
        await town.database.transaction(lambda tx: note("berta", tx))
    with pytest.raises(LostDatabase):
        await town.database.read(inbox.counts)


async def either(done: asyncio.Task[Any], happened: asyncio.Event) -> None:
    """Wait until a task is done or something has happened, whichever is first."""
    done.add_done_callback(lambda _: happened.set())
    async with asyncio.timeout(PATIENCE):
        await happened.wait()


async def test_a_query_nobody_wrote_and_a_verb_that_does_not_fit_are_faults(town: Town) -> None:
    with pytest.raises(KeyError, match="no_such_query"):
        await town.database.read(lambda tx: tx.all("no_such_query"))
    with pytest.raises(TypeError, match="inbox_counts"):
        await town.database.read(lambda tx: tx.do("inbox_counts"))
    with pytest.raises(KeyError, match="limit"):
        await town.database.read(lambda tx: tx.all("listed_aside"))


async def test_each_and_steps_run_nothing_for_no_rows(town: Town) -> None:
    async def work(tx: Tx) -> None:
        assert await tx.each("council_id", []) == []
        await tx.many("inbox_done", [])
        await tx.steps([("inbox_done", []), ("drop_quiet", [])])

    await town.database.transaction(work)
