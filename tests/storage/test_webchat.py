"""The page of the web chat counts for each person from one."""

from core.talk import Attachment
from storage import webchat
from storage.webchat import Choice, PageBody
from tests.storage.town import Town


async def test_both_sides_share_one_count(town: Town) -> None:
    stored = await town.hears("hello", account="web")
    assert stored.page_id == 1
    body = PageBody("مرحبا", "ar", "rtl", (Choice("send", 1, "أرسل"),))
    said = await town.database.transaction(lambda tx: webchat.say(tx, stored.address_id or 0, body, town.now))
    assert said == 2
    photo = Attachment("photo1", "photo", "file:x")
    assert (await town.hears("", account="web", attachments=(photo,))).page_id == 3
    messages = await town.database.read(lambda tx: webchat.after(tx, stored.address_id or 0, 0))
    assert [(one.id, one.sender) for one in messages] == [(1, "person"), (2, "townbell"), (3, "person")]
    assert (messages[0].body.text, messages[1].body, messages[2].body.media) == ("hello", body, ("photo1",))
    later = await town.database.read(lambda tx: webchat.after(tx, stored.address_id or 0, 1, limit=1))
    assert [one.id for one in later] == [2]


async def test_each_person_has_a_count_of_their_own(town: Town) -> None:
    one, other, again = await town.store(
        *(town.message(who=who, account="web") for who in ("one", "other", "one"))
    )
    assert (one.page_id, other.page_id, again.page_id) == (1, 1, 2)


async def test_a_message_that_is_posted_again_has_its_first_number(town: Town) -> None:
    message = town.message(account="web")
    (first,) = await town.store(message)
    (again,) = await town.store(message)
    assert (first.page_id, again.page_id, again.inbox_id) == (1, 1, None)
    (new, old, twice) = await town.store(town.message(account="web"), message, message)
    assert (new.page_id, old.page_id, twice.page_id) == (2, 1, 1)


async def test_a_message_of_ours_is_said_once(town: Town) -> None:
    stored = await town.hears(account="web")
    say = lambda tx: webchat.say(tx, stored.address_id or 0, PageBody("x"), town.now, key="out:1")  # noqa: E731
    assert [await town.database.transaction(say) for _ in range(2)] == [2, 2]


async def test_a_telegram_message_is_on_no_page(town: Town) -> None:
    assert (await town.hears()).page_id is None


async def test_a_cookie_is_known_once_something_was_said(town: Town) -> None:
    find = lambda tx: webchat.address(tx, town.keyring, "web", "cookie")  # noqa: E731
    assert await town.database.read(find) is None
    stored = await town.hears(account="web", who="cookie")
    assert await town.database.read(find) == stored.address_id
