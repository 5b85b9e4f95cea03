"""Write out what was raised: JSON for programs, CSV and XLSX for people.

The issues are read a page at a time on one snapshot and written as they come, so a million of them take no
more memory than a hundred, and a running Townbell is not held up. What people wrote is never a formula, and
it reads as it is: signs that nobody sees are left out for people, and spelled out for programs.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Literal, Protocol, cast
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from bot import clock
from bot.beside import database_beside
from bot.config import Settings
from core.council import Council
from core.unseen import as_seen, spelled_out
from storage import audit, issues
from storage.database import Database, Tx
from storage.issues import ExportedIssue

Format = Literal["csv", "json", "xlsx"]
Cell = str | int | float | None

MEDIA = "media"  # the folder of photos and voice notes, as the data folder sees it
#: a cell that begins with one of these is a formula to a spreadsheet; the broad ones in Japan
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # fmt: skip
CELL_LIMIT = 32_767  # characters of UTF-16 in one cell of Excel
CUT = " […] (cut here; the JSON export has all of it)"
SHEET_ROWS = 1_048_576  # in one sheet of Excel, its header included
#: what XML cannot hold; Excel calls a file with one of them damaged
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def export_issues(settings: Settings, council: str, to: Format, out: BinaryIO) -> int:
    """Write the issues of a council to `out`, and note in the audit that it was done; how many there were."""
    async with database_beside(settings) as database:
        return await write_issues(database, settings.council(council), to, out)


async def write_issues(
    database: Database, council: Council, to: Format, out: BinaryIO, *, actor: str = "command line"
) -> int:
    """As `export_issues`, from a database that is open."""

    # Noted before it is done: an export that breaks off has still given something away.
    async def note(tx: Tx) -> None:
        await audit.note(tx, clock.now(), actor, "export.issues", council.key, detail=to)

    async def work(tx: Tx) -> int:
        return await _write(issues.exported(tx, council.key), _sheet(to, council, out))

    await database.transaction(note, name="audit")
    return await database.read(work)


async def _write(exported: AsyncIterator[ExportedIssue], sheet: _Sheet) -> int:
    count = 0
    async for issue in exported:
        sheet.add(issue)
        count += 1
    sheet.finish()
    return count


class _Sheet(Protocol):
    """One way to write issues."""

    def add(self, issue: ExportedIssue) -> None: ...

    def finish(self) -> None: ...


def _sheet(to: Format, council: Council, out: BinaryIO) -> _Sheet:
    match to:
        case "json":
            return _Json(council, out)
        case "csv":
            return _Csv(council, out)
        case "xlsx":
            return _Xlsx(council, out)


# One issue


def as_fields(issue: ExportedIssue, zone: ZoneInfo) -> dict[str, Any]:
    """An issue as scripts know it (design, section 6)."""
    return {
        "reference": issue.reference,
        "raised_at": _time(issue.raised_at, zone),
        "channel": issue.channel,
        "language": issue.language,
        "original": issue.original,
        "translations": {tag: dict(translation) for tag, translation in issue.translations.items()},
        "topic": issue.topic,
        "place": issue.place,
        "status": issue.status,
        "supporters": issue.supporters,
        "pseudonym": issue.pseudonym,
        "media": [f"{MEDIA}/{medium.file}" for medium in issue.media if medium.state == "kept"],
        "latitude": issue.latitude,
        "longitude": issue.longitude,
        "affected": issue.affected,
        "kind": issue.kind,
        "danger": issue.danger,
        "hear_by": _moment(issue.hear_by, zone).date().isoformat(),
    }


def columns(council: Council) -> list[str]:
    """The columns of CSV and XLSX: the same names, and two for each working language."""
    translations = [
        name
        for tag in council.working_languages
        for name in (f"translation_{tag}", f"translation_{tag}_made_by")
    ]
    return [
        "reference", "raised_at", "channel", "language", "original", *translations,
        "topic", "place", "status", "supporters", "pseudonym", "media",
        "latitude", "longitude", "affected", "kind", "danger", "hear_by",
    ]  # fmt: skip


def _cells(issue: ExportedIssue, council: Council, zone: ZoneInfo) -> Iterator[Cell]:
    fields = as_fields(issue, zone)
    translations: Mapping[str, Mapping[str, Any]] = fields["translations"]
    for tag in council.working_languages:
        translation = translations.get(tag, {})
        fields[f"translation_{tag}"] = str(translation.get("text", ""))
        fields[f"translation_{tag}_made_by"] = str(translation.get("made_by", ""))
    fields["media"] = "\n".join(fields["media"])
    fields["danger"] = "true" if issue.danger else "false"  # in every spreadsheet's language the same
    for name in columns(council):
        value = fields[name]
        yield as_seen(value) if isinstance(value, str) else cast("Cell", value)


def _time(at: int, zone: ZoneInfo) -> str:
    return _moment(at, zone).isoformat(timespec="seconds")


def _moment(at: int, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone)


# Three ways to write them


class _Json:
    """One array, an issue a line."""

    def __init__(self, council: Council, out: BinaryIO) -> None:
        self._zone = ZoneInfo(council.time_zone)
        self._out = out
        self._between = "[\n"

    def add(self, issue: ExportedIssue) -> None:
        text = spelled_out(json.dumps(as_fields(issue, self._zone), ensure_ascii=False))
        self._out.write(f"{self._between}{text}".encode("utf-8", "replace"))
        self._between = ",\n"

    def finish(self) -> None:
        self._out.write(b"\n]\n" if self._between == ",\n" else b"[]\n")
        self._out.flush()


class _Csv:
    """UTF-8 with the mark by which Excel knows it."""

    def __init__(self, council: Council, out: BinaryIO) -> None:
        self._council = council
        self._zone = ZoneInfo(council.time_zone)
        self._out = out
        self._rows = csv.writer(self)
        out.write(codecs.BOM_UTF8)
        self._rows.writerow(columns(council))

    def add(self, issue: ExportedIssue) -> None:
        self._rows.writerow([_guarded(cell) for cell in _cells(issue, self._council, self._zone)])

    def write(self, row: str) -> int:
        """What csv.writer has to write."""
        return self._out.write(row.encode("utf-8", "replace"))

    def finish(self) -> None:
        self._out.flush()


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


class _Xlsx:
    """Written row by row; text is text, whatever it begins with."""

    def __init__(self, council: Council, out: BinaryIO) -> None:
        self._council = council
        self._zone = ZoneInfo(council.time_zone)
        self._out = out
        self._book = Workbook(write_only=True)
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        number = len(self._book.sheetnames) + 1
        self._sheet = self._book.create_sheet("issues" if number == 1 else f"issues {number}")
        self._sheet.freeze_panes = "A2"
        self._append(columns(self._council))
        self._rows = 1

    def add(self, issue: ExportedIssue) -> None:
        if self._rows >= SHEET_ROWS:
            self._begin_sheet()
        self._append(list(_cells(issue, self._council, self._zone)))
        self._rows += 1

    def _append(self, row: Sequence[Cell]) -> None:
        self._sheet.append(
            [text_cell(self._sheet, value) if isinstance(value, str) else value for value in row]
        )

    def finish(self) -> None:
        self._book.save(self._out)
        self._out.flush()


def text_cell(sheet: Any, text: str) -> Any:
    """A cell of a workbook that holds a text, whatever it begins with and however long it is."""
    text = _fitting(_NOT_IN_XML.sub("", text))
    if not text.startswith(("=", "#")):
        return text  # A cell of its own takes as long again.
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # else what begins with "=" is a formula, and "#N/A" a fault
    return cell


def _fitting(text: str) -> str:
    """A text that one cell of Excel holds, with a mark where it was cut."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(CUT))].decode("utf-16-le", "ignore") + CUT
