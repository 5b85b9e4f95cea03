"""The HTTP server: the web chat, the webhooks and the health pages, as one aiohttp application.

Everything is handed in. What a stranger sends is bounded in size and in time, answers say what to do in a
sentence, and nothing that anybody wrote, nor an address, is logged.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Protocol

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_protocol import RequestHandler

from bot.health import Health
from bot.metrics import Metrics
from bot.requests import Refusal, body_of
from bot.web_chat import ChatPages
from core.errors import StorageFault, TownbellError

#: a line that sends no whole request for so long is cut; a proxy keeps its lines open for 60
IDLE_SECONDS = 75.0
LINGER_SECONDS = (
    3.0  # what is too much is read on for so long, so that the sender can hear why it was refused
)
STOP_SECONDS = 10.0  # for requests under way when we stop
SPARE_FILES = 200  # of those the system lets us open; the rest may be connections
#: of Twilio's: a long text in signs that take twelve letters each has less than half of it
LARGEST_OF_TWILIO = 128 * 1024
#: to Twilio: what we have to say goes out by its API, once it is thought of
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

log = structlog.get_logger()


class Hears(Protocol):
    """A channel that a provider calls with what people wrote."""

    async def hear(self, secret: str | None, body: bytes) -> int:
        """Take one call; the HTTP status to answer it with."""
        ...


class HearsSigned(Protocol):
    """A channel whose provider signs what it posts, together with the address that it calls.

    Both raise Refusal, or StorageFault; the provider may forget what it posted when they return.
    """

    async def hear(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take what somebody wrote."""
        ...

    async def hear_report(
        self, query: Mapping[str, str], path: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Take how a message of ours fares; `query` says which, as the address carries it."""
        ...


def application(
    *,
    health: Health,
    metrics: Metrics,
    chat: ChatPages | None = None,
    telegram: Mapping[str, Hears] | None = None,
    twilio: Mapping[str, HearsSigned] | None = None,
) -> web.Application:
    """The whole application; the console's pages can be added to it."""
    app = web.Application(middlewares=[_timed(metrics), _answered(metrics)])
    app.on_response_prepare.append(_dress)
    health.add_to(app)
    if chat is not None:
        app.router.add_get("/", _to_chat)
        chat.add_to(app)
    app.router.add_post("/telegram/{account}", _webhook(telegram or {}))
    app.router.add_post("/twilio/{account}", _twilio(twilio or {}))
    app.router.add_post("/twilio/{account}/status", _twilio_status(twilio or {}))
    return app


async def _to_chat(request: web.Request) -> web.Response:
    query = f"?{request.query_string}" if request.query_string else ""
    return web.Response(status=302, headers={"Location": f"/chat{query}"})


def _webhook(accounts: Mapping[str, Hears]) -> Handler:
    async def hear(request: web.Request) -> web.Response:
        channel = accounts.get(request.match_info["account"])
        if channel is None:
            raise web.HTTPNotFound
        status = await channel.hear(request.headers.get(SECRET_HEADER), await body_of(request))
        return web.Response(status=status)

    return hear


def _twilio(accounts: Mapping[str, HearsSigned]) -> Handler:
    async def hear(request: web.Request) -> web.Response:
        channel = _called(accounts, request)
        body = await body_of(request, LARGEST_OF_TWILIO)
        await channel.hear(request.raw_path, request.headers, body)
        return web.Response(text=NOTHING_TO_SAY, content_type="text/xml")

    return hear


def _twilio_status(accounts: Mapping[str, HearsSigned]) -> Handler:
    async def hear(request: web.Request) -> web.Response:
        channel = _called(accounts, request)
        body = await body_of(request, LARGEST_OF_TWILIO)
        await channel.hear_report(request.query, request.raw_path, request.headers, body)
        return web.Response(text=NOTHING_TO_SAY, content_type="text/xml")

    return hear


def _called(accounts: Mapping[str, HearsSigned], request: web.Request) -> HearsSigned:
    channel = accounts.get(request.match_info["account"])
    if channel is None:
        raise web.HTTPNotFound
    return channel


def _answered(metrics: Metrics) -> Middleware:
    @web.middleware
    async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every fault becomes an answer."""
        try:
            return await handler(request)
        except Refusal as refusal:
            if refusal.status == 429:
                metrics.slowed.inc()
            return _sentence(refusal.status, refusal.sentence, refusal.headers)
        except web.HTTPException as fault:  # aiohttp's own: no such page, wrong method
            allow = {"Allow": fault.headers["Allow"]} if "Allow" in fault.headers else {}
            return web.Response(status=fault.status, text=f"{fault.reason}.\n", headers=allow)
        except StorageFault as fault:
            log.error("not stored", route=_route(request), fault=type(fault).__name__)
            return _sentence(503, "We could not keep this now. Please try again soon.", {"Retry-After": "5"})
        except Exception as fault:  # noqa: BLE001 - the last place where it can become an answer
            log.error("request failed", route=_route(request), fault=type(fault).__name__)
            return _sentence(500, "Something is broken on our side. Please try again later.", {})

    return answered


def _timed(metrics: Metrics) -> Middleware:
    @web.middleware
    async def timed(request: web.Request, handler: Handler) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        began = loop.time()
        response = await handler(request)
        if (request.method, request.path) != ("GET", "/chat/messages"):  # these wait on purpose
            metrics.http.labels(_route(request), str(response.status)).observe(loop.time() - began)
        return response

    return timed


def _route(request: web.Request) -> str:
    """The route as we wrote it, never the path as they did."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical}" if resource is not None else "other"


def _sentence(status: int, sentence: str, headers: Mapping[str, str]) -> web.Response:
    response = web.json_response({"error": sentence}, status=status, headers=headers)
    if status in (408, 413):
        response.force_close()  # the rest of what they send is not read
    return response


async def _dress(_: web.Request, response: web.StreamResponse) -> None:
    """What every answer says, whoever made it."""
    response.headers["Server"] = "Townbell"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"


class _Connection(RequestHandler):
    """One connection. Nonsense on it gets a short answer, and is not logged: it is a stranger's."""

    __slots__ = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._manager is not None and len(self._manager.connections) >= _most_connections():
            transport.close()
            return
        super().connection_made(transport)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 - what a stranger sent is told to nobody
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        if request.writer.output_size > 0:
            raise ConnectionError("The answer was under way already.")
        text = "This is not a request that we understand.\n" if status < 500 else "Something is broken.\n"
        response = web.Response(status=status, text=text, headers={"Server": "Townbell"})
        response.force_close()
        return response


def _most_connections() -> int:
    return max(64, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES)


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Listen while the block runs; gives the port, which matters when it was 0.

    On leaving, nothing new is taken, requests under way are answered, and waiting pages are sent home.
    """
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=STOP_SECONDS)
    await runner.setup()
    try:
        server = await _listen(runner, host, port)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    manager = runner.server
    if manager is None:
        raise TownbellError("The web server did not start.")
    silent = logging.getLogger("townbell.silent")  # aiohttp would log addresses, and what was sent
    silent.disabled = True

    def connection() -> _Connection:
        return _Connection(
            manager, loop=loop, keepalive_timeout=IDLE_SECONDS, logger=silent, access_log=silent,
            auto_decompress=False, lingering_time=LINGER_SECONDS,
        )  # fmt: skip

    try:
        return await loop.create_server(connection, host, port)
    except OSError as fault:
        raise TownbellError(_cannot_listen(fault, host, port)) from None


def _cannot_listen(fault: OSError, host: str, port: int) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program. Stop it, or choose another port: --port 8081."
    if fault.errno == errno.EACCES:
        return f"We may not listen on port {port}. Choose one above 1023, and put a proxy in front."
    return f"We cannot listen on {host}, port {port}. Check http.host and http.port in the configuration."
