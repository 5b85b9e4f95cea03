"""A council answers, and who raised the issue hears it, in their language, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import ContactStopped
from tests.bot.desk import LIFT, Desk
from tests.bot.house import house_in


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield Desk(house)


async def states(desk: Desk) -> list[str]:
    return await desk.house.column("select state from news order by id")


async def status(desk: Desk, reference: str) -> str:
    (found,) = await desk.house.column(f"select status from issue where reference = '{reference}'")
    return str(found)


async def test_an_answer_reaches_the_person_in_their_language(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    shown = await desk.house.says(reference, "anna")
    assert reference in shown[0]
    said = await desk.house.says(f"{reference} D Der Aufzug ist repariert", "anna")
    assert reference in said[0]
    heard = await desk.hears("4711")
    assert "[en] Der Aufzug ist repariert" in heard[-1]
    assert reference in heard[-1]
    assert "Is it solved?" in heard[-1]
    assert await states(desk) == ["said"]
    assert await status(desk, reference) == "closed"
    assert await desk.hears("4711") == []  # and only once


async def test_staff_read_what_somebody_wrote_as_it_is_and_it_is_kept_as_it_came(desk: Desk) -> None:
    written = "Herr H\u200bub\ufeffer will \u202e001\u202c Euro \u2067von mir\u2069. Er sagt می\u200cخواهم."
    reference = await desk.files(written, phone_language="de")
    await desk.joins()
    for code in (reference, f"{reference} O"):
        shown = (await desk.house.says(code, "anna"))[0]
        assert "Herr Huber will 001 Euro von mir. Er sagt می\u200cخواهم." in shown
    parts = (await desk.house.says(f"{reference} P", "anna"))[0]
    assert "1. Herr Huber will 001 Euro von mir.\n2. Er sagt می\u200cخواهم." in parts
    assert await desk.house.column("select words from text") == [written]


async def test_a_day_needs_no_machine_and_no_look(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} A 8.12.", "anna")
    heard = await desk.hears("4711")
    assert "8 December 2026" in heard[-1]
    assert desk.machine.told == []
    assert await status(desk, reference) == "discussed"


async def test_what_is_asked_back_is_answered_and_the_council_hears(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} C Welche Hausnummer?", "anna")
    heard = await desk.hears("4711")
    assert "[en] Welche Hausnummer?" in heard[-1]
    assert await status(desk, reference) == "asked"
    answered = await desk.house.says("No", "4711")  # whatever it is, it is the answer
    assert "The council reads your answer" in answered[0]
    assert f"There is an answer about {reference}" not in answered[0]
    assert any(reference in text for text in await desk.hears("anna"))
    shown = await desk.house.says(f"{reference} O", "anna")
    assert "No" in shown[0]


async def test_an_answer_days_later_still_answers_what_was_asked(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} C Welche Hausnummer?", "anna")
    await desk.hears("4711")
    desk.house.clock.passes(days=5)
    answered = await desk.house.says("It is number twelve", "4711")
    assert "The council reads your answer" in answered[0]
    words = await desk.house.column("select words from text order by id")
    assert words == [LIFT, "It is number twelve"]


async def test_it_is_not_solved_and_opens_again(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} D Der Aufzug ist repariert", "anna")
    await desk.hears("4711")
    said = await desk.house.says("2", "4711")
    assert "open again" in said[0]
    await desk.house.says("It broke again the next morning", "4711")
    assert await status(desk, reference) == "reopened"
    assert any("ist nicht gelöst" in text or reference in text for text in await desk.hears("anna"))
    shown = await desk.house.says("status", "4711")
    assert "not solved" in shown[0]


async def test_a_weighty_answer_waits_for_a_look(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} F Sie bekommen 300 Euro zurück", "anna")
    looks = await desk.hears("anna")
    assert "[en] Sie bekommen 300 Euro zurück" in looks[-1]
    assert "[de] [en] Sie bekommen 300 Euro zurück" in looks[-1]
    assert await desk.hears("4711") == []
    await desk.house.says("1", "anna")
    assert "[en] Sie bekommen 300 Euro zurück" in (await desk.hears("4711"))[-1]


async def test_status_tells_of_an_answer_once_it_was_told(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} A 8 Dec 300 Euro", "anna")
    await desk.hears("anna")
    before = await desk.house.says("status", "4711")
    assert "8 December" not in before[0]
    assert "sent to the council" in before[0]
    await desk.house.says("1", "anna")
    await desk.hears("4711")
    assert "to be discussed on 8 December" in (await desk.house.says("status", "4711"))[0]


async def test_what_was_answered_since_takes_the_place_of_what_waits_for_a_look(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna")
    await desk.house.says(f"{reference} A 8 Dec 300 Euro", "anna")
    await desk.hears("anna")
    await desk.house.says("cancel", "anna")
    await desk.house.says(f"{reference} A 9 Dec", "anna")
    assert any("9 December" in text for text in await desk.hears("4711"))
    assert "Seither wurde noch etwas geantwortet" in (await desk.house.says("look", "anna"))[0]
    assert "Diese Antwort hören sie nicht" in (await desk.house.says("4", "anna"))[0]
    assert await desk.hears("4711") == []
    assert not any("8 December" in text for text in desk.told("4711"))
    said = await desk.house.says("status", "4711")
    assert "9 December" in said[0]
    assert "8 December" not in said[0]


@pytest.mark.parametrize(
    ("replies", "heard", "by_machine"),
    [
        (["1"], "[en] Sie bekommen 300 Euro", True),
        (["2", "You get 300 euros back"], "You get 300 euros back", False),
        (["3"], "Sie bekommen 300 Euro", False),
    ],
)
async def test_who_looks_sends_it_writes_it_or_sends_the_original(
    desk: Desk, replies: list[str], heard: str, by_machine: bool
) -> None:
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} F Sie bekommen 300 Euro", "anna")
    await desk.hears("anna")
    for reply in replies:
        await desk.house.says(reply, "anna")
    (said,) = await desk.hears("4711")
    assert heard in said
    assert ("A machine translated this" in said) == by_machine


async def test_without_a_model_staff_write_it_themselves(desk: Desk) -> None:
    desk.machine.pairs.clear()
    reference = await desk.files()
    await desk.joins()
    await desk.house.says(f"{reference} F Wir kümmern uns darum", "anna")
    look = (await desk.hears("anna"))[-1]
    assert "Wir kümmern uns darum" in look
    await desk.house.says("1", "anna")  # the first way is to write it
    await desk.house.says("We see to it", "anna")
    assert "We see to it" in (await desk.hears("4711"))[0]


# Who may


async def test_an_invitation_works_once(desk: Desk) -> None:
    await desk.joins("chief", "operator")
    code = await desk.joins("anna")
    await desk.hears("chief")
    said = await desk.house.says(f"join {code}", "stranger", phone_language="en")
    assert "was used before" in said[0]
    (told,) = await desk.hears("chief")
    assert "invitation" in told or "Einladung" in told
    again = await desk.house.says(f"join {code}", "stranger", phone_language="en")
    assert "was used before" in again[0]
    assert await desk.hears("chief") == []  # told once
    assert len(await desk.house.column("select id from staff where joined_at is not null")) == 2


async def test_two_who_come_with_one_invitation_at_once(desk: Desk) -> None:
    code = await desk.invites()
    await desk.house.hears(f"join {code}", "anna", phone_language="en")
    await desk.house.hears(f"join {code}", "bernd", phone_language="en")
    await desk.house.turns()
    assert len(await desk.house.column("select contact_id from staff where joined_at is not null")) == 1
    said = [spoken.text for spoken in (await desk.house.queued()).values()]
    assert sum("was used before" in text for text in said) == 1


async def test_an_old_invitation_and_an_unknown_one(desk: Desk) -> None:
    code = await desk.invites()
    desk.house.clock.passes(days=8)
    assert "too old" in (await desk.house.says(f"join {code}", "anna", phone_language="en"))[0]
    assert "do not know this invitation" in (await desk.house.says("join 2345-6789-ABCD", "anna"))[0]


async def test_a_link_of_telegram_invites_too(desk: Desk) -> None:
    code = await desk.invites("deputy")
    said = await desk.house.says(
        "", "anna", kind="start", payload=f"join_{code.replace('-', '')}", phone_language="en"
    )
    assert "deputy" in said[0]
    assert await desk.house.column("select role from staff where joined_at is not null") == ["deputy"]


async def test_a_code_means_nothing_to_others(desk: Desk) -> None:
    reference = await desk.files()
    said = await desk.house.says(f"{reference} D closed by a stranger", "stranger")
    assert "Shall we send it?" in said[0]  # their own draft, as of anybody
    assert await status(desk, reference) == "filed"


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("coordinator", {"answer", "original"}),
        ("deputy", {"answer", "original"}),
        ("interpreter", {"original"}),
        ("organiser", set()),
        ("facilitator", set()),
        ("operator", set()),
    ],
)
async def test_each_role_does_what_is_its_own(desk: Desk, role, may) -> None:
    reference = await desk.files()
    await desk.joins("anna", role, phone_language="en")
    original = (await desk.house.says(f"{reference} O", "anna"))[0]
    assert (LIFT in original) == ("original" in may)
    await desk.house.says(f"{reference} S", "anna")
    assert (await status(desk, reference) == "seen") == ("answer" in may)


async def test_removed_in_mid_talk_nothing_more_is_done(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says(f"{reference} D", "anna")
    (number,) = await desk.house.column("select id from staff")
    await desk.removes(number)
    said = await desk.house.says("Because it is repaired", "anna")
    assert "do not work for the council here any more" in said[0]
    assert await status(desk, reference) == "filed"
    assert await desk.house.column("select id from answer") == []


async def test_what_nobody_has_translated_is_shown_as_it_was_written_and_marked(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    shown = await desk.house.says(reference, "anna")
    assert f"Not translated yet. As it was written (English):\n{LIFT}" in shown[0]
    rows = await desk.house.rows("select action from audit where actor = 'staff 1' order by id")
    assert [row["action"] for row in rows][1:] == ["issue.original"]


async def test_the_audit_knows_who_did_what(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna")
    await desk.house.says(f"{reference} O", "anna")
    await desk.house.says(f"{reference} S", "anna")
    rows = await desk.house.rows("select actor, action, subject from audit order by id")
    assert [tuple(row.values()) for row in rows][-4:] == [
        ("staff 1", "issue.view", reference),
        ("staff 1", "issue.original", reference),
        ("staff 1", "issue.view", reference),
        ("staff 1", "issue.seen", reference),
    ]


# Two at once, and what is gone


async def test_two_coordinators_answer_at_once_and_the_second_is_asked(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.joins("bernd", phone_language="en")
    await desk.house.hears(f"{reference} D It is repaired", "anna")
    await desk.house.hears(f"{reference} A 8 December", "bernd")
    await desk.house.turns()
    said = [spoken.text for spoken in (await desk.house.queued()).values()]
    assert any("Anna has answered" in text and "all the same" in text for text in said)
    assert await desk.house.column("select kind from answer") == ["closed"]
    await desk.house.says("2", "bernd")
    assert await desk.house.column("select kind from answer") == ["closed"]


async def test_who_has_stopped_is_not_written_to_and_staff_learn_that_not_why(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says("stop", "4711")
    await desk.hears("4711")
    await desk.house.says(f"{reference} S", "anna")
    assert await desk.hears("4711") == []
    (told,) = [text for text in desk.told("anna") if "could not" in text]
    assert told == f"Your answer about {reference} could not be delivered."
    assert await states(desk) == ["untold"]


async def test_colleagues_are_told_that_somebody_of_the_staff_has_stopped(desk: Desk) -> None:
    await desk.joins("anna", phone_language="en")
    await desk.joins("dora", "deputy", phone_language="en")
    await desk.joins("olaf", "operator", phone_language="en")
    await desk.joins("ilse", "interpreter", phone_language="en")
    await desk.works()
    await desk.house.says("stop", "dora")
    await desk.works()
    sentence = "Dora (deputy) gets nothing from us any more"
    for who, hears in (("anna", 1), ("olaf", 1), ("ilse", 0), ("dora", 0)):
        await desk.hears(who)
        assert sum(sentence in text for text in desk.told(who)) == hears, who


async def test_what_could_not_be_said_to_who_had_stopped_is_said_when_they_come_back(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says("stop", "4711")
    await desk.hears("4711")
    await desk.house.says(f"{reference} A 8 Dec", "anna")
    assert await desk.hears("4711") == []
    await desk.house.says("start", "4711")
    assert "8 December" not in (await desk.house.says("status", "4711"))[0]
    assert any("8 December" in text for text in await desk.hears("4711"))
    assert "8 December" in (await desk.house.says("status", "4711"))[0]


async def test_words_for_somebody_else_do_not_change_what_staff_are_spoken_with_in(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says(f"{reference} F", "anna")
    said = await desk.house.says("La calefacción funciona otra vez en toda la casa.", "anna")
    assert f"Noted for {reference}" in said[0]
    said = await desk.house.says(f"{reference} F La calefacción funciona otra vez, de verdad.", "anna")
    assert f"Noted for {reference}" in said[0]
    assert "There is no such issue" in (await desk.house.says("GRZ-2222", "anna"))[0]


async def test_signs_that_turn_a_text_do_not_reach_who_reads_an_answer(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says(f"{reference} F The lift\u202e runs again", "anna")
    assert await desk.house.column("select words from answer") == ["The lift runs again"]


async def test_who_blocked_us_while_it_was_on_its_way(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.hears("4711")
    await desk.house.says(f"{reference} S", "anna")
    await desk.works()
    (text,) = [one.text for one in (await desk.house.queued()).values() if "News about" in one.text]
    desk.wire.fails(text, ContactStopped())
    await desk.sends()
    assert f"Your answer about {reference} could not be delivered." in await desk.hears("anna")


async def test_an_issue_that_its_author_took_back_is_answered_no_more(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says(f"{reference} C", "anna")
    await desk.house.says("delete", "4711")
    await desk.house.says("1", "4711")
    said = await desk.house.says("Which floor?", "anna")
    assert "its author took it back" in said[0]
    assert await desk.house.column("select id from answer") == []


async def test_an_answer_is_not_said_to_who_deleted_meanwhile(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says(f"{reference} D It is repaired, tell Amira", "anna")
    await desk.house.says("delete", "4711")
    await desk.house.says("1", "4711")
    heard = await desk.hears("4711")
    assert not any("repaired" in text for text in heard)
    assert "Amira" not in str(await desk.house.rows("select * from answer, answer_issue"))


# Promises


async def test_after_fourteen_days_the_person_is_told_and_those_who_see_to_it(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.joins("dora", "deputy", phone_language="en")
    await desk.joins("olaf", "operator", phone_language="en")
    desk.house.clock.passes(days=13, hours=23)
    assert await desk.late() == 0
    desk.house.clock.passes(days=1, hours=3)
    assert await desk.late() == 1
    heard = await desk.hears("4711")
    assert f"We promised you an answer about {reference}" in heard[-1]
    everybody = desk.wire.arrived
    for who in ("dora", "olaf"):
        (told,) = [m.text for m in everybody if m.address == who and "Nobody has answered" in m.text]
        assert reference in told
    assert not [m for m in everybody if m.address == "anna" and "Nobody has answered" in m.text]
    assert await desk.late() == 0
    assert await desk.hears("4711") == []


async def test_nobody_is_woken(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    desk.house.clock.passes(hours=12)  # ten in the evening
    await desk.house.says(f"{reference} S", "anna")
    await desk.hears("4711")
    assert await states(desk) == ["ready"]
    desk.house.clock.passes(hours=10)
    assert "it was read" in (await desk.hears("4711"))[-1]


async def test_a_question_waits_while_another_is_open(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    for _ in range(6):
        await desk.house.says("skip", "4711")
    await desk.house.says("And the bus is always late in the morning", "4711")  # a draft: "send?" is open
    await desk.house.says(f"{reference} C Which floor?", "anna")
    assert not any("Which floor?" in text for text in await desk.hears("4711"))
    await desk.house.says("1", "4711")
    desk.house.clock.passes(minutes=2)
    assert "Which floor?" in (await desk.hears("4711"))[-1]


async def test_days_later_two_still_says_that_it_is_not_solved(desk: Desk) -> None:
    reference = await desk.files()
    await desk.joins("anna", phone_language="en")
    await desk.house.says(f"{reference} D It is repaired", "anna")
    await desk.hears("4711")
    desk.house.clock.passes(days=4)
    assert "open again" in (await desk.house.says("2", "4711"))[0]
    assert await status(desk, reference) == "reopened"


# Numbers of a digest


async def reads_the_next(desk: Desk) -> None:
    """A week goes by, and its digest is read."""
    await desk.digests()
    desk.house.clock.passes(days=7)
    while not await desk.digests():
        desk.house.clock.passes(hours=6)
    await desk.hears("anna")


async def test_two_issues_are_put_together_by_their_numbers_in_one_line(desk: Desk) -> None:
    await desk.joins("anna", phone_language="en")
    one, other = await desk.files(), await desk.files("The lift does not move at all", "4712")
    await reads_the_next(desk)
    assert "Put together" in (await desk.house.says("1M 2", "anna"))[0]
    assert "cannot tell which one" in (await desk.house.says(f"{one} M {one}", "anna"))[0]
    await desk.house.says("cancel", "anna")
    await desk.house.says(f"{other} S", "anna")
    await desk.hears("4711")
    assert any("it was read" in text for text in desk.told("4711"))
    assert any("it was read" in text for text in desk.told("4712"))


async def test_the_number_of_what_was_taken_back_never_means_an_older_issue(desk: Desk) -> None:
    await desk.joins("anna", phone_language="en")
    older = await desk.files()
    await reads_the_next(desk)
    assert older in (await desk.house.says("1O", "anna"))[0]
    await desk.house.says(f"{older} D It is repaired", "anna")
    await desk.files("No place in the kindergarten for my son", "4712")
    await reads_the_next(desk)
    numbers = await desk.house.column("select number from digest_item order by digest_id")
    assert numbers == [1, 1]
    await desk.house.says("delete", "4712")
    await desk.house.says("1", "4712")
    assert "its author took it back" in (await desk.house.says("1D It is done", "anna"))[0]
    assert len(await desk.house.column("select id from answer")) == 1


async def test_staff_are_asked_about_their_own_issue_while_they_answer_another(desk: Desk) -> None:
    await desk.joins("bernd", phone_language="en")
    theirs = await desk.files()
    await desk.joins("anna", phone_language="en")
    own = await desk.files("The bus never comes in the morning", "anna")
    await desk.house.says(f"{own} C Which line?", "bernd")
    assert "Which line?" in "\n".join(await desk.hears("anna"))
    done, again = await desk.house.says(f"{theirs} S", "anna")
    assert theirs in done
    assert "Which line?" in again
    assert "reads your answer" in (await desk.house.says("62", "anna"))[0]
