"""`delete` leaves no word of the person anywhere."""

import asyncio
import json
from pathlib import Path

import pytest

from core.events import ContactErased, DraftOpened, IssueAdded, IssueDetailed, StaffJoined
from core.talk import Attachment, Nudge, Piece, Place, Run, Spoken
from storage import answers, contacts, inbox, outbox, webchat
from storage.answers import Rendered
from storage.due import take
from storage.outbox import Enqueued, Settled
from storage.tx import Tx
from storage.webchat import PageBody
from tests.storage.town import SECOND, Town, filed, outcome

#: stands in everything the person says, wherever it may end up
WORD = "zanzibar"
GOODBYE = Spoken("Everything is deleted.", "en", farewell=True)


async def a_life(town: Town, account: str) -> int:
    """Somebody with something of everything; their contact's id."""
    photo = Attachment(f"photo-{account}", "photo", f"file:{WORD}-{account}.jpg")
    said = {"account": account, "who": f"{WORD}-address", "phone_language": f"{WORD}"}
    await town.hears(f"{WORD} lamp", attachments=(photo,), place=Place(1.0, 2.0, WORD), **said)
    (waiting,) = await town.waiting()
    reference = f"{account[:3].upper()}-2345"
    issue = filed(reference, f"{WORD} lamp", place=WORD, language=WORD, media=(photo.id,))
    events = (
        issue,
        IssueDetailed(reference, "affected", WORD),
        IssueDetailed(reference, "place", WORD, 1.0, 2.0),
    )
    echo = Spoken(f"You wrote: {WORD}", "en")
    await town.write(outcome(waiting, *events, says=[echo]))
    (sent,) = await town.claims(account=account)
    await town.settles(Settled(sent.id, "unknown", f"{WORD}-provider"))
    run = Run("abc123", "raise_issue", "send", answers={"what": [Piece(f"{WORD} draft")]})
    await town.hears(f"{WORD} draft", **said)
    (waiting,) = await town.waiting()
    await town.write(
        outcome(
            waiting,
            DraftOpened(),
            IssueAdded(reference, WORD, WORD, (), WORD),
            says=[echo],
            run=run,
            reminder_at=town.now + SECOND,
            expire_at=town.now + SECOND,
        )
    )
    aside = await town.hears(f"{WORD} aside", ref=f"{WORD}-ref", **said)
    assert aside.inbox_id
    assert aside.address_id
    assert aside.contact_id
    inbox_id, address_id = aside.inbox_id, aside.address_id
    await town.database.transaction(lambda tx: inbox.aside(tx, inbox_id, "ValueError", town.now))
    if account == "web":
        page = PageBody(f"You wrote: {WORD}")
        await town.database.transaction(lambda tx: webchat.say(tx, address_id, page, town.now, key=WORD))
    await at_the_desk(town, reference, **said)
    return aside.contact_id


async def at_the_desk(town: Town, reference: str, **said: str) -> None:
    """What the council wrote to them about two issues of theirs, and that they work for it themselves."""
    second = f"{reference[:3]}-3456"
    await town.talk("x", filed(second, f"{WORD} bus", language=WORD), **said)
    await town.puts_together(reference, second)
    answer_id = (await town.says(reference, "said", f"{WORD} lamp, we read")).answer_id
    await town.renders(Rendered(answer_id, WORD, "look", f"{WORD} made", f"{WORD} back", "checks"))
    await town.says(second, "asked", f"Which {WORD}?", together=False)
    await town.makes_digest(reference, second)
    code = await town.invites(name=f"{WORD} Anna", mail=f"{WORD}@graz.example")
    await town.talk("join", StaffJoined(code), **said)


@pytest.mark.parametrize("account", ["telegram", "web"])
async def test_nothing_of_what_the_person_said_is_left(town: Town, account: str) -> None:
    contact = await a_life(town, account)
    assert WORD in str(await town.dump())
    town.now += 1
    await town.hears("delete", account=account, who=f"{WORD}-address")
    (waiting,) = await town.waiting()
    await town.write(outcome(waiting, ContactErased(), says=[GOODBYE]))
    forget = lambda tx: contacts.forget(tx, contact, town.now)  # noqa: E731 - said twice below
    assert not await town.database.transaction(forget)  # the farewell is not said yet
    copies = await town.database.read(lambda tx: contacts.copies_of(tx, contact))
    assert {f"{WORD}-provider", f"{WORD}-ref"} <= {copy.ref for copy in copies}
    (goodbye,) = await town.claims(account=account)
    assert goodbye.spoken == GOODBYE
    await town.settles(Settled(goodbye.id, "sent", f"{WORD}-provider"))
    due = await town.database.read(lambda tx: take(tx, town.now, ["forget", "media.erase"]))
    assert {one.kind: one.contact_id for one in due} == {"forget": contact, "media.erase": None}
    assert [one.detail["files"] for one in due if one.kind == "media.erase"] == [[f"{WORD}-{account}.jpg"]]
    await town.change("delete from due where kind = 'media.erase'")
    assert await town.database.transaction(forget)
    left = await town.dump()
    assert WORD not in json.dumps(left, default=_shown)
    gone = ("address", "text", "media", "consent", "run", "page_message", "supporter", "news", "rendering")
    for table in gone:
        assert left[table] == [], table
    for issue in left["issue"]:
        assert (issue["status"], issue["contact_id"], issue["latitude"]) == ("withdrawn", None, None)


def _shown(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


async def test_the_file_itself_has_none_of_it_either(sqlite_town: Town) -> None:
    town = sqlite_town
    contact = await a_life(town, "telegram")
    await town.database.transaction(lambda tx: contacts.erase(tx, contact, town.now))
    await town.change("delete from due where kind = 'media.erase'")
    assert await town.database.transaction(lambda tx: contacts.forget(tx, contact, town.now))
    await town.database.close()
    assert WORD.encode() not in town.path.read_bytes()
    assert not town.path.with_name("townbell.db-wal").exists()


async def test_tidied_files_have_none_of_it_while_townbell_runs(sqlite_town: Town) -> None:
    town = sqlite_town
    contact = await a_life(town, "telegram")
    assert WORD.encode() in files_of(town)
    await town.database.transaction(lambda tx: contacts.erase(tx, contact, town.now))
    assert await town.database.transaction(lambda tx: contacts.forget(tx, contact, town.now))
    await town.change("delete from due where kind = 'media.erase'")
    assert WORD.encode() in files_of(town)  # in the log, of which nothing is overwritten
    await town.database.tidy()
    assert WORD.encode() not in files_of(town)
    await town.files("GRZ-2222", "Another lamp", who="other")


async def test_who_reads_puts_tidying_off_and_nothing_else(sqlite_town: Town) -> None:
    town = sqlite_town
    reading, on = asyncio.Event(), asyncio.Event()

    async def export(tx: Tx) -> None:
        await inbox.counts(tx)
        reading.set()
        await on.wait()

    await town.files("GRZ-2222", WORD)
    exporting = asyncio.create_task(town.database.read(export))
    await reading.wait()
    await town.change("delete from text")
    await town.files("GRZ-3333", "Another lamp", who="other")
    await town.database.tidy()
    assert log_of(town).stat().st_size > 0
    await town.files("GRZ-4444", "A third lamp", who="other")
    on.set()
    await exporting
    await town.database.tidy()
    assert log_of(town).stat().st_size == 0


async def test_after_a_transaction_that_asked_nothing_there_is_tidied_too(sqlite_town: Town) -> None:
    town = sqlite_town
    await town.files("GRZ-2222")
    await town.database.transaction(asks_nothing)
    await town.database.tidy()
    assert log_of(town).stat().st_size == 0
    await town.files("GRZ-3333")


async def test_a_server_tidies_by_itself(postgres_town: Town) -> None:
    await postgres_town.files("GRZ-3333")
    before = await postgres_town.dump()
    await postgres_town.database.tidy()
    assert await postgres_town.dump() == before


async def asks_nothing(_: Tx) -> None:
    """A transaction that is never begun."""


def log_of(town: Town) -> Path:
    return town.path.with_name("townbell.db-wal")


def files_of(town: Town) -> bytes:
    """All that lies on disk."""
    return town.path.read_bytes() + log_of(town).read_bytes()


async def test_others_keep_everything(town: Town) -> None:
    await town.files("GRZ-2222", "Another lamp", who="other")
    contact = await a_life(town, "telegram")
    await town.talk("x", who="other", says=["queued"])
    await town.database.transaction(lambda tx: contacts.erase(tx, contact, town.now))
    assert [row["words"] for row in await town.rows("select words from text")] == ["Another lamp"]
    assert len(await town.rows("select * from consent")) == 1
    assert await town.sends() == ["queued"]


async def a_group(town: Town, *people: str) -> int:
    """One answer to all of these people at once, each of whom raised an issue in Arabic; its number."""
    for number, who in enumerate(people):
        await town.files(f"GRZ-222{number + 2}", who=who)
    await town.puts_together(*(f"GRZ-222{number + 2}" for number in range(len(people))))
    return (await town.says("GRZ-2222", "said", f"{WORD} geht")).answer_id


async def test_who_was_answered_together_with_them_still_hears_it(town: Town) -> None:
    answer_id = await a_group(town, "4711", "other")
    await town.talk("delete", ContactErased())
    await town.renders(Rendered(answer_id, "ar", "ready", f"{WORD} يعمل"))
    ((contact, news),) = (await town.news()).items()
    assert news == {"reference": "GRZ-2223", "language": "ar", "state": "ready"}
    said = await town.database.read(lambda tx: answers.news_of(tx, 2, contact))
    assert said is not None
    assert (said.words, said.original) == (f"{WORD} يعمل", f"{WORD} geht")


@pytest.mark.parametrize("at_once", [True, False])
async def test_with_the_last_of_them_its_words_go_too(town: Town, at_once: bool) -> None:
    people = ("4711", "other")
    answer_id = await a_group(town, *people)
    await town.renders(Rendered(answer_id, "ar", "look", WORD, WORD))
    for who in people:
        await town.hears("delete", who)
    deleting = [outcome(one, ContactErased()) for one in await town.waiting()]
    for batch in [deleting] if at_once else [[one] for one in deleting]:
        assert WORD in str(await town.dump())
        await town.write(*batch)
    assert WORD not in str(await town.dump())


async def test_who_comes_back_is_a_newcomer(town: Town) -> None:
    waiting = await town.talk("1", filed("GRZ-2222", "x"), phone_language="ar")
    before = waiting.contact
    await town.talk("delete", ContactErased(), says=[GOODBYE])
    await town.hears("hello")
    (waiting,) = await town.waiting()
    contact = waiting.contact
    assert (contact.id, contact.state, contact.language, contact.agreed_version, waiting.run) == (
        *(before.id, "active", None, None),
        None,
    )
    assert contact.phone_language == "ar"
    assert contact.pseudonym != before.pseudonym
    await town.write(outcome(waiting, says=["Welcome."]))
    assert await town.sends() == ["Everything is deleted.", "Welcome."]


async def test_who_came_back_before_they_were_forgotten_is_not_cut_off(town: Town) -> None:
    waiting = await town.talk("delete", ContactErased(), says=[GOODBYE])
    contact = waiting.contact.id
    await town.sends()
    town.now += SECOND
    await town.talk("hello", says=["Welcome."])
    await town.hears("my new issue", ref="new")
    assert await town.database.transaction(lambda tx: contacts.forget(tx, contact, town.now))
    assert await town.sends() == ["Welcome."]
    assert [one.message.text for one in await town.waiting()] == ["my new issue"]
    (row,) = await town.rows("select address_id, ref from inbox where id = 1")
    assert row == {"address_id": None, "ref": ""}


async def test_a_page_on_a_slow_line_has_a_minute_to_fetch_our_goodbye(town: Town) -> None:
    waiting = await town.talk("delete", ContactErased(), account="web")
    contact, page = waiting.contact.id, waiting.address_id or 0
    goodbye = PageBody(GOODBYE.text)
    await town.database.transaction(lambda tx: webchat.say(tx, page, goodbye, town.now, key="out:1"))
    forget = lambda tx: contacts.forget(tx, contact, town.now)  # noqa: E731 - said twice below
    assert not await town.database.transaction(forget)
    (shown,) = await town.database.read(lambda tx: webchat.after(tx, page, 0))
    assert shown.body.text == GOODBYE.text
    town.now += 60 * SECOND
    assert await town.database.transaction(forget)
    assert await town.rows("select * from page_message") == []


async def test_a_repeated_message_of_somebody_forgotten_is_not_heard_again(town: Town) -> None:
    message = town.message()
    await town.store(message)
    waiting = await town.turn(ContactErased())
    assert await town.database.transaction(lambda tx: contacts.forget(tx, waiting.contact.id, town.now))
    (stored,) = await town.store(message)
    assert stored.inbox_id is None


async def test_a_nudge_does_not_bring_an_erased_contact_back(town: Town) -> None:
    waiting = await town.talk("delete", ContactErased())
    contact = waiting.contact.id
    await town.database.transaction(lambda tx: inbox.nudge(tx, contact, Nudge.REMIND, "k", town.now))
    (waiting,) = await town.waiting()
    assert (waiting.contact.state, waiting.returned) == ("erased", False)


async def test_an_issue_finds_its_person_until_they_are_erased(town: Town) -> None:
    waiting = await town.files("GRZ-2222")
    find = lambda tx: contacts.find_by_reference(tx, "GRZ-2222")  # noqa: E731 - said twice below
    assert await town.database.read(find) == waiting.contact.id
    (address,) = await town.database.read(lambda tx: contacts.addresses_of(tx, waiting.contact.id))
    assert town.keyring.unseal(address.account, address.sealed) == "4711"
    await town.database.transaction(lambda tx: contacts.erase(tx, waiting.contact.id, town.now))
    assert await town.database.read(find) is None


async def test_what_is_queued_after_is_not_sent_to_somebody_forgotten(town: Town) -> None:
    waiting = await town.talk("delete", ContactErased())
    assert await town.database.transaction(lambda tx: contacts.forget(tx, waiting.contact.id, town.now))
    row = Enqueued(waiting.address_id or 0, "broadcast:1", 0, Spoken("news", "en"), "news")
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [row], town.now))
    assert await town.rows("select * from outbox") == []
