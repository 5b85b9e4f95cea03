"""The doctor looks at everything, says how to mend what is wrong, and changes nothing."""

import errno
import json
import os
import shutil
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from aiohttp import web

from bot import clock, doctor, phrasebook
from bot.doctor import examine
from bot.folder import Folder, hold
from core.errors import LostDatabase
from core.messages import InboundMessage
from storage import health, inbox
from storage.outbox import FOR_EVER
from tests.bot.filed import CONFIG, NOW, Installation, installation
from tests.peers import bot_api, smtp
from tests.peers.bot_api import BotApi
from tests.peers.ports import free_port
from tests.peers.smtp import SmtpServer

GIB = 1024**3


class Usage(NamedTuple):
    """What shutil tells of a disk."""

    total: int
    used: int
    free: int


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(9 * GIB, 1 * GIB, 8 * GIB))
    made = installation(tmp_path)
    made.configure(f"[http]\nport = {free_port()}\n{CONFIG}")
    return made


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    async with bot_api.running() as api:
        yield api


@pytest.fixture
def running(bell: Installation) -> Iterator[None]:
    """A Townbell that runs beside the doctor."""
    bell.data.mkdir(mode=0o700, exist_ok=True)
    with hold(Folder(bell.data)):
        yield


async def asked(bell: Installation, **environ: str) -> tuple[int, list[str]]:
    said: list[str] = []
    return await examine(bell.config, environ, said.append), said


async def mends(bell: Installation, **environ: str) -> list[str]:
    """What there is to mend; none means that the exit status is 0 too."""
    status, said = await asked(bell, **environ)
    found = [line.removeprefix("mend  ") for line in said if line.startswith("mend")]
    assert status == bool(found)
    return found


async def test_before_the_first_start_all_is_well_and_nothing_is_made(bell):
    status, said = await asked(bell)

    assert (status, said[-1]) == (0, "All is well.")
    assert all(line.startswith("ok    ") for line in said[:-1])
    assert any("data is made at the first start" in line for line in said)
    assert [path.name for path in bell.folder.iterdir()] == ["config.toml"]


async def test_after_the_first_start_all_is_well(bell, running):
    await bell.store()
    status, said = await asked(bell)
    assert status == 0, said
    told = "\n".join(said)
    assert f"Townbell runs on {bell.data} (process {os.getpid()})" in told
    assert f"database: {bell.data}/townbell.db, schema {health.newest_schema()}, sound" in told
    assert "messages: 0 wait to be heard" in told
    assert "time zone Europe/Vienna: it is " in told
    assert "phrases: en is complete" in told


async def test_every_fault_of_the_configuration_is_told(bell):
    bell.configure('[http]\nport = "x"\n[lgo]\n')
    found = await mends(bell)
    assert len(found) == 5
    assert "http.port: must be a whole number, without quotes" in found[1]
    assert found[-1] == "the rest is looked at once the configuration can be read."


# The data folder and the key


async def test_a_data_folder_that_others_may_look_into(bell):
    await bell.store()
    bell.data.chmod(0o755)
    assert await mends(bell) == [
        f"data folder: others may look into {bell.data} (055). chmod 700 {bell.data}"
    ]


async def test_a_data_folder_we_may_not_write_in(bell, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _path, _how: False)
    (found,) = await mends(bell)
    assert found == f"data folder: we may not write in {bell.folder}. chown -R {os.geteuid()} {bell.folder}"


async def test_a_data_folder_on_a_disk_that_is_read_only(bell, monkeypatch):
    monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY))
    (found,) = await mends(bell)
    assert found.startswith(f"data folder: {bell.folder} is on a read-only disk. Mount it for writing")


async def test_a_file_in_the_place_of_the_data_folder(bell):
    bell.data.touch()
    assert f"data folder: {bell.data} is a file." in (await mends(bell))[0]


async def test_a_disk_that_is_nearly_full(bell, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(9 * GIB, 9 * GIB, 20 * 1024**2))
    (found,) = await mends(bell)
    assert found.startswith("disk: only 20 MiB are free")


async def test_a_key_that_others_may_read(bell):
    await bell.store()
    key = bell.data / "townbell.key"
    key.chmod(0o644)
    found = await mends(bell)
    assert found[0] == f"key: others may read {key}. chmod 600 {key}"


async def test_a_key_that_is_lost(bell):
    await bell.store()
    (bell.data / "townbell.key").unlink()
    (found,) = await mends(bell)
    assert "is missing, and nobody can be answered without it. Put your copy of it back" in found
    assert not (bell.data / "townbell.key").exists()


async def test_a_key_of_another_installation(bell):
    await bell.store()
    key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
    (found,) = await mends(bell, TOWNBELL_KEY=key)
    assert found == "The key does not open what is stored: use the key file that belongs to this database."


async def test_a_key_in_the_environment_that_is_none(bell):
    (found,) = await mends(bell, TOWNBELL_KEY="hunter2")
    assert "TOWNBELL_KEY" in found
    assert "hunter2" not in found


# The database and what waits in it


async def test_a_file_that_is_no_database(bell):
    await bell.store()
    (bell.data / "townbell.db").write_bytes(b"this is not a database, it is a sentence" * 100)
    (found,) = await mends(bell)
    assert found == (
        f"database: {bell.data}/townbell.db is damaged (SQLITE_NOTADB). Stop Townbell, "
        "and put the newest backup back."
    )


async def test_a_database_with_a_damaged_page(bell):
    await bell.file_issue()
    file = bell.data / "townbell.db"
    size = file.stat().st_size
    with file.open("r+b") as database:
        database.seek(size // 2 // 4096 * 4096)
        database.write(b"\xff" * 4096 * 4)
    (found,) = await mends(bell)
    assert "is damaged (" in found


async def test_a_database_of_a_newer_townbell(bell, monkeypatch):
    await bell.store()
    newest = health.newest_schema()
    monkeypatch.setattr(health, "newest_schema", lambda: newest - 1)
    (found,) = await mends(bell)
    assert f"is of a newer Townbell ({newest}; this one knows {newest - 1}). Update Townbell." in found


async def test_a_database_of_an_older_townbell_is_left_as_it_is(bell, monkeypatch):
    await bell.store()
    newest = health.newest_schema()
    monkeypatch.setattr(health, "newest_schema", lambda: newest + 1)
    status, said = await asked(bell)
    assert status == 0
    assert any(f"is brought from schema {newest} to {newest + 1} at the next start" in line for line in said)


async def test_a_postgres_that_is_not_there(bell):
    url = f"postgresql://user:hidden@127.0.0.1:{free_port()}/none"
    (found,) = await mends(bell, DATABASE_URL=url)
    assert found.startswith("The database that DATABASE_URL names cannot be reached (")
    assert "hidden" not in found


async def test_a_postgres_that_is_there(bell, postgres):
    url = postgres.create_database()
    status, said = await asked(bell, DATABASE_URL=url)
    assert status == 0, said
    assert any("database: PostgreSQL is brought from schema 0 to" in line for line in said)


async def test_messages_that_were_set_aside(bell):
    await bell.store(
        InboundMessage("web", "unreadable", "x1", ""), InboundMessage("web", "unreadable", "x2", "")
    )
    assert await mends(bell) == [
        "messages: 2 were set aside, as we could not take them in. See: townbell aside"
    ]


async def test_messages_that_nobody_takes(bell, running):
    message = InboundMessage("web", "message", "x1", "cookie", text="hello")
    await bell.store(message, at=NOW - doctor.LATE - 1)
    (found,) = await mends(bell)
    assert found == "messages: 1 wait to be heard since 2026-09-21T14:03+00:00. See the log."


async def test_messages_wait_for_the_next_start(bell):
    await bell.store(InboundMessage("web", "message", "x1", "cookie", text="hello"), at=NOW - doctor.LATE - 1)
    status, said = await asked(bell)
    assert status == 0
    assert any("messages: 1 wait to be heard" in line for line in said)


async def test_what_waits_for_somebodys_next_word_is_told_apart(bell):
    await bell.file_issue()
    with closing(sqlite3.connect(bell.data / "townbell.db")) as database, database:
        for n, purpose in enumerate(("digest", "news", "reply")):
            database.execute(
                "insert into outbox (account_id, address_id, contact_id, lane, cause, n, purpose, if_unsure,"
                " due_at, reason, created_at) select a.account_id, a.id, a.contact_id, 'talk', 'x', ?, ?,"
                " 'again', ?, 'outside the window', 1 from address a",
                (n, purpose, FOR_EVER),
            )
    _, said = await asked(bell)
    lines = [line for line in said if "to be sent" in line or "next word" in line]
    assert len(lines) == 2
    assert "2 messages wait for somebody's next word on WhatsApp; with a template" in lines[0]
    assert "1 messages wait for somebody's next word on WhatsApp: digests and notices to staff" in lines[1]


# Time and words


async def test_a_clock_that_was_never_set(bell, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: 0)
    (found,) = await mends(bell)
    assert (
        found == "clock: it says 1970-01-01T00:00+00:00. Set it, or let it be set (timedatectl set-ntp true)."
    )


async def test_phrases_that_are_not_in_the_catalogs(bell, monkeypatch):
    english = {**phrasebook.english(), "new.one": "New."}
    monkeypatch.setattr(phrasebook, "english", lambda: english)
    found = await mends(bell)
    assert found[0] == "phrases: en.po lacks 1 of our phrases. Run: townbell phrases"
    assert found[1].startswith("phrases: en lacks 1 of ")


# Telegram


def with_bot(bell: Installation, url: str, mode: str = "polling") -> None:
    bell.configure(
        f'[http]\nport = {free_port()}\npublic_url = "https://bell.example.org"\n{CONFIG}\n'
        f'[[accounts]]\nkey = "bot"\nchannel = "telegram"\napi_url = "{url}"\nmode = "{mode}"\n'
    )


SECRETS = {"TELEGRAM_TOKEN": bot_api.TOKEN, "TELEGRAM_WEBHOOK_SECRET": "s" * 32}


async def test_a_bot_that_answers(bell, telegram):
    with_bot(bell, telegram.url)
    status, said = await asked(bell, **SECRETS)
    assert status == 0, said
    assert 'ok    Telegram ("bot"): t.me/TownbellBot' in said
    assert 'ok    Telegram ("bot"): mode polling, 0 messages wait there' in said
    assert telegram.calls("getUpdates") == []  # that would take the messages from a running Townbell


async def test_a_token_that_was_taken_back(bell, telegram):
    with_bot(bell, telegram.url)
    (found,) = await mends(bell, TELEGRAM_TOKEN="999999:OTHER")
    assert found.startswith('Telegram ("bot"): the token is not known there (any more). Write to @BotFather')
    assert "OTHER" not in found


async def test_no_way_to_telegram(bell):
    with_bot(bell, f"http://127.0.0.1:{free_port()}")
    (found,) = await mends(bell, **SECRETS)
    assert (
        found
        == 'Telegram ("bot"): 127.0.0.1 cannot be reached (NetworkError). Check this machine\'s way out.'
    )


async def test_a_telegram_that_is_silent(bell, telegram, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.05)
    telegram.be_silent("getMe", seconds=60)
    with_bot(bell, telegram.url)
    (found,) = await mends(bell, **SECRETS)
    assert "cannot be reached (TimedOut)" in found


async def test_a_bot_whose_messages_go_elsewhere(bell, telegram, running):
    telegram.webhook()["url"] = "https://other.example.org/hook"
    with_bot(bell, telegram.url)
    (found,) = await mends(bell, **SECRETS)
    assert "mode is polling, but Telegram delivers to other.example.org." in found


async def test_a_webhook_that_the_next_start_takes_away(bell, telegram):
    telegram.webhook()["url"] = "https://other.example.org/hook"
    with_bot(bell, telegram.url)
    status, said = await asked(bell, **SECRETS)
    assert status == 0
    assert any(
        "Telegram delivers to other.example.org now; the next start changes that" in line for line in said
    )


async def test_a_webhook_that_telegram_cannot_reach(bell, telegram, running, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: int(time.time()) * clock.SECOND)
    ours = "https://bell.example.org/telegram/bot"
    info = {"url": ours, "has_custom_certificate": False, "pending_update_count": 3,
            "last_error_date": int(time.time()), "last_error_message": "Connection refused"}  # fmt: skip
    telegram.fail("getWebhookInfo", 200, body=json.dumps({"ok": True, "result": info}))
    with_bot(bell, telegram.url, "webhook")
    (found,) = await mends(bell, **SECRETS)
    assert (
        found
        == f'Telegram ("bot"): Telegram could not deliver: Connection refused. Check {ours} from outside.'
    )


# Mail


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[SmtpServer]:
    async with smtp.running(tmp_path) as running:
        yield running


def with_mail(bell: Installation, server: SmtpServer, more: str = f'username = "{smtp.USER}"') -> None:
    bell.configure(
        f'[mail]\nhost = "{server.host}"\nport = {server.port}\nsender = "bell@example.org"\n{more}\n'
        f'ca_file = "{server.certificate}"\n[http]\nport = {free_port()}\n{CONFIG}'
    )


async def test_without_a_mail_server_nothing_is_said_of_mail(bell):
    _, said = await asked(bell)
    assert not [line for line in said if "mail:" in line or "mail server" in line]


async def test_a_mail_server_that_would_take_our_letters(bell, server):
    with_mail(bell, server)
    status, said = await asked(bell, MAIL_PASSWORD=smtp.PASSWORD)
    assert status == 0, said
    assert "ok    mail: localhost takes letters from bell@example.org" in said
    assert server.letters == []


@pytest.mark.parametrize(
    ("label", "more", "answer", "sentence"),
    [
        ("the password is wrong", 'username = "other"', (), "The mail server refuses our login."),
        ("there is no login", "", (), "The mail server wants a login."),
        ("the wrong way to encrypt", 'security = "tls"', (), "The mail server and we find no common way"),
        ("it takes nothing of ours", 'username = "bell"', ("MAIL", "550 no"), "The mail server takes no"),
        ("it turns us away", "", ("GREETING", "554 no"), "The mail server turns this machine away."),
        ("it is busy", "", ("GREETING", "421 later"), "The mail server has no time for us now."),
    ],
)  # fmt: skip
async def test_a_mail_server_that_does_not(bell, server, label, more, answer, sentence):  # noqa: PLR0917
    with_mail(bell, server, more)
    if answer:
        server.answer(*answer)
    (found,) = await mends(bell, MAIL_PASSWORD=smtp.PASSWORD)
    assert found.startswith(sentence), label
    assert smtp.PASSWORD not in found


async def test_a_mail_server_without_encryption(bell, tmp_path):
    async with smtp.running(tmp_path, "none") as server:
        with_mail(bell, server)
        (found,) = await mends(bell, MAIL_PASSWORD=smtp.PASSWORD)
    assert found.startswith("The mail server offers no encryption (STARTTLS), so nothing is sent.")


async def test_a_mail_server_whose_certificate_nobody_trusts(bell, server):
    with_mail(bell, server)
    bell.config.write_text(bell.config.read_text("utf-8").replace("ca_file", "# "), "utf-8")
    (found,) = await mends(bell, MAIL_PASSWORD=smtp.PASSWORD)
    assert found.startswith("The mail server's certificate is not trusted.")


async def test_a_mail_server_that_is_not_there(bell, server):
    server.port = free_port()
    with_mail(bell, server)
    (found,) = await mends(bell, MAIL_PASSWORD=smtp.PASSWORD)
    assert found.startswith("The mail server cannot be reached. Check mail.host and mail.port")


async def test_a_mail_server_that_is_silent(bell, server, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.05)
    server.answer("GREETING", smtp.SILENCE)
    with_mail(bell, server)
    (found,) = await mends(bell, MAIL_PASSWORD=smtp.PASSWORD)
    assert found.startswith("The mail server cannot be reached.")


# The port


def on(bell: Installation, host: str, port: int) -> None:
    bell.configure(f'[http]\nhost = "{host}"\nport = {port}\n{CONFIG}')


async def test_a_port_that_is_ours(bell, aiohttp_up):
    on(bell, "127.0.0.1", aiohttp_up)
    status, said = await asked(bell)
    assert status == 0, said
    assert f"ok    port: Townbell answers on http://127.0.0.1:{aiohttp_up}" in said


@pytest.fixture
async def aiohttp_up() -> AsyncIterator[int]:
    """Something that answers /healthz as Townbell does."""

    async def up(_request: web.Request) -> web.Response:
        return web.json_response({"up": True})

    app = web.Application()
    app.router.add_get("/healthz", up)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


async def test_a_port_that_another_program_has(bell):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        on(bell, "127.0.0.1", port)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(doctor, "PATIENCE", 0.05)
            (found,) = await mends(bell)
    assert found == f"port: another program listens on {port}. Stop it, or choose another in http.port."


@pytest.mark.parametrize(
    ("host", "fault", "sentence"),
    [
        ("no.such.host.invalid", socket.gaierror(), 'port: there is no address "no.such.host.invalid".'),
        ("127.0.0.1", OSError(errno.EACCES, ""), "port: we may not listen on 80. Choose one above 1023"),
        ("192.0.2.1", OSError(errno.EADDRNOTAVAIL, ""),
         "port: we cannot listen on http://192.0.2.1:80: cannot assign requested address."),
    ],
)  # fmt: skip
async def test_a_port_we_cannot_have(bell, monkeypatch, host, fault, sentence):
    def refuse(_host: str, _port: int) -> None:
        raise fault

    monkeypatch.setattr(doctor, "_listen", refuse)
    on(bell, host, 80)
    (found,) = await mends(bell)
    assert found.startswith(sentence)


async def test_one_look_that_breaks_does_not_hide_the_others(bell, monkeypatch):
    async def breaks(*_: object) -> None:
        raise ValueError("Die Heizung ist kaputt")

    await bell.store()
    monkeypatch.setattr(health, "look", breaks)
    status, said = await asked(bell)
    assert status == 1
    assert any(line.startswith("mend  database could not be looked at: ValueError at ") for line in said)
    assert any(line.startswith("ok    port:") for line in said)
    assert "Heizung" not in "\n".join(said)


async def test_a_database_that_is_lost_meanwhile_is_told(bell, monkeypatch):
    async def lost(*_: object) -> None:
        raise LostDatabase

    await bell.store()
    monkeypatch.setattr(inbox, "counts", lost)
    (found,) = await mends(bell)
    assert found.startswith("The database cannot be reached.")
