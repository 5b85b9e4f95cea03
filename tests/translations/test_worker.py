"""The worker process: what goes wrong in it stays in it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.translations.models import unpack
from translations.translator import Job, NoRoute, NoWorker, Translated, TranslationError, WorkerLost
from translations.worker import QUESTION, Worker

OBEDIENT = "tests.translations.engines:Obedient"
Making = Callable[..., Worker]


@pytest.fixture
async def making(tmp_path: Path) -> AsyncIterator[Making]:
    """Makes workers, and sees to it that they end."""
    made = []

    def make(engine: str = OBEDIENT, packages: Path = tmp_path / "none", **more: Any) -> Worker:
        made.append(Worker(packages, scratch=tmp_path / "scratch", engine=engine, **more))
        return made[-1]

    yield make
    for worker in made:
        await worker.close()
        assert worker.pid is None


def jobs(*texts: str) -> list[Job]:
    return [Job(text, "es", "en") for text in texts]


def said(answers: list[Translated | TranslationError]) -> list[str]:
    return [answer.text if isinstance(answer, Translated) else type(answer).__name__ for answer in answers]


async def test_a_real_model_translates_in_a_process_of_its_own(making, tmp_path):
    worker = making("translations.argos:Argos", unpack(tmp_path / "models", "es_en", "en_de"))
    assert worker.can("es", "de")
    assert worker.pid is None  # started when first needed
    answers = await worker.translate(
        [Job("La calefacción no funciona.", "es", "de"), Job("x", "fr", "de"), Job("Hola.", "es", "en")]
    )
    assert said(answers) == ["Die Heizung funktioniert nicht.", "UnknownLanguage", "Hello."]
    assert worker.pid is not None
    assert worker.pid != os.getpid()


async def test_many_texts_keep_their_order(making):
    texts = [f"text {number}" for number in range(3 * QUESTION + 1)]
    mixed = [Job(text, "es", ("en", "de")[number % 2]) for number, text in enumerate(texts)]
    assert said(await making().translate(mixed)) == [text.upper() for text in texts]


async def test_two_callers_at_once_each_get_their_own(making):
    worker = making()
    both = await asyncio.gather(*(worker.translate(jobs(text)) for text in ("one", "two", "three")))
    assert [said(answers) for answers in both] == [["ONE"], ["TWO"], ["THREE"]]


@pytest.mark.parametrize("misfortune", ["crash", "eat"])
async def test_what_a_crash_or_a_glutton_had_is_lost_and_the_next_is_done_by_another(making, misfortune):
    worker = making(memory_mb=200)
    (before,) = await worker.translate(jobs("before"))
    lost = await worker.translate(jobs("fine", misfortune))
    assert said(lost) == ["WorkerLost", "WorkerLost"]
    (after,) = await worker.translate(jobs("after"))
    assert isinstance(before, Translated)
    assert isinstance(after, Translated)
    assert before.engine != after.engine


async def test_what_is_killed_while_it_works_is_lost(making, tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    worker = making(options={"told": str(told)})
    asked = asyncio.create_task(worker.translate(jobs("hang")))
    pid = int(await asyncio.to_thread(told.read_text))
    assert pid == worker.pid
    os.kill(pid, signal.SIGKILL)
    assert said(await asked) == ["WorkerLost"]
    assert said(await worker.translate(jobs("again"))) == ["AGAIN"]


async def test_what_was_killed_while_nobody_asked_is_not_missed(making):
    worker = making()
    await worker.translate(jobs("one"))
    process = worker._process
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    assert said(await worker.translate(jobs("two"))) == ["TWO"]


async def test_what_hangs_is_ended(making):
    worker = making(limit=timedelta(seconds=3))
    (answer,) = await worker.translate(jobs("hang"))
    assert isinstance(answer, WorkerLost)
    assert "took too long" in str(answer)
    assert worker.pid is None
    assert said(await worker.translate(jobs("again"))) == ["AGAIN"]


async def test_a_caller_who_goes_away_takes_no_answer_from_the_next(making, tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    worker = making(options={"told": str(told)})
    impatient = asyncio.create_task(worker.translate(jobs("hang")))
    await asyncio.to_thread(told.read_text)
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    patient = asyncio.create_task(worker.translate(jobs("patient")))
    os.kill(worker.pid, signal.SIGKILL)
    assert said(await patient) == ["PATIENT"]


async def test_an_engine_that_fails_says_no_word_of_the_text(making):
    (answer,) = await making().translate(jobs("raise"))
    assert str(answer) == "The translation engine failed (ValueError)."


async def test_an_error_keeps_its_kind_and_its_sentence(making):
    (answer,) = await making().translate(jobs("no route"))
    assert isinstance(answer, NoRoute)
    assert str(answer) == "There is no way."


async def test_a_worker_that_cannot_start_blames_no_text(making):
    (no_module,) = await making("nowhere:Engine").translate(jobs("x"))
    assert isinstance(no_module, NoWorker)
    assert "No module named 'nowhere'" in str(no_module)
    (no_room,) = await making(memory_mb=1).translate(jobs("x"))
    assert isinstance(no_room, NoWorker)
    assert "enough memory" in str(no_room)


async def test_a_closed_worker_says_so(making):
    worker = making()
    await worker.translate(jobs("one"))
    await worker.close()
    (answer,) = await worker.translate(jobs("two"))
    assert isinstance(answer, NoWorker)


async def test_closing_does_not_wait_for_what_hangs(making, tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    worker = making(options={"told": str(told)})
    asked = asyncio.create_task(worker.translate(jobs("hang")))
    await asyncio.to_thread(told.read_text)
    await worker.close()
    assert said(await asked) == ["NoWorker"]


async def test_what_a_library_prints_goes_nowhere(making, capfd, caplog):
    with caplog.at_level(logging.DEBUG):
        assert said(await making().translate(jobs("print", "Pedro"))) == ["PRINT", "PEDRO"]
    out, err = capfd.readouterr()
    assert "pedro" not in f"{out}{err}{caplog.text}".casefold()


async def test_a_turn_comes_before_a_translation_and_secrets_stay_with_us(making, monkeypatch):
    monkeypatch.setenv("TELEGRAM_TOKEN", "secret")
    nice, environment = said(await making(nice=7).translate(jobs("nice", "environment")))
    assert int(nice) == min(19, os.nice(0) + 7)
    assert "TELEGRAM_TOKEN" not in environment.split()
    assert "ORT_DISABLE_TELEMETRY" in environment.split()


async def test_the_home_folder_stays_empty(making, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    worker = making("translations.argos:Argos", unpack(tmp_path / "models", "es_en"))
    assert said(await worker.translate(jobs("Hola."))) == ["Hello."]
    await worker.close()
    assert not list(home.iterdir())
