"""The Bot API server does what the tests of the Telegram channel believe of it."""

import asyncio

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken

from tests.peers import bot_api
from tests.peers.bot_api import BotApi


def bot(api: BotApi | bot_api.RemoteBotApi, token: str = bot_api.TOKEN) -> Bot:
    return Bot(token, base_url=f"{api.url}/bot", base_file_url=f"{api.url}/file/bot")


async def test_an_update_comes_again_until_an_offset_acknowledges_it():
    async with bot_api.running() as api, bot(api) as ours:
        first, second = api.say("one"), api.say("two")
        for _ in range(2):
            assert [update.update_id for update in await ours.get_updates()] == [first, second]
        assert [update.update_id for update in await ours.get_updates(offset=second)] == [second]
        assert api.waiting() == [second]


async def test_a_long_poll_is_answered_when_somebody_writes():
    async with bot_api.running() as api, bot(api) as ours:
        polling = asyncio.create_task(ours.get_updates(timeout=20))
        await api.wait_for(lambda: api.calls("getUpdates"))
        api.press("data")
        [update] = await polling
        assert update.callback_query is not None
        assert await ours.answer_callback_query(update.callback_query.id)
        with pytest.raises(BadRequest):
            await ours.answer_callback_query("long ago")


async def test_a_second_poller_ends_the_first():
    async with bot_api.running() as api, bot(api) as one, bot(api) as other:
        first = asyncio.create_task(one.get_updates(timeout=20))
        await api.wait_for(lambda: api.calls("getUpdates"))
        assert await other.get_updates(timeout=0) == ()
        with pytest.raises(Conflict):
            await first


async def test_a_webhook_is_repeated_until_it_is_taken():
    secrets: list[str | None] = []

    async def hook(request: web.Request) -> web.Response:
        secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return web.Response(status=200 if len(secrets) > 2 else 503)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with bot_api.running() as api, bot(api) as ours:
        host, port = runner.addresses[0][:2]
        await ours.set_webhook(f"http://{host}:{port}/hook", secret_token="ding")
        with pytest.raises(Conflict):
            await ours.get_updates()
        api.say("hello")
        await api.wait_for(lambda: not api.waiting())
        assert api.deliveries() == [503, 503, 200]
        await ours.delete_webhook()
        assert await ours.get_updates() == ()
    assert secrets == ["ding"] * 3
    await runner.cleanup()


async def test_it_is_as_strict_as_telegram():
    async with bot_api.running() as api, bot(api) as ours:
        button = InlineKeyboardMarkup([[InlineKeyboardButton("press", callback_data="x" * 65)]])
        for text, markup in (("x" * 4097, None), (" ", None), ("x", button)):
            with pytest.raises(BadRequest):
                await ours.send_message(1, text, reply_markup=markup)
        api.member("kicked", person=1)
        with pytest.raises(Forbidden):
            await ours.send_message(1, "hello")
        other = bot(api, "999:OTHER")
        with pytest.raises(InvalidToken):
            await other.initialize()
        await other.shutdown()
        assert api.sent() == []


async def test_a_server_in_a_process_of_its_own_is_steered_from_afar():
    with bot_api.started() as api:
        number = api.do("say", text="hello", person=7)
        file_id = api.do("add_file", content="aGVsbG8=")
        async with bot(api) as ours:
            [update] = await ours.get_updates()
            assert update.update_id == number
            await ours.send_message(7, "hello back")
            assert await (await ours.get_file(file_id)).download_as_bytearray() == b"hello"
        [sent] = api.do("sent", person=7)
        assert sent["text"] == "hello back"
