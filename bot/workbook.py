"""A workbook as spreadsheets read it (XLSX), written row by row: flat in memory, however many rows.

It holds texts, numbers and days and nothing else. A text stays text, whatever it begins with: nothing here
can be a formula or a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import xlsxwriter

Cell = str | int | float | date | None

CELL_LIMIT = 32_767  # characters of UTF-16 in one cell of Excel
CUT = " […] (cut here; the JSON export has all of it)"
SHEET_ROWS = 1_048_576  # in one sheet of Excel, its header included

#: what XML cannot hold; Excel calls a file with one of them damaged
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Workbook:
    """One sheet after another, each with a first row that stays in sight."""

    def __init__(self, out: BinaryIO) -> None:
        # Rows wait in a file until the end; whatever happens, it is gone with us.
        self._scratch = TemporaryDirectory(prefix="townbell-")
        options = {
            "constant_memory": True, "tmpdir": self._scratch.name, "default_date_format": "yyyy-mm-dd"
        }  # fmt: skip
        self._book = xlsxwriter.Workbook(out, options)
        self._sheet: Any = None
        self._rows = 0

    def begin(self, title: str) -> None:
        """Go on in a new sheet."""
        self._sheet = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 0)
        self._rows = 0

    def append(self, row: Sequence[Cell]) -> None:
        """Write a row below the others."""
        for place, value in enumerate(row):
            match value:
                case None | "":
                    continue
                case str():
                    self._sheet.write_string(self._rows, place, _fitting(_NOT_IN_XML.sub("", value)))
                case date():
                    self._sheet.write_datetime(self._rows, place, value)
                case _:
                    self._sheet.write_number(self._rows, place, value)
        self._rows += 1

    @property
    def is_full(self) -> bool:
        """Whether the sheet has no room for another row."""
        return self._rows >= SHEET_ROWS

    def close(self) -> None:
        """Write what makes a workbook of the sheets; what breaks off before is none."""
        self._book.close()
        self._scratch.cleanup()


def _fitting(text: str) -> str:
    """A text that one cell of Excel holds, with a mark where it was cut."""
    if len(text) <= CELL_LIMIT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(CUT))].decode("utf-16-le", "ignore") + CUT
