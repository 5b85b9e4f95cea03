"""What a provider says later of a message: out of order, twice, before we know of it, and of none of ours."""

from typing import Any

import pytest

from core.messages import Cost
from core.talk import Spoken
from storage import answers, outbox
from storage.outbox import FOR_EVER, KNOCKED, OUTSIDE, Enqueued, IfUnsure, Settled
from storage.reports import Outcome, Report, reported
from tests.storage.town import DAY, SECOND, Town

WHO = "whatsapp:+43660"


async def says(town: Town, text: str = "hello", *, if_unsure: IfUnsure = "again", about: str = "") -> int:
    """We say something to somebody who has just written; the row's id."""
    address_id = (await town.talk("hi", who=WHO, account="whatsapp")).address_id or 0
    said = Enqueued(address_id, text, 0, Spoken(text, "en"), "reply", if_unsure=if_unsure, about=about)
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [said], town.now))
    (row,) = await town.rows("select max(id) as id from outbox")
    return int(row["id"])


async def goes_out(town: Town, became: str = "sent", sid: str = "SM1", **more: Any) -> None:
    """It is claimed, and what became of it is written down (C3, C4)."""
    (one,) = await town.claims(account="whatsapp")
    await town.settles(Settled(one.id, became, sid if became == "sent" else "", **({"keep": True} | more)))  # type: ignore[arg-type]


async def hears(town: Town, outbox_id: int, became: Any, sid: str = "SM1", **more: Any) -> Outcome:
    report = Report("whatsapp", outbox_id, sid, became, **more)
    return await town.database.transaction(lambda tx: reported(tx, report, town.now))


async def fate(town: Town, outbox_id: int) -> tuple[str, str, str]:
    (row,) = await town.rows(f"select status, provider_id, reached from outbox where id = {outbox_id}")
    return row["status"], row["provider_id"], row["reached"]


async def words_kept(town: Town, outbox_id: int) -> bool:
    (row,) = await town.rows(f"select body from outbox where id = {outbox_id}")
    return row["body"] is not None


@pytest.mark.parametrize(
    ("label", "reports", "reached"),
    [
        ("in order", ["accepted", "sent", "delivered", "read"], "read"),
        ("delivered before sent", ["delivered", "sent"], "delivered"),
        ("read before everything", ["read", "delivered", "accepted"], "read"),
        ("each twice", ["sent", "sent", "delivered", "delivered"], "delivered"),
        ("only the first", ["accepted"], ""),
    ],
)
async def test_the_furthest_counts(town: Town, label, reports, reached) -> None:
    row = await says(town)
    await goes_out(town)
    for became in reports:
        await hears(town, row, became)
    assert await fate(town, row) == ("sent", "SM1", reached), label
    assert await words_kept(town, row) == (reached == "")


async def test_what_is_heard_twice_changes_nothing(town: Town) -> None:
    row = await says(town)
    await goes_out(town)
    assert await hears(town, row, "delivered") == "delivered"
    before = await town.dump()
    assert await hears(town, row, "delivered") == "known"
    assert await hears(town, row, "sent") == "known"
    assert await hears(town, row, "refused") == "known"
    assert await town.dump() == before


@pytest.mark.parametrize("if_unsure", ["again", "leave"])
async def test_a_report_settles_what_was_maybe_sent(town: Town, if_unsure: IfUnsure) -> None:
    row = await says(town, if_unsure=if_unsure)
    if if_unsure == "again":
        await goes_out(town, "queued", due_at=town.now, reason="unsure")
    else:
        await goes_out(town, "unknown", reason="unsure")
    assert await hears(town, row, "sent", "SM7") == "sent"
    assert await fate(town, row) == ("sent", "SM7", "sent")
    assert await town.claims(account="whatsapp") == []


async def test_a_report_settles_what_was_being_sent_when_we_died(town: Town) -> None:
    row = await says(town)
    await town.claims(account="whatsapp")
    assert await hears(town, row, "accepted") == "accepted"
    found = await town.database.transaction(
        lambda tx: outbox.found_sending(tx, town.ids.accounts["whatsapp"], town.now)
    )
    assert found == 0
    assert await fate(town, row) == ("sent", "SM1", "accepted")


async def test_a_report_that_overtakes_our_record_is_kept_and_the_cost_is_written_once(town: Town) -> None:
    row = await says(town)
    (one,) = await town.claims(account="whatsapp")
    assert await hears(town, row, "delivered") == "delivered"
    ours = Settled(one.id, "sent", "SM1", keep=True, cost=Cost(2, "service"))
    await town.settles(ours)
    await town.settles(ours)
    (found,) = await town.rows("select status, reached, segments, category, provider_id from outbox")
    assert found == {
        "status": "sent", "reached": "delivered", "segments": 2, "category": "service", "provider_id": "SM1",
    }  # fmt: skip
    assert not await words_kept(town, row)


async def test_a_refusal_that_overtakes_our_record_stays(town: Town) -> None:
    row = await says(town, about="news:7")
    (one,) = await town.claims(account="whatsapp")
    assert await hears(town, row, "refused", reason="error 30006") == "refused"
    await town.settles(Settled(one.id, "sent", "SM1", keep=True))
    assert (await fate(town, row))[0] == "refused"


async def test_the_parts_of_a_long_message_keep_their_names(town: Town) -> None:
    row = await says(town)
    await goes_out(town, "queued", due_at=town.now)
    await town.change("update outbox set provider_id = 'SM1'")
    await town.claims(account="whatsapp")
    assert await hears(town, row, "delivered", "SM2") == "delivered"
    assert await fate(town, row) == ("sent", "SM1,SM2", "delivered")


@pytest.mark.parametrize(
    ("label", "account", "row"), [("no row", "whatsapp", 999), ("a row of another account", "telegram", 0)]
)
async def test_what_we_never_sent_is_nobody_s(town: Town, label, account, row) -> None:
    ours = await says(town)
    await goes_out(town)
    before = await town.dump()
    report = Report(account, row or ours, "SM1", "refused")
    assert await town.database.transaction(lambda tx: reported(tx, report, town.now)) == "stray", label
    assert await town.dump() == before


async def test_what_was_not_tried_yet_was_not_sent(town: Town) -> None:
    row = await says(town)
    assert await hears(town, row, "delivered") == "stray"
    assert (await fate(town, row))[0] == "queued"


async def test_another_try_than_the_one_we_know_changes_nothing(town: Town) -> None:
    row = await says(town)
    await goes_out(town)
    assert await hears(town, row, "refused", "SM99") == "known"
    assert await hears(town, row, "delivered", "SM99") == "known"
    assert await fate(town, row) == ("sent", "SM1", "")


# It came to nothing


async def test_what_did_not_arrive_is_told_to_who_wrote_it(town: Town) -> None:
    row = await says(town, about="news:7")
    await goes_out(town)
    assert await hears(town, row, "refused", reason="error 30006") == "refused"
    (lost,) = await town.database.read(answers.undelivered)
    assert (lost.id, lost.about, lost.status, lost.reason) == (row, "news:7", "refused", "error 30006")
    assert not await words_kept(town, row)
    assert await hears(town, row, "refused", reason="error 30006") == "known"


async def test_who_has_written_stop_is_not_written_to_any_more(town: Town) -> None:
    first = await says(town, "one")
    await goes_out(town)
    second = await says(town, "two")
    assert await hears(town, first, "stopped", reason="error 21610") == "stopped"
    (address,) = await town.rows("select state from address")
    assert address["state"] == "blocked"
    assert [(await fate(town, row))[0] for row in (first, second)] == ["refused", "dropped"]


async def test_what_may_be_tried_again_is_tried_again_later_and_not_for_ever(town: Town) -> None:
    row = await says(town)
    outcomes = []
    for n in range(5):
        await goes_out(town, sid=f"SM{n}")
        outcomes.append(await hears(town, row, "again", f"SM{n}", reason="error 30008"))
        assert await hears(town, row, "again", f"SM{n}") == "known"
        assert await hears(town, row, "sent", f"SM{n}") == "known"
        if n < 4:
            assert await town.claims(account="whatsapp") == []
        town.now += 60 * 60 * SECOND
    assert outcomes == ["again"] * 4 + ["refused"]
    assert await town.claims(account="whatsapp") == []


async def test_what_is_tried_again_is_not_settled_by_our_own_late_record(town: Town) -> None:
    row = await says(town)
    (one,) = await town.claims(account="whatsapp")
    assert await hears(town, row, "again", reason="error 63018") == "again"
    await town.settles(Settled(one.id, "sent", "SM1", keep=True))
    assert await fate(town, row) == ("queued", "", "")
    town.now += 60 * 60 * SECOND
    (again,) = await town.claims(account="whatsapp")
    assert (again.id, again.sent) == (row, ())


async def test_without_its_words_it_cannot_be_tried_again(town: Town) -> None:
    row = await says(town)
    await goes_out(town, keep=False)
    assert await hears(town, row, "again") == "refused"


async def test_outside_the_window_it_waits_for_their_word(town: Town) -> None:
    row = await says(town)
    await goes_out(town)
    town.now += DAY
    assert await hears(town, row, "window", reason="error 63016") == "window"
    (found,) = await town.rows("select status, reason from outbox")
    assert found == {"status": "queued", "reason": OUTSIDE}
    assert await hears(town, row, "window") == "known"
    assert await town.claims(account="whatsapp") == []
    await town.hears("here I am", who=WHO, account="whatsapp")
    (again,) = await town.claims(account="whatsapp")
    assert again.id == row
    assert await hears(town, row, "window") == "known"
    await town.settles(Settled(row, "sent", "SM2", keep=True))
    assert await hears(town, row, "delivered", "SM2") == "delivered"


async def test_outside_the_window_without_its_words_it_did_not_arrive(town: Town) -> None:
    row = await says(town, about="news:7")
    await goes_out(town, keep=False)
    assert await hears(town, row, "window", reason="error 63016") == "refused"


async def test_a_try_that_failed_while_another_waits_ends_only_that_try(town: Town) -> None:
    row = await says(town)
    await goes_out(town, "queued", due_at=town.now + SECOND, reason="unsure")
    assert await hears(town, row, "again", "SM1") == "again"
    town.now += SECOND
    await goes_out(town, sid="SM2")
    assert await hears(town, row, "again", "SM1") == "known"
    assert await fate(town, row) == ("sent", "SM2", "")


# What asks somebody to write


async def knocks(town: Town) -> int:
    """Somebody has been silent for too long, and a template asks them to write; the row's id."""
    row = await says(town)
    town.now += DAY
    await goes_out(town, "queued", reason=KNOCKED, knock="SM1")
    return row


async def waits(town: Town, outbox_id: int) -> tuple[str, str, bool]:
    """What a message waits for, and whether it does until they write."""
    (row,) = await town.rows(f"select status, reason, due_at from outbox where id = {outbox_id}")
    return row["status"], row["reason"], row["due_at"] == FOR_EVER


async def told(town: Town) -> int:
    return len(await town.rows("select id from due where kind = 'tell' and done_at is null"))


async def test_that_they_were_asked_to_write_settles_nothing(town: Town) -> None:
    row = await knocks(town)
    before = await town.dump()
    for became in ("accepted", "sent", "delivered", "read"):
        assert await hears(town, row, became, knock=True) == "known"
    assert await town.dump() == before


@pytest.mark.parametrize(
    ("label", "became"), [("they cannot be reached", "refused"), ("no template was taken", "window")]
)
async def test_who_could_not_be_asked_is_told_of_once(town: Town, label: str, became: Any) -> None:
    row = await knocks(town)
    assert await hears(town, row, became, knock=True) == "window", label
    assert (await waits(town, row), await told(town)) == (("queued", OUTSIDE, True), 1)
    before = await town.dump()
    for again in (became, "sent"):
        assert await hears(town, row, again, knock=True) == "known"
    assert await town.dump() == before
    await town.hears("here I am", who=WHO, account="whatsapp")
    assert [one.id for one in await town.claims(account="whatsapp")] == [row]


async def test_who_is_asked_too_fast_is_asked_again_later(town: Town) -> None:
    row = await knocks(town)
    assert await hears(town, row, "again", knock=True, reason="error 63018") == "again"
    assert await town.claims(account="whatsapp") == []
    town.now += 60 * 60 * SECOND
    assert [one.id for one in await town.claims(account="whatsapp")] == [row]
    assert await told(town) == 0


async def test_who_has_stopped_is_not_asked_any_more(town: Town) -> None:
    row = await knocks(town)
    assert await hears(town, row, "stopped", knock=True, reason="error 21610") == "stopped"
    assert await fate(town, row) == ("refused", "", "")
    assert await town.rows("select state from address") == [{"state": "blocked"}]


@pytest.mark.parametrize("became", ["refused", "window", "again", "stopped"])
@pytest.mark.parametrize("gone", ["waiting", "going", "gone"])
async def test_once_they_have_written_it_is_all_the_same_whether_they_were_asked(
    town: Town, became: Any, gone: str
) -> None:
    row = await knocks(town)
    await town.hears("by chance", who=WHO, account="whatsapp")
    if gone != "waiting":
        await town.claims(account="whatsapp")
    if gone == "gone":
        await town.settles(Settled(row, "sent", "SM2", keep=True))
    await hears(town, row, became, knock=True)
    if gone == "going":
        await town.settles(Settled(row, "sent", "SM2", keep=True))
    elif gone == "waiting":
        await goes_out(town, sid="SM2")
    assert await fate(town, row) == ("sent", "SM2", "")
    assert await town.rows("select state from address") == [{"state": "ok"}]
    assert await told(town) == 0


async def test_a_report_that_overtakes_our_record_of_the_asking_is_not_missed(town: Town) -> None:
    row = await says(town)
    town.now += DAY
    await town.claims(account="whatsapp")
    await hears(town, row, "refused", knock=True)
    for _ in range(2):
        await town.settles(Settled(row, "queued", reason=KNOCKED, knock="SM1"))
    assert (await waits(town, row), await told(town)) == (("queued", OUTSIDE, True), 1)


async def test_an_asking_of_nobody_we_know_is_nobody_s(town: Town) -> None:
    await knocks(town)
    assert await hears(town, 999, "refused", knock=True) == "stray"
