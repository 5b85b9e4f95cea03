"""The line to Telegram: where what went wrong becomes one of our errors.

Only here is it known how far a request came. A connection that could not be made has carried nothing; one
that broke later may have. And only an answer in Telegram's form is Telegram's: a proxy's 403 says nothing
about a person.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import httpx
import msgspec
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from core.errors import ChannelDown, ContactStopped, MaybeSent, Refused, SendError, Throttled


class UnknownToken(ChannelDown):
    """Telegram does not know the bot's token."""


class Conflict(ChannelDown):
    """Somebody else receives the bot's messages."""


class Gibberish(ChannelDown):
    """Telegram answered something that cannot be read."""


class Failure(TelegramError):
    """Carries our error through python-telegram-bot, which lets its own pass."""

    def __init__(self, error: SendError) -> None:
        super().__init__(type(error).__name__)
        self.error = error


class Line(HTTPXRequest):
    """The line to Telegram, where each failure gets its meaning."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """The status, which is one of success, and the body; raises Failure."""
        try:
            status, body = await super().do_request(*args, **kwargs)
        except TelegramError as error:
            # These come before the request is written; after that it may have arrived.
            never_left = isinstance(error.__cause__, _NEVER_LEFT)
            raise Failure(ChannelDown() if never_left else MaybeSent()) from None
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return status, body
        raise Failure(_meaning(status, body))

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer; of a message that we sent, only what names it. The library's own logs the words."""
        try:
            answer: dict[str, Any] = msgspec.json.decode(payload, type=dict)
        except (msgspec.MsgspecError, ValueError):
            raise Failure(MaybeSent()) from None
        result = answer.get("result")
        if isinstance(result, dict) and result.keys() >= _SENT:
            answer["result"] = {name: result[name] for name in _SENT}
        return answer


async def post(client: httpx.AsyncClient, url: str, body: bytes) -> bytes:
    """Post what is JSON already, past the library's own encoding; the body of the answer. Raises Failure."""
    try:
        answer = await client.request("POST", url, content=body, headers=_JSON)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failure(ChannelDown() if isinstance(error, _NEVER_LEFT) else MaybeSent()) from None
    if HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        return answer.content
    raise Failure(_meaning(answer.status_code, answer.content))


_JSON = {"Content-Type": "application/json"}
_SENT = frozenset(("message_id", "date", "chat"))
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


class _Parameters(msgspec.Struct):
    retry_after: float = 0


class _Answer(msgspec.Struct):
    ok: bool
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


def _meaning(status: int, body: bytes) -> SendError:
    """What an answer other than success means."""
    # https://core.telegram.org/bots/api#making-requests
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        return MaybeSent()  # Somebody in between waited in vain for what Telegram did.
    try:
        answer = msgspec.json.decode(body, type=_Answer)
    except (msgspec.MsgspecError, ValueError):
        answer = None
    if status == HTTPStatus.TOO_MANY_REQUESTS or (answer is not None and answer.parameters.retry_after):
        return Throttled(
            timedelta(seconds=max(1, answer.parameters.retry_after if answer is not None else 1))
        )
    if answer is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ChannelDown()  # Not Telegram but a proxy speaks; its 403 must not end a conversation.
    match status:
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.NOT_FOUND:
            return UnknownToken()
        case HTTPStatus.FORBIDDEN:
            return ContactStopped()
        case HTTPStatus.CONFLICT:
            return Conflict()
        case _:
            return Refused()
