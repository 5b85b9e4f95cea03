"""What the code on a poster leads to when it arrives: council, language and place, and nothing by force."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.house import EMPOLI, GRAZ, House, house_in, words

ENGLISH, GERMAN = words()["en"], words()["de"]
PROBLEM = "The lamp in our street has been broken for weeks"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


async def filed(house: House) -> tuple[str, str]:
    """Council and place of the one issue that is filed."""
    (issue,) = await house.rows("select k.key, i.place from issue i join council k on k.id = i.council_id")
    return issue["key"], issue["place"]


@pytest.mark.parametrize(
    "scanned",
    [
        pytest.param({"text": "", "kind": "start", "payload": "empoliLdeIVia_Roma"}, id="a link"),
        pytest.param({"text": "Hallo #empoli/de/Via_Roma"}, id="a message"),
    ],
)
async def test_a_poster_chooses_council_language_and_place_until_they_say_otherwise(
    house: House, scanned: dict[str, Any]
) -> None:
    (said,) = await house.says(**scanned, phone_language="en")
    assert GERMAN.say("welcome.hello", council=EMPOLI.name) in said
    chosen = await house.rows("select language, language_chosen from contact")
    assert [(row["language"], row["language_chosen"]) for row in chosen] == [("de", 0)]
    (asked,) = await house.says(PROBLEM)  # in English
    assert "Shall we send it?" in asked
    await house.says("1")
    assert await filed(house) == ("empoli", "Via Roma")


async def test_a_language_that_somebody_chose_is_not_changed_by_a_poster(house: House) -> None:
    await house.says("english")
    (said,) = await house.says("", kind="start", payload="grazLar")
    assert ENGLISH.say("welcome.hello", council=GRAZ.name) in said


@pytest.mark.parametrize(
    "scanned",
    [
        pytest.param({"text": "", "kind": "start", "payload": "nowhereLdeILend"}, id="no such council"),
        pytest.param({"text": "", "kind": "start", "payload": "grazLzz"}, id="a language nobody speaks here"),
        pytest.param({"text": "", "kind": "start", "payload": "grazIx' or 1=1"}, id="no link of ours"),
        pytest.param({"text": "", "kind": "start", "payload": "grazU____"}, id="a place that is no text"),
        pytest.param({"text": "Hello #nowhere/de/Lend"}, id="no such council, in a message"),
        pytest.param({"text": "Hello #graz/zz"}, id="no such language, in a message"),
        pytest.param({"text": "Hello #graz/en/<b>Lend</b>"}, id="markup"),
        pytest.param({"text": "Hello #graz/';drop_table_contact;--"}, id="a query"),
        pytest.param({"text": "Hello #graz/e"}, id="a mark that was cut off"),
    ],
)
async def test_a_poster_that_we_did_not_print_is_answered_by_an_ordinary_welcome(
    house: House, scanned: dict[str, Any]
) -> None:
    (said,) = await house.says(**scanned, phone_language="en")
    assert said == "\n\n".join(
        (ENGLISH.say("welcome.hello", council=GRAZ.name), ENGLISH.say("raise_issue.what"))
    )
    assert await house.column("select k.key from contact c join council k on k.id = c.council_id") == ["graz"]
    await house.says(PROBLEM)
    await house.says("1")
    assert await filed(house) == ("graz", "")
