"""Who is heard next, and what the conversation is told of them."""

from core.events import ConsentGiven, LanguageChosen
from core.talk import Echo, Run
from storage import inbox
from tests.storage.town import SECOND, Town, filed, outcome

RUN = Run("abc123", "raise_issue", step="send", offered=((1, "send"),), answers={"what": ["ü"]}, asked_at=5)


async def test_the_oldest_unread_message_of_each_contact_is_taken(town: Town) -> None:
    await town.hears("first", who="a")
    await town.hears("second", who="a")
    await town.hears("third", who="b")
    assert [one.message.text for one in await town.waiting()] == ["first", "third"]


async def test_a_limit_takes_the_oldest(town: Town) -> None:
    for who in "abc":
        await town.hears(who, who=who)
    assert [one.message.text for one in await town.waiting(2)] == ["a", "b"]


async def test_a_contact_whose_oldest_waits_for_a_retry_is_left_out_with_all_their_messages(
    town: Town,
) -> None:
    first = await town.hears("first", who="a")
    await town.hears("second", who="a")
    await town.hears("other", who="b")
    await town.database.transaction(
        lambda tx: inbox.attempted(tx, first.inbox_id or 0, town.now, town.now + SECOND, "")
    )
    assert [one.message.text for one in await town.waiting()] == ["other"]
    town.now += SECOND
    assert [one.message.text for one in await town.waiting()] == ["first", "other"]


async def test_what_is_left_out_holds_its_contact(town: Town) -> None:
    first = await town.hears("first", who="a")
    await town.hears("second", who="a")
    await town.hears("other", who="b")
    assert [one.message.text for one in await town.waiting(1, [first.inbox_id or 0])] == ["other"]


async def test_run_echo_and_consents_come_with_the_message(town: Town) -> None:
    await town.hears(phone_language="uk")
    (waiting,) = await town.waiting()
    assert (waiting.run, waiting.echo, waiting.early) == (None, Echo(), False)
    events = (LanguageChosen("uk"), filed("GRZ-2222", "words"), ConsentGiven("invitations", False, "1"))
    await town.write(outcome(waiting, *events, run=RUN, echo=Echo("hash", 3, town.now)))
    await town.hears("again")
    (waiting,) = await town.waiting()
    assert waiting.run == RUN
    assert waiting.echo == Echo("hash", 3, town.now)
    contact = waiting.contact
    assert (contact.language, contact.language_chosen, contact.phone_language) == ("uk", True, "uk")
    assert (contact.agreed_version, contact.invitations, contact.state) == ("1", False, "active")
    assert (waiting.account, waiting.channel) == ("telegram", "telegram")


async def test_a_consent_that_was_taken_back_counts_no_more(town: Town) -> None:
    await town.talk("1", filed("GRZ-2222", "words"), ConsentGiven("invitations", True, "1"))
    await town.talk("no", ConsentGiven("issue", False, "1"), ConsentGiven("invitations", False, "1"))
    await town.hears()
    (waiting,) = await town.waiting()
    assert (waiting.contact.agreed_version, waiting.contact.invitations) == (None, False)


async def test_what_was_written_before_the_question_was_shown_is_early(town: Town) -> None:
    await town.hears("one")
    await town.hears("two")
    (waiting,) = await town.waiting()
    await town.write(outcome(waiting, run=RUN))
    (waiting,) = await town.waiting()
    assert waiting.early
    await town.write(outcome(waiting, run=RUN))  # the same question stays open
    await town.hears("three")
    (waiting,) = await town.waiting()
    assert not waiting.early


async def test_a_message_of_a_version_we_cannot_read_is_set_aside_and_the_next_one_heard(town: Town) -> None:
    await town.hears("first", who="a")
    await town.hears("other", who="b")
    await town.hears("second", who="a")
    await town.change("update inbox set body = '{\"account\": 7}' where id = 1")
    assert [one.message.text for one in await town.waiting()] == ["other"]
    assert [one.message.text for one in await town.waiting()] == ["other", "second"]


async def test_a_flood_from_one_person_does_not_keep_the_others_waiting(town: Town) -> None:
    await town.store(*(town.message(str(number), who="flood") for number in range(1000)))
    await town.hears("help", who="other")
    assert [one.message.text for one in await town.waiting(2)] == ["0", "help"]
