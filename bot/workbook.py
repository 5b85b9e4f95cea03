"""A workbook as spreadsheets read it (XLSX), written row by row: flat in memory, however many rows.

It holds texts, numbers and days and nothing else, so that it is written in a tenth of the time that a library
for every kind of workbook takes. A text stays text, whatever it begins with: nothing here can be a formula.
The format is ECMA-376, part 1; what Excel needs of it is little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

Cell = str | int | float | date | None

CELL_LIMIT = 32_767  # characters of UTF-16 in one cell of Excel
CUT = " […] (cut here; the JSON export has all of it)"
SHEET_ROWS = 1_048_576  # in one sheet of Excel, its header included
SHEET_BYTES = 2**30  # A file of more than 2 GB within a ZIP is not read by everything that reads workbooks.

#: what XML cannot hold; Excel calls a file with one of them damaged
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKUP = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("\r"): "&#13;"}
_NEEDS_CARE = re.compile('[&<>"\r]')
#: Excel takes "_x202E_" for the sign with that number, unless the first line stands there as a number, too
_TAKEN_FOR_A_SIGN = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FIRST_DAY = date(1899, 12, 30).toordinal()  # Days are counted from here: 1900 is a leap year to Excel.

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_MAIN = f"{_OPEN}/spreadsheetml/2006/main"
_LINKS = f"{_OPEN}/officeDocument/2006/relationships"
_PACKAGE = f"{_OPEN}/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Workbook:
    """One sheet after another, each with a first row that stays in sight."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = _Archive(out, "w", ZIP_DEFLATED, compresslevel=3)
        self._titles: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._rows = self._bytes = 0

    def begin(self, title: str) -> None:
        """Go on in a new sheet."""
        self._end_sheet()
        self._titles.append(title)
        self._sheet = self._zip.open(f"xl/worksheets/sheet{len(self._titles)}.xml", "w")
        self._rows = self._bytes = 0
        self._write(_SHEET_HEAD)

    def append(self, row: Sequence[Cell]) -> None:
        """Write a row below the others."""
        self._rows += 1
        number = str(self._rows)
        cells = "".join(_cells(row, number))
        self._write(f'<row r="{number}">{cells}</row>')

    @property
    def is_full(self) -> bool:
        """Whether the sheet has no room for another row."""
        return self._rows >= SHEET_ROWS or self._bytes >= SHEET_BYTES

    def close(self) -> None:
        """Write what makes a workbook of the sheets."""
        self._end_sheet()
        for name, content in _frame(self._titles):
            self._zip.writestr(name, _XML + content)
        self._zip.close()

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._write("</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def _write(self, xml: str) -> None:
        assert self._sheet is not None  # noqa: S101 - begun before
        self._bytes += self._sheet.write(xml.encode())


class _Archive(ZipFile):
    """One that is not completed by being thrown away: what broke off is no workbook."""

    def __del__(self) -> None:
        """Leave the file as it is; it may be closed already."""


# Cells


def _cells(row: Sequence[Cell], number: str) -> Iterator[str]:
    for place, value in zip(_columns(len(row)), row, strict=True):
        match value:
            case None | "":
                continue
            case str():
                written = f'<is><t xml:space="preserve">{_as_xml(value)}</t></is>'
                yield f'<c r="{place}{number}" t="inlineStr">{written}</c>'
            case date():
                yield f'<c r="{place}{number}" s="1"><v>{value.toordinal() - _FIRST_DAY}</v></c>'
            case _:
                yield f'<c r="{place}{number}"><v>{value}</v></c>'


def _as_xml(text: str) -> str:
    text = _fitting(_NOT_IN_XML.sub("", text))
    if "_x" in text:
        text = _TAKEN_FOR_A_SIGN.sub("_x005F_", text)
    return text.translate(_MARKUP) if _NEEDS_CARE.search(text) else text


def _fitting(text: str) -> str:
    """A text that one cell of Excel holds, with a mark where it was cut."""
    if len(text) <= CELL_LIMIT // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(CUT))].decode("utf-16-le", "ignore") + CUT


@lru_cache(maxsize=8)
def _columns(count: int) -> tuple[str, ...]:
    """What columns are called: A to Z, then AA."""
    places = (divmod(n, 26) for n in range(count))
    return tuple((chr(64 + before) if before else "") + chr(65 + letter) for before, letter in places)


# What stands around the sheets

_SHEET_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _frame(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The other files of the workbook: which parts there are, and where."""
    numbers = range(1, len(titles) + 1)
    yield "[Content_Types].xml", _content_types(numbers)
    yield "_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")])
    sheets = "".join(
        f'<sheet name="{_as_xml(title)}" sheetId="{n}" r:id="rId{n}"/>'
        for n, title in zip(numbers, titles, strict=True)
    )
    spaces = f'xmlns="{_MAIN}" xmlns:r="{_LINKS}"'
    views = "<bookViews><workbookView/></bookViews>"
    yield "xl/workbook.xml", f"<workbook {spaces}>{views}<sheets>{sheets}</sheets></workbook>"
    parts = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*parts, ("rId0", "styles", "styles.xml")])
    yield "xl/styles.xml", _STYLES


def _content_types(numbers: Sequence[int]) -> str:
    parts = {
        "/xl/workbook.xml": f"{_KIND}.sheet.main+xml",
        "/xl/styles.xml": f"{_KIND}.styles+xml",
        **{f"/xl/worksheets/sheet{n}.xml": f"{_KIND}.worksheet+xml" for n in numbers},
    }
    each = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{each}</Types>'
    )


def _relations(parts: Sequence[tuple[str, str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{name}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for name, kind, target in parts
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'
