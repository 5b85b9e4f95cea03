"""A peer: python-telegram-bot's ConversationHandler, with PicklePersistence as it is by default.

Written as its examples are (persistentconversationbot.py). What people said is in memory, and is written to a
file once a minute; a crash loses what came since, so this is less than Townbell does.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from bench.network import Network
from bench.talk import TOKEN
from bench.words import english

SAY = english()
SEND, TOPIC, PLACE, PHOTO = range(4)
#: the flush of every minute is measured by itself: it would fall into one round and not the next
NEVER = 24 * 60 * 60  # seconds


def keyboard(options: dict[str, str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=option)] for option, label in options.items()]
    )


async def what(update: Any, context: Any) -> int:
    context.user_data["what"] = update.message.text
    await update.message.reply_text(
        SAY.question.format(what=update.message.text), reply_markup=keyboard(SAY.answers)
    )
    return SEND


async def send(update: Any, context: Any) -> int:
    context.user_data["reference"] = reference = f"GRZ-{update.update_id % 10_000:04}"
    await update.message.reply_text(SAY.receipt.format(reference=reference))
    await update.message.reply_text(SAY.topic, reply_markup=keyboard(SAY.topics))
    return TOPIC


async def topic(update: Any, context: Any) -> int:
    context.user_data["topic"] = list(SAY.topics)[int(update.message.text) - 1]
    await update.message.reply_text(SAY.place, reply_markup=keyboard(SAY.skip))
    return PLACE


async def skip_place(update: Any, context: Any) -> int:
    context.user_data["place"] = None
    await update.message.reply_text(SAY.photo, reply_markup=keyboard(SAY.skip))
    return PHOTO


async def photo(update: Any, context: Any) -> int:
    context.user_data["photo"] = update.message.text
    return ConversationHandler.END


class Bot:
    """The bot, handed update after update."""

    def __init__(self, application: Any, persistence: Any, network: Network) -> None:
        self._application = application
        self._persistence = persistence
        self._network = network

    async def hear(self, updates: Sequence[bytes]) -> None:
        for update in updates:
            await self._application.process_update(Update.de_json(json.loads(update), self._application.bot))

    async def flush(self) -> float:
        """Seconds of what it does once a minute: write down who said something since the last time."""
        began = time.perf_counter()
        await self._application.update_persistence()
        return time.perf_counter() - began

    async def forget_to_flush(self) -> None:
        """All that was said until now counts as written."""
        self._persistence.on_flush = True
        await self._application.update_persistence()
        self._persistence.on_flush = False

    @property
    def replies(self) -> int:
        return self._network.requests


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[Bot]:
    """A new bot, started as it would be behind a webhook."""
    network = Network()
    persistence: Any = PicklePersistence(folder / "conversations.pickle", update_interval=NEVER)
    application = Application.builder().token(TOKEN).updater(None).persistence(persistence).build()
    text = filters.TEXT & ~filters.COMMAND
    application.add_handler(
        ConversationHandler(
            entry_points=[MessageHandler(text, what)],
            states={
                SEND: [MessageHandler(filters.Regex("^1$"), send)],
                TOPIC: [MessageHandler(filters.Regex(r"^\d+$"), topic)],
                PLACE: [MessageHandler(filters.Regex("^skip$"), skip_place)],
                PHOTO: [MessageHandler(text, photo)],
            },
            fallbacks=[],
            name="raise_issue",
            persistent=True,
        )
    )
    with network.in_the_place_of_httpx():
        await application.initialize()
        await application.start()
        yield Bot(application, persistence, network)
        # Not stopped as it should be: it would write a file for each person, and nobody reads it again.
