"""Telegram's updates as `InboundMessage`: typed structs with the few fields we need.

What we do not need is not even decoded: names, user names, contact cards, the authors of forwarded messages.
https://core.telegram.org/bots/api#update
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import msgspec

from core.messages import InboundKind, InboundMessage, clean
from core.talk import Attachment, MediaKind, Place

#: makes the id of an attachment: (kind, external id, its number within the message)
MediaId = Callable[[str, str, int], str]
JsonBytes = bytes | msgspec.Raw

#: the kinds of update we ask for; `my_chat_member` tells that somebody blocked us
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

MEGABYTE = 1024 * 1024
#: what the Bot API lets a bot download. https://core.telegram.org/bots/api#getfile
MEDIA_LIMIT = 20 * MEGABYTE


class Undecodable(ValueError):
    """This is no update: not even its number can be read."""


class Incoming(msgspec.Struct, frozen=True):
    """One update: what it says, and what Telegram expects us to do about it besides."""

    update_id: int
    message: InboundMessage | None = None  #: None: nothing for us
    press: str = ""  #: the callback query to answer, so that the button stops spinning
    group: int | None = None  #: the chat of several people that it came from
    joined: bool = False  #: we are in that group, or may speak there


def split_updates(body: bytes) -> Sequence[JsonBytes]:
    """The updates in an answer of getUpdates, each for `decode_update`; raises Undecodable."""
    try:
        return _BATCH.decode(body).result
    except _BROKEN:
        # One broken letter in one update must not hide the others.
        answer = _loosely(body)
        if isinstance(answer, dict) and isinstance(answer.get("result"), list):
            return [json.dumps(update).encode() for update in answer["result"]]
        raise Undecodable from None


def decode_update(
    raw: JsonBytes, account: str, media_id: MediaId, *, photo_limit: int = MEDIA_LIMIT
) -> Incoming:
    """Decode one update.

    What is broken but has a number becomes "unreadable", to be set aside; without one it is Undecodable.
    """
    try:
        update = _read(raw)
    except _BROKEN:
        number = _number_of(raw)
        return Incoming(number, InboundMessage(account, "unreadable", str(number), address=""))
    if (message := update.message) is not None:
        if message.chat.type != "private":
            return Incoming(update.update_id, group=message.chat.id, joined=True)
        if _is_notice(message, raw):
            return Incoming(update.update_id)
        return Incoming(update.update_id, _said(update, message, account, media_id, photo_limit))
    if (query := update.callback_query) is not None:
        return _pressed(update, query, account)
    if (edited := update.edited_message) is not None:
        if edited.chat.type != "private":
            return Incoming(update.update_id, group=edited.chat.id, joined=True)
        return Incoming(update.update_id, _edited(update, edited, account))
    if (member := update.my_chat_member) is not None:
        return _membership(update, member, account)
    return Incoming(update.update_id)


# What a person did, one function for each


def _said(
    update: _Update, message: _Message, account: str, media_id: MediaId, photo_limit: int
) -> InboundMessage:
    kind: InboundKind = "message"
    text, payload = clean(message.text or message.caption or ""), ""
    if text.startswith("/") and message.text and not message.forwarded:
        kind, text, payload = _command(text)
    external_id = str(update.update_id)
    attachments = tuple(
        Attachment(media_id(kind, external_id, n), media_kind, remote)
        for n, (media_kind, remote) in enumerate(_files(message, photo_limit))
    )
    return InboundMessage(
        account,
        kind,
        external_id,
        address=str(message.chat.id),
        text=text,
        payload=payload,
        attachments=attachments,
        place=_place(message),
        forwarded=message.forwarded,
        phone_language=_language(message.sender),
        ref=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else "",
    )


def _edited(update: _Update, message: _Message, account: str) -> InboundMessage | None:
    """The new words. The files are those that the message came with before, so they are not taken twice."""
    if message.location is not None:
        return None  # A live location moves on every few seconds; the place that was meant is the first.
    return InboundMessage(
        account,
        "edit",
        str(update.update_id),
        address=str(message.chat.id),
        text=clean(message.text or message.caption or ""),
        forwarded=message.forwarded,
        phone_language=_language(message.sender),
        ref=str(message.message_id),
    )


def _pressed(update: _Update, query: _CallbackQuery, account: str) -> Incoming:
    message = query.message
    if message is None or query.data is None:
        return Incoming(update.update_id, press=query.id)  # Not a button of ours.
    if message.chat.type != "private":
        return Incoming(update.update_id, press=query.id, group=message.chat.id, joined=True)
    pressed = InboundMessage(
        account,
        "press",
        str(update.update_id),
        address=str(message.chat.id),
        token=clean(query.data),
        phone_language=_language(query.sender),
        ref=str(message.message_id),
    )
    return Incoming(update.update_id, pressed, press=query.id)


def _membership(update: _Update, member: _MemberUpdated, account: str) -> Incoming:
    status = member.new_chat_member.status
    if member.chat.type != "private":
        # A channel's readers did not ask for our word; there we leave without one.
        may_speak = member.chat.type != "channel" and status in ("member", "administrator")
        inside = status not in ("left", "kicked")
        return Incoming(update.update_id, group=member.chat.id if inside else None, joined=may_speak)
    kinds: dict[str, InboundKind] = {"kicked": "blocked", "member": "unblocked"}
    if status not in kinds:
        return Incoming(update.update_id)
    changed = InboundMessage(
        account,
        kinds[status],
        str(update.update_id),
        address=str(member.chat.id),
        phone_language=_language(member.sender),
    )
    return Incoming(update.update_id, changed)


# Parts of a message


def _command(text: str) -> tuple[InboundKind, str, str]:
    """Kind, text and payload of a text that begins with a slash: `/stop@bot` is said as "/stop"."""
    found = _COMMAND.match(text)
    if found is None:
        return "message", text, ""
    rest = text[found.end() :].strip()
    if found[1].lower() != "start":
        return "message", f"/{found[1]} {rest}".rstrip(), ""
    if not rest or _PAYLOAD.fullmatch(rest):
        return "start", "", rest
    return "message", rest, ""  # Typed by hand: what follows is what they want to say.


_COMMAND = re.compile(r"/([a-z]\w{0,31})(?:@\w+)?(?=\s|$)", re.ASCII | re.IGNORECASE)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")  # https://core.telegram.org/bots/features#deep-linking


def _files(message: _Message, photo_limit: int) -> Iterator[tuple[MediaKind, str]]:
    if message.photo:
        yield "photo", _best(message.photo, photo_limit).file_id
    for file in (message.voice, message.audio):
        if file is not None:
            yield "voice", file.file_id
    for file in (message.video, message.video_note, message.animation):
        if file is not None:
            yield "video", file.file_id
    # An animation comes as a document, too.
    if message.document is not None and message.animation is None:
        main_type = (message.document.mime_type or "").partition("/")[0]
        yield _MAIN_TYPES.get(main_type, "file"), message.document.file_id


_MAIN_TYPES: dict[str, MediaKind] = {"image": "photo", "audio": "voice", "video": "video"}


def _best(sizes: Sequence[_PhotoSize], limit: int) -> _PhotoSize:
    """The largest size that is not above the limit; the smallest where all are."""
    by_size = sorted(sizes, key=lambda size: size.width * size.height)
    allowed = [size for size in by_size if (size.file_size or 0) <= limit]
    return allowed[-1] if allowed else by_size[0]


def _place(message: _Message) -> Place | None:
    if (venue := message.venue) is not None:
        name = clean(", ".join(part for part in (venue.title, venue.address) if part))
        return Place(venue.location.latitude, venue.location.longitude, name)
    if (point := message.location) is not None:
        return Place(point.latitude, point.longitude)
    return None


def _language(user: _User | None) -> str:
    return clean(user.language_code)[:35] if user is not None and user.language_code else ""


def _is_notice(message: _Message, raw: JsonBytes) -> bool:
    """Whether Telegram tells about the chat and the person said nothing. A sticker or a poll is theirs."""
    if message.text or message.caption or message.photo:
        return False  # Most messages; the others are few enough to look at all their fields.
    return not _NOTICES.isdisjoint(_loosely(raw)["message"])


_NOTICES = frozenset(
    ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
     "users_shared", "chat_shared", "connected_website", "proximity_alert_triggered", "passport_data",
     "successful_payment", "refunded_payment", "boost_added", "direct_message_price_changed")
)  # fmt: skip


# Reading


def _read(raw: JsonBytes) -> _Update:
    try:
        return _UPDATE.decode(raw)
    except _BROKEN:
        # Strict about letters: half a surrogate pair is refused. We drop such a letter and keep the message.
        return msgspec.convert(_loosely(raw), _Update)


def _number_of(raw: JsonBytes) -> int:
    try:
        return msgspec.convert(_loosely(raw), _Numbered).update_id
    except _BROKEN:
        raise Undecodable from None


def _loosely(raw: JsonBytes) -> Any:
    try:
        # NaN and Infinity are no JSON, and no place on earth.
        return json.loads(bytes(raw).decode("utf-8", "replace"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise Undecodable from None


#: UnicodeDecodeError and Undecodable are ValueErrors; a RecursionError is a body of a million brackets
_BROKEN = (msgspec.MsgspecError, ValueError, RecursionError)


class _User(msgspec.Struct, gc=False):
    language_code: str | None = None


class _Chat(msgspec.Struct, gc=False):
    id: int
    type: str


class _File(msgspec.Struct, gc=False):
    file_id: str
    mime_type: str | None = None


class _PhotoSize(msgspec.Struct, gc=False):
    file_id: str
    width: int = 0
    height: int = 0
    file_size: int | None = None


class _Point(msgspec.Struct, gc=False):
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]


class _Venue(msgspec.Struct, gc=False):
    location: _Point
    title: str = ""
    address: str = ""


class _Something(msgspec.Struct, gc=False):
    """An object of which we only want to know that it is there."""


class _RepliedTo(msgspec.Struct, gc=False):
    message_id: int


class _Message(msgspec.Struct, gc=False):
    message_id: int
    chat: _Chat
    sender: _User | None = msgspec.field(name="from", default=None)
    text: str | None = None
    caption: str | None = None
    photo: list[_PhotoSize] = []
    voice: _File | None = None
    audio: _File | None = None
    video: _File | None = None
    video_note: _File | None = None
    animation: _File | None = None
    document: _File | None = None
    location: _Point | None = None
    venue: _Venue | None = None
    reply_to_message: _RepliedTo | None = None
    forward_date: int | None = None  # before Bot API 7.0
    forward_origin: _Something | None = None

    @property
    def forwarded(self) -> bool:
        return self.forward_origin is not None or self.forward_date is not None


class _KeyboardMessage(msgspec.Struct, gc=False):
    message_id: int
    chat: _Chat


class _CallbackQuery(msgspec.Struct, gc=False):
    id: str
    sender: _User | None = msgspec.field(name="from", default=None)
    message: _KeyboardMessage | None = None
    data: str | None = None


class _Member(msgspec.Struct, gc=False):
    status: str


class _MemberUpdated(msgspec.Struct, gc=False):
    chat: _Chat
    new_chat_member: _Member
    sender: _User | None = msgspec.field(name="from", default=None)


class _Update(msgspec.Struct, gc=False):
    update_id: int
    message: _Message | None = None
    edited_message: _Message | None = None
    callback_query: _CallbackQuery | None = None
    my_chat_member: _MemberUpdated | None = None


class _Numbered(msgspec.Struct, gc=False):
    update_id: int


class _Batch(msgspec.Struct, gc=False):
    result: list[msgspec.Raw]


_UPDATE = msgspec.json.Decoder(_Update)
_BATCH = msgspec.json.Decoder(_Batch)
