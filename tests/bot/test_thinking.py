"""What a message leads to, whatever came before it: the right council, one issue, and no loop."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from bot import informing
from bot.config import Talk
from core.sms import segments
from core.talk import Command, Pick
from storage.councils import Account, sync
from tests.bot.house import ACCOUNTS, EMPOLI, GRAZ, House, Wire, edited, house_in, words

ENGLISH = words()["en"]
PROBLEM = "The lamp in our street has been broken for weeks"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


# Questions and their answers


async def test_updates_that_come_in_the_wrong_order_file_nothing_unseen(house: House) -> None:
    # Their "1" overtakes the words that it was meant for.
    assert len(await house.says("1", external_id="8")) == 1
    (question,) = await house.says(PROBLEM, external_id="7")
    assert PROBLEM in question
    assert await house.issues() == []
    await house.says("1", external_id="9")
    assert len(await house.issues()) == 1


async def test_a_one_written_before_the_question_was_shown_does_not_agree_to_it(house: House) -> None:
    await house.store(house.message(PROBLEM), house.message("1"))
    await house.turns()
    assert await house.issues() == []
    await house.says("1")
    assert len(await house.issues()) == 1


async def test_two_taps_on_one_button_file_one_issue(house: House) -> None:
    await house.says(PROBLEM)
    first, second = await house.press("send"), await house.press("send")
    await house.store(first, second)
    await house.turns()
    assert len(await house.issues()) == 1


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
    assert await house.issues() == []


async def test_an_edit_changes_the_draft_or_adds_to_the_issue_and_answers_nothing(house: House) -> None:
    message = house.message("The lamp is brocken here")
    await house.store(message)
    await house.turns()
    await house.store(edited(message, "The lamp is broken here"))
    await house.turns()
    await house.says("1")
    assert [issue["words"] for issue in await house.issues()] == ["The lamp is broken here"]
    await house.store(
        structs.replace(edited(message, "The lamp and the bench are broken"), external_id="again")
    )
    await house.turns()
    assert [issue["words"] for issue in await house.issues()] == [
        "The lamp is broken here|The lamp and the bench are broken"
    ]
    unknown = structs.replace(edited(message, "1"), external_id="unknown", ref="never heard of")
    await house.store(unknown)
    await house.turns()
    assert list((await house.queued()).values())[-1].text.startswith(ENGLISH.say("more.not_found"))


# By SMS


@pytest.fixture
async def phone(house: House) -> House:
    """A house that is reached by SMS as well."""
    accounts = (*ACCOUNTS, Account("phone", "sms", "graz"))
    house.ids = await house.database.transaction(lambda tx: sync(tx, ["graz", "empoli"], accounts))
    return house


async def test_by_sms_the_talk_is_the_same_in_fewer_words(phone: House) -> None:
    (elsewhere,) = await phone.says(PROBLEM)
    (question,) = await phone.says(PROBLEM, who="b", account="phone")
    assert PROBLEM in elsewhere
    assert PROBLEM not in question
    assert segments(question) == 2
    assert len(question) < len(elsewhere)
    receipt, *_ = await phone.says("1", who="b", account="phone")
    assert receipt.startswith("We sent it. Your number: GRZ-")
    assert [issue["words"] for issue in await phone.issues()] == [PROBLEM]


async def test_a_language_that_is_chosen_by_sms_is_read_by_sms(phone: House) -> None:
    await phone.says(PROBLEM, account="phone")
    done, question = await phone.says("deutsch", account="phone")
    assert done == words()["de"].say("language.done")
    assert question.startswith(
        f"Sollen wir das schicken? Es geht an: {GRAZ.name}. Wir sind nicht die Polizei"
    )
    assert segments(question) == 2


async def test_what_the_provider_has_taken_for_a_stop_is_one_and_start_goes_on(phone: House) -> None:
    await phone.says(PROBLEM, account="phone")
    for stop, start in (("CANCEL", "START"), ("End", "yes"), ("quit", "UNSTOP")):
        await phone.says(stop, account="phone")
        assert await phone.column("select state from contact") == ["stopped"]
        (said,) = await phone.says(start, account="phone")
        assert await phone.column("select state from contact") == ["active"]
        assert f"Shall we send it to {GRAZ.name}? We are not the police" in said
    await phone.says("yes", account="phone")
    assert len(await phone.issues()) == 1


async def test_elsewhere_cancel_stops_nothing(phone: House) -> None:
    await phone.says(PROBLEM)
    (said,) = await phone.says("cancel")
    assert said.startswith(ENGLISH.say("draft.not_sent"))


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
    assert await house.issues() == []
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
    assert len(await house.issues()) == 1


async def test_a_council_s_own_patience_counts(house: House) -> None:
    hurried = Talk(quiet_seconds=0, set_aside_after=1, loop_same_words=3)
    taker = house.taker(hurried)
    said = []
    for _ in range(5):
        said += await house.says("help", taker=taker)
    assert len(said) == 3
    assert said[-1] == ENGLISH.say("more.loop")


# Councils


async def test_a_deep_link_brings_somebody_to_another_council(house: House) -> None:
    await house.says(PROBLEM)
    await house.says("3")
    (said,) = await house.says("", kind="start", payload="empoli")
    assert EMPOLI.name in said
    await house.says(PROBLEM)
    await house.says("1")
    (issue,) = await house.issues()
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
    filed = await house.issues()
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
    references = [issue["reference"] for issue in await house.issues()]
    assert len(references) == len(set(references)) == 3


# What the provider has answered


async def test_a_stop_that_the_provider_answered_is_obeyed_and_not_answered(house: House) -> None:
    await house.says(PROBLEM)
    assert await house.says("Stop", answered=Command.STOP) == []
    assert [fate[0] for fate in await house.fates()] == ["dropped"]
    assert await state(house) == "stopped"


async def test_a_start_that_the_provider_answered_brings_them_back_unasked(house: House) -> None:
    await house.says(PROBLEM)
    await house.says("stop", answered=Command.STOP)
    assert await house.says("JOIN", answered=Command.START) == []
    assert await state(house) == "active"
    (said, *_) = await house.says("1")
    assert "Your number is" in said


async def test_a_help_that_the_provider_answered_is_not_answered_and_answers_no_question(
    house: House,
) -> None:
    await house.says(PROBLEM)
    assert await house.says("INFO", answered=Command.HELP) == []
    (said, *_) = await house.says("1")
    assert "Your number is" in said


async def test_a_provider_that_answers_the_same_word_for_ever_is_no_loop_of_ours(house: House) -> None:
    for _ in range(25):
        assert await house.says("STOP", answered=Command.STOP) == []
    assert await house.says("START", answered=Command.START) == []
    assert await state(house) == "active"


async def test_who_says_start_is_written_to_again_whatever_a_provider_told_us(house: House) -> None:
    await house.says(PROBLEM)
    await house.change("update address set state = 'blocked'")
    await house.says("start")
    wire = Wire()
    await house.sends(house.sender(wire))
    assert wire.texts


async def state(house: House) -> str:
    (row,) = await house.rows("select state from contact")
    return str(row["state"])


async def test_who_said_stop_by_sms_hears_on_whatsapp_how_to_go_on_and_goes_on(phone: House) -> None:
    number = "+436601234567"
    on_whatsapp: dict[str, Any] = {"who": f"whatsapp:{number}", "account": "app"}
    await phone.says("STOP", who=number, account="phone")
    drafted = await phone.says(PROBLEM, **on_whatsapp)
    assert "start" in " ".join(drafted).lower()
    # It is said although nothing else is.
    assert set(await phone.column("select purpose from outbox where status = 'queued'")) == {"farewell"}
    assert await phone.issues() == []
    back = await phone.says("START", **on_whatsapp)
    assert PROBLEM in " ".join(back)
    await phone.says("1", **on_whatsapp)
    assert [issue["words"] for issue in await phone.issues()] == [PROBLEM]
    assert await phone.column("select state from contact") == ["active", "active"]
