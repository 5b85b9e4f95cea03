"""The week's digest among 10,000 issues and among 1,000,000: the time it takes, and the memory."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.desk import fill
from bench.stage import on_stage, scratch


def measure(sizes: Sequence[int], rounds: int) -> dict[int, dict[str, float]]:
    """By the number of issues: seconds to plan it, to write it for a chat and for a letter, and megabytes.

    Each round in a new process, that has read nothing of the file yet; medians.
    """
    return {size: _measured(size, rounds) for size in sizes}


def _measured(issues: int, rounds: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=scratch()) as made:
        folder = Path(made)
        asyncio.run(fill(folder, issues))
        os.sync()  # or the first commits would wait until all of it is on disk
        took = [_once(folder) for _ in range(rounds)]
    return {name: median(one[name] for one in took) for name in took[0]}


def _once(folder: Path) -> dict[str, float]:
    with on_stage("bench.desk", folder) as stage:
        took: dict[str, float] = stage.do("digest")
        stage.do("forget")
    return took
