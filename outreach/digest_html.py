"""A digest as an HTML letter for common mail readers: tables with their styles, and nothing from outside.

A heading for every section and topic, so that it can be heard as well as seen. Every quotation finds its own
direction. All text comes from `Said` in HTML, where it is escaped; only the tags are written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from core.council import Council
from core.digest import Entry, Matter, Proposal, Reading, Section
from core.phrases import Phrases
from outreach.digest import Part, is_empty, is_late, parts
from outreach.digest_look import WIDTH, look, sheet
from outreach.digest_said import Said
from outreach.fitting import shares
from outreach.short import DOT, LINE_MARKS, in_a_line
from outreach.voice import InHtml, InText

MOST = 40  #: issues in one letter, so that it is read in ten minutes
#: who gets room before the others get more: so many of each part, of what is new by each topic
ROUNDS: Sequence[Mapping[Section, int]] = ({"first": 15}, {"promised": 5}, {"new": 2})
GROUPS = 5
BESIDE, QUOTED = 100, 3  #: characters of a text that stands beside others, and how many do
#: a table that only puts things in their place
LAYOUT = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'


def subject(matter: Matter, council: Council, phrases: Phrases) -> str:
    """The letter's subject, on one line: the week, and how much there is to do."""
    said = Said(matter, council, phrases, InText(phrases))
    much = DOT.join(_much(said)) or phrases.say("digest.subject.nothing")
    # A mail reader lays the line out as its first strong letter runs, and that is the W of the week.
    return LINE_MARKS[phrases.direction] + in_a_line(f"{said.week}: {much} ({council.name})")


def as_html(
    matter: Matter, council: Council, phrases: Phrases, *, most: int = MOST, enclosed: bool = False
) -> str:
    """The digest with at most so many issues; `enclosed`: a table of all issues goes with it."""
    letter = _Letter(Said(matter, council, phrases, InHtml(phrases)), most, enclosed)
    return _page(subject(matter, council, phrases), phrases, letter.rows())


def _much(said: Said) -> Iterator[str]:
    if first := len(said.matter.first) + said.matter.waiting:
        yield said.voice.count("digest.subject.first", first)
    if new := len(said.matter.new):
        yield said.voice.count("digest.subject.new", new)


def _page(title: str, phrases: Phrases, rows: Iterable[str]) -> str:
    # Outlook for Windows knows no greatest width, so there the table stands in one of that width.
    return f"""<!doctype html>
<html lang="{escape(phrases.language)}" dir="{phrases.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{escape(title)}</title>
<style>{sheet()}</style>
</head>
<body {look("paper")}>
<table {LAYOUT} dir="{phrases.direction}" width="100%">
<tr><td align="center" {look("around")}>
<!--[if mso]><table {LAYOUT} width="{WIDTH}"><tr><td><![endif]-->
<table {LAYOUT} dir="{phrases.direction}" {look("card")}>
{_joined(rows)}
</table>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</body>
</html>
"""


@dataclass(frozen=True)
class _Letter:
    said: Said
    most: int
    enclosed: bool

    def rows(self) -> Iterator[str]:
        """The rows of the letter's table."""
        late = self.said.late() if is_late(self.said.matter) else ""
        if is_empty(self.said.matter):
            only = (self.said.empty(), late, self.said.sent())
            yield _row("only", " ".join(part for part in only if part))
            return
        yield _row("head", self._head())
        yield from [_row("late", late)] if late else []
        for block in self._blocks():
            yield from [_row("section", block)] if block else []
        if sent := self.said.sent():
            yield _row("section", _tag("p", "soft", sent))
        yield _row("foot", "&nbsp;")

    def _head(self) -> str:
        much = DOT.join(_much(self.said))
        return _joined(
            [
                _tag("h1", "h1", self.said.heading()),
                _tag("p", "under", self.said.days()),
                _tag("p", "sum", much) if much else "",
            ]
        )

    def _blocks(self) -> Iterator[str]:
        yield self._section("first")
        yield self._section("new")
        yield self._groups()
        yield self._section("promised")
        yield _tag("p", "soft", self.said.voice.say("digest.enclosed")) if self.enclosed else ""
        yield self._titled("check", [_tag("p", "text", check) for check in self.said.checks()])
        yield self._titled("weeks", self._weeks())
        yield self._titled("answers", self._answers())

    # Issues

    def _section(self, section: Section) -> str:
        mine = [(part, taken) for part, taken in self._taken if part.section == section]
        older = self.said.matter.waiting if section == "first" else 0
        number = sum(len(part.entries) for part, _ in mine) + older
        rest = number - sum(taken for _, taken in mine)
        hear_by = self.said.hear_by() if section == "new" and number else ""
        blocks = [
            _tag("p", "soft", hear_by) if hear_by else "",
            *(self._part(part, taken) for part, taken in mine if taken),
            self._more(rest, {part.topic: len(part.entries) - taken for part, taken in mine if part.topic}),
        ]
        return self._titled(section, blocks, number) if number else ""

    def _part(self, part: Part, taken: int) -> str:
        issues = [self._issue(entry, part.section) for entry in part.entries[:taken]]
        table = _table("issues", issues)
        if part.section != "new":
            return table
        return _tag("h3", "h3", f"{self.said.label(part.topic)} {_counted(len(part.entries))}") + table

    def _issue(self, entry: Entry, section: Section) -> str:
        remarks = DOT.join([*self._made_by(entry.reading), *self.said.remarks(entry, section)])
        told = [self._about(entry, section), self._words(entry), _tag("p", "remarks", remarks)]
        return self._numbered(str(entry.number), told)

    def _numbered(self, number: str, told: Iterable[str]) -> str:
        return (
            f'<tr><td valign="top" {look("number")}>{self.said.voice.value(number)}</td>'
            f"<td {look('issue')}>{_joined(told)}</td></tr>"
        )

    def _about(self, entry: Entry, section: Section) -> str:
        if section == "promised":
            return _tag("p", "pills" if self.said.has_passed(entry) else "promise", self.said.promise(entry))
        urgent = self.said.urgent(entry) if section == "first" else []
        if urgent and urgent[0] == self.said.voice.say("digest.danger"):
            urgent[0] = _tag("span", "danger", urgent[0])
        return _tag("p", "pills", DOT.join(urgent)) if urgent else ""

    def _words(self, entry: Entry) -> str:
        words = self.said.quotation(entry.reading)
        return _quoted("words", words) if words else _tag("p", "instead", self.said.instead(entry))

    def _made_by(self, reading: Reading) -> list[str]:
        made_by = self.said.made_by(reading) if self.said.quotation(reading) else ""
        looks = "machine" if reading.status == "good" else "unsure"
        return [_tag("span", looks, made_by)] if made_by else []

    def _more(self, rest: int, by_topic: Mapping[str, int]) -> str:
        each = DOT.join(f"{self.said.label(topic)} {count}" for topic, count in by_topic.items() if count)
        more = self.said.voice.count("digest.more", rest)
        return _tag("p", "soft", f"{more}: {each}" if each else more) if rest else ""

    def _groups(self) -> str:
        proposals = self.said.matter.proposals
        groups = [self._group(one) for one in proposals[:GROUPS]]
        blocks = [_table("issues", groups), self._more(len(proposals[GROUPS:]), {})]
        return self._titled("groups", blocks) if proposals else ""

    def _group(self, proposal: Proposal) -> str:
        quoted = [self._beside(reading) for reading in proposal.readings[:QUOTED]]
        return self._numbered(f"G{proposal.number}", [*quoted, _tag("p", "does", self.said.group(proposal))])

    def _beside(self, reading: Reading) -> str:
        words = self.said.quotation(reading, BESIDE)
        made_by = "".join(_tag("p", "beside", mark) for mark in self._made_by(reading))
        return _quoted("words", words) + made_by if words else ""

    # What stands below them

    def _weeks(self) -> list[str]:
        spoken = self.said.languages()
        head = "".join(
            f'<th scope="col" {look("column")}>{self.said.voice.say(f"digest.{week}")}</th>'
            for week in ("this_week", "last_week")
        )
        lines = [self._compared(*line) for line in (*self.said.weeks(), *self.said.topics())]
        table = f"<table {look('weeks')}><tr><td></td>{head}</tr>{_joined(lines)}</table>"
        return [table, _tag("p", "soft", spoken) if spoken else ""]

    def _compared(self, what: str, now: int, before: int) -> str:
        return (
            f'<tr><th scope="row" {look("what")}>{what}</th>'
            f"<td {look('amount')}>{now}</td><td {look('before')}>{before}</td></tr>"
        )

    def _answers(self) -> list[str]:
        if not self._taken:
            return []
        codes = [
            f"<tr><td {look('code')}>{code}</td><td {look('does')}>{does}</td></tr>"
            for code, does in self.said.answers()
        ]
        return [
            _tag("p", "text", self.said.voice.say("digest.answer.where")),
            _table("issues", codes),
            _tag("p", "soft", self.said.more_answers()),
            _tag("p", "soft", self.said.older()),
        ]

    def _titled(self, name: str, blocks: Sequence[str], number: int = 0) -> str:
        title = self.said.voice.say(f"digest.{name}") + (f" {_counted(number)}" if number else "")
        return _tag("h2", "h2", title) + _joined(blocks) if any(blocks) else ""

    @cached_property
    def _taken(self) -> tuple[tuple[Part, int], ...]:
        """Every part, and how many of its issues are in the letter."""
        all_parts = parts(self.said.matter)
        each_one = [[1] * len(part.entries) for part in all_parts]
        rounds = [[tops.get(part.section, 0) for part in all_parts] for tops in ROUNDS]
        taken = shares(each_one, rounds, self.most)
        return tuple(zip(all_parts, taken, strict=True))


def _row(looks: str, content: str) -> str:
    return f"<tr><td {look(looks)}>{content}</td></tr>"


def _tag(name: str, looks: str, content: str) -> str:
    return f"<{name} {look(looks)}>{content}</{name}>"


def _quoted(looks: str, words: str) -> str:
    return f'<p dir="auto" {look(looks)}>{escape(words)}</p>'


def _counted(number: int) -> str:
    return f"<span {look('count')}>({number})</span>"


def _table(looks: str, rows: Iterable[str]) -> str:
    return f"<table {LAYOUT} {look(looks)}>{_joined(rows)}</table>"


def _joined(blocks: Iterable[str]) -> str:
    return "\n".join(block for block in blocks if block)
