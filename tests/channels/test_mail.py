"""Letters against a mail server that fails in all the ways that mail servers and the way to them do."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import config
from bot.channels import Channel
from bot.channels.mail import Mail
from bot.channels.mail_letter import letter, one_line
from bot.channels.mail_line import (
    LOGIN,
    LOGIN_WANTED,
    NO_LOGIN,
    NO_TLS,
    NOT_TLS,
    SENDER,
    TURNED_AWAY,
    UNTRUSTED,
    Patience,
)
from bot.config import Secret
from core.errors import ChannelDown, MaybeSent, Refused, SendError
from core.messages import Enclosure, OutboundMessage
from tests.peers import smtp
from tests.peers.ports import free_port
from tests.peers.smtp import CUT, PASSWORD, SILENCE, USER, Received, SmtpServer

ANN, BEN, CEM = "ann@graz.example.org", "ben@graz.example.org", "cem@graz.example.org"
SENDER_ADDRESS = "bell@townbell.example.org"
ARABIC = "الملخّص الأسبوعي: «لا تدفئة في المبنى» GRZ-7K4M \u200f(٣ أشخاص)\u200f"
WORDS = f"Die Heizung ist kaputt.\n\n{ARABIC}\n.\n..\nFrom here on\nписьмо 👩‍👩‍👧‍👦"
HTML = f'<html lang="ar" dir="rtl"><body><p>{ARABIC}</p>\n.\n<p>{"x" * 2000}</p></body></html>'
BYTES = bytes(range(256)) * 40 + b"\r\n.\r\n\n.\n"


def message(id: int = 7, to: str = ANN, **more: Any) -> OutboundMessage:  # noqa: A002
    return OutboundMessage(id, to, more.pop("text", WORDS), more.pop("language", "ar"), **more)


def reach(server: SmtpServer, **other: Any) -> config.Mail:
    """How an installation is told to use a server."""
    usual = config.Mail(
        server.host, server.port, "starttls", USER, Secret(PASSWORD), SENDER_ADDRESS, "Beirat für Graz",
        server.certificate,
    )  # fmt: skip
    return replace(usual, **other)


@asynccontextmanager
async def channel(
    mail: config.Mail, answer: float = 20, taken: float = 20, farewell: float = 0.05
) -> AsyncIterator[Mail]:
    made = Mail(mail, Patience(answer, taken, farewell))
    yield made
    await made.close()


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[SmtpServer]:
    async with smtp.running(tmp_path) as running:
        yield running


@pytest.fixture
async def mail(server: SmtpServer) -> AsyncIterator[Mail]:
    async with channel(reach(server)) as made:
        yield made


async def failure(sending: Mail, sent: OutboundMessage) -> SendError:
    with pytest.raises(SendError) as failed:
        await sending.send(sent)
    return failed.value


def only(letters: list[Received]) -> Received:
    (one,) = letters
    return one


# What arrives


async def test_a_letter_arrives_as_it_was_meant(server, mail):
    sent = message(subject=f"📬 {ARABIC}", html=HTML, enclosed=(Enclosure("Übersicht.xlsx", "a/b", BYTES),))

    name = await mail.send(sent)

    arrived = only(server.letters)
    assert (arrived.sender, arrived.recipient) == (SENDER_ADDRESS, ANN)
    assert (arrived.user, arrived.encrypted) == (USER, True)
    read = arrived.read()
    assert read["Subject"] == f"📬 {ARABIC}"
    assert read["From"] == f"Beirat für Graz <{SENDER_ADDRESS}>"
    assert read["To"] == ANN
    assert read["Message-ID"] == name
    assert name.endswith("@townbell.example.org>")
    assert read["Date"].datetime.tzinfo is not None
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "ar"
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/octet-stream",
    ]  # fmt: skip
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == f"{WORDS}\n"
    assert html.get_content().replace("\r\n", "\n") == f"{HTML}\n"
    (enclosed,) = read.iter_attachments()
    assert enclosed.get_filename() == "Übersicht.xlsx"
    assert enclosed.get_content() == BYTES


async def test_a_letter_in_plain_text_is_one_part(server, mail):
    dots = "One\n.\n..\n.three\nQUIT"
    await mail.send(message(subject="Graz: 3 new issues", text=dots))
    arrived = only(server.letters)
    assert arrived.read().get_content_type() == "text/plain"
    assert arrived.read().get_content().replace("\r\n", "\n") == f"{dots}\n"
    assert b"\r\nSubject: Graz: 3 new issues\r\n" in arrived.content


async def test_what_is_sent_again_has_the_same_name(server, mail):
    names = [await mail.send(message()), await mail.send(message())]
    other = [await mail.send(message(8)), await mail.send(message(text="another database began at 7, too"))]
    assert names[0] == names[1]
    assert len({*names, *other}) == 3
    assert [one.read()["Message-ID"] for one in server.letters] == names + other


WORD = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["\r\nBcc: e@x.org", "\n\nHello", "\u2028Bcc: e@x.org", "=?utf-8?q?a=0ABcc:_e?=", '"', "\\", ARABIC]
)  # fmt: skip
LINES = st.lists(WORD, max_size=8).map(" ".join)


@settings(deadline=None, max_examples=200)
@given(head=LINES, file=LINES, text=LINES, language=WORD, mime=WORD)
def test_whatever_stands_in_it_a_letter_has_the_lines_that_we_wrote(head, file, text, language, mime):
    enclosed = (Enclosure(file, mime, text.encode()),)
    sent = message(subject=head, text=text, language=language, html=text, enclosed=enclosed)
    content = letter(sent, SENDER_ADDRESS, head, 1_790_000_000_000_000)

    read = Received("", "", content, "", True).read()
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert {*read.keys(), "Subject", "Content-Language"} == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version",
        "Content-Type",
    }  # fmt: skip
    assert str(read["Subject"] or "") == one_line(head)
    assert [one.addr_spec for one in read["From"].addresses] == [SENDER_ADDRESS]
    (attached,) = read.iter_attachments()
    assert attached.get_payload(decode=True) == text.encode()


# What goes wrong: (told to the server, what the sender of a letter is told)

LATER, NEVER, PERHAPS = ChannelDown, Refused, MaybeSent


def times(command: str) -> int:
    """How often an answer is needed: a login is tried in each way there is, PLAIN and LOGIN."""
    return 2 if command == "AUTH" else 1


@pytest.mark.parametrize(
    ("label", "command", "answer", "fate"),
    [
        ("it is too busy to greet us", "GREETING", "421 4.3.2 too many connections", LATER),
        ("it greets us with not now", "GREETING", "450 4.3.2 not now", LATER),
        ("it hangs up instead of a greeting", "GREETING", CUT, LATER),
        ("it does not greet", "GREETING", SILENCE, LATER),
        ("it speaks no language that we know", "GREETING", "hello", LATER),
        ("it goes away after the greeting", "EHLO", "421 4.3.2 going down", LATER),
        ("it cannot encrypt just now", "STARTTLS", "454 4.7.0 not now", LATER),
        ("it hangs up when we would encrypt", "STARTTLS", CUT, LATER),
        ("it cannot look the login up just now", "AUTH", "454 4.7.0 not now", LATER),
        ("its disk is full", "MAIL", "452 4.3.1 no space", LATER),
        ("it never answers", "MAIL", SILENCE, LATER),
        ("it does not know us yet (greylisting)", f"RCPT {ANN}", "451 4.7.1 try again in a minute", LATER),
        ("the mailbox is full", f"RCPT {ANN}", "452 4.2.2 mailbox full", LATER),
        ("it goes away in the middle", f"RCPT {ANN}", "421 4.3.2 going down", LATER),
        ("there is no such mailbox", f"RCPT {ANN}", "550 5.1.1 no such user", NEVER),
        ("it hangs up before the letter", "DATA", CUT, LATER),
        ("it does not say go on", "DATA", SILENCE, LATER),
        ("it takes no letters now", "DATA", "451 4.3.0 not now", LATER),
        ("it takes no letter from us for her", "DATA", "554 5.7.1 no valid recipients", NEVER),
        ("it wants the letter later", "LETTER", "451 4.3.0 queue full", LATER),
        ("it goes away once it has read the letter", "LETTER", "421 4.3.2 going down", LATER),
        ("it takes the letter for spam", "LETTER", "550 5.7.1 spam", NEVER),
        ("it hangs up after the letter", "LETTER", CUT, PERHAPS),
        ("it falls silent after the letter", "LETTER", SILENCE, PERHAPS),
        ("it answers what nobody understands", "LETTER", "hello", PERHAPS),
        ("it answers what makes no sense", "LETTER", "354 go on", PERHAPS),
    ],
)  # fmt: skip
async def test_what_a_failure_means_for_a_letter(server, label, command, answer, fate):
    server.answer(command, *[answer] * times(command))
    patience = 0.3 if answer == SILENCE else 20
    async with channel(reach(server), patience, patience) as mail:
        failed = await failure(mail, message())
    assert type(failed) is fate, label
    assert len(server.letters) == (command == "LETTER")
    assert ANN not in f"{failed!r} {failed.__cause__!r}"


async def test_the_letter_goes_out_when_the_server_has_learnt_to_know_us(server, mail):
    server.answer(f"RCPT {ANN}", "451 4.7.1 try again in a minute")
    assert type(await failure(mail, message())) is ChannelDown
    await mail.send(message())
    assert only(server.letters).recipient == ANN
    assert mail.trouble is None


async def test_one_reader_who_is_refused_keeps_the_letter_from_nobody_else(server, mail):
    server.answer(f"RCPT {BEN}", "550 5.1.1 no such user")
    fates = await asyncio.gather(
        *(mail.send(message(id, to)) for id, to in enumerate((ANN, BEN, CEM))),  # noqa: A001
        return_exceptions=True,
    )
    assert [type(fate) for fate in fates] == [str, Refused, str]
    assert {one.recipient for one in server.letters} == {ANN, CEM}


async def test_a_letter_that_is_too_large_is_refused_before_it_is_sent(tmp_path):
    async with smtp.running(tmp_path, largest=5000) as server, channel(reach(server)) as mail:
        failed = await failure(mail, message(enclosed=(Enclosure("a.bin", "image/png", BYTES),)))
        assert isinstance(failed, Refused)
        assert str(failed) == "The letter is larger than the mail server takes."
        assert mail.trouble is None
        await mail.send(message())
        assert server.heard.count("DATA") == 1


async def test_a_farewell_that_fails_changes_nothing(server, mail):
    for answer in (CUT, SILENCE, "500 what?"):
        server.answer("QUIT", answer)
        async with asyncio.timeout(20):
            assert await mail.send(message())
    assert len(server.letters) == 3


@pytest.mark.parametrize(
    ("label", "address"),
    [
        ("nothing", ""),
        ("no address", "Ann"),
        ("two of them", f"{ANN},{BEN}"),
        ("a name beside it", f"Ann <{ANN}>"),
        ("a line of its own", f"{ANN}\r\nBcc: {BEN}"),
        ("a line at its end", f"{ANN}\n"),
        ("a command", f"{ANN}> SIZE=1"),
        ("letters that not every server takes", "änn@graz.example.org"),
        ("a name that is too long", f"{'a' * 65}@graz.example.org"),
    ],
)
async def test_what_is_no_address_is_refused_here(server, mail, label, address):
    assert isinstance(await failure(mail, message(to=address)), Refused), label
    assert server.heard == []


# What takes a person to mend


@pytest.mark.parametrize(
    ("label", "command", "answer", "sentence"),
    [
        ("it turns us away", "GREETING", "554 5.3.2 no service for you", TURNED_AWAY),
        ("it turns us away after the greeting", "EHLO", "550 5.7.1 go away", TURNED_AWAY),
        ("it does not want to encrypt", "STARTTLS", "502 5.5.1 not implemented", NO_TLS),
        ("it does not want the login", "AUTH", "535 5.7.8 no", LOGIN),
        ("it wants a login that we have not", "MAIL", "530 5.7.0 authentication required", LOGIN_WANTED),
        ("it does not want our address", "MAIL", "553 5.7.1 not your address", SENDER),
    ],
)  # fmt: skip
async def test_what_a_person_must_mend_is_told_until_it_is_mended(server, label, command, answer, sentence):
    server.answer(command, *[answer] * times(command))
    async with channel(reach(server)) as mail:
        assert isinstance(await failure(mail, message()), ChannelDown), label
        assert mail.trouble == sentence
        server.answer("GREETING", "421 4.3.2 busy")
        await failure(mail, message())
        assert mail.trouble == sentence
        await mail.send(message())
        assert mail.trouble is None


async def test_nothing_is_sent_where_no_encryption_is_offered(tmp_path):
    async with smtp.running(tmp_path, "none") as server, channel(reach(server)) as mail:
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == NO_TLS
        assert set(server.heard) <= {"EHLO", "QUIT"}


async def test_a_wrong_password_is_told(server):
    async with channel(reach(server, password=Secret("wrong"))) as mail:
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == LOGIN


async def test_a_login_that_is_missing_is_told(server):
    async with channel(reach(server, username="", password=None)) as mail:
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == LOGIN_WANTED


async def test_a_login_that_nobody_asked_for_is_told(server):
    async with channel(reach(server)) as mail:
        server.answer("EHLO", "", "250 mail.example.org")
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == NO_LOGIN


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_nobody_trusts_ends_it(tmp_path, security):
    async with (
        smtp.running(tmp_path, security) as server,
        channel(reach(server, security=security, ca_file=None)) as mail,
    ):
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == UNTRUSTED
    assert server.letters == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_of_somebody_else_ends_it(tmp_path, security):
    async with (
        smtp.running(tmp_path, security, name="other.example.org") as server,
        channel(reach(server, security=security)) as mail,
    ):
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == UNTRUSTED
    assert server.letters == []


async def test_a_letter_that_is_encrypted_from_the_first_byte(tmp_path):
    async with smtp.running(tmp_path, "tls") as server, channel(reach(server, security="tls")) as mail:
        await mail.send(message())
        assert only(server.letters).encrypted


async def test_encryption_that_begins_too_early_is_told(server):
    async with channel(reach(server, security="tls")) as mail:
        assert isinstance(await failure(mail, message()), ChannelDown)
        assert mail.trouble == NOT_TLS


async def test_a_server_on_this_machine_needs_neither_encryption_nor_login(tmp_path):
    async with (
        smtp.running(tmp_path, "none") as server,
        channel(reach(server, security="none", username="", password=None)) as mail,
    ):
        await mail.send(message())
    assert (only(server.letters).user, only(server.letters).encrypted) == ("", False)


# The way there


async def test_a_server_that_is_not_there(server):
    async with channel(reach(server, port=free_port())) as mail:
        failed = await failure(mail, message())
    assert type(failed) is ChannelDown
    assert str(failed).startswith("The mail server cannot be reached.")


async def test_a_letter_whose_end_was_never_read_was_not_sent(server):
    large = (Enclosure("large.bin", "image/png", bytes(20_000_000)),)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        # It says what it must until the letter comes, and then reads no more.
        plain = reach(server, port=deaf.getsockname()[1], security="none", username="")
        async with channel(plain, taken=0.3) as mail:
            sending = asyncio.create_task(failure(mail, message(enclosed=large)))
            reader, writer = await _accept(deaf)
            writer.write(b"220 hello\r\n")
            for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
                await reader.readline()
                writer.write(answer)
            assert type(await sending) is ChannelDown
            assert len(await _rest(reader)) < 20_000_000
            writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    """All that still comes until the other side is gone."""
    read = bytearray()
    with suppress(ConnectionError):
        async with asyncio.timeout(20):
            while piece := await reader.read(2**20):
                read += piece
    return bytes(read)


async def _accept(listening: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    listening.setblocking(False)
    connection, _ = await asyncio.get_running_loop().sock_accept(listening)
    return await asyncio.open_connection(sock=connection)


async def test_a_channel_that_is_closed_breaks_off_what_is_under_way(server, mail):
    server.answer("LETTER", SILENCE)
    sending = asyncio.create_task(failure(mail, message()))
    await until(lambda: bool(server.letters))
    await mail.close()
    assert type(await sending) is MaybeSent


async def test_a_stop_waits_for_no_farewell(server):
    server.answer("LETTER", SILENCE)
    async with channel(reach(server), farewell=600) as mail:
        sending = asyncio.create_task(mail.send(message()))
        await until(lambda: bool(server.letters))
        sending.cancel()
        await asyncio.wait([sending], timeout=20)
        assert sending.cancelled()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0)


# What is kept to ourselves


async def test_logs_and_errors_hold_no_address_no_word_and_no_password(server, mail, caplog):
    caplog.set_level(logging.DEBUG)
    private = (ANN, SENDER_ADDRESS, "Heizung", PASSWORD, "mailbox of", "الملخّص")
    with capture_logs() as ours:
        await mail.send(message(subject=WORDS))
        for command, answer in (
            (f"RCPT {ANN}", f"550 5.1.1 <{ANN}>: no mailbox of that name"),
            (f"RCPT {ANN}", f"451 4.2.1 <{ANN}>: not now"),
            ("MAIL", f"553 <{SENDER_ADDRESS}>: not yours"),
            ("LETTER", f'550 "{WORDS.splitlines()[0]}" is spam'),
            ("LETTER", CUT),
        ):
            server.answer(command, answer)
            failed = await failure(mail, message(subject=WORDS))
            told = f"{failed} {failed!r} {failed.__cause__!r} {mail.trouble}"
            assert not [one for one in private if one in told], command
            assert failed.__suppress_context__ or failed.__context__ is None
    # mail.log is what the server of this test writes.
    theirs = [record.getMessage() for record in caplog.records if record.name != "mail.log"]
    assert not [one for one in private if one in f"{ours} {theirs}"]
    assert [(line["event"], line["code"]) for line in ours] == [
        ("mail: the server says no", code) for code in (550, 451, 553, 550)
    ]


def test_it_is_a_channel():
    mail: Channel = Mail(config.Mail("localhost", security="none"))
    assert (mail.account, mail.in_flight) == ("mail", 2)
