"""What is wrong with an installation, and how to mend it: one line for each thing looked at.

It works beside a running Townbell, and changes nothing: what is not there yet is not made.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp
from telegram import Bot, WebhookInfo
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot import clock, doctor_twilio, journal, model_needs, phrasebook
from bot.channels.mail import Mail
from bot.channels.mail_line import Patience
from bot.config import Settings, TelegramAccount, TwilioAccount
from bot.config_reading import GET_A_TOKEN, load
from bot.faults import listed
from bot.finding import Finding, Findings, mend, ok
from bot.folder import Folder, holder, is_held
from core.errors import BadConfiguration, TownbellError
from core.staff import may
from storage import health, inbox, outbox, staff
from storage.addresses import VARIABLE, Keyring, check_key
from storage.database import Database, open_database
from translations import catalogs
from translations.packages import library, models_folder

ENOUGH_BYTES = 500 * 1024 * 1024  #: below that, a few weeks of photos fill the disk
PATIENCE = 8  #: seconds that something outside may take to answer
LATE = 10 * clock.MINUTE  #: so old, and still not sent, means that something is wrong
OLDEST_PYTHON = (3, 11)
FIRST_DAY = 1_735_689_600 * clock.SECOND  #: 2025-01-01; a clock before that was never set


async def examine(config: Path | None, environ: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Look at everything, saying each finding as it comes; 0 when all is well, else 1."""
    well = True
    async for finding in _findings(config, environ):
        say(str(finding))
        well = well and finding.well
    say("All is well." if well else 'Mend what is marked "mend", then ask again.')
    return 0 if well else 1


async def _findings(config: Path | None, environ: Mapping[str, str]) -> Findings:
    yield _python()
    try:
        settings = load(config, environ)
    except BadConfiguration as error:
        for fault in error.faults:
            yield mend(f"configuration ({error.source}): {fault}")
        yield mend("the rest is looked at once the configuration can be read.")
        return
    yield ok(f"configuration: {settings.source}, {_councils(settings)}")
    for look in (_data, _key, _database, _time, _catalogs, _translation, _telegram, _twilio, _mail, _port):
        try:
            async for finding in look(settings, environ):
                yield finding
        except BadConfiguration as error:
            for fault in error.faults:
                yield mend(f"{error.source}: {fault}")
        except TownbellError as error:
            yield mend(str(error))
        except Exception as error:  # noqa: BLE001, one look that breaks must not hide the others
            facts = journal.described(error)
            yield mend(
                f"{look.__name__.strip('_')} could not be looked at: {facts['error']} at {facts['at'][-1]}"
            )


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return mend(f"Python {version} is too old; Townbell needs 3.11 or newer.")
    return ok(f"Python {version}")


def _councils(settings: Settings) -> str:
    return f"councils: {listed(council.key for council in settings.councils)}"


async def _data(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    folder = Folder(settings.data.folder)
    there = folder.path.is_dir()
    above = folder.path if there else _nearest(folder.path)
    if folder.path.exists() and not there:
        yield mend(f"data folder: {folder.path} is a file. Choose another folder in [data] folder.")
        return
    if os.statvfs(above).f_flag & os.ST_RDONLY:
        yield mend(
            f"data folder: {above} is on a read-only disk. Mount it for writing, or choose another folder in "
            "[data] folder."
        )
    elif not os.access(above, os.W_OK | os.X_OK):
        yield mend(f"data folder: we may not write in {above}. chown -R {os.geteuid()} {above}")
    elif not there:
        yield ok(f"data folder: {folder.path} is made at the first start")
    elif mode := folder.path.stat().st_mode & 0o077:
        yield mend(f"data folder: others may look into {folder.path} ({mode:03o}). chmod 700 {folder.path}")
    else:
        yield ok(f"data folder: {folder.path}")
    free = shutil.disk_usage(above).free
    mib = free // (1024 * 1024)
    if free < ENOUGH_BYTES:
        yield mend(
            f"disk: only {mib} MiB are free below {above}. Free some space; a full disk takes in nothing."
        )
    else:
        yield ok(f"disk: {mib:,} MiB are free")
    if is_held(folder):
        yield ok(f"Townbell runs on {folder.path} (process {holder(folder) or 'unknown'})")
    else:
        yield ok(f"Townbell does not run on {folder.path} now")


def _nearest(path: Path) -> Path:
    """The nearest folder above that is there."""
    return next(above for above in path.absolute().parents if above.is_dir())


async def _key(settings: Settings, environ: Mapping[str, str]) -> Findings:
    path = settings.data.key_file
    if environ.get(VARIABLE):
        Keyring.load(environ, path)
        yield ok(f"key: from {VARIABLE}")
    elif not path.exists():
        if _stored_here(settings):
            yield mend(
                f"key: {path} is missing, and nobody can be answered without it. Put your copy of it back; "
                "a new one does not open what is stored."
            )
        else:
            yield ok(f"key: {path} is made at the first start; keep a copy of it elsewhere")
    elif path.stat().st_mode & 0o077:
        yield mend(f"key: others may read {path}. chmod 600 {path}")
    else:
        Keyring.load(environ, path)
        yield ok(f"key: {path}; keep a copy of it elsewhere")


def _stored_here(settings: Settings) -> bool:
    return settings.database_url is None and Folder(settings.data.folder).database.exists()


async def _database(settings: Settings, environ: Mapping[str, str]) -> Findings:
    path = Folder(settings.data.folder).database
    url = settings.database_url.reveal() if settings.database_url else None
    name = "database: PostgreSQL" if url else f"database: {path}"
    if url is None and not path.exists():
        yield ok(f"{name} is made at the first start")
        return
    state = await health.look(url, path)
    if state.damage:
        yield mend(f"{name} is damaged ({state.damage}). Stop Townbell, and put the newest backup back.")
        return
    if state.schema > state.newest:
        yield mend(
            f"{name} is of a newer Townbell ({state.schema}; this one knows {state.newest}). Update Townbell."
        )
        return
    if state.schema < state.newest:
        yield ok(f"{name} is brought from schema {state.schema} to {state.newest} at the next start")
        return
    yield ok(f"{name}, schema {state.schema}, sound")
    database = await open_database(url, path)
    try:
        async for finding in _stored(database, settings, environ):
            yield finding
    finally:
        await database.close()


async def _stored(database: Database, settings: Settings, environ: Mapping[str, str]) -> Findings:
    if environ.get(VARIABLE) or settings.data.key_file.exists():
        keyring = Keyring.load(environ, settings.data.key_file)
        await database.transaction(lambda tx: check_key(tx, keyring))
    counts = await database.read(inbox.counts)
    now = clock.now()
    held = is_held(Folder(settings.data.folder))
    if counts.aside:
        yield mend(
            f"messages: {counts.aside} were set aside, as we could not take them in. See: townbell aside"
        )
    oldest = counts.oldest_unread_at or now
    if held and now - oldest > LATE:
        yield mend(f"messages: {counts.unread} wait to be heard since {_when(oldest)}. See the log.")
    else:
        yield ok(f"messages: {counts.unread} wait to be heard")
    for backlog in await database.read(outbox.waiting):
        if held and now - backlog.oldest_due_at > LATE:
            since = _when(backlog.oldest_due_at)
            yield mend(
                f"{backlog.account}: {backlog.queued} messages wait since {since} to be sent. See the log."
            )
        else:
            yield ok(f"{backlog.account}: {backlog.queued} messages wait to be sent")
    for silent in await database.read(outbox.waiting_for_words):
        yield _silent(silent)
    if unknown := await database.read(outbox.unknown):
        yield ok(f"messages: of {len(unknown)} nobody knows whether they arrived; they are not said twice")
    places = await database.read(staff.places)
    for council in settings.councils:
        yield _desk(council.key, [one for one in places if one.council == council.key and one.joined_at])


def _silent(silent: outbox.Silent) -> Finding:
    """What waits for somebody's next word, for WhatsApp takes no more than templates by now."""
    waiting = f"{silent.account}: {silent.messages} messages wait for somebody's next word on WhatsApp"
    if not silent.to_staff:
        return ok(f"{waiting}; with a template of their purpose they need not write first")
    return mend(
        f"{waiting}: digests and notices to staff, who were silent for a day. Let them write a word to it, "
        'or give it a "reply" template; better, invite them with --mail, and the digest comes as a letter.'
    )


def _desk(council: str, places: Sequence[staff.PlaceAtDesk]) -> Finding:
    places = [one for one in places if one.mail or not one.silent]
    readers = sum(may(one.role, "digest") for one in places)
    if readers:
        return ok(f"council {council}: {len(places)} work for it, {readers} of them get the week's digest")
    return ok(
        f"council {council}: nobody gets its digest yet. Invite somebody: "
        f"townbell staff invite --role coordinator --council {council}"
    )


def _when(at: int) -> str:
    return datetime.fromtimestamp(at / clock.SECOND, UTC).isoformat(timespec="minutes")


async def _time(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    if clock.now() < FIRST_DAY:
        yield mend(
            f"clock: it says {_when(clock.now())}. Set it, or let it be set (timedatectl set-ntp true)."
        )
    for name in sorted({council.time_zone for council in settings.councils}):
        yield ok(f"time zone {name}: it is {datetime.now(ZoneInfo(name)):%H:%M} there")


async def _catalogs(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    known = catalogs.load()
    wanted = set(phrasebook.english())
    if missing := wanted - set(known["en"].texts):
        yield mend(f"phrases: en.po lacks {len(missing)} of our phrases. Run: townbell phrases")
    wanted |= set(phrasebook.plurals())
    for tag in sorted({tag for council in settings.councils for tag in council.languages}):
        file = catalogs.FOLDER / f"{tag}.po"
        messages = {message.context: message for message in catalogs.read(file) if message.id}
        lacking = sum(1 for key in wanted if key not in messages or not _translated(messages[key].string))
        drafts = sum(1 for message in messages.values() if "fuzzy" in message.flags)
        if lacking:
            said = f"phrases: {tag} lacks {lacking} of {len(wanted)}, which people then read in English."
            yield mend(f"{said} Translate them in {catalogs.FOLDER.name}/{tag}.po")
        else:
            yield ok(
                f"phrases: {tag} is complete" + (f"; {drafts} not yet read by a speaker" if drafts else "")
            )


def _translated(string: str | Sequence[str] | None) -> bool:
    if isinstance(string, str):
        return bool(string)
    return all(string or [""])  # one for each plural form


async def _translation(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    folder = Folder(settings.data.folder).models
    here = models_folder.installed(folder)
    broken = models_folder.damaged(folder)
    if settings.translation.engine == "off":
        yield ok("translation: off; texts stay in the language they were written in")
        return
    if not here and not broken:
        # Nobody has asked for it yet, and people are heard without it.
        yield ok(
            "translation: not set up; texts stay in the language they were written in. "
            "To set it up: make translation, then: townbell models install --needed"
        )
        return
    for one in broken:
        yield mend(f"translation: {one} is no model, or not whole. Remove it: rm -r {one}")
    if not library.has_extra():
        yield mend("translation: there are models, but not what reads them. Run: make translation")
        return
    lacking = model_needs.lacking(settings.councils, here)
    without = model_needs.not_offered(folder, lacking)
    if missing := [pair for pair in lacking if pair not in without]:
        yield mend(f"translation: no model for {_pairs(missing)}. Run: townbell models install --needed")
    size = models_folder.megabytes(sum(one.size for one in here))
    yield ok(f"translation: {listed(str(one.direction) for one in here) or 'no model'} ({size})")
    if without:
        yield ok(f"translation: the index has no model for {_pairs(without)}; such texts stay as written")


def _pairs(pairs: Sequence[model_needs.Pair]) -> str:
    return listed(f"{source} -> {target}" for source, target in pairs)


async def _telegram(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    for account in settings.accounts:
        if isinstance(account, TelegramAccount):
            async for finding in _bot(account, settings):
                yield finding


async def _twilio(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    for account in settings.accounts:
        if isinstance(account, TwilioAccount):
            async for finding in doctor_twilio.look(account, settings, PATIENCE):
                yield finding


async def _bot(account: TelegramAccount, settings: Settings) -> Findings:
    name = f'Telegram ("{account.key}")'
    line = HTTPXRequest(connect_timeout=PATIENCE, read_timeout=PATIENCE)
    url, token = account.api_url, account.token.reveal()
    bot = Bot(token, f"{url}/bot", f"{url}/file/bot", request=line, get_updates_request=line)
    try:
        me = await bot.get_me()
        webhook = await bot.get_webhook_info()
    except InvalidToken:
        yield mend(f"{name}: the token is not known there (any more). {GET_A_TOKEN}.")
        return
    except TelegramError as error:
        # Its message may quote the address we called, and that holds the token.
        host = urlsplit(url).hostname
        yield mend(
            f"{name}: {host} cannot be reached ({type(error).__name__}). Check this machine's way out."
        )
        return
    finally:
        await line.shutdown()
    yield ok(f"{name}: t.me/{me.username}")
    async for finding in _webhook(name, account, settings, webhook):
        yield finding


async def _webhook(name: str, account: TelegramAccount, settings: Settings, webhook: WebhookInfo) -> Findings:
    ours = f"{settings.http.public_url}/telegram/{account.key}" if account.mode == "webhook" else ""
    elsewhere = urlsplit(webhook.url).hostname or "nobody"
    if webhook.url == ours:
        yield ok(f"{name}: mode {account.mode}, {webhook.pending_update_count} messages wait there")
    elif is_held(Folder(settings.data.folder)):
        yield mend(
            f"{name}: mode is {account.mode}, but Telegram delivers to {elsewhere}. If another installation "
            "uses this bot, give one of them a bot of its own; then restart Townbell."
        )
    else:
        yield ok(f"{name}: Telegram delivers to {elsewhere} now; the next start changes that")
    failed = webhook.last_error_date
    if ours and failed and clock.now() / clock.SECOND - failed.timestamp() < PATIENCE * 60:
        yield mend(
            f"{name}: Telegram could not deliver: {webhook.last_error_message}. Check {ours} from outside."
        )


async def _mail(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    if settings.mail.host:
        await Mail(settings.mail, Patience(answer=PATIENCE)).ask()  # What is wrong is raised.
        yield ok(f"mail: {settings.mail.host} takes letters from {settings.mail.sender}")


async def _port(settings: Settings, _environ: Mapping[str, str]) -> Findings:
    http = settings.http
    where = f"http://{f'[{http.host}]' if ':' in http.host else http.host}:{http.port}"
    try:
        _listen(http.host, http.port)
    except socket.gaierror:
        yield mend(
            f'port: there is no address "{http.host}". Mend http.host; "127.0.0.1" is this machine alone.'
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE and await _is_townbell(where):
            yield ok(f"port: Townbell answers on {where}")
        elif error.errno == errno.EADDRINUSE:
            yield mend(
                f"port: another program listens on {http.port}. Stop it, or choose another in http.port."
            )
        elif error.errno == errno.EACCES:
            yield mend(
                f"port: we may not listen on {http.port}. Choose one above 1023, and a proxy before it."
            )
        else:
            yield mend(f"port: we cannot listen on {where}: {os.strerror(error.errno or 0).lower()}.")
    else:
        yield ok(f"port: {where} is free")


def _listen(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with closing(socket.socket(family, kind, protocol)) as probe:
        # As the server itself does: a connection that has just ended must not look like a program.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)


async def _is_townbell(where: str) -> bool:
    host = where.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session,
            session.get(f"{host}/healthz", allow_redirects=False) as answer,
        ):
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
