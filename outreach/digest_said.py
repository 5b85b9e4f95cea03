"""What a digest says, sentence by sentence; as_text and as_html only put it in its place.

What is pushed leaves our hands. Language and place of an issue are named where enough people share them, and
its original nowhere: only what the reading holds, shortened, and that only when it has not failed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from core.council import DAYS, Council
from core.digest import Entry, Matter, Proposal, Reading, Section
from core.phrases import Phrases
from outreach.digest import days_late, why_first
from outreach.short import DOT, ELLIPSIS, RENDERING, in_a_line, in_parts, short
from outreach.small_numbers import languages, shareable
from outreach.voice import Voice
from outreach.week import day_of, local

LISTED = 10  #: numbers of issues in one line; the others are counted
#: what follows a number: discuss, pass on, ask back, close, decided, write, show, seen ...
LETTERS = "abcdefos"
#: ... and what is seldom done: put together, take out again, take apart, cover, spam
SELDOM = "mnprx"


def topic_label(topic: str, council: Council, phrases: Phrases) -> str:
    """A topic's label, and what stands there where nobody named one."""
    return council.topic_label(topic, phrases) if topic else phrases.say("digest.no_topic")


@dataclass(frozen=True)
class Said:
    """One digest in one reader's language, in plain text or in HTML."""

    matter: Matter
    council: Council
    phrases: Phrases
    voice: Voice

    # The head

    def heading(self) -> str:
        """Whose week this is."""
        return self.voice.say("digest.heading", council=in_a_line(self.council.name), week=self.week)

    def days(self) -> str:
        """From when to when."""
        return self.voice.say(
            "digest.days", since=self.day(self.matter.since), until=self.day(self.matter.until)
        )

    def late(self) -> str:
        """When it was due."""
        due = local(self.matter.due_at, ZoneInfo(self.council.time_zone))
        weekday = self.phrases.say(f"digest.{DAYS[due.weekday()]}")
        return self.voice.say(
            "digest.late", weekday=weekday, day=self.phrases.day(due.date()), time=f"{due:%H:%M}"
        )

    def empty(self) -> str:
        """That there is nothing to tell."""
        return self.voice.say("digest.empty", council=in_a_line(self.council.name), week=self.week)

    def hear_by(self) -> str:
        """The first day by which one of the new ones is to hear; "" where all have heard."""
        days = [entry.hear_by for entry in self.matter.new if entry.answered_at is None]
        return self.voice.say("digest.hear_by", day=self.day(min(days))) if days else ""

    # One issue

    def label(self, topic: str) -> str:
        """A topic."""
        return self.voice.value(topic_label(topic, self.council, self.phrases))

    def urgent(self, entry: Entry) -> list[str]:
        """Why an issue is to be answered first."""
        now, said = self.matter.made_at, self.voice.say
        why = why_first(entry, self.council, now)
        late = days_late(entry, self.council, now)
        remarks = [said("digest.danger")] if why == "danger" else []
        if late > 0 and entry.answered_at is None:
            told = "digest.untold" if entry.late_told_at is None else "digest.told"
            remarks += [self.voice.count("digest.late_days", late), said(told)]
        if entry.reopened_at is not None and entry.answered_at is None:
            remarks.append(said("digest.reopened", day=self.day(entry.reopened_at)))
        if entry.replied_at is not None:
            remarks.append(said("digest.replied", day=self.day(entry.replied_at)))
        return remarks

    def promise(self, entry: Entry) -> str:
        """When an issue is to be discussed, or was."""
        key = "digest.promise_passed" if self.has_passed(entry) else "digest.promised_for"
        return self.voice.say(key, day=self.day(entry.promised_at or 0))

    def has_passed(self, entry: Entry) -> bool:
        """The day on which it was to be discussed is over."""
        return day_of(entry.promised_at or 0, self.council) < day_of(self.matter.made_at, self.council)

    def remarks(self, entry: Entry, section: Section) -> list[str]:
        """What else there is to know of an issue, in few words."""
        said = self.voice
        known = [said.value(entry.reference)]
        known += [self.label(entry.topic)] if section != "new" else []
        known += [said.say("digest.question")] if entry.kind == "question" else []
        known += (
            [said.say(f"digest.status.{entry.status}")]
            if section == "new" and entry.status != "filed"
            else []
        )
        known += self._people(entry)
        known += [said.count("digest.media", entry.media)] if entry.media else []
        return known + [said.value(where) for where in self.origin(entry) if where]

    def origin(self, entry: Entry) -> tuple[str, str]:
        """An issue's language and place, each "" where it is not given or might point at somebody."""
        if entry.issue_id not in self._shared:
            return "", ""
        return self.matter.languages.get(entry.language, entry.language), short(entry.place, 40)

    def quotation(self, reading: Reading, most: int = RENDERING) -> str:
        """What an issue says, shortened; "" where nothing can be shown."""
        return "" if reading.status in ("failed", "waiting") else short(in_parts(reading.words), most)

    def instead(self, entry: Entry) -> str:
        """What is said of an issue of which nothing can be shown."""
        key = "digest.failed" if entry.reading.status == "failed" else "digest.untranslated"
        if entry.reading.status == "good" and entry.media:
            key = "digest.wordless"
        return self.voice.say(key, answer=f"{entry.number}O")

    def made_by(self, reading: Reading) -> str:
        """How what is shown came about; "" for a person's own words and for what a person has translated."""
        marks = ["digest.machine"] if reading.made_by == "machine" else []
        marks += [f"digest.{reading.status}"] if reading.status in ("doubtful", "partial") else []
        return DOT.join(self.voice.say(mark) for mark in marks)

    # What is said of several

    def numbers(self, numbers: Sequence[int]) -> str:
        """Some numbers, and how many more there are."""
        listed = self.phrases.listed(str(number) for number in numbers[:LISTED])
        rest = len(numbers) - LISTED
        return f"{listed} {self.phrases.count('digest.more', rest)}" if rest > 0 else listed

    def group(self, proposal: Proposal) -> str:
        """Which issues seem to say the same, and what puts them together."""
        return self.voice.say(
            "digest.group", answer=f"G{proposal.number}", numbers=self.numbers(proposal.numbers)
        )

    def checks(self) -> Iterator[str]:
        """What somebody should look at."""
        for status in ("doubtful", "partial", "failed"):
            if numbers := [entry.number for entry in self._entries if entry.reading.status == status]:
                yield self._check(status, numbers)
        if numbers := [entry.number for entry in self._entries if entry.names_somebody]:
            yield self._check("names", numbers)
        if self.matter.looks:
            yield " ".join([self.voice.count("digest.looks", self.matter.looks), *self._looks()])

    def weeks(self) -> list[tuple[str, int, int]]:
        """What came and went, this week and last week."""
        now, before = self.matter.this_week, self.matter.last_week
        return [
            (self.voice.say(f"digest.count.{what}"), getattr(now, what), getattr(before, what))
            for what in ("filed", "people", "answered", "closed")
        ]

    def topics(self) -> list[tuple[str, int, int]]:
        """How much was raised by topic, this week and last week."""
        now, before = self.matter.this_week.by_topic, self.matter.last_week.by_topic
        known = [*self.council.topics, *sorted({*now, *before} - {*self.council.topics})]
        return [
            (self.label(topic), now.get(topic, 0), before.get(topic, 0))
            for topic in known
            if topic in now or topic in before
        ]

    def languages(self) -> str:
        """How many people wrote in which language, as far as that may be told; "" where nobody wrote."""
        if not self.matter.this_week.by_language:
            return ""
        counted = languages(self.matter, self.council.least)
        each = [f"{self._language(tag)} {count}" for tag, count in counted.told.items()]
        if not each:
            each = [self.phrases.say("digest.languages.few", least=str(self.council.least))]
        elif counted.rest:
            each.append(self.phrases.say("digest.languages.rest", n=str(counted.rest)))
        return self.voice.say("digest.languages", languages=DOT.join(each))

    def sent(self) -> str:
        """What went out in the week where that is paid for, and what it cost; "" where nothing did."""
        by_channel = {
            channel: [one for one in self.matter.sent if one.channel == channel]
            for channel in ("sms", "whatsapp")
        }
        each = [
            self.phrases.say(
                f"digest.sent.{channel}",
                n=str(sum(one.messages for one in sent)),
                segments=str(sum(one.segments for one in sent)),
            )
            for channel, sent in by_channel.items()
            if sent
        ]
        for one in self.matter.spent:
            amount = f"{self.phrases.amount(one.amount)} {one.currency}".rstrip()
            each.append(self.phrases.say("digest.sent.money", amount=amount))
        return self.voice.say("digest.sent", each=DOT.join(each)) if each else ""

    def answers(self) -> Iterator[tuple[str, str]]:
        """What is written most, and what it does."""
        yield from self._does(LETTERS)
        yield self.voice.value("S"), self.voice.say("digest.answer.all")

    def more_answers(self) -> str:
        """What else can be written, in one line."""
        look = self.voice.say("digest.quotation", words=self._look)
        further = [*self._does(SELDOM), (look, self.voice.say("digest.answer.look"))]
        return DOT.join(f"{code} {does}" for code, does in further)

    def older(self) -> str:
        """How an older digest is answered."""
        return self.voice.say("digest.answer.older", answer=f"{self.week} 1A")

    # What these stand on

    @property
    def week(self) -> str:
        """The week as it goes before an answer: "W47"."""
        return self.matter.week.split("-")[-1]

    def day(self, at: int) -> str:
        """A day as the reader writes it."""
        return self.phrases.day(day_of(at, self.council))

    def _people(self, entry: Entry) -> list[str]:
        """How many raised it, told of the first of a group; no small number beside language and place."""
        first = self._first_of_group.get(entry.group, entry.number)
        if first != entry.number:
            return [self.voice.say("digest.same", number=str(first))]
        tell = entry.people >= self.council.least or not any(self.origin(entry))
        return [self.voice.count("digest.people", entry.people)] if entry.people > 1 and tell else []

    def _does(self, letters: str) -> Iterator[tuple[str, str]]:
        for letter in letters:
            yield self.voice.value(f"1{letter.upper()}"), self.voice.say(f"digest.answer.{letter}")

    def _looks(self) -> Iterator[str]:
        """What to write for a translation that waits, and what those are about."""
        if references := self.matter.look_references:
            listed = self.phrases.listed([*references, *([ELLIPSIS] if self.matter.looks > LISTED else [])])
            yield self.voice.say("digest.looks.about", answer=self._look, references=listed)

    @property
    def _look(self) -> str:
        """The word that shows the next translation."""
        return self.phrases.words("desk.look.words")[0]

    def _check(self, what: str, numbers: Sequence[int]) -> str:
        return self.voice.say(f"digest.check.{what}", numbers=self.numbers(numbers))

    def _language(self, tag: str) -> str:
        return self.matter.languages.get(tag, tag) or self.phrases.say("digest.languages.unknown")

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return (*self.matter.first, *self.matter.new, *self.matter.promised)

    @cached_property
    def _shared(self) -> frozenset[int]:
        return shareable(self._entries, self.council.least)

    @cached_property
    def _first_of_group(self) -> dict[int, int]:
        return {entry.group: entry.number for entry in reversed(self._entries) if entry.group}
