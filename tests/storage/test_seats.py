"""One process takes turns, one sends per account: no seat, no commit."""

import asyncio

import pytest

from core.errors import NotOurTurn
from storage import audit


def note(actor, tx):
    return audit.note(tx, 1, actor, "did", "something")


async def actors(town) -> list[str]:
    return [row["actor"] for row in await town.rows("select actor from audit order by id")]


async def test_whoever_has_the_seat_writes(town):
    async with town.database.seat("turns") as turns, town.database.seat("sending:telegram") as sending:
        await turns.transaction(lambda tx: note("anna", tx), name="C2")
        await sending.transaction(lambda tx: note("berta", tx), name="C3")
    assert await actors(town) == ["anna", "berta"]


async def test_a_second_one_waits_until_the_seat_is_free(postgres_town):
    town = postgres_town
    seated = asyncio.Event()

    async def second():
        async with town.database.seat("turns") as seat:
            seated.set()
            await seat.transaction(lambda tx: note("berta", tx))

    async with town.database.seat("turns") as seat:
        waiting = asyncio.create_task(second())
        await asyncio.sleep(1)
        assert not seated.is_set()
        await seat.transaction(lambda tx: note("anna", tx))
    await asyncio.wait_for(waiting, 5)
    assert await actors(town) == ["anna", "berta"]


async def test_who_waits_for_a_seat_can_be_told_to_stop(postgres_town):
    town = postgres_town
    async with town.database.seat("turns"):
        waiting = asyncio.create_task(town.database.seat("turns").__aenter__())
        await asyncio.sleep(0.2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(5), town.database.seat("turns"):
        pass


async def test_who_has_lost_the_seat_writes_nothing(postgres_town):
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


async def test_a_seat_that_is_lost_in_the_middle_takes_its_transaction_along(postgres_town):
    town = postgres_town

    async def work(tx):
        await note("anna", tx)
        await take_away(town)
        await note("berta", tx)

    async with town.database.seat("turns") as seat:
        with pytest.raises(NotOurTurn):
            await seat.transaction(work)
    assert await actors(town) == []


async def take_away(town) -> None:
    """The server ends the connection that holds the seat, and gives the seat to whoever asks."""
    held = await town.rows("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
    assert len(held) == 1
    while await town.rows("select pid from pg_locks where locktype = 'advisory'"):
        await asyncio.sleep(0.01)


async def test_one_connection_writes_one_thing_at_a_time(town):
    async with town.database.seat("turns") as seat:
        await asyncio.gather(*(seat.transaction(lambda tx, n=n: note(str(n), tx)) for n in range(20)))
    assert len(await actors(town)) == 20
