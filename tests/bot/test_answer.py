"""Whoever runs Townbell answers from the command line what staff answer in their chat."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import clock
from bot.answer import Asked, CannotAnswer, answer
from bot.beside import NothingStored
from bot.config_reading import load
from bot.digest_preview import UnknownWeek, preview
from bot.doctor import examine
from bot.forget import UnknownReference
from bot.staff import BadMailbox, BadName, NoSuchPlace, Place, invite, remove, show
from storage import desk_acts
from tests.bot.filed import NOW, WORDS, Installation, installation

REFERENCE = "GRZ-7K4M"


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return installation(tmp_path)


def rows(bell: Installation, question: str) -> list[Any]:
    with closing(sqlite3.connect(bell.data / "townbell.db")) as database:
        return database.execute(question).fetchall()


async def does(bell: Installation, act: str = "", words: str = "", reference: str = REFERENCE) -> str:
    out = io.StringIO()
    await answer(load(bell.config, {}), reference, Asked(act, words) if act else None, out)
    return out.getvalue()


async def test_without_an_answer_the_issue_is_shown_and_that_is_noted(bell):
    await bell.file_issue()
    shown = await does(bell)
    assert REFERENCE in shown
    assert WORDS in shown
    assert "filed" in shown
    ((action, subject),) = rows(bell, "select action, subject from audit")
    assert (action, subject) == ("issue.view", REFERENCE)


async def test_an_issue_is_shown_as_it_reads(bell):
    await bell.file_issue(words="Zahle \u202e001\u202c Euro an \x9b8mHu\u200bber")
    assert "Zahle 001 Euro an 8mHuber\n" in await does(bell)
    assert "Covered" in await does(bell, "cover", "Huber")


async def test_an_answer_that_waits_for_their_next_word_is_shown(bell):
    await bell.file_issue()
    await does(bell, "said", "Danke")
    with closing(sqlite3.connect(bell.data / "townbell.db")) as database, database:
        database.execute(
            "insert into outbox (account_id, address_id, contact_id, lane, cause, n, purpose, if_unsure,"
            " due_at, reason, about, created_at)"
            " select a.account_id, a.id, a.contact_id, 'talk', 'x', 0, 'news', 'again',"
            " 1, 'outside the window', 'news:1', 1 from address a"
        )
    assert "An answer waits for one person on WhatsApp" in await does(bell)


@pytest.mark.parametrize(
    ("act", "words", "status"),
    [
        ("seen", "", "seen"),
        ("discussed", "2027-03-08", "discussed"),
        ("discussed", "8. März 2027 mit dem Wohnungsamt", "discussed"),
        ("referred", "Wohnungsamt", "referred"),
        ("asked", "Welche Hausnummer?", "asked"),
        ("decided", "Der Lift wird erneuert", "decided"),
        ("closed", "Der Lift fährt wieder", "closed"),
        ("said", "Danke", "filed"),
    ],
)
async def test_each_answer_changes_the_issue_and_is_to_be_heard(bell, act, words, status):
    await bell.file_issue()
    said = await does(bell, act, words)
    assert "one person will hear it" in said
    assert rows(bell, "select status from issue") == [(status,)]
    assert rows(bell, "select count(*) from news") == [(1,)]
    assert rows(bell, "select action from audit") == [(f"issue.{act}",)]


@pytest.mark.parametrize(
    ("act", "words", "sentence"),
    [
        ("discussed", "", "We do not understand which day"),
        ("discussed", "2020-01-01", "1 January 2020 has passed"),
        ("discussed", "31.2.", "There is no such day: 31.2."),
        ("closed", "", "Write what they shall read"),
        ("merge", "", "Write with which one"),
        ("merge", REFERENCE, "Write with which one"),
        ("merge", "GRZ-2222", "There is no issue GRZ-2222"),
        ("cover", "x", "Write which words"),
        ("cover", "Nobody Knows", "do not stand in GRZ-7K4M"),
        ("alone", "", "GRZ-7K4M is together with no other"),
        ("send", "", "No translation of an answer to GRZ-7K4M waits"),
        ("seen", "extra words", '"seen" takes no words'),
        ("closed", "x" * 4097, "too long: 4096 letters at most"),
    ],
)
async def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(bell, act, words, sentence):
    await bell.file_issue()
    with pytest.raises(CannotAnswer, match=sentence):
        await does(bell, act, words)
    assert rows(bell, "select status from issue") == [("filed",)]
    assert rows(bell, "select count(*) from answer") == [(0,)]
    assert rows(bell, "select count(*) from audit") == [(0,)]


async def test_together_covered_and_spam(bell):
    await bell.file_issue()
    await bell.file_issue("GRZ-2222", "Der Lift steht, sagt Herr Huber")
    await does(bell, "merge", "grz 2222")
    assert "2 people" not in await does(bell, "cover", "herr huber", "GRZ-2222")
    assert "Huber" not in await does(bell, reference="GRZ-2222")
    assert "GRZ-2222" in await does(bell, "seen")  # one answer for both
    assert "spam" in await does(bell, "spam")
    assert rows(bell, "select status from issue order by id") == [("spam",), ("seen",)]


@pytest.mark.parametrize(("ends", "says"), [("closed", "seen"), ("spam", "said")])
async def test_nobody_is_told_that_what_is_closed_was_read_nor_written_to_about_spam(bell, ends, says):
    await bell.file_issue()
    await does(bell, ends, "Der Lift fährt wieder" if ends == "closed" else "")
    before = rows(bell, "select count(*) from news")
    with pytest.raises(CannotAnswer, match="is closed: nothing was sent"):
        await does(bell, says, "Danke" if says == "said" else "")
    assert rows(bell, "select count(*) from news") == before


async def test_what_was_put_together_is_taken_out_again(bell):
    await bell.file_issue()
    await bell.file_issue("GRZ-2222", "Der Lift steht")
    await does(bell, "merge", "GRZ-2222")
    assert "by itself again" in await does(bell, "alone")
    assert "Noted for GRZ-7K4M:" in await does(bell, "seen")  # and not for both


async def test_an_older_answer_that_waits_is_left_only_where_something_was_answered_since(bell):
    await bell.file_issue()
    await does(bell, "discussed", "2027-03-08 mit 300 Euro")
    with closing(sqlite3.connect(bell.data / "townbell.db")) as database, database:
        look = "insert into rendering (answer_id, language, status, reason, due_at)"
        database.execute(f"{look} values (1, 'es', 'look', 'no model', 0)")
        database.execute("update news set language = 'es', state = 'waiting'")
    with pytest.raises(CannotAnswer, match="Nothing was answered since"):
        await does(bell, "leave")
    await does(bell, "discussed", "2027-03-09")
    assert "or leave, for something was answered since" in await does(bell)
    assert "They do not hear this one" in await does(bell, "leave")
    assert rows(bell, "select status from rendering") == []
    assert rows(bell, "select count(*) from news") == [(1,)]


async def changed(bell: Installation, *statements: str) -> None:
    with closing(sqlite3.connect(bell.data / "townbell.db")) as database, database:
        for statement in statements:
            database.execute(statement)


async def test_it_is_said_that_no_model_translates_it(bell):
    await bell.file_issue()
    await changed(bell, "update issue set language = 'uk'")
    said = await does(bell, "decided", "Der Lift wird erneuert")
    assert "No model here translates de into uk: it waits until you write it." in said
    await changed(bell, "update rendering set status = 'look', reason = 'no model'")
    assert "It goes out now, in uk." in await does(bell, "write", "Ліфт замінять")


async def test_it_is_said_that_it_is_translated_first(bell, monkeypatch):
    monkeypatch.setattr("bot.hearing.can", lambda *_: True)
    await bell.file_issue()
    await changed(bell, "update issue set language = 'uk'")
    assert "It is put into uk first." in await does(bell, "decided", "Der Lift wird erneuert")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("update contact set state = 'stopped'", "To one person it cannot be delivered now."),
        ("update address set state = 'blocked'", "To one person it cannot be delivered now."),
        (
            "update account set channel = 'whatsapp'",
            "On WhatsApp one person silent for a day or more will hear it once they write.",
        ),
    ],
)
async def test_it_is_said_why_it_does_not_go_out_now(bell, change, sentence):
    await bell.file_issue()
    await changed(bell, change)
    assert sentence in await does(bell, "said", "Danke")


async def test_at_night_nothing_is_said_to_go_out_now(bell, monkeypatch):
    await bell.file_issue()
    monkeypatch.setattr(clock, "now", lambda: NOW + 12 * clock.HOUR)
    assert "before the quiet hours are over" in await does(bell, "said", "Danke")


async def test_references_that_open_nothing(bell):
    await bell.file_issue()
    with pytest.raises(CannotAnswer, match="There is no issue GRZ-9999"):
        await does(bell, reference="GRZ-9999")
    with pytest.raises(UnknownReference):
        await does(bell, reference="nonsense")


async def test_before_the_first_start_there_is_nothing_to_answer(bell):
    with pytest.raises(NothingStored):
        await does(bell)


# Staff


async def test_somebody_is_invited_listed_and_removed(bell):
    await bell.file_issue()
    settings, out = load(bell.config, {}), io.StringIO()
    council = settings.council("graz")
    await invite(settings, council, Place("coordinator", "Anna", "anna@example.org"), {}, out)
    said = out.getvalue()
    assert "An invitation to Graz, as coordinator. It works once, until 2026-09-28." in said
    assert "\n  Write to us, on any channel:  join " in said
    assert "No mail server is configured yet" in said
    listed = io.StringIO()
    await show(settings, listed)
    assert listed.getvalue() == "1  graz  coordinator  Anna  invited until 2026-09-28  by e-mail too\n"
    await remove(settings, 1, out)
    await show(settings, left := io.StringIO())
    assert left.getvalue().startswith("Nobody yet.")
    for number in (1, 2**63):
        with pytest.raises(NoSuchPlace, match=f"nobody with the number {number}"):
            await remove(settings, number, out)
    assert rows(bell, "select action, subject, detail from audit order by id") == [
        ("staff.invite", "staff 1", "coordinator"),
        ("staff.remove", "staff 1", "coordinator"),
    ]
    assert b"anna@example.org" not in (bell.data / "townbell.db").read_bytes()


async def test_a_code_is_kept_only_as_its_hash(bell):
    await bell.file_issue()
    settings, out = load(bell.config, {}), io.StringIO()
    await invite(settings, settings.council("graz"), Place("deputy"), {}, out)
    code = out.getvalue().split("join ")[1].split()[0]
    assert code not in str(rows(bell, "select * from staff"))


async def test_a_bad_mailbox_is_told_before_anything_is_written(bell):
    await bell.file_issue()
    settings = load(bell.config, {})
    with pytest.raises(BadMailbox, match="is no e-mail address"):
        await invite(
            settings, settings.council("graz"), Place("deputy", mail="anna at home"), {}, io.StringIO()
        )
    assert rows(bell, "select count(*) from staff") == [(0,)]


@pytest.mark.parametrize("name", ["Anna\nB", "Anna \033[31m", "Anna \u202e"])
async def test_a_name_that_would_not_be_shown_as_it_is_written(bell, name):
    await bell.file_issue()
    settings = load(bell.config, {})
    with pytest.raises(BadName, match="Write it on one line"):
        await invite(settings, settings.council("graz"), Place("deputy", name), {}, io.StringIO())
    assert rows(bell, "select count(*) from staff") == [(0,)]
    await invite(settings, settings.council("graz"), Place("deputy", "می‌نا"), {}, io.StringIO())


async def test_staff_who_stopped_are_shown_and_counted_as_such(bell):
    await bell.file_issue()
    settings, out = load(bell.config, {}), io.StringIO()
    await invite(settings, settings.council("graz"), Place("coordinator", "Anna"), {}, out)
    with sqlite3.connect(bell.data / "townbell.db") as db:
        db.execute("update staff set joined_at = 1, contact_id = (select min(id) from contact)")
        db.execute("update contact set state = 'stopped'")
    await show(settings, listed := io.StringIO())
    assert "stopped: nothing goes to their chat" in listed.getvalue()
    findings: list[str] = []
    await examine(bell.config, {}, findings.append)
    assert any("nobody gets its digest" in one for one in findings)


# The digest


async def test_the_digest_is_shown_as_its_readers_get_it(bell):
    await bell.file_issue()
    settings = load(bell.config, {})
    council = settings.council("graz")
    text = await preview(settings, council, "2026-W38", "text")
    assert REFERENCE in text
    assert "W38" in text
    page = await preview(settings, council, "2026-W38", "html")
    assert page.startswith("<!doctype html>")
    assert REFERENCE in page
    assert rows(bell, "select count(*) from digest") == [(0,)]


@pytest.mark.parametrize(
    ("week", "sentence"),
    [
        ("last", "is not a week"),
        ("2026-47", "is not a week"),
        ("2026-W54", "is not a week"),
        ("999999-W01", "is not a week"),
        ("2027-W10", r"seven days that begin on 2027-03-08 at 08:00: .* --week 2026-W38"),
    ],
)
async def test_a_week_that_is_none_is_told(bell, week, sentence):
    await bell.file_issue()
    settings = load(bell.config, {})
    with pytest.raises(UnknownWeek, match=sentence):
        await preview(settings, settings.council("graz"), week, "text")


async def test_on_monday_morning_the_digest_of_this_week_has_its_days_before_it(bell, monkeypatch):
    await bell.file_issue()
    settings = load(bell.config, {})
    eight = int(datetime(2026, 11, 30, 8, tzinfo=ZoneInfo("Europe/Vienna")).timestamp()) * clock.SECOND
    monkeypatch.setattr(clock, "now", lambda: eight - 1)
    with pytest.raises(UnknownWeek) as told:
        await preview(settings, settings.council("graz"), "2026-W49", "text")
    assert str(told.value) == (
        "The digest of 2026-W49 tells of seven days that begin on 2026-11-30 at 08:00: there is nothing in it"
        " yet. The latest that is due: --week 2026-W47"
    )
    monkeypatch.setattr(clock, "now", lambda: eight)
    assert "W49" in await preview(settings, settings.council("graz"), "2026-W49", "text")


async def test_an_act_that_staff_are_told_of_once(bell):
    await bell.file_issue()
    database = await bell.database()
    for _ in range(2):
        await database.transaction(lambda tx: desk_acts.tell(tx, "tell:late:1", NOW, what="late"))
    await database.close()
    assert rows(bell, "select count(*) from due where kind = 'tell'") == [(1,)]
