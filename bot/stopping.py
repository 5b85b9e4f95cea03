"""How the program is told to stop, and how the next one knows whether it did so in peace.

The mark of a running program lies in the data folder and goes only with a clean end: what dies leaves it.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """An event that is set by SIGINT or SIGTERM."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    for one in signals:
        loop.add_signal_handler(one, told.set)
    try:
        yield told
    finally:
        for one in signals:
            loop.remove_signal_handler(one)


@contextmanager
def unclean_stop(path: Path) -> Iterator[bool]:
    """Whether the last run ended without taking its leave: what waited then may have been the cause."""
    mark = path / "running"
    unclean = mark.exists()
    mark.touch()
    yield unclean
    # Not in a `finally`: what ends with an exception did not end well.
    mark.unlink(missing_ok=True)
