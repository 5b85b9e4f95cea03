"""A place at the desk is offered by a code, taken once, and gone at once."""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from core.errors import RefusedRow
from core.events import ContactErased, LanguageChosen, StaffJoined
from core.references import SPACE
from core.staff import Duty, Role, Staff
from core.talk import Spoken
from storage import contacts, outbox, staff
from storage.councils import sync
from storage.inbox import Stored
from storage.outbox import Enqueued
from tests.storage.town import ACCOUNTS, DAY, Town

MAIL = "anna@graz.example"


async def offered(town: Town, code: str) -> tuple[str, str, str]:
    """What an invitation says of itself."""
    found = await town.database.read(lambda tx: staff.invitation_of(tx, code, town.now))
    return found.state, found.role, found.council


async def at_desk(town: Town, duty: Duty = "late", council: str = "graz") -> list[Staff]:
    council_id = town.ids.councils[council]
    return await town.database.read(lambda tx: staff.with_duty(tx, council_id, duty))


async def letter_address(town: Town, one: Staff) -> int | None:
    return await town.database.transaction(lambda tx: staff.letter_address(tx, one, town.now))


async def remove(town: Town, place: int) -> bool:
    return await town.database.transaction(lambda tx: staff.remove(tx, place, town.now, actor="test"))


async def audited(town: Town) -> list[tuple[str, str, str, str]]:
    return [
        (row["actor"], row["action"], row["subject"], row["detail"])
        for row in await town.rows("select * from audit order by id")
    ]


async def test_an_invitation_holds_a_digit_though_the_first_draw_has_none(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter((SPACE**3 - 1, SPACE**3 - 2, 0))  # ZZZZ-ZZZZ-ZZZZ, ZZZZ-ZZZZ-ZZZY, 2222-2222-2222
    monkeypatch.setattr(staff, "secrets", SimpleNamespace(randbelow=lambda _: next(drawn)))
    code = await town.invites("deputy")
    assert code == "2222-2222-2222"
    assert await offered(town, code) == ("open", "deputy", "graz")


async def test_an_invitation_is_open_until_somebody_takes_it(town: Town) -> None:
    code = await town.invites("deputy", name="Anna")
    assert await offered(town, code) == ("open", "deputy", "graz")
    assert await at_desk(town) == []
    anna = await town.talk("hello", StaffJoined(code), LanguageChosen("sl"), who="anna")
    assert await offered(town, code) == ("used", "deputy", "graz")
    assert await at_desk(town) == [Staff(1, "graz", "deputy", "Anna", anna.contact.id, anna.address_id, "sl")]
    assert await audited(town) == [
        ("test", "staff.invite", "staff 1", "deputy"),
        ("staff 1", "staff.join", "staff 1", "deputy"),
    ]
    assert (await offered(town, "2222-2222-2222"))[0] == "unknown"


async def test_the_code_itself_is_nowhere(town: Town) -> None:
    code = await town.invites()
    assert code not in str(await town.dump())


async def test_who_joins_belongs_to_the_council_they_work_for(town: Town) -> None:
    code = await town.invites(council="empoli")
    await town.talk("hello", StaffJoined(code), who="anna")
    await town.hears("hello", "anna")
    (anna,) = await town.waiting()
    assert (anna.contact.council, anna.contact.role) == ("empoli", "coordinator")


@pytest.mark.parametrize("gone", ["used", "expired", "removed", "unknown"])
async def test_a_code_that_is_no_good_opens_nothing(town: Town, gone: str) -> None:
    code = await town.invites()
    match gone:
        case "used":
            await town.talk("hello", StaffJoined(code), who="anna")
        case "expired":
            town.now += 7 * DAY
            assert (await offered(town, code))[0] == "expired"
        case "removed":
            await remove(town, 1)
            assert (await offered(town, code))[0] == "used"
        case "unknown":
            code = "2222-2222-2222"
    before = await town.rows("select * from staff")
    with pytest.raises(RefusedRow):
        await town.talk("hello", StaffJoined(code), who="stranger")
    assert await town.rows("select * from staff") == before


async def test_of_two_who_come_at_once_one_joins(town: Town) -> None:
    code = await town.invites()
    comers = [await town.hears(who=who) for who in ("anna", "bernd")]

    async def comes(one: Stored) -> bool:
        contact, address = one.contact_id or 0, one.address_id
        try:
            await town.database.transaction(lambda tx: staff.join(tx, code, contact, address, town.now))
        except RefusedRow:
            return False
        return True

    assert sorted(await asyncio.gather(*map(comes, comers))) == [False, True]
    assert len(await at_desk(town, "answer")) == 1


async def test_whoever_takes_a_new_place_leaves_the_one_they_had(town: Town) -> None:
    await town.joins("anna", "coordinator", mail=MAIL)
    await town.joins("anna", "deputy", council="empoli")
    assert await at_desk(town, "answer") == []
    (anna,) = await at_desk(town, "answer", "empoli")
    assert (anna.id, anna.role) == (2, "deputy")
    assert await letter_address(town, anna) is None
    assert "Anna" not in str(await town.rows("select * from staff where id = 1"))


async def test_a_place_that_cannot_be_taken_is_no_reason_to_leave_ones_own(town: Town) -> None:
    await town.joins("anna")
    used = await town.invites("deputy")
    await town.talk("hello", StaffJoined(used), who="bernd")
    with pytest.raises(RefusedRow):
        await town.talk("hello", StaffJoined(used), who="anna")
    assert {one.name for one in await at_desk(town, "answer")} == {"Anna", ""}


async def test_who_is_removed_gets_no_letter_any_more(town: Town) -> None:
    await town.joins("anna", mail=MAIL)
    (anna,) = await at_desk(town, "digest")
    address = await letter_address(town, anna)
    assert address is not None
    row = Enqueued(address, "digest:1:1", 0, Spoken("", "de"), "digest", about="digest:1:1:mail")
    await town.database.transaction(lambda tx: outbox.enqueue(tx, [row], town.now))
    assert await remove(town, anna.id)
    assert await town.claims(account=staff.MAIL) == []
    (dropped,) = await town.rows("select status, reason, told from outbox")
    assert dropped == {"status": "dropped", "reason": "not wanted", "told": 1}
    assert await at_desk(town, "digest") == []
    assert await letter_address(town, anna) is None
    await town.hears("hello", "anna")
    (waiting,) = await town.waiting()
    assert waiting.contact.role is None
    assert not await remove(town, anna.id)
    assert (await audited(town))[2:] == [("test", "staff.remove", "staff 1", "coordinator")]


async def test_a_mail_address_is_sealed_and_goes_with_the_place(town: Town) -> None:
    await town.joins("anna", mail=MAIL)
    dump = await town.dump()
    assert MAIL not in str(dump)
    (mail,) = [row for row in dump["address"] if row["account_id"] == town.ids.accounts[staff.MAIL]]
    assert town.keyring.unseal(staff.MAIL, mail["sealed"]) == MAIL
    await remove(town, 1)
    (place,) = await town.rows("select name, mail_hash, mail_sealed from staff")
    assert place == {"name": "", "mail_hash": None, "mail_sealed": None}
    addresses = await town.database.read(lambda tx: contacts.addresses_of(tx, 1))
    assert [one.account for one in addresses] == ["telegram"]


async def test_letters_go_to_who_joined_before_there_was_mail(town: Town) -> None:
    await town.change("delete from account where channel = 'mail'")
    await town.joins("anna", mail=MAIL)
    (anna,) = await at_desk(town, "digest")
    assert await letter_address(town, anna) is None
    await town.database.transaction(lambda tx: sync(tx, ["graz"], ACCOUNTS))
    found = await letter_address(town, anna)
    assert found is not None
    assert await letter_address(town, anna) == found


async def test_two_may_share_a_letter_box_and_one_of_them_leaves(town: Town) -> None:
    await town.joins("anna", mail="desk@graz.example")
    await town.joins("bernd", mail="desk@graz.example")
    anna, bernd = await at_desk(town, "digest")
    assert await letter_address(town, anna) == await letter_address(town, bernd) is not None
    await remove(town, bernd.id)
    assert await letter_address(town, anna) is not None


@pytest.mark.parametrize(
    ("duty", "roles"),
    [
        ("digest", ["coordinator", "deputy"]),
        ("answer", ["coordinator", "deputy"]),
        ("original", ["coordinator", "deputy", "interpreter"]),
        ("look", ["coordinator", "deputy", "interpreter"]),
        ("late", ["deputy", "operator"]),
        ("faults", ["operator"]),
    ],
)
async def test_duties_are_of_roles_and_of_one_council(town: Town, duty: Duty, roles: Sequence[Role]) -> None:
    everybody: Sequence[Role] = (
        "coordinator",
        "deputy",
        "organiser",
        "facilitator",
        "interpreter",
        "operator",
    )
    for role in everybody:
        await town.joins(role, role)
    await town.joins("elsewhere", roles[0], council="empoli")
    await town.invites(roles[0])  # and has not come yet
    assert [one.role for one in await at_desk(town, duty)] == roles


async def test_who_has_everything_deleted_holds_no_place(town: Town) -> None:
    await town.joins("anna", mail=MAIL)
    await town.talk("delete", ContactErased(), who="anna")
    assert await at_desk(town, "answer") == []
    (place,) = await town.rows("select name, mail_hash, mail_sealed from staff")
    assert place == {"name": "", "mail_hash": None, "mail_sealed": None}


async def test_places_are_listed_for_those_who_run_it(town: Town) -> None:
    await town.joins("anna", mail=MAIL)
    await town.invites("operator", council="empoli")
    await town.joins("bernd")
    await remove(town, 3)
    listed = await town.database.read(staff.places)
    assert [(one.council, one.role, one.name, one.joined_at, one.mail) for one in listed] == [
        ("graz", "coordinator", "Anna", town.now, 1),
        ("empoli", "operator", "", None, 0),
    ]


async def test_nobody_is_invited_to_a_council_that_is_not_there(town: Town) -> None:
    with pytest.raises(RefusedRow, match="no council atlantis"):
        await town.invites(council="atlantis")
