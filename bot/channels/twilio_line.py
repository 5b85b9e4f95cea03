"""The line to Twilio's API, under twilio's own client: what its failures mean, and nothing of them in a log.

Twilio's own HTTP client logs addresses, and hands the account's token to aiohttp in a way that aiohttp warns
of; its exceptions quote what was asked. This one says nothing, and raises `Failure`.

Where a connection was never made, Twilio had nothing. One that broke later may have brought the message, and
so may one whose answer a gateway waited for in vain (502, 504, or a 500 that is not in Twilio's form). What
Twilio itself says in its form is believed: such a message was not taken.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.twilio_errors import meaning
from core.errors import ChannelDown, ContactStopped, MaybeSent, Refused, SendError, SilentTooLong, Throttled

API = "https://api.twilio.com"
CONNECT = 10  #: seconds that making a connection may take
IDLE = 10  #: seconds that a connection is kept; one that Twilio has hung up meanwhile would be a "maybe sent"
SLOWER = timedelta(seconds=1)  #: where Twilio does not say how long
#: where too much waits for one number already, a second changes nothing
FULL = timedelta(seconds=30)
LARGEST = 1024 * 1024  #: of an answer; a page of 1000 numbers has less

_JSON = "application/json"
_NEVER_MADE = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
#: what twilio's class for clients wants; ours never calls it
_SILENT = logging.getLogger("twilio.silent")


class Failure(Exception):
    """A call did not succeed; `error` says what that means for a message, the rest what Twilio said."""

    def __init__(self, error: SendError, status: int = 0, code: int = 0, where: str = "") -> None:
        super().__init__()
        self.error = error
        self.status = status  #: 0: there was no answer
        self.code = code
        self.where = where  #: without what was asked for there, which may be somebody's number

    @property
    def credentials(self) -> bool:
        """Whether nothing goes out until somebody mends the account."""
        return self.code != 0 and meaning(self.code) == "credentials"


def client(sid: str, token: str, line: Line, api_url: str = API) -> Client:
    """Twilio's client on our line. One `api_url` is for everything; only Twilio's own has names beside it."""
    # It would read edge and region from the environment, and then call another host than was configured.
    made = Client(sid, token, http_client=line, environment={"TWILIO_EDGE": "", "TWILIO_REGION": ""})
    made.api.base_url = api_url
    made.content.base_url = _beside(api_url, "content")
    made.messaging.base_url = _beside(api_url, "messaging")
    return made


def _beside(api_url: str, name: str) -> str:
    """The address of another part of the API: "https://content.twilio.com" beside "https://api.twilio.com"."""
    parts = urlsplit(api_url)
    host = parts.netloc
    if not host.endswith(".twilio.com"):
        return api_url
    return parts._replace(netloc=f"{name}.{host.partition('.')[2]}").geturl()


class Line(AsyncHttpClient):  # type: ignore[misc]  # twilio has no types
    """What twilio's client calls to speak HTTP."""

    def __init__(self, *, answer_within: float, connections: int) -> None:
        super().__init__(_SILENT, is_async=True)
        self._answer_within = answer_within
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Hang up."""
        if self._session:
            await self._session.close()

    async def request(  # noqa: PLR0917 - twilio's signature
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - twilio's signature; ours is one for all calls
        allow_redirects: bool = False,  # noqa: ARG002 - an API does not send us elsewhere
    ) -> Response:
        """Call the API; raises Failure for every answer but a good one."""
        given = dict(headers or {})
        if auth:
            given["Authorization"] = aiohttp.encode_basic_auth(*auth)
        body: dict[str, Any] = {"data": data}
        if given.get("Content-Type") == _JSON:
            body = {"json": data}  # twilio's own asynchronous client would send a form all the same
        try:
            async with self._line().request(
                method, uri, params=_texts(params), headers=given, allow_redirects=False, **body
            ) as answer:
                text = (await answer.content.read(LARGEST)).decode("utf-8", "replace")
                status, kept = answer.status, answer.headers
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Failure(ChannelDown() if isinstance(error, _NEVER_MADE) else MaybeSent()) from None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            code = _code(text)
            where = urlsplit(uri)._replace(query="").geturl()
            raise Failure(_meaning(status, code, kept.get("Retry-After", "")), status, code, where)
        return Response(status, text, kept)

    def _line(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=IDLE),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=CONNECT, sock_read=self._answer_within
                ),
                trust_env=True,  # the environment's proxy, as every other program on this machine
            )
        return self._session


def _texts(params: Mapping[str, object] | None) -> dict[str, str] | None:
    return {name: str(value) for name, value in params.items()} if params else None


def _code(text: str) -> int:
    """Twilio's number of an error; 0 when it was not Twilio that spoke."""
    try:
        code = json.loads(text)["code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return 0
    return code if isinstance(code, int) else 0


def _meaning(status: int, code: int, retry_after: str) -> SendError:
    """What an answer other than success means for a message."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(max(SLOWER, _seconds(retry_after)))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        taken_by_nobody = code or status == HTTPStatus.SERVICE_UNAVAILABLE
        return ChannelDown() if taken_by_nobody else MaybeSent()
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return MaybeSent()
    if not code:
        return ChannelDown()  # Not Twilio but a proxy speaks; its 403 must not end a conversation.
    match meaning(code):
        case "retry" | "credentials":
            return ChannelDown()
        case "throttled":
            return Throttled(max(FULL, _seconds(retry_after)))
        case "stopped":
            return ContactStopped()
        case "window":
            return SilentTooLong()
        case "refused":
            return Refused()


def _seconds(retry_after: str) -> timedelta:
    return timedelta(seconds=min(int(retry_after), 3600)) if retry_after.isdecimal() else timedelta()
