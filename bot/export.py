"""Write out what was raised: JSON for programs, CSV and XLSX for people.

The issues are read a page at a time on one snapshot and written as they come, so a million of them take no
more memory than a hundred, and a running Townbell is not held up. What people wrote is never a formula, and
it reads as it is: signs that nobody sees are left out for people, and spelled out for programs.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Literal, Protocol, cast
from zoneinfo import ZoneInfo

from bot import clock
from bot.beside import database_beside
from bot.config import Settings
from bot.workbook import Cell, Workbook
from core.council import Council
from core.unseen import as_seen, spelled_out
from storage import audit, issues
from storage.database import Database, Tx
from storage.issues import ExportedIssue

Format = Literal["csv", "json", "xlsx"]

MEDIA = "media"  # the folder of photos and voice notes, as the data folder sees it
#: a cell that begins with one of these is a formula to a spreadsheet; the broad ones in Japan
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # fmt: skip
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
    """A workbook; what one sheet cannot hold is in a further one."""

    def __init__(self, council: Council, out: BinaryIO) -> None:
        self._council = council
        self._zone = ZoneInfo(council.time_zone)
        self._out = out
        self._book = Workbook(out)
        self._sheets = 0
        self._begin_sheet()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._book.begin("issues" if self._sheets == 1 else f"issues {self._sheets}")
        self._book.append(columns(self._council))

    def add(self, issue: ExportedIssue) -> None:
        if self._book.is_full:
            self._begin_sheet()
        self._book.append(list(_cells(issue, self._council, self._zone)))

    def finish(self) -> None:
        self._book.close()
        self._out.flush()
