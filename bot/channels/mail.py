"""Mail: letters to those who work for a council, handed to one mail server.

A letter is one connection: they are few, and a line that lies still is cut by servers as they please. Nothing
is heard here; an answer to a letter goes to whoever reads the sender's mailbox. Words, addresses and the
password stay out of logs and errors.

mail_letter.py makes a letter, mail_line.py knows what failures mean.
"""

from __future__ import annotations

import ssl

import structlog

from bot import clock, config
from bot.channels.mail_letter import letter, message_id
from bot.channels.mail_line import PATIENCE, Line, NeedsMending, Patience
from core.errors import Refused
from core.mailbox import is_mailbox
from core.messages import OutboundMessage


class Mail:
    """The one account by which letters go out: a `Channel`."""

    account = config.MAIL_ACCOUNT
    in_flight = 2
    per_second = 2.0  # Many servers take some hundred letters an hour from one sender; we write a few a week.

    def __init__(self, mail: config.Mail, patience: Patience = PATIENCE) -> None:
        self._mail = mail
        self._patience = patience
        self._trouble: str | None = None
        self._lines: set[Line] = set()
        encrypted = mail.security != "none"
        self._tls = ssl.create_default_context(cafile=mail.ca_file) if encrypted else None

    @property
    def trouble(self) -> str | None:
        """What keeps letters from going out, as a sentence for the person who runs this."""
        return self._trouble

    async def close(self) -> None:
        """Hang up. Whatever is still under way is broken off."""
        for line in self._lines:
            line.close()

    async def send(self, message: OutboundMessage) -> str:
        """Send one message as a letter and return its Message-ID; raises SendError."""
        if not is_mailbox(message.address):
            raise Refused("This is no e-mail address that mail servers take.")
        content = letter(message, self._mail.sender, self._mail.sender_name, clock.now())
        with structlog.contextvars.bound_contextvars(outbox=message.id):
            await self._converse(content, message.address)
        return message_id(message, self._mail.sender)

    async def ask(self) -> None:
        """Ask whether the server would take a letter of ours, without sending one; raises SendError."""
        await self._converse(b"")

    async def _converse(self, content: bytes, address: str = "") -> None:
        line = Line(self._mail, self._tls, self._patience)
        self._lines.add(line)
        try:
            async with line:
                await line.begin(len(content))
                self._trouble = None
                if address:
                    await line.address(address)
                    await line.hand_over(content)
        except NeedsMending as fault:
            self._trouble = str(fault)
            raise
        finally:
            self._lines.discard(line)
