"""Twilio: one sender of a council, by SMS or on WhatsApp. This is the way out; the other is twilio_hook.py.

Of a long message one part goes out at a time (`SentInPart`): each is on disk as sent before the next leaves,
so that whatever happens between two of them repeats neither. The last names our row in its status address;
an earlier one must not, or its "delivered" would settle the whole.

Where somebody has been silent for too long, only an approved template is taken. One that holds the whole
message is the message; any other asks them to write to us (`Knocked`), and the message waits for that. Its
status address says that it knocks for our row, for it settles only whether they were asked.

twilio_texts.py shapes what we say, core/sms.py counts it, twilio_line.py knows what failures mean.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal, TypeVar, cast

import structlog
from twilio.rest.content.v1.content import ContentList

from bot.channels import twilio_texts
from bot.channels.twilio_line import API, Failure, Line, client
from bot.channels.twilio_texts import Content, form
from bot.config import Template, TemplatePurpose
from core.errors import ChannelDown, Knocked, MaybeSent, Paused, Refused, SentInPart, SilentTooLong
from core.messages import Cost, OutboundMessage
from core.sms import as_sent, segments

PER_SECOND: Mapping[str, float] = {"sms": 1.0, "whatsapp": 80.0}
IN_FLIGHT: Mapping[str, int] = {"sms": 2, "whatsapp": 40}
#: seconds that an answer may take; Twilio's own slow ones come within half a minute
ANSWER_WITHIN = 35
#: seconds during which numbers stand for buttons after Twilio would not keep some
WITHOUT_BUTTONS = 5 * 60
LISTED = 1000  #: contents that are looked through for ours, once
#: such a content, or what fills it, is not taken: 21655 and 21656
BAD_CONTENT = frozenset((21655, 21656))

CREDENTIALS = (
    "Twilio does not take the account's SID and token ({account}): copy both anew from the Twilio Console "
    "(Account, API keys & tokens), and see that the account is active."
)
SENDER = (
    "Twilio does not let this account send from its sender ({account}): ask townbell doctor what is wrong."
)
#: codes that speak about the account itself, and not about its sender
ABOUT_ACCOUNT = frozenset((10001, 20003, 20005, 20006, 20404, 30002))

#: what a template counts as; whoever has asked for nothing is being advertised to
CATEGORIES: Mapping[str, str] = {"invitation": "marketing"}

log = structlog.get_logger()
T = TypeVar("T")


class Twilio:
    """One sender at Twilio: a `Channel`, `Recalls`, `Costs`, `Reported`, and `Windowed` on WhatsApp."""

    def __init__(
        self,
        account: str,
        sid: str,
        token: str,
        sender: str,
        channel: Literal["sms", "whatsapp"],
        *,
        status_url: str = "",
        templates: Mapping[TemplatePurpose, Mapping[str, Template]] | None = None,
        list_button: Mapping[str, str] | None = None,  #: by language; what opens a list of options
        most_segments: int = 6,
        per_second: float = 0,  #: 0: as many as Twilio lets such a sender send
        api_url: str = API,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self.account = account
        self.channel = channel
        self.in_flight = IN_FLIGHT[channel]
        self.per_second = per_second or PER_SECOND[channel]
        self.windowed = channel == "whatsapp"  #: whether free text is taken only after a word of theirs
        self.reported = bool(status_url)
        self._sender = sender
        self._status_url = status_url
        self._templates = templates or {}
        self._list_button = list_button or {}
        self._most_segments = most_segments
        self._trouble: str | None = None
        self._line = Line(answer_within=answer_within, connections=2 * self.in_flight)
        self._client = client(sid, token, self._line, api_url)
        self._contents: dict[str, str] | None = None  # name -> sid; None: not asked yet what is there
        self._making = asyncio.Lock()
        self._without_buttons_until = 0.0

    @property
    def trouble(self) -> str | None:
        """What keeps this account from sending, as a sentence for the person who runs it."""
        return self._trouble

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    # Sending

    async def send(self, message: OutboundMessage) -> str:
        """Send one message, or the next part of it; returns the ids of its parts, parted by commas."""
        if message.opener:
            return await self._open(message)
        if not self.windowed:
            bodies = as_sent(message.text, message.options, self._most_segments)
            return await self._send_next(message, [{"body": body} for body in bodies])
        below = twilio_texts.content(message, self._list_button_in(message.language))
        parts = twilio_texts.parts(message, below)
        content_sid = await self._kept(below) if below and len(message.sent) == len(parts) - 1 else None
        try:
            return await self._send_next(message, [form(part, message, content_sid) for part in parts])
        except _BadContent:
            # Twilio has it no more, or does not take what fills it: nothing was sent.
            self._stop_buttons()
            return await self._send_next(message, [form(part, message, None) for part in parts])

    def cost(self, message: OutboundMessage) -> Cost:
        """What sending it now costs: of a message in parts, its next."""
        if self.windowed:
            opener = message.opener
            return Cost(category=CATEGORIES.get(opener.purpose, "utility") if opener else "service")
        bodies = as_sent(message.text, message.options, self._most_segments)
        return Cost(sum(segments(body) for body in bodies[len(message.sent) :][:1]))

    def opens(self, purpose: str, language: str) -> bool:
        """Whether there is a template for a purpose, in a language."""
        return self._template(purpose, language) is not None

    def _template(self, purpose: str, language: str) -> Template | None:
        templates = self._templates.get(cast("TemplatePurpose", purpose), {})
        return templates.get(language) or templates.get(language.partition("-")[0])

    async def _send_next(self, message: OutboundMessage, forms: Sequence[Mapping[str, str]]) -> str:
        """Send the part that is next; raises SentInPart where more are to follow."""
        sent = len(message.sent)
        if sent < len(forms):
            last = sent == len(forms) - 1
            made = await self._create(message, forms[sent], about=f"row={message.id}" if last else "")
            ids = ",".join((*message.sent, made))
            if not last:
                raise SentInPart(ids)
            return ids
        return ",".join(message.sent)

    async def _open(self, message: OutboundMessage) -> str:
        """Send the template that is for such a message, where they have been silent for too long."""
        opener = message.opener
        template = self._template(opener.purpose, message.language) if opener else None
        filled = twilio_texts.opening(template, opener, message) if template and opener else None
        if filled is None:
            raise SilentTooLong
        given = {"content_sid": filled.sid, "content_variables": filled.variables}
        try:
            about = f"row={message.id}" if filled.whole else f"knock={message.id}"
            sid = await self._create(message, given, about=about)
        except _BadContent:
            # The doctor tells which; until it is mended it is as if it were not there.
            log.warning("twilio: a template is not taken", account=self.account, template=filled.sid)
            raise SilentTooLong from None
        if not filled.whole:
            raise Knocked(sid)
        return sid

    async def _create(self, message: OutboundMessage, what: Mapping[str, str], *, about: str) -> str:
        """Have a message made; `about` is what its status address says, and "" where it has none."""
        to = message.address
        if self.windowed and not to.startswith("whatsapp:"):
            to = f"whatsapp:{to}"
        given: dict[str, Any] = dict(what)
        given["messaging_service_sid" if self._sender.startswith("MG") else "from_"] = self._sender
        if self._status_url and about:
            given["status_callback"] = f"{self._status_url}?{about}"
        try:
            made = await self._ask(self._client.messages.create_async(to, **given))
        except Failure as failure:
            if failure.code in BAD_CONTENT and "content_sid" in what:
                raise _BadContent from None
            raise self._known(failure) from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise MaybeSent from None  # "Yes" in words that nobody understands.
        if not isinstance(made.sid, str) or not made.sid:
            raise MaybeSent
        return made.sid

    async def _ask(self, call: Awaitable[T]) -> T:
        answer = await call
        self._trouble = None
        return answer

    def _known(self, failure: Failure) -> Exception:
        """What a failure is to whoever sends; the account's own is kept as its trouble."""
        if not failure.credentials:
            return failure.error
        sentence = CREDENTIALS if failure.code in ABOUT_ACCOUNT else SENDER
        self._trouble = sentence.format(account=self.account)
        return Paused()

    # Buttons and lists

    def _list_button_in(self, language: str) -> str:
        return self._list_button.get(language) or self._list_button.get(language.partition("-")[0], "…")

    async def _kept(self, content: Content) -> str | None:
        """The sid of a content, which is made at Twilio where it is not there; None when that failed."""
        if time.monotonic() < self._without_buttons_until:
            return None
        async with self._making:
            try:
                if self._contents is None:
                    self._contents = await self._ours()
                if content.name not in self._contents:
                    made = await self._client.content.v1.contents.create_async(
                        ContentList.ContentCreateRequest(content.asked)
                    )
                    self._contents[content.name] = _sid(made.sid)
            except (Failure, ValueError, TypeError, KeyError, AttributeError):
                # Numbers do as well, and nobody waits for buttons.
                self._stop_buttons()
                return None
            return self._contents[content.name]

    async def _ours(self) -> dict[str, str]:
        """What we had kept there before."""
        listed = await self._client.content.v1.contents.list_async(limit=LISTED, page_size=100)
        return {one.friendly_name: one.sid for one in listed if one.friendly_name and one.sid}

    def _stop_buttons(self) -> None:
        self._contents = None
        self._without_buttons_until = time.monotonic() + WITHOUT_BUTTONS

    # Taking back

    async def recall(self, address: str, provider_ids: Sequence[str]) -> None:  # noqa: ARG002 - its signature
        """Delete messages and their media, theirs and ours, at Twilio; raises SendError."""
        for sid in sorted({sid for joined in provider_ids for sid in joined.split(",") if sid}):
            await self._delete(sid)

    async def _delete(self, sid: str) -> None:
        message = self._client.messages(sid)
        media = await self._unless_gone(message.media.list_async())
        for one in media or ():
            await self._unless_gone(message.media(one.sid).delete_async())
        await self._unless_gone(message.delete_async())

    async def _unless_gone(self, call: Awaitable[T]) -> T | None:
        """What Twilio answers; None when it has no such thing any more."""
        try:
            return await self._ask(call)
        except Failure as failure:
            if failure.status == HTTPStatus.NOT_FOUND:
                return None
            error = self._known(failure)
            # What is still on its way cannot be deleted yet (20009); and to delete twice is to delete once.
            if isinstance(error, MaybeSent | Refused):
                raise ChannelDown from None
            raise error from None


class _BadContent(Exception):
    """Twilio does not take a content, or what fills it."""


def _sid(given: object) -> str:
    if not isinstance(given, str) or not given:
        raise ValueError
    return given
