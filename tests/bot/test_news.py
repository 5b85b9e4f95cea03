"""What the council says waits on WhatsApp for the person's next word, and that word is heard first."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.channels.twilio import Twilio
from bot.config import Template
from storage import answers, outbox
from storage.answers import Said
from storage.outbox import KNOCKED, OUTSIDE
from storage.reports import Report, reported
from tests.bot.desk import Desk
from tests.bot.house import MORNING, House, house_in, words
from tests.bot.phones import NEWS
from tests.peers.twilio_api import TwilioApi

ON_HERS = "whatsapp:+436601234567"
WHOLE = Template(NEWS.sid, ("council", "text"))
#: no template; one that only asks them to write; one that holds the whole message, but is not taken
WAYS: Mapping[str, Mapping[str, Any]] = {
    "nothing may be sent": {},
    "they are asked to write": {"news": {"en": NEWS}},
    "the template is not taken": {"news": {"en": Template(f"HX{'b' * 32}", ("text",))}},
}


@dataclass
class Story:
    """Somebody on WhatsApp, and the council that answers."""

    desk: Desk
    api: TwilioApi
    line: Twilio
    read: int = field(default=0)  #: how much of what was sent to them is read

    @property
    def house(self) -> House:
        return self.desk.house

    async def writes(self, text: str) -> list[str]:
        """They write; what they read in the next minutes."""
        await self.house.hears(text, ON_HERS, account="app")
        return await self.reads()

    async def reads(self) -> list[str]:
        """What goes out to them in the next minutes."""
        for _ in range(2):
            await self.house.turns()
            await self.desk.works()
            await self.house.sends(self.house.sender(self.line))
            self.house.clock.passes(minutes=2)
        new, self.read = self.api.sent[self.read :], len(self.api.sent)
        return [one.get("Body") or json.loads(one["ContentVariables"]).get("1", "") for one in new]

    async def files(self) -> str:
        """They raise an issue, and answer nothing more; its reference."""
        await self.writes("The lift in our house is broken")
        await self.writes("1")
        (reference,) = await self.house.column("select reference from issue")
        return str(reference)

    async def is_told(self, reference: str, kind: Any = "decided") -> None:
        """The council says something about their issue."""
        said = Said(kind, words="The lift is repaired", language="en")
        await self.house.database.transaction(
            lambda tx: answers.answer(tx, reference, said, self.house.clock.now, "en")
        )

    async def waits(self, reference: str) -> int:
        return await self.house.database.read(lambda tx: outbox.news_waits(tx, reference))


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


@pytest.fixture
async def story(house: House, api: TwilioApi, lines: Any) -> Story:
    return Story(Desk(house), api, lines("app"))


async def waiting(story: Story) -> str:
    """Three days after they raised it, the council decides; the news waits for their word."""
    await story.desk.joins("anna")
    reference = await story.files()
    story.house.clock.passes(days=3)
    await story.is_told(reference)
    await story.reads()
    assert (await story.house.column("select reason from outbox where purpose = 'news'"))[0] in (
        OUTSIDE,
        KNOCKED,
    )
    return reference


async def test_nothing_that_stands_behind_what_waits_is_seen_before_they_write(story: Story) -> None:
    lift = await story.files()
    for said in ("new", "The lamp in our street is dark", "1"):
        await story.writes(said)
    (lamp,) = await story.house.column(f"select reference from issue where reference <> '{lift}'")
    story.house.clock.passes(days=3)
    for reference in (lift, lamp):
        await story.is_told(str(reference))
        await story.reads()
    assert (await story.waits(lift), await story.waits(str(lamp))) == (1, 1)
    assert await story.house.database.read(outbox.waiting) == []
    heard = await story.writes("My son was beaten at school yesterday")
    assert (says_it(heard), "added" in " ".join(heard)) == (0, False)
    told = [*await story.writes("1"), *await story.reads(), *await story.writes("2"), *await story.reads()]
    assert await story.house.column("select count(*) from issue") == [3]
    assert says_it(told) == 2
    first, second = (text for text in told if "The lift is repaired" in text)
    assert (lift in first, str(lamp) in second) == (True, True)
    reopened = "select reference from issue where status = 'reopened'"
    # An answer is one to what was shown last.
    assert await story.house.column(reopened) == [lamp]


def says_it(texts: list[str]) -> int:
    """How often the news was said."""
    return sum("The lift is repaired" in text for text in texts)


@pytest.mark.parametrize("templates", WAYS.values(), ids=WAYS)
async def test_a_new_problem_is_heard_first_and_the_news_comes_after(
    house: House, api: TwilioApi, lines: Any, templates: Mapping[str, Any]
) -> None:
    story = Story(Desk(house), api, lines("app", templates=templates))
    await waiting(story)
    heard = await story.writes("My son was beaten at school yesterday")
    assert "My son was beaten" in heard[-1]
    assert (says_it(heard), "added" in " ".join(heard)) == (0, False)
    sent = await story.writes("1")
    assert await story.house.column("select count(*) from issue") == [2]
    assert says_it(sent) == 1
    assert "Is it solved?" in sent[-1]
    assert await story.house.column("select what from issue_history where what = 'added'") == []
    assert "Thank you for telling us" in (await story.writes("1"))[0]


@pytest.mark.parametrize("word", ["hello", "status", "1", "ok", "thank you"])
async def test_any_other_word_brings_the_news_once_and_answers_nothing(story: Story, word: str) -> None:
    reference = await waiting(story)
    heard = await story.writes(word)
    assert says_it(heard) == 1
    assert "Is it solved?" in heard[-1]
    assert await story.house.column("select what from issue_history where what = 'reopened'") == []
    assert await story.waits(reference) == 0
    assert says_it(await story.reads()) == 0
    assert "open again" in (await story.writes("2"))[0]


async def test_staff_see_that_it_waits(story: Story) -> None:
    reference = await waiting(story)
    assert await story.waits(reference) == 1
    told = [one.text for one in (await story.house.queued()).values()]
    assert words()["de"].say("desk.told.waits", reference=reference) in told


async def test_what_is_not_a_question_waits_and_is_said_once_too(story: Story) -> None:
    reference = await story.files()
    story.house.clock.passes(days=3)
    await story.house.database.transaction(
        lambda tx: answers.answer(tx, reference, Said("seen"), story.house.clock.now, "en")
    )
    await story.reads()
    heard = await story.writes("My son was beaten at school yesterday")
    assert "My son was beaten" in heard[-1]
    read = words()["en"].say("news.seen", reference=reference, hear_by="", day="", references="")[:30]
    sent = [*heard, *(await story.writes("1"))]
    assert sum(read in text for text in sent) == 1


async def test_who_writes_at_night_to_hear_it_hears_it_then(story: Story) -> None:
    await waiting(story)
    story.house.clock.is_set_to(MORNING.replace(day=24, hour=23))
    assert says_it(await story.writes("hello")) == 1


async def test_what_whatsapp_gives_back_is_not_asked_any_more(
    house: House, api: TwilioApi, lines: Any
) -> None:
    story = Story(
        Desk(house), api, lines("app", templates={"news": {"en": WHOLE}}, status_url="https://x.org/s")
    )
    reference = await story.files()
    house.clock.passes(days=3)
    await story.is_told(reference)
    assert len(await story.reads()) == 1
    (row,) = await house.rows("select id, provider_id from outbox where purpose = 'news'")
    late = Report("app", row["id"], row["provider_id"], "window", "error 63016")
    await house.database.transaction(lambda tx: reported(tx, late, house.clock.now))
    heard = await story.writes("My son was beaten at school yesterday")
    assert "My son was beaten" in heard[-1]
    assert says_it(await story.writes("1")) == 1


async def test_a_draft_that_lay_below_the_question_is_open_again(story: Story) -> None:
    reference = await story.files()
    for _ in range(6):
        await story.house.says("skip", ON_HERS, account="app")
    await story.writes("And the bus never comes in the morning")
    story.house.clock.passes(days=2)
    await story.is_told(reference)
    await story.reads()
    heard = await story.writes("It did not come today")
    assert "the bus never comes" in heard[-1]
    assert "It did not come today" in heard[-1]
    assert says_it(await story.writes("1")) == 1
    assert await story.house.column("select count(*) from issue") == [2]


async def test_a_crash_between_their_word_and_its_turn_loses_nothing(story: Story) -> None:
    await waiting(story)
    await story.house.hears("My son was beaten at school yesterday", ON_HERS, account="app")
    # Whoever comes back looks for news before anybody is heard.
    await story.desk.works(1)
    heard = await story.reads()
    assert "My son was beaten" in heard[-1]
    assert says_it(heard) == 0
    assert says_it(await story.writes("1")) == 1


async def test_who_says_stop_hears_no_news_and_staff_learn_that_it_did_not_arrive(story: Story) -> None:
    reference = await waiting(story)
    heard = await story.writes("stop")
    assert says_it(heard) == 0
    assert await story.house.column("select state from news") == ["untold"]
    told = [one.text for one in (await story.house.queued()).values()]
    assert any(reference in text for text in told)
