"""WhatsApp takes free text for a day after somebody's last word; what comes later waits for the next one."""

from typing import Any

from msgspec.structs import replace

from core.digest import Sent
from core.events import ContactErased, NewsSaid
from core.messages import Cost, Lane
from core.talk import Nudge, Run, Spoken
from storage import answers, digests, inbox, outbox, retention
from storage.outbox import FOR_EVER, KNOCKED, OUTSIDE, Claimed, Enqueued, Settled, Window
from tests.storage.town import DAY, SECOND, Town

NOTHING = Window(DAY, lambda _purpose, _language: False)
NEWS_IN_ARABIC = Window(DAY, lambda purpose, language: (purpose, language) == ("news", "ar"))


async def claims(town: Town, window: Window = NOTHING) -> list[Claimed]:
    account_id = town.ids.accounts["whatsapp"]
    return await town.database.transaction(
        lambda tx: outbox.claim(tx, account_id, town.now, 100, window), name="C3"
    )


async def say(town: Town, address_id: int, text: str, language: str = "en", **more: Any) -> None:
    said = Enqueued(address_id, text, 0, Spoken(text, language), **({"purpose": "reply"} | more))
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [said], town.now))


async def known(town: Town, who: str = "whatsapp:+43660") -> int:
    return (await town.talk("hello", who=who, account="whatsapp")).address_id or 0


async def fates(town: Town) -> list[tuple[str, str, int]]:
    rows = await town.rows("select status, reason, due_at from outbox order by id")
    return [(row["status"], row["reason"], row["due_at"]) for row in rows]


async def told(town: Town) -> int:
    return len(await town.rows("select id from due where kind = 'tell' and done_at is null"))


async def test_within_a_day_of_their_word_free_text_goes_out(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "soon")
    town.now += DAY - SECOND
    assert [(one.spoken.text, one.closed) for one in await claims(town)] == [("soon", False)]


async def test_later_it_waits_and_holds_its_lane_and_staff_are_told_once(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "late")
    await say(town, address_id, "behind it")
    await say(town, address_id, "elsewhere", lane=Lane.BULK)
    town.now += DAY
    for _ in range(3):
        assert await claims(town) == []
        town.now += DAY
    waits = ("queued", OUTSIDE, FOR_EVER)
    assert [fate[:2] for fate in await fates(town)] == [waits[:2], ("queued", ""), waits[:2]]
    assert (await fates(town))[0] == waits
    assert await told(town) == 2


async def test_staff_are_not_told_that_what_tells_them_waits(town: Town) -> None:
    await say(town, await known(town), "to staff", purpose="notice")
    town.now += DAY
    assert await claims(town) == []
    assert await told(town) == 0


async def test_with_their_next_word_everything_goes_out_in_order(town: Town) -> None:
    address_id, other = await known(town), await known(town, "whatsapp:AT.17")
    await say(town, address_id, "one")
    await say(town, address_id, "two")
    await say(town, other, "theirs")
    town.now += 2 * DAY
    await claims(town)
    await town.hears("I am here", who="whatsapp:+43660", account="whatsapp")
    said = []
    while claimed := await claims(town):
        said += [one.spoken.text for one in claimed]
        await town.settles(*(Settled(one.id, "sent", "SM1") for one in claimed))
    assert said == ["one", "two"]
    assert (await fates(town))[2][:2] == ("queued", OUTSIDE)


async def test_news_that_waits_is_taken_back_with_its_question_when_they_write(town: Town) -> None:
    draft = Run("r1", "raise_issue", "send", answers={"what": [{"text": "the bus is late"}]})
    asked = Run("r2", "news", "solved", answers={"reference": "GRZ-7K4M", "news": 1}, below=draft)
    filed = await town.files(who="whatsapp:+43660", account="whatsapp")
    await town.says("GRZ-7K4M", "decided")
    await town.database.transaction(
        lambda tx: inbox.nudge(tx, filed.contact.id, Nudge.NEWS, "news:1", town.now)
    )
    await town.turn(NewsSaid(1), says=["It is repaired. Is it solved?"], run=asked)
    town.now += DAY
    assert await claims(town) == []
    stored = await town.hears("My son was beaten", who="whatsapp:+43660", account="whatsapp")
    (waiting,) = await town.waiting()
    assert (waiting.inbox_id, waiting.run) == (stored.inbox_id, draft)
    assert await town.database.read(lambda tx: answers.ready(tx, town.now)) == []
    assert await town.rows("select told, status, reason from outbox") == [
        {"told": 1, "status": "dropped", "reason": "they wrote first"}
    ]
    await town.turn(run=draft)
    (news,) = await town.database.read(lambda tx: answers.ready(tx, town.now))
    assert (news.id, news.owed) == (1, True)
    await town.database.transaction(
        lambda tx: inbox.nudge(tx, filed.contact.id, Nudge.NEWS, "news:1", town.now)
    )
    assert [one.nudge for one in await town.waiting()] == [Nudge.NEWS]


async def test_a_word_that_is_delivered_again_is_no_new_word(town: Town) -> None:
    message = town.message("hello", who="whatsapp:+43660", account="whatsapp")
    (stored,) = await town.store(message)
    await town.turn()
    town.now += DAY
    await town.store(message)
    await say(town, stored.address_id or 0, "late")
    assert await claims(town) == []


async def test_nothing_is_noted_on_other_channels(town: Town) -> None:
    await town.talk("hello")
    await known(town)
    rows = await town.rows("select heard_at from address order by id")
    assert [row["heard_at"] for row in rows] == [None, town.now]


async def test_where_there_is_a_template_it_goes_out_and_says_that_it_must_be_one(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "خبر", "ar", purpose="news")
    town.now += DAY
    assert [(one.spoken.text, one.closed) for one in await claims(town, NEWS_IN_ARABIC)] == [("خبر", True)]


async def test_who_was_asked_to_write_is_not_asked_again_and_hears_it_when_they_do(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "خبر", "ar", purpose="news")
    town.now += DAY
    (one,) = await claims(town, NEWS_IN_ARABIC)
    await town.settles(Settled(one.id, "queued", reason=KNOCKED, cost=Cost(category="utility")))
    town.now += 5 * DAY
    assert await claims(town, NEWS_IN_ARABIC) == []
    assert await told(town) == 0
    await town.hears("yes?", who="whatsapp:+43660", account="whatsapp")
    assert [(one.spoken.text, one.closed) for one in await claims(town, NEWS_IN_ARABIC)] == [("خبر", False)]


async def test_a_word_that_came_while_they_were_asked_is_not_missed(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "خبر", "ar", purpose="news")
    town.now += DAY
    (one,) = await claims(town, NEWS_IN_ARABIC)
    await town.hears("by chance", who="whatsapp:+43660", account="whatsapp")
    await town.settles(Settled(one.id, "queued", reason=KNOCKED))
    assert [one.closed for one in await claims(town, NEWS_IN_ARABIC)] == [False]


async def test_what_whatsapp_gives_back_waits_with_its_words(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "we thought it could")
    (one,) = await claims(town)
    await town.settles(Settled(one.id, "sent", "SM1", keep=True))
    town.now += SECOND
    assert await came_back(town, one.id)
    assert (await fates(town), await told(town)) == ([("queued", OUTSIDE, FOR_EVER)], 1)
    await say(town, address_id, "the next is judged rightly", lane=Lane.BULK)
    assert await claims(town) == []
    await town.hears("hello", who="whatsapp:+43660", account="whatsapp")
    again, _ = await claims(town)
    assert (again.spoken.text, again.sent) == ("we thought it could", ())


async def test_what_comes_back_after_they_have_written_goes_out_at_once(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "just too late")
    (one,) = await claims(town)
    await town.settles(Settled(one.id, "sent", "SM1", keep=True))
    town.now += SECOND
    await town.hears("hello", who="whatsapp:+43660", account="whatsapp")
    assert await came_back(town, one.id)
    assert [one.spoken.text for one in await claims(town)] == ["just too late"]


async def test_what_comes_back_without_its_words_stays_as_it_was(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "long ago")
    (one,) = await claims(town)
    await town.settles(Settled(one.id, "sent", "SM1"))
    assert not await came_back(town, one.id)
    assert (await fates(town))[0][0] == "sent"


async def test_what_a_message_cost_adds_up_over_its_parts(town: Town) -> None:
    await say(town, await known(town), "a long one")
    (one,) = await claims(town)
    await town.settles(Settled(one.id, "queued", "SM1", due_at=town.now, cost=Cost(6)))
    (again,) = await claims(town)
    assert (again.id, again.sent) == (one.id, ("SM1",))
    await town.settles(Settled(one.id, "sent", "SM1,SM2", cost=Cost(2)))
    (row,) = await town.rows("select provider_id, segments, category from outbox")
    assert row == {"provider_id": "SM1,SM2", "segments": 8, "category": ""}


async def came_back(town: Town, outbox_id: int) -> bool:
    return await town.database.transaction(lambda tx: outbox.came_back(tx, outbox_id, town.now))


async def test_words_that_may_come_back_go_after_a_day_and_with_the_person(town: Town) -> None:
    kept = Settled(0, "sent", "SM1", keep=True)
    address_id, other = await known(town), await known(town, "whatsapp:AT.17")
    await say(town, address_id, "hers")
    await say(town, other, "his")
    await town.settles(*(replace(kept, id=one.id) for one in await claims(town)))
    await town.talk("delete", ContactErased(), who="whatsapp:AT.17", account="whatsapp")
    assert await words_kept(town) == [True, False]
    await sweeps(town)
    assert await words_kept(town) == [True, False]
    town.now += DAY + SECOND
    await sweeps(town)
    assert await words_kept(town) == [False, False]


async def words_kept(town: Town) -> list[bool]:
    return [row["body"] is not None for row in await town.rows("select body from outbox order by id")]


async def sweeps(town: Town) -> None:
    await town.database.transaction(lambda tx: retention.sweep(tx, town.now, 90, {}))


async def test_a_week_counts_what_was_sent_and_paid_for(town: Town) -> None:
    address_id = await known(town)
    await say(town, address_id, "one")
    await say(town, address_id, "two")
    await say(town, address_id, "lost")
    while claimed := await claims(town):
        (one,) = claimed
        fate = "refused" if one.spoken.text == "lost" else "sent"
        cost = Cost(category="service") if fate == "sent" else Cost()
        await town.settles(Settled(one.id, fate, "SM1", cost=cost))  # type: ignore[arg-type]
    await town.talk("x", says=["by telegram"])
    await town.sends()
    town.now += SECOND
    digest = town.digest()
    matter = await town.database.read(lambda tx: digests.told(tx, digest, {}, [], {}))
    assert matter.sent == (Sent("whatsapp", "whatsapp", 2, 0),)
