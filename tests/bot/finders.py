"""What looks for groups in the tests of its process, and goes wrong there."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any


def crash(*_: Any, **__: Any) -> list[tuple[int, ...]]:
    """As when the system has no memory left for it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return []


def hang(texts: Any, *_: Any, **__: Any) -> list[tuple[int, ...]]:
    """Say where the first text asks for it that it has begun, and never end."""
    Path(texts[0].words).write_text(str(os.getpid()))
    while True:
        signal.pause()


def who(*_: Any, **__: Any) -> list[tuple[int, ...]]:
    """The process itself, and how it gives way."""
    return [(os.getpid(), os.nice(0))]
