"""A running web server on loopback, with a real database, for the stories about it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp
from prometheus_client import CollectorRegistry

from bot.channels.webchat import Doorbell, WebChat
from bot.health import Health
from bot.limits import RateLimit, networks
from bot.media import MediaFolder
from bot.metrics import Metrics
from bot.receive import Receiver
from bot.web import application, serving
from bot.web_chat import ChatPages
from core.council import Council
from core.phrases import Phrases
from storage.addresses import Keyring
from storage.councils import Account, Ids, sync
from storage.database import Database, open_database

GRAZ = Council("graz", "Migrant Council of Graz", "GRZ", "Europe/Vienna", ("de", "en", "ar"), ("de",))
EMPOLI = Council("empoli", "Consulta <Empoli>", "EMP", "Europe/Rome", ("it", "en"), ("it", "en"))
CATALOGS = {
    "en": Phrases("en", "English", {"page.title": "{council}", "page.send": "Send"}),
    "de": Phrases("de", "Deutsch", {"page.title": "{council}", "page.send": "Senden"}),
    "ar": Phrases("ar", "العربية", {"page.title": "{council}", "page.send": "إرسال"}, "rtl"),
    "sr-Latn": Phrases("sr-Latn", "Srpski", {"page.title": "{council}", "page.send": "Pošalji"}),
}
MEGABYTE = 1024 * 1024
#: as long as any story may wait for something that happens by itself
PATIENCE = 20.0  # seconds
#: a wait of so long is ended by something else, or the story fails
NEVER = 3600.0  # seconds


async def until(happened: Callable[[], object]) -> None:
    """Wait for something that happens by itself."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"This did not happen within {PATIENCE:g} seconds.") from None


@dataclass
class Line:
    """A bare connection, on which anything at all can be sent."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *pieces: bytes) -> None:
        """Send; who is hung up on meanwhile does not mind."""
        with suppress(ConnectionError):
            for piece in pieces:
                self.writer.write(piece)
                await self.writer.drain()

    async def answer(self) -> bytes:
        """The next answer, whole; what there is of it when the server hangs up."""
        async with asyncio.timeout(PATIENCE):
            try:
                head = await self.reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                return head + await self.reader.readexactly(int(length[1]) if length else 0)
            except asyncio.IncompleteReadError as cut:
                return cut.partial
            except ConnectionError:
                return b""

    async def begin(self, head: bytes) -> None:
        """Send the head of a request, and wait until its body is waited for."""
        await self.send(head + b"Expect: 100-continue\r\n\r\n")
        assert await self.answer() == b"HTTP/1.1 100 Continue\r\n\r\n"

    async def hang_up(self) -> None:
        """Hang up, and wait until the server has noticed."""
        self.writer.write_eof()
        assert await self.answer() == b""


@dataclass
class House:
    """What a test may ask of it."""

    url: str
    port: int
    database: Database
    keyring: Keyring
    channel: WebChat
    bell: Bell
    folder: MediaFolder
    media: Path
    ids: Ids
    metrics: Metrics
    troubles: list[str]
    heard: list[tuple[str | None, bytes]]
    said: list[None]  # one for each commit of what people said

    @asynccontextmanager
    async def person(self, **headers: str) -> AsyncIterator[aiohttp.ClientSession]:
        """Somebody who has opened the page."""
        async with self.stranger(**headers) as session:
            async with session.get("/chat") as response:
                assert response.status == 200, await response.text()
            yield session

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """Somebody who is no browser."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield Line(reader, writer)
        finally:
            writer.close()

    def stranger(self, **headers: str) -> aiohttp.ClientSession:
        """Somebody who has not."""
        return aiohttp.ClientSession(
            self.url,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        )

    def answered(self, route: str, status: int) -> bool:
        """Whether we have answered so, even if nobody was there to hear it."""
        counted = f'townbell_http_seconds_count{{route="{route}",status="{status}"}}'
        return counted.encode() in self.metrics.text()


class Bell(Doorbell):
    """The doorbell; it knows how many pages have looked, found nothing, and wait for it to ring."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0

    @contextmanager
    def listen(self, address: str) -> Iterator[asyncio.Event]:
        with super().listen(address) as rung:
            wait = rung.wait

            async def waited() -> Literal[True]:
                self.waiting += 1
                try:
                    return await wait()
                finally:
                    self.waiting -= 1

            rung.wait = waited  # type: ignore[method-assign]  # asyncio tells nobody that somebody waits
            yield rung


class Telephone:
    """A channel that a provider calls."""

    def __init__(self, heard: list[tuple[str | None, bytes]]) -> None:
        self.heard = heard

    async def hear(self, secret: str | None, body: bytes) -> int:
        self.heard.append((secret, body))
        return 200 if secret == "right" else 403


@asynccontextmanager
async def web_house(
    folder: Path,
    *,
    url: str | None = None,
    per_minute: float = 100_000,
    burst: float = 100_000,
    public_url: str = "",
    trusted: tuple[str, ...] = (),
    wait_seconds: float = 0.5,
    media_limit: int = MEGABYTE,
    others_write: bool = False,
) -> AsyncIterator[House]:
    """A web server with its own database, which stops when the block ends."""
    async with AsyncExitStack() as stack:
        keyring = Keyring(b"k" * 32)
        database = await open_database(url, folder / "townbell.db", keyring)
        stack.push_async_callback(database.close)
        ids = await database.transaction(
            lambda tx: sync(tx, ["graz", "empoli"], [Account("web", "web", "graz")])
        )
        heard: list[tuple[str | None, bytes]] = []
        said: list[None] = []
        receiver = Receiver(database, keyring, lambda: said.append(None))
        receiving = asyncio.create_task(receiver.run())
        stack.callback(receiving.cancel)
        channel = WebChat("web", database, keyring, CATALOGS)
        channel.doorbell = bell = Bell()
        metrics = Metrics(CollectorRegistry())
        troubles: list[str] = []
        media = MediaFolder(folder / "media")
        pages = ChatPages(
            channel=channel,
            council="graz",
            councils={"graz": GRAZ, "empoli": EMPOLI},
            catalogs=CATALOGS,
            accept=receiver.accept,
            database=database,
            keyring=keyring,
            folder=media,
            media_limit=media_limit,
            limit=RateLimit(per_minute, burst, clock=lambda: 0.0),  # no time goes by for it
            trusted=networks(trusted),
            public_url=public_url,
            others_write=others_write,
            wait_seconds=wait_seconds,
        )
        app = application(
            health=Health(database, metrics, lambda: tuple(troubles)),
            metrics=metrics,
            chat=pages,
            telegram={"bot": Telephone(heard)},
        )
        port = await stack.enter_async_context(serving(app, "127.0.0.1", 0))
        yield House(
            f"http://127.0.0.1:{port}", port, database, keyring, channel, bell, media, folder / "media", ids,
            metrics, troubles, heard, said,
        )  # fmt: skip
