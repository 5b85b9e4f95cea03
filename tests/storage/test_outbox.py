"""What goes out, in order, once, and never to somebody who has stopped."""

from typing import Any

import pytest

from core.events import ConsentGiven, ContactErased, Stopped
from core.messages import Lane, OutboundMessage
from core.talk import Option, Spoken
from storage import contacts, outbox
from storage.outbox import Enqueued, Settled
from tests.storage.town import SECOND, Town


async def enqueue(
    town: Town, address_id: int, *texts: str, cause: str = "broadcast:1", **fields: Any
) -> None:
    rows = [
        Enqueued(address_id, cause, n, Spoken(text, "en"), **({"purpose": "news"} | fields))
        for n, text in enumerate(texts)
    ]
    await town.database.transaction(lambda tx: outbox.enqueue(tx, rows, town.now))


async def known_address(town: Town, who: str = "4711") -> int:
    return (await town.talk("hello", who=who)).address_id or 0


async def test_a_claimed_message_is_whole_and_its_address_can_be_unsealed(town: Town) -> None:
    spoken = Spoken("Send it?", "ar", (Option(1, "send", "أرسل"),), "abc123", "send")
    waiting = await town.talk("x", says=[spoken])
    (claimed,) = await town.claims()
    assert (claimed.spoken, claimed.lane, claimed.purpose, claimed.if_unsure, claimed.attempts) == (
        *(spoken, Lane.TALK, "reply", "again"),
        1,
    )
    address = town.keyring.unseal("telegram", claimed.sealed)
    expected = OutboundMessage(claimed.id, "4711", "Send it?", "ar", spoken.options, "abc123", "send")
    assert claimed.message(address) == expected
    assert claimed.contact_id == waiting.contact.id


async def test_a_waiting_head_holds_its_lane(town: Town) -> None:
    address = await known_address(town)
    await enqueue(town, address, "later", cause="a", due_at=town.now + SECOND)
    await enqueue(town, address, "behind", cause="b")
    assert await town.claims() == []
    town.now += SECOND
    assert await town.sends() == ["later", "behind"]


async def test_a_message_that_is_being_sent_holds_its_lane(town: Town) -> None:
    address = await known_address(town)
    await enqueue(town, address, "one", "two")
    (one,) = await town.claims()
    assert await town.claims() == []
    await town.settles(Settled(one.id, "queued", due_at=town.now + SECOND, reason="Throttled"))
    assert await town.claims() == []
    town.now += SECOND
    (again,) = await town.claims()
    assert (again.id, again.attempts) == (one.id, 2)


async def test_talk_goes_before_bulk_and_is_not_held_by_it(town: Town) -> None:
    address = await known_address(town)
    other = await known_address(town, "other")
    await enqueue(town, address, "bulk", cause="a", lane=Lane.BULK)
    await enqueue(town, other, "bulk too", cause="b", lane=Lane.BULK)
    await enqueue(town, address, "talk", cause="c")
    assert [one.spoken.text for one in await town.claims(1)] == ["talk"]
    assert [one.spoken.text for one in await town.claims(9)] == ["bulk", "bulk too"]


async def test_accounts_do_not_wait_for_one_another(town: Town) -> None:
    await town.talk("x", says=["by telegram"])
    await town.talk("x", account="web", says=["on the page"])
    assert [one.spoken.text for one in await town.claims(account="web")] == ["on the page"]
    assert await town.sends() == ["by telegram"]


async def test_the_same_cause_says_a_thing_once(town: Town) -> None:
    address = await known_address(town)
    for text in ("first", "second"):
        await enqueue(town, address, text)
    assert await town.sends() == ["first"]


@pytest.mark.parametrize(
    ("label", "fields", "reason"),
    [
        ("too late", {"not_after": -1}, "too late"),
        ("just in time", {"not_after": 0}, ""),
    ],
)
async def test_what_comes_too_late_is_dropped(
    town: Town, label: str, fields: dict[str, Any], reason: str
) -> None:
    address = await known_address(town)
    await enqueue(town, address, "reminder of today's meeting", not_after=town.now + fields["not_after"])
    assert bool(await town.sends()) == (not reason)
    (row,) = await town.rows("select reason from outbox")
    assert row["reason"] == reason


async def test_what_was_queued_before_a_person_stopped_is_judged_when_it_would_go(town: Town) -> None:
    address = await known_address(town)
    await town.talk("stop", Stopped())
    await enqueue(town, address, "news")
    assert await town.sends() == []
    (row,) = await town.rows("select status, reason, body from outbox")
    assert row == {"status": "dropped", "reason": "stopped", "body": None}


async def test_behind_what_is_dropped_the_next_one_goes(town: Town) -> None:
    address = await known_address(town)
    await enqueue(town, address, "old", cause="a", not_after=town.now - 1)
    await enqueue(town, address, "older", cause="b", not_after=town.now - 1)
    await enqueue(town, address, "fresh", cause="c")
    assert [one.spoken.text for one in await town.claims()] == ["fresh"]


async def test_who_wants_no_news_gets_none_but_is_answered(town: Town) -> None:
    address = await known_address(town)
    await town.talk("no news", ConsentGiven("news", False, "1"), says=["No more news."])
    await enqueue(town, address, "news")
    assert await town.sends() == ["No more news."]


async def test_who_is_muted_is_heard_and_not_answered(town: Town) -> None:
    waiting = await town.talk("x", says=["answer"])
    await town.database.transaction(lambda tx: contacts.mute(tx, waiting.contact.id, True))
    assert await town.sends() == []
    await town.hears()
    assert (await town.waiting())[0].contact.muted
    await town.database.transaction(lambda tx: contacts.mute(tx, waiting.contact.id, False))
    await town.turn(says=["answered again"])
    assert await town.sends() == ["answered again"]


async def test_an_erased_contact_gets_only_the_farewell(town: Town) -> None:
    await town.talk("x", says=["queued before"])
    goodbye = Spoken("Everything is deleted.", "en", farewell=True)
    await town.talk("delete", ContactErased(), says=[goodbye, "and this is not sent"])
    assert await town.sends() == ["Everything is deleted."]


async def test_an_address_that_takes_nothing_more_is_left_alone(town: Town) -> None:
    address = await known_address(town)
    await enqueue(town, address, "one", "two")
    (one,) = await town.claims()
    await town.settles(Settled(one.id, "refused", reason="ContactStopped", stopped=True))
    await enqueue(town, address, "three", cause="later")
    assert await town.claims() == []
    rows = await town.rows("select status, reason, body from outbox order by id")
    assert [(row["status"], row["reason"]) for row in rows] == [
        ("refused", "ContactStopped"),
        ("dropped", "blocked"),
        ("dropped", "blocked"),
    ]
    assert {row["body"] for row in rows} == {None}


async def test_a_sent_message_keeps_the_providers_name_and_not_its_words(town: Town) -> None:
    await town.talk("x", says=["a word"])
    await town.sends()
    (row,) = await town.rows("select status, provider_id, body, settled_at from outbox")
    assert row == {"status": "sent", "provider_id": "provider-1", "body": None, "settled_at": town.now}


async def test_what_an_earlier_sender_left_is_said_again_or_left_as_it_says(town: Town) -> None:
    address = await known_address(town)
    await enqueue(town, address, "reply", cause="a", purpose="reply", if_unsure="again")
    await enqueue(town, address, "broadcast", cause="b", lane=Lane.BULK, if_unsure="leave")
    await town.talk("x", account="web", says=["of another account"])
    await town.claims()
    await town.claims(account="web")
    account = town.ids.accounts["telegram"]
    found = await town.database.transaction(lambda tx: outbox.found_sending(tx, account, town.now))
    assert found == 2
    assert await town.sends() == ["reply"]
    (unknown,) = await town.database.read(outbox.unknown)
    assert (unknown.account, unknown.purpose, unknown.settled_at) == ("telegram", "news", town.now)
    assert (await town.rows("select status from outbox where cause like 'inbox%'")) == [{"status": "sending"}]


async def test_a_status_callback_settles_a_maybe(town: Town) -> None:
    await town.talk("x", says=["maybe"])
    (one,) = await town.claims()
    await town.settles(Settled(one.id, "unknown", reason="MaybeSent"))
    (row,) = await town.rows("select body from outbox")
    assert "maybe" in row["body"]  # staff may want to say it again
    await town.settles(Settled(one.id, "sent", "SM1"))
    await town.settles(Settled(one.id, "refused", reason="late and wrong"))
    (row,) = await town.rows("select status, provider_id, body from outbox")
    assert row == {"status": "sent", "provider_id": "SM1", "body": None}


async def test_the_backlog_is_told_by_account(town: Town) -> None:
    address = await known_address(town)
    await enqueue(town, address, "one", "two", due_at=town.now + SECOND)
    await town.talk("x", account="web", says=["three"])
    assert await town.database.read(outbox.waiting) == [
        outbox.Backlog("telegram", 2, town.now + SECOND),
        outbox.Backlog("web", 1, town.now),
    ]
