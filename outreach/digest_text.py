"""A digest as plain text, for a chat and for the mail readers that want no HTML.

It fits into its room whatever the week holds: what always stands there is reckoned first, and the issues
share what is left. The text has no markup, so nothing that people write can be any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.council import Council
from core.digest import Entry, Matter, Proposal, Reading, Section
from core.letters import between_letters, units
from core.phrases import Phrases
from outreach.digest import is_empty, is_late, parts
from outreach.digest_said import Said
from outreach.fitting import shares
from outreach.short import DOT, ELLIPSIS, LINE_MARKS, RENDERING
from outreach.voice import InText

ROOM = 3700  #: UTF-16 units; Telegram takes 4096
GROUPS = "groups"
BESIDE, QUOTED = 60, 2  #: characters of a text that stands beside others, and how many do
#: who gets room before the others get more: so many of each part, of what is new by each topic
ROUNDS: Sequence[Mapping[str, int]] = ({"first": 6}, {"promised": 2, GROUPS: 1}, {"new": 1})
SLACK = 40  #: "and 2 more" may be longer than "and 11 more"


def as_text(
    matter: Matter, council: Council, phrases: Phrases, *, room: int = ROOM, enclosed: bool = False
) -> str:
    """The digest in at most `room` UTF-16 units; `enclosed`: a table of all issues goes with it."""
    said = Said(matter, council, phrases, InText(phrases))
    return within(_Text(said, room, enclosed).compose(), room)


def within(text: str, room: int) -> str:
    """A text that ends where its room does, for a room in which not even the headings fit."""
    if units(text) <= room:
        return text
    end = len(text.encode("utf-16-le")[: 2 * (room - 1)].decode("utf-16-le", "ignore"))
    return text[: between_letters(text, end)] + ELLIPSIS


@dataclass(frozen=True)
class _Pile:
    """What could be shown of one part, or of the groups."""

    section: str
    topic: str
    number: int  #: how many there are
    blocks: Sequence[str]  #: as many of them as could have room


@dataclass(frozen=True)
class _Text:
    said: Said
    room: int
    enclosed: bool

    def compose(self) -> str:
        """The digest with as many issues as have room."""
        if is_empty(self.said.matter):
            return " ".join([self.said.empty(), *self._late(), *filter(None, [self.said.sent()])])
        piles = [*self._piles()]
        costs = [[_cost(block) for block in pile.blocks] for pile in piles]
        rounds = [[tops.get(pile.section, 0) for pile in piles] for tops in ROUNDS]
        frame = units(self._whole([(pile, 0) for pile in piles]))
        taken = shares(costs, rounds, self.room - SLACK - frame)
        return self._whole([*zip(piles, taken, strict=True)])

    def _whole(self, taken: Sequence[tuple[_Pile, int]]) -> str:
        """The digest with so many of each pile."""
        blocks = [
            self._block(self.said.heading(), self.said.days(), *self._late()),
            *self._section("first", taken, self.said.matter.waiting),
            *self._section("new", taken),
            *self._section(GROUPS, taken),
            *self._section("promised", taken),
            *([self._block(self.said.voice.say("digest.enclosed"))] if self.enclosed else []),
            self._titled("check", self.said.checks()),
            self._titled("weeks.short", self._weeks()),
            self._titled("answers", self._answers()),
            *map(self._block, filter(None, [self.said.sent()])),
        ]
        return "\n\n".join(block for block in blocks if block)

    def _section(self, section: str, taken: Sequence[tuple[_Pile, int]], unlisted: int = 0) -> Iterator[str]:
        """A section's head, what of it has room, and how much has none."""
        mine = [(pile, shown) for pile, shown in taken if pile.section == section]
        number = sum(pile.number for pile, _ in mine) + unlisted
        if not number:
            return
        yield self._block(f"{self._title(section)} ({number})", *self._promise_of(section))
        for pile, shown in mine:
            yield from pile.blocks[:shown]
        if rest := number - sum(shown for _, shown in mine):
            left = {pile.topic: pile.number - shown for pile, shown in mine if section == "new"}
            yield self._block(self._more(rest, left))

    def _more(self, rest: int, by_topic: Mapping[str, int]) -> str:
        each = DOT.join(f"{self.said.label(topic)} {count}" for topic, count in by_topic.items() if count)
        more = self.said.voice.count("digest.more", rest)
        return f"{more}: {each}" if each else more

    # Lines

    def _piles(self) -> Iterator[_Pile]:
        for part in parts(self.said.matter):
            blocks = self._with_room(self._issue(entry, part.section) for entry in part.entries)
            if part.section == "new":  # A topic's head goes with its first issue.
                head = self._block(f"□ {self.said.label(part.topic)} ({len(part.entries)})")
                blocks[:1] = [f"{head}\n{block}" for block in blocks[:1]]
            yield _Pile(part.section, part.topic, len(part.entries), blocks)
        proposals = self.said.matter.proposals
        groups = self._with_room(self._group(one) for one in proposals)
        yield _Pile(GROUPS, "", len(proposals), groups)

    def _with_room(self, blocks: Iterable[str]) -> list[str]:
        """As many as there would be room for: not all of 3,000 have to be written to show a dozen."""
        room, fit = self.room, []
        for block in blocks:
            room -= _cost(block)
            if room < 0:
                break
            fit.append(block)
        return fit

    def _issue(self, entry: Entry, section: Section) -> str:
        remarks = DOT.join(self.said.remarks(entry, section))
        first, *others = [*self._about(entry, section), self._words(entry), remarks]
        return self._block(f"{entry.number}. {first}", *others)

    def _about(self, entry: Entry, section: Section) -> list[str]:
        if section == "first":
            return [DOT.join(self.said.urgent(entry))]
        return [self.said.promise(entry)] if section == "promised" else []

    def _words(self, entry: Entry) -> str:
        return self._quoted(entry.reading, RENDERING) or self.said.instead(entry)

    def _quoted(self, reading: Reading, most: int) -> str:
        words, made_by = self.said.quotation(reading, most), self.said.made_by(reading)
        quoted = self.said.voice.say("digest.quotation", words=words)
        return (f"{quoted} ({made_by})" if made_by else quoted) if words else ""

    def _group(self, proposal: Proposal) -> str:
        quoted = [self._quoted(reading, BESIDE) for reading in proposal.readings[:QUOTED]]
        return self._block(self.said.group(proposal), *filter(None, quoted))

    def _promise_of(self, section: str) -> list[str]:
        hear_by = self.said.hear_by() if section == "new" else ""
        return [hear_by] if hear_by else []

    def _late(self) -> list[str]:
        return [self.said.late()] if is_late(self.said.matter) else []

    def _weeks(self) -> Iterator[str]:
        for lines in (self.said.weeks(), self.said.topics()):
            if lines:
                yield DOT.join(self._compared(*line) for line in lines)
        if spoken := self.said.languages():
            yield spoken

    def _compared(self, what: str, now: int, before: int) -> str:
        return f"{what} {now} ({before})"

    def _answers(self) -> Iterator[str]:
        if not parts(self.said.matter):
            return
        yield self.said.voice.say("digest.answer.where")
        yield DOT.join(f"{code} {does}" for code, does in self.said.answers())
        yield self.said.more_answers()
        yield self.said.older()

    def _titled(self, name: str, lines: Iterable[str]) -> str:
        written = list(lines)
        return self._block(self._title(name), *written) if written else ""

    def _title(self, name: str) -> str:
        return f"■ {self.said.voice.say(f'digest.{name}')}"

    def _block(self, *lines: str) -> str:
        mark = LINE_MARKS[self.said.phrases.direction]
        return "\n".join(mark + line for line in lines)


def _cost(block: str) -> int:
    return units(block) + 2  # and the empty line before it
