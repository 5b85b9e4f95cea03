"""Who works for a council: invited once, by a code kept only as its hash, and gone at once when removed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from core.desk import Invitation
from core.errors import RefusedRow
from core.references import new_invitation
from core.staff import Duty, Role, Staff, may
from storage import audit
from storage.addresses import Keyring
from storage.tx import Tx

#: the account whose addresses are those of letters
MAIL = "mail"
EVER = 2**63 - 1  #: UTC microseconds


@dataclass(frozen=True)
class PlaceAtDesk:
    """A place that is held, or offered, for those who run it to see."""

    id: int
    council: str
    role: Role
    name: str
    invited_at: int
    expires_at: int
    joined_at: int | None  #: None: invited, and has not come yet
    mail: int  #: 1 where letters go to them too
    silent: int  #: 1 where they asked us to stop, or cannot be reached: nothing goes to their chat


async def invite(
    tx: Tx,
    keyring: Keyring,
    *,
    council: str,
    role: Role,
    name: str = "",
    mail: str = "",
    actor: str,
    now: int,
    expires_at: int,
) -> str:
    """Offer a place; the code that takes it, once. An e-mail address is sealed like every other."""
    code = new_invitation(secrets.randbelow)
    row = await tx.one(
        "insert_staff",
        council=council,
        role=role,
        name=name,
        code_hash=hashed(code),
        mail_hash=keyring.hash(MAIL, mail) if mail else None,
        mail_sealed=keyring.seal(MAIL, mail) if mail else None,
        now=now,
        expires_at=expires_at,
    )
    if row is None:
        raise RefusedRow(f"There is no council {council} in the database yet: start Townbell once.")
    await audit.note(tx, now, actor, "staff.invite", f"staff {row['id']}", detail=role)
    return code


def hashed(code: str) -> str:
    """How a code is kept. It is long and random: what is guessed is the code, never from its hash."""
    return hashlib.sha256(code.encode()).hexdigest()


async def invitation_of(tx: Tx, code: str, now: int) -> Invitation:
    """What an invitation offers, and whether it still does."""
    row = await tx.one("invitation", code_hash=hashed(code))
    if row is None:
        return Invitation(code, "unknown")
    if row["joined_at"] is not None or row["removed_at"] is not None:
        return Invitation(code, "used", row["role"], row["council"])
    if row["expires_at"] <= now:
        return Invitation(code, "expired", row["role"], row["council"])
    return Invitation(code, "open", row["role"], row["council"])


async def join(tx: Tx, code: str, contact_id: int, address_id: int | None, now: int) -> None:
    """Take a place; whoever held one before leaves it. Raises RefusedRow for a code that another took."""
    if await tx.do("leave_other_places", contact_id=contact_id, code_hash=hashed(code), now=now):
        await _no_letters(tx, contact_id, now)
    row = await tx.one(
        "take_place", code_hash=hashed(code), contact_id=contact_id, address_id=address_id, now=now
    )
    if row is None:
        raise RefusedRow("This invitation was used a moment ago.")
    await tx.do("set_council_id", contact_id=contact_id, council_id=row["council_id"])
    await tx.do("give_mail_address", staff_id=row["id"], account=MAIL, now=now)
    await audit.note(tx, now, f"staff {row['id']}", "staff.join", f"staff {row['id']}", detail=row["role"])


async def places(tx: Tx) -> list[PlaceAtDesk]:
    """Every place that is held or offered."""
    return [PlaceAtDesk(*row) for row in await tx.all("places")]


async def remove(tx: Tx, staff_id: int, now: int, *, actor: str) -> bool:
    """Take a place away: from the next message on they are nobody's staff, and no letter goes to them."""
    row = await tx.one("remove_staff", id=staff_id, now=now)
    if row is None:
        return False
    if row["contact_id"] is not None:
        await _no_letters(tx, row["contact_id"], now)
    await audit.note(tx, now, actor, "staff.remove", f"staff {staff_id}", detail=row["role"])
    return True


async def _no_letters(tx: Tx, contact_id: int, now: int) -> None:
    """Letters of a place that somebody has left go nowhere."""
    await tx.many("drop_queued_letters", [{"contact_id": contact_id, "now": now}])
    await tx.many("delete_mail_address", [{"contact_id": contact_id}])


async def with_duty(tx: Tx, council_id: int, duty: Duty, *, joined_by: int = EVER) -> list[Staff]:
    """Who of a council's staff has a duty; `joined_by`: of those who were there then."""
    rows = await tx.all("staff_of_council", council_id=council_id, joined_by=joined_by)
    return [one for one in (Staff(*row) for row in rows) if may(one.role, duty)]


@dataclass(frozen=True)
class PlaceOf:
    """The place that somebody holds in the council they write to."""

    id: int
    council_id: int
    role: Role


async def place_of(tx: Tx, contact_id: int) -> PlaceOf | None:
    """Which place somebody holds now."""
    row = await tx.one("place_of", contact_id=contact_id)
    return PlaceOf(*row) if row else None


async def letter_address(tx: Tx, staff: Staff, now: int) -> int | None:
    """Where letters to somebody go; made now where the mail was configured after they joined."""
    await tx.do("give_mail_address", staff_id=staff.id, account=MAIL, now=now)
    found = await tx.value("mail_address_of", contact_id=staff.contact_id)
    return None if found is None else int(found)
