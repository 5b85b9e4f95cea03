"""What Twilio posts when somebody writes, as `InboundMessage`.

An address is kept exactly as it came: on WhatsApp it may hold no number at all. What we do not need is not
kept, above all the name that WhatsApp tells beside it. New fields appear without notice and change nothing.
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Iterator
from typing import Literal

from bot.channels.twilio_signature import Fields
from core.messages import InboundKind, InboundMessage, clean
from core.talk import Attachment, Command, MediaKind, Pick, Place

MOST_MEDIA = 10  # https://www.twilio.com/docs/messaging/guides/webhook-request#media-related-parameters
LONGEST_ADDRESS = 2000  #: of a file; theirs have about 150 letters
PREFIX = "whatsapp:"

_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_OPT_OUT = {"STOP": Command.STOP, "START": Command.START, "HELP": Command.HELP}
_MAIN_TYPES: dict[str, MediaKind] = {"image": "photo", "audio": "voice", "video": "video"}
#: so long a word without a space, and of whole groups of four, is nobody's
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){20,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class NotForUs(Exception):
    """A post that is no message to this account."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def decode_message(fields: Fields, account: str, channel: Literal["sms", "whatsapp"]) -> InboundMessage:
    """The message that a signed post brings; raises NotForUs, with a sentence for Twilio's debugger."""
    sid = _sid(fields)
    address = _address(fields, channel)
    if not address:
        return InboundMessage(account, "unreadable", sid, address="")
    kind, text, token = _said(fields)
    return InboundMessage(
        account,
        kind,
        sid,
        address=address,
        text=text,
        token=token,
        attachments=tuple(_attachments(fields)),
        place=_place(fields),
        forwarded=any(fields.first(name).lower() == "true" for name in ("Forwarded", "FrequentlyForwarded")),
        ref=sid,
        reply_to=clean(fields.first("OriginalRepliedMessageSid"))[:64],
        answered=_OPT_OUT.get(fields.first("OptOutType").upper()),
    )


def _sid(fields: Fields) -> str:
    if fields.first("MessageStatus"):
        raise NotForUs("This tells how a message of ours fares: its address ends in /status.")
    sid = fields.first("MessageSid")
    if not _SID.fullmatch(sid):
        raise NotForUs("A message has a MessageSid: two capital letters, and 32 of 0-9 a-f.")
    return sid


def _address(fields: Fields, channel: str) -> str:
    """Who wrote, as an answer has to name them."""
    sender = fields.first("From")
    if sender and sender.startswith(PREFIX) != (channel == "whatsapp"):
        other = "WhatsApp" if channel == "whatsapp" else "SMS"
        raise NotForUs(f"This address is for {other}: let only the {other} sender of this account call it.")
    return "" if sender in ("", PREFIX) or clean(sender) != sender else sender


def _said(fields: Fields) -> tuple[InboundKind, str, str]:
    """Kind, text and token: a button is one of ours when it carries what our buttons carry."""
    text = _text(fields.first("Body"))
    for name in ("ButtonPayload", "ListId"):
        token = clean(fields.first(name))
        if Pick.parse(token):
            return "press", "", token
    return "message", text or clean(fields.first("ButtonText") or fields.first("ListTitle")), ""


def _text(body: str) -> str:
    """The words; long texts come in base64 now and then, and nobody writes so by hand."""
    written = "".join(body.splitlines())
    if _BASE64.fullmatch(written):
        try:
            words = base64.b64decode(written, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            words = ""
        if words and all(letter.isprintable() or letter in "\n\r\t" for letter in words):
            return clean(words)
    return clean(body)


def _attachments(fields: Fields) -> Iterator[Attachment]:
    # NumMedia is not asked: what is there is what has an address.
    for n in range(MOST_MEDIA):
        remote = clean(fields.first(f"MediaUrl{n}"))
        if not remote:
            return
        main_type, _, rest = fields.first(f"MediaContentType{n}").lower().partition("/")
        if "vcard" not in rest:  # Somebody else's name and number are nothing that we keep.
            # An id is given when it is stored.
            yield Attachment("", _MAIN_TYPES.get(main_type, "file"), remote[:LONGEST_ADDRESS])


def _place(fields: Fields) -> Place | None:
    try:
        lat, lon = float(fields.first("Latitude")), float(fields.first("Longitude"))
    except ValueError:
        return None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        return None
    name = ", ".join(filter(None, (clean(fields.first(part)).strip() for part in ("Label", "Address"))))
    return Place(lat, lon, name)
