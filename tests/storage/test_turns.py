"""Everything that a turn leads to is written, in one commit."""

import pytest
from msgspec.structs import replace

from core.errors import RefusedRow
from core.events import (
    AnsweredInTwo,
    Blocked,
    ConsentGiven,
    ContactErased,
    CouncilChosen,
    DraftClosed,
    DraftOpened,
    IssueAdded,
    IssueCorrected,
    IssueDetailed,
    LanguageChosen,
    LanguageHeard,
    MessageEdited,
    Started,
    Stopped,
    Unblocked,
)
from core.issue import Happened, OwnIssue
from core.talk import Attachment, Spoken
from storage import turns
from tests.storage.town import DAY, SECOND, Town, filed, outcome


async def test_a_message_that_was_heard_is_done_and_its_words_are_gone(town: Town) -> None:
    await town.talk("a secret")
    assert await town.waiting() == []
    (row,) = await town.rows("select status, body from inbox")
    assert row == {"status": "done", "body": None}


async def test_what_we_say_is_queued_in_order_and_only_once(town: Town) -> None:
    await town.hears()
    (waiting,) = await town.waiting()
    turned = outcome(waiting, says=["one", "two"])
    await town.write(turned)
    await town.write(turned)
    assert await town.sends() == ["one", "two"]


async def test_a_draft_is_reminded_of_and_expires_until_it_is_closed(town: Town) -> None:
    await town.hears()
    (waiting,) = await town.waiting()
    for at in (1, 2):  # opened again, it is reminded of later
        await town.write(outcome(waiting, DraftOpened(), reminder_at=town.now + at, expire_at=town.now + DAY))
    contact = waiting.contact.id
    due = await town.rows("select kind, key, at, contact_id from due order by at")
    assert due == [
        {"kind": "remind", "key": f"{contact}:remind", "at": town.now + 2, "contact_id": contact},
        {"kind": "expire", "key": f"{contact}:expire", "at": town.now + DAY, "contact_id": contact},
    ]
    await town.write(outcome(waiting, DraftClosed(erased=False)))
    assert await town.rows("select * from due") == []


async def test_a_filed_issue_is_kept_as_it_was_said(town: Town) -> None:
    issue = filed("GRZ-7K4M", "The lamp", "is broken", place="Griesplatz", latitude=47.07, longitude=15.43)
    await town.hears()
    (waiting,) = await town.waiting()
    await town.write(outcome(waiting, replace(issue, danger=True), hear_by=town.now + 3 * DAY))
    (row,) = await town.rows("select * from issue")
    assert (row["reference"], row["kind"], row["status"], row["channel"], row["language"], row["danger"]) == (
        ("GRZ-7K4M", "problem", "filed", "telegram", "ar", 1)
    )
    assert (row["place"], row["latitude"], row["longitude"]) == ("Griesplatz", 47.07, 15.43)
    assert (row["filed_at"], row["hear_by"]) == (town.now, town.now + 3 * DAY)
    texts = await town.rows("select role, words, ref, language from text order by id")
    assert [(text["role"], text["words"], text["ref"]) for text in texts] == [
        ("original", "The lamp", "ref 0"),
        ("original", "is broken", "ref 1"),
    ]
    (consent,) = await town.rows("select purpose, given, notice_version, channel from consent")
    assert consent == {"purpose": "issue", "given": 1, "notice_version": "1", "channel": "telegram"}
    assert [row["what"] for row in await town.rows("select what from issue_history")] == ["filed"]


async def test_details_additions_and_corrections_belong_to_the_issue(town: Town) -> None:
    await town.files("GRZ-7K4M", "The lamp is broken")
    await town.talk("1", IssueDetailed("GRZ-7K4M", "topic", "safety"))
    await town.talk("here", IssueDetailed("GRZ-7K4M", "place", "Griesplatz", 47.0, 15.0))
    await town.talk("all", IssueDetailed("GRZ-7K4M", "affected", "children"))
    await town.talk("also", IssueAdded("GRZ-7K4M", "and the bench", "r", (), "de"))
    await town.talk("edit", MessageEdited("GRZ-7K4M", "and the benches", "r"))
    (row,) = await town.rows("select topic, place, latitude, longitude, affected from issue")
    assert row == {
        "topic": "safety",
        "place": "Griesplatz",
        "latitude": 47.0,
        "longitude": 15.0,
        "affected": "children",
    }
    assert await _words(town) == ["The lamp is broken", "and the bench", "and the benches"]
    await town.talk("no:", IssueCorrected("GRZ-7K4M", "Two lamps are broken", "r2", (), "de"))
    assert await _words(town) == ["Two lamps are broken"]
    history = await town.rows("select what, detail from issue_history order by id")
    assert [row["what"] for row in history] == [
        *("filed", "topic", "place", "affected"),
        *("added", "edited", "corrected"),
    ]
    assert {row["detail"] for row in history} == {""}


@pytest.mark.parametrize(
    "event",
    [
        IssueAdded("GRZ-7K4M", "he has a knife", "r", (), "en", danger=True),
        IssueCorrected("GRZ-7K4M", "he has a knife", "r", (), "en", danger=True),
        MessageEdited("GRZ-7K4M", "he has a knife", "r", danger=True),
    ],
    ids=["added", "corrected", "edited"],
)
async def test_a_danger_named_later_is_raised_and_never_lowered(
    town: Town, event: IssueAdded | IssueCorrected | MessageEdited
) -> None:
    await town.files("GRZ-7K4M", "The stairs are dark")
    calm = replace(event, text="it is calm", danger=False)
    found = []
    for happened, who in ((calm, "4711"), (event, "other"), (event, "4711"), (calm, "4711")):
        await town.talk("x", happened, who=who)
        found += [row["danger"] for row in await town.rows("select danger from issue")]
    assert found == [0, 0, 1, 1]


async def _words(town: Town) -> list[str]:
    rows = await town.rows("select words from text where superseded_at is null order by id")
    return [row["words"] for row in rows]


async def test_nobody_changes_the_issue_of_another(town: Town) -> None:
    await town.files("GRZ-7K4M", "The lamp is broken")
    before = await town.rows("select * from issue")
    await town.talk("x", IssueDetailed("GRZ-7K4M", "topic", "work"), who="other")
    await town.talk("x", IssueCorrected("GRZ-7K4M", "nonsense", "", (), None), who="other")
    assert await town.rows("select * from issue") == before
    assert await _words(town) == ["The lamp is broken"]


async def test_pictures_are_attached_when_filed_and_removed_when_the_draft_is_erased(town: Town) -> None:
    photos = tuple(Attachment(f"photo{n}", "photo", f"file:up{n}") for n in range(3))
    await town.hears(attachments=photos)
    await town.turn(filed("GRZ-7K4M", "x", media=("photo0",)), DraftClosed(erased=True, media=("photo1",)))
    await town.talk("x", IssueAdded("GRZ-7K4M", "", "", ("photo2",), None))
    rows = await town.rows(
        "select m.id, i.reference from media m join issue i on i.id = m.issue_id order by 1"
    )
    assert [(row["id"], row["reference"]) for row in rows] == [("photo0", "GRZ-7K4M"), ("photo2", "GRZ-7K4M")]
    assert len(await town.rows("select id from media")) == 2
    (due,) = await town.rows("select kind, detail from due")
    assert due == {"kind": "media.erase", "detail": '{"files":["up1"]}'}
    assert len(await town.rows("select id from text")) == 1  # none where there were no words


async def test_what_is_heard_never_overrides_the_language_that_was_chosen(town: Town) -> None:
    heard = []
    for event in (LanguageHeard("de"), LanguageChosen("ar"), LanguageHeard("en"), LanguageChosen("uk")):
        await town.talk("x", event)
        (row,) = await town.rows("select language, language_chosen from contact")
        heard.append((row["language"], row["language_chosen"]))
    assert heard == [("de", 0), ("ar", 1), ("ar", 1), ("uk", 1)]


async def test_a_council_is_chosen_among_those_there_are(town: Town) -> None:
    await town.talk("/start empoli", CouncilChosen("empoli"))
    await town.talk("/start nowhere", CouncilChosen("nowhere"))
    await town.hears()
    assert (await town.waiting())[0].contact.council == "empoli"


async def test_stop_drops_all_that_waits_but_the_answer_to_it(town: Town) -> None:
    await town.talk("x", says=["queued before"])
    goodbye = Spoken("We write no more.", "en", farewell=True)
    await town.talk("stop", Stopped(), says=[goodbye, "not this"])
    await town.talk("hm", says=["nor this"])
    assert await town.sends() == ["We write no more."]
    reasons = await town.rows("select status, reason from outbox order by id")
    assert [(row["status"], row["reason"]) for row in reasons] == [
        *(("dropped", "stopped"), ("sent", "")),
        *(("dropped", "stopped"), ("dropped", "stopped")),
    ]
    await town.talk("start", Started(), says=["Welcome back."])
    assert await town.sends() == ["Welcome back."]


async def test_a_blocked_address_gets_nothing_until_it_is_unblocked(town: Town) -> None:
    await town.talk("x", says=["queued before"])
    await town.talk("", Blocked(), kind="blocked")
    await town.talk("x", says=["queued after"])
    assert await town.sends() == []
    await town.talk("", Unblocked(), says=["There you are."], kind="unblocked")
    assert await town.sends() == ["There you are."]


async def test_what_is_said_quietly_waits_and_is_superseded_by_the_next_message(town: Town) -> None:
    await town.hears("one")
    (waiting,) = await town.waiting()
    quiet = Spoken("Send it?", "en", quiet=True)
    await town.write(outcome(waiting, says=[quiet], quiet_until=town.now + 20 * SECOND))
    assert await town.sends() == []
    town.now += 10 * SECOND
    await town.hears("two")
    (waiting,) = await town.waiting()
    await town.write(outcome(waiting, says=[quiet], quiet_until=town.now + 20 * SECOND))
    town.now += 19 * SECOND
    assert await town.sends() == []
    town.now += SECOND
    assert await town.sends() == ["Send it?"]
    (first, _) = await town.rows("select status, reason from outbox order by id")
    assert first == {"status": "dropped", "reason": "superseded"}


async def test_a_turn_is_written_whole_or_not_at_all(town: Town) -> None:
    await town.files("GRZ-7K4M")
    before = await town.dump()
    for number in range(64):
        await town.hears(who=str(number))
    stored = await town.dump()
    waiting = await town.waiting()
    outcomes = [outcome(one, filed(f"GRZ-{one.inbox_id}", "x"), says=["y"]) for one in waiting]
    outcomes[31] = outcome(waiting[31], filed("GRZ-7K4M", "taken"), says=["z"])
    with pytest.raises(RefusedRow):
        await town.write(*outcomes)
    assert await town.dump() == stored
    assert stored["issue"] == before["issue"]
    await town.write(*outcomes[:31], *outcomes[32:])
    assert len(await town.waiting()) == 1


async def test_known_tells_what_was_asked_for(town: Town) -> None:
    await town.files("GRZ-2222", "The lamp is broken", who="a")
    await town.talk("1", IssueDetailed("GRZ-2222", "topic", "safety"), who="a")
    await town.talk("3", IssueDetailed("GRZ-2222", "affected", "several"), who="a")
    town.now += SECOND
    await town.files("GRZ-3333", "The bus is late", who="a")
    await town.talk("yes", ConsentGiven("invitations", True, "1"), who="a", says=["Thank you."])
    await town.talk("no", ConsentGiven("invitations", False, "1"), who="a")
    await town.hears("status", who="a")
    await town.hears("nothing to know", who="b")
    waiting = await town.waiting()
    mine = waiting[0].inbox_id
    known = await town.database.read(
        lambda tx: turns.known(tx, waiting, {mine: {"issues", "data"}}, {}, town.now)
    )
    assert list(known) == [mine]
    happened = tuple(Happened(town.now - SECOND, what) for what in ("filed", "topic", "affected"))
    assert known[mine].issues == (
        OwnIssue(
            "GRZ-3333",
            "filed",
            town.now,
            town.now + 14 * DAY,
            "The bus is late",
            history=(Happened(town.now, "filed"),),
        ),
        OwnIssue(
            "GRZ-2222",
            "filed",
            town.now - SECOND,
            town.now - SECOND + 14 * DAY,
            "The lamp is broken",
            "safety",
            affected="several",
            history=happened,
        ),
    )
    assert [(purpose, given) for purpose, given, _ in known[mine].consents] == [
        ("issue", True),
        ("invitations", False),
    ]
    assert (known[mine].waiting, known[mine].channels, known[mine].edited) == (1, ("telegram",), "")


async def test_a_no_after_the_clock_was_set_back_is_the_last_word(town: Town) -> None:
    await town.talk("yes", ConsentGiven("invitations", True, "1"))
    town.now -= 60 * SECOND
    await town.talk("no", ConsentGiven("invitations", False, "1"))
    await town.hears("hello")
    (waiting,) = await town.waiting()
    assert waiting.contact.invitations is False


async def test_the_two_languages_that_we_answered_in_are_kept_until_all_is_deleted(town: Town) -> None:
    await town.talk("luz", AnsweredInTwo(("en", "es")))
    waiting = await town.talk("delete", ContactErased())
    assert waiting.contact.two_languages == ("en", "es")
    waiting = await town.talk("hello")
    assert waiting.contact.two_languages == ()


async def test_an_edit_finds_the_issue_its_message_belongs_to(town: Town) -> None:
    await town.files("GRZ-2222", "The lamp is brocken", who="a")
    await town.files("GRZ-3333", "The lamp is brocken", who="b")
    await town.hears("The lamp is broken", who="b", kind="edit", ref="ref 0")
    await town.hears("Nothing we know", who="a", kind="edit", ref="ref 9")
    waiting = await town.waiting()
    known = await town.database.read(
        lambda tx: turns.known(tx, waiting, {one.inbox_id: {"edited"} for one in waiting}, {}, town.now)
    )
    assert [known[one.inbox_id].edited for one in waiting] == ["GRZ-3333", ""]


async def test_free_references_are_those_that_nobody_has(town: Town) -> None:
    await town.files("GRZ-2222")
    free = await town.database.read(lambda tx: turns.free_references(tx, ["GRZ-2222", "GRZ-3333"]))
    assert free == {"GRZ-3333"}
