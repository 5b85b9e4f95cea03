"""A peer: aiogram's Dispatcher, with its finite states in memory (MemoryStorage, its default).

Written as its examples are (finite_state_machine.py). Nothing is written to a disk: a restart forgets all.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiogram import Bot as Api  # type: ignore[import-not-found]
from aiogram import Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found]
from aiogram.fsm.context import FSMContext  # type: ignore[import-not-found]
from aiogram.fsm.state import State, StatesGroup  # type: ignore[import-not-found]
from aiogram.fsm.storage.memory import MemoryStorage  # type: ignore[import-not-found]
from aiogram.types import (  # type: ignore[import-not-found]
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from bench.talk import TAKEN, TOKEN
from bench.words import english

SAY = english()


class Issue(StatesGroup):  # type: ignore[misc]
    send = State()
    topic = State()
    place = State()
    photo = State()


def keyboard(options: dict[str, str]) -> InlineKeyboardMarkup:
    rows = [[InlineKeyboardButton(text=label, callback_data=option)] for option, label in options.items()]
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def what(message: Message, state: FSMContext) -> None:
    await state.update_data(what=message.text)
    await state.set_state(Issue.send)
    await message.answer(SAY.question.format(what=message.text), reply_markup=keyboard(SAY.answers))


async def send(message: Message, state: FSMContext) -> None:
    reference = f"GRZ-{message.message_id % 10_000:04}"
    await state.update_data(reference=reference)
    await state.set_state(Issue.topic)
    await message.answer(SAY.receipt.format(reference=reference))
    await message.answer(SAY.topic, reply_markup=keyboard(SAY.topics))


async def topic(message: Message, state: FSMContext) -> None:
    await state.update_data(topic=list(SAY.topics)[int(message.text) - 1])
    await state.set_state(Issue.place)
    await message.answer(SAY.place, reply_markup=keyboard(SAY.skip))


async def skip_place(message: Message, state: FSMContext) -> None:
    await state.update_data(place=None)
    await state.set_state(Issue.photo)
    await message.answer(SAY.photo, reply_markup=keyboard(SAY.skip))


async def photo(message: Message, state: FSMContext) -> None:
    await state.update_data(photo=message.text)
    await state.clear()


class Canned(AiohttpSession):  # type: ignore[misc]
    """Writes the request, and takes Telegram's answer from a drawer."""

    requests = 0

    async def make_request(self, bot: Api, method: Any, *_: Any, **__: Any) -> Any:
        self.requests += 1
        assert self.api.api_url(token=bot.token, method=method.__api_method__)
        assert self.build_form_data(bot=bot, method=method)()  # the form, as bytes
        answer = self.check_response(bot=bot, method=method, status_code=200, content=TAKEN.decode())
        return answer.result


class Bot:
    """The bot, handed update after update."""

    def __init__(self, api: Api, dispatcher: Dispatcher, network: Canned) -> None:
        self._api = api
        self._dispatcher = dispatcher
        self._network = network

    async def hear(self, updates: Sequence[bytes]) -> None:
        for update in updates:
            await self._dispatcher.feed_raw_update(self._api, json.loads(update))

    @property
    def replies(self) -> int:
        return self._network.requests


@asynccontextmanager
async def playing(_folder: Path) -> AsyncIterator[Bot]:
    """A new bot."""
    network = Canned()
    api = Api(TOKEN, session=network)
    router = Router()
    router.message(Issue.send, F.text == "1")(send)
    router.message(Issue.topic, F.text.regexp(r"^\d+$"))(topic)
    router.message(Issue.place, F.text == "skip")(skip_place)
    router.message(Issue.photo)(photo)
    router.message(F.text)(what)
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(router)
    try:
        yield Bot(api, dispatcher, network)
    finally:
        await api.session.close()
