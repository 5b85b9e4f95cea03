"""The process that looks for issues that say the same: it ends with its question, however that ends."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot import grouping
from bot.grouping import NICE, Grouper, GroupingFault, has_grouping
from core.errors import TownbellError
from outreach.grouping import Text
from tests.bot import finders

LIFT = (
    Text(4, "Der Aufzug in der Annenstraße ist seit Wochen kaputt"),
    Text(7, "In der Annenstraße ist der Aufzug kaputt, schon seit drei Wochen"),
    Text(9, "Ich finde keinen Platz im Kindergarten für meine Tochter"),
)


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def written(file: Path) -> str:
    return file.read_text() if file.exists() else ""


async def until_written(file: Path) -> int:
    """The number that stands in a file as soon as it does."""
    async with asyncio.timeout(60):
        while not written(file):
            await asyncio.sleep(0.01)
    return int(written(file))


async def test_what_says_the_same_is_found_in_another_process() -> None:
    assert has_grouping()
    grouper = Grouper()
    assert await grouper.propose(LIFT) == [(4, 7)]
    assert await grouper.propose(LIFT, [(7, 4)], common=["Das ist alles."]) == []


async def test_the_process_is_gone_with_its_question() -> None:
    [(pid, nice)] = await Grouper(propose=finders.who).propose(LIFT)
    assert pid != os.getpid()
    assert nice == os.nice(0) + NICE
    assert not is_there(pid)


async def test_several_questions_are_asked_one_after_another() -> None:
    grouper = Grouper(propose=finders.who)
    answers = await asyncio.gather(*(grouper.propose(LIFT) for _ in range(3)))
    assert len({pid for [(pid, _)] in answers}) == 3


async def test_nothing_is_left_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert await Grouper().propose(LIFT) == [(4, 7)]
    assert list(home.rglob("*")) == []


async def test_a_crash_is_a_sentence_and_the_next_question_is_answered() -> None:
    with pytest.raises(TownbellError, match="Nothing is proposed this time"):
        await Grouper(propose=finders.crash).propose(LIFT)
    assert await Grouper().propose(LIFT) == [(4, 7)]


async def test_what_takes_too_long_ends_itself(tmp_path: Path) -> None:
    hanging = Grouper(propose=finders.hang, limit=timedelta(seconds=0.5))
    with pytest.raises(GroupingFault):
        await hanging.propose([Text(1, str(tmp_path / "begun"))])


async def test_who_goes_away_takes_the_process_along(tmp_path: Path) -> None:
    grouper = Grouper(propose=finders.hang)
    asked = asyncio.create_task(grouper.propose([Text(1, str(tmp_path / "begun"))]))
    pid = await until_written(tmp_path / "begun")
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not is_there(pid)


async def test_who_goes_away_while_it_starts_waits_for_nothing(tmp_path: Path) -> None:
    asked = asyncio.create_task(Grouper(propose=finders.hang).propose([Text(1, str(tmp_path / "begun"))]))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not (tmp_path / "begun").exists()


async def test_where_it_is_not_installed_nothing_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "find_spec", lambda name: None)
    assert not has_grouping()
    assert await Grouper().propose(LIFT) == []
