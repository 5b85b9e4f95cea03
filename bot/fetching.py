"""Fetch something from the web, for a command that somebody waits for.

What comes has a limit in size and in patience, and an address is repeated without what may be a password.
"""

from __future__ import annotations

import os
import re
from typing import BinaryIO
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from bot.progress import Progress
from core.errors import TownbellError
from translations.packages.models_folder import CannotKeep, megabytes

CONNECTING = 10.0  #: seconds until somebody answers
SILENCE = 30.0  #: seconds without a byte, after which the transfer is given up
CHUNK = 64 * 1024


class CannotFetch(TownbellError):
    """Something could not be fetched."""


def open_line() -> aiohttp.ClientSession:
    """A way out, to be closed in the end."""
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECTING, sock_read=SILENCE)
    # The environment's proxy is used, as every other program on a server behind one does.
    return aiohttp.ClientSession(
        timeout=timeout, trust_env=True, auto_decompress=False, headers={"Accept-Encoding": "identity"}
    )


class InMemory(bytearray):
    """What is fetched into memory, as if into a file."""

    def write(self, chunk: bytes) -> None:
        self += chunk


async def fetch(
    line: aiohttp.ClientSession,
    address: str,
    into: BinaryIO | InMemory,
    limit: int,
    *,
    free: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Fetch what lies at an address, of at most so many bytes; raises CannotKeep where it would not fit."""
    shown = shown_address(address)
    try:
        async with line.get(address, max_redirects=5) as answer:
            _is_good(answer, address)
            length = answer.content_length
            _fits(shown, length or 0, limit, free)
            done = 0
            async for chunk in answer.content.iter_chunked(CHUNK):
                done += len(chunk)
                _fits(shown, done, limit, free)
                into.write(chunk)
                if progress:
                    progress.moved(done, length)
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise CannotFetch(f"{shown} is no web address; one begins with https:// or http://") from None
    except TimeoutError:
        raise CannotFetch(f"{shown} is not sent: nothing came for a while. Try again later.") from None
    except aiohttp.ClientPayloadError:
        raise CannotFetch(f"{shown} broke off in the middle. Try again; nothing was installed.") from None
    except aiohttp.ClientError as error:
        reason = _reason(error)
        raise CannotFetch(f"{shown} cannot be reached ({reason}).") from None


def _is_good(answer: aiohttp.ClientResponse, address: str) -> None:
    shown = shown_address(address)
    if answer.status in (404, 410):
        raise CannotFetch(f"{shown} is not there ({answer.status}). Check the address.")
    if answer.status != 200:
        raise CannotFetch(f"{shown} is not given out (the server answers {answer.status}). Try again later.")
    if address.startswith("https:") and any(one.url.scheme != "https" for one in (*answer.history, answer)):
        raise CannotFetch(
            f"{shown} leads to a place without https, where anybody on the way could change it."
        )


def _fits(shown: str, size: int, limit: int, free: int | None) -> None:
    if size > limit:
        raise CannotFetch(f"{shown} is larger than {megabytes(limit)}, which is more than it can be.")
    if free is not None and size > free:
        raise CannotKeep(
            f"There is no room for {shown}: it has {megabytes(size)}, and {megabytes(free)} are free. "
            "Free some space, or choose a larger disk in [data] folder."
        )


def _reason(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no such host"
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return os.strerror(error.errno).lower()
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def shown_address(address: str) -> str:
    """An address as it may be repeated: without what may be a password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "What you gave"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
