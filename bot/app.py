"""The running program: every part made once, here, and handed to those that need it.

Read `run` from top to bottom: it is the order in which things start, and what starts later stops
earlier. Connections are opened nowhere else, so that a fault at any step closes what was opened
before and ends the process with a sentence.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot import clock, folder, garbage, limits, schedule
from bot.answering import AnswerWorker
from bot.channels import Channel, MediaSource
from bot.channels.mail import Mail
from bot.channels.telegram import Telegram, Webhook
from bot.channels.twilio import Twilio
from bot.channels.twilio_hook import TwilioHook
from bot.channels.twilio_media import TwilioMedia
from bot.channels.webchat import WebChat
from bot.config import MAIL_ACCOUNT, Settings, TelegramAccount, TwilioAccount
from bot.copies import Copies
from bot.digests import ABOUT, Digests, DigestWriter, prices_in
from bot.folder import Folder
from bot.grouping import Grouper
from bot.health import Health
from bot.late import Late
from bot.looks import Looks
from bot.media import MediaFolder, MediaWorker
from bot.metrics import Metrics
from bot.news import News
from bot.outbox import Sender, Writer
from bot.proposals import Proposals
from bot.receive import Receiver
from bot.stopping import told_to_stop, unclean_stop
from bot.telling import Telling
from bot.thinking import Thinker
from bot.translating import TranslationWorker
from bot.turns import TurnTaker
from bot.unopened import Unopened
from bot.web import application, serving
from bot.web_chat import ChatPages
from bot.workers import Workers
from core.council import Council
from core.phrases import Phrases
from core.talk import Command
from storage import councils, reports
from storage.addresses import Keyring
from storage.database import Database, open_database
from translations import catalogs as catalogs_room
from translations.packages import library
from translations.translator import Off, Translator
from translations.worker import Worker

log = structlog.get_logger()

#: what Telegram's menu button lists
LISTED_COMMANDS = (
    Command.STATUS,
    Command.CORRECT,
    Command.LANGUAGE,
    Command.MY_DATA,
    Command.DELETE,
    Command.STOP,
)
MEGABYTE = 1024 * 1024
#: with less room than this we are not ready: a write-ahead log and a few photos take as much
SPARE = 32 * MEGABYTE


@dataclass(frozen=True)
class Ground:
    """What every part stands on."""

    settings: Settings
    folder: Folder
    keyring: Keyring
    catalogs: Mapping[str, Phrases]
    database: Database
    ids: councils.Ids
    metrics: Metrics

    @property
    def councils(self) -> dict[str, Council]:
        """The councils by their keys."""
        return {council.key: council for council in self.settings.councils}

    def thinker(self) -> Thinker:
        """What turns messages into answers."""
        # The loop breaker only compares words within minutes: its key need not outlive the process.
        return Thinker(self.settings.councils, self.catalogs, self.settings.talk, secrets.token_bytes(16))

    def writers(self) -> dict[str, Writer]:
        """Who writes what is written only when it is sent, by what it is about."""
        return {ABOUT: DigestWriter(self.database, self.councils, self.catalogs, prices_in(self.settings))}


@asynccontextmanager
async def ground(settings: Settings, place: Folder) -> AsyncIterator[Ground]:
    """Key, words and database, opened and checked; closed in the end."""
    url = settings.database_url.reveal() if settings.database_url else None
    first_use = url is not None or not place.database.exists()
    keyring = Keyring.load(os.environ, settings.data.key_file, first_use=first_use)
    words = catalogs_room.load()
    database = await open_database(url, place.database, keyring)
    try:
        accounts = [councils.Account(one.key, one.channel, one.council) for one in settings.accounts]
        if settings.mail.host:
            # Letters of every council go out here; the database wants an account to belong to one.
            accounts.append(councils.Account(MAIL_ACCOUNT, "mail", settings.councils[0].key))
        keys = [council.key for council in settings.councils]
        ids = await database.transaction(lambda tx: councils.sync(tx, keys, accounts))
        yield Ground(settings, place, keyring, words, database, ids, Metrics(CollectorRegistry()))
    finally:
        await database.close()


async def run(settings: Settings, port: int | None = None) -> int:
    """Run until told to stop; the exit status."""
    async with AsyncExitStack() as stack:
        told = stack.enter_context(told_to_stop())
        place = folder.prepare(settings.data.folder)
        stack.enter_context(folder.hold(place))
        base = await stack.enter_async_context(ground(settings, place))
        workers = Workers(stack)

        channels = await _channels(stack, base)
        senders = _employ_senders(workers, base, channels)
        taker = TurnTaker(base.database, base.thinker(), settings.talk, base.metrics, lambda: _wake(senders))
        receiver = Receiver(base.database, base.keyring, taker.wake, base.metrics)
        workers.employ("receiving", receiver.run())
        _employ_translators(stack, workers, base)

        media_folder = MediaFolder(place.media)
        looks = _looks(base, taker, channels, media_folder)
        scheduler = schedule.start({**looks, **_desk_looks(base, taker, senders)})
        stack.callback(scheduler.shutdown, wait=False)

        app = _pages(base, channels, receiver, media_folder)
        port = settings.http.port if port is None else port
        listening = await stack.enter_async_context(serving(app, settings.http.host, port))
        # Only now, for a fault at start-up is nobody's message's doing.
        unclean = stack.enter_context(unclean_stop(place.path))
        workers.employ("turns", taker.run(careful=unclean))
        for key, telegram in channels.telegrams.items():
            workers.employ(f"listening on {key}", _listen(base, telegram, receiver))

        garbage.look_less_often()
        _greet(settings, listening, channels.page is not None)
        return await workers.work_until(told)


@dataclass(frozen=True)
class Channels:
    """Every way in and out, by its account."""

    telegrams: Mapping[str, Telegram]
    twilios: Mapping[str, Twilio]
    pages: Mapping[str, WebChat]
    letters: Mapping[str, Mail]
    phone_media: Mapping[str, TwilioMedia]

    @property
    def sources(self) -> dict[str, MediaSource | None]:
        """Who fetches what came with messages; None where files come as uploads."""
        channels = {key: one for key, one in self.by_account.items() if isinstance(one, MediaSource)}
        return {**dict.fromkeys(self.by_account), **channels, **self.phone_media}

    @property
    def by_account(self) -> dict[str, Channel]:
        """All of them."""
        return {**self.telegrams, **self.twilios, **self.pages, **self.letters}

    @property
    def page(self) -> WebChat | None:
        """The one that is served at /chat."""
        return next(iter(self.pages.values()), None)


async def _channels(stack: AsyncExitStack, base: Ground) -> Channels:
    settings = base.settings
    telegrams = {
        one.key: await _telegram(stack, one, base)
        for one in settings.accounts
        if isinstance(one, TelegramAccount)
    }
    twilios = {
        one.key: _twilio(stack, one, base) for one in settings.accounts if isinstance(one, TwilioAccount)
    }
    pages = {
        one.key: WebChat(one.key, base.database, base.keyring, base.catalogs)
        for one in settings.accounts_of("web")
    }
    return Channels(telegrams, twilios, pages, _mail(stack, settings), _phone_media(stack, settings))


async def _telegram(stack: AsyncExitStack, account: TelegramAccount, base: Ground) -> Telegram:
    settings = base.settings
    webhook = None
    if account.mode == "webhook" and account.webhook_secret:
        url = f"{settings.http.public_url}/telegram/{account.key}"
        webhook = Webhook(url, account.webhook_secret.reveal())
    telegram = Telegram(
        account.key,
        account.token.reveal(),
        lambda kind, external_id, n: base.keyring.media_id(account.key, kind, external_id, n),
        api_url=account.api_url,
        webhook=webhook,
        commands={
            tag: [(one.value, phrases.say(f"menu.what_now.{one.value}")) for one in LISTED_COMMANDS]
            for tag, phrases in base.catalogs.items()
        },
        media_limit=settings.media.limit_mb * MEGABYTE,
    )
    stack.push_async_callback(telegram.close)
    return telegram


def _twilio(stack: AsyncExitStack, account: TwilioAccount, base: Ground) -> Twilio:
    public_url = base.settings.http.public_url
    twilio = Twilio(
        account.key,
        account.sid,
        account.token.reveal(),
        account.sender,
        "whatsapp" if account.channel == "whatsapp" else "sms",
        status_url=f"{public_url}/twilio/{account.key}/status" if public_url else "",
        templates=account.templates,
        list_button={tag: phrases.say("channel.open_list") for tag, phrases in base.catalogs.items()},
        most_segments=account.most_segments,
        per_second=account.per_second,
        api_url=account.api_url,
    )
    stack.push_async_callback(twilio.close)
    return twilio


def _phone_media(stack: AsyncExitStack, settings: Settings) -> dict[str, TwilioMedia]:
    """Who fetches what people send from their phones."""
    sources = {
        one.key: TwilioMedia(one.sid, one.token.reveal(), one.api_url, settings.media.limit_mb * MEGABYTE)
        for one in settings.accounts
        if isinstance(one, TwilioAccount)
    }
    for source in sources.values():
        stack.push_async_callback(source.close)
    return sources


def _mail(stack: AsyncExitStack, settings: Settings) -> dict[str, Mail]:
    """The way of letters, where one is configured."""
    if not settings.mail.host:
        return {}
    mail = Mail(settings.mail)
    stack.push_async_callback(mail.close)
    return {MAIL_ACCOUNT: mail}


def _employ_senders(workers: Workers, base: Ground, channels: Channels) -> list[Sender]:
    writers = base.writers()
    names = {key: council.name for key, council in base.councils.items()}
    senders = [
        Sender(
            base.database,
            base.keyring,
            channel,
            base.ids.accounts[key],
            base.metrics,
            writers=writers,
            names=names,
        )
        for key, channel in channels.by_account.items()
    ]
    for sender in senders:
        workers.employ("sending", sender.run())
    return senders


def _employ_translators(stack: AsyncExitStack, workers: Workers, base: Ground) -> None:
    translator = _translator(stack, base)
    answering = AnswerWorker(base.database, translator or Off(), base.catalogs)
    workers.employ("answering", answering.run())
    if translator:
        translating = TranslationWorker(
            base.database,
            translator,
            {tag for council in base.settings.councils for tag in council.working_languages},
            told=lambda outcome: base.metrics.translated.labels(outcome).inc(),
        )
        workers.employ("translating", translating.run())


def _translator(stack: AsyncExitStack, base: Ground) -> Translator | None:
    """Who translates; None where nobody does, and texts wait. Models may come and go while we run."""
    settings, place = base.settings, base.folder
    if settings.translation.engine == "off" or not library.has_extra():
        return None
    translator = Worker(
        place.models,
        scratch=place.path / "scratch",
        options={"beam": settings.translation.beam_size},
        memory_mb=settings.translation.memory_mb,
    )
    stack.push_async_callback(translator.close)
    return translator


async def _listen(base: Ground, telegram: Telegram, receiver: Receiver) -> None:
    """Hear what people write. Of several processes one polls: Telegram gives updates to one at a time."""
    async with base.database.seat(f"listen:{telegram.account}"):
        await telegram.listen(receiver.accept_all)


def _pages(
    base: Ground, channels: Channels, receiver: Receiver, media_folder: MediaFolder
) -> web.Application:
    """What is served: how we are, the chat, and the addresses that providers call."""
    health = Health(base.database, base.metrics, lambda: _troubles(base.folder, channels))
    chat = _chat_pages(base, channels.page, receiver, media_folder) if channels.page else None
    return application(
        health=health,
        metrics=base.metrics,
        chat=chat,
        telegram=channels.telegrams,
        twilio=_twilio_hooks(base, receiver),
    )


def _twilio_hooks(base: Ground, receiver: Receiver) -> dict[str, TwilioHook]:
    """What Twilio calls, by its account."""
    counted = base.metrics.reported

    async def report(said: reports.Report) -> None:
        outcome = await base.database.transaction(
            lambda tx: reports.reported(tx, said, clock.now()), name="report"
        )
        counted.labels(said.account, outcome).inc()

    return {
        one.key: TwilioHook(
            one, base.settings.http.public_url, receiver.accept_all, report,
            lambda account: counted.labels(account, "stray").inc(),
        )
        for one in base.settings.accounts
        if isinstance(one, TwilioAccount)
    }  # fmt: skip


def _troubles(place: Folder, channels: Channels) -> list[str]:
    """What keeps us from working, in sentences for whoever watches."""
    lines: list[Telegram | Twilio | Mail] = [
        *channels.telegrams.values(),
        *channels.twilios.values(),
        *channels.letters.values(),
    ]
    said = [trouble for one in lines if (trouble := one.trouble)]
    return [*said, "The disk is nearly full: free some space."] if place.free_bytes() < SPARE else said


def _chat_pages(base: Ground, channel: WebChat, receiver: Receiver, media_folder: MediaFolder) -> ChatPages:
    settings = base.settings
    account = next(one for one in settings.accounts if one.key == channel.account)
    return ChatPages(
        channel=channel,
        council=account.council,
        councils=base.councils,
        catalogs=base.catalogs,
        accept=receiver.accept,
        database=base.database,
        keyring=base.keyring,
        folder=media_folder,
        media_limit=settings.web_chat.media_limit_mb * MEGABYTE,
        limit=limits.RateLimit(settings.web_chat.messages_per_minute, settings.web_chat.burst),
        trusted=settings.http.proxies,
        public_url=settings.http.public_url,
        others_write=settings.database_url is not None,
    )


def _looks(
    base: Ground, taker: TurnTaker, channels: Channels, media_folder: MediaFolder
) -> Mapping[str, tuple[float, schedule.Look]]:
    """What is looked for, and every how many seconds."""
    settings = base.settings
    sources = {base.ids.accounts[key]: source for key, source in channels.sources.items()}
    media = MediaWorker(
        base.database,
        media_folder,
        sources,
        settings.media.limit_mb * MEGABYTE,
        told=lambda outcome: base.metrics.media.labels(outcome).inc(),
        unopened=Unopened(base.councils, base.catalogs),
    )
    retention = schedule.Retention(base.database, base.councils, media_folder.remove)
    forgetting = schedule.Forgetting(base.database, base.keyring, channels.by_account)
    kept = {one.key for one in settings.accounts if not isinstance(one, TwilioAccount) or one.keep_at_twilio}
    copies = Copies(base.database, {key: one for key, one in channels.by_account.items() if key not in kept})
    reminders = schedule.Reminders(base.database, taker.wake)
    watch = schedule.ClockWatch(base.database)
    return {
        "clock": (1, watch.look),
        "media": (2, lambda: media.fetch(clock.now())),
        "uploads": (2, lambda: media.find_uploads(clock.now())),
        "reminders": (5, reminders.look),
        "forgetting": (5, forgetting.look),
        "copies": (1, copies.look),
        "erased media": (5, lambda: media.erase(clock.now())),
        "tidy": (60, base.database.tidy),
        "retention": (3600, retention.look),
        "orphans": (3600, lambda: media.sweep(clock.now())),
    }


def _desk_looks(
    base: Ground, taker: TurnTaker, senders: list[Sender]
) -> Mapping[str, tuple[float, schedule.Look]]:
    """What is looked for at the council's desk, and every how many seconds."""
    database, by_key = base.database, base.councils
    keys = {number: key for key, number in base.ids.councils.items()}
    proposals = Proposals(database, Grouper(), base.catalogs)
    return {
        "news": (1, News(database, by_key, taker.wake).look),
        "looks": (1, Looks(database, taker.wake).look),
        "telling": (2, Telling(database, by_key, base.catalogs).look),
        "late": (60, Late(database, by_key, keys).look),
        "digests": (10, Digests(database, by_key, proposals.look, lambda: _wake(senders)).look),
    }


def _wake(senders: list[Sender]) -> None:
    for sender in senders:
        sender.wake()


def _greet(settings: Settings, port: int, page: bool) -> None:
    log.info("started", source=settings.source, port=port, accounts=len(settings.accounts))
    if page:
        # For whoever typed `make run`: the one line that they look for.
        page_address = f"http://{settings.http.host}:{port}/chat"
        sys.stdout.write(f"\n  Townbell is up. Open {page_address} and write.\n  Stop it with Ctrl-C.\n\n")
        sys.stdout.flush()
