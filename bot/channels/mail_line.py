"""The line to a mail server: where what went wrong becomes one of our errors.

Only here is it known how far a letter came. Until its last byte has left us it was not sent; from then until
the server answers it may have been. And what the server says of us, before a reader is named, is nothing
against the letter: it waits until somebody has mended that.

The server's sentences quote addresses, and so do aiosmtplib's errors: they end here; only codes are logged.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, cast

import structlog
from aiosmtplib import SMTP, SMTPConnectError, SMTPException, SMTPResponseException

from bot.config import Mail
from core.errors import ChannelDown, MaybeSent, Refused, SendError

UNREACHABLE = "The mail server cannot be reached. Check mail.host and mail.port, and this machine's way out."
SILENT = "The mail server broke off, or did not answer in time. Letters wait until it does."
BUSY = "The mail server has no time for us now. Letters wait until it has."
TURNED_AWAY = "The mail server turns this machine away. Ask who runs it, or use another one in mail.host."
NO_TLS = (
    "The mail server offers no encryption (STARTTLS), so nothing is sent. Ask who runs it, or set "
    'mail.security to "tls", and mail.port mostly to 465.'
)
NOT_TLS = (
    "The mail server and we find no common way to encrypt. Check mail.security and mail.port: "
    '"starttls" is mostly on 587, "tls" on 465.'
)
UNTRUSTED = (
    "The mail server's certificate is not trusted. mail.host must be a name that stands in it; if it is of "
    "your own making, name the file of it, or of who signed it, in mail.ca_file."
)
NO_LOGIN = "The mail server offers no login. Take mail.username away, or ask who runs it."
LOGIN = "The mail server refuses our login. Check mail.username and its password."
LOGIN_WANTED = "The mail server wants a login. Set mail.username, and say where its password is."
SENDER = "The mail server takes no letters from our address. Set mail.sender to one that may write there."
TOO_LARGE = "The letter is larger than the mail server takes."

AUTHENTICATION_REQUIRED = 530  # https://www.rfc-editor.org/rfc/rfc4954#section-6
START_INPUT = 354
STORAGE_EXCEEDED = 552

Meaning = Callable[[int], SendError]  #: of a "no, and never" (5xx), by its code

log = structlog.get_logger()


class NeedsMending(ChannelDown):
    """The mail server is there, but it takes a person to make it take our letters."""


@dataclass(frozen=True)
class Patience:
    """How long the server may take, in seconds."""

    answer: float = 60  #: to a command; some wait a while to put off robots
    taken: float = 600  #: to a whole letter: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6
    farewell: float = 5


PATIENCE = Patience()


class Line:
    """One connection, for one letter: `begin`, `address`, `hand_over`, in this order; all raise SendError."""

    def __init__(self, mail: Mail, tls: ssl.SSLContext | None, patience: Patience) -> None:
        self._mail = mail
        self._patience = patience
        self._smtp = SMTP(
            hostname=mail.host,
            port=mail.port,
            local_hostname=mail.sender.rpartition("@")[2],  # This machine's own name is nobody's business.
            timeout=patience.answer,
            use_tls=mail.security == "tls",
            start_tls=False,  # We do it ourselves, to tell what is amiss.
            tls_context=tls,
        )

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None
    ) -> None:
        if self._smtp.is_connected and (error is None or isinstance(error, SendError)):
            # The letter's fate is known, whatever becomes of the farewell.
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=self._patience.farewell)
        self.close()

    def close(self) -> None:
        """Hang up; what is under way on this line fails."""
        self._smtp.close()

    async def begin(self, size: int) -> None:
        """Say who writes, and how long the letter is."""
        options = [f"SIZE={size}"] if self._smtp.supports_extension("size") else []
        with _understood(_of_sender):
            await self._smtp.mail(self._mail.sender, options=options)

    async def address(self, mailbox: str) -> None:
        """Say whom it is for."""
        with _understood(_of_letter):
            await self._smtp.rcpt(mailbox)

    async def hand_over(self, letter: bytes) -> None:
        """Hand the letter over, and wait until the server has taken it."""
        with _understood(_of_letter):
            answer = await self._smtp.execute_command(b"DATA")
            if answer.code != START_INPUT:
                raise SMTPResponseException(answer.code, answer.message)
        code = await self._taken(re.sub(rb"(?m)^\.", b"..", letter) + b".\r\n")
        if 400 <= code < 600:
            raise _no(code, _of_letter)
        if not 200 <= code < 300:
            raise MaybeSent  # A yes or a no in words that nobody understands.

    # How it is opened

    async def _open(self) -> None:
        with _understood(_mend(TURNED_AWAY)):
            await self._smtp.connect()
            await self._smtp.ehlo()
        if self._mail.security == "starttls":
            await self._encrypt()
        if self._mail.username:
            await self._log_in()

    async def _encrypt(self) -> None:
        if not self._smtp.supports_extension("starttls"):
            raise NeedsMending(NO_TLS)
        with _understood(_mend(NO_TLS)):
            await self._smtp.starttls()
            await self._smtp.ehlo()

    async def _log_in(self) -> None:
        if not self._smtp.supported_auth_methods:
            raise NeedsMending(NO_LOGIN)
        password = self._mail.password.reveal() if self._mail.password else ""
        with _understood(_mend(LOGIN)):
            await self._smtp.login(self._mail.username, password)

    async def _taken(self, letter: bytes) -> int:
        """The code that the server answers a whole letter with."""
        # Not SMTP.data: it does not tell whether the line broke before the letter or after it.
        protocol = self._smtp.protocol
        if protocol is None or not protocol.is_connected:
            raise ChannelDown(SILENT)
        transport = cast("asyncio.WriteTransport", protocol.transport)
        transport.write(letter)
        try:
            answer = await protocol.read_response(self._patience.taken)
        except (SMTPException, OSError):
            unfinished = transport.get_write_buffer_size() > 0
            transport.abort()  # Closed in peace, it would still hand over what waits to be sent.
            # Without its last line a letter is none: https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.4
            raise (ChannelDown(SILENT) if unfinished else MaybeSent()) from None
        return answer.code


# What the server's answers mean


@contextmanager
def _understood(meaning: Meaning) -> Iterator[None]:
    """Turn what the server says no to, or does not answer, into one of our errors."""
    try:
        yield
    except SMTPResponseException as answer:
        error = _no(answer.code, meaning)
    except (SMTPException, OSError) as failure:
        error = _silence(failure)
    else:
        return
    raise error from None


def _no(code: int, meaning: Meaning) -> SendError:
    log.warning("mail: the server says no", code=code)
    if code == AUTHENTICATION_REQUIRED:
        return NeedsMending(LOGIN_WANTED)
    return meaning(code) if 500 <= code < 600 else ChannelDown(BUSY)


def _silence(failure: BaseException) -> SendError:
    match failure.__cause__ or failure:
        case ssl.SSLCertVerificationError():
            return NeedsMending(UNTRUSTED)
        case ssl.SSLError():
            return NeedsMending(NOT_TLS)
    return ChannelDown(UNREACHABLE if isinstance(failure, SMTPConnectError) else SILENT)


def _mend(sentence: str) -> Meaning:
    return lambda _code: NeedsMending(sentence)


def _of_sender(code: int) -> SendError:
    return Refused(TOO_LARGE) if code == STORAGE_EXCEEDED else NeedsMending(SENDER)


def _of_letter(_code: int) -> SendError:
    return Refused()
