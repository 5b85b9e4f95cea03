"""What the texts of a flow can name in braces: `{reference}`, `{hear_by}`, `{news}`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from core.phrases import Phrases
from flows.desk_texts import case_text, latest_text, look_text, original_text, pieces_text
from flows.given import Answers, Given, advice, proposed, quoted, span, stands
from flows.news_texts import news_text


class Values(Mapping[str, str]):
    """What the texts of a flow can name in braces, in the person's language; worked out when it is named."""

    def __init__(self, answers: Answers, given: Given, phrases: Phrases) -> None:
        self._answers = answers
        self._given = given
        self._phrases = phrases

    def __getitem__(self, name: str) -> str:
        return _VALUES[name](self._answers, self._given, self._phrases)

    def __iter__(self) -> Iterator[str]:
        return iter(_VALUES)

    def __len__(self) -> int:
        return len(_VALUES)


def _backups_gone(given: Given, phrases: Phrases) -> str:
    return phrases.day(given.day(given.now) + timedelta(days=given.council.retention.backups))


_VALUES: Mapping[str, Callable[[Answers, Given, Phrases], str]] = {
    "council": lambda _, given, __: given.council.name,
    "what": lambda answers, _, phrases: quoted(answers, phrases),
    "reference": lambda answers, given, _: answers.get("reference") or given.reference,
    "which": lambda answers, _, __: answers.get("which", ""),
    "other": lambda answers, _, __: answers.get("merge", ""),
    "stands": stands,
    "nearby": lambda answers, _, __: answers.get("nearby", ""),
    "anew": lambda answers, _, phrases: proposed(answers, phrases),
    "hear_by": lambda _, given, phrases: phrases.day(given.hear_by),
    "kept": lambda _, given, phrases: span(given.council.retention.issues_after_closing, phrases),
    "advice": lambda _, given, phrases: advice(given, phrases),
    "news": lambda _, given, phrases: news_text(given, phrases),
    "case": case_text,
    "original": original_text,
    "pieces": pieces_text,
    "latest": latest_text,
    "day": lambda answers, _, phrases: phrases.day(date.fromisoformat(answers["discussed"][0])),
    "look": look_text,
    "said": lambda answers, _, __: answers.get("said", ""),
    "backups_gone": lambda _, given, phrases: _backups_gone(given, phrases),
}
