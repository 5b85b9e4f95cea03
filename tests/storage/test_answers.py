"""What a council says: what it does to the issue, who hears it, in which language, and when."""

from collections.abc import Sequence
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from core.desk import AnswerKind, Look, LookChoice, News
from core.errors import RefusedRow
from core.events import (
    Blocked,
    ContactErased,
    Event,
    IssueAdded,
    IssueReopened,
    LanguageChosen,
    LanguageHeard,
    NewsSaid,
    QuestionAnswered,
    Stopped,
    TranslationLooked,
)
from storage import answers, contacts, desk_acts, due, turns
from storage.answers import Late, Ready, Rendered, Unasked, Wanted, noon
from storage.tx import Tx
from tests.storage.town import DAY, NOON, Town, filed

LAMP, LIFT, BUS = "GRZ-2222", "GRZ-3333", "GRZ-4444"


async def look_of(town: Town, answer_id: int, language: str) -> Look | None:
    return await town.database.read(lambda tx: answers.look_of(tx, answer_id, language))


async def looks(town: Town, *looked: TranslationLooked) -> list[bool]:
    """Translations are looked at, one after the other; whether nobody had done so before."""
    return await town.database.transaction(lambda tx: _settled(tx, looked, town.now))


async def _settled(tx: Tx, looked: Sequence[TranslationLooked], now: int) -> list[bool]:
    return [await answers.settle_look(tx, one, now) for one in looked]


async def ready(town: Town) -> list[Ready]:
    return await town.database.read(lambda tx: answers.ready(tx, town.now))


async def news_of(town: Town, contact_id: int, news_id: int = 1) -> News | None:
    return await town.database.read(lambda tx: answers.news_of(tx, news_id, contact_id))


async def states(town: Town) -> dict[str, str]:
    """Where the news in each language stands."""
    return {one["language"]: one["state"] for one in (await town.news()).values()}


# What becomes of the issue

THEN, NOW = NOON + DAY, NOON + 3 * DAY
PROMISED = noon("2026-03-10")
#: an issue is to be discussed on a day, and its person has said more since
WAITS = {
    "status": "discussed",
    "answered_at": NOON,
    "replied_at": THEN,
    "promised_at": PROMISED,
    "closed_at": None,
    "late_told_at": None,
}
DONE = {"answered_at": NOW, "replied_at": None, "promised_at": None}


@pytest.mark.parametrize(
    ("kind", "detail", "changed"),
    [
        ("seen", "", {}),
        ("discussed", "2026-04-01", DONE | {"promised_at": noon("2026-04-01")}),
        ("referred", "", DONE | {"status": "referred"}),
        ("asked", "", DONE | {"status": "asked"}),
        ("decided", "", DONE | {"status": "decided"}),
        ("closed", "", DONE | {"status": "closed", "closed_at": NOW}),
        ("said", "", {"answered_at": NOW, "replied_at": None}),
        ("split", f"{LAMP},{LIFT}", {}),
    ],
)
async def test_an_issue_stands_elsewhere_after_an_answer(
    town: Town, kind: AnswerKind, detail: str, changed: dict[str, Any]
) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "discussed", detail="2026-03-10")
    town.now = THEN
    await town.talk("It blinks, too", IssueAdded(LAMP, "It blinks, too", "", (), None))
    town.now = NOW
    await town.says(LAMP, kind, detail=detail)
    issue = await town.issue(LAMP)
    assert {column: issue[column] for column in WAITS} == WAITS | changed
    told = detail if kind == "discussed" else ""
    assert (await town.happened(LAMP))[-1] == (kind, told)


async def test_what_was_read_is_not_answered_yet(town: Town) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "seen")
    issue = await town.issue(LAMP)
    assert (issue["status"], issue["answered_at"]) == ("seen", None)


@pytest.mark.parametrize(("kind", "status", "closed"), [("said", "closed", True), ("asked", "asked", False)])
async def test_a_closed_issue_is_open_again_once_the_council_works_on_it(
    town: Town, kind: AnswerKind, status: str, closed: bool
) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "closed")
    await town.says(LAMP, kind)
    issue = await town.issue(LAMP)
    assert (issue["status"], issue["closed_at"] is not None) == (status, closed)


async def test_nothing_is_said_about_an_issue_that_is_not_there(town: Town) -> None:
    await town.files(LAMP)
    await town.talk("delete", ContactErased())
    before = await town.dump()
    for reference in (LAMP, LIFT):
        with pytest.raises(RefusedRow, match=reference):
            await town.says(reference, "closed")
    assert await town.dump() == before


# Who hears it, and in which language


@pytest.mark.parametrize(
    ("events", "language", "heard"),
    [
        ((LanguageChosen("tr"),), "ar", "tr"),
        ((LanguageHeard("es"),), "ar", "ar"),
        ((LanguageHeard("es"),), None, "es"),
        ((), None, "de"),
    ],
)
async def test_who_raised_it_hears_in_the_language_they_chose_or_wrote_in(
    town: Town, events: Sequence[Event], language: str | None, heard: str
) -> None:
    issue = replace(filed(LAMP, "x"), language=language)
    waiting = await town.talk("x", issue, *events)
    assert (await town.says(LAMP, "seen")).people == 1
    assert await town.news() == {waiting.contact.id: {"reference": LAMP, "language": heard, "state": "ready"}}


@pytest.mark.parametrize(("events", "heard"), [((LanguageHeard("uk"),), "uk"), ((), "ar")])
async def test_who_stands_behind_it_hears_in_their_own(
    town: Town, events: Sequence[Event], heard: str
) -> None:
    await town.files(LAMP)
    other = await town.supports(LAMP, "other")
    await town.talk("and so on", *events, who="other")
    assert (await town.says(LAMP, "seen")).people == 2
    assert (await town.news())[other] == {"reference": LAMP, "language": heard, "state": "ready"}


async def test_a_group_hears_together_and_each_once_about_their_own(town: Town) -> None:
    first = (await town.files(LAMP)).contact.id
    second = (await town.files(LIFT, who="second")).contact.id
    await town.files(BUS)  # by the first
    assert await town.supports(LAMP, "second") == second
    await town.puts_together(BUS, LIFT, LAMP)
    answered = await town.says(LIFT, "decided")
    assert (answered.references, answered.people) == ((LAMP, LIFT, BUS), 2)
    about = {contact: one["reference"] for contact, one in (await town.news()).items()}
    assert about == {first: LAMP, second: LIFT}
    assert {(await town.issue(one))["status"] for one in (LAMP, LIFT, BUS)} == {"decided"}


async def test_that_it_was_read_is_not_said_of_what_is_closed_in_its_group(town: Town) -> None:
    for reference in (LAMP, LIFT):
        await town.files(reference, who=reference)
    await town.says(LAMP, "closed", "Repariert")
    await town.puts_together(LAMP, LIFT)
    assert (await town.says(LIFT, "seen")).references == (LIFT,)
    assert (await town.says(LIFT, "said", "Beides ist repariert")).references == (LAMP, LIFT)


async def test_one_of_a_group_may_be_told_alone(town: Town) -> None:
    first = (await town.files(LAMP)).contact.id
    await town.files(LIFT, who="second")
    await town.puts_together(LAMP, LIFT)
    assert await town.says_late(LAMP)
    assert set(await town.news()) == {first}
    assert (await town.issue(LIFT))["late_told_at"] is None


@pytest.mark.parametrize("gone", ["spam", "withdrawn"])
async def test_what_is_no_issue_any_more_is_not_answered_with_its_group(town: Town, gone: str) -> None:
    first = (await town.files(LAMP)).contact.id
    second = (await town.files(LIFT, who="second")).contact.id
    await town.puts_together(LAMP, LIFT)
    if gone == "spam":
        await town.database.transaction(lambda tx: desk_acts.spam(tx, LIFT, town.now))
    else:
        await town.database.transaction(lambda tx: contacts.erase(tx, second, town.now))
    assert (await town.says(LAMP, "closed")).references == (LAMP,)
    assert set(await town.news()) == {first}
    assert (await town.happened(LIFT))[-1] == (gone, "")


# Its words, in their language


async def spoken_to(town: Town, words: str = "Der Lift geht wieder") -> int:
    """An answer in German to people who read German, Arabic and Turkish; its number."""
    await town.files(LAMP)  # in Arabic
    await town.talk("x", replace(filed(LIFT, "x"), language="tr"), who="turkish")
    await town.talk("x", replace(filed(BUS, "x"), language="de"), who="german")
    await town.puts_together(LAMP, LIFT, BUS)
    return (await town.says(LAMP, "said", words)).answer_id


async def test_what_is_in_no_language_of_theirs_waits_for_a_machine(town: Town) -> None:
    answer_id = await spoken_to(town)
    assert await states(town) == {"ar": "waiting", "tr": "waiting", "de": "ready"}
    waiting = await town.database.read(lambda tx: answers.waiting(tx, town.now, 10))
    assert sorted(waiting, key=lambda one: one.language) == [
        Wanted(answer_id, tag, "de", "Der Lift geht wieder", 0) for tag in ("ar", "tr")
    ]
    await town.renders(
        Rendered(answer_id, "ar", "ready", "المصعد يعمل", engine="argos"),
        Rendered(answer_id, "tr", "look", "Asansör", "Der Lift", "weighty"),
    )
    assert await states(town) == {"ar": "ready", "tr": "waiting", "de": "ready"}
    assert await town.database.read(lambda tx: answers.waiting(tx, town.now, 10)) == []
    assert await look_of(town, answer_id, "ar") is None
    assert await look_of(town, answer_id, "tr") == Look(
        answer_id, "tr", LAMP, "de", "Der Lift geht wieder", "Asansör", "Der Lift", "weighty"
    )


async def test_a_machine_that_failed_tries_it_later_and_writes_over_nobody(town: Town) -> None:
    answer_id = await spoken_to(town)
    (ar, tr) = await town.database.read(lambda tx: answers.waiting(tx, town.now, 10))
    later = town.now + DAY
    await town.database.transaction(lambda tx: answers.later(tx, tr, later))
    assert await town.database.read(lambda tx: answers.waiting(tx, town.now, 10)) == [ar]
    town.now = later
    again = await town.database.read(lambda tx: answers.waiting(tx, town.now, 10))
    assert [one.attempts for one in again] == [0, 1]
    await town.renders(Rendered(answer_id, "tr", "look", "Asansör", reason="checks"))
    await looks(town, TranslationLooked(answer_id, "tr", "write", "Asansör çalışıyor"))
    await town.renders(Rendered(answer_id, "tr", "ready", "Kaldırma"))
    (row,) = await town.rows("select words, made_by from rendering where language = 'tr'")
    assert row == {"words": "Asansör çalışıyor", "made_by": "person"}


@pytest.mark.parametrize(
    ("choice", "words", "made_by", "original"),
    [
        ("send", "Asansör", "machine", "Der Lift"),
        ("write", "Asansör çalışıyor", "person", "Der Lift"),
        ("original", "Der Lift", "", "Der Lift"),
    ],
)
async def test_when_two_look_the_first_decides_what_goes_out(
    town: Town, choice: LookChoice, words: str, made_by: str, original: str
) -> None:
    person = await town.talk("x", replace(filed(LAMP, "x"), language="tr"))
    answer_id = (await town.says(LAMP, "said", "Der Lift")).answer_id
    await town.renders(Rendered(answer_id, "tr", "look", "Asansör"))
    first = TranslationLooked(answer_id, "tr", choice, "Asansör çalışıyor")
    second = TranslationLooked(answer_id, "tr", "write", "Too late")
    assert await looks(town, first, second) == [True, False]
    assert await states(town) == {"tr": "ready"}
    said = await news_of(town, person.contact.id)
    assert said is not None
    assert (said.words, said.made_by, said.original) == (words, made_by, original)


async def test_what_is_not_the_latest_any_more_may_be_left(town: Town) -> None:
    person = await town.talk("x", replace(filed(LAMP, "x"), language="tr"))
    older = (await town.says(LAMP, "discussed", "Im Rathaus", detail="2026-03-10")).answer_id
    await town.renders(Rendered(older, "tr", "look", "Belediyede"))
    town.now += DAY
    newer = (await town.says(LAMP, "said", "Doch nicht")).answer_id
    left = TranslationLooked(older, "tr", "leave")
    assert await looks(town, left, TranslationLooked(older, "tr", "send")) == [True, False]
    await town.renders(Rendered(newer, "tr", "ready", "Hayır"))
    (news,) = await ready(town)
    said = await news_of(town, person.contact.id, news.id)
    assert said is not None
    assert (said.kind, said.words) == ("said", "Hayır")


@pytest.mark.parametrize(
    ("state", "told"),
    [("waiting", False), ("ready", False), ("begun", False), ("said", True), ("untold", True)],
)
async def test_what_was_said_is_known_to_its_person_once_it_was_told(
    town: Town, state: str, told: bool
) -> None:
    await town.files(LAMP)
    town.now += DAY
    await town.says(LAMP, "asked", "Where?")
    await town.change(f"update news set state = '{state}'")
    await town.hears("status")
    (waiting,) = await town.waiting()
    known = await town.database.read(
        lambda tx: turns.known(tx, [waiting], {waiting.inbox_id: {"issues"}}, {}, town.now)
    )
    (issue,) = known[waiting.inbox_id].issues
    assert [(one.what, one.told) for one in issue.history] == [("filed", True), ("asked", told)]


async def test_whoever_wrote_an_answer_is_asked_once_to_look_at_it(town: Town) -> None:
    answer_id = await spoken_to(town)
    await town.renders(Rendered(answer_id, "tr", "look", "Asansör"))
    assert await town.database.read(answers.unasked) == [
        Unasked(answer_id, "tr", town.ids.councils["graz"], None)
    ]
    await town.database.transaction(lambda tx: answers.was_asked(tx, answer_id, "tr", town.now))
    assert await town.database.read(answers.unasked) == []


# News


async def test_news_is_for_its_own_person(town: Town) -> None:
    one = await town.files(LAMP)
    await town.files(LIFT, who="other")
    await town.says(LAMP, "discussed", detail="2026-03-10")
    hear_by = (await town.issue(LAMP))["hear_by"]
    assert await news_of(town, one.contact.id) == News(
        1, LAMP, "discussed", "2026-03-10", "", "", "", hear_by
    )
    assert await news_of(town, one.contact.id + 1) is None
    assert await news_of(town, one.contact.id, 2) is None


async def test_news_is_said_once_and_may_be_put_off(town: Town) -> None:
    one = await town.files(LAMP)
    await town.says(LAMP, "seen")
    (news,) = await ready(town)
    assert (news.contact_id, news.kind, news.council, news.reachable) == (
        *(one.contact.id, "seen", "graz", True),
    )
    await town.database.transaction(lambda tx: answers.put_off(tx, news.id, town.now + DAY))
    assert await ready(town) == []
    town.now += DAY
    assert len(await ready(town)) == 1
    await town.database.transaction(lambda tx: answers.begun(tx, news.id))
    assert await ready(town) == []
    await town.files(LIFT, who="other")
    await town.talk("hello", NewsSaid(news.id), who="other")
    assert await states(town) == {"ar": "begun"}  # it is not theirs
    await town.talk("hello", NewsSaid(news.id))
    assert await states(town) == {"ar": "said"}


@pytest.mark.parametrize(
    ("event", "reachable"),
    [(Stopped(), [False]), (Blocked(), [False]), (ContactErased(), []), (None, [True])],
)
async def test_who_cannot_be_reached_is_known_before_it_is_said(
    town: Town, event: Event | None, reachable: Sequence[bool]
) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "seen")
    await town.talk("x", *([event] if event else []))
    assert [one.reachable for one in await ready(town)] == reachable


async def test_who_is_muted_hears_nothing(town: Town) -> None:
    one = await town.files(LAMP)
    await town.says(LAMP, "seen")
    await town.database.transaction(lambda tx: contacts.mute(tx, one.contact.id, True))
    (news,) = await ready(town)
    assert not news.reachable
    await town.database.transaction(lambda tx: answers.untold(tx, news.id))
    assert await ready(town) == []
    whose = await town.database.read(lambda tx: answers.whose(tx, news.id))
    assert whose == answers.Whose(LAMP, town.ids.councils["graz"], None, "seen")


# The person speaks again, or nobody has


async def told_to_staff(town: Town) -> list[dict[str, Any]]:
    found = await town.database.read(lambda tx: due.take(tx, town.now, [desk_acts.TELL]))
    return [dict(one.detail) for one in found]


@pytest.mark.parametrize(
    ("kind", "event", "what", "status"),
    [
        ("asked", QuestionAnswered(LAMP), "replied", "asked"),
        ("closed", IssueReopened(LAMP), "reopened", "reopened"),
    ],
)
async def test_once_its_person_speaks_again_the_council_has_to(
    town: Town, kind: AnswerKind, event: Event, what: Literal["replied", "reopened"], status: str
) -> None:
    await town.files(LAMP)
    await town.says(LAMP, kind)
    town.now += 20 * DAY
    await town.talk("It is not solved", event)
    issue = await town.issue(LAMP)
    assert {column: issue[column] for column in (*WAITS, "hear_by")} == WAITS | {
        "status": status,
        "answered_at": None,
        "replied_at": town.now,
        "promised_at": None,
        "hear_by": town.now + 14 * DAY,
    }
    assert (await town.happened(LAMP))[-1] == (what, "")
    assert await told_to_staff(town) == [{"what": what, "reference": LAMP}]


@pytest.mark.parametrize("event", [QuestionAnswered(LAMP), IssueReopened(LAMP)])
async def test_nobody_speaks_for_another(town: Town, event: Event) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "asked")
    before = await town.issue(LAMP), await town.happened(LAMP)
    await town.talk("It is not solved", event, who="stranger")
    assert (await town.issue(LAMP), await town.happened(LAMP)) == before


async def test_an_answer_to_what_is_closed_by_now_does_not_open_it(town: Town) -> None:
    await town.files(LAMP)
    await town.says(LAMP, "asked")
    await town.says(LAMP, "closed")
    await town.talk("Number twelve", QuestionAnswered(LAMP))
    issue = await town.issue(LAMP)
    assert (issue["status"], issue["replied_at"]) == ("closed", None)


async def late(town: Town) -> list[str]:
    return [one.reference for one in await town.database.read(lambda tx: answers.late(tx, town.now))]


async def test_what_nobody_answered_is_late_until_its_person_knows(town: Town) -> None:
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
        town.now += DAY
    await town.says(LIFT, "asked")
    await town.says(BUS, "seen")
    town.now += 11 * DAY
    assert await late(town) == []
    town.now += DAY
    assert await late(town) == [LAMP]
    town.now += 2 * DAY
    assert await late(town) == [LAMP, BUS]
    assert await town.database.read(lambda tx: answers.late(tx, town.now, 1)) == [
        Late((await town.issue(LAMP))["id"], LAMP, town.ids.councils["graz"])
    ]
    assert await town.says_late(LAMP)
    assert not await town.says_late(LAMP)  # another process was faster
    assert (await town.issue(LAMP))["late_told_at"] == town.now
    assert (await town.happened(LAMP))[-1] == ("late", "")
    await town.says(BUS, "closed")
    assert await late(town) == []
    await town.talk("It is not solved", IssueReopened(BUS), who=BUS)
    await town.talk("Number twelve", QuestionAnswered(LIFT), who=LIFT)
    town.now += 15 * DAY
    assert sorted(await late(town)) == [LIFT, BUS]


async def test_staff_who_spoke_last_are_asked_again(town: Town) -> None:
    await town.files(LAMP)
    assert await town.database.read(lambda tx: answers.asked_by(tx, LAMP)) is None
    await town.joins("anna")
    await town.says(LAMP, "asked", staff_id=1)
    await town.says_late(LAMP)
    assert await town.database.read(lambda tx: answers.asked_by(tx, LAMP)) == 1
    council = await town.database.read(lambda tx: answers.council_of(tx, LAMP))
    assert council == town.ids.councils["graz"]
