"""What a machine makes of an answer: said as it is, looked at first, or left to a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.answering import AnswerWorker
from tests.bot.desk import Desk
from tests.bot.house import house_in, words
from translations.translator import NoWorker, Off, Translated, WorkerLost

PLAIN = "Wir kümmern uns um das Haus"
HEAVY = "Sie müssen das Haus verlassen"


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with house_in(tmp_path, monkeypatch) as house:
        made = Desk(house)
        await made.files()
        await made.joins("anna")
        yield made


def good(text: str) -> Translated:
    return Translated(text, "good", "", "argos")


async def says(desk: Desk, text: str) -> None:
    (reference,) = await desk.house.column("select reference from issue order by id limit 1")
    await desk.house.says(f"{reference} F {text}", "anna")


async def renders(desk: Desk, machine: Any = None) -> int:
    async with desk.house.database.seat("answering") as seat:
        return await AnswerWorker(desk.house.database, machine or desk.machine, words()).take(seat)


async def rendering(desk: Desk) -> dict[str, Any]:
    (row,) = await desk.house.rows("select * from rendering")
    return row


@pytest.mark.parametrize(
    ("text", "made", "kept"),
    [
        pytest.param(PLAIN, good("We see to it"), ("ready", "", "We see to it"), id="plain"),
        pytest.param(HEAVY, good("You must go"), ("look", "weighty", "You must go"), id="holds a duty"),
        pytest.param(
            PLAIN, Translated("we we", "doubtful", "length", "a"), ("look", "checks", "we we"), id="doubtful"
        ),
        pytest.param(PLAIN, Translated(PLAIN, "failed", "echo", "a"), ("look", "checks", ""), id="failed"),
    ],
)
async def test_what_is_good_goes_out_and_the_rest_is_looked_at(desk, text, made, kept) -> None:
    desk.machine.answers[text] = made
    await says(desk, text)
    assert await renders(desk) == 1
    row = await rendering(desk)
    assert (row["status"], row["reason"], row["words"]) == kept
    assert bool(row["back"]) == (kept[0] == "look" and bool(kept[2]))
    assert await renders(desk) == 0  # once


async def test_a_model_that_falls_over_three_times_leaves_it_to_a_person(desk: Desk) -> None:
    desk.machine.answers[PLAIN] = WorkerLost()
    await says(desk, PLAIN)
    with capture_logs() as logs:
        for _ in range(3):
            await renders(desk)
            desk.house.clock.passes(minutes=5)
    row = await rendering(desk)
    assert (row["status"], row["reason"], row["words"]) == ("look", "checks", "")
    assert PLAIN not in str(logs)


async def test_a_worker_that_does_not_start_is_asked_again_and_nobody_is_troubled(desk: Desk) -> None:
    desk.machine.answers[PLAIN] = NoWorker()
    await says(desk, PLAIN)
    for _ in range(10):
        await renders(desk)
        desk.house.clock.passes(hours=3)
    assert (await rendering(desk))["status"] == "waiting"
    del desk.machine.answers[PLAIN]
    await renders(desk)
    assert (await rendering(desk))["status"] == "ready"


async def test_where_translation_is_off_a_person_writes_it(desk: Desk) -> None:
    await says(desk, PLAIN)
    await renders(desk, Off())
    row = await rendering(desk)
    assert (row["status"], row["reason"]) == ("look", "no model")


async def test_in_a_language_whose_words_we_do_not_know_every_answer_weighs(desk: Desk) -> None:
    desk.machine.pairs.add(("lb", "en"))
    await says(desk, PLAIN)
    await desk.house.change("update answer set language = 'lb'")
    await renders(desk)
    assert (await rendering(desk))["reason"] == "weighty"


async def test_who_reads_the_councils_language_hears_its_own_words(desk: Desk) -> None:
    reference = await desk.files("Die Heizung im ganzen Haus ist kaputt", "4712", phone_language="de")
    await desk.house.says(f"{reference} F {HEAVY}", "anna")
    assert await renders(desk) == 0
    assert HEAVY in (await desk.hears("4712"))[-1]


async def test_a_look_is_asked_for_once_and_the_next_one_after_it(desk: Desk) -> None:
    for number in (1, 2):
        await says(desk, f"Sie bekommen {number}00 Euro")
    looks = [text for text in await desk.hears("anna") if "Euro" in text and "[en]" in text]
    assert len(looks) == 1
    assert await desk.hears("anna") == []
    await desk.house.says("1", "anna")
    (second,) = [text for text in await desk.hears("anna") if "[en]" in text]
    assert "200 Euro" in second


async def test_look_brings_the_next_one(desk: Desk) -> None:
    assert "2" not in (await desk.house.says("look", "anna"))[0]
    await says(desk, "Sie bekommen 100 Euro")
    await renders(desk)
    assert "[en] Sie bekommen 100 Euro" in (await desk.house.says("look", "anna"))[0]


async def test_an_interpreter_looks_where_the_writer_is_gone(desk: Desk) -> None:
    await desk.joins("ivan", "interpreter", phone_language="en")
    await says(desk, "Sie bekommen 100 Euro")
    await desk.removes(1)
    assert any("[en] Sie bekommen 100 Euro" in text for text in await desk.hears("ivan"))
    await desk.house.says("1", "ivan")
    assert (
        "[en] Sie bekommen 100 Euro" in desk.told("4711")[-1]
        or "[en] Sie bekommen 100 Euro" in (await desk.hears("4711"))[-1]
    )
