"""What a transcript's desk holds: digests with their issues, what waits for a look, who is invited.

(W47 1 GRZ-7K4M: The lift is broken = El ascensor está roto)   a number of a digest; with the original
(GRZ-7K4M: The lift is broken)                                 an issue that is in no digest
(GRZ-7K4M closed by Berta)                                     a colleague has answered
(GRZ-7K4M taken back)
(G1 GRZ-7K4M GRZ-9PQR)                                         a proposal of the newest digest
(look GRZ-7K4M weighty: Sie bekommen 300 Euro > You get 300 euros > Sie erhalten 300 Euro)
(nothing to look at)
(invitation 2345-6789-ABCD open as deputy)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import convert
from msgspec.structs import replace

from core.desk import Case, Desk, Invitation, Latest, Look, Offered, Seek
from core.digest import Reading
from core.events import (
    Event,
    IssueAnswered,
    IssueMarkedSpam,
    IssuesPutTogether,
    IssueTakenOut,
    ProposalDeclined,
    TranslationLooked,
)

DAY = 24 * 3_600_000_000


@dataclass
class World:
    """What staff may find, as storage would find it."""

    cases: dict[str, Case] = field(default_factory=dict)
    digests: dict[int, dict[int, str]] = field(default_factory=dict)  #: week -> number -> reference
    proposal: Offered | None = None
    look: Look | None = None
    invitations: dict[str, Invitation] = field(default_factory=dict)

    def becomes(self, line: str, now: int) -> bool:
        """Take a line of a transcript; whether it was one of ours."""
        line = line.strip("()")
        if found := re.fullmatch(r"(?:W(\d+) (\d+) )?(\w+-\w{4}): (.*?)(?: = (.*))?", line):
            week, number, *case = found.groups()
            self._raised(*case, shown_at=now if week else 0, filed_at=now - 3 * DAY)
            if week:
                self.digests.setdefault(int(week), {})[int(number)] = found[3]
        elif found := re.fullmatch(r"(\w+-\w{4}) (\w+) by (\w+)", line):
            reference, kind, name = found.groups()
            latest = {"kind": kind, "at": now, "by": name, "mine": False}
            self._answered(reference, convert(latest, Latest))
        elif found := re.fullmatch(r"(\w+-\w{4}) taken back", line):
            del self.cases[found[1]]
        elif found := re.fullmatch(r"G(\d+) (.*)", line):
            cases = tuple(self.cases[one] for one in found[2].split())
            self.proposal = Offered(70 + int(found[1]), int(found[1]), "2026-W47", cases)
        elif found := re.fullmatch(r"look (\w+-\w{4}) (checks|weighty|no model): (.*?) > (.*?) > (.*)", line):
            reference, reason, words, made, back = found.groups()
            self.look = Look(3, "es", reference, "de", words, made, back, reason)
        elif found := re.fullmatch(r"look tells the day (\S+), and something newer was said", line):
            assert self.look is not None
            self.look = replace(self.look, day=found[1], newer_at=now)
        elif line == "nothing to look at":
            self.look = None
        elif found := re.fullmatch(r"invitation ([\w-]+) (\w+) as (\w+)", line):
            code, state, role = found.groups()
            invitation = {"code": code, "state": state, "role": role, "council": "graz"}
            self.invitations[code] = convert(invitation, Invitation)
        else:
            return False
        return True

    def happened(self, event: Event, now: int) -> None:
        """What somebody did is there for the next message."""
        match event:
            case IssueAnswered():
                latest = Latest(event.kind, now, "", mine=True, detail=event.detail, words=event.words)
                self._answered(event.reference, latest)
            case IssueMarkedSpam():
                case = self.cases[event.reference]
                self.cases[event.reference] = replace(case, status="spam", open=False)
            case IssuesPutTogether(references):
                self.proposal = None
                for one in references:
                    others = tuple(other for other in references if other != one)
                    self.cases[one] = replace(self.cases[one], together=others)
            case IssueTakenOut(reference):
                for one, case in self.cases.items():
                    left = () if one == reference else tuple(o for o in case.together if o != reference)
                    self.cases[one] = replace(case, together=left)
            case ProposalDeclined():
                self.proposal = None
            case TranslationLooked():
                self.look = None
            case _:
                pass

    def found(self, seek: Seek | None) -> Desk:
        """What somebody of the staff may see of what they ask for."""
        if seek is None:
            return Desk()
        if seek.look or seek.nudge.startswith("look:"):
            return Desk(look=self.look, looks=int(self.look is not None))
        if seek.proposal:
            fits = self.proposal is not None and self.proposal.number == seek.proposal
            return Desk(offered=self.proposal if fits else None)
        cases = tuple(self._cases(seek))
        others = tuple(self._cases(seek.other)) if seek.other else ()
        return Desk(() if self._gone(seek) else cases, gone=self._gone(seek), others=others)

    def invited(self, code: str) -> Desk:
        """What anybody may see: the invitation they come with."""
        return Desk(invitation=self.invitations.get(code, Invitation(code, "unknown")))

    def _cases(self, seek: Seek) -> Iterator[Case]:
        if seek.references:
            yield from (self.cases[one] for one in seek.references if one in self.cases)
            return
        for week in sorted(self.digests, reverse=True):
            if seek.week not in (0, week):
                continue
            for number, reference in self.digests[week].items():
                case = self.cases.get(reference)
                if case and (number == seek.number or (seek.all_new and case.status == "filed")):
                    yield replace(case, week=f"2026-W{week}", number=number)
            if seek.all_new:
                return

    def _gone(self, seek: Seek) -> bool:
        """Whether the newest number's issue was taken back."""
        weeks = [week for week in sorted(self.digests, reverse=True) if seek.week in (0, week)]
        meant = [ref for week in weeks if (ref := self.digests[week].get(seek.number))]
        return bool(meant) and meant[0] not in self.cases

    def _raised(self, reference: str, words: str, original: str, *, shown_at: int, filed_at: int) -> None:
        self.cases[reference] = Case(
            reference,
            status="filed",
            topic="housing",
            place="",
            filed_at=filed_at,
            hear_by=filed_at + 14 * DAY,
            people=1,
            danger=False,
            reading=Reading(words, "machine" if original else ""),
            original=original or words,
            language="es" if original else "de",
            pieces=_sentences(original or words),
            shown=_sentences(words),
            shown_at=shown_at,
        )

    def _answered(self, reference: str, latest: Latest) -> None:
        case = self.cases[reference]
        status = case.status if latest.kind == "said" else latest.kind
        self.cases[reference] = replace(case, status=status, open=False, latest=latest)


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(re.split(r"(?<=[.!?])\s+", text))
