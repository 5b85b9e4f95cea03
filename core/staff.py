"""Who works for a council, and what each role may do.

A role is held by a person's own account in one council. Whoever may do something is asked here, at the moment
it is done: a role that was taken away works no more with the next message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from msgspec import Struct

Role = Literal["coordinator", "deputy", "organiser", "facilitator", "interpreter", "operator"]
Duty = Literal[
    "digest",  # gets the week's digest
    "answer",  # answers issues, puts them together and takes them apart
    "original",  # sees what a person wrote, one issue at a time
    "look",  # looks at translations before they go out
    "late",  # is told when an issue has waited for too long
    "faults",  # is told what did not arrive, and never a word of it
]

ROLES: tuple[Role, ...] = get_args(Role)

#: organisers and facilitators work with sessions, not with issues
DUTIES: Mapping[Role, frozenset[Duty]] = {
    "coordinator": frozenset({"digest", "answer", "original", "look"}),
    "deputy": frozenset({"digest", "answer", "original", "look", "late"}),
    "organiser": frozenset(),
    "facilitator": frozenset(),
    "interpreter": frozenset({"original", "look"}),
    "operator": frozenset({"late", "faults"}),
}


class Staff(Struct, frozen=True):
    """Somebody who works for a council, or is invited to."""

    id: int
    council: str  #: its key
    role: Role
    name: str  #: as colleagues call them; "" when nobody gave one
    contact_id: int | None  #: None: invited, and has not joined yet
    address_id: int | None  #: where they joined: messages of staff go there
    language: str | None


def may(role: Role | None, duty: Duty) -> bool:
    """Whether somebody in this role, or in none, may do this."""
    return role is not None and duty in DUTIES[role]
