"""The turn while the translator works off a backlog, and without, in one town and by turns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from statistics import median

from bench.stage import Stage, on_stage
from bench.talk import MESSAGES, Telegram


@dataclass(frozen=True)
class Beside:
    """Microseconds a message in each round, and what the translator did meanwhile."""

    working: tuple[float, ...]
    resting: tuple[float, ...]
    translated: int
    texts_a_second: float

    @property
    def of_without(self) -> float:
        """The turn's throughput while the translator works, of that without."""
        return median(self.resting) / median(self.working)


def measure(texts: int, people: int, rounds: int) -> Beside:
    """So many people talk in each round, once while the translator works, and once while it rests."""
    working, resting, translated = [], [], 0
    crowds = (range(first, first + people) for first in count(0, people))
    telegram = Telegram()
    with on_stage("bench.backlog") as stage:
        _talk(stage, telegram, next(crowds))  # warms it up, and raises issues
        stage.do("gather", texts)
        before = stage.do("rest")
        for _ in range(rounds):
            stage.do("work")
            working.append(_talk(stage, telegram, next(crowds)))
            translated = stage.do("rest") - before
            resting.append(_talk(stage, telegram, next(crowds)))
    assert 0 < translated < texts, f"{translated} of {texts} texts were translated: it was not always at work"
    seconds = sum(working) * people * MESSAGES / 1e6
    return Beside(tuple(working), tuple(resting), translated, translated / seconds)


def _talk(stage: Stage, telegram: Telegram, people: range) -> float:
    took = [stage.hear(telegram.place(people, place)).seconds for place in range(MESSAGES)]
    return sum(took) / len(people) / MESSAGES * 1e6
