"""Inform: what has to be known before a batch can be answered, loaded for all of it at once.

A query is asked once for a batch, however many messages want it, and not at all when none does: of most
messages nothing has to be known.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from core.contact import Contact
from core.council import Council
from core.desk import Case, Seek
from core.known import Known
from core.phrases import Phrases
from core.references import SPACE, reference
from core.talk import Heard
from flows.conversation import Conversation
from storage import turns
from storage.database import Tx
from storage.known import Sought
from storage.turns import Waiting
from translations import sentences

NOTHING_KNOWN = Known()


@dataclass(eq=False)
class Prepared:
    """One message on its way through a batch; what it wants to know comes when all are prepared."""

    waiting: Waiting
    council: Council
    heard: Heard
    phrases: Phrases
    second: Phrases | None
    seek: Seek | None = None  #: what of the desk it is about
    known: Known = NOTHING_KNOWN
    references: tuple[str, ...] = ()  #: free ones: for an issue that is filed, or taken apart

    @property
    def acts(self) -> bool:
        """Whether this may change what another of staff sees."""
        joins = self.seek is not None and bool(self.seek.invitation)
        return not self.waiting.nudge and self.seek is not None and (joins or bool(self.waiting.contact.role))


async def inform(tx: Tx, conversation: Conversation, prepared: Sequence[Prepared], now: int) -> None:
    """Add what some conversations want to know, and free references for those that may need them."""
    wants = {
        one.waiting.inbox_id: wanted
        for one in prepared
        if (wanted := conversation.wants(one.heard, one.waiting.run))
    }
    seeks = {
        one.waiting.inbox_id: Sought(one.seek, _reads(one.waiting.contact, one.council))
        for one in prepared
        if one.seek
    }
    await _give_references(tx, conversation, prepared)
    if not (wants or seeks):
        return
    known = await turns.known(tx, [one.waiting for one in prepared], wants, seeks, now)
    for one in prepared:
        one.known = known.get(one.waiting.inbox_id, NOTHING_KNOWN)
        if one.seek and conversation.spare_references(one.heard, one.waiting.run):
            one.known = _in_pieces(one.known)


async def _give_references(tx: Tx, conversation: Conversation, prepared: Sequence[Prepared]) -> None:
    """References that nobody has, for those that may need one or several; drawn by chance, so that they
    tell nothing.
    """
    missing: list[Prepared] = []
    for one in prepared:
        files = conversation.may_file(one.heard, one.waiting.run)
        missing += [one] * (files + conversation.spare_references(one.heard, one.waiting.run))
    given: set[str] = set()
    while missing:
        tries = {reference(one.council.prefix, secrets.randbelow(SPACE)): one for one in missing}
        free = await turns.free_references(tx, list(tries)) - given
        for candidate in sorted(free):
            one = tries[candidate]
            one.references += (candidate,)
            missing.remove(one)
        given |= free


def _reads(contact: Contact, council: Council) -> str:
    """The language in which somebody reads issues: their own where the council works in it."""
    works_in = council.working_languages
    return contact.language if contact.language in works_in else works_in[0]


def _in_pieces(known: Known) -> Known:
    """With the sentences of each issue, for taking it apart; as staff read them where they are as many."""
    return replace(known, desk=replace(known.desk, cases=tuple(map(_cut, known.desk.cases))))


def _cut(case: Case) -> Case:
    pieces = _sentences(case.original, case.language)
    shown = _sentences(case.reading.words, "")
    return replace(case, pieces=pieces, shown=shown if len(shown) == len(pieces) else pieces)


def _sentences(text: str, language: str) -> tuple[str, ...]:
    return tuple(
        piece.strip()
        for line in text.splitlines()
        for piece in sentences.split(line, language)
        if piece.strip()
    )
