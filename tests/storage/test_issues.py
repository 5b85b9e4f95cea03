"""Issues are exported in the order they were filed, flat in memory."""

import tracemalloc
from functools import partial

import pytest

from core.events import IssueAdded, IssueCorrected, IssueDetailed
from core.talk import Attachment, Place
from storage import contacts, issues
from storage.issues import ExportedIssue
from storage.known import known
from storage.tx import Tx
from tests.storage.town import DAY, SECOND, Town, filed, outcome


async def exported(town: Town, council: str = "graz", page: int = 500) -> list[ExportedIssue]:
    async def read(tx: Tx) -> list[ExportedIssue]:
        return [issue async for issue in issues.exported(tx, council, page)]

    return await town.database.read(read)


async def test_an_issue_is_exported_with_all_that_belongs_to_it(town: Town) -> None:
    photo = Attachment("photo1", "photo", "remote")
    waiting = await town.talk(
        "x",
        filed("GRZ-2222", "The lamp", "is broken", media=("photo1",), place="Griesplatz", danger=True),
        attachments=(photo,),
    )
    await town.talk("1", IssueDetailed("GRZ-2222", "topic", "safety"))
    await town.talk("1", IssueDetailed("GRZ-2222", "affected", "many"))
    await town.talk("x", IssueAdded("GRZ-2222", "since May", "", (), None))
    await town.talk("x", filed("EMP-2222", "elsewhere", council="empoli"), who="other")
    (issue,) = await exported(town)
    assert issue.media[0].id == "photo1"
    assert issue == ExportedIssue(
        reference="GRZ-2222",
        raised_at=town.now,
        channel="telegram",
        language="ar",
        original="The lamp\nis broken\nsince May",
        topic="safety",
        place="Griesplatz",
        status="filed",
        supporters=1,
        pseudonym=waiting.contact.pseudonym,
        latitude=None,
        longitude=None,
        affected="many",
        kind="problem",
        danger=True,
        hear_by=town.now + 14 * DAY,
        media=issue.media,
    )


POINT = Place(47.071234, 15.43999)
PLACES = [
    pytest.param("Griesplatz", None, "Griesplatz", id="words"),
    pytest.param("", POINT, "47.07123, 15.43999", id="a point"),
    pytest.param("Lendplatz", POINT, "Lendplatz (47.07123, 15.43999)", id="a venue that was shared"),
    pytest.param("", None, "", id="nothing"),
]


@pytest.mark.parametrize(("words", "point", "shown"), PLACES)
async def test_a_place_reaches_the_council_and_the_person(
    town: Town, words: str, point: Place | None, shown: str
) -> None:
    latitude, longitude = (point.lat, point.lon) if point else (None, None)
    issue_filed = filed("GRZ-2222", "x", place=words, latitude=latitude, longitude=longitude)
    await town.talk("x", issue_filed)
    (issue,) = await exported(town)
    assert (issue.place, issue.latitude, issue.longitude) == (shown, latitude, longitude)
    assert await own_place(town) == shown


@pytest.mark.parametrize("name", ["", "Lendplatz"])
async def test_a_place_that_was_shared_when_asked_names_its_point_once(town: Town, name: str) -> None:
    place = Place(POINT.lat, POINT.lon, name)
    await town.files("GRZ-2222")
    await town.talk("x", IssueDetailed("GRZ-2222", "place", str(place), place.lat, place.lon))
    assert [issue.place for issue in await exported(town)] == [str(place)]
    assert await own_place(town) == str(place)


async def own_place(town: Town) -> str:
    """What "my data" says."""
    await town.hears("my data")
    (one,) = await town.waiting()
    read = await town.database.read(lambda tx: known(tx, [one], {one.inbox_id: ["data"]}, {}, town.now))
    return read[one.inbox_id].issues[0].place


async def test_a_correction_replaces_what_was_said_before(town: Town) -> None:
    await town.talk("x", filed("GRZ-2222", "The lamp", "is broken"))
    await town.talk("x", IssueCorrected("GRZ-2222", "Two lamps", "", (), None))
    await town.talk("x", IssueAdded("GRZ-2222", "since May", "", (), None))
    assert [issue.original for issue in await exported(town)] == ["Two lamps\nsince May"]


async def test_supporters_are_counted_with_who_raised_it(town: Town) -> None:
    await town.files("GRZ-2222")
    await town.hears(who="other")
    await town.change("insert into supporter (issue_id, contact_id, at) values (1, 2, 0)")
    assert [issue.supporters for issue in await exported(town)] == [2]


async def test_an_issue_whose_person_is_erased_is_exported_empty(town: Town) -> None:
    waiting = await town.talk("x", filed("GRZ-2222", "x", latitude=47.07, longitude=15.43, danger=True))
    await town.database.transaction(lambda tx: contacts.erase(tx, waiting.contact.id, town.now))
    (issue,) = await exported(town)
    assert (issue.place, issue.latitude, issue.longitude, issue.danger) == ("", None, None, False)
    assert (issue.reference, issue.status, issue.original, issue.pseudonym) == (
        "GRZ-2222",
        "withdrawn",
        "",
        "",
    )


async def test_pages_follow_one_another_and_stay_flat_in_memory(sqlite_town: Town) -> None:
    town = sqlite_town
    await _file_many(town, 3000)
    peaks = []
    for page in (10, 3000):
        tracemalloc.start()
        references = await town.database.read(partial(_references, page=page))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert references == 3000
    assert peaks[0] < peaks[1] / 10


async def _references(tx: Tx, page: int) -> int:
    last, many = "", 0
    async for issue in issues.exported(tx, "graz", page):
        assert issue.reference > last
        last, many = issue.reference, many + 1
    return many


async def _file_many(town: Town, many: int) -> None:
    for start in range(0, many, 500):
        await town.store(*(town.message(who=str(who)) for who in range(start, start + 500)))
        town.now += SECOND
        waiting = await town.waiting(500)
        await town.write(
            *(
                outcome(one, filed(f"GRZ-{start + n:06}", "The lamp is broken " * 5))
                for n, one in enumerate(waiting)
            )
        )
