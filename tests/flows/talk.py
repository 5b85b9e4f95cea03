"""Plays a transcript: what they say goes in, what we say and what happened comes out.

`<` they say, `>` we say, `!` what happened, `(…)` time goes by. In a line that they say:
`[photo]`, `[voice]`, `[place 47.07,15.43 Lend]`, `[press send]`, `[twice]` (the same button once more),
`[press old:q:1]`, `[start graz]`, `[edit m1] new words`, `[forwarded] words`, `[early] 1`, `[remind]`,
`[expire]`, `[aside]`; the council says something, a machine translated it, a translation waits for a look:
`[news discussed GRZ-7K4M 2026-12-08: words]`, `[news said GRZ-7K4M: words = what staff wrote]`, `[look]`.
`(by sms)` goes on by SMS: each message stands there as it arrives, and `=` says in how many parts.
`(as coordinator)` makes somebody staff, `(as nobody)` ends that; what the desk holds is in desk_world.py.
Their messages are called m1, m2 ... in their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from msgspec import convert
from msgspec.structs import fields, replace

from core import sms
from core.contact import Contact
from core.council import Advice, Council, Emergency
from core.desk import Desk, News, Seek
from core.events import (
    AnsweredInTwo,
    ConsentGiven,
    ContactErased,
    CouncilChosen,
    Event,
    IssueCorrected,
    IssueDetailed,
    IssueFiled,
    LanguageChosen,
    LanguageHeard,
    StaffJoined,
    Started,
    Stopped,
)
from core.issue import OwnIssue
from core.known import Known
from core.messages import InboundMessage
from core.phrases import Phrases
from core.references import SPACE, reference
from core.talk import Attachment, Heard, Nudge, Pick, Place, Run, Spoken
from flows.conversation import Conversation, Situation
from flows.given import Given
from tests.flows.desk_world import World
from translations import catalogs

HOUR = 3_600_000_000
DAY = 24 * HOUR
#: 20 November 2026, nine o'clock in Graz
MORNING = 1_795_161_600_000_000

GRAZ = Council(
    key="graz",
    name="the migrant council of Graz",
    prefix="GRZ",
    time_zone="Europe/Vienna",
    languages=("de", "en", "sl", "ar", "uk", "es"),
    working_languages=("de",),
    topics=("housing", "work", "papers", "other"),
    emergency=(
        Emergency(
            "133",
            {
                "en": "police",
                "de": "Polizei",
                "sl": "policija",
                "ar": "الشرطة",
                "uk": "поліція",
                "es": "policía",
            },
        ),
        Emergency(
            "144",
            {
                "en": "ambulance",
                "de": "Rettung",
                "sl": "reševalci",
                "ar": "الإسعاف",
                "uk": "швидка допомога",
                "es": "ambulancia",
            },
        ),
    ),
    youth="Rat auf Draht, 147",
    advice=(Advice("Caritas Graz", "+43 316 8015"), Advice("Zebra", "+43 316 835630")),
    controller="City of Graz",
    data_protection_officer="privacy@graz.example",
    legal_basis="your consent",
    recipients="staff of the migrant council",
)


#: as a configuration has it that says nothing else
MOST_PARTS = 6

NEWCOMER = Contact(1, "graz", "P-AAAA-BBBB", "en", False, "en", "active", False, None, None, MORNING)


@cache
def spoken() -> tuple[dict[str, Phrases], Conversation]:
    """The catalogs as they are shipped, and the conversation in them: neither keeps anything of a talk."""
    phrases = catalogs.load()
    return phrases, Conversation(phrases)


@dataclass
class Talk:
    """One person and everything that is known of them, in memory."""

    council: Council = GRAZ
    now: int = MORNING
    messages: int = 0
    runs: int = 0
    run: Run | None = None
    issues: list[OwnIssue] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=dict)
    consents: dict[str, tuple[str, bool, int]] = field(default_factory=dict)
    second: str | None = None
    token: str = ""  #: of the button that was pressed last
    contact: Contact = NEWCOMER
    desk: World = field(default_factory=World)
    news: dict[str, News] = field(default_factory=dict)  #: "news:1" -> what the council said
    by_sms: bool = False

    def __post_init__(self) -> None:
        self.phrases, self.conversation = spoken()

    def play(self, lines: list[str]) -> Iterator[str]:
        """The transcript as it really goes."""
        for line in lines:
            if line.startswith("<"):
                yield line
                yield from self.said(line[1:].strip())
            elif line.startswith("("):
                yield line
                self.passes(line)
            elif not line.startswith((">", "!", "|")):
                yield line

    def passes(self, line: str) -> None:
        if found := re.match(r"\((\d+) (hour|day|minute)s? later\)", line):
            self.now += int(found[1]) * {"minute": HOUR // 60, "hour": HOUR, "day": DAY}[found[2]]
        elif found := re.match(r"\(in (\w+)(?: or (\w+))?\)", line):
            self.contact = replace(self.contact, language=found[1] if not found[2] else None)
            self.first, self.second = found[1], found[2]
        elif line == "(by sms)":
            self.by_sms = True
        elif found := re.match(r"\(as (\w+)\)", line):
            role = None if found[1] == "nobody" else found[1]
            self.contact = replace(self.contact, role=role)
        elif not self.desk.becomes(line, self.now):
            raise ValueError(f"Not a time that goes by: {line}")

    def said(self, line: str) -> Iterator[str]:
        self.messages += 1
        self.now += 1_000_000
        heard = self.heard(line)
        language = self.contact.language or self.first
        second = self.read_in(self.second) if self.second else None
        situation = Situation(heard, self.run, self.given(heard), self.read_in(language), second)
        turn = self.conversation.converse(situation)
        # What cannot be written down is not kept between messages.
        self.run = turn.run
        for spoken in turn.says:
            yield from sent(spoken) if self.by_sms else shown(spoken)
        for event in turn.events:
            self.happened(event)
            yield f"! {told(event)}"

    def read_in(self, language: str) -> Phrases:
        return self.phrases[language].by_sms if self.by_sms else self.phrases[language]

    def heard(self, line: str) -> Heard:
        tag, words = re.fullmatch(r"(?:\[(.*?)\])? ?(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        kind, _, detail = (tag or "").partition(" ")
        words = words.replace("\\n", "\n")
        message = InboundMessage(
            "here", "message", str(self.messages), "me", text=words, ref=f"m{self.messages}"
        )
        match kind:
            case "photo" | "voice" | "video" | "file":
                message = replace(message, attachments=(Attachment(f"a{self.messages}", kind),))
            case "place":
                point, _, name = detail.partition(" ")
                lat, lon = point.split(",")
                message = replace(message, place=Place(float(lat), float(lon), name))
            case "press":
                run = self.run or Run("", "")
                self.token = detail if ":" in detail else Pick(run.id, run.step, detail).token
                message = replace(message, kind="press", token=self.token)
            case "twice":
                message = replace(message, kind="press", token=self.token)
            case "start":
                message = replace(message, kind="start", payload=detail)
            case "edit":
                message = replace(message, kind="edit", ref=detail)
            case "forwarded":
                message = replace(message, forwarded=True)
            case "remind" | "expire" | "aside" | "news" | "look":
                return self.nudged(Nudge(kind), detail)
        asked = self.run.asked_at if self.run else 0
        late = bool(asked) and self.now - asked >= DAY
        early = kind in ("early", "twice")
        heard = self.conversation.hear(
            message, self.contact, early=early, late=late, prefix=self.council.prefix, by_sms=self.by_sms
        )
        if heard.poster and heard.poster.language and not self.contact.language_chosen:
            # It is answered in the language of the poster.
            self.contact, self.second = replace(self.contact, language=heard.poster.language), None
        return replace(heard, language=None)

    def nudged(self, nudge: Nudge, detail: str) -> Heard:
        """What the schedule says; with the news, or the look, that it is about."""
        if nudge is Nudge.NEWS:
            return Heard(nudge=nudge, seek=Seek(nudge=self.said_by_council(detail)))
        return Heard(nudge=nudge, seek=Seek(look=True) if nudge is Nudge.LOOK else None)

    def said_by_council(self, detail: str) -> str:
        """News that has its words; what it is called."""
        about, _, words = detail.partition(": ")
        kind, reference, *rest = about.split()
        words, _, original = words.partition(" = ")
        number = len(self.news) + 1
        news = {
            "id": number,
            "reference": reference,
            "kind": kind,
            "detail": " ".join(rest),
            "words": words,
            "made_by": "machine" if original else "",
            "original": original,
            "hear_by": self.now + 14 * DAY,
        }
        self.news[f"news:{number}"] = convert(news, News)
        return f"news:{number}"

    def given(self, heard: Heard) -> Given:
        self.runs += 1
        known = Known(
            tuple(reversed(self.issues)), edited=self.refs.get(heard.ref, "") if heard.edited else ""
        )
        if "data" in self.conversation.wants(heard, self.run):
            channels = ("sms",) if self.by_sms else ("telegram",)
            known = replace(known, channels=channels, consents=tuple(self.consents.values()))
        seek = self.conversation.seeks(heard, self.run, self.council.prefix)
        if seek:
            told = self.news.get(seek.nudge) or self.news.get(f"news:{seek.news}")
            known = replace(known, desk=self.found(seek), news=told)
        spare = self.conversation.spare_references(heard, self.run)
        number = (len(self.issues) * 123_457 + 98_765) % SPACE
        free = tuple(reference("GRZ", (number + n) % SPACE) for n in range(1 + spare))
        return Given(
            self.council,
            self.contact,
            known,
            self.now,
            self.now,
            free[0],
            f"r{self.runs}",
            free[1:],
            self.by_sms,
        )

    def found(self, seek: Seek | None) -> Desk:
        """What of the desk may be seen: by staff, or by who comes with an invitation."""
        if seek and seek.invitation:
            return self.desk.invited(seek.invitation)
        return self.desk.found(seek) if self.contact.role else Desk()

    def happened(self, event: Event) -> None:  # noqa: C901  (one case an event)
        """Just enough of a world for the next message."""
        self.desk.happened(event, self.now)
        match event:
            case StaffJoined(code):
                role = self.desk.invitations[code].role
                self.contact = replace(self.contact, role=role)
            case IssueFiled():
                words = "\n".join(text for text, _ in event.words)
                issue = OwnIssue(event.reference, "filed", self.now, self.now + 14 * DAY, words)
                self.issues.append(replace(issue, place=_where(event), media=len(event.media)))
                self.refs |= {ref: event.reference for _, ref in event.words}
                self.contact = replace(self.contact, agreed_version=event.notice_version)
                self.consents["issue"] = ("issue", True, self.now)
            case IssueDetailed(name="topic"):
                self.issues[-1] = replace(self.issues[-1], topic=event.value)
            case IssueDetailed(name="place"):
                self.issues[-1] = replace(self.issues[-1], place=event.value)
            case IssueDetailed(name="affected"):
                self.issues[-1] = replace(self.issues[-1], affected=event.value)
            case IssueCorrected():
                self.issues = [
                    replace(i, text=event.text, media=i.media + len(event.media))
                    if i.reference == event.reference
                    else i
                    for i in self.issues
                ]
            case ConsentGiven(purpose="invitations"):
                self.contact = replace(self.contact, invitations=event.given)
                self.consents["invitations"] = ("invitations", event.given, self.now)
            case LanguageChosen():
                self.contact, self.second = replace(self.contact, language=event.language), None
            case LanguageHeard() | CouncilChosen():
                pass
            case AnsweredInTwo(languages):
                self.contact = replace(self.contact, two_languages=languages)
            case Stopped() | Started():
                state = "stopped" if isinstance(event, Stopped) else "active"
                self.contact = replace(self.contact, state=state)
            case ContactErased():
                self.issues, self.run, self.consents = [], None, {}
                self.contact = replace(self.contact, agreed_version=None, invitations=None)


def _where(issue: IssueFiled) -> str:
    if issue.latitude is None or issue.longitude is None:
        return issue.place
    return str(Place(issue.latitude, issue.longitude, issue.place))


def shown(spoken: Spoken) -> Iterator[str]:
    """One message of ours, its further lines behind a bar."""
    first, *rest = spoken.text.split("\n")
    when = "(in the quiet) " if spoken.quiet else ""
    yield f"> {when}{first}".rstrip()
    yield from (f"| {line}".rstrip() for line in rest)
    if spoken.options:
        yield "| [" + " | ".join(f"{option.number} {option.label}" for option in spoken.options) + "]"


def sent(spoken: Spoken) -> Iterator[str]:
    """One message of ours as it arrives by SMS, and the parts that it takes."""
    for text in sms.as_sent(spoken.text, spoken.options, MOST_PARTS):
        yield from shown(Spoken(text, spoken.language, quiet=spoken.quiet))
        parts = sms.segments(text)
        yield f"| = {parts} part{'s' if parts > 1 else ''}"


def told(event: Event) -> str:
    """An event in a line: its name and what is in it."""
    parts = []
    for one in fields(event):
        value = getattr(event, one.name)
        if value not in (None, "", (), False):
            parts.append(f"{one.name}={value!r}")
    return f"{type(event).__name__}({', '.join(parts)})"
