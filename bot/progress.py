"""Where a transfer is: told to whoever waits at a terminal, or to a log that somebody reads later.

A terminal gets one line that is drawn again and again, anything else a few plain ones.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TextIO

from translations.packages.models_folder import megabytes

BAR = 20  #: signs
PLAIN_STEP = 10_000_000  #: bytes after which a transfer of unknown size says where it is, when nobody watches


@dataclass
class Progress:
    """One line that is drawn anew on a terminal, and a few plain ones anywhere else."""

    name: str
    out: TextIO
    _told: int = -1  #: what was told last: percent, or so many steps
    _drawn: bool = False

    def __enter__(self) -> Self:
        if not self.out.isatty():
            self.out.write(f"{self.name}: fetching\n")
            self.out.flush()
        return self

    def moved(self, done: int, total: int | None) -> None:
        """So many bytes are here, of so many."""
        percent = 100 * done // total if total else 0
        if self.out.isatty():
            step = percent if total else done // 1_000_000
        else:
            step = percent // 25 if total else done // PLAIN_STEP
        if step != self._told and (step or self.out.isatty()):
            self._tell(done, total, percent)
        self._told = step

    def _tell(self, done: int, total: int | None, percent: int) -> None:
        where = f"{percent:3} %  {megabytes(done)} of {megabytes(total)}" if total else megabytes(done)
        if not self.out.isatty():
            self.out.write(f"{self.name}: {where.strip()}\n")
        else:
            filled = BAR * percent // 100
            bar = f"[{'#' * filled}{'-' * (BAR - filled)}] " if total else ""
            width = shutil.get_terminal_size().columns
            # Cut, not wrapped: what went into a second line could not be drawn over.
            self.out.write(f"\r{f'{self.name}  {bar}{where}'[: width - 1]}\x1b[K")
            self._drawn = True
        self.out.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self.out.write("\n")
            self.out.flush()
