"""Which issues may stand in a digest, that it is made once, and what is left of it later."""

import asyncio
import dataclasses

import pytest
from msgspec.structs import replace

from core.digest import Count, Entry, Matter, Proposal
from core.events import ContactErased, IssueAdded, IssueDetailed, IssueReopened, QuestionAnswered
from storage import desk_acts, digests
from storage.answers import Rendered, noon
from storage.digests import Item
from tests.storage.town import DAY, Town, filed

LAMP, LIFT, BUS, TREE = "GRZ-2222", "GRZ-3333", "GRZ-4444", "GRZ-5555"


async def candidates(town: Town, *, days: int = 7) -> list[Entry]:
    """What may stand in the digest of the days until now."""
    digest = town.digest(days=days)
    return await town.database.read(lambda tx: digests.candidates(tx, digest, "de"))


async def listed(town: Town) -> list[str]:
    return sorted(entry.reference for entry in await candidates(town))


async def matter(town: Town, week: str = "2026-W09") -> Matter:
    """The digest of a week as it reads now."""
    council = town.ids.councils["graz"]
    stored = await town.database.read(lambda tx: digests.of_week(tx, council, week))
    assert stored is not None
    return await town.database.read(lambda tx: digests.matter(tx, stored, "de"))


async def count(town: Town, days: int = 7) -> Count:
    """What came and went in the last days."""
    council, since, until = town.ids.councils["graz"], town.now - days * DAY, town.now
    return await town.database.read(lambda tx: digests.count(tx, council, since, until))


# Which may stand in it


async def test_the_weeks_issues_may_stand_in_it_and_no_older_ones(town: Town) -> None:
    await town.files(LAMP, who="before")
    town.now += 1
    await town.files(LIFT, who="first of the week")
    town.now += 7 * DAY - 1
    await town.files(BUS, who="last of the week")
    await town.talk("x", filed("EMP-2222", "x", council="empoli"), who="elsewhere")
    town.now += 1
    await town.files(TREE, who="after")
    assert await listed(town) == [LIFT, BUS]


async def test_older_ones_stand_in_it_while_the_council_has_to_speak(town: Town) -> None:
    for reference in (LAMP, LIFT, BUS, TREE):
        await town.files(reference, who=reference)
    await town.says(LIFT, "asked")
    await town.says(BUS, "discussed", detail="2026-04-01")
    await town.says(TREE, "closed")
    town.now += 8 * DAY
    assert await listed(town) == [BUS]  # promised
    await town.talk("Number twelve", QuestionAnswered(LIFT), who=LIFT)
    await town.talk("Not solved", IssueReopened(TREE), who=TREE)
    assert await listed(town) == [LIFT, BUS, TREE]
    town.now += 6 * DAY
    assert LAMP not in await listed(town)  # an answer was promised for today
    town.now += 1
    assert await listed(town) == [LAMP, LIFT, BUS, TREE]
    for reference in (LAMP, LIFT, BUS, TREE):
        await town.says(reference, "closed")
    assert await listed(town) == []


async def test_what_is_spam_or_was_taken_back_is_left_out(town: Town) -> None:
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
        await town.says(reference, "discussed", detail="2026-04-01")
        await town.talk("more", IssueAdded(reference, "more", "", (), "ar"), who=reference)
    town.now += 15 * DAY
    await town.database.transaction(lambda tx: desk_acts.spam(tx, LAMP, town.now))
    await town.talk("delete", ContactErased(), who=LIFT)
    assert await listed(town) == [BUS]
    assert [entry.reference for entry in await candidates(town, days=30)] == [BUS]


async def test_what_was_taken_back_takes_no_room_from_what_waits(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_WAITING", 1)
    for reference, promised in ((LAMP, "2026-03-10"), (LIFT, "2026-03-11")):
        await town.files(reference, who=reference)
        await town.says(reference, "discussed", detail=promised)
    await town.talk("delete", ContactErased(), who=LAMP)
    town.now += 8 * DAY
    assert await listed(town) == [LIFT]


async def test_what_was_closed_takes_no_room_from_what_is_new(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_NEW", 1)
    await town.files(LAMP, who="before")
    await town.says(LAMP, "closed")
    town.now += 1
    await town.files(LIFT, who="after")
    town.now += 1
    assert await listed(town) == [LIFT]


async def test_an_entry_says_all_that_a_digest_is_planned_by(town: Town) -> None:
    person = await town.talk("x", replace(filed(LAMP, "Die Laterne", danger=True), language="de"))
    await town.talk("1", IssueDetailed(LAMP, "topic", "safety"))
    await town.supports(LAMP, "other")
    await town.files(LIFT, who="third")
    await town.puts_together(LAMP, LIFT)
    filed_at = town.now
    await town.says(LAMP, "discussed", detail="2026-03-10", together=False)
    town.now += 1
    await town.says_late(LAMP)
    await town.talk("Sie blinkt", IssueAdded(LAMP, "Sie blinkt", "", (), "de"))
    entry, _ = await candidates(town)
    assert entry == Entry(
        issue_id=entry.issue_id,
        reference=LAMP,
        kind="problem",
        status="discussed",
        topic="safety",
        place="",
        language="de",
        filed_at=filed_at,
        hear_by=filed_at + 14 * DAY,
        answered_at=filed_at,
        late_told_at=town.now,
        promised_at=noon("2026-03-10"),
        replied_at=town.now,
        danger=True,
        people=3,
        group=entry.group,
        media=0,
        reading=entry.reading,
        original="Die Laterne\nSie blinkt",
        person=person.contact.id,
    )
    assert entry.reading.words == "Die Laterne\nSie blinkt"
    assert entry.group


async def test_an_entry_knows_since_when_it_is_open_again(town: Town) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "closed")
    town.now += DAY
    await town.talk("Not solved", IssueReopened(LAMP))
    assert [(one.status, one.reopened_at) for one in await candidates(town)] == [("reopened", town.now)]


# Made once


async def test_a_week_has_one_digest_even_if_two_make_it_at_once(town: Town) -> None:
    await town.files(LAMP)
    made = await asyncio.gather(*(town.makes_digest(LAMP) for _ in range(2)))
    assert [one for one in made if one is not None] == [1]
    assert await town.makes_digest() is None
    assert len(await town.rows("select * from digest_item")) == 1
    assert await town.makes_digest(week="2026-W10") is not None
    assert await town.makes_digest(council="empoli") is not None


async def test_the_last_digest_is_known_and_each_by_its_number(town: Town) -> None:
    council = town.ids.councils["graz"]
    assert await town.database.read(lambda tx: digests.last(tx, council)) is None
    await town.makes_digest(week="2026-W09")
    town.now += 7 * DAY
    await town.makes_digest(week="2026-W10")
    last = await town.database.read(lambda tx: digests.last(tx, council))
    assert last is not None
    assert dataclasses.replace(last, id=0) == town.digest("2026-W10")
    assert await town.database.read(lambda tx: digests.by_id(tx, last.id)) == last
    assert await town.database.read(lambda tx: digests.by_id(tx, last.id + 9)) is None
    assert await town.database.read(lambda tx: digests.council_id(tx, "graz")) == council


# What is left of it


async def test_what_was_taken_back_is_not_in_it_any_more_and_the_numbers_stay(town: Town) -> None:
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
    pair, trio = await town.proposes([LAMP, LIFT], [LAMP, LIFT, BUS])
    town.now += 1
    await town.makes_digest(LAMP, LIFT, BUS, proposals=[pair, trio])
    told = await matter(town)
    assert [(entry.number, entry.reference) for entry in told.new] == [(1, LAMP), (2, LIFT), (3, BUS)]
    assert [(one.number, one.numbers) for one in told.proposals] == [(1, (1, 2)), (2, (1, 2, 3))]
    await town.talk("delete", ContactErased(), who=LIFT)
    left = await matter(town)
    assert [(entry.number, entry.reference) for entry in left.new] == [(1, LAMP), (3, BUS)]
    waiting = left.new[0].reading
    assert left.proposals == (Proposal(2, (1, 3), (waiting, waiting)),)
    assert (left.first, left.promised) == ((), ())
    council = town.ids.councils["graz"]
    items = await town.database.read(lambda tx: digests.items_of(tx, 1))
    assert [one.number for one in items] == [1, 2, 3]
    assert items[0] == Item(1, (await town.issue(LAMP))["id"], "new")
    assert await town.database.read(lambda tx: digests.council_id(tx, "graz")) == council


async def test_a_proposal_that_was_decided_on_is_not_in_it_any_more(town: Town) -> None:
    await town.joins("anna")
    for reference in (LAMP, LIFT):
        await town.files(reference, who=reference)
    await town.makes_digest(LAMP, LIFT, proposals=await town.proposes([LAMP, LIFT]))
    assert len((await matter(town)).proposals) == 1
    await town.change("update proposal set state = 'declined'")
    assert (await matter(town)).proposals == ()


@pytest.mark.parametrize("section", ["first", "new", "promised"])
async def test_an_issue_stands_where_it_was_put(town: Town, section) -> None:
    await town.files(LAMP)
    await town.makes_digest(LAMP, section=section)
    told = await matter(town)
    assert [entry.reference for entry in getattr(told, section)] == [LAMP]
    assert len((*told.first, *told.new, *told.promised)) == 1


async def test_it_tells_what_waits_for_a_look_and_how_much_more_is_overdue(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_WAITING", 1)
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
    answer_id = (await town.says(LAMP, "said", "Der Lift")).answer_id
    await town.renders(Rendered(answer_id, "ar", "look", "المصعد"))
    town.now += 15 * DAY
    await town.makes_digest()
    told = await matter(town)
    assert (told.looks, told.look_references, told.waiting) == (1, (LAMP,), 1)
    assert (told.week, told.since, told.until) == ("2026-W09", town.now - 7 * DAY, town.now)


# Counted


async def test_what_came_and_went_is_counted(town: Town) -> None:
    await town.talk("x", replace(filed(LAMP, "x"), language="ar"), who="one")
    await town.talk("x", replace(filed(LIFT, "x"), language="ar"), who="one")
    await town.talk("x", replace(filed(BUS, "x"), language="tr"), who="two")
    await town.talk("x", filed(TREE, "x"), who="spammer")
    await town.talk("1", IssueDetailed(LAMP, "topic", "safety"), who="one")
    await town.database.transaction(lambda tx: desk_acts.spam(tx, TREE, town.now))
    town.now += 1
    assert await count(town) == Count(
        filed=3, people=2, by_topic={"": 2, "safety": 1}, by_language={"ar": 1, "tr": 1}
    )
    assert await count(town, days=0) == Count()


async def test_an_issue_that_was_answered_twice_is_one_that_was_answered(town: Town) -> None:
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
    await town.says(LAMP, "seen")
    await town.says(LAMP, "asked")
    await town.says(LAMP, "closed")
    await town.says(LIFT, "referred")
    await town.says_late(BUS)
    await town.says(BUS, "split")
    town.now += 1
    counted = await count(town)
    assert (counted.answered, counted.closed) == (2, 1)
    assert (await count(town, days=0)).answered == 0


async def test_who_took_their_issue_back_is_counted_in_no_language(town: Town) -> None:
    await town.files(LAMP)
    await town.talk("delete", ContactErased())
    town.now += 1
    counted = await count(town)
    assert (counted.filed, counted.people, counted.by_language) == (1, 0, {})


async def test_this_week_stands_beside_the_last(town: Town) -> None:
    await town.files(LAMP, who="one")
    town.now += 7 * DAY
    for reference in (LIFT, BUS):
        await town.files(reference, who=reference)
    town.now += 1
    await town.makes_digest(LIFT, BUS)
    told = await matter(town)
    assert (told.this_week.filed, told.last_week.filed) == (2, 1)


# What is compared


async def test_open_issues_are_compared_in_the_councils_language(town: Town) -> None:
    await town.talk("x", replace(filed(LAMP, "Die Laterne", place="Griesplatz"), language="de"), who="one")
    town.now += 1
    for reference in (LIFT, BUS):
        await town.files(reference, who=reference)
    await town.says(BUS, "closed")
    council, since = town.ids.councils["graz"], town.now - DAY
    found = await town.database.read(lambda tx: digests.comparable(tx, council, since, "de"))
    ids = [(await town.issue(one))["id"] for one in (LIFT, LAMP)]
    assert [(one.id, one.place, one.words) for one in found] == [
        (ids[0], "", ""),
        (ids[1], "Griesplatz", "Die Laterne"),
    ]
