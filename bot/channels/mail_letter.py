"""A letter as bytes: what a mail program shows as we meant it, in every script.

All of it is ASCII when it travels, so that any server may pass it on. The lines with words in them are made
here: the standard library's folding parts long words of other scripts with spaces. A line break in what we
are given cannot begin a line of the head.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote

from bot import clock
from core.messages import Enclosure, OutboundMessage, clean

SEVEN_BIT = SMTP.clone(cte_type="7bit")
LINE = 60  #: characters of a line of the head that need no folding

_MIME = re.compile(r"(application|audio|font|image|text|video)/([\w.+-]+(?:; ?[\w-]+=[\w.-]+)*)", re.ASCII)
_NO_FILE_NAME = re.compile(r'["*/:<>?\\|]')  # One system or another takes no file of such a name.


def message_id(message: OutboundMessage, sender: str) -> str:
    """The name of a letter: the same each time it is sent, so that a repetition is recognised."""
    # The id alone would come again in another database; mail providers drop what they believe to know.
    words = hashlib.sha256(f"{message.subject}\n{message.text}".encode("utf-8", "ignore")).hexdigest()
    return f"<{message.id}.{words[:16]}@{sender.rpartition('@')[2]}>"


def letter(message: OutboundMessage, sender: str, sender_name: str, at: int) -> bytes:
    """The letter that a message is, written at a time (UTC microseconds) by us."""
    body = EmailMessage(policy=SEVEN_BIT)
    body.set_content(message.text)
    if message.html:
        body.add_alternative(message.html, subtype="html")
    for enclosure in message.enclosed:
        _enclose(body, enclosure)
    return _head(message, sender, sender_name, at).encode("ascii") + body.as_bytes()


def _head(message: OutboundMessage, sender: str, sender_name: str, at: int) -> str:
    lines = {
        "From": f"{_phrase(sender_name)} <{sender}>",
        "To": message.address,
        "Subject": _words("Subject", one_line(message.subject)),
        "Date": format_datetime(datetime.fromtimestamp(at / clock.SECOND, UTC)),
        "Message-ID": message_id(message, sender),
        "Content-Language": re.sub(r"[^A-Za-z0-9-]", "", message.language),
        # https://www.rfc-editor.org/rfc/rfc3834: nobody's "I am on holiday" comes back to us.
        "Auto-Submitted": "auto-generated",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)


def one_line(text: str) -> str:
    """A text on one line, whatever stood between its words."""
    return " ".join(clean(text).split())


def _phrase(name: str) -> str:
    name = one_line(name)
    return f'"{quote(name)}"' if _is_plain(name) else _words("From", name)


def _words(header: str, text: str) -> str:
    return text if _is_plain(text) else Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def _is_plain(text: str) -> bool:
    """Whether it can stand there as it is: "=?" would be read as the beginning of an encoded word."""
    return text.isascii() and "=?" not in text and len(text) <= LINE


def _enclose(body: EmailMessage, enclosure: Enclosure) -> None:
    kind = _MIME.fullmatch(enclosure.mime)
    main, sub = kind.groups() if kind else ("application", "octet-stream")
    name = _NO_FILE_NAME.sub("_", one_line(enclosure.name))
    body.add_attachment(enclosure.content, main, sub, filename=name)
