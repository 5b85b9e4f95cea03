"""The week's digest reaches each reader once, by chat and by letter, whatever the mail server does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot import config
from bot.channels.mail import Mail
from bot.channels.mail_line import Patience
from bot.config import Secret
from core.council import DigestTime
from storage.councils import Account, sync
from tests.bot.desk import LIFT, Desk
from tests.bot.house import ACCOUNTS, EMPOLI, GRAZ, House, house_in
from tests.peers import smtp
from tests.peers.smtp import CUT, PASSWORD, USER, SmtpServer

VIENNA = ZoneInfo("Europe/Vienna")
MONDAY = datetime(2026, 11, 23, 8, tzinfo=VIENNA)
NEXT_MONDAY = datetime(2026, 11, 30, 8, tzinfo=VIENNA)
ANN, BEN, CEM = "ann@graz.example.org", "ben@graz.example.org", "cem@graz.example.org"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        accounts = (*ACCOUNTS, Account("mail", "mail", "graz"))
        house.ids = await house.database.transaction(lambda tx: sync(tx, ["graz", "empoli"], accounts))
        yield house


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[SmtpServer]:
    async with smtp.running(tmp_path) as server:
        yield server


@pytest.fixture
async def post(server: SmtpServer) -> AsyncIterator[Mail]:
    reach = config.Mail(
        server.host,
        server.port,
        "starttls",
        USER,
        Secret(PASSWORD),
        "bell@example.org",
        "Graz",
        server.certificate,
    )
    mail = Mail(reach, Patience(answer=5, taken=5, farewell=1))
    mail.per_second = 1e9
    yield mail
    await mail.close()


async def fates(house: House) -> list[tuple[str, str, str]]:
    """What became of each copy: (reader and way, status, reason)."""
    rows = await house.rows("select about, status, reason from outbox where purpose = 'digest' order by id")
    return [(row["about"].split(":", 2)[2], row["status"], row["reason"]) for row in rows]


async def test_on_monday_at_eight_each_reader_gets_it_once(desk: Desk) -> None:
    reference = await desk.files(LIFT)
    await desk.joins("anna")
    await desk.joins("dora", "deputy")
    await desk.joins("olaf", "operator")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY.replace(hour=7, minute=59))
    assert await desk.digests() == 0
    desk.house.clock.is_set_to(MONDAY)
    assert await desk.digests() == 1
    assert await desk.digests() == 0
    sent = await desk.sends()
    assert sorted(message.address for message in sent) == ["anna", "dora"]
    for message in sent:
        assert reference in message.text
        assert "W47" in message.text
        assert LIFT not in message.text  # what they wrote is one step away
    desk.house.clock.passes(hours=3)
    assert await desk.digests() == 0
    assert await desk.sends() == []


async def monday_in_the_middle_of_an_answer(desk: Desk) -> None:
    """Anna is asked what she wants to know, and two minutes later the digest is due."""
    reference = await desk.files(LIFT)
    await desk.joins("anna")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY.replace(hour=7, minute=58))
    await desk.house.says(f"{reference} C", "anna")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)


async def test_who_is_in_the_middle_of_an_answer_gets_it_a_little_later(desk: Desk) -> None:
    await desk.joins("dora", "deputy")
    await monday_in_the_middle_of_an_answer(desk)
    await desk.digests()
    assert [message.address for message in await desk.sends()] == ["dora"]
    await desk.house.says("Welche Hausnummer?", "anna")
    await desk.sends()
    desk.house.clock.passes(minutes=1)
    assert [message.address for message in await desk.sends() if "W47" in message.text] == ["anna"]


async def test_who_left_a_question_open_gets_it_after_half_an_hour(desk: Desk) -> None:
    await monday_in_the_middle_of_an_answer(desk)
    await desk.digests()
    desk.house.clock.passes(minutes=20)
    assert await desk.sends() == []
    desk.house.clock.passes(minutes=10)
    assert [message.address for message in await desk.sends() if "W47" in message.text] == ["anna"]


async def test_while_they_are_at_it_none_is_claimed_so_that_a_crash_leaves_none_in_doubt(desk: Desk) -> None:
    await monday_in_the_middle_of_an_answer(desk)
    await desk.digests()
    assert await desk.house.claim() == []
    assert await fates(desk.house) == [("1:chat", "queued", "not now")]


async def test_a_crash_while_it_is_sent_never_sends_it_twice(desk: Desk) -> None:
    await desk.joins("anna")
    await desk.joins("olaf", "operator")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    assert await desk.house.claim() == [""]  # and killed right after
    async with desk.house.database.seat("send:bell") as seat:
        await desk.house.sender(desk.wire)._recover(seat)
    assert await desk.sends() == []
    assert await fates(desk.house) == [("1:chat", "unknown", "")]
    (told,) = await desk.hears("olaf")
    assert "2026-W47" in told


async def test_down_on_monday_it_is_late_and_says_so(desk: Desk) -> None:
    await desk.files(LIFT)
    await desk.joins("anna", phone_language="en")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY.replace(hour=15))
    await desk.digests()
    (message,) = await desk.sends()
    assert "Late: it was due on Monday" in message.text


async def test_down_until_the_night_it_waits_for_the_morning(desk: Desk) -> None:
    await desk.joins("anna")
    desk.house.clock.is_set_to(MONDAY.replace(hour=23))
    assert await desk.digests() == 0
    desk.house.clock.is_set_to(MONDAY.replace(day=24, hour=8))
    assert await desk.digests() == 1


async def test_down_for_three_weeks_one_digest_tells_of_all(desk: Desk) -> None:
    await desk.joins("anna", phone_language="en")
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    desk.house.clock.is_set_to(MONDAY.replace(hour=12))
    reference = await desk.files(LIFT)
    await desk.sends()
    desk.house.clock.passes(weeks=3)
    assert await desk.digests() == 1
    (message,) = await desk.sends()
    assert reference in message.text


async def test_an_empty_week_is_one_line(desk: Desk) -> None:
    await desk.joins("anna", phone_language="en")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    (message,) = await desk.sends()
    assert "nothing new" in message.text
    assert "\n" not in message.text


async def test_who_is_removed_on_sunday_night_gets_none(desk: Desk) -> None:
    await desk.joins("anna")
    await desk.joins("dora", "deputy")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    await desk.removes(1)  # planned already, and not sent yet
    assert [message.address for message in await desk.sends()] == ["dora"]
    assert ("1:chat", "dropped", "not wanted") in await fates(desk.house)


async def test_what_was_taken_back_between_planning_and_sending_is_not_in_it(desk: Desk) -> None:
    gone = await desk.files(LIFT)
    stays = await desk.files("The bus stop in our street has no roof", "4712")
    await desk.joins("anna")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    await desk.house.says("delete", "4711")
    await desk.house.says("1", "4711")
    (message,) = [one for one in await desk.sends() if one.address == "anna"]
    assert gone not in message.text
    assert stays in message.text


@pytest.mark.parametrize(
    ("time", "before", "at"),
    [
        # In the night to 29 March 2027 the clock goes from 2 to 3: half past two is not there.
        ("02:30", datetime(2027, 3, 28, 1, 59, tzinfo=VIENNA), datetime(2027, 3, 28, 3, 0, tzinfo=VIENNA)),
        # In the night to 31 October 2027 half past two comes twice: the first one counts.
        ("02:30", datetime(2027, 10, 31, 2, 29, tzinfo=VIENNA), datetime(2027, 10, 31, 2, 30, tzinfo=VIENNA)),
    ],
)
async def test_summer_time_skips_the_hour_or_repeats_it(desk: Desk, time, before, at) -> None:
    awake = replace(
        GRAZ, digest=DigestTime("sunday", time), quiet=replace(GRAZ.quiet, begin="00:00", end="00:00")
    )
    desk.councils = {"graz": awake, "empoli": EMPOLI}
    await desk.joins("anna")
    desk.house.clock.is_set_to(before)
    await desk.digests()  # that of the week before
    assert await desk.digests() == 0
    desk.house.clock.is_set_to(at)
    assert await desk.digests() == 1
    desk.house.clock.passes(hours=1)
    assert await desk.digests() == 0
    assert len(await desk.house.column("select id from digest")) == 2


# By number


async def test_numbers_of_a_digest_answer_what_stood_there(desk: Desk) -> None:
    reference = await desk.files(LIFT)
    await desk.joins("anna", phone_language="en")
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    await desk.sends()
    assert reference in (await desk.house.says("1A 8 Dec", "anna"))[0]
    assert "8 December 2026" in (await desk.hears("4711"))[-1]


async def test_an_old_number_never_reaches_another_issue(desk: Desk) -> None:
    old = await desk.files(LIFT)
    await desk.joins("anna", phone_language="en")
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    (first,) = [one for one in await desk.sends() if "W47" in one.text]
    await desk.house.says("1S", "anna")
    desk.house.clock.is_set_to(NEXT_MONDAY.replace(hour=7))
    new = await desk.files("The bus stop in our street has no roof", "4712")
    desk.house.clock.is_set_to(NEXT_MONDAY)
    await desk.digests()
    await desk.sends()
    asked = await desk.house.says("1D It is repaired", "anna")
    assert "Which one do you mean?" in asked[0]
    reopened = (
        f"update issue set status = 'seen', answered_at = null, closed_at = null where reference = '{old}'"
    )
    assert old in (await desk.house.says("W47 1D Repaired", "anna"))[0]
    await desk.house.change(reopened)
    replied = await desk.house.says("1D Repaired", "anna", reply_to=f"provider-{first.id}")
    assert old in replied[0]
    assert await desk.house.column(f"select status from issue where reference = '{new}'") == ["filed"]


# Letters


async def test_a_letter_has_all_of_it_for_every_mail_program(
    desk: Desk, post: Mail, server: SmtpServer
) -> None:
    reference = await desk.files(LIFT)
    await desk.joins("anna", mail=ANN)
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    await desk.posts(post)
    (received,) = server.letters
    letter = received.read()
    assert received.recipient == ANN
    assert "W47" in letter["Subject"]
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert reference in plain.get_content()
    assert reference in html.get_content()
    assert LIFT not in received.content.decode("utf-8", "replace")


async def test_one_reader_of_three_is_refused_and_the_operator_hears_of_it(
    desk: Desk, post: Mail, server: SmtpServer
) -> None:
    for who, where in (("ann", ANN), ("ben", BEN), ("cem", CEM)):
        await desk.joins(who, mail=where)
    await desk.joins("olaf", "operator", phone_language="en")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    server.answer(f"RCPT {BEN}", "550 5.1.1 nobody of that name")
    await desk.posts(post)
    assert sorted(letter.recipient for letter in server.letters) == [ANN, CEM]
    (told,) = await desk.hears("olaf")
    assert (
        told
        == "The digest of 2026-W47 did not reach one of its readers (the e-mail address takes no letters)."
    )


async def test_a_greylist_takes_it_the_second_time(desk: Desk, post: Mail, server: SmtpServer) -> None:
    await desk.joins("ann", mail=ANN)
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    server.answer(f"RCPT {ANN}", "451 4.7.1 come again in five minutes")
    await desk.posts(post)
    assert server.letters == []
    desk.house.clock.passes(minutes=10)
    await desk.posts(post)
    assert [letter.recipient for letter in server.letters] == [ANN]


async def test_a_line_cut_after_the_letter_is_not_said_twice(
    desk: Desk, post: Mail, server: SmtpServer
) -> None:
    await desk.joins("ann", mail=ANN)
    await desk.joins("olaf", "operator", phone_language="en")
    await desk.sends()
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    server.answer("LETTER", CUT)
    await desk.posts(post)
    desk.house.clock.passes(hours=2)
    await desk.posts(post)
    assert len(server.letters) == 1
    assert ("1:mail", "unknown", "unsure") in await fates(desk.house)
    assert any("we cannot know whether the e-mail arrived" in text for text in await desk.hears("olaf"))


async def test_a_server_without_tls_gets_nothing_and_readiness_says_so(desk: Desk, tmp_path: Path) -> None:
    await desk.joins("ann", mail=ANN)
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    async with smtp.running(tmp_path, "none", login=False) as open_server:
        reach = config.Mail(
            open_server.host, open_server.port, "starttls", "", None, "bell@example.org", "Graz"
        )
        mail = Mail(reach, Patience(answer=5, taken=5, farewell=1))
        await desk.posts(mail)
        assert open_server.letters == []
        assert mail.trouble
        await mail.close()
    assert [status for _, status, _ in await fates(desk.house)][-1] == "queued"


async def test_a_week_of_hundreds_goes_with_a_table(desk: Desk, post: Mail, server: SmtpServer) -> None:
    reference = await desk.files("=1+1 is what the rent office answers us every day")
    await desk.house.change(
        *(
            "insert into issue (council_id, contact_id, reference, kind, channel, language, notice_version,"
            f" filed_at, hear_by) select council_id, contact_id, 'GRZ-X{n:03}', kind, channel, language,"
            f" notice_version, filed_at, hear_by from issue where reference = '{reference}'"
            for n in range(200)
        )
    )
    await desk.joins("ann", mail=ANN)
    desk.house.clock.is_set_to(MONDAY)
    await desk.digests()
    await desk.posts(post)
    letter = server.letters[0].read()
    (table,) = letter.iter_attachments()
    sheet = load_workbook(BytesIO(table.get_content())).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 202
    assert {row[1] for row in rows[1:]} >= {reference, "GRZ-X000", "GRZ-X199"}
