"""The peers do what the other tests believe of them."""

import asyncio
import base64
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncpg
import pytest
from aiohttp import web
from playwright.async_api import Page
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, RetryAfter
from twilio.request_validator import RequestValidator

from tests.peers import postgres as postgres_peer
from tests.peers.browser import Chromium
from tests.peers.postgres import Cluster
from tests.peers.telegram_emulator import EmulatedBot, TelegramEmulator
from tests.peers.twilio_emulator import SID, TOKEN, EmulatedNumber, TwilioEmulator

SALAM = "سلام 👩🏽‍🌾"


# PostgreSQL


async def test_each_database_is_new(postgres: Cluster):
    first, second = postgres.create_database(), postgres.create_database()
    await execute(first, "create table words (word text)")
    await execute(second, "create table words (word text)")
    assert await execute(second, "select count(*) from words") == 0


async def test_a_copy_has_what_its_template_had(postgres: Cluster):
    template = postgres.create_database()
    await execute(template, f"create table words as select '{SALAM}' as word")
    assert await execute(postgres.create_database(template=template), "select word from words") == SALAM


async def test_a_killed_server_comes_back_with_what_was_committed(postgres: Cluster):
    # The fixture is asked for only so that this is skipped where it would be; the cluster to kill is our own.
    with postgres_peer.cluster(fsync=True) as cluster:
        database = cluster.create_database()
        await execute(database, "create table words as select 1 as word")
        cluster.kill()
        cluster.start()
        assert await execute(database, "select word from words") == 1


async def execute(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


# Telegram


@pytest.fixture
def them(telegram_emulator: TelegramEmulator) -> EmulatedBot:
    """The bot as the people who write to it see it."""
    return telegram_emulator.bot()


@pytest.fixture
async def bot(telegram_emulator: TelegramEmulator, them: EmulatedBot) -> AsyncIterator[Bot]:
    """The same bot, as our code sees it."""
    emulator = telegram_emulator
    async with Bot(them.token, base_url=emulator.base_url, base_file_url=emulator.base_file_url) as ours:
        yield ours


async def test_a_message_comes_and_its_answer_goes(them: EmulatedBot, bot: Bot):
    them.send_message(SALAM, person=7, language="fa")
    (update,) = await bot.get_updates(timeout=5)
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.from_user.language_code) == (SALAM, "fa")

    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("1", callback_data="send")]])
    sent = await bot.send_message(7, SALAM, reply_markup=buttons)
    assert abs((sent.date - update.message.date).total_seconds()) < 60
    (said,) = them.sent(person=7)
    assert said["text"] == SALAM
    assert said["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "send"
    assert len(them.history()) == 2


async def test_an_update_comes_again_until_an_offset_confirms_it(them: EmulatedBot, bot: Bot):
    them.send_message("first")
    them.send_message("second")
    first, second = await bot.get_updates()
    assert await bot.get_updates() == (first, second)
    assert await bot.get_updates(offset=second.update_id) == (second,)
    assert await bot.get_updates(offset=second.update_id + 1) == ()


async def test_long_polling_waits_for_the_next_message(them: EmulatedBot, bot: Bot):
    waiting = asyncio.create_task(bot.get_updates(timeout=10))
    while not them.calls("getUpdates"):
        await asyncio.sleep(0)
    them.send_message("late")
    (update,) = await waiting
    assert update.message is not None
    assert update.message.text == "late"


async def test_a_press_a_correction_and_a_block_are_updates_too(them: EmulatedBot, bot: Bot):
    question = await bot.send_message(1, "Send?")
    them.send_callback("yes", message_id=question.message_id)
    written = them.send_message("lamp")
    them.edit_message(written, "street lamp")
    them.send_member("kicked")
    pressed, _, corrected, blocked = await bot.get_updates()
    assert pressed.callback_query is not None
    assert pressed.callback_query.data == "yes"
    assert await pressed.callback_query.answer()
    assert corrected.edited_message is not None
    assert corrected.edited_message.text == "street lamp"
    assert corrected.edited_message.message_id == written
    assert blocked.my_chat_member is not None
    assert blocked.my_chat_member.new_chat_member.status == "kicked"


async def test_what_was_sent_can_be_changed_and_deleted(them: EmulatedBot, bot: Bot):
    first = await bot.send_message(1, "first")
    second = await bot.send_message(1, "second")
    changed = await bot.edit_message_text("changed", chat_id=1, message_id=first.message_id)
    assert getattr(changed, "text", None) == "changed"
    assert await bot.delete_messages(1, [second.message_id])
    assert [said["text"] for said in them.sent()] == ["changed"]
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("never sent", chat_id=1, message_id=987654)


async def test_files_go_both_ways(them: EmulatedBot, bot: Bot):
    them.send_message(voice={"file_id": them.add_file(b"OggS"), "file_unique_id": "v", "duration": 1})
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.voice is not None
    voice = await update.message.voice.get_file()
    assert bytes(await voice.download_as_bytearray()) == b"OggS"

    sent = await bot.send_photo(1, photo=b"\xff\xd8picture\x00", caption=SALAM)
    assert sent.caption == SALAM
    photo = await sent.photo[-1].get_file()
    assert bytes(await photo.download_as_bytearray()) == b"\xff\xd8picture\x00"


async def test_the_small_calls_are_answered(them: EmulatedBot, bot: Bot):
    assert (await bot.get_me()).is_bot
    assert await bot.set_my_commands([("help", "What I can do")])
    assert await bot.send_chat_action(1, "typing")
    assert them.calls("sendChatAction") == [{"chat_id": "1", "action": "typing"}]


async def test_a_call_can_be_refused(them: EmulatedBot, bot: Bot):
    them.refuse("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "too soon")
    them.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Forbidden):
        await bot.send_message(1, "not wanted")
    await bot.send_message(1, "wanted")
    assert [said["text"] for said in them.sent()] == ["wanted"]


async def test_a_webhook_is_repeated_until_it_is_accepted(them: EmulatedBot, bot: Bot):
    answers = iter([500, 200])
    heard: asyncio.Queue[tuple[str | None, int]] = asyncio.Queue()

    async def hear(request: web.Request) -> web.Response:
        update = await request.json()
        heard.put_nowait((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["update_id"]))
        return web.Response(status=next(answers))

    app = web.Application()
    app.router.add_post("/hook", hear)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        _, port = runner.addresses[0][:2]
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="ding")
        them.send_message("hello")
        first = await asyncio.wait_for(heard.get(), 10)
        again = await asyncio.wait_for(heard.get(), 10)
    finally:
        await bot.delete_webhook()
        await runner.cleanup()
    assert first == again
    assert first[0] == "ding"


# Twilio


@dataclass
class Hook:
    """A server that keeps what is posted to it, with its signature."""

    url: str = ""
    posts: list[tuple[str, dict[str, str], str]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.posts.append((str(request.url), form, request.headers.get("X-Twilio-Signature", "")))
        return web.Response(text="<Response/>", content_type="text/xml")


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/{tail:.*}", hook.hear)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


@pytest.fixture
def number(twilio_emulator: TwilioEmulator, hook: Hook) -> EmulatedNumber:
    return twilio_emulator.number(hook.url)


async def test_what_is_written_to_a_number_is_posted_and_signed(number: EmulatedNumber, hook: Hook):
    sid = await asyncio.to_thread(number.write, f"{SALAM} & 1 + 1 = 100 %")
    ((url, form, signature),) = hook.posts
    assert (form["MessageSid"], form["Body"]) == (sid, f"{SALAM} & 1 + 1 = 100 %")
    assert RequestValidator(TOKEN).validate(url, form, signature)


async def test_what_the_emulator_cannot_post_is_signed_by_twilio_s_own_package(
    number: EmulatedNumber, hook: Hook
):
    fields = number.fields(Body=SALAM, MediaUrl0="https://api.twilio.com/x", ToCity="")
    assert await asyncio.to_thread(number.post, fields) == 200
    ((url, form, signature),) = hook.posts
    assert form == fields
    assert RequestValidator(TOKEN).validate(url, form, signature)


async def test_a_message_of_ours_is_kept_and_its_reports_are_posted(number: EmulatedNumber, hook: Hook):
    made = await asyncio.to_thread(
        number.emulator.api, "POST", "/Messages.json",
        To=number.person(), From=number.number, Body=SALAM, StatusCallback=f"{hook.url}?row=7",
    )  # fmt: skip
    await asyncio.to_thread(number.report, made["sid"], "delivered")
    assert [form["MessageStatus"] for _, form, _ in hook.posts] == ["queued", "delivered"]
    assert all(url.endswith("?row=7") for url, *_ in hook.posts)
    (sent,) = await asyncio.to_thread(number.wait_sent)
    assert (sent["sid"], sent["body"]) == (made["sid"], SALAM)
    assert number.emulator.calls()[-1]["Body"] == [SALAM]


def test_a_call_of_twilio_can_be_refused_or_lost(twilio_emulator: TwilioEmulator):
    number = twilio_emulator.number("http://127.0.0.1:9/nobody")
    message = {"To": number.person(9), "From": number.number, "Body": "hello"}
    twilio_emulator.refuse(429, 20429, Retry_After="3")
    with pytest.raises(urllib.error.HTTPError) as refused:
        twilio_emulator.api("POST", "/Messages.json", **message)
    with refused.value as answer:
        assert (answer.code, answer.headers["Retry-After"]) == (429, "3")
        assert json.load(answer)["code"] == 20429
    twilio_emulator.lose()
    with pytest.raises(http.client.RemoteDisconnected):
        twilio_emulator.api("POST", "/Messages.json", **message)
    assert [one["body"] for one in number.sent(person=9)] == ["hello"]


def test_a_file_is_there_for_who_has_the_token(twilio_emulator: TwilioEmulator):
    where = twilio_emulator.add_file(b"OggS", "audio/ogg")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(where)
    refused.value.close()
    assert refused.value.code == 401
    asked = urllib.request.Request(where)
    asked.add_header("Authorization", f"Basic {base64.b64encode(f'{SID}:{TOKEN}'.encode()).decode()}")
    with urllib.request.urlopen(asked) as answer:
        assert (answer.read(), answer.headers["Content-Type"]) == (b"OggS", "audio/ogg")


# The browser


async def test_a_page_is_drawn_from_right_to_left(page: Page):
    await page.set_content(f"<p dir=auto style='width: 400px'><span>{SALAM}</span></p>")
    box = await page.locator("span").bounding_box()
    assert box is not None
    assert box["x"] > 200


async def test_a_profile_speaks_the_language_asked_for(browser: Chromium):
    async with browser.context(locale="ar") as context:
        page = await context.new_page()
        assert await page.evaluate("navigator.language") == "ar"
