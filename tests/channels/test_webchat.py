"""What we say to a person on the web chat is on their page once, whatever happens in between."""

import asyncio

import pytest

from bot.channels.webchat import LISTENERS, Doorbell, TooManyListeners, WebChat
from core.errors import ChannelDown, ContactStopped, LostDatabase, Refused, RefusedRow
from core.messages import InboundMessage, OutboundMessage
from core.phrases import Phrases
from core.talk import Option
from storage import inbox, webchat
from storage.addresses import Keyring
from storage.councils import Account, sync
from storage.database import open_database
from storage.webchat import Choice

CATALOGS = {"en": Phrases("en", "English", {}), "ar": Phrases("ar", "العربية", {}, "rtl")}
AMINA, BORIS = "A" * 43, "B" * 43
KEYRING = Keyring(b"k" * 32)


@pytest.fixture
async def database(tmp_path):
    database = await open_database(None, tmp_path / "townbell.db")
    await database.transaction(lambda tx: sync(tx, ["graz"], [Account("web", "web", "graz")]))
    for number, cookie in enumerate((AMINA, BORIS)):
        hello = InboundMessage("web", "message", f"x:{number}", cookie, text="hello")
        await hear(database, hello)
    yield database
    await database.close()


async def hear(database, message):
    await database.transaction(lambda tx: inbox.store(tx, KEYRING, [message], 1))


class Counted:
    """The database, which counts its transactions and has bad days."""

    def __init__(self, database):
        self.database = database
        self.count = 0
        self.fault = None

    async def transaction(self, work, *, name=""):
        self.count += 1
        if self.fault and self.fault[0] == "before":
            raise self.fault[1]
        result = await self.database.transaction(work, name=name)
        if self.fault and self.fault[0] == "after":
            raise self.fault[1]
        return result


@pytest.fixture
def counted(database):
    return Counted(database)


@pytest.fixture
def channel(counted):
    return WebChat("web", counted, KEYRING, CATALOGS)


@pytest.fixture
def page(database):
    async def page(cookie=AMINA):
        async def work(tx):
            address = await webchat.address(tx, KEYRING, "web", cookie)
            assert address is not None
            return await webchat.after(tx, address, 1)

        return await database.read(work)

    return page


def saying(text="Good morning", number=1, cookie=AMINA, **more):
    return OutboundMessage(number, cookie, text, more.pop("language", "en"), **more)


async def test_what_is_sent_is_on_the_page_with_its_direction(channel, page):
    assert await channel.send(saying()) == "2"
    assert await channel.send(saying("صباح الخير", 2, language="ar")) == "3"
    assert await channel.send(saying("??", 3, language="tlh")) == "4"
    assert [(m.body.text, m.body.lang, m.body.dir, m.sender) for m in await page()] == [
        ("Good morning", "en", "ltr", "townbell"),
        ("صباح الخير", "ar", "rtl", "townbell"),
        ("??", "tlh", "auto", "townbell"),
    ]


async def test_a_question_has_buttons_that_carry_where_it_was_asked(channel, page):
    options = (Option(1, "yes", "I agree, send"), Option(9, "more", "Tell me more"))
    await channel.send(saying(options=options, run="r1", step="send"))
    (message,) = await page()
    assert message.body.choices == (
        Choice("r1:send:yes", 1, "I agree, send"),
        Choice("r1:send:more", 9, "Tell me more"),
    )


async def test_options_of_no_question_can_be_typed(channel, page):
    await channel.send(saying("Choose.", options=(Option(1, "a", "One"), Option(2, "b", "Two"))))
    (message,) = await page()
    assert message.body.text == "Choose.\n1 One\n2 Two"
    assert message.body.choices == ()


async def test_what_is_sent_again_after_a_crash_is_there_once(channel, page):
    assert await channel.send(saying()) == await channel.send(saying()) == "2"
    assert len(await page()) == 1


async def test_when_the_commit_is_unknown_it_is_said_again_and_is_there_once(channel, counted, page):
    counted.fault = ("after", LostDatabase())
    with pytest.raises(ChannelDown):
        await channel.send(saying())
    counted.fault = None
    assert await channel.send(saying()) == "2"
    assert len(await page()) == 1


async def test_without_a_database_it_is_tried_again_later(channel, counted, page):
    counted.fault = ("before", LostDatabase())
    with pytest.raises(ChannelDown):
        await channel.send(saying())
    assert await page() == []


async def test_what_the_database_refuses_is_refused(channel, counted):
    counted.fault = ("before", RefusedRow())
    with pytest.raises(Refused):
        await channel.send(saying())


async def test_who_is_forgotten_is_not_written_to(channel):
    with pytest.raises(ContactStopped):
        await channel.send(saying(cookie="C" * 43))


async def test_what_is_sent_together_shares_a_commit_and_keeps_its_order(channel, counted, page):
    await asyncio.gather(*(channel.send(saying(str(n), n)) for n in range(50)))
    assert [message.body.text for message in await page()] == [str(n) for n in range(50)]
    assert counted.count <= 3


async def test_one_who_is_forgotten_does_not_hold_the_others(channel, page):
    answers = await asyncio.gather(
        channel.send(saying("one", 1)),
        channel.send(saying("two", 2, cookie="C" * 43)),
        channel.send(saying("three", 3, cookie=BORIS)),
        return_exceptions=True,
    )
    assert answers[0] == answers[2] == "2"
    assert isinstance(answers[1], ContactStopped)
    assert [message.body.text for message in await page(BORIS)] == ["three"]


async def test_one_bad_message_does_not_hold_the_others(channel, database, page, monkeypatch):
    say = webchat.say

    async def picky(tx, address_id, body, now, *, key=None):
        if body.text == "bad":
            raise RefusedRow
        return await say(tx, address_id, body, now, key=key)

    monkeypatch.setattr("storage.webchat.say", picky)
    answers = await asyncio.gather(
        *(channel.send(saying(text, number)) for number, text in enumerate(["good", "bad", "fine"])),
        return_exceptions=True,
    )
    assert isinstance(answers[1], Refused)
    assert [message.body.text for message in await page()] == ["good", "fine"]


async def test_a_sender_that_is_stopped_leaves_the_message_whole(channel, page):
    sending = asyncio.create_task(channel.send(saying()))
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await channel.send(saying("next", 2)) in ("2", "3")
    assert [message.body.text for message in await page()] in (["next"], ["Good morning", "next"])


def test_the_bell_rings_for_those_who_listen_there():
    bell = Doorbell()
    with bell.listen("a") as mine, bell.listen("b") as theirs:
        bell.ring("a")
        bell.ring("nobody")
        assert mine.is_set()
        assert not theirs.is_set()
    assert len(bell) == 0


def test_one_person_does_not_listen_at_too_many_doors():
    bell = Doorbell()
    with bell.listen("a"), bell.listen("a"), bell.listen("a"), bell.listen("a"):
        assert len(bell) == LISTENERS
        with pytest.raises(TooManyListeners), bell.listen("a"):
            pass
        with bell.listen("b"):
            pass
    assert len(bell) == 0


def test_when_we_stop_everybody_goes_home():
    bell = Doorbell()
    with bell.listen("a") as rung:
        bell.close()
        assert rung.is_set()
        assert bell.closed
