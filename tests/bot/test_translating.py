"""What people wrote is put into the language that the council reads, once, whatever the model does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.export import write_issues
from bot.translating import TranslationWorker
from tests.bot.house import GRAZ, House, house_in
from translations.translator import Answer, Job, NoRoute, Translated, WorkerLost

PROBLEM = "The street lamp in our street is broken and it is dark at night"
CRASHING = "The street lamp makes the model fall over and nobody knows why"


class Model:
    """Stands in for the model: knows English to German, and falls over where it is told to."""

    def __init__(self) -> None:
        self.able = True
        self.ways = {("en", "de")}
        self.told: list[list[str]] = []
        self.falls_over: set[str] = set()
        self.answers: dict[str, Answer] = {}

    def can(self, source: str, target: str) -> bool:
        return self.able and (source, target) in self.ways

    async def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        texts = [job.text for job in jobs]
        self.told.append(texts)
        if self.falls_over.intersection(texts):
            return [WorkerLost() for _ in jobs]
        return [
            self.answers.get(text, Translated(f"auf Deutsch: {text}", "good", "", "argos")) for text in texts
        ]

    async def close(self) -> None:
        """Nothing was open."""


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


@pytest.fixture
def model() -> Model:
    return Model()


def worker(house: House, model: Model) -> TranslationWorker:
    return TranslationWorker(house.database, model, ["de"])


async def work(house: House, model: Model, times: int = 1) -> int:
    taken = 0
    async with house.database.seat("translating") as seat:
        for _ in range(times):
            taken += await worker(house, model).take(seat)
    return taken


async def files(house: House, text: str = PROBLEM, who: str = "4711") -> None:
    await house.says(text, who)
    await house.says("1", who)


async def exported(house: House) -> list[dict[str, Any]]:
    out = BytesIO()
    await write_issues(house.database, GRAZ, "json", out)
    return list(json.loads(out.getvalue()))


async def statuses(house: House) -> list[tuple[str, str, int]]:
    rows = await house.rows("select status, reason, attempts from translation order by text_id")
    return [(row["status"], row["reason"], row["attempts"]) for row in rows]


async def test_an_issue_is_read_in_the_councils_language_beside_the_original(
    house: House, model: Model
) -> None:
    await files(house)
    assert await work(house, model) == 1
    (issue,) = await exported(house)
    assert issue["original"] == PROBLEM
    assert issue["translations"] == {
        "de": {"text": f"auf Deutsch: {PROBLEM}", "made_by": "machine", "status": "good"}
    }
    assert await work(house, model) == 0
    assert model.told == [[PROBLEM]]


async def test_a_language_that_the_council_does_not_speak_is_read_where_a_model_is(
    house: House, model: Model
) -> None:
    turkish = "Evimizde küf var ve ev sahibi hiçbir şey yapmıyor, çocuklarım çok hasta"
    await files(house, turkish)
    await files(house, who="other")
    assert await work(house, model, times=2) == 1, "Turkish waits, and holds up nobody"
    model.ways.add(("tr", "de"))
    assert await work(house, model, times=2) == 1
    assert model.told == [[PROBLEM], [turkish]]
    assert [issue["language"] for issue in await exported(house)] == ["tr", "en"]


async def test_a_draft_is_nobodys_to_translate(house: House, model: Model) -> None:
    await house.says(PROBLEM)
    assert await work(house, model) == 0


async def test_where_no_model_is_the_text_waits_until_one_appears(house: House, model: Model) -> None:
    model.able = False
    await files(house)
    assert await work(house, model) == 0
    assert [issue["translations"] for issue in await exported(house)] == [{}]
    model.able = True
    assert await work(house, model) == 1
    assert await statuses(house) == [("good", "", 0)]


async def test_a_doubtful_translation_is_marked_and_a_failed_one_is_not_shown(
    house: House, model: Model
) -> None:
    await files(house)
    await files(house, CRASHING, who="other")
    model.answers = {
        PROBLEM: Translated("Lampe Lampe Lampe", "doubtful", "repetition", "argos"),
        CRASHING: Translated("The street lamp", "failed", "echo", "argos"),
    }
    await work(house, model)
    assert await statuses(house) == [("doubtful", "repetition", 0), ("failed", "echo", 0)]
    first, second = await exported(house)
    assert first["translations"]["de"]["status"] == "doubtful"
    assert second["translations"] == {}


async def test_of_a_batch_only_the_text_that_fells_the_model_waits(house: House, model: Model) -> None:
    await files(house)
    await files(house, CRASHING, who="other")
    model.falls_over = {CRASHING}
    await work(house, model)
    assert await statuses(house) == [("good", "", 0), ("waiting", "crash", 1)]
    assert model.told == [[PROBLEM, CRASHING], [PROBLEM], [CRASHING]]


async def test_a_text_that_fells_the_model_three_times_is_set_aside_and_read_in_the_original(
    house: House, model: Model
) -> None:
    await files(house, CRASHING)
    model.falls_over = {CRASHING}
    for _ in range(5):
        await work(house, model)
        house.clock.passes(hours=1)
    assert await statuses(house) == [("failed", "crash", 2)]
    assert len(model.told) == 3
    (issue,) = await exported(house)
    assert (issue["original"], issue["translations"]) == (CRASHING, {})


async def test_a_way_that_is_gone_for_a_moment_is_asked_for_later_and_costs_no_attempt(
    house: House, model: Model
) -> None:
    await files(house)
    model.answers = {PROBLEM: NoRoute()}
    await work(house, model)
    assert await work(house, model) == 0
    model.answers = {}
    house.clock.passes(minutes=10)
    await work(house, model)
    assert await statuses(house) == [("good", "", 0)]


async def test_an_issue_that_is_erased_while_it_is_translated_leaves_no_words(
    house: House, model: Model
) -> None:
    await files(house)
    translate = model.translate

    async def meanwhile(jobs: Sequence[Job]) -> list[Answer]:
        await house.says("delete")
        await house.says("1")
        return await translate(jobs)

    model.translate = meanwhile  # type: ignore[method-assign]
    await work(house, model)
    assert await house.rows("select * from translation") == []
    assert await house.rows("select * from text") == []
