"""One process takes turns, one sends per account: no seat, no commit."""

import asyncio
from collections.abc import Awaitable
from functools import partial

import pytest

from core.errors import NotOurTurn
from storage import audit
from storage.postgres import PostgresSeat
from storage.tx import Tx
from tests.storage.town import PATIENCE, Town, until


def note(actor: str, tx: Tx) -> Awaitable[None]:
    return audit.note(tx, 1, actor, "did", "something")


async def actors(town: Town) -> list[str]:
    return [row["actor"] for row in await town.rows("select actor from audit order by id")]


@pytest.fixture
def refusals(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """Can be taken once for every time that a seat was asked for and was not free."""
    refusals = asyncio.Semaphore(0)
    sit_down = PostgresSeat.sit_down

    async def told(seat: PostgresSeat, name: str) -> bool:
        seated = await sit_down(seat, name)
        if not seated:
            refusals.release()
        return seated

    monkeypatch.setattr(PostgresSeat, "sit_down", told)
    monkeypatch.setattr("storage.postgres.SEAT_SECONDS", 0.01)
    return refusals


async def test_whoever_has_the_seat_writes(town: Town) -> None:
    async with town.database.seat("turns") as turns, town.database.seat("sending:telegram") as sending:
        await turns.transaction(lambda tx: note("anna", tx), name="C2")
        await sending.transaction(lambda tx: note("berta", tx), name="C3")
    assert await actors(town) == ["anna", "berta"]


async def test_a_second_one_waits_until_the_seat_is_free(
    postgres_town: Town, refusals: asyncio.Semaphore
) -> None:
    town = postgres_town
    seated = asyncio.Event()

    async def second() -> None:
        async with town.database.seat("turns") as seat:
            seated.set()
            await seat.transaction(lambda tx: note("berta", tx))

    async with asyncio.timeout(PATIENCE):
        async with town.database.seat("turns") as seat:
            waiting = asyncio.create_task(second())
            for _ in range(3):
                await refusals.acquire()
            assert not seated.is_set()
            await seat.transaction(lambda tx: note("anna", tx))
        await waiting
    assert await actors(town) == ["anna", "berta"]


async def test_who_waits_for_a_seat_can_be_told_to_stop(
    postgres_town: Town, refusals: asyncio.Semaphore
) -> None:
    town = postgres_town
    async with asyncio.timeout(PATIENCE):
        async with town.database.seat("turns"):
            waiting = asyncio.create_task(town.database.seat("turns").__aenter__())
            await refusals.acquire()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        async with town.database.seat("turns"):
            pass


async def test_who_has_lost_the_seat_writes_nothing(postgres_town: Town) -> None:
    town = postgres_town
    async with town.database.seat("turns") as seat:
        await seat.transaction(lambda tx: note("anna", tx))
        await take_away(town)
        for _ in range(2):
            with pytest.raises(NotOurTurn):
                await seat.transaction(lambda tx: note("berta", tx))
    async with town.database.seat("turns") as seat:
        await seat.transaction(lambda tx: note("clara", tx))
    assert await actors(town) == ["anna", "clara"]


async def test_a_seat_that_is_lost_in_the_middle_takes_its_transaction_along(postgres_town: Town) -> None:
    town = postgres_town

    async def work(tx: Tx) -> None:
        await note("anna", tx)
        await take_away(town)
        await note("berta", tx)

    async with town.database.seat("turns") as seat:
        with pytest.raises(NotOurTurn):
            await seat.transaction(work)
    assert await actors(town) == []


async def take_away(town: Town) -> None:
    """The server ends the connection that holds the seat, and gives the seat to whoever asks."""
    held = await town.rows("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
    assert len(held) == 1
    await until(
        lambda: town.rows("select pid from pg_locks where locktype = 'advisory'"), lambda held: not held
    )


async def test_one_connection_writes_one_thing_at_a_time(town: Town) -> None:
    async with town.database.seat("turns") as seat:
        await asyncio.gather(*(seat.transaction(partial(note, str(n))) for n in range(20)))
    assert len(await actors(town)) == 20
