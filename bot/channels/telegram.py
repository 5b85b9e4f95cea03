"""Telegram: one bot, heard by polling or by webhook.

Nothing is acknowledged before it is on disk: the polling offset moves on, and the webhook answers 200, only
after `accept` returned. Of python-telegram-bot we use `Bot`, to call the API.

Only private chats are heard. In a group the bot says one sentence, at most once a day, and leaves; nothing of
a group is kept. Words, addresses and the token stay out of logs and errors: python-telegram-bot and httpx
quote them in their exceptions, so those end here.

telegram_updates.py decodes, telegram_texts.py shapes what we say, telegram_line.py knows what failures mean.
"""

from __future__ import annotations

import asyncio
import hmac
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
import msgspec
import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.channels import Accept
from bot.channels.telegram_line import Conflict, Failure, Gibberish, Line, UnknownToken, post
from bot.channels.telegram_texts import TEXT_UNITS, keyboard, numbered
from bot.channels.telegram_updates import (
    ALLOWED_UPDATES,
    MEDIA_LIMIT,
    Incoming,
    JsonBytes,
    MediaId,
    Undecodable,
    decode_update,
    split_updates,
)
from core.errors import (
    BadConfiguration,
    ChannelDown,
    ContactStopped,
    MaybeSent,
    Refused,
    SendError,
    StorageFault,
    Throttled,
)
from core.letters import split_text
from core.messages import OutboundMessage

API = "https://api.telegram.org"
HOLD = 30  #: seconds that Telegram holds getUpdates open while nothing comes
PIECE = 64 * 1024  #: of a download
RECALLED_AT_ONCE = 100  # https://core.telegram.org/bots/api#deletemessages
ANSWERS_IN_FLIGHT = 64  #: of callback queries and groups; more than that are left unanswered
GROUPS_REMEMBERED = 1000
GROUP_SILENCE = 24 * 60 * 60  #: seconds until a group that takes us in again is told again
COMMANDS_TRIED = 8  #: times, for each list of commands
ANNOUNCE_EVERY = 60 * 60  #: seconds; a poller started elsewhere with our token deletes our webhook

TOKEN = "Telegram does not know the bot's token: copy it anew from @BotFather (/mybots, then API Token)."
CONFLICT = (
    "Another program receives this bot's messages, by polling or a webhook: stop it, or use another bot."
)
UNREACHABLE = "Telegram cannot be reached. We keep trying; check this machine's way to the internet."
WEBHOOK_REFUSED = "Telegram refuses the webhook: it needs a public https address on port 443, 80, 88 or 8443."
ONE_TO_ONE = "I can only talk with one person at a time. Please write to me in a private chat."

log = structlog.get_logger()
T = TypeVar("T")


@dataclass(frozen=True)
class Webhook:
    """Where Telegram is to post, and the secret by which we know that it was Telegram."""

    url: str
    secret: str  #: 1 to 256 characters of A-Z a-z 0-9 _ -


@dataclass(frozen=True)
class Patience:
    """How long to wait before trying again: longer each time, and never all at the same moment."""

    first: float = 0.5  #: seconds
    longest: float = 60

    def after(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row."""
        wait = min(self.longest, self.first * 2.0 ** min(failures - 1, 16))
        return wait * random.uniform(0.5, 1)  # noqa: S311 - no secret


class Telegram:
    """One bot account: a `Channel`, a `MediaSource`, and `Recalls`."""

    in_flight = 16
    per_second = 30.0  # https://core.telegram.org/bots/faq#broadcasting-to-users

    def __init__(
        self,
        account: str,
        token: str,
        media_id: MediaId,
        *,
        api_url: str = API,
        webhook: Webhook | None = None,
        commands: Mapping[str, Sequence[tuple[str, str]]] | None = None,  #: tag -> (command, description)
        media_limit: int = MEDIA_LIMIT,
        group_answer: str = ONE_TO_ONE,
        patience: Patience = Patience(),
        hold: int = HOLD,
        answer_within: float = 15,  #: seconds that we wait for an answer of Telegram
    ) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token, re.ASCII):
            fault = "the token of a Telegram bot looks like 123456:ABC-def, and this one does not"
            raise BadConfiguration(account, [fault])
        self.account = account
        self.missed = 0  #: courtesies (answers to buttons, lists of commands) that did not succeed
        self._media_id = media_id
        self._media_limit = min(media_limit, MEDIA_LIMIT)
        self._webhook = webhook
        self._commands = commands or {}
        self._group_answer = group_answer
        self._patience = patience
        self._hold = hold
        self._accept: Accept | None = None
        self._troubles: dict[str, str] = {}
        self._groups: dict[int, float] = {}  # when we last spoke there
        self._courtesies: set[asyncio.Task[None]] = set()
        certificates = httpx.create_ssl_context()  # Slow to make, so both lines share it.
        self._line = Line(
            connection_pool_size=self.in_flight + ANSWERS_IN_FLIGHT + 1,
            read_timeout=answer_within,
            httpx_kwargs={"verify": certificates},
        )
        self._bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._line,
            get_updates_request=self._line,
        )
        lines = httpx.Limits(max_connections=2 * self.in_flight, max_keepalive_connections=self.in_flight)
        self._web = httpx.AsyncClient(verify=certificates, timeout=answer_within, limits=lines)

    @property
    def trouble(self) -> str | None:
        """What keeps this account from working, as a sentence for the person who runs it."""
        return next(iter(self._troubles.values()), None)

    async def close(self) -> None:
        """Hang up. Whatever is still under way is broken off."""
        courtesies = list(self._courtesies)
        for task in courtesies:
            task.cancel()
        await asyncio.gather(*courtesies, return_exceptions=True)
        await self._line.shutdown()
        await self._web.aclose()

    async def username(self) -> str:
        """The bot's name in links (`t.me/NAME`); raises SendError. For the doctor, and for invitations."""
        return (await self._ask(self._bot.get_me())).username or ""

    # Hearing

    async def listen(self, accept: Accept) -> None:
        """Hear what people write until cancelled: by webhook where one is configured, else by polling."""
        self._as_courtesy(self._publish_commands)
        if self._webhook is None:
            await self.poll(accept)
        else:
            await self.announce(self._webhook, accept)

    async def poll(self, accept: Accept) -> None:
        """Fetch updates until cancelled; whatever happens, it is tried again, and nothing is skipped."""
        failures = offset = 0
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:
                    webhook_gone = await self._ask(self._bot.delete_webhook())  # What waits is not dropped.
                started = time.monotonic()
                updates = await self._next_updates(offset)
                await self._take(updates, accept)
            except SendError as error:
                failures += 1
                await self._later("polling", error, failures)
            except Exception as fault:  # noqa: BLE001 - not on disk, so not acknowledged; and polling must go on
                failures += 1
                await self._later("accept", fault, failures)
            else:
                failures = 0
                self._troubles.pop("polling", None)
                # Nothing new means that all before is acknowledged, so ask from the start again: after a
                # quiet week Telegram numbers anew, perhaps lower. https://core.telegram.org/bots/api#update
                offset = max((update.update_id + 1 for update in updates), default=0)
                if not updates and time.monotonic() - started < 0.05:  # it was not held open
                    await asyncio.sleep(0.1)

    async def announce(self, webhook: Webhook, accept: Accept) -> None:
        """Tell Telegram where to post, now and then again, until cancelled; `hear` takes what comes."""
        self._accept = accept
        failures = 0
        while True:
            try:
                await self._ask(
                    self._bot.set_webhook(
                        webhook.url,
                        secret_token=webhook.secret,
                        allowed_updates=ALLOWED_UPDATES,
                        max_connections=40,
                    )
                )
            except SendError as error:
                failures += 1
                await self._later("webhook", error, failures)
            else:
                failures = 0
                self._troubles.pop("webhook", None)
                await asyncio.sleep(ANNOUNCE_EVERY)

    async def hear(self, secret_header: str | None, body: bytes) -> int:
        """Take one post of the webhook; returns the HTTP status to answer with: 200 means it is on disk."""
        if self._webhook is None or not _same(secret_header or "", self._webhook.secret):
            return HTTPStatus.FORBIDDEN
        if self._accept is None:
            return HTTPStatus.SERVICE_UNAVAILABLE  # Telegram posts it again.
        try:
            update = self._decode(body)
        except Undecodable:
            return HTTPStatus.BAD_REQUEST
        try:
            await self._take([update], self._accept)
        except StorageFault:
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK

    async def _next_updates(self, offset: int) -> Sequence[Incoming]:
        query = {"timeout": self._hold, "allowed_updates": msgspec.json.encode(ALLOWED_UPDATES).decode()}
        if offset:
            query["offset"] = offset
        # Not Bot.get_updates: it loses the whole batch, and logs it, when one update is strange to it.
        url = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        _, body = await self._ask(self._line.do_request(url, "POST", read_timeout=self._hold + 10))
        return self._readable(body)

    def _readable(self, body: bytes) -> Sequence[Incoming]:
        """The updates that have a number. One without any goes when those after it are acknowledged."""
        updates, lost = [], 0
        try:
            for raw in split_updates(body):
                try:
                    updates.append(self._decode(raw))
                except Undecodable:
                    lost += 1
        except Undecodable:
            raise Gibberish from None
        if lost:
            log.error("telegram: updates without a number", account=self.account, updates=lost)
            if not updates:
                raise Gibberish
        return updates

    def _decode(self, raw: JsonBytes) -> Incoming:
        return decode_update(raw, self.account, self._media_id, photo_limit=self._media_limit)

    async def _take(self, updates: Sequence[Incoming], accept: Accept) -> None:
        messages = [update.message for update in updates if update.message is not None]
        if messages:
            await accept(messages)
        for update in updates:
            if update.press:
                self._as_courtesy(self._answer_press, update.press)
            if update.group is not None:
                self._as_courtesy(self._leave, update.group, update.joined)

    async def _later(self, what: str, error: Exception, failures: int) -> None:
        """Note what went wrong and wait, the longer the oftener."""
        wait = self._patience.after(failures)
        if isinstance(error, Throttled):
            wait = max(wait, error.retry_after.total_seconds())
        elif isinstance(error, Conflict):
            self._troubles[what] = CONFLICT
        elif isinstance(error, Refused) and what == "webhook":
            self._troubles[what] = WEBHOOK_REFUSED
        elif isinstance(error, SendError) and not isinstance(error, UnknownToken) and failures > 2:
            self._troubles[what] = UNREACHABLE
        if isinstance(error, Conflict | UnknownToken | Refused):
            wait = max(wait, self._patience.longest / 2)  # It takes a person to mend this.
        log.warning(
            "telegram: trying again later",
            account=self.account,
            what=what,
            error=type(error).__name__,
            seconds=round(wait, 1),
            trouble=self.trouble,
        )
        await asyncio.sleep(wait)

    # Sending

    async def send(self, message: OutboundMessage) -> str:
        """Send one message, in parts where it is too long; returns the ids of the parts, parted by commas."""
        try:
            chat = int(message.address)
        except ValueError:
            raise Refused from None
        buttons = keyboard(message)
        shown = numbered(message) if buttons is None and message.options else message.text
        parts = split_text(shown, TEXT_UNITS)
        sent: list[str] = []
        for part in parts:
            last = len(sent) == len(parts) - 1
            call = self._say(chat, part, buttons if last else None)
            try:
                sent.append(str(await self._ask(call, repeatable=False)))
            except ContactStopped:
                raise
            except SendError:
                if sent:
                    raise MaybeSent from None  # A part of it has arrived.
                raise
        return ",".join(sent)

    async def _say(self, chat: int, text: str, buttons: list[list[dict[str, str]]] | None) -> int:
        # Not Bot.send_message: making and reading its objects takes longer than the whole turn before it.
        # Never a parse_mode: what people wrote is not markup.
        body = _encode(_SendMessage(chat, text, _Keyboard(buttons) if buttons else msgspec.UNSET))
        answer = await post(self._web, f"{self._bot.base_url}/sendMessage", body)
        try:
            return _read_sent(answer).result.message_id
        except msgspec.MsgspecError:
            raise Failure(MaybeSent()) from None

    async def _ask(self, call: Awaitable[T], *, repeatable: bool = True) -> T:
        """What Telegram answers; raises SendError, and MaybeSent only for what must not be repeated."""
        error: SendError
        try:
            answer = await call
        except Failure as failure:
            error = failure.error
        except TelegramError:
            error = MaybeSent()  # "Yes" in words that nobody understands.
        else:
            self._troubles.pop("token", None)
            return answer
        if isinstance(error, UnknownToken):
            self._troubles["token"] = TOKEN
        if repeatable and isinstance(error, MaybeSent):
            error = ChannelDown()
        raise error from None

    # Media

    async def fetch(self, remote: str) -> AsyncIterator[bytes]:
        """The bytes of a file, in pieces; raises ChannelDown, Throttled or Refused."""
        file = await self._ask(self._bot.get_file(remote))
        if (file.file_size or 0) > self._media_limit:
            raise Refused("The file is larger than we take.")
        url = file.file_path or ""
        # A server that names a file of its own disk, or another host, is not followed.
        if not url.startswith(f"{self._bot.base_file_url}/"):
            raise Refused("The file is not where Telegram keeps its files.")
        try:
            # Unpacked on the way, a small answer could become a huge one.
            async with self._web.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
                _check_download(answer, self._media_limit)
                async for piece in answer.aiter_raw(PIECE):
                    yield piece
        except (httpx.HTTPError, httpx.InvalidURL):
            raise ChannelDown from None

    async def recall(self, address: str, provider_ids: Sequence[str]) -> None:
        """Delete messages, theirs and ours, as far as Telegram lets us; raises SendError."""
        ids = sorted({int(one) for joined in provider_ids for one in joined.split(",") if one.isdecimal()})
        for start in range(0, len(ids), RECALLED_AT_ONCE):
            await self._recall(int(address), ids[start : start + RECALLED_AT_ONCE])

    async def _recall(self, chat: int, ids: Sequence[int]) -> None:
        try:
            await self._ask(self._bot.delete_messages(chat, ids))
        except ContactStopped:
            return
        except Refused:
            # One that is too old to be deleted must not keep the others.
            if len(ids) > 1:
                middle = len(ids) // 2
                await self._recall(chat, ids[:middle])
                await self._recall(chat, ids[middle:])

    # Courtesies: done when they can be, counted when not

    def _as_courtesy(self, work: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        if len(self._courtesies) >= ANSWERS_IN_FLIGHT:
            self.missed += 1
            return
        task = asyncio.create_task(self._courteously(work, *arguments))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    async def _courteously(self, work: Callable[..., Awaitable[None]], *arguments: Any) -> None:
        try:
            await work(*arguments)
        except SendError:
            self.missed += 1

    async def _answer_press(self, query: str) -> None:
        await self._ask(self._bot.answer_callback_query(query))

    async def _leave(self, group: int, may_speak: bool) -> None:
        now = time.monotonic()
        silent = now - self._groups.get(group, -GROUP_SILENCE) < GROUP_SILENCE
        if may_speak and not silent:
            self._groups.pop(group, None)
            self._groups[group] = now
            if len(self._groups) > GROUPS_REMEMBERED:
                del self._groups[next(iter(self._groups))]
            try:
                await self._ask(self._bot.send_message(group, self._group_answer))
            except SendError:
                self.missed += 1
        await self._ask(self._bot.leave_chat(group))

    async def _publish_commands(self) -> None:
        """The list behind the "/" button, in each language; the first language's is for all others, too."""
        tags = list(self._commands)
        lists = {"": tags[0]} if tags else {}
        for tag in tags:
            # Telegram takes two-letter codes only; of two scripts of one language the first counts.
            if len(code := tag.partition("-")[0]) == 2:
                lists.setdefault(code, tag)
        for code, tag in lists.items():
            await self._publish(code, self._commands[tag])

    async def _publish(self, code: str, entries: Sequence[tuple[str, str]]) -> None:
        commands = [BotCommand(command, description) for command, description in entries]
        scope = BotCommandScopeAllPrivateChats()
        for failures in range(1, COMMANDS_TRIED + 1):
            try:
                await self._ask(self._bot.set_my_commands(commands, scope=scope, language_code=code or None))
            except (ChannelDown, Throttled):
                self.missed += 1
                await asyncio.sleep(self._patience.after(failures))
            else:
                return


def _same(one: str, other: str) -> bool:
    """Whether two secrets are the same, in a time that tells nothing about them."""
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode())


class _Keyboard(msgspec.Struct):
    inline_keyboard: list[list[dict[str, str]]]


class _Preview(msgspec.Struct, frozen=True):
    is_disabled: bool = True


class _SendMessage(msgspec.Struct):
    """What we say of https://core.telegram.org/bots/api#sendmessage."""

    chat_id: int
    text: str
    reply_markup: _Keyboard | msgspec.UnsetType = msgspec.UNSET
    link_preview_options: _Preview = _Preview()


class _SentMessage(msgspec.Struct):
    message_id: int


class _Sent(msgspec.Struct):
    result: _SentMessage


_encode = msgspec.json.Encoder().encode
_read_sent = msgspec.json.Decoder(_Sent).decode


def _check_download(answer: httpx.Response, limit: int) -> None:
    status = answer.status_code
    if status == HTTPStatus.OK:
        if int(answer.headers.get("Content-Length", 0)) > limit:
            raise Refused("The file is larger than we take.")
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Throttled(timedelta(seconds=1))
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Refused("The file is not there any more.")
    raise ChannelDown
