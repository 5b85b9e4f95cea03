"""The web chat: the page, and what the page asks of us.

A person is a random cookie of our making and nothing else. What they post is on disk before it is answered
with 202, and a post that is repeated under its key has one effect. Errors are JSON with a sentence for the
person.
"""

from __future__ import annotations

import asyncio
import hashlib
import html
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from aiohttp import web
from msgspec.structs import asdict

from bot.channels.webchat import TooManyListeners, WebChat
from bot.channels.webchat_page.phrases import PAGE_PHRASES
from bot.limits import Network, RateLimit
from bot.media import MediaFolder, TooLarge, Unkept
from bot.photos import HugePhoto
from bot.requests import Refusal, body_of, client, pieces_of, refuse_cross_site, slow_down
from bot.web_posts import asked_for, best, key_of, read_post
from core.council import Council
from core.messages import InboundKind, InboundMessage
from core.phrases import Phrases
from core.talk import Attachment
from storage import media, webchat
from storage.addresses import Keyring
from storage.database import Database, Tx
from storage.inbox import Stored
from storage.webchat import PageMessage

COOKIE = "townbell"
COUNCIL_COOKIE = "townbell_council"  # which council the person's link named, until they first write
COOKIE_DAYS = 180
WAIT_SECONDS = 20.0  # a poll waits so long for news; proxies cut what is silent for 30 or 60
LOOK_SECONDS = (
    1.0  # how often a waiting poll sees whether its page has gone (and, with other processes, for news)
)
LOOK_BACK = 50  # messages among which the question of a tap is looked for
UPLOAD_COST = 2.0  # an upload takes as much of the limit as so many messages
SHARED = 10  # a whole shelter may write from behind one address
LARGEST_ID = 2**63 - 1

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
        "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Permissions-Policy": "microphone=(self), geolocation=(self), camera=()",
    "Cache-Control": "no-store",
}
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}

Accept = Callable[[Sequence[InboundMessage]], Awaitable[list[Stored]]]


@dataclass(frozen=True)
class Asset:
    """A style, a script or the icon of the page."""

    body: bytes
    content_type: str
    etag: str


def page_assets() -> dict[str, Asset]:
    """The page's styles, scripts and icon by name, read once."""
    assets = {}
    for file in files("bot.channels.webchat_page").iterdir():
        extension = file.name.rpartition(".")[2]
        if extension in _TYPES:
            body = file.read_bytes()
            assets[file.name] = Asset(body, _TYPES[extension], hashlib.sha256(body).hexdigest()[:32])
    return assets


@dataclass(frozen=True)
class News:
    """What a page is told when it asks for news."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    #: numbers of all that there is, as (first, last) of each run: the page takes off what is not among them
    ids: list[tuple[int, int]] = field(default_factory=list)
    #: when the numbers began; they begin anew after everything was deleted
    began: int = 0
    #: the language the person chose or was heard in; "" while we are unsure, and ask in two
    lang: str = ""
    #: whether what the page had last is gone; it is told so at once
    erased: bool = False

    def as_json(self) -> dict[str, Any]:
        """The answer."""
        return {"messages": self.messages, "ids": self.ids, "began": self.began, "lang": self.lang}


class ChatPages:
    """`/chat` and what is below it, for one account."""

    def __init__(
        self,
        *,
        channel: WebChat,
        council: str,
        councils: Mapping[str, Council],
        catalogs: Mapping[str, Phrases],
        accept: Accept,
        database: Database,
        keyring: Keyring,
        folder: MediaFolder,
        media_limit: int,
        limit: RateLimit,
        trusted: tuple[Network, ...] = (),
        public_url: str = "",
        others_write: bool = False,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._channel = channel
        self._council = council  # of people whose link names none
        self._councils = councils
        self._catalogs = catalogs
        self._accept = accept
        self._database = database
        self._keyring = keyring
        self._folder = folder
        self._media_limit = media_limit
        self._limit = limit  # of one person
        self._shared_limit = limit.times(SHARED)  # of all behind one address
        self._trusted = trusted
        self._public_url = public_url
        self._others_write = others_write  # other processes write to the page too, and cannot ring our bell
        self._wait_seconds = wait_seconds
        self._assets = page_assets()
        self._template = files("bot.channels.webchat_page").joinpath("page.html").read_text("utf-8")

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/chat", self.page, allow_head=False)
        app.router.add_get("/chat/messages", self.news, allow_head=False)
        app.router.add_post("/chat/messages", self.post)
        app.router.add_post("/chat/media", self.upload)
        app.router.add_get("/chat/phrases", self.phrases)
        app.router.add_post("/chat/leave", self.leave)
        app.router.add_get(r"/chat/{name:[a-z_]+\.(?:css|js|svg)}", self.asset)
        app.on_shutdown.append(self._close)

    async def _close(self, _: web.Application) -> None:
        self._channel.doorbell.close()

    # The page

    async def page(self, request: web.Request) -> web.Response:
        """The page; who opens it for the first time is given a cookie."""
        # Nothing is kept of who only looks, so it costs nothing: ten may open it at once behind one Wi-Fi.
        cookie = self._known(request) or self._keyring.new_name(self._channel.account)
        named = request.query.get("council", "")
        if named not in self._councils:
            named = self._linked_council(request)
        council = self._councils[named or self._council]
        phrases = self._preferred(request, council)
        texts = self._texts(phrases, council)
        values = {
            "lang": phrases.language,
            "dir": phrases.direction,
            "title": texts["page.title"],
            "noscript": texts["page.noscript"],
            "phrases": json.dumps(texts, ensure_ascii=False),
        }
        page = re.sub(r"{{(\w+)}}", lambda found: html.escape(values[found[1]], quote=True), self._template)
        response = web.Response(text=page, content_type="text/html", headers=PAGE_HEADERS)
        self._give(response, COOKIE, cookie)
        if named:
            self._give(response, COUNCIL_COOKIE, named)
        return response

    async def asset(self, request: web.Request) -> web.Response:
        """A style, a script or the icon; asked for again, only whether it has changed."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {"ETag": f'"{asset.etag}"', "Cache-Control": "no-cache"}
        if any(etag.value in (asset.etag, "*") for etag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers
        )

    async def phrases(self, request: web.Request) -> web.Response:
        """The words of the page in another language, because the talk goes on in it."""
        council = self._councils[self._linked_council(request) or self._council]
        phrases = best(self._catalogs, [request.query.get("lang", "")]) or self._preferred(request, council)
        return web.json_response(
            {
                "lang": phrases.language,
                "dir": phrases.direction,
                "phrases": self._texts(phrases, council),
            }
        )

    async def leave(self, request: web.Request) -> web.Response:
        """Forget the cookie, which only we can: the page may not read it."""
        refuse_cross_site(request, self._public_url)
        response = web.Response(status=204)
        for name in (COOKIE, COUNCIL_COOKIE):
            response.del_cookie(name, path="/chat", httponly=True, samesite="Lax", secure=self._is_https())
        return response

    # What people say

    async def post(self, request: web.Request) -> web.Response:
        """Words, a choice or a place."""
        refuse_cross_site(request, self._public_url)
        if request.content_type != "application/json":
            raise Refusal(415, "Please send this as application/json.")
        cookie = self._cookie(request)
        self._slow_down(request, cookie, 1)
        said = read_post(await body_of(request))
        kind: InboundKind = "press" if said.token else "message"
        return await self._take(
            InboundMessage(
                self._channel.account,
                kind,
                self._external_id(cookie, said.key),
                address=cookie,
                text=said.text,
                token=said.token,
                place=said.place,
                payload=self._linked_council(request),
                phone_language=self._phone_language(request),
            )
        )

    async def upload(self, request: web.Request) -> web.Response:
        """A photo, a voice note or a video: on disk and clean before it is taken as a message."""
        refuse_cross_site(request, self._public_url)
        cookie = self._cookie(request)
        key = key_of(request.query.get("key", ""))
        self._slow_down(request, cookie, UPLOAD_COST)
        try:
            kept = await self._folder.keep(
                pieces_of(request, self._media_limit, str(TooLarge())), self._media_limit
            )
        except Unkept as fault:
            raise Refusal(413 if isinstance(fault, TooLarge | HugePhoto) else 415, str(fault)) from None
        external_id = self._external_id(cookie, key)
        attachment = Attachment(
            self._keyring.media_id(self._channel.account, "message", external_id, 0),
            kept.kind,
            media.UPLOADED + kept.file,
        )
        message = InboundMessage(
            self._channel.account,
            "message",
            external_id,
            address=cookie,
            attachments=(attachment,),
            payload=self._linked_council(request),
            phone_language=self._phone_language(request),
        )
        # After a fault it may be stored all the same; a file that no row names is swept later.
        stored = await self._store(message)
        if stored.inbox_id is None:  # a repeat: the file of the first time is kept
            await self._folder.remove([kept.file])
        return self._taken(message, stored)

    async def _take(self, message: InboundMessage) -> web.Response:
        return self._taken(message, await self._store(message))

    async def _store(self, message: InboundMessage) -> Stored:
        (stored,) = await self._accept([message])
        return stored

    def _taken(self, message: InboundMessage, stored: Stored) -> web.Response:
        if stored.page_id is None:
            raise Refusal(
                400, "This was sent before, and everything was deleted since. Please write it anew."
            )
        self._channel.doorbell.ring(message.address)
        return web.json_response({"id": stored.page_id}, status=202)

    def _external_id(self, cookie: str, key: str) -> str:
        # The page wants its key back, and a key is unique for its person only.
        return f"{self._keyring.hash(self._channel.account, cookie).hex()[:32]}:{key}"

    # What people hear

    async def news(self, request: web.Request) -> web.Response:
        """What was said after a number; waits for something to be said."""
        cookie = self._cookie(request)
        after = _number(request.query.get("after", "0"))
        try:
            with self._channel.doorbell.listen(cookie) as rung:
                news = await self._wait(request, cookie, after, rung)
        except TooManyListeners:
            raise slow_down(5, "This chat is open too many times. Please close the other pages.") from None
        return web.json_response(news.as_json())

    async def _wait(self, request: web.Request, cookie: str, after: int, rung: asyncio.Event) -> News:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._wait_seconds
        look, news = True, News()
        while True:
            rung.clear()
            if look:
                news = await self._database.read(lambda tx: self._after(tx, cookie, after))
            if news.messages or news.erased:
                return news
            left = end - loop.time()
            gone = request.transport is None or request.transport.is_closing()
            if left <= 0 or gone or self._channel.doorbell.closed:
                return news
            try:
                async with asyncio.timeout(min(left, LOOK_SECONDS)):
                    look = await rung.wait()
            except TimeoutError:
                look = self._others_write

    async def _after(self, tx: Tx, cookie: str, after: int) -> News:
        page = await webchat.page(tx, self._keyring, self._channel.account, cookie)
        if page is None:  # they have said nothing yet, or had everything deleted
            return News(erased=after > 0)
        ids = await webchat.ranges(tx, page.address_id)
        messages = await webchat.after(tx, page.address_id, after)
        erased = after > 0 and not any(low <= after <= high for low, high in ids)
        if erased and not messages:
            # A draft is gone; or everything is, and they began anew: the numbers count from one again.
            messages = await webchat.after(tx, page.address_id, 0)
        shown = await self._with_labels(tx, page.address_id, messages)
        return News(shown, ids, page.began, page.language or "", erased)

    async def _with_labels(
        self, tx: Tx, address_id: int, messages: Sequence[PageMessage]
    ) -> list[dict[str, Any]]:
        labels = _labels(messages)
        if messages and any(message.body.choice not in labels for message in messages):
            # What was tapped stood in a question that this page has already, or that is older than the page.
            labels |= _labels(
                await webchat.after(tx, address_id, max(0, messages[0].id - LOOK_BACK), LOOK_BACK)
            )
        return [_shown(message, labels) for message in messages]

    # Who asks

    def _cookie(self, request: web.Request) -> str:
        cookie = self._known(request)
        if not cookie:
            raise Refusal(401, "We do not know you yet. Open /chat first.")
        return cookie

    def _known(self, request: web.Request) -> str:
        """The cookie; "" for none, and for one that somebody else made, who could read along with it."""
        cookie = request.cookies.get(COOKIE, "")
        return cookie if self._keyring.is_name(self._channel.account, cookie) else ""

    def _give(self, response: web.Response, name: str, value: str) -> None:
        response.set_cookie(
            name, value, max_age=COOKIE_DAYS * 86400, path="/chat", httponly=True, samesite="Lax",
            secure=self._is_https(),
        )  # fmt: skip

    def _is_https(self) -> bool:
        return self._public_url.startswith("https://")

    def _slow_down(self, request: web.Request, cookie: str, cost: float) -> None:
        address = client(request, self._trusted)
        if address is None:  # the machine itself
            return
        if wait := self._limit.wait(cookie, cost) or self._shared_limit.wait(address, cost):
            raise slow_down(wait)

    # Council and language

    def _linked_council(self, request: web.Request) -> str:
        """The council that the person's link named; "" when it named none that there is."""
        named = request.cookies.get(COUNCIL_COOKIE, "")
        return named if named in self._councils else ""

    def _phone_language(self, request: web.Request) -> str:
        return next(iter(asked_for(request.headers.get("Accept-Language", ""))), "")

    def _preferred(self, request: web.Request, council: Council) -> Phrases:
        tags = [*asked_for(request.headers.get("Accept-Language", "")), *council.languages, "en"]
        return best(self._catalogs, tags) or next(iter(self._catalogs.values()))

    def _texts(self, phrases: Phrases, council: Council) -> dict[str, str]:
        texts = {key: phrases.texts.get(key, english) for key, english in PAGE_PHRASES.items()}
        return texts | {"page.title": phrases.fill(texts["page.title"], council=council.name)}


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text, re.ASCII) or int(text) > LARGEST_ID:
        raise Refusal(400, 'The "after" must be the id of a message, or 0.')
    return int(text)


def _labels(messages: Sequence[PageMessage]) -> dict[str, str]:
    """What is written on each choice, by its id; none for none."""
    return {"": ""} | {choice.id: choice.label for message in messages for choice in message.body.choices}


def _shown(message: PageMessage, labels: Mapping[str, str]) -> dict[str, Any]:
    """A message as the page reads it."""
    body = message.body
    shown: dict[str, Any] = {
        "id": message.id,
        "from": message.sender,
        "text": body.text or labels.get(body.choice, ""),
        "lang": body.lang,
        "dir": body.dir or "auto",
        # The page draws the number apart from the words, and a screen reader says it as a number.
        "choices": [asdict(choice) for choice in body.choices],
        "media": body.kinds[0] if body.kinds else None,
    }
    if message.sender == "person":
        shown["key"] = message.key.rpartition(":")[2]
    if body.choice:
        shown["choice"] = body.choice
    if body.place:
        shown["location"] = {"lat": body.place.lat, "lon": body.place.lon}
    return shown
