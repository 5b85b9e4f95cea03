"""Flat: the same talks in databases of different sizes, among people who have all talked before."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.stage import Stage, on_stage, scratch
from bench.talk import FAREWELLS, MESSAGES, Telegram

#: people who talk in one round; all of the smallest town come up again and again
TALKERS = 256


def measure(sizes: Sequence[int], rounds: int) -> dict[int, tuple[float, float]]:
    """Microseconds a message by the clock, and of the processor, in a town of each size; medians."""
    took: dict[int, list[tuple[float, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(dir=scratch()) as made, ExitStack() as stack:
        folders = _towns(Path(made), sizes)
        stages = {
            size: stack.enter_context(on_stage("bench.townbell", folder)) for size, folder in folders.items()
        }
        telegram, dice = Telegram(800_000_000), random.Random(1)
        for n in range(rounds + 1):
            people = {size: dice.sample(range(size), min(size, TALKERS)) for size in sizes}
            sums = _round(stages, people, telegram)
            if n:  # the first warms caches up
                for size, one in sums.items():
                    took[size].append(one)
    return {
        size: (median(wall for wall, _ in rows), median(cpu for _, cpu in rows))
        for size, rows in took.items()
    }


def _towns(folder: Path, sizes: Sequence[int]) -> dict[int, Path]:
    """A database of each size: one that grows, copied on the way."""
    growing = folder / "growing"
    growing.mkdir()
    folders, people = {}, 0
    for size in sorted(sizes):
        with on_stage("bench.townbell", growing) as stage:
            stage.do("grow", people, size)
        people = size
        folders[size] = folder / str(size)
        shutil.copytree(growing, folders[size])
    os.sync()  # or the first commits would wait until all of it is on disk
    return folders


def _round(
    stages: dict[int, Stage], people: dict[int, list[int]], telegram: Telegram
) -> dict[int, tuple[float, float]]:
    sums = dict.fromkeys(stages, (0.0, 0.0))
    for place in range(MESSAGES + len(FAREWELLS)):
        for size, stage in stages.items():
            took = stage.hear(telegram.place(people[size], place))
            if place < MESSAGES:
                each = 1e6 / len(people[size]) / MESSAGES
                wall, cpu = sums[size]
                sums[size] = wall + took.seconds * each, cpu + took.cpu * each
    return sums
