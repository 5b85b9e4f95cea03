"""`townbell chat`: talk in the terminal. One line in, replies out; works with piped input too.

Beside a running Townbell it only writes to the inbox and shows what the outbox has for it: the
running one takes the turn. When none runs, it takes the turns itself.
"""

from __future__ import annotations

import asyncio
import fcntl
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import TextIO

from bot import app, clock, folder, schedule
from bot.app import Ground, Staff
from bot.config import Settings
from bot.folder import Folder
from bot.outbox import Sender
from bot.receive import Receiver
from bot.turns import TurnTaker
from core.errors import AlreadyRunning, BadConfiguration
from core.messages import InboundMessage, OutboundMessage, clean
from storage import inbox, outbox
from storage.database import Tx

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

    def __init__(self, account: str, out: TextIO) -> None:
        self.account = account
        self._out = out

    async def send(self, message: OutboundMessage) -> str:
        """Show a message, and its options as numbered lines."""
        lines = message.text.split("\n")
        lines += [f"  {option.number}  {option.label}" for option in message.options]
        print(
            "\n".join(f"  {line}" if line else "" for line in lines), end="\n\n", file=self._out, flush=True
        )
        return str(message.id)


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
        staff = Staff(stack)
        sender = Sender(
            base.database,
            base.keyring,
            Terminal(account.key, out),
            base.ids.accounts[account.key],
            base.metrics,
        )
        staff.employ("sending", sender.run())
        wake = _take_turns(stack, staff, base, sender) if alone else _nobody
        receiver = Receiver(base.database, base.keyring, wake)
        staff.employ("receiving", receiver.run())
        if into.isatty():
            print(
                "\n  Write to Townbell. Ctrl-D ends the talk; nothing is lost by it.\n", file=out, flush=True
            )
        async for line in _lines(into, out):
            message = InboundMessage(
                account.key,
                "message",
                uuid.uuid4().hex,
                name,
                text=clean(line),
                phone_language=language or "",
            )
            await receiver.accept([message])
            if not await _answered(base, account.key):
                print("  (No answer yet. It comes when Townbell runs: make run)", file=out, flush=True)
    return 0


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


def _take_turns(stack: AsyncExitStack, staff: Staff, base: Ground, sender: Sender) -> Callable[[], None]:
    taker = TurnTaker(base.database, base.thinker(), base.settings.talk, base.metrics, sender.wake)
    staff.employ("turns", taker.run())
    reminders = schedule.Reminders(base.database, taker.wake)
    forgetting = schedule.Forgetting(base.database, base.keyring, {})
    scheduler = schedule.start({"reminders": (5, reminders.look), "forgetting": (5, forgetting.look)})
    stack.callback(scheduler.shutdown, wait=False)
    return taker.wake


def _nobody() -> None:
    """The running Townbell looks for work every second by itself."""


async def _lines(into: TextIO, out: TextIO) -> AsyncIterator[str]:
    """Line by line, without holding up the answers."""
    tty = into.isatty()
    while True:
        if tty:
            print("> ", end="", file=out, flush=True)
        line = await asyncio.to_thread(into.readline)
        if not line:
            return
        if line.strip():
            yield line.rstrip("\r\n")


async def _answered(base: Ground, account: str) -> bool:
    """Wait until nothing of the talk is unread, and nothing of ours is on its way that is due now."""

    async def work(tx: Tx) -> bool:
        unread = (await inbox.counts(tx)).unread
        waiting = [one for one in await outbox.waiting(tx) if one.account == account]
        return not unread and not any(one.oldest_due_at <= clock.now() for one in waiting)

    try:
        async with asyncio.timeout(PATIENCE):
            while not await base.database.read(work):  # noqa: ASYNC110  (the other end may be another process)
                await asyncio.sleep(LOOK)
    except TimeoutError:
        return False
    return True
