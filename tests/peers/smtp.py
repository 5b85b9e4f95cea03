"""A mail server on loopback that does what a test tells it to: aiosmtpd, with faults.

`async with running(folder) as server` takes letters at `server.port`, with STARTTLS and a certificate of its
own making. What a server says no to, and when it falls silent or hangs up, is told with `server.answer`.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread
from typing import Any, Literal, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CUT = "cut"  #: instead of an answer: hang up
SILENCE = "silence"  #: instead of an answer: none

USER, PASSWORD = "bell", "a-password-of-the-bell"


@dataclass(frozen=True)
class Received:
    """A letter that the server was handed."""

    sender: str
    recipient: str
    content: bytes
    user: str  #: who was logged in
    encrypted: bool

    def read(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class SmtpServer:
    """The server, as a test sees it."""

    certificate: Path  #: trusted by whoever trusts this file
    host: str = "localhost"
    port: int = 0
    letters: list[Received] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)  #: commands, without what stands behind them
    _answers: dict[str, list[str]] = field(default_factory=dict)

    def answer(self, command: str, *answers: str) -> None:
        """Answer a command so, the next times: "MAIL", "RCPT ann@example.org", "GREETING", "LETTER"."""
        self._answers.setdefault(command, []).extend(answers)

    def next_answer(self, command: str) -> str:
        """What a test wants said; "" when all goes as usual."""
        answers = self._answers.get(command)
        return answers.pop(0) if answers else ""


class _Conversation(SMTP):
    """One connection; aiosmtpd does what no test has told."""

    def __init__(self, server: SmtpServer, encrypted: bool, **arguments: Any) -> None:
        super().__init__(self, **arguments)
        self._server = server
        self._greeted = False
        self._encrypted = encrypted

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            if await self._met("GREETING"):
                return
        await super().push(status)

    async def _met(self, command: str) -> bool:
        """Whether a test has said what happens now; it has happened then."""
        if answer := self._server.next_answer(command):
            await self._do(answer)
        return bool(answer)

    async def _do(self, answer: str) -> None:
        transport = cast("asyncio.Transport", self.transport)
        if answer == CUT:
            transport.abort()
        if answer in (CUT, SILENCE):
            await asyncio.Event().wait()  # until the end of the line, which ends this task
        await super().push(answer)
        if answer.startswith("421"):
            transport.close()

    async def _unless_met(self, command: str, argument: Any, usual: Callable[[Any], Awaitable[None]]) -> None:
        self._server.heard.append(command.partition(" ")[0])
        if not await self._met(command):
            await usual(argument)

    async def smtp_EHLO(self, hostname: str) -> None:
        await self._unless_met("EHLO", hostname, super().smtp_EHLO)

    async def smtp_STARTTLS(self, arg: str) -> None:
        await self._unless_met("STARTTLS", arg, super().smtp_STARTTLS)

    async def smtp_AUTH(self, arg: str) -> None:
        await self._unless_met("AUTH", arg, super().smtp_AUTH)

    async def smtp_MAIL(self, arg: str | None) -> None:
        await self._unless_met("MAIL", arg, super().smtp_MAIL)

    async def smtp_RCPT(self, arg: str | None) -> None:
        address = (arg or "").partition("<")[2].partition(">")[0]
        await self._unless_met(f"RCPT {address}", arg, super().smtp_RCPT)

    async def smtp_DATA(self, arg: str) -> None:
        await self._unless_met("DATA", arg, super().smtp_DATA)

    async def smtp_QUIT(self, arg: str) -> None:
        await self._unless_met("QUIT", arg, super().smtp_QUIT)

    # What aiosmtpd asks

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        (recipient,) = envelope.rcpt_tos
        login = cast("LoginPassword | None", session.auth_data)
        user = login.login.decode() if login else ""
        encrypted = self._encrypted or session.ssl is not None
        content = cast("bytes", envelope.content)
        self._server.letters.append(Received(envelope.mail_from or "", recipient, content, user, encrypted))
        answer = self._server.next_answer("LETTER")
        if answer in (CUT, SILENCE):
            await self._do(answer)
        return answer or "250 2.0.0 taken"


def _known(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword
) -> AuthResult:
    known = login == LoginPassword(USER.encode(), PASSWORD.encode())
    # handled=False: then the refusal is said by aiosmtpd.
    return AuthResult(success=known, handled=False, auth_data=login)


@asynccontextmanager
async def running(
    folder: Path,
    security: Literal["starttls", "tls", "none"] = "starttls",
    *,
    login: bool = True,
    largest: int = 2**25,
    name: str = "localhost",
) -> AsyncIterator[SmtpServer]:
    """Take letters until the end of the block; the certificate of its own making is put into the folder."""
    server = SmtpServer(folder / "mail-server.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*self_made(server.certificate, [name]))
    loop = asyncio.get_running_loop()
    conversations: list[_Conversation] = []

    def converse() -> _Conversation:
        conversation = _Conversation(
            server,
            security == "tls",
            hostname="mail.example.org",
            loop=loop,
            tls_context=tls if security == "starttls" else None,
            authenticator=_known,
            auth_required=login and security == "starttls",
            auth_require_tls=security == "starttls",
            data_size_limit=largest,
        )
        conversations.append(conversation)
        return conversation

    listening = await loop.create_server(converse, "127.0.0.1", 0, ssl=tls if security == "tls" else None)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for conversation in conversations:
            if isinstance(conversation.transport, asyncio.Transport):
                conversation.transport.abort()
        await listening.wait_closed()


@contextmanager
def started(folder: Path) -> Iterator[SmtpServer]:
    """The same for a test without an event loop: in one of its own, beside the test."""
    loop, stack = asyncio.new_event_loop(), AsyncExitStack()
    beside = Thread(target=loop.run_forever)
    beside.start()

    def done(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    try:
        yield done(stack.enter_async_context(running(folder)))
    finally:
        done(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        beside.join()
        loop.close()


def self_made(certificate: Path, names: Sequence[str]) -> tuple[Path, Path]:
    """A certificate for names, signed by itself, and its key; both are written beside one another."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = certificate.with_suffix(".key")
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, secret
