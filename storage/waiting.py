"""What waits to be heard: the oldest unread message of each contact, with what its conversation needs."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from core.contact import Contact
from core.messages import InboundMessage
from core.talk import Echo, Nudge, Run
from storage import inbox
from storage.packing import MESSAGE, RUN, Unreadable
from storage.tx import Row, Tx

NO_ECHO = Echo()


class Waiting(Struct, frozen=True):
    """The oldest unread message of one contact, with what the conversation needs."""

    inbox_id: int
    account: str  #: its key
    channel: str
    address_id: int | None
    message: InboundMessage  #: without its address
    nudge: Nudge | None  #: set when it is ours, said in the person's place
    received_at: int
    attempts: int
    contact: Contact  #: one who had everything deleted comes back as a newcomer
    run: Run | None
    echo: Echo
    early: bool  #: written before the open question was shown
    returned: bool = False  #: had everything deleted before


async def take(tx: Tx, now: int, limit: int = 256, leave_out: Collection[int] = ()) -> list[Waiting]:
    """The oldest unread message of each contact; none where the oldest waits for a retry, or is left out."""
    rows = await tx.all("unread_by_contact", now=now, limit=limit + len(leave_out))
    found: list[Waiting] = []
    for row in rows:
        if row["id"] in leave_out or len(found) == limit:
            continue
        try:
            found.append(_waiting(row))
        except Unreadable:
            # Written by another version. One message must not hold up the others, nor this person's next one.
            await inbox.aside(tx, row["id"], "unreadable", now)
    return found


def _waiting(row: Row) -> Waiting:
    # In the order of the columns: this runs for every message, and by name it takes three times as long.
    (
        inbox_id, account, channel, address_id, kind, external_id, body, received_at, attempts,
        contact_id, council, pseudonym, language, language_chosen, two_languages, phone_language,
        state, muted, created_at,
        agreed_version, invitations, role, run, echo_hash, echo_count, echo_since, seen_inbox_id,
    ) = row  # fmt: skip
    nudge = Nudge(body) if kind == "nudge" else None
    returned = state == "erased"
    return Waiting(
        inbox_id,
        account,
        channel,
        address_id,
        InboundMessage(account, "message", external_id, "") if nudge else MESSAGE.unpack(body),
        nudge,
        received_at,
        attempts,
        Contact(
            contact_id,
            council,
            pseudonym,
            language,
            bool(language_chosen),
            phone_language,
            "active" if returned and not nudge else state,
            bool(muted),
            agreed_version,
            None if invitations is None else bool(invitations),
            created_at,
            role,
            tuple(two_languages.split()),
        ),
        RUN.unpack(run) if run else None,
        Echo(echo_hash, echo_count, echo_since) if echo_hash else NO_ECHO,
        inbox_id <= (seen_inbox_id or 0),
        returned and not nudge,
    )
