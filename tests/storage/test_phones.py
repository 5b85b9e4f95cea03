"""One phone, several senders of ours: what is said to one of them holds at the others."""

from __future__ import annotations

from typing import Any

import pytest

from core.events import ConsentGiven, StaffJoined, Started, Stopped
from core.talk import Command, Spoken
from storage import outbox
from storage.outbox import Enqueued, Settled
from storage.reports import Report, reported
from tests.storage.town import Town

NUMBER, OTHER = "+436601234567", "+436607654321"
EVERYWHERE = {
    "sms": NUMBER,
    "sms-invitations": NUMBER,
    "whatsapp": f"whatsapp:{NUMBER}",
}


async def all_write(town: Town) -> dict[str, int]:
    """The same phone writes to every sender; the contact at each."""
    return {
        account: (await town.talk("hello", who=who, account=account)).contact.id
        for account, who in EVERYWHERE.items()
    }


async def states(town: Town, people: dict[str, int]) -> dict[str, str]:
    known = {row["id"]: row["state"] for row in await town.rows("select id, state from contact")}
    return {account: known[contact] for account, contact in people.items()}


def all_are(state: str) -> dict[str, str]:
    return dict.fromkeys(EVERYWHERE, state)


@pytest.mark.parametrize("account", EVERYWHERE)
async def test_a_stop_stops_everything_whichever_sender_hears_it(town: Town, account: str) -> None:
    people = await all_write(town)
    await town.talk("STOP", Stopped(), who=EVERYWHERE[account], account=account)
    assert await states(town, people) == all_are("stopped")


@pytest.mark.parametrize("account", EVERYWHERE)
async def test_and_a_start_brings_everything_back(town: Town, account: str) -> None:
    people = await all_write(town)
    await town.talk("STOP", Stopped(), who=NUMBER, account="sms")
    await town.talk("START", Started(), who=EVERYWHERE[account], account=account)
    assert await states(town, people) == all_are("active")


@pytest.mark.parametrize(("state", "said"), [("stopped", Stopped()), ("active", Started())])
async def test_who_comes_to_another_sender_later_has_said_it_already(
    town: Town, state: str, said: Any
) -> None:
    await town.talk("STOP", Stopped(), who=NUMBER, account="sms")
    await town.talk(state, said, who=NUMBER, account="sms")
    assert await states(town, await all_write(town)) == all_are(state)


async def test_what_waits_to_be_sent_by_another_sender_is_not_sent_any_more(town: Town) -> None:
    await all_write(town)
    await town.talk("and?", who=EVERYWHERE["whatsapp"], account="whatsapp", says=["This waits"])
    await town.talk("STOP", Stopped(), who=NUMBER, account="sms", says=[Spoken("Bye", "en", farewell=True)])
    fates = await town.rows("select status, reason from outbox order by id")
    assert [(row["status"], row["reason"]) for row in fates] == [("dropped", "stopped"), ("queued", "")]


async def test_news_that_was_not_told_is_told_at_each(town: Town) -> None:
    await town.files(who=NUMBER, account="sms")
    people = await all_write(town)
    await town.says("GRZ-7K4M", "said", "Wir fragen nach.")
    await town.change("update news set state = 'untold'")
    await town.talk("STOP", Stopped(), who=NUMBER, account="sms")
    await town.talk("START", Started(), who=EVERYWHERE["whatsapp"], account="whatsapp")
    assert (await town.news())[people["sms"]]["state"] == "ready"


async def test_others_are_not_touched(town: Town) -> None:
    others = {
        "another phone": await town.talk("hello", who=OTHER, account="sms"),
        "another council": await town.talk("hello", who=NUMBER, account="sms-empoli"),
        "no number": await town.talk("hello", who="whatsapp:AT.4711", account="whatsapp"),
        "a number elsewhere": await town.talk("hello", who=NUMBER, account="telegram"),
    }
    await all_write(town)
    for account in ("sms", "whatsapp"):
        await town.talk("STOP", Stopped(), who=EVERYWHERE[account], account=account)
    contacts = {label: waiting.contact.id for label, waiting in others.items()}
    assert await states(town, contacts) == dict.fromkeys(others, "active")


async def test_two_without_a_number_have_nothing_in_common(town: Town) -> None:
    first = await town.talk("hello", who="whatsapp:AT.4711", account="whatsapp")
    second = await town.talk("hello", who="whatsapp:AT.4712", account="whatsapp")
    await town.talk("stop", Stopped(), who="whatsapp:AT.4711", account="whatsapp")
    people = {"first": first.contact.id, "second": second.contact.id}
    assert await states(town, people) == {"first": "stopped", "second": "active"}


async def test_an_sms_in_their_name_does_not_silence_staff_on_whatsapp(town: Town) -> None:
    people = await all_write(town)
    code = await town.invites()
    await town.talk(f"join {code}", StaffJoined(code), who=EVERYWHERE["whatsapp"], account="whatsapp")
    await town.talk("STOP", Stopped(), who=NUMBER, account="sms")
    assert await states(town, people) == all_are("stopped") | {"whatsapp": "active"}


async def test_no_invitations_is_said_once_for_all_senders(town: Town) -> None:
    people = await all_write(town)
    await town.talk("yes", ConsentGiven("invitations", True, "1"), who=NUMBER, account="sms")
    no = ConsentGiven("invitations", False, "1")
    await town.talk("no invitations", no, who=NUMBER, account="sms-invitations")
    latest = await town.rows(
        "select contact_id, given from consent where purpose = 'invitations' order by at"
    )
    assert {row["contact_id"]: row["given"] for row in latest} == dict.fromkeys(people.values(), 0)
    assert await states(town, people) == all_are("active")


async def test_a_no_to_news_of_an_issue_is_a_no_to_that_alone(town: Town) -> None:
    people = await all_write(town)
    await town.talk("no news", ConsentGiven("news", False, "1"), who=NUMBER, account="sms")
    given = await town.rows("select contact_id from consent where purpose = 'news'")
    assert [row["contact_id"] for row in given] == [people["sms"]]


async def test_a_start_elsewhere_does_not_open_what_the_provider_has_closed(town: Town) -> None:
    people = await all_write(town)
    at_sms = {"who": NUMBER, "account": "sms"}
    address_id = (await town.talk("STOP", Stopped(), answered=Command.STOP, **at_sms)).address_id or 0
    await town.talk("START", Started(), who=EVERYWHERE["whatsapp"], account="whatsapp")
    assert await states(town, people) == all_are("active")
    said = Enqueued(address_id, "news", 0, Spoken("There is news", "en"), "news")
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [said], town.now))
    assert await town.claims(account="sms") == []
    assert await states(town, people) == all_are("active")


@pytest.mark.parametrize("told", ["at once", "later"])
async def test_who_has_stopped_a_sender_at_the_provider_has_stopped_everything(town: Town, told: str) -> None:
    people = await all_write(town)
    address_id = (await town.talk("hello", who=NUMBER, account="sms")).address_id or 0
    said = Enqueued(address_id, "news", 0, Spoken("There is news", "en"), "news")
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [said], town.now))
    (claimed,) = await town.claims(account="sms")
    if told == "at once":
        await town.settles(Settled(claimed.id, "refused", reason="stopped", stopped=True))
    else:
        await town.settles(Settled(claimed.id, "sent", "SM1", keep=True))
        report = Report("sms", claimed.id, "SM1", "stopped", "error 21610")
        await town.database.transaction(lambda tx: reported(tx, report, town.now))
    assert await states(town, people) == all_are("stopped")
    await town.talk("START", Started(), who=NUMBER, account="sms")
    assert await states(town, people) == all_are("active")
