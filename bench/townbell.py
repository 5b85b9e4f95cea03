"""Townbell itself, with all of it durable; only the last step, bytes on the way to Telegram, is made up.

The real Receiver, TurnTaker, Sender and Telegram on a real file (WAL, synchronous=FULL), taken step by step,
so that a batch is a batch: stored (C1), turned (C2), claimed (C3), sent, settled (C4).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from prometheus_client import CollectorRegistry

from bench.network import Network
from bench.talk import FIRST_PERSON, TOKEN, parts, problem
from bench.words import COUNCIL, english
from bot import clock, garbage
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import decode_update
from bot.config import Talk
from bot.metrics import Metrics
from bot.outbox import Sender
from bot.receive import Receiver
from bot.thinking import Thinker
from bot.turns import TurnTaker
from core.council import Council, Emergency
from core.events import IssueFiled, LanguageHeard
from core.messages import InboundMessage
from core.references import reference
from core.talk import Spoken, Turn
from storage import councils, inbox, outbox, retention, turns
from storage.addresses import Keyring
from storage.database import Database, Tx, open_database
from storage.outbox import Settled
from storage.turns import Outcome, Waiting
from translations import catalogs

ACCOUNT = "bell"
#: the provider's limits are not ours to measure
UNLIMITED = 1e9
RECEIPT = english().receipt
GROWING = 2000  #: people who move in at once
DAYS = 3  #: since who lives here wrote
LANGUAGES = ("en", "de", "sl", "ar", "uk")  # of the built-in default, as far as there are catalogs


class Town:
    """One installation with one Telegram bot."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        telegram: Telegram,
        account: int,
        network: Network,
        batch: int,
    ) -> None:
        words = catalogs.load()
        council = Council(
            "graz",
            COUNCIL,
            "GRZ",
            "Europe/Vienna",
            languages=tuple(tag for tag in LANGUAGES if tag in words),
            working_languages=("de",),
            emergency=(Emergency("112", {"en": "emergency"}),),
        )
        talk = Talk()
        metrics = Metrics(CollectorRegistry())
        self.database = database
        self.keyring = keyring
        self.network = network
        self.account_id = account
        self._batch = batch
        self.thinker = Thinker([council], words, talk, b"bench")
        self.sender = Sender(database, keyring, telegram, account, metrics)
        self.taker = TurnTaker(database, self.thinker, talk, metrics, self.sender.wake)
        self.receiver = Receiver(database, keyring, self.taker.wake)

    async def hear(self, updates: Sequence[bytes]) -> None:
        """Take updates in batches, and answer each batch before the next."""
        async with self.database.seat("turns") as turns, self.database.seat("sending") as sending:
            for batch in parts(updates, self._batch):
                await self.receiver.accept([self.decode(update) for update in batch])
                while await self.taker.take(turns):
                    pass
                while await self.sender.step(sending):
                    await self._landed()

    def decode(self, update: bytes) -> InboundMessage:
        """One update as Telegram's channel decodes it."""
        message = decode_update(update, ACCOUNT, lambda *_: "").message
        assert message is not None
        return message

    async def _landed(self) -> None:
        if flying := self.sender._flying:
            await asyncio.wait(flying)

    async def grow(self, first: int, last: int) -> None:
        """Make people who filed an issue some days ago, were answered, and ended their talk."""
        for people in parts(range(first, last), GROWING):
            await self.database.transaction(partial(self._move_in, people))
        days_later = clock.now() + DAYS * clock.DAY
        while await self.database.transaction(
            lambda tx: retention.sweep(tx, days_later, deliveries=90, issues_after_closing={})
        ):
            pass

    async def _move_in(self, people: Sequence[int], tx: Tx) -> None:
        now = clock.now()
        messages = [
            InboundMessage(
                ACCOUNT,
                "message",
                f"before-{one}",
                str(FIRST_PERSON + one),
                text=problem(one),
                phone_language="en",
            )
            for one in people
        ]
        await inbox.store(tx, self.keyring, messages, now)
        waiting = await turns.take(tx, now, len(people))
        filed = [Outcome(one, _told_before(one, n)) for n, one in zip(people, waiting, strict=True)]
        await turns.write(tx, filed, now)
        claimed = await outbox.claim(tx, self.account_id, now, len(people))
        await outbox.settle(tx, [Settled(one.id, "sent", provider_id=str(one.id)) for one in claimed], now)

    @property
    def replies(self) -> int:
        """How many messages went out."""
        return self.network.requests


def _told_before(waiting: Waiting, n: int) -> Turn:
    issue = IssueFiled(
        reference("GRZ", n), "graz", "problem", ((waiting.message.text, str(n)),), "en", (), "", None, None,
        danger=False, notice_version="1",
    )  # fmt: skip
    told = LanguageHeard("en"), issue
    return Turn(None, (Spoken(RECEIPT.format(reference=issue.reference), "en"),), told)


@asynccontextmanager
async def playing(folder: Path, batch: int = 256, in_flight: int = 0) -> AsyncIterator[Town]:
    """A new town in the folder, or the one that is there; `in_flight` 0: as many as a batch."""
    network = Network()
    async with AsyncExitStack() as stack:
        stack.enter_context(network.in_the_place_of_httpx())
        keyring = Keyring(b"b" * 32)
        database = await open_database(None, folder / "townbell.db", keyring)
        stack.push_async_callback(database.close)
        ids = await database.transaction(
            lambda tx: councils.sync(tx, ["graz"], [councils.Account(ACCOUNT, "telegram", "graz")])
        )
        telegram = Telegram(ACCOUNT, TOKEN, lambda *_: "")
        stack.push_async_callback(telegram.close)
        telegram.in_flight = in_flight or batch
        telegram.per_second = UNLIMITED
        town = Town(
            database=database,
            keyring=keyring,
            telegram=telegram,
            account=ids.accounts[ACCOUNT],
            network=network,
            batch=batch,
        )
        receiving = asyncio.create_task(town.receiver.run())
        garbage.look_less_often()
        stack.push_async_callback(dismiss, receiving)
        yield town


async def dismiss(task: asyncio.Task[None]) -> None:
    """Stop a worker."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
