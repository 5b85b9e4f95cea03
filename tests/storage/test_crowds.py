"""How many people are behind an issue of a digest."""

from storage import desk_acts, digests
from tests.storage.town import Town


async def test_people_are_counted_once_in_all_that_was_put_together(town: Town) -> None:
    for reference, who in (("GRZ-7K4M", "1"), ("GRZ-7K4N", "2"), ("GRZ-7K4P", "2"), ("GRZ-7K4Q", "3")):
        await town.files(reference, who=who)
    together = ["GRZ-7K4M", "GRZ-7K4N", "GRZ-7K4P"]
    await town.database.transaction(lambda tx: desk_acts.put_together(tx, together, town.now))
    ids = [row["id"] for row in await town.rows("select id from issue order by id")]
    entries = await town.database.read(lambda tx: digests.entries(tx, ids, "de"))
    assert [entry.people for entry in entries] == [2, 2, 2, 1]
    assert len({entry.group for entry in entries}) == 2
