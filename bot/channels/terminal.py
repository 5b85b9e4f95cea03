"""`townbell chat`: talk in the terminal. One line in, replies out; works with piped input too.

Beside a running Townbell it only writes to the inbox and shows what the outbox has for it: the
running one takes the turn. When none runs, it takes the turns itself.
"""

from __future__ import annotations

import asyncio
import fcntl
import io
import shutil
import sys
import textwrap
import threading
import unicodedata
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import TextIO

from bot import app, clock, folder, schedule
from bot.app import Ground
from bot.config import Settings
from bot.folder import Folder
from bot.outbox import Sender
from bot.receive import Receiver
from bot.turns import TurnTaker
from bot.workers import Workers
from core.errors import AlreadyRunning, BadConfiguration, ChannelDown
from core.messages import InboundMessage, OutboundMessage, clean
from storage import inbox, outbox
from storage.database import Tx
from storage.inbox import Stored

#: columns; in less, text is broken into words and read by nobody
NARROWEST = 20
#: how often a waiting talk looks whether its message was answered
LOOK = 0.05  # seconds
#: who talks, when they do not say
SOMEBODY = "me"
#: how long a talk waits for an answer before it says so
PATIENCE = 30.0  # seconds


class Terminal:
    """The channel: what we say goes to the screen."""

    in_flight = 1
    per_second = 10_000.0

    def __init__(self, account: str, name: str, out: TextIO) -> None:
        self.account = account
        self._name = name
        self._out = out
        self._prompting = False
        self.gone = False  #: whoever read us reads no more

    def prompt(self) -> None:
        """Show that a line can be written."""
        self._prompting = True
        print("> ", end="", file=self._out, flush=True)

    def answering(self) -> None:
        """A line was written."""
        self._prompting = False

    def note(self, sentence: str) -> None:
        """Say something that is no message."""
        print(sentence, file=self._out, flush=True)

    async def send(self, message: OutboundMessage) -> str:
        """Show a message, and its options as numbered lines."""
        lines = [_fitted(line, self._columns()) for line in message.text.split("\n")]
        if message.address != self._name:  # they talked here before, and something has become due
            lines.insert(0, f"  (to {message.address})")
        widest = max((len(str(option.number)) for option in message.options), default=0)
        lines += [
            _fitted(option.label, self._columns(), f"    {option.number:>{widest}}  ")
            for option in message.options
        ]
        # What is half written stays in sight above.
        before, after = ("\n", "> ") if self._prompting else ("", "")
        shown = "\n".join(line.rstrip() for line in lines)
        try:
            print(f"{before}{shown}\n\n{after}", end="", file=self._out, flush=True)
        except BrokenPipeError:
            self.gone = True
            raise ChannelDown from None
        return str(message.id)

    def _columns(self) -> int:
        """How wide the screen is; 0 where there is none, so that nothing is broken into lines."""
        return shutil.get_terminal_size().columns if self._out.isatty() else 0


def _fitted(line: str, columns: int, indent: str = "  ") -> str:
    """A line broken between words where the screen ends.

    What runs from right to left is left to the terminal, which alone knows how it draws that.
    """
    if not columns or any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in line):
        return indent + line
    return textwrap.fill(
        line,
        max(columns, NARROWEST),
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,
        break_on_hyphens=False,
    )


async def chat(
    settings: Settings, *, name: str, language: str | None, into: TextIO = sys.stdin, out: TextIO = sys.stdout
) -> int:
    """Talk until the input ends; the exit status."""
    account = next(iter(settings.accounts_of("terminal")), None)
    if account is None:
        raise BadConfiguration(settings.source, ['There is no account with channel = "terminal" to talk on.'])
    async with AsyncExitStack() as stack:
        place = folder.prepare(settings.data.folder)
        stack.enter_context(_alone(place))
        alone = _runs_here(stack, place)
        base = await stack.enter_async_context(app.ground(settings, place))
        workers = Workers(stack)
        terminal = Terminal(account.key, name, out)
        account_id = base.ids.accounts[account.key]
        sender = Sender(
            base.database, base.keyring, terminal, account_id, base.metrics, writers=base.writers()
        )
        workers.employ("sending", sender.run())
        wake = _take_turns(stack, workers, base, sender) if alone else _nobody
        receiver = Receiver(base.database, base.keyring, wake)
        workers.employ("receiving", receiver.run())
        if into.isatty():
            terminal.note("\n  Write to Townbell. Ctrl-D ends the talk; nothing is lost by it.\n")
        talk = asyncio.create_task(_talk(base, receiver, terminal, into, name=name, language=language or ""))
        await workers.work_while(talk)
    return 0


async def _talk(
    base: Ground, receiver: Receiver, terminal: Terminal, into: TextIO, *, name: str, language: str
) -> None:
    """One line in, replies out, until the input ends."""
    async for line in _lines(into, terminal):
        message = InboundMessage(
            terminal.account,
            "message",
            uuid.uuid4().hex,
            clean(name),
            text=clean(line),
            phone_language=language,
        )
        (stored,) = await receiver.accept([message])
        await _answered(base, terminal, stored)


def _runs_here(stack: AsyncExitStack, place: Folder) -> bool:
    """Whether nobody else runs on this folder, so that we take the turns; if so, we hold it."""
    try:
        stack.enter_context(folder.hold(place))
    except AlreadyRunning:
        return False
    return True


@contextmanager
def _alone(place: Folder) -> Iterator[None]:
    """One talk at a time: two would show each other's answers."""
    with (place.path / "terminal.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning("Somebody already talks in another terminal. End that talk first.") from None
        yield


def _take_turns(stack: AsyncExitStack, workers: Workers, base: Ground, sender: Sender) -> Callable[[], None]:
    taker = TurnTaker(base.database, base.thinker(), base.settings.talk, base.metrics, sender.wake)
    workers.employ("turns", taker.run())
    reminders = schedule.Reminders(base.database, taker.wake)
    elsewhere = [one.key for one in base.settings.accounts if one.channel != "terminal"]
    forgetting = schedule.Forgetting(base.database, base.keyring, {}, elsewhere)
    scheduler = schedule.start({"reminders": (5, reminders.look), "forgetting": (5, forgetting.look)})
    stack.callback(scheduler.shutdown, wait=False)
    return taker.wake


def _nobody() -> None:
    """The running Townbell looks for work every second by itself."""


async def _lines(into: TextIO, terminal: Terminal) -> AsyncIterator[str]:
    """Line by line, without holding up the answers."""
    while True:
        if into.isatty():
            terminal.prompt()
        line = await _line(into)
        terminal.answering()
        if not line:
            return
        if line.strip():
            yield line.rstrip("\r\n")


async def _line(into: TextIO) -> str:
    """The next line; "" at the end. Ctrl-C ends a talk though a line is waited for."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()

    def found(text: str) -> None:
        if not line.done():
            line.set_result(text)

    def wait() -> None:
        text = _read(into)
        with suppress(RuntimeError):  # the talk has ended, and the loop with it
            loop.call_soon_threadsafe(found, text)

    # A thread of its own, for nobody waits for this kind at the end of the program.
    threading.Thread(target=wait, daemon=True).start()
    return await line


def _read(into: TextIO) -> str:
    try:
        descriptor = into.fileno()
    except OSError:  # no file behind it
        return into.readline()
    try:
        # Without a buffer, which would stay locked; and what is no text does not end the talk.
        return io.FileIO(descriptor, closefd=False).readline().decode(into.encoding, "replace")
    except OSError:  # the terminal is gone
        return ""


async def _answered(base: Ground, terminal: Terminal, stored: Stored) -> None:
    """Wait until the message was heard, and nothing of ours is on its way that is due now."""

    async def work(tx: Tx) -> bool:
        unread = stored.inbox_id is not None and await inbox.is_unread(tx, stored.inbox_id)
        waiting = [one for one in await outbox.waiting(tx) if one.account == terminal.account]
        return not unread and not any(one.oldest_due_at <= clock.now() for one in waiting)

    try:
        async with asyncio.timeout(PATIENCE):
            while not (terminal.gone or await base.database.read(work)):  # noqa: ASYNC110  (the other end may be another process)
                await asyncio.sleep(LOOK)
    except TimeoutError:
        terminal.note("  (No answer yet. It comes when Townbell runs: make run)")
    if terminal.gone:
        raise BrokenPipeError
