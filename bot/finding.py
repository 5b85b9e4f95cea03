"""What the doctor found: one line for each thing looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What one look found: all is well, or what to do."""

    well: bool
    said: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.well else 'mend'}  {self.said}"


Findings = AsyncIterator[Finding]


def ok(said: str) -> Finding:
    """All is well."""
    return Finding(True, said)


def mend(said: str) -> Finding:
    """This is wrong, and how to mend it."""
    return Finding(False, said)
