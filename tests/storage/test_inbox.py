"""What came in is stored once, however often and however concurrently it is delivered."""

import asyncio

import pytest
from msgspec.structs import replace

from core.errors import RefusedRow
from core.talk import Attachment, Nudge, Place
from storage import inbox, senders
from tests.storage.town import SECOND, Town


async def test_a_message_is_stored_whole_and_without_its_address(town: Town) -> None:
    message = town.message(
        "Кран тече 👨‍👩‍👧 مكسور",
        who="+43 660 1234567",
        place=Place(47.07, 15.43, "Griesplatz"),
        forwarded=True,
        phone_language="uk",
        token="a:b:c",
    )
    (stored,) = await town.store(message)
    (waiting,) = await town.waiting()
    assert waiting.message == replace(message, address="")
    assert waiting.inbox_id == stored.inbox_id
    assert waiting.contact.phone_language == "uk"
    assert "1234567" not in str(await town.dump())


async def test_a_repeated_webhook_is_heard_once(town: Town) -> None:
    message = town.message()
    (first,) = await town.store(message)
    (second,) = await town.store(message)
    assert first.inbox_id
    assert second == replace(first, inbox_id=None)
    assert len(await town.rows("select id from inbox")) == 1


async def test_a_message_that_comes_twice_in_one_group_is_heard_once(town: Town) -> None:
    message = town.message()
    first, second, other = await town.store(message, message, town.message())
    assert (second.inbox_id, second.contact_id) == (None, first.contact_id)
    assert other.inbox_id


async def test_a_message_that_comes_fifty_times_at_once_is_heard_once(town: Town) -> None:
    message = town.message()
    stored = [one for (one,) in await asyncio.gather(*(town.store(message) for _ in range(50)))]
    assert sum(one.inbox_id is not None for one in stored) == 1
    assert len({(one.contact_id, one.address_id) for one in stored}) == 1
    assert len(await town.rows("select id from inbox")) == 1
    assert len(await town.rows("select id from contact")) == 1


async def test_fifty_groups_at_once_that_overlap_are_each_heard_once(town: Town) -> None:
    messages = [town.message(who=str(number % 7)) for number in range(60)]
    groups = [messages[start : start + 11] for start in range(50)]
    groups[1::2] = [group[::-1] for group in groups[1::2]]
    await asyncio.gather(*(town.store(*group) for group in groups))
    assert len(await town.rows("select id from inbox")) == 60
    assert len(await town.rows("select id from contact")) == 7


async def test_an_edit_is_not_the_message_it_changes(town: Town) -> None:
    message = town.message("The lamp is brocken")
    await town.store(message)
    (edited,) = await town.store(replace(message, kind="edit", text="The lamp is broken"))
    assert edited.inbox_id


async def test_one_person_on_two_accounts_is_two_contacts(town: Town) -> None:
    one, other = await town.store(town.message(who="4711"), town.message(who="4711", account="web"))
    assert one.contact_id != other.contact_id


async def test_what_cannot_be_read_is_set_aside(town: Town) -> None:
    (stored,) = await town.store(town.message("{broken", who="", kind="unreadable"))
    assert (stored.contact_id, stored.address_id) == (None, None)
    assert await town.waiting() == []
    (aside,) = await town.database.read(inbox.listed_aside)
    assert (aside.account, aside.reason) == ("telegram", "unreadable")


async def test_a_deep_link_brings_a_newcomer_to_the_council_it_names(town: Town) -> None:
    await town.hears(who="linked", kind="start", payload="empoli")
    await town.hears(who="strange", kind="start", payload="no such council")
    await town.hears(who="plain")
    assert [one.contact.council for one in await town.waiting()] == ["empoli", "graz", "graz"]


async def test_a_pseudonym_that_is_taken_is_drawn_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["P-1", "P-1", "P-1", "P-2", "P-3"])
    monkeypatch.setattr(senders, "new_pseudonym", lambda: next(drawn))
    await town.hears(who="a")
    await town.store(town.message(who="b"), town.message(who="c"))
    assert [one.contact.pseudonym for one in await town.waiting()] == ["P-1", "P-2", "P-3"]


async def test_the_language_of_the_phone_is_kept_up_to_date(town: Town) -> None:
    await town.hears(phone_language="de")
    await town.hears(phone_language="")
    await town.hears(phone_language="ar")
    (waiting,) = await town.waiting()
    assert waiting.contact.phone_language == "ar"
    assert waiting.contact.language is None


async def test_pictures_are_wanted_under_an_id_that_says_nothing(town: Town) -> None:
    photo, voice = Attachment("", "photo", "remote-1"), Attachment("given", "voice", "remote-2")
    message = town.message(attachments=(photo, voice))
    await town.store(message)
    await town.store(message)
    rows = await town.rows("select id, kind, remote, state from media order by kind")
    assert [(row["kind"], row["remote"], row["state"]) for row in rows] == [
        ("photo", "remote-1", "wanted"),
        ("voice", "remote-2", "wanted"),
    ]
    (waiting,) = await town.waiting()
    assert [one.id for one in waiting.message.attachments] == [row["id"] for row in rows]
    assert rows[1]["id"] == "given"
    assert rows[0]["id"] == town.keyring.media_id("telegram", "message", message.external_id, 0)


async def test_an_account_that_is_not_configured_is_refused(town: Town) -> None:
    with pytest.raises(RefusedRow, match="No such channel account: elsewhere"):
        await town.hears(account="elsewhere")


async def test_a_nudge_goes_to_where_the_person_was_last_heard_and_is_said_once(town: Town) -> None:
    stored = await town.hears()
    await town.turn()
    for _ in range(2):
        await town.database.transaction(
            lambda tx: inbox.nudge(tx, stored.contact_id or 0, Nudge.REMIND, "remind:1", town.now)
        )
    (waiting,) = await town.waiting()
    assert (waiting.nudge, waiting.address_id, waiting.account) == (
        Nudge.REMIND,
        stored.address_id,
        "telegram",
    )
    assert waiting.message.text == ""


async def test_counts_tell_how_long_the_oldest_has_waited(town: Town) -> None:
    assert await town.database.read(inbox.counts) == inbox.Counts(0, None, 0)
    await town.hears()
    town.now += SECOND
    stored = await town.hears(who="other")
    await town.hears(who="third")
    await town.database.transaction(lambda tx: inbox.aside(tx, stored.inbox_id or 0, "ValueError", town.now))
    assert await town.database.read(inbox.counts) == inbox.Counts(2, town.now - SECOND, 1)


async def test_a_message_that_was_tried_in_vain_waits_and_is_set_aside_in_the_end(town: Town) -> None:
    stored = await town.hears()
    later = town.now + 30 * SECOND
    tried = await town.database.transaction(
        lambda tx: inbox.attempted(tx, stored.inbox_id or 0, town.now, later, "ValueError")
    )
    assert tried == 1
    assert await town.waiting() == []
    town.now = later
    assert (await town.waiting())[0].attempts == 1
    await town.database.transaction(lambda tx: inbox.aside(tx, stored.inbox_id or 0, "ValueError", town.now))
    assert await town.waiting() == []
