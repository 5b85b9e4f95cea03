"""The first digest: of what it tells, and to whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.grouping import Grouper
from bot.grouping import Proposals as Groups
from bot.proposals import Proposals
from tests.bot.desk import Desk
from tests.bot.house import GRAZ, house_in, words


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield Desk(house)


async def digests(desk: Desk) -> list[str]:
    """The digests that somebody got by now."""
    await desk.digests()
    return [message.text for message in await desk.sends() if "W4" in message.text]


async def test_nobody_gets_a_digest_that_was_due_before_they_came(desk: Desk) -> None:
    await desk.joins()  # on a Friday
    assert await digests(desk) == []
    desk.house.clock.passes(days=3)
    (first,) = await digests(desk)
    assert "W47" in first


async def test_the_first_digest_begins_with_the_oldest_issue_that_waits(desk: Desk) -> None:
    reference = await desk.files()
    desk.house.clock.passes(days=9)
    await desk.joins()
    desk.house.clock.passes(days=1)
    (first,) = await digests(desk)
    assert "20. November 2026 bis 30. November 2026" in first
    assert reference in first


class Unasked(Grouper):
    """Whom nobody should ask."""

    async def propose(self, *_texts: object, **_more: object) -> Groups:
        raise AssertionError("A process is begun for this.")


async def test_one_issue_alone_is_compared_with_nothing(desk: Desk) -> None:
    await desk.files("Die Heizung in unserem Haus ist seit Wochen kaputt", phone_language="de")
    assert await Proposals(desk.house.database, Unasked(), words()).look(GRAZ) == 0
