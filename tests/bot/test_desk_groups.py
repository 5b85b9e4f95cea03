"""What says the same is answered together; what says several things is taken apart; names are covered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.grouping import Grouper
from bot.proposals import Proposals
from tests.bot.desk import Desk
from tests.bot.house import GRAZ, house_in, words

MONDAY = datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("Europe/Vienna"))
ONE = "Der Aufzug in der Annenstraße 12 ist seit drei Wochen kaputt"
SAME = "In der Annenstraße 12 ist der Aufzug kaputt, seit Wochen, niemand kommt"
OTHER = "Ich finde keinen Platz im Kindergarten für meine kleine Tochter"


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with house_in(tmp_path, monkeypatch) as house:
        made = Desk(house)
        await made.joins("anna", phone_language="en")
        yield made


async def three(desk: Desk) -> list[str]:
    return [
        await desk.files(text, who, phone_language="de")
        for text, who in ((ONE, "4711"), (SAME, "4712"), (OTHER, "4713"))
    ]


async def proposes(desk: Desk) -> int:
    return await Proposals(desk.house.database, Grouper(), words()).look(GRAZ)


async def test_what_says_the_same_is_proposed_once_and_g1_puts_it_together(desk: Desk) -> None:
    one, same, _ = await three(desk)
    assert await proposes(desk) == 1
    assert await proposes(desk) == 0
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    (digest,) = [message.text for message in await desk.sends() if "W47" in message.text]
    assert "G1" in digest
    said = await desk.house.says("G1", "anna")
    assert one in said[0]
    assert same in said[0]
    assert "no such proposal" in (await desk.house.says("G1", "anna"))[0]
    await desk.house.says(f"{one} D Er fährt wieder", "anna")
    await desk.works()
    await desk.sends()
    assert all(any("Er fährt wieder" in text for text in desk.told(who)) for who in ("4711", "4712"))


async def test_both_hear_together_and_neither_learns_of_the_other(desk: Desk) -> None:
    one, same, other = await three(desk)
    await desk.house.says(f"{one} M {same}", "anna")
    await desk.house.says(f"{same} D Er fährt wieder", "anna")
    await desk.works()
    await desk.sends()
    for who, mine, others in (("4711", one, same), ("4712", same, one)):
        (heard,) = [text for text in desk.told(who) if "Er fährt wieder" in text]
        assert mine in heard
        assert others not in heard
    assert not any("Er fährt wieder" in text for text in desk.told("4713"))
    found = await desk.house.column("select status from issue order by id")
    assert found == ["closed", "closed", "filed"]
    assert other not in str(desk.told("4711"))


async def test_left_apart_it_is_not_proposed_again(desk: Desk) -> None:
    await three(desk)
    await proposes(desk)
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    assert "stay apart" in (await desk.house.says("G1 no", "anna"))[0]
    assert await proposes(desk) == 0
    assert await desk.house.column("select group_id from issue") == [None, None, None]


async def test_several_problems_are_taken_apart(desk: Desk) -> None:
    reference = await desk.files(
        "Der Lift ist kaputt. Mein Chef zahlt nicht. Er schreit auch.", phone_language="de"
    )
    shown = await desk.house.says(f"{reference} P", "anna")
    assert "1. Der Lift ist kaputt." in shown[0]
    assert "Please write each number once" in (await desk.house.says("1 / 2", "anna"))[0]
    said = await desk.house.says("1 / 2 3", "anna")
    assert "Taken apart" in said[0]
    parts = await desk.house.rows(
        "select i.reference, t.words from issue i join text t on t.issue_id = i.id"
        " where t.superseded_at is null order by i.id, t.id"
    )
    assert [row["words"] for row in parts] == [
        "Der Lift ist kaputt.",
        "Mein Chef zahlt nicht.\nEr schreit auch.",
    ]
    (heard,) = [text for text in await desk.hears("4711") if "," in text and parts[1]["reference"] in text]
    assert reference in heard
    await desk.house.says(f"{parts[1]['reference']} S", "anna")
    assert any(parts[1]["reference"] in text for text in await desk.hears("4711"))


async def test_a_name_is_covered_for_everybody(desk: Desk) -> None:
    reference = await desk.files("Herr Huber vom Amt schreit mich an", phone_language="de")
    assert "do not stand there" in (await desk.house.says(f"{reference} R Frau Maier", "anna"))[0]
    assert "covered" in (await desk.house.says("herr huber", "anna"))[0]
    assert await desk.house.column("select words from text") == ["[…] vom Amt schreit mich an"]
    assert "Huber" not in (await desk.house.says(f"{reference} O", "anna"))[0]


async def test_a_name_is_covered_though_signs_that_nobody_sees_stand_in_it(desk: Desk) -> None:
    reference = await desk.files("Herr Hu\u200bber vom Amt schreit mich an", phone_language="de")
    assert "covered" in (await desk.house.says(f"{reference} R Herr Huber", "anna"))[0]
    assert await desk.house.column("select words from text") == ["[…] vom Amt schreit mich an"]


async def test_spam_is_closed_and_its_author_told_nothing(desk: Desk) -> None:
    reference = await desk.files("Buy cheap watches on our page today")
    await desk.house.says(f"{reference} X", "anna")
    await desk.house.says("1", "anna")
    assert await desk.hears("4711") == desk.told("4711")[: len(desk.told("4711"))]
    assert not any("News about" in text for text in desk.told("4711"))
    assert await desk.house.column("select status from issue") == ["spam"]
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    assert not any(reference in message.text for message in await desk.sends() if "W47" in message.text)


async def test_s_marks_all_that_is_new_as_read(desk: Desk) -> None:
    references = await three(desk)
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    said = await desk.house.says("S", "anna")
    assert all(reference in said[0] for reference in references)
    assert await desk.house.column("select status from issue") == ["seen"] * 3
    assert "nothing new" in (await desk.house.says("S", "anna"))[0]
