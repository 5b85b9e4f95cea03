"""What has been kept for long enough goes, and nothing else."""

import pytest

from core.talk import Attachment, Run, Turn
from storage import due, media, retention
from storage.answers import Rendered
from storage.retention import Swept
from storage.turns import Outcome
from tests.storage.town import DAY, Town, filed, outcome


async def sweep(town: Town, limit: int = 1000) -> Swept:
    return await town.database.transaction(
        lambda tx: retention.sweep(tx, town.now, 90, {"graz": 365, "empoli": 365}, limit)
    )


async def test_deliveries_go_after_their_days_and_what_is_open_stays(town: Town) -> None:
    await town.talk("old", says=["answer"], account="web")
    await town.talk("old", says=["answer"])
    await town.sends()
    await town.talk("never sent", who="patient", says=["still queued"])
    await town.hears("unread", who="unread")
    await town.database.transaction(lambda tx: due.put(tx, "a", "a:1", town.now))
    await town.database.transaction(lambda tx: due.put(tx, "a", "a:2", town.now))
    await town.database.transaction(lambda tx: due.done(tx, 1, town.now))
    assert not await sweep(town)
    town.now += 90 * DAY
    await town.talk("new", who="new")
    assert await sweep(town) == Swept(runs=3)
    town.now += 1
    assert await sweep(town) == Swept(inbox=3, outbox=1, pages=1, due=1)
    assert not await sweep(town)
    assert len(await town.rows("select id from inbox where status = 'unread'")) == 1
    assert len(await town.rows("select id from outbox where status = 'queued'")) == 2
    assert [row["key"] for row in await town.rows("select key from due")] == ["a:2"]


async def test_a_talk_that_ended_a_day_ago_leaves_no_run_and_an_open_question_waits_for_its_answer(
    town: Town,
) -> None:
    await town.talk("done")
    await town.hears("open", who="other")
    (waiting,) = await town.waiting()
    await town.write(Outcome(waiting, Turn(Run("abc123", "raise_issue", "send"))))
    town.now += DAY
    assert not await sweep(town)
    town.now += 1
    assert await sweep(town) == Swept(runs=1)
    (left,) = await town.rows("select contact_id from run")
    assert left["contact_id"] == waiting.contact.id


async def test_an_issue_is_emptied_a_year_after_it_was_closed(town: Town) -> None:
    photo = Attachment("photo1", "photo", "remote")
    await town.talk("x", filed("GRZ-2222", "The lamp", media=("photo1",), place="P"), attachments=(photo,))
    await town.database.transaction(lambda tx: media.kept(tx, "photo1", "photo1.jpg", "image/jpeg", 1))
    await town.files("GRZ-3333", "Still open", who="other")
    await town.change(
        f"update issue set closed_at = {town.now}, status = 'closed' where reference = 'GRZ-2222'"
    )
    town.now += 365 * DAY
    assert (await sweep(town)).issues == 0
    town.now += 1
    swept = await sweep(town)
    assert (swept.issues, swept.files) == (1, ("photo1.jpg",))
    assert (await sweep(town)).issues == 0
    (row,) = await town.rows("select contact_id, status, place from issue where reference = 'GRZ-2222'")
    assert row == {"contact_id": None, "status": "closed", "place": ""}
    assert [row["words"] for row in await town.rows("select words from text")] == ["Still open"]


@pytest.mark.parametrize("days_between", [0, 30])
async def test_what_the_council_wrote_goes_with_the_last_issue_that_it_wrote_it_about(
    town: Town, days_between: int
) -> None:
    for reference in ("GRZ-2222", "GRZ-3333", "GRZ-4444"):
        await town.files(reference, who=reference)
    await town.puts_together("GRZ-2222", "GRZ-3333")
    both = await town.says("GRZ-2222", "said", "An beide: Amira hat angerufen")
    one = await town.says("GRZ-4444", "asked", "Welche Amira?")
    await town.renders(
        *(Rendered(answer.answer_id, "ar", "look", "أميرة", "Amira") for answer in (both, one))
    )
    await town.makes_digest("GRZ-2222", "GRZ-3333", "GRZ-4444")
    await town.says("GRZ-2222", "closed", together=False)
    town.now += days_between * DAY
    await town.says("GRZ-3333", "closed", together=False)
    town.now += 365 * DAY + 1 - days_between * DAY
    for left in (["An beide: Amira hat angerufen"] if days_between else []), []:
        await sweep(town)
        wrote = await town.rows("select words from answer where words <> '' order by id")
        assert [row["words"] for row in wrote] == [*left, "Welche Amira?"]
        rendered = await town.rows("select answer_id from rendering order by answer_id")
        assert len(rendered) == len(wrote)
        town.now += days_between * DAY
    about = {row["reference"] for row in (await town.news()).values()}
    assert about == {"GRZ-4444"}  # nobody has answered that one yet


async def test_what_was_set_aside_goes_with_the_deliveries_of_its_days(town: Town) -> None:
    await town.hears("{broken", who="", kind="unreadable")
    town.now += 90 * DAY + 1
    assert (await sweep(town)).inbox == 1
    assert await town.rows("select * from inbox") == []


async def test_a_sweep_goes_in_steps(town: Town) -> None:
    await town.store(*(town.message(who=str(who)) for who in range(5)))
    for waiting in await town.waiting():
        await town.write(outcome(waiting))
    town.now += 91 * DAY
    assert [(await sweep(town, 2)).inbox for _ in range(4)] == [2, 2, 1, 0]
