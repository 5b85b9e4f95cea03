"""A digest is written when it is sent, and keeps nobody waiting meanwhile."""

import threading
from pathlib import Path
from typing import Any

import pytest

from bot.digests import completed
from outreach.digest_text import as_text
from tests.bot.desk import Desk
from tests.bot.house import house_in, words
from tests.outreach.weeks import issue, week


async def test_a_digest_is_written_beside_the_conversations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing: list[threading.Thread] = []

    def written(*args: Any, **more: Any) -> str:
        writing.append(threading.current_thread())
        return as_text(*args, **more)

    monkeypatch.setattr("bot.digests.as_text", written)
    async with house_in(tmp_path, monkeypatch) as house:
        desk = Desk(house)
        await desk.joins()
        await desk.files()
        house.clock.passes(days=7)
        assert await desk.digests() == 1
        sent = [message.text for message in await desk.sends() if message.address == "anna"]
    assert "1A" in sent[-1]
    assert len(writing) == 1
    assert threading.main_thread() not in writing


@pytest.mark.parametrize("name", ["Herr Huber", "Herr \u200bHuber", "He\u2060rr Huber"])
def test_a_name_is_to_be_checked_though_signs_that_nobody_sees_stand_before_it(name: str) -> None:
    catalogs = words()
    matter = week(issue(1, original=f"{name} vom Amt schreit mich an"), issue(2, original="Kein Licht"))
    looked = completed(matter, catalogs["de"], catalogs, {})
    assert [entry.names_somebody for entry in looked.new] == [True, False]
