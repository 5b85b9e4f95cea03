"""A migrant council, as its configuration describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.phrases import Phrases

#: topics every catalog has words for; a council chooses among them and may add its own
STANDARD_TOPICS = (
    "housing", "work", "papers", "health", "school", "money", "transport", "safety", "discrimination",
    "other",
)  # fmt: skip


@dataclass(frozen=True)
class Emergency:
    """A number to call when somebody is in danger."""

    number: str
    label: Mapping[str, str] = field(default_factory=dict)  #: language tag -> "police", "ambulance" ...


@dataclass(frozen=True)
class Advice:
    """Somebody near who gives advice, and how to reach them."""

    name: str
    contact: str


@dataclass(frozen=True)
class Retention:
    """How long each kind of thing is kept, in days."""

    drafts: int = 7
    issues_after_closing: int = 365
    deliveries: int = 90
    backups: int = 30


#: as a configuration writes them, in the order of the week
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class DigestTime:
    """When the week's digest goes to the council, by the council's clock."""

    day: str = "monday"  #: one of DAYS
    time: str = "08:00"


@dataclass(frozen=True)
class QuietHours:
    """When nobody is written to unasked, by the council's clock: from ... until; equal: never quiet."""

    begin: str = "21:00"
    end: str = "08:00"


@dataclass(frozen=True)
class Council:
    """One migrant council and what it tells the people who write to it."""

    key: str  #: short and for ever: in deep links, commands and the database ("graz")
    name: str
    prefix: str  #: two to four letters that its references begin with ("GRZ")
    time_zone: str  #: IANA name
    languages: tuple[str, ...]  #: BCP-47 tags people may write in; the first is the council's default
    working_languages: tuple[str, ...]  #: BCP-47 tags the council reads
    topics: tuple[str, ...] = STANDARD_TOPICS
    topic_labels: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  #: own topics: id -> tag -> label
    emergency: tuple[Emergency, ...] = ()
    youth: str = ""  #: whom a child can turn to
    advice: tuple[Advice, ...] = ()
    answer_days: int = 14  #: the day by which a person hears, counted from filing
    controller: str = ""  #: who answers for the data in law
    data_protection_officer: str = ""  #: how to reach them
    legal_basis: str = ""
    recipients: str = ""
    notice_version: str = "1"  #: recorded with every consent; a new one shows the whole notice again
    retention: Retention = Retention()
    digest: DigestTime = DigestTime()
    quiet: QuietHours = QuietHours()
    least: int = 5  #: a count below it is never told by language, place and topic

    def topic_label(self, topic: str, phrases: Phrases) -> str:
        """A topic as people read it: in the council's own words, else in ours, else as it is stored."""
        if own := self.topic_labels.get(topic):
            return own.get(phrases.language) or own.get("en") or next(iter(own.values()))
        key = f"topic.{topic}"
        return phrases.say(key) if key in phrases else topic
