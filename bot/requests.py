"""What every request is held to: who asks, how much they may send, how slowly; and answers as sentences.

A handler that cannot go on raises `Refusal`; bot/web.py makes it the answer.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

from aiohttp import web

from bot.limits import Client, Network, client_of

MEGABYTE = 1024 * 1024
BODY_SECONDS = 20.0  # for a message; a poor line needs some, and one that never ends must not hold us
PIECE_SECONDS = 20.0  # for the next piece of an upload ...
UPLOAD_SECONDS = 180.0  # ... and for the whole of it


class Refusal(Exception):
    """An answer that is not the one that was hoped for: a status, and a sentence that says what to do."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})
        super().__init__(sentence)


def slow_down(seconds: float, sentence: str = "That was a lot at once. Please wait a little.") -> Refusal:
    """429, with the seconds to wait."""
    return Refusal(429, sentence, {"Retry-After": str(max(1, math.ceil(seconds)))})


async def body_of(request: web.Request, limit: int = MEGABYTE, seconds: float = BODY_SECONDS) -> bytes:
    """The whole body, if it is not too large and comes in time."""
    body = bytearray()
    async for piece in pieces_of(request, limit, "This is too large.", seconds, seconds):
        body += piece
    return bytes(body)


async def pieces_of(
    request: web.Request,
    limit: int,
    too_large: str,
    piece_seconds: float = PIECE_SECONDS,
    seconds: float = UPLOAD_SECONDS,
) -> AsyncIterator[bytes]:
    """The body as it comes; 413 past the limit, 408 when it is too slow, 400 when it breaks off."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, "Please send this without compression.")
    if (request.content_length or 0) > limit:
        raise Refusal(413, too_large)
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    size = 0
    while True:
        try:
            async with asyncio.timeout(min(piece_seconds, end - loop.time())):
                piece = await request.content.readany()
        except TimeoutError:
            raise Refusal(408, "This took too long to arrive. Please try again.") from None
        except (ConnectionError, web.PayloadAccessError, web.RequestPayloadError):
            raise Refusal(400, "This did not arrive whole. Please try again.") from None
        if not piece:
            return
        size += len(piece)
        if size > limit:
            raise Refusal(413, too_large)
        yield piece


def client(request: web.Request, trusted: tuple[Network, ...]) -> Client | None:
    """Who asks, as the rate limit counts them."""
    return client_of(
        request.remote,
        request.headers.getall("X-Forwarded-For", []),
        trusted,
        proxied=any(name in request.headers for name in ("Forwarded", "X-Real-IP", "Via")),
    )


def refuse_cross_site(request: web.Request, public_url: str) -> None:
    """403 for what another site's page makes a browser send; other programs send neither header."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        allowed = site in ("same-origin", "none")
    else:
        origin = request.headers.get("Origin")
        # No host is nobody's: "null" is what a sandboxed frame says, and an unset public_url has none either.
        ours = {request.host.lower(), _host(public_url)} - {""}
        allowed = origin is None or _host(origin) in ours
    if not allowed:
        raise Refusal(403, "This can only be sent from our own page.")


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
