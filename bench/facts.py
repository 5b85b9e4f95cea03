"""What the figures were measured on: processor, Python, SQLite, and how long this disk takes to be sure."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from bench.figures import percentile
from bench.stage import scratch

WRITES = 200
PAGE = b"p" * 4096


def facts() -> dict[str, Any]:
    """The head of the table."""
    syncs = fsyncs()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "python_telegram_bot": metadata.version("python-telegram-bot"),
        "aiogram": _version("aiogram"),
        "fsync_p50_ms": round(percentile(syncs, 50) * 1e3, 3),
        "fsync_p99_ms": round(percentile(syncs, 99) * 1e3, 3),
    }


def fsyncs() -> list[float]:
    """Seconds that each of some appended pages takes until the disk has it."""
    took = []
    with tempfile.NamedTemporaryFile(dir=scratch()) as file:
        for _ in range(WRITES):
            began = time.perf_counter()
            file.write(PAGE)
            file.flush()
            os.fdatasync(file.fileno())  # what SQLite does
            took.append(time.perf_counter() - began)
    return took


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
