"""A talk by way of an emulator of Telegram that others wrote, by polling and by webhook."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from bot.channels.telegram import Patience, Telegram, Webhook
from core.messages import InboundMessage, OutboundMessage
from core.talk import Option
from tests.peers.ports import free_port
from tests.peers.telegram_emulator import EmulatedBot, TelegramEmulator

SALAM = "سلام 👩🏽‍🌾"


async def test_a_talk_by_polling(telegram_emulator: TelegramEmulator):
    them = telegram_emulator.bot()
    async with hearing(them) as (channel, heard):
        await talk(them, channel, heard)


async def test_a_talk_by_webhook(telegram_emulator: TelegramEmulator):
    them = telegram_emulator.bot()
    async with hearing(them, Webhook(f"http://127.0.0.1:{free_port()}/telegram/tg", "a-secret")) as (
        channel,
        heard,
    ):
        await until(lambda: channel.trouble is None and them.calls("setWebhook"))
        await talk(them, channel, heard)


async def talk(them: EmulatedBot, channel: Telegram, heard: list[InboundMessage]) -> None:
    them.send_message("/start graz", language="fa")
    await until(lambda: len(heard) == 1)
    assert (heard[0].kind, heard[0].payload, heard[0].phone_language) == ("start", "graz", "fa")

    ours = await channel.send(
        OutboundMessage(1, heard[0].address, SALAM, "fa", (Option(1, "send", "بفرست"),), "k3x9ab", "check")
    )
    [sent] = await asyncio.to_thread(them.wait_sent)
    assert sent["text"] == SALAM
    assert str(sent["message_id"]) == ours

    theirs = them.send_message("The lamp is broken")
    them.edit_message(theirs, "The street lamp is broken")
    them.send_callback("k3x9ab:check:send", message_id=int(ours))
    them.send_member("kicked")
    await until(lambda: len(heard) == 5)
    assert [(one.kind, one.text or one.token) for one in heard[1:]] == [
        ("message", "The lamp is broken"),
        ("edit", "The street lamp is broken"),
        ("press", "k3x9ab:check:send"),
        ("blocked", ""),
    ]
    assert heard[2].ref == heard[1].ref == str(theirs)
    await until(lambda: them.calls("answerCallbackQuery"))

    file_id = them.add_file(b"a photo")
    them.send_message(
        caption="here", photo=[{"file_id": file_id, "file_unique_id": "1", "width": 9, "height": 9}]
    )
    await until(lambda: len(heard) == 6)
    [photo] = heard[5].attachments
    assert b"".join([piece async for piece in channel.fetch(photo.remote)]) == b"a photo"


@asynccontextmanager
async def hearing(
    them: EmulatedBot, webhook: Webhook | None = None
) -> AsyncIterator[tuple[Telegram, list[InboundMessage]]]:
    heard: list[InboundMessage] = []

    async def accept(messages: Sequence[InboundMessage]) -> None:
        heard.extend(messages)

    channel = Telegram(
        "tg",
        them.token,
        lambda *_: "id",
        api_url=them.url,
        webhook=webhook,
        patience=Patience(0.01, 0.1),
        hold=2,
    )
    async with server(channel, webhook):
        listening = asyncio.create_task(channel.listen(accept))
        try:
            yield channel, heard
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await channel.close()


@asynccontextmanager
async def server(channel: Telegram, webhook: Webhook | None) -> AsyncIterator[None]:
    """The web layer, as far as a webhook needs it."""

    async def post(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        return web.Response(status=await channel.hear(secret, await request.read()))

    app = web.Application()
    app.router.add_post("/telegram/tg", post)
    runner = web.AppRunner(app)
    await runner.setup()
    if webhook is not None:
        await web.TCPSite(runner, "127.0.0.1", int(webhook.url.split(":")[2].split("/")[0])).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)
