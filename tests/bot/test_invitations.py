"""Invitations stop by themselves: the yes or no is on record, and news of one's issue comes all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.desk import LIFT, Desk
from tests.bot.house import Wire, house_in

NUMBER = "+436641234567"


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield Desk(house)


async def said(desk: Desk) -> list[tuple[bool, str]]:
    """Yes and no to invitations, in the order in which they were said; and over which channel."""
    rows = await desk.house.rows(
        "select given, channel from consent where purpose = 'invitations' order by at"
    )
    return [(bool(row["given"]), row["channel"]) for row in rows]


@pytest.mark.parametrize(("account", "channel"), [("bell", "telegram"), ("text", "sms")])
async def test_news_of_an_issue_comes_after_no_invitations(desk: Desk, account: str, channel: str) -> None:
    desk.wire = Wire(account)
    await desk.joins()
    await desk.house.says(LIFT, NUMBER, account=account)
    await desk.house.says("1", NUMBER, account=account)
    (reference,) = await desk.house.column("select reference from issue")
    (answer, *_) = await desk.house.says("No invitations", NUMBER, account=account)
    assert "News of your issues still comes" in answer
    assert await said(desk) == [(False, channel)]
    await desk.house.says(f"{reference} closed Er ist repariert", "anna")
    *_, news = await desk.hears(NUMBER)
    assert "[en] Er ist repariert" in news
    await desk.house.says("invitations", NUMBER, account=account)
    assert await said(desk) == [(False, channel), (True, channel)]


async def test_after_no_invitations_nobody_is_asked_about_them(desk: Desk) -> None:
    await desk.house.says("no more invitations please")
    await desk.files()
    answers = [await desk.house.says("skip") for _ in range(4)]
    assert "That is all" in answers[-1][0]
    (data,) = await desk.house.says("my data")
    assert "Invitations: you said no on" in data
    assert 'write "invitations"' in data


async def test_the_question_about_invitations_is_answered_once(desk: Desk) -> None:
    await desk.files()
    *_, (question, *_) = [await desk.house.says("skip") for _ in range(4)]
    assert question.startswith("May we invite you")
    (answer, *_) = await desk.house.says("keine Einladungen")
    assert "May we invite you" not in answer
    assert await said(desk) == [(False, "telegram")]


async def test_who_has_stopped_stays_so(desk: Desk) -> None:
    await desk.joins()
    reference = await desk.files()
    await desk.house.says("stop")
    await desk.house.says("invitations")
    assert await said(desk) == [(True, "telegram")]
    assert await desk.house.column("select state from contact where language = 'en'") == ["stopped"]
    await desk.house.says(f"{reference} closed Er ist repariert", "anna")
    heard = await desk.hears("4711")
    assert [text for text in heard if "repariert" in text] == []
