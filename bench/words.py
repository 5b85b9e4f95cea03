"""What the peers' bots say: the very texts and buttons that Townbell says in this talk, from its catalog."""

from __future__ import annotations

from dataclasses import dataclass

from core.council import STANDARD_TOPICS
from core.phrases import Phrases
from flows.engine import SKIP
from flows.steps import CONFIRM_NUMBERS
from translations import catalogs

COUNCIL = "Migrant council of Graz"


@dataclass(frozen=True)
class Words:
    """The five messages, and the buttons below four of them: what a button carries -> what stands on it."""

    question: str  #: has a place for {what}
    answers: dict[str, str]
    receipt: str  #: has a place for {reference}
    topic: str
    topics: dict[str, str]
    skip: dict[str, str]
    place: str
    photo: str


def english() -> Words:
    """As Townbell says it in English."""
    phrases = catalogs.load()["en"]
    skip = {SKIP.id: f"{SKIP.number} {phrases.say('engine.skip')}"}
    return Words(
        question=phrases.say(
            "raise_issue.send", what="{what}", council=COUNCIL, kept=phrases.count("span.months", 12)
        ),
        answers={
            name: f"{number} {phrases.say(f'raise_issue.send.{name}')}"
            for name, number in CONFIRM_NUMBERS.items()
        },
        receipt=phrases.say("raise_issue.receipt", reference="{reference}", hear_by="5 December 2026"),
        topic=_joined(phrases, "raise_issue.few", "raise_issue.topic"),
        topics={topic: f"{n} {phrases.say(f'topic.{topic}')}" for n, topic in enumerate(STANDARD_TOPICS, 1)}
        | skip,
        skip=skip,
        place=phrases.say("raise_issue.place"),
        photo=phrases.say("raise_issue.photo"),
    )


def _joined(phrases: Phrases, *keys: str) -> str:
    return "\n\n".join(phrases.say(key) for key in keys)
