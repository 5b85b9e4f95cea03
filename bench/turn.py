"""The turn: the same talk by the same people with each bot, taking turns place by place of the talk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.stage import Stage, Took, on_stage
from bench.talk import MESSAGES, REPLIES, Telegram

#: between two flushes of python-telegram-bot, by default
MINUTE = 60  # seconds
#: enough people before the clock runs for imports, caches and prepared statements
WARMING = 64


@dataclass(frozen=True)
class Bot:
    """One that is measured."""

    name: str
    module: str
    options: Mapping[str, Any]


PTB = Bot("python-telegram-bot, nothing flushed", "bench.ptb", {})
AIOGRAM = Bot("aiogram", "bench.aiogram_bot", {})


def townbell(batch: int, in_flight: int = 0) -> Bot:
    """Townbell, which takes messages in batches."""
    return Bot(
        f"townbell, batches of {batch}" + f", {in_flight} in flight" * bool(in_flight),
        "bench.townbell",
        {"batch": batch, "in_flight": in_flight},
    )


def floor(batch: int) -> Bot:
    """What SQLite alone takes."""
    return Bot(f"floor: bare SQLite, batches of {batch}", "bench.floor", {"batch": batch})


@dataclass(frozen=True)
class Measured:
    """Microseconds a message, of each round."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.wall)

    @property
    def median_cpu(self) -> float:
        return median(self.cpu)


def measure(bots: Sequence[Bot], people: int, rounds: int) -> dict[str, Measured]:
    """Every bot anew in each round, and in each place of the talk one after the other."""
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for n in range(rounds):
        for bot, sums in _round(bots, people, n).items():
            took[bot].append((sums.seconds / people / MESSAGES * 1e6, sums.cpu / people / MESSAGES * 1e6))
    return {
        bot: Measured(tuple(wall for wall, _ in rows), tuple(cpu for _, cpu in rows))
        for bot, rows in took.items()
    }


def ptb_flush(people: int) -> float:
    """Seconds in which python-telegram-bot answers nobody, once a minute: it writes its file for each person.

    Measured with a few of them, and reckoned for all: with thousands it takes the minute itself.
    """
    few = min(people, 30)
    telegram = Telegram()
    with on_stage(PTB.module) as stage:
        stage.hear(telegram.place(range(people), 0))
        stage.do("forget_to_flush")
        stage.hear(telegram.place(range(few), 1))
        return float(stage.do("flush")) * people / few


def flushing(measured: Measured, seconds: float) -> Measured:
    """With so many seconds of flush after each minute of work."""
    more = 1 + seconds / MINUTE
    return Measured(tuple(one * more for one in measured.wall), tuple(one * more for one in measured.cpu))


def _round(bots: Sequence[Bot], people: int, n: int) -> dict[str, Took]:
    telegram = Telegram()
    sums = {bot.name: Took(0, 0) for bot in bots}
    with ExitStack() as stack:
        stages = [(bot, stack.enter_context(on_stage(bot.module, **bot.options))) for bot in bots]
        # Who goes first changes from round to round.
        stages = stages[n % len(stages) :] + stages[: n % len(stages)]
        for _, stage in stages:
            _warm(stage)
        before = {bot.name: stage.do("replies") for bot, stage in stages}
        for place in range(MESSAGES):
            updates = telegram.place(range(people), place)
            for bot, stage in stages:
                took = stage.hear(updates)
                so_far = sums[bot.name]
                sums[bot.name] = Took(so_far.seconds + took.seconds, so_far.cpu + took.cpu)
        for bot, stage in stages:
            replies = stage.do("replies") - before[bot.name]
            assert replies == REPLIES * people, f"{bot.name} answered {replies} times, not {REPLIES * people}"
    return sums


def _warm(stage: Stage) -> None:
    telegram = Telegram(600_000_000)
    strangers = range(10_000_000, 10_000_000 + WARMING)
    for place in range(MESSAGES):
        stage.hear(telegram.place(strangers, place))
