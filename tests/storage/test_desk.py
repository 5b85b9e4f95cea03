"""What staff write leads to the issue they mean, and never to one that is not theirs to see."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from core.desk import Case, Desk, Latest, Look, Seek
from core.events import ContactErased, ProposalDeclined, StaffJoined
from core.talk import Attachment, Spoken
from storage import answers, desk, outbox
from storage.answers import Rendered
from storage.desk import Asking
from storage.outbox import Enqueued, Settled
from storage.waiting import Waiting
from tests.storage.town import DAY, Town, filed

LAMP, LIFT, BUS = "GRZ-2222", "GRZ-3333", "GRZ-4444"


class At:
    """Somebody who asks at the desk."""

    def __init__(self, town: Town, who: Waiting) -> None:
        self._town = town
        self.address_id = who.address_id or 0
        self._who = Asking(who.contact.id, who.address_id, "de")

    async def asks(self, **seek: Any) -> Desk:
        town = self._town
        return await town.database.read(lambda tx: desk.found(tx, Seek(**seek), self._who, town.now))

    async def finds(self, **seek: Any) -> list[tuple[str, str, int]]:
        """The issues that this may mean: reference, and by which week and number."""
        return [(case.reference, case.week, case.number) for case in (await self.asks(**seek)).cases]


async def anna_at(town: Town) -> At:
    """A coordinator, who reads German."""
    return At(town, await town.joins("anna"))


# Who may see what


async def test_an_issue_is_shown_with_all_that_staff_may_know(town: Town) -> None:
    anna = await anna_at(town)
    photo = Attachment("photo1", "photo", "remote")
    lamp = filed(LAMP, "Die Laterne", "ist kaputt", place="Griesplatz", danger=True, media=("photo1",))
    await town.talk("x", replace(lamp, language="de"), attachments=(photo,))
    await town.supports(LAMP, "other")
    await town.files(LIFT, who="third")
    await town.puts_together(LAMP, LIFT)
    (case,) = (await anna.asks(references=(LAMP,))).cases
    assert case == Case(
        reference=LAMP,
        status="filed",
        topic="",
        place="Griesplatz",
        filed_at=town.now,
        hear_by=town.now + 14 * DAY,
        people=3,
        danger=True,
        reading=case.reading,
        original="Die Laterne\nist kaputt",
        language="de",
        together=(LIFT,),
        media=1,
    )
    assert (case.reading.words, case.reading.made_by) == ("Die Laterne\nist kaputt", "")


async def test_only_staff_find_anything(town: Town) -> None:
    person = await town.files(LAMP)
    await town.makes_digest(LAMP)
    await town.proposes([LAMP])
    stranger = At(town, person)
    for seek in ({"references": (LAMP,)}, {"number": 1}, {"all_new": True}, {"proposal": 1}, {"look": True}):
        assert await stranger.asks(**seek) == Desk(), seek


async def test_another_council_has_its_own_desk(town: Town) -> None:
    graz, empoli = await anna_at(town), At(town, await town.joins("ugo", council="empoli"))
    await town.files(LAMP)
    await town.talk("x", filed("EMP-2222", "x", council="empoli"), who="other")
    await town.makes_digest(LAMP)
    assert await graz.finds(references=(LAMP, "EMP-2222")) == [(LAMP, "", 0)]
    assert await empoli.finds(references=(LAMP, "EMP-2222")) == [("EMP-2222", "", 0)]
    assert await empoli.finds(number=1) == []
    await town.proposes([LAMP])
    assert (await empoli.asks(proposal=1)).offered is None


async def test_what_its_author_took_back_is_not_found(town: Town) -> None:
    anna = await anna_at(town)
    await town.files(LAMP)
    await town.makes_digest(LAMP)
    await town.talk("delete", ContactErased())
    assert await anna.finds(references=(LAMP,)) == []
    assert await anna.finds(number=1) == []
    assert await town.database.read(lambda tx: desk.case(tx, 1, LAMP, "de")) is None


# Which one a number means


async def two_weeks(town: Town) -> None:
    """Two digests in which the same number is another issue."""
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
    await town.makes_digest(LAMP, LIFT, week="2026-W09")
    town.now += 7 * DAY
    await town.makes_digest(BUS, LIFT, week="2026-W10")


@pytest.mark.parametrize(
    ("seek", "found"),
    [
        ({"number": 1}, [(BUS, "2026-W10", 1), (LAMP, "2026-W09", 1)]),
        ({"number": 2}, [(LIFT, "2026-W10", 2), (LIFT, "2026-W09", 2)]),
        ({"number": 1, "week": 9}, [(LAMP, "2026-W09", 1)]),
        ({"number": 1, "week": 10}, [(BUS, "2026-W10", 1)]),
        ({"number": 1, "week": 8}, []),
        ({"number": 3}, []),
        ({"references": (BUS, LAMP)}, [(BUS, "", 0), (LAMP, "", 0)]),
    ],
)
async def test_a_number_may_be_of_every_digest_that_has_it(
    town: Town, seek: dict[str, Any], found: list[tuple[str, str, int]]
) -> None:
    anna = await anna_at(town)
    await two_weeks(town)
    assert await anna.finds(**seek) == found


async def sent(town: Town, who: At, about: str, provider_id: str) -> None:
    """A message of ours arrived under the provider's name for it."""
    row = Enqueued(who.address_id, about, 0, Spoken("", "de"), "digest", about=about)
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [row], town.now))
    (claimed,) = await town.claims()
    await town.settles(Settled(claimed.id, "sent", provider_id))


@pytest.mark.parametrize(
    ("reply_to", "found"),
    [
        ("11", [LAMP]),
        ("12", [BUS]),  # it was sent in two parts
        ("13", [BUS]),
        ("14", [BUS, LAMP]),  # it was about something else
        ("1", [BUS, LAMP]),  # we know nothing of it
    ],
)
async def test_a_reply_means_the_digest_that_it_replies_to(
    town: Town, reply_to: str, found: Sequence[str]
) -> None:
    anna = await anna_at(town)
    await two_weeks(town)
    await sent(town, anna, "digest:1:1:chat", "11")
    await sent(town, anna, "digest:2:1:chat", "12,13")
    await sent(town, anna, "news:7", "14")
    assert [one[0] for one in await anna.finds(number=1, reply_to=reply_to)] == found


async def test_numbers_of_long_ago_are_forgotten(town: Town) -> None:
    anna = await anna_at(town)
    await two_weeks(town)
    town.now += 8 * 7 * DAY - 1
    assert await anna.finds(number=1) == [(BUS, "2026-W10", 1)]
    town.now += 2
    assert await anna.finds(number=1) == []


async def test_a_case_knows_whether_it_was_answered_since_it_was_shown(town: Town) -> None:
    anna = await anna_at(town)
    await two_weeks(town)
    town.now += DAY
    await town.says(LAMP, "seen")
    await town.says(BUS, "asked")
    found = (await anna.asks(number=1)).cases
    assert [(case.reference, case.open) for case in found] == [(BUS, False), (LAMP, True)]
    assert [case.shown_at for case in found] == [town.now - DAY, town.now - 8 * DAY]


async def test_what_nobody_has_read_yet_is_marked_at_once(town: Town) -> None:
    anna = await anna_at(town)
    assert await anna.finds(all_new=True) == []
    for reference in (LAMP, LIFT, BUS):
        await town.files(reference, who=reference)
    await town.makes_digest(LAMP, week="2026-W08")
    town.now += 1
    await town.makes_digest(LIFT, BUS)
    assert [one[0] for one in await anna.finds(all_new=True)] == [LIFT, BUS]
    await town.says(LIFT, "seen")
    assert [one[0] for one in await anna.finds(all_new=True)] == [BUS]
    assert [one[0] for one in await anna.finds(all_new=True, week=8)] == [LAMP]


async def test_who_is_to_be_answered_first_is_not_left_out_of_what_was_read(town: Town) -> None:
    anna = await anna_at(town)
    await town.files(LAMP)
    await town.makes_digest(LAMP, section="first")
    assert [one[0] for one in await anna.finds(all_new=True)] == [LAMP]


# What was said last


async def latest(who: At) -> Latest | None:
    (case,) = (await who.asks(references=(LAMP,))).cases
    return case.latest


async def test_who_spoke_last_is_told_and_whether_it_was_oneself(town: Town) -> None:
    anna, bernd = await anna_at(town), At(town, await town.joins("bernd"))
    await town.files(LAMP)
    assert await latest(anna) is None
    await town.says(LAMP, "seen", staff_id=1)
    town.now += 1
    await town.says_late(LAMP)  # by the house itself
    at = town.now - 1
    assert await latest(anna) == Latest("seen", at, "Anna", mine=True)
    assert await latest(bernd) == Latest("seen", at, "Anna", mine=False)
    await town.says(LAMP, "closed")  # from the command line
    assert await latest(anna) == Latest("closed", town.now, "", mine=False)


# What waits for somebody


async def test_a_proposal_is_offered_until_somebody_decides(town: Town) -> None:
    anna = await anna_at(town)
    for reference in (LAMP, LIFT):
        await town.files(reference, who=reference)
    (first,) = await town.proposes([LAMP, LIFT])
    await town.makes_digest(LAMP, LIFT, proposals=[first])
    offered = (await anna.asks(proposal=1)).offered
    assert offered is not None
    assert (offered.id, offered.number, offered.week) == (first, 1, "2026-W09")
    assert [case.reference for case in offered.cases] == [LAMP, LIFT]
    assert (await anna.asks(proposal=2)).offered is None
    await town.acts("anna", ProposalDeclined(first))
    assert (await anna.asks(proposal=1)).offered is None


async def test_a_proposal_of_which_one_was_taken_back_is_none(town: Town) -> None:
    anna = await anna_at(town)
    for reference in (LAMP, LIFT):
        await town.files(reference, who=reference)
    await town.makes_digest(LAMP, LIFT, proposals=await town.proposes([LAMP, LIFT]))
    await town.talk("delete", ContactErased(), who=LIFT)
    assert (await anna.asks(proposal=1)).offered is None


async def test_translations_wait_in_the_order_of_their_answers(town: Town) -> None:
    anna = await anna_at(town)
    await town.files(LAMP)
    day = "2026-03-10"
    first = (await town.says(LAMP, "discussed", "Eins", detail=day)).answer_id
    second = (await town.says(LAMP, "said", "Zwei")).answer_id
    assert await anna.asks(look=True) == Desk()
    await town.renders(*(Rendered(one, "ar", "look", "…", reason="checks") for one in (second, first)))
    # The older one says which day it promises, and that something was said since.
    one = Look(first, "ar", LAMP, "de", "Eins", "…", "", "checks", day=day, newer_at=town.now)
    two = Look(second, "ar", LAMP, "de", "Zwei", "…", "", "checks")
    assert await anna.asks(look=True) == Desk(look=one, looks=2)
    assert await anna.asks(nudge=f"look:{second}:ar") == Desk(look=two, looks=2)
    assert await anna.asks(nudge=f"look:{second}:tr") == Desk(looks=2)
    ugo = At(town, await town.joins("ugo", council="empoli"))
    assert await ugo.asks(nudge=f"look:{second}:ar") == Desk()
    assert await town.database.read(lambda tx: answers.looks_of(tx, 1)) == [(first, "ar"), (second, "ar")]


async def test_an_invitation_is_shown_to_whoever_has_it(town: Town) -> None:
    code = await town.invites("interpreter")
    stranger = At(town, await town.talk("hello"))
    invitation = (await stranger.asks(invitation=code)).invitation
    assert invitation is not None
    assert (invitation.state, invitation.role) == ("open", "interpreter")
    await town.talk("hello", StaffJoined(code), who="anna")
    used = (await stranger.asks(invitation=code)).invitation
    assert used is not None
    assert used.state == "used"


async def test_what_happened_is_told_in_order(town: Town) -> None:
    await town.files(LAMP)
    town.now += DAY
    await town.says(LAMP, "discussed", detail="2026-03-10")
    told = await town.database.read(lambda tx: desk.history(tx, LAMP))
    assert [(one.at, one.what, one.detail) for one in told] == [
        (town.now - DAY, "filed", ""),
        (town.now, "discussed", "2026-03-10"),
    ]
