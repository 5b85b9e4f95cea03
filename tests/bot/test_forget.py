"""Whoever runs Townbell can erase a person by a reference, and it is noted that they did."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from bot import clock
from bot.beside import NothingStored
from bot.config_reading import load
from bot.export import export_issues
from bot.forget import UnknownReference, forget
from tests.bot.filed import NOW, WORDS, Installation, installation


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return installation(tmp_path)


async def exported(bell: Installation) -> str:
    out = BytesIO()
    await export_issues(load(bell.config, {}), "graz", "json", out)
    return out.getvalue().decode()


async def test_a_person_is_erased_by_a_reference(bell):
    await bell.file_issue("GRZ-7K4M", "Die Heizung ist kaputt")
    await bell.file_issue("GRZ-2222", "Der Lift steht")

    done = await forget(load(bell.config, {}), "grz 7k4m")

    assert done.reference == "GRZ-7K4M"
    assert done.backups_until == date(2026, 9, 21) + timedelta(days=30)
    assert "Heizung" not in await exported(bell)
    assert "Der Lift steht" in await exported(bell)


async def test_nothing_of_their_words_is_left_in_the_files(bell):
    await bell.file_issue(words=WORDS)
    await forget(load(bell.config, {}), "GRZ-7K4M")
    left = b"".join(path.read_bytes() for path in bell.data.glob("townbell.db*"))
    assert b"Heizung" not in left


async def test_what_was_done_is_noted_without_words(bell):
    await bell.file_issue()
    await forget(load(bell.config, {}), "GRZ-7K4M")
    with closing(sqlite3.connect(bell.data / "townbell.db")) as database:
        ((actor, action, subject),) = database.execute("select actor, action, subject from audit").fetchall()
    assert actor.startswith("command line")
    assert (action, subject) == ("forget", "GRZ-7K4M")


async def test_a_reference_that_opens_nothing_is_told(bell):
    await bell.file_issue()
    settings = load(bell.config, {})
    for reference, sentence in (
        ("GRZ-9999", "There is no issue GRZ-9999, or its person had everything deleted already."),
        ("LNZ-7K4M", "LNZ-7K4M is not a reference; they look like GRZ-7K4M."),
        ("Heizung", "Heizung is not a reference; they look like GRZ-7K4M."),
    ):
        with pytest.raises(UnknownReference) as refused:
            await forget(settings, reference)
        assert str(refused.value) == sentence

    await forget(settings, "GRZ-7K4M")
    with pytest.raises(UnknownReference, match="had everything deleted already"):
        await forget(settings, "GRZ-7K4M")


async def test_where_nothing_was_ever_stored_nothing_is_made(bell):
    with pytest.raises(NothingStored, match=r"There is no database in .*/data yet"):
        await forget(load(bell.config, {}), "GRZ-7K4M")
    assert not bell.data.exists()
