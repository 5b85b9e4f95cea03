"""Everybody is answered once and in order, and a message that cannot be answered holds up nobody else."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from bot import informing, outage, turns
from bot.config import Talk
from core.errors import DiskFull, LostDatabase, NotOurTurn
from core.talk import Pick, Run, Turn
from flows.conversation import Conversation
from storage import inbox
from tests.bot.house import EMPOLI, GRAZ, Frail, House, Wire, at_work, edited, house_in, told_to_stop, words
from tests.peers.postgres import Cluster

#: makes one message one that cannot be answered
Poison = Callable[[House, pytest.MonkeyPatch], Awaitable[None] | None]

ENGLISH = words()["en"]
PROBLEM = "The lamp in our street has been broken for weeks"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


async def issues(house: House) -> list[dict[str, Any]]:
    """What is filed: reference, council and words."""
    return await house.rows(
        "select i.reference, k.key as council, group_concat(t.words, '|') as words "
        "from issue i join council k on k.id = i.council_id left join text t on t.issue_id = i.id "
        "group by i.id order by i.id"
    )


async def aside(house: House) -> list[str]:
    """The reasons why messages were set aside."""
    return [one.reason for one in await house.database.read(inbox.listed_aside)]


# A message that cannot be answered


def raises_when_heard(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hear = Conversation.hear

    def poisoned(self: Conversation, message: Any, *given: Any, **more: Any) -> Any:
        if "poison" in message.text:
            raise KeyError(message.text)
        return hear(self, message, *given, **more)

    monkeypatch.setattr(Conversation, "hear", poisoned)


def raises_when_answered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled(monkeypatch, lambda turn: 1 / 0)


def cannot_be_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiled(
        monkeypatch,
        lambda turn: structs.replace(turn, run=Run("r", "raise_issue", answers={"what": object()})),
    )


def spoiled(monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Turn], Any]) -> None:
    converse = Conversation.converse

    def poisoned(self: Conversation, situation: Any) -> Any:
        turn = converse(self, situation)
        return spoil(turn) if "poison" in situation.heard.text else turn

    monkeypatch.setattr(Conversation, "converse", poisoned)


async def is_refused_by_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.refuses("run", "body", "poison")


@pytest.mark.parametrize(
    ("poison", "reason"),
    [
        (raises_when_heard, "KeyError"),
        (raises_when_answered, "ZeroDivisionError"),
        (cannot_be_written, "TypeError"),
        (is_refused_by_the_database, "RefusedRow"),
    ],
)
async def test_amid_sixty_three_others_only_the_poisoned_message_is_set_aside(
    house: House, monkeypatch: pytest.MonkeyPatch, poison: Poison, reason: str
) -> None:
    if made := poison(house, monkeypatch):
        await made
    for n in range(64):
        await house.hears("a poison in the water" if n == 31 else f"{PROBLEM} {n}", who=str(n))
    await house.hears("and the bench too is broken", who="31")

    await house.turns()
    assert len(await house.queued()) == 63
    assert await aside(house) == []
    waits = []
    for _ in range(2):
        (due_at,) = await house.column("select due_at from inbox where attempts > 0")
        waits.append((due_at - house.clock.now) / 1_000_000)
        house.clock.now = due_at - 1
        assert await house.turns() == 0
        house.clock.now = due_at
        await house.turns()
    assert waits == [5, 20]
    assert await aside(house) == [reason]

    (draft,) = await house.column(
        "select r.body from run r join address a on a.contact_id = r.contact_id "
        "where a.contact_id = (select max(contact_id) from inbox where status = 'aside')"
    )
    assert "bench" in draft
    said = [one.text for one in (await house.queued()).values()]
    assert len([text for text in said if "bench" in text and ENGLISH.say("more.aside") not in text]) == 1
    assert len([text for text in said if ENGLISH.say("more.aside") in text]) == 1
    assert len(said) == 65
    assert not await house.rows("select id from inbox where status = 'unread'")


async def test_a_question_to_write_again_that_fails_itself_is_not_asked_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conversation, "converse", lambda *_: 1 / 0)
    await house.hears(PROBLEM)
    for _ in range(20):
        await house.turns()
        house.clock.passes(minutes=2)
    assert await aside(house) == ["ZeroDivisionError", "ZeroDivisionError"]
    assert not await house.rows("select id from inbox where status = 'unread'")
    assert await house.queued() == {}


async def test_who_was_asked_to_write_again_does_and_is_heard(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        raises_when_answered(house, patch)
        await house.hears("a poison in the water")
        for _ in range(3):
            await house.turns()
            house.clock.passes(minutes=1)
    ((_, asked),) = (await house.queued()).items()
    assert ENGLISH.say("more.aside") in asked.text
    (question,) = await house.says("a poison in the water")
    assert "a poison in the water" in question
    await house.says("1")
    assert [issue["words"] for issue in await issues(house)] == ["a poison in the water"]


# Order


async def test_a_batch_takes_the_oldest_message_of_each_person(house: House) -> None:
    for n in range(3):
        for who in ("one", "two"):
            await house.hears(f"{PROBLEM}, {who} {n}", who=who)
    taker = house.taker()
    async with house.database.seat("turns") as seat:
        for n in range(3):
            assert await taker.take(seat) == 2
            left = await house.column("select body from inbox where status = 'unread' order by id")
            assert len(left) == 4 - 2 * n
            assert not [body for body in left if f" {n}" in body]
        assert await taker.take(seat) == 0
    drafts = await house.column("select body from run order by contact_id")
    for who, draft in zip(("one", "two"), drafts, strict=True):
        places = [draft.index(f"{PROBLEM}, {who} {n}") for n in range(3)]
        assert places == sorted(places)


async def test_a_batch_has_a_limit_and_the_rest_is_answered_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "BATCH", 10)
    await house.store(*(house.message(who=str(n)) for n in range(25)))
    taker = house.taker()
    async with house.database.seat("turns") as seat:
        assert [await taker.take(seat) for _ in range(4)] == [10, 10, 5, 0]
    assert len(await house.queued()) == 25


async def test_updates_that_come_in_the_wrong_order_file_nothing_unseen(house: House) -> None:
    # Their "1" overtakes the words that it was meant for.
    assert len(await house.says("1", external_id="8")) == 1
    (question,) = await house.says(PROBLEM, external_id="7")
    assert PROBLEM in question
    assert await issues(house) == []
    await house.says("1", external_id="9")
    assert len(await issues(house)) == 1


async def test_a_one_written_before_the_question_was_shown_does_not_agree_to_it(house: House) -> None:
    await house.store(house.message(PROBLEM), house.message("1"))
    await house.turns()
    assert await issues(house) == []
    await house.says("1")
    assert len(await issues(house)) == 1


async def test_two_taps_on_one_button_file_one_issue(house: House) -> None:
    await house.says(PROBLEM)
    first, second = await house.press("send"), await house.press("send")
    await house.store(first, second)
    await house.turns()
    assert len(await issues(house)) == 1


async def test_a_button_of_a_question_that_is_gone_files_nothing_and_the_open_one_comes_again(
    house: House,
) -> None:
    await house.says(PROBLEM)
    old = await house.press("send")
    await house.says("3")
    (said,) = await house.says("", kind="press", token=old.token)
    assert said.startswith(ENGLISH.say("engine.gone"))
    await house.says("The heating is broken in the whole house")
    (said,) = await house.says("", kind="press", token=old.token)
    assert said.startswith(ENGLISH.say("engine.gone"))
    assert "heating" in said
    (said,) = await house.says("", kind="press", token=Pick("zzzzzz", "send", "send").token)
    assert said.startswith(ENGLISH.say("engine.gone"))
    (said,) = await house.says("", kind="press", token="not ours")
    assert said.startswith(ENGLISH.say("engine.gone"))
    assert await issues(house) == []


async def test_an_edit_changes_the_draft_or_adds_to_the_issue_and_answers_nothing(house: House) -> None:
    message = house.message("The lamp is brocken here")
    await house.store(message)
    await house.turns()
    await house.store(edited(message, "The lamp is broken here"))
    await house.turns()
    await house.says("1")
    assert [issue["words"] for issue in await issues(house)] == ["The lamp is broken here"]
    await house.store(
        structs.replace(edited(message, "The lamp and the bench are broken"), external_id="again")
    )
    await house.turns()
    assert [issue["words"] for issue in await issues(house)] == [
        "The lamp is broken here|The lamp and the bench are broken"
    ]
    unknown = structs.replace(edited(message, "1"), external_id="unknown", ref="never heard of")
    await house.store(unknown)
    await house.turns()
    assert list((await house.queued()).values())[-1].text.startswith(ENGLISH.say("more.not_found"))


# Stop, block


async def test_who_blocks_us_loses_what_waits_and_who_comes_back_is_heard(house: House) -> None:
    await house.says(PROBLEM)
    assert await house.says("", kind="blocked") == []
    assert await house.fates() == [("dropped", "blocked")]
    assert await house.says("", kind="unblocked") == []
    wire = Wire()
    await house.says("1")
    await house.sends(house.sender(wire))
    assert "Your number is" in wire.texts[0]


async def test_stop_drops_what_waits_and_only_the_answer_to_it_goes_out(house: House) -> None:
    await house.says(PROBLEM)
    await house.queue("news", "more news")
    assert await house.says("stop") == [ENGLISH.say("stop.nothing_sent")]
    await house.says("What about the lamp in our street?")
    wire = Wire()
    await house.sends(house.sender(wire))
    assert wire.texts == [ENGLISH.say("stop.nothing_sent"), ENGLISH.say("stop.still")]
    assert [fate for fate in await house.fates() if fate[0] == "dropped"] == [("dropped", "stopped")] * 3
    (said,) = await house.says("start")
    assert said.startswith(ENGLISH.say("start.again"))


async def test_whom_staff_have_muted_is_heard_and_not_answered(house: House) -> None:
    await house.says(PROBLEM)
    await house.change("update contact set muted = 1")
    assert await house.says("1") == []
    assert await issues(house) == []
    assert not await house.rows("select id from inbox where status = 'unread'")


# Loops, and the quiet


async def test_two_machines_do_not_talk_for_ever(house: House) -> None:
    said = []
    for _ in range(25):
        said += await house.says("Your message could not be delivered.")
        house.clock.passes(seconds=1)
    assert said.count(ENGLISH.say("more.loop")) == 1
    assert said.index(ENGLISH.say("more.loop")) == len(said) - 1
    assert len(said) == 20
    assert len(await house.says("The heating is broken in the whole house")) == 1


async def test_the_same_words_after_a_while_are_no_loop(house: House) -> None:
    said = []
    for _ in range(25):
        said += await house.says("help")
        house.clock.passes(seconds=20)
    assert len(said) == 25


async def test_five_short_messages_are_one_issue_and_one_question_in_the_quiet(house: House) -> None:
    wire = Wire()
    sender = house.sender(wire)
    for text in ("Hello council", "our lamp", "is broken", "since May", "please help us"):
        await house.hears(text)
        await house.turns()
        await house.sends(sender)
        house.clock.passes(seconds=2)
    before = len(wire.texts)
    house.clock.passes(seconds=17)
    await house.sends(sender)
    assert len(wire.texts) == before
    house.clock.passes(seconds=2)
    await house.sends(sender)
    assert len(wire.texts) == before + 1
    assert all(text in wire.texts[-1] for text in ("our lamp", "is broken", "since May", "please help us"))
    assert ("dropped", "superseded") in await house.fates()
    await house.says("1")
    assert len(await issues(house)) == 1


# Languages and councils


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Heizung in unserem Haus ist seit drei Wochen kaputt"),
        ("ar", "المصباح في شارعنا مكسور منذ أسابيع ولا أحد يصلحه"),
        ("uk", "У нашому будинку вже третій тиждень немає опалення"),
        ("en", "The heating in our house has been broken for three weeks"),
    ],
)
async def test_a_newcomer_is_answered_in_the_language_they_wrote_in(
    house: House, language: str, text: str
) -> None:
    await house.hears(text)
    await house.turns()
    ((_, question),) = (await house.queued()).items()
    assert question.language == language
    assert question.options[0].label == words()[language].say("raise_issue.send.send")
    assert await house.column("select language from contact") == [language]
    await house.says("1")
    assert await house.column("select language from issue") == [language]


async def test_a_short_text_that_could_be_either_is_answered_in_two_languages(house: House) -> None:
    (question,) = await house.says("lampa")
    heads = [phrases.say("raise_issue.send.send") for phrases in words().values()]
    (spoken,) = (await house.queued()).values()
    label = spoken.options[0].label
    assert len([head for head in heads if head in label.split(" / ")]) == 2
    assert question.count("lampa") == 2
    assert await house.column("select language from contact") == [None]
    # What they write next leaves no doubt, and from then on there is one.
    await house.says("Die Lampe in unserer Straße ist seit Wochen kaputt")
    spoken = list((await house.queued()).values())[-1]
    assert spoken.language == "de"
    assert " / " not in spoken.options[0].label


async def test_the_language_that_was_chosen_stays(house: House) -> None:
    await house.says("language")
    german = GRAZ.languages.index("de") + 1
    await house.says(str(german))
    await house.says("The heating in our house has been broken for three weeks")
    assert list((await house.queued()).values())[-1].language == "de"
    assert await house.rows("select language, language_chosen from contact") == [
        {"language": "de", "language_chosen": 1}
    ]


SPANISH = "No tenemos calefacción y el dueño no hace nada desde hace tres meses"
COLD = "The heating in our house has been broken for three weeks"


async def texts(house: House) -> list[str | None]:
    """The languages of the texts on record, in their order."""
    return await house.column("select language from text order by id")


async def test_what_is_filed_is_in_its_own_language_though_we_answer_in_another(house: House) -> None:
    (question,) = await house.says(SPANISH)
    assert question.count(SPANISH) == 2, "we are not sure which of our languages they read"
    await house.says("1")
    assert await house.column("select language from issue") == ["es"]
    assert await texts(house) == ["es"]
    assert await house.column("select language from contact") == [None]
    assert await house.rows("select source, language from translation") == [
        {"source": "es", "language": "de"}
    ]


async def test_a_draft_is_filed_in_the_language_of_all_its_words(house: House) -> None:
    await house.says("Hallo, ist die Lampe in unserer Straße kaputt?")
    await house.says("3")
    await house.says("Lampe!")
    await house.says(COLD)
    await house.says("1")
    assert await house.column("select language from issue") == ["en"]
    assert await texts(house) == ["en", "en"]


async def test_more_words_and_corrected_ones_are_in_a_language_of_their_own(house: House) -> None:
    await house.says(COLD)
    await house.says("1")
    await house.says(SPANISH)
    await house.says("and the water is cold since Monday")
    await house.says("correct")
    await house.says(SPANISH)
    await house.says("1")
    assert await texts(house) == ["en", "es", "en", "es"]


async def test_who_chose_a_language_may_write_in_another(house: House) -> None:
    await house.says("deutsch")
    await house.says(COLD)
    await house.says("1")
    assert await texts(house) == ["en"]
    assert await house.column("select language from contact") == ["de"]


async def test_words_that_are_plainly_not_in_the_persons_language_are_not_put_down_as_it(
    house: House,
) -> None:
    await house.says("Die Lampe in unserer Straße ist seit Wochen kaputt")
    await house.says("1")
    await house.says("Gatelykten foran skolen har vært ødelagt i to uker, og ingen gjør noe")
    assert await texts(house) == ["de", None]


async def test_a_deep_link_brings_somebody_to_another_council(house: House) -> None:
    await house.says(PROBLEM)
    await house.says("3")
    (said,) = await house.says("", kind="start", payload="empoli")
    assert EMPOLI.name in said
    await house.says(PROBLEM)
    await house.says("1")
    (issue,) = await issues(house)
    assert issue["council"] == "empoli"
    assert issue["reference"].startswith("EMP-")


@pytest.mark.parametrize("payload", ["nowhere", "gone", "../../etc", "x" * 64])
async def test_a_deep_link_to_a_council_we_do_not_have_leaves_everybody_where_they_were(
    house: House, payload: str
) -> None:
    await house.says("hello")
    (said,) = await house.says("", kind="start", payload=payload)
    assert GRAZ.name in said
    assert await house.column("select k.key from contact c join council k on k.id = c.council_id") == ["graz"]


async def test_who_belongs_to_a_council_that_is_not_configured_any_more_is_heard_all_the_same(
    house: House,
) -> None:
    await house.says("", kind="start", payload="gone", who="newcomer by an old link")
    await house.says("hello", who="old friend")
    await house.change("update contact set council_id = (select id from council where key = 'gone')")
    for who in ("newcomer by an old link", "old friend"):
        (question,) = await house.says(PROBLEM, who=who)
        assert GRAZ.name in question
        await house.says("1", who=who)
    filed = await issues(house)
    assert [issue["council"] for issue in filed] == ["graz", "graz"]
    assert all(issue["reference"].startswith("GRZ-") for issue in filed)


# References


async def test_references_that_are_drawn_twice_by_chance_are_still_unique(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws: Iterator[int] = iter([5, 5, 5, 5, 6, 6, 5, 7, *range(8, 100)])
    chance = SimpleNamespace(randbelow=lambda _: next(draws), token_hex=secrets.token_hex)
    for who in ("one", "two", "three"):
        await house.says(PROBLEM, who=who)
    monkeypatch.setattr(informing, "secrets", chance)
    await house.says("1", who="one")
    await house.store(house.message("1", who="two"), house.message("1", who="three"))
    await house.turns()
    references = [issue["reference"] for issue in await issues(house)]
    assert len(references) == len(set(references)) == 3


# After an unclean stop


async def test_after_an_unclean_stop_the_one_that_kills_us_is_found_and_set_aside(house: House) -> None:
    for n in range(5):
        await house.hears(f"{PROBLEM} {n}", who=str(n))
    mortal = house
    for life in range(3):
        frail = Frail(house.database)
        frail.hold("C2")
        mortal = replace(house, database=frail)
        running = asyncio.create_task(mortal.taker().run(careful=True))
        await frail.reached.wait()
        # Dies here. What it was about to do is on record, and of the others nothing.
        assert await house.column("select attempts from inbox order by id") == [life + 1, 0, 0, 0, 0]
        frail.breaks("C2", *[LostDatabase()] * 9)
        running.cancel()
        frail.let_go()
        await told_to_stop(running)
    async with at_work(house.taker().run(careful=True)):
        await house.until(house.queued, lambda queued: len(queued) == 5)
    assert await aside(house) == ["UncleanStop"]
    said = [one.text for one in (await house.queued()).values()]
    assert len([text for text in said if ENGLISH.say("more.aside") in text]) == 1


async def test_a_database_that_goes_away_meanwhile_is_not_counted_against_anybody(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "PATIENCE", (0.0, 0.0))
    await house.hears(PROBLEM)
    frail = Frail(house.database)
    frail.breaks("C2", *[LostDatabase()] * 9)
    async with at_work(replace(house, database=frail).taker().run(careful=True)):
        await house.until(house.queued)
    assert await aside(house) == []
    assert await house.column("select attempts from inbox") == [1]


async def test_after_an_unclean_stop_the_innocent_are_answered(house: House) -> None:
    await house.store(*(house.message(f"{PROBLEM} {n}", who=str(n)) for n in range(20)))
    async with at_work(house.taker(Talk(set_aside_after=1)).run(careful=True)):
        await house.until(house.queued, lambda queued: len(queued) == 20)
        await house.hears(PROBLEM, who="later")
        await house.until(house.queued, lambda queued: len(queued) == 21)
    assert await aside(house) == []
    assert set(await house.column("select status from inbox")) == {"done"}


# The database


@pytest.mark.parametrize("fault", [LostDatabase(), DiskFull(), NotOurTurn()])
@pytest.mark.parametrize("written", [False, True], ids=["not written", "written"])
async def test_a_database_that_was_away_costs_nobody_an_answer_and_nobody_gets_two(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Exception, written: bool
) -> None:
    monkeypatch.setattr(outage, "PATIENCE", (0.0, 0.0))
    frail = Frail(house.database)
    await house.store(*(house.message(f"{PROBLEM} {n}", who=str(n)) for n in range(10)))
    frail.breaks("C2", *[fault] * 3, written=written)
    taker = replace(house, database=frail).taker()
    async with at_work(taker.run()):
        await house.until(house.queued, lambda queued: len(queued) == 10)
        await house.hears(PROBLEM, who="later")
        taker.wake()
        await house.until(house.queued, lambda queued: len(queued) == 11)
    assert set(await house.column("select attempts from inbox")) == {0}


async def test_waits_grow_while_the_database_is_away_and_a_stop_ends_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    enough = asyncio.Event()

    async def notes(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 8:
            enough.set()
            await asyncio.Event().wait()

    monkeypatch.setattr(outage, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": notes}))
    frail = Frail(house.database)
    frail.breaks("C2", *[LostDatabase()] * 100)
    await house.hears(PROBLEM)
    async with at_work(replace(house, database=frail).taker().run()):
        await enough.wait()
    assert waited == [1, 2, 4, 8, 16, 30, 30, 30]


async def test_what_another_program_wrote_is_found_without_a_word(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "LOOK", 0.01)
    async with at_work(house.taker().run()):
        await house.hears(PROBLEM)
        await house.until(house.queued)


async def test_of_two_turn_takers_one_waits_for_the_seat_and_nobody_is_answered_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Cluster
) -> None:
    url = postgres.create_database()
    async with (
        house_in(tmp_path, monkeypatch, url=url) as one,
        house_in(tmp_path, monkeypatch, url=url) as other,
    ):
        first = asyncio.create_task(one.taker().run())
        await one.store(*(one.message(f"{PROBLEM} {n}", who=str(n)) for n in range(50)))
        await one.until(one.queued, lambda queued: len(queued) == 50)
        second = asyncio.create_task(other.taker().run())
        await one.store(*(one.message("1", who=str(n)) for n in range(50)))
        await one.until(lambda: one.column("select count(*) from issue"), lambda found: found == [50])
        assert _answered(other) == 0
        await told_to_stop(first)
        await one.store(*(one.message("skip", who=str(n)) for n in range(50)))
        await one.until(lambda: one.column("select status from inbox"), lambda found: set(found) == {"done"})
        assert (_answered(one), _answered(other)) == (100, 50)
        await told_to_stop(second)
        assert await one.column("select count(*) from issue") == [50]
        causes = await one.column("select cause from outbox where n = 0")
        assert len(causes) == len(set(causes)) == 150
    postgres.drop_database(url)


def _answered(house: House) -> int:
    (found,) = [
        line for line in house.metrics.text().decode().splitlines() if line.startswith("townbell_turns_total")
    ]
    return int(float(found.split()[1]))


async def test_a_council_s_own_patience_counts(house: House) -> None:
    hurried = Talk(quiet_seconds=0, set_aside_after=1, loop_same_words=3)
    taker = house.taker(hurried)
    said = []
    for _ in range(5):
        said += await house.says("help", taker=taker)
    assert len(said) == 3
    assert said[-1] == ENGLISH.say("more.loop")
