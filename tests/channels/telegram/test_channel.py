"""Telegram against a Bot API server that fails in all the ways that Telegram and the way to it do."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from bot.channels import Accept, Channel, MediaSource, Recalls
from bot.channels.telegram import CONFLICT, TOKEN, UNREACHABLE, WEBHOOK_REFUSED, Patience, Telegram, Webhook
from core.errors import (
    BadConfiguration,
    ChannelDown,
    ContactStopped,
    LostDatabase,
    MaybeSent,
    Refused,
    SendError,
    Throttled,
)
from core.messages import InboundMessage, OutboundMessage
from core.talk import Option
from tests.peers import bot_api
from tests.peers.bot_api import BotApi
from tests.peers.ports import free_port

SECRET = "a-secret_1"
HOOK = Webhook("http://127.0.0.1:9/telegram/tg", SECRET)
NOTHING_THERE = "http://127.0.0.1:9"  # the discard port; nobody listens


class Disk:
    """Takes messages in, or fails as a database does."""

    def __init__(self) -> None:
        self.messages: list[InboundMessage] = []
        self.groups: list[int] = []
        self.faults = 0  # how many times it still fails
        self.hook: Callable[[], None] = lambda: None

    async def accept(self, messages: Sequence[InboundMessage]) -> None:
        self.hook()
        if self.faults:
            self.faults -= 1
            raise LostDatabase
        self.messages += messages
        self.groups.append(len(messages))

    def texts(self) -> list[str]:
        return [message.text for message in self.messages]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api.running() as server:
        yield server


@pytest.fixture
def disk() -> Disk:
    return Disk()


@asynccontextmanager
async def telegram(url: str, **options: Any) -> AsyncIterator[Telegram]:
    settings: dict[str, Any] = {"patience": Patience(0.01, 0.05), "hold": 2, "answer_within": 0.5}
    token = options.pop("token", bot_api.TOKEN)
    channel = Telegram("tg", token, lambda kind, n, i: f"{kind}-{n}-{i}", api_url=url, **settings | options)
    try:
        yield channel
    finally:
        await channel.close()


@asynccontextmanager
async def listening(channel: Telegram, accept: Accept) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.listen(accept))
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(condition: Callable[[], object], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def saying(text: str = "Hello", *options: Option, address: str = "7") -> OutboundMessage:
    return OutboundMessage(
        1, address, text, "en", options, "k3x9ab" if options else "", "area" if options else ""
    )


async def test_it_is_a_channel_whose_media_can_be_fetched_and_whose_words_recalled():
    async with telegram(NOTHING_THERE) as made:
        channel: Channel = made
        assert channel.account == "tg"
        assert isinstance(made, MediaSource)
        assert isinstance(made, Recalls)


# Polling


async def test_what_is_said_is_heard_and_acknowledged(api: BotApi, disk: Disk):
    api.say("first")
    api.say("second")
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: disk.texts() == ["first", "second"])
        api.say("third")
        await until(lambda: disk.texts() == ["first", "second", "third"])
        await until(lambda: not api.waiting())
    assert disk.groups == [2, 1]
    assert api.calls("getUpdates")[0]["allowed_updates"] == [
        "message", "edited_message", "callback_query", "my_chat_member",
    ]  # fmt: skip
    assert api.calls("deleteWebhook") == [{}]


async def test_what_was_not_stored_is_not_acknowledged_and_comes_again(api: BotApi, disk: Disk):
    api.say("kept by Telegram")
    disk.faults = 3
    disk.hook = lambda: waiting.append(len(api.waiting()))
    waiting: list[int] = []
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: disk.texts() == ["kept by Telegram"])
        await until(lambda: not api.waiting())
    assert waiting == [1, 1, 1, 1]


async def test_a_bot_that_was_killed_before_it_acknowledged_hears_it_again(api: BotApi, disk: Disk):
    api.say("before the crash")

    async def store_and_die(messages: Sequence[InboundMessage]) -> None:
        await disk.accept(messages)
        await asyncio.Event().wait()

    async with telegram(api.url) as channel, listening(channel, store_and_die):
        await until(lambda: disk.texts() == ["before the crash"])
    assert api.waiting() == [bot_api.FIRST_UPDATE]
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: not api.waiting())
    assert disk.texts() == ["before the crash", "before the crash"]
    assert {message.external_id for message in disk.messages} == {str(bot_api.FIRST_UPDATE)}


async def test_the_same_update_twice_is_handed_on_twice_under_one_name(api: BotApi, disk: Disk):
    number = api.say("once")
    api.push({"message": message("once")}, update_id=number)
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: len(disk.messages) == 2)
        await until(lambda: not api.waiting())
    assert {one.external_id for one in disk.messages} == {str(number)}


async def test_updates_out_of_order_are_all_heard_and_acknowledged(api: BotApi, disk: Disk):
    for number in (12, 11, 13, 10):
        api.push({"message": message(str(number))}, update_id=number)
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: not api.waiting())
    assert disk.texts() == ["12", "11", "13", "10"]


async def test_numbers_that_begin_anew_are_heard(api: BotApi, disk: Disk):
    api.push({"message": message("before")}, update_id=2_000_000_000)
    async with telegram(api.url, hold=0) as channel, listening(channel, disk.accept):
        await until(lambda: disk.texts() == ["before"] and not api.waiting())
        calls = len(api.calls("getUpdates"))
        await until(lambda: len(api.calls("getUpdates")) > calls + 1)
        api.push({"message": message("after a quiet week")}, update_id=17)
        await until(lambda: disk.texts() == ["before", "after a quiet week"])


async def test_a_broken_update_is_set_aside_amid_good_ones(api: BotApi, disk: Disk):
    api.say("before")
    api.push({"message": {"message_id": "x", "text": "broken"}})
    api.push_bytes(b'{"message":"no number"}', 7003)
    api.say("after")
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: not api.waiting())
    assert [(one.kind, one.text) for one in disk.messages] == [
        ("message", "before"), ("unreadable", ""), ("message", "after"),
    ]  # fmt: skip


async def test_another_poller_is_told_of_and_waited_for(api: BotApi, disk: Disk):
    api.fail("getUpdates", 409, times=2, description="Conflict: terminated by other getUpdates request")
    with capture_logs() as logs:
        async with telegram(api.url) as channel, listening(channel, disk.accept):
            await until(lambda: channel.trouble == CONFLICT)
            api.say("later")
            await until(lambda: disk.texts() == ["later"])
            assert channel.trouble is None
    assert [line["trouble"] for line in logs] == [CONFLICT, CONFLICT]


async def test_two_pollers_do_not_lose_a_message(api: BotApi, disk: Disk):
    async with (
        telegram(api.url) as one,
        telegram(api.url) as other,
        listening(one, disk.accept),
        listening(other, disk.accept),
    ):
        await until(lambda: CONFLICT in (one.trouble, other.trouble))
        api.say("to whom?")
        await until(lambda: disk.texts()[:1] == ["to whom?"])


async def test_a_webhook_left_over_is_removed_and_what_waits_is_kept(api: BotApi, disk: Disk):
    api.say("waiting")
    async with webhook(api, disk.accept):
        pass
    assert api.webhook()["url"]
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: disk.texts() == ["waiting"])


async def test_no_network_at_start_is_no_end(disk: Disk):
    port = free_port()
    async with telegram(f"http://127.0.0.1:{port}") as channel, listening(channel, disk.accept):
        await until(lambda: channel.trouble == UNREACHABLE)
        async with bot_api.running(port) as api:
            api.say("there you are")
            await until(lambda: disk.texts() == ["there you are"])
            assert channel.trouble is None


async def test_a_wrong_token_is_told_and_tried_again_slowly(api: BotApi, disk: Disk):
    async with telegram(api.url, token="999:WRONG") as channel, listening(channel, disk.accept):
        await until(lambda: channel.trouble == TOKEN)
        api.token = "999:WRONG"
        api.say("now it knows me")
        await until(lambda: disk.texts() == ["now it knows me"])
        assert channel.trouble is None


def test_what_is_no_token_is_told_at_once():
    with pytest.raises(BadConfiguration):
        Telegram("tg", "the-secret-token", lambda *_: "")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        {"status": 200, "body": "<html>captive portal</html>"},
        {"status": 302, "body": ""},
        {"status": 429, "parameters": {"retry_after": 1}},
        {"status": 403, "body": "<html>the firewall says no</html>"},
    ],
    ids=str,
)
async def test_polling_goes_on_after(fault: dict[str, Any], api: BotApi, disk: Disk):
    api.fail("getUpdates", **fault)
    api.say("still there")
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: disk.texts() == ["still there"])


async def test_polling_goes_on_after_a_broken_line(api: BotApi, disk: Disk):
    api.hang_up("getUpdates", times=2)
    api.say("still there")
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: disk.texts() == ["still there"])


async def test_any_fault_while_storing_leaves_polling_alive(api: BotApi, disk: Disk):
    api.say("still there")
    faults = [RuntimeError("no words of theirs")]

    async def accept(messages: Sequence[InboundMessage]) -> None:
        if faults:
            raise faults.pop()
        await disk.accept(messages)

    async with telegram(api.url) as channel, listening(channel, accept):
        await until(lambda: disk.texts() == ["still there"])


# Buttons and groups


async def test_a_press_is_answered_once_it_is_on_disk(api: BotApi, disk: Disk):
    disk.faults = 1
    disk.hook = lambda: answered.append(len(api.calls("answerCallbackQuery")))
    answered: list[int] = []
    api.press("k3x9ab:area:north")
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: api.calls("answerCallbackQuery"))
        assert answered == [0, 0]
        assert disk.messages[0].token == "k3x9ab:area:north"
        assert channel.missed == 0


async def test_a_press_that_is_too_old_to_answer_is_heard(api: BotApi, disk: Disk):
    api.fail("answerCallbackQuery", 400, description="Bad Request: query is too old")
    api.press("k3x9ab:area:north")
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: channel.missed == 1)
    assert len(disk.messages) == 1


async def test_answers_to_presses_never_hold_up_what_is_heard(api: BotApi, disk: Disk):
    api.be_silent("answerCallbackQuery", times=1000)
    for _ in range(100):
        api.press("k3x9ab:area:north")
    api.say("heard all the same")
    async with telegram(api.url, answer_within=10) as channel, listening(channel, disk.accept):
        await until(lambda: len(disk.messages) == 101)
        assert channel.missed == 100 - 64


async def test_a_group_is_told_once_and_left(api: BotApi, disk: Disk):
    group = {"id": -100, "type": "supergroup", "title": "House 5"}
    async with (
        telegram(api.url, group_answer="One by one, please.") as channel,
        listening(channel, disk.accept),
    ):
        for _ in range(3):
            api.say("hello bot", chat=group)
        await until(lambda: len(api.calls("leaveChat")) == 3)
    assert [sent["text"] for sent in api.sent()] == ["One by one, please."]
    assert disk.messages == []


async def test_a_channel_is_left_without_a_word(api: BotApi, disk: Disk):
    api.push({"my_chat_member": {"chat": {"id": -200, "type": "channel"}, "date": 1, "from": {"id": 1},
                                 "old_chat_member": {"status": "left"},
                                 "new_chat_member": {"status": "administrator"}}})  # fmt: skip
    async with telegram(api.url) as channel, listening(channel, disk.accept):
        await until(lambda: api.calls("leaveChat"))
    assert api.sent() == []


# The webhook


@asynccontextmanager
async def webhook(api: BotApi, accept: Accept) -> AsyncIterator[Telegram]:
    async with telegram(api.url, webhook=HOOK) as channel, listening(channel, accept):
        await until(api.webhook)
        yield channel


HELLO = b'{"update_id":5,"message":{"message_id":1,"chat":{"id":7,"type":"private"},"text":"hello"}}'


async def test_a_post_is_answered_when_it_is_on_disk(api: BotApi, disk: Disk):
    async with webhook(api, disk.accept) as channel:
        assert await channel.hear(SECRET, HELLO) == 200
    assert disk.texts() == ["hello"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "\udcff", "ä"])
async def test_a_post_without_the_secret_is_not_read(secret: str | None, api: BotApi, disk: Disk):
    async with webhook(api, disk.accept) as channel:
        assert await channel.hear(secret, HELLO) == 403
    assert disk.messages == []


@pytest.mark.parametrize(
    ("body", "status", "kinds"),
    [
        (b"{", 400, []),
        (b'{"message":{}}', 400, []),
        (b'{"update_id":5,"message":{}}', 200, ["unreadable"]),
        (b'{"update_id":5,"poll_answer":{}}', 200, []),
    ],
    ids=["broken", "without a number", "a broken message", "an unknown kind"],
)
async def test_a_strange_post(body: bytes, status: int, kinds: list[str], api: BotApi, disk: Disk):
    async with webhook(api, disk.accept) as channel:
        assert await channel.hear(SECRET, body) == status
    assert [one.kind for one in disk.messages] == kinds


async def test_a_post_that_could_not_be_stored_is_to_be_sent_again(api: BotApi, disk: Disk):
    disk.faults = 1
    async with webhook(api, disk.accept) as channel:
        assert await channel.hear(SECRET, HELLO) == 503
        assert await channel.hear(SECRET, HELLO) == 200
    assert disk.texts() == ["hello"]


async def test_a_post_before_we_listen_is_to_be_sent_again(api: BotApi):
    async with telegram(api.url, webhook=HOOK) as channel:
        assert await channel.hear(SECRET, HELLO) == 503


async def test_without_a_webhook_nothing_is_taken_by_post(api: BotApi):
    async with telegram(api.url) as channel:
        assert await channel.hear("", HELLO) == 403


async def test_the_webhook_is_announced_until_telegram_takes_it(api: BotApi, disk: Disk):
    api.fail("setWebhook", 500)
    api.fail("setWebhook", 429, parameters={"retry_after": 1})
    async with webhook(api, disk.accept) as channel:
        assert channel.trouble is None
    assert api.webhook() == {
        "url": "http://127.0.0.1:9/telegram/tg",
        "secret_token": SECRET,
        "max_connections": "40",
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }


async def test_a_webhook_that_telegram_refuses_is_told(api: BotApi, disk: Disk):
    api.fail("setWebhook", 400, times=100, description="Bad Request: bad webhook: HTTPS url must be provided")
    async with telegram(api.url, webhook=HOOK) as channel, listening(channel, disk.accept):
        await until(lambda: channel.trouble == WEBHOOK_REFUSED)


# Sending


async def test_a_message_is_sent_as_it_is_and_has_a_name(api: BotApi):
    async with telegram(api.url) as channel:
        sent = await channel.send(saying("*not bold* <b>&amp; https://example.org"))
    [arrived] = api.sent(7)
    assert sent == str(arrived["message_id"])
    assert arrived["text"] == "*not bold* <b>&amp; https://example.org"
    [call] = api.calls("sendMessage")
    assert call == {"chat_id": 7, "text": arrived["text"], "link_preview_options": {"is_disabled": True}}


async def test_options_are_buttons(api: BotApi):
    async with telegram(api.url) as channel:
        await channel.send(saying("Which?", Option(1, "north", "North side"), Option(2, "other", "آخر")))
    [arrived] = api.sent(7)
    assert arrived["text"] == "Which?"
    assert arrived["buttons"] == [
        {"text": "1 North side", "callback_data": "k3x9ab:area:north"},
        {"text": "2 آخر", "callback_data": "k3x9ab:area:other"},
    ]


async def test_options_too_long_for_a_button_are_lines(api: BotApi):
    async with telegram(api.url) as channel:
        await channel.send(saying("Which?", Option(1, "n" * 60, "North"), Option(2, "other", "Other")))
    [arrived] = api.sent(7)
    assert arrived["text"] == "Which?\n\n1 North\n2 Other"
    assert arrived["buttons"] == []


async def test_a_long_text_comes_in_parts_with_the_buttons_at_the_end(api: BotApi):
    text = "\n\n".join(["😀" * 1500, "b" * 3000, "c" * 3000])
    async with telegram(api.url) as channel:
        sent = await channel.send(saying(text, Option(1, "yes", "Yes")))
    arrived = api.sent(7)
    assert "\n\n".join(part["text"] for part in arrived) == text
    assert [len(part["buttons"]) for part in arrived] == [0, 0, 1]
    assert sent == ",".join(str(part["message_id"]) for part in arrived)


def api_error(status: int, description: str = "", **more: Any) -> Callable[[BotApi], None]:
    return lambda api: api.fail("sendMessage", status, description=description, **more)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (api_error(429, "Too Many Requests: retry after 3", parameters={"retry_after": 3}), Throttled),
        (api_error(429, body="<html>slow down</html>"), Throttled),
        (api_error(403, "Forbidden: bot was blocked by the user"), ContactStopped),
        (api_error(403, "Forbidden: user is deactivated"), ContactStopped),
        (api_error(403, body="<html>the firewall says no</html>"), ChannelDown),
        (api_error(400, "Bad Request: chat not found"), Refused),
        (api_error(400, "migrated", parameters={"migrate_to_chat_id": -1001}), Refused),
        (api_error(413, "Request Entity Too Large"), Refused),
        (api_error(401, "Unauthorized"), ChannelDown),
        (api_error(404, "Not Found"), ChannelDown),
        (api_error(404, body="no such page"), ChannelDown),
        (api_error(409, "Conflict"), ChannelDown),
        (api_error(500, "Internal Server Error"), ChannelDown),
        (api_error(502, body="<html>Bad Gateway</html>"), ChannelDown),
        (api_error(503, body=""), ChannelDown),
        (api_error(302, body=""), ChannelDown),
        (api_error(504, body="<html>Gateway Time-out</html>", after=True), MaybeSent),
        (api_error(200, body="<html>what?</html>", after=True), MaybeSent),
        (lambda api: api.hang_up("sendMessage"), MaybeSent),
        (lambda api: api.hang_up("sendMessage", after=True), MaybeSent),
        (lambda api: api.be_silent("sendMessage"), MaybeSent),
        (lambda api: api.be_silent("sendMessage", after=True), MaybeSent),
    ],
    ids=["slow down", "a proxy's slow down", "blocked", "deactivated", "a firewall", "no such chat",
         "migrated", "too large", "no such bot", "no such bot (404)", "a proxy's 404", "conflict",
         "server error", "bad gateway", "unavailable", "moved", "gateway timeout", "gibberish", "hung up",
         "hung up after", "silent", "silent after"],
)  # fmt: skip
async def test_what_goes_wrong_has_its_name(
    fault: Callable[[BotApi], None], error: type[SendError], api: BotApi
):
    fault(api)
    async with telegram(api.url) as channel:
        with pytest.raises(SendError) as raised:
            await channel.send(saying("private words"))
        assert isinstance(raised.value, error)
        assert raised.value.__cause__ is None
        assert "private" not in str(raised.value)
        assert await channel.send(saying("once more"))
        assert channel.trouble is None


async def test_how_long_to_slow_down_is_told(api: BotApi):
    api.fail("sendMessage", 429, parameters={"retry_after": 17})
    async with telegram(api.url) as channel:
        with pytest.raises(Throttled) as raised:
            await channel.send(saying())
    assert raised.value.retry_after == timedelta(seconds=17)


async def test_nobody_there_never_had_it():
    async with telegram(NOTHING_THERE) as channel:
        with pytest.raises(ChannelDown):
            await channel.send(saying())


async def test_a_token_that_was_revoked_is_trouble(api: BotApi):
    async with telegram(api.url, token="999:WRONG") as channel:
        with pytest.raises(ChannelDown):
            await channel.send(saying())
        assert channel.trouble == TOKEN


async def test_a_message_of_which_a_part_arrived_may_have_been_sent(api: BotApi):
    long = saying("a" * 4000 + "\n\n" + "b" * 4000)
    api.fail("sendMessage", 500, skip=1)
    async with telegram(api.url) as channel:
        with pytest.raises(MaybeSent):
            await channel.send(long)
    assert len(api.sent(7)) == 1


async def test_an_address_that_is_no_chat_is_refused(api: BotApi):
    async with telegram(api.url) as channel:
        with pytest.raises(Refused):
            await channel.send(saying(address="@somebody"))
    assert api.calls("sendMessage") == []


# Media, recall, and the rest


async def test_a_file_is_fetched_in_pieces(api: BotApi):
    content = bytes(range(256)) * 1000
    file_id = api.add_file(content)
    async with telegram(api.url) as channel:
        pieces = [piece async for piece in channel.fetch(file_id)]
    assert b"".join(pieces) == content
    assert len(pieces) > 1


async def test_a_fetch_may_end_early(api: BotApi):
    file_id = api.add_file(b"x" * 1_000_000)
    async with telegram(api.url) as channel, aclosing(channel.fetch(file_id)) as pieces:  # type: ignore[type-var]
        assert await anext(pieces)


@pytest.mark.parametrize(
    ("method", "fault", "error"),
    [
        ("getFile", {"status": 400, "description": "Bad Request: file is too big"}, Refused),
        ("getFile", {"status": 500}, ChannelDown),
        ("getFile", {"status": 429, "parameters": {"retry_after": 2}}, Throttled),
        ("getFile", {"status": 0}, ChannelDown),
        ("download", {"status": 404}, Refused),
        ("download", {"status": 429}, Throttled),
        ("download", {"status": 502}, ChannelDown),
        ("download", {"status": 302}, ChannelDown),
        ("download", {"status": 0}, ChannelDown),
        ("download", {"status": 0, "seconds": 5}, ChannelDown),
    ],
    ids=str,
)
async def test_a_file_that_cannot_be_fetched(
    method: str, fault: dict[str, Any], error: type[SendError], api: BotApi
):
    file_id = api.add_file(b"x")
    api.fail(method, **fault)
    async with telegram(api.url) as channel:
        with pytest.raises(error):
            await anext(channel.fetch(file_id))


async def test_a_file_above_the_limit_is_not_even_asked_for(api: BotApi):
    file_id = api.add_file(b"x" * 1001)
    async with telegram(api.url, media_limit=1000) as channel:
        with pytest.raises(Refused):
            await anext(channel.fetch(file_id))
    assert api.calls("download") == []


@pytest.mark.parametrize("path", [__file__, "/etc/passwd"])
async def test_a_file_of_our_own_disk_is_not_taken_for_theirs(path: str, api: BotApi):
    api.fail(
        "getFile",
        200,
        body=f'{{"ok":true,"result":{{"file_id":"x","file_unique_id":"x","file_path":"{path}"}}}}',
    )
    async with telegram(api.url) as channel:
        with pytest.raises(Refused):
            await anext(channel.fetch("x"))


async def test_messages_are_recalled_by_the_hundred(api: BotApi):
    async with telegram(api.url) as channel:
        await channel.recall("7", [*(str(n) for n in range(1, 250)), "250,251", "not a number"])
    assert [len(call["message_ids"]) for call in api.calls("deleteMessages")] == [100, 100, 51]
    assert api.deleted() == [(7, n) for n in range(1, 252)]


async def test_what_is_too_old_does_not_keep_the_rest(api: BotApi):
    api.keep(3)
    async with telegram(api.url) as channel:
        await channel.recall("7", [str(n) for n in range(1, 9)])
    assert api.deleted() == [(7, n) for n in range(1, 9) if n != 3]


async def test_a_recall_that_was_cut_off_may_be_repeated(api: BotApi):
    api.hang_up("deleteMessages")
    async with telegram(api.url) as channel:
        with pytest.raises(ChannelDown):
            await channel.recall("7", ["1"])
        await channel.recall("7", ["1"])


async def test_commands_are_listed_in_each_language_that_telegram_knows(api: BotApi, disk: Disk):
    commands = {tag: [("help", f"Help ({tag})")] for tag in ("en", "sr-Latn", "sr-Cyrl", "ckb-Arab")}
    api.fail("setMyCommands", 500)
    async with telegram(api.url, commands=commands) as channel, listening(channel, disk.accept):
        await until(lambda: len(api.calls("setMyCommands")) == 4)
    said = [
        (call.get("language_code"), call["commands"][0]["description"]) for call in api.calls("setMyCommands")
    ]
    assert said == [(None, "Help (en)"), (None, "Help (en)"), ("en", "Help (en)"), ("sr", "Help (sr-Latn)")]


async def test_the_bot_knows_its_name(api: BotApi):
    async with telegram(api.url) as channel:
        assert await channel.username() == "TownbellBot"


async def test_neither_words_nor_addresses_nor_the_token_are_logged(
    api: BotApi, disk: Disk, caplog: pytest.LogCaptureFixture
):
    for name in ("telegram", "httpx", "httpcore"):
        caplog.set_level(logging.WARNING, name)  # as the program does
    caplog.set_level(logging.DEBUG)
    api.fail("getUpdates", 200, body="private words")
    api.fail("sendMessage", 200, body="private words")
    api.fail("sendMessage", 500, description="private words")
    api.say("private words", person=700100200)
    api.push({"message": {"message_id": "x", "text": "private words"}})
    with capture_logs() as logs:
        async with telegram(api.url) as channel, listening(channel, disk.accept):
            for _ in range(2):
                with pytest.raises(SendError):
                    await channel.send(saying("private words", address="700100200"))
            await until(lambda: not api.waiting())
        structlog.get_logger().info("that there is a log at all")
    said = f"{logs} {caplog.text}"
    assert "that there is a log at all" in said
    for secret in ("private", "700100200", bot_api.TOKEN):
        assert secret not in said


def message(text: str) -> dict[str, Any]:
    return {"message_id": 1, "date": 1, "text": text, "chat": {"id": 1, "type": "private"}, "from": {"id": 1}}
