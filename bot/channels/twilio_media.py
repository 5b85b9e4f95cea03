"""Photos and voice notes from Twilio: fetched with the account's name and token, from Twilio's hosts alone.

The address of a file comes in a post. It is signed, and followed all the same only to where Twilio keeps its
files; the token goes to Twilio's API alone, never along with a redirect to a store.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from core.errors import ChannelDown, Refused, Throttled

PIECE = 64 * 1024
REDIRECTS = 3
ANSWER_WITHIN = 15.0  #: seconds

#: whose end makes a host Twilio's API ...
_API = ".twilio.com"
#: ... or where Twilio keeps files
_STORE = ".twiliocdn.com"
#: a bucket of Amazon's that is Twilio's is named in the path
_AMAZON, _BUCKET = "s3-external-1.amazonaws.com", "/media.twiliocdn.com/"
#: nothing that two readers of an address could read as two different servers
_SERVER = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?")


class TwilioMedia:
    """The files of one account: a `MediaSource`."""

    def __init__(self, sid: str, token: str, api_url: str, limit: int) -> None:
        self._auth = httpx.BasicAuth(sid, token)
        self._api = urlsplit(api_url)
        self._limit = limit
        self._web = httpx.AsyncClient(timeout=ANSWER_WITHIN, follow_redirects=False)

    async def close(self) -> None:
        """Hang up."""
        await self._web.aclose()

    async def fetch(self, remote: str) -> AsyncIterator[bytes]:
        """The bytes of a file, in pieces; raises ChannelDown, Throttled or Refused."""
        async with AsyncExitStack() as stack:
            try:
                answer = await self._open(stack, remote)
                size = 0
                async for piece in answer.aiter_raw(PIECE):
                    size += len(piece)
                    self._fits(size)
                    yield piece
            except (httpx.HTTPError, httpx.InvalidURL):
                raise ChannelDown from None

    async def _open(self, stack: AsyncExitStack, remote: str) -> httpx.Response:
        """The answer that holds the file, after redirects."""
        for hop in range(REDIRECTS + 1):
            place = _place(remote)
            ours = self._is_api(place)
            if not (ours or (hop and _is_store(place))):
                raise Refused("The file is not where Twilio keeps its files.")
            await self._refuse_private(place)
            # Unpacked on the way, a small answer could become a huge one.
            asked = self._web.stream(
                "GET", remote, headers={"Accept-Encoding": "identity"}, auth=self._auth if ours else None
            )
            answer = await stack.enter_async_context(asked)
            if not answer.has_redirect_location:
                self._check(answer)
                return answer
            remote = urljoin(remote, answer.headers["Location"])
        raise Refused("The file is nowhere: it leads from one address to the next.")

    def _is_api(self, place: SplitResult) -> bool:
        """Whether the token may go there."""
        if (place.scheme, place.netloc) == (self._api.scheme, self._api.netloc):
            return True
        return _is_public(place) and _is_twilio(place)

    async def _refuse_private(self, place: SplitResult) -> None:
        # What the operator configured may be anywhere; a name of Twilio's that leads home is none.
        if (place.scheme, place.netloc) == (self._api.scheme, self._api.netloc) and not _is_twilio(place):
            return
        try:
            loop = asyncio.get_running_loop()
            found = await loop.getaddrinfo(place.hostname, place.port or 443, type=socket.SOCK_STREAM)
        except OSError:
            return  # A proxy may know the name.
        if not all(ipaddress.ip_address(address[0]).is_global for *_, address in found):
            raise Refused("The file is in a private network.")

    def _check(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status == HTTPStatus.OK:
            length = answer.headers.get("Content-Length", "")
            self._fits(int(length) if length.isdecimal() else 0)
        elif status == HTTPStatus.TOO_MANY_REQUESTS:
            raise Throttled(timedelta(seconds=1))
        elif status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or status >= 500:
            raise ChannelDown  # A token can be mended, and the file waits.
        else:
            raise Refused("The file is not there any more.")

    def _fits(self, size: int) -> None:
        if size > self._limit:
            raise Refused("The file is larger than we take.")


def _place(remote: str) -> SplitResult:
    try:
        place = urlsplit(remote)
        if place.port != 0 and _SERVER.fullmatch(place.netloc) and remote.isascii() and remote.isprintable():
            return place
    except ValueError:
        pass
    raise Refused("The address of the file is none.")


def _is_public(place: SplitResult) -> bool:
    return place.scheme == "https" and place.port in (None, 443)


def _is_twilio(place: SplitResult) -> bool:
    return f".{place.hostname}".endswith(_API)


def _is_store(place: SplitResult) -> bool:
    bucket = place.hostname == _AMAZON and place.path.startswith(_BUCKET)
    return _is_public(place) and (bucket or f".{place.hostname}".endswith(_STORE))
