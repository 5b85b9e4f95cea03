"""A workbook holds texts, numbers and days as they are, and is read by what reads workbooks."""

from __future__ import annotations

import gc
import io
import os
import tempfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from bot.workbook import CELL_LIMIT, CUT, Cell, Workbook


def written(*rows: list[Cell]) -> io.BytesIO:
    out = io.BytesIO()
    book = Workbook(out)
    book.begin("issues")
    for row in rows:
        book.append(row)
    book.close()
    return out


def read(out: io.BytesIO) -> list[tuple[Any, ...]]:
    sheet = load_workbook(out).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize(
    "text",
    [
        "Kein Licht",
        "=1+1",
        "#N/A",
        "12",
        "true",
        "2026-12-08",
        " a space before, a new line\n\tand a tab behind ",
        '</t></is></c> & <b>"quoted"</b> &amp; ]]>',
        "المصباح مكسور",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    ],
)
def test_a_text_stays_the_text_that_it_is(text: str) -> None:
    out = written(["head"], [text])
    assert read(out) == [("head",), (text,)]
    assert b"<f>" not in ZipFile(out).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x0bc\ufffed\ud800e", "abcde"),
        ("👍" * 20_000, "👍" * ((CELL_LIMIT - len(CUT)) // 2) + CUT),
        ("x" * CELL_LIMIT, "x" * CELL_LIMIT),
    ],
    ids=["no XML", "too long", "just fits"],
)
def test_what_a_cell_cannot_hold_is_left_out_or_cut(text: str, kept: str) -> None:
    assert read(written([text])) == [(kept,)]


def test_what_looks_like_a_sign_by_its_number_is_shown_as_it_was_written() -> None:
    # Excel would show the sign that turns a text; "_x005F_" is how it is told the first line is one.
    sheet = ZipFile(written(["001_x202E_ and _x12_ and __x0041_"])).read("xl/worksheets/sheet1.xml")
    assert b">001_x005F_x202E_ and _x12_ and __x005F_x0041_<" in sheet


def test_numbers_and_days_are_what_they_are_and_nothing_is_nothing() -> None:
    row: list[Cell] = [7, -15.43999, 0, date(2026, 11, 30), None, "", "end"]
    ((*numbers, day, none, empty, end),) = read(written(row))
    assert (numbers, day.date(), none, empty, end) == (
        [7, -15.43999, 0],
        date(2026, 11, 30),
        None,
        None,
        "end",
    )


def test_columns_go_on_behind_z() -> None:
    row: list[Cell] = [f"c{n}" for n in range(60)]
    assert read(written(row)) == [tuple(row)]


def test_every_part_is_there_and_is_xml() -> None:
    out = io.BytesIO()
    book = Workbook(out)
    for title in ("2026-W47", 'R&D <"1">'):
        book.begin(title)
        book.append(["head"])
    book.close()
    with ZipFile(out) as parts:
        assert parts.testzip() is None
        names = set(parts.namelist())
        for name in names:
            ET.fromstring(parts.read(name))
        for part in ET.fromstring(parts.read("[Content_Types].xml")):
            assert part.get("PartName", "/_rels/.rels").removeprefix("/") in names
    read_again = load_workbook(out)
    assert read_again.sheetnames == ["2026-W47", 'R&D <"1">']
    assert all(sheet.freeze_panes == "A2" for sheet in read_again.worksheets)


def test_a_sheet_is_full_by_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.workbook.SHEET_ROWS", 2)
    book = Workbook(io.BytesIO())
    book.begin("issues")
    book.append(["x"])
    assert not book.is_full
    book.append(["x"])
    assert book.is_full
    book.begin("issues 2")
    assert not book.is_full
    book.close()


def test_it_can_be_written_into_a_pipe() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as reader, os.fdopen(theirs, "wb") as out:
        book = Workbook(out)
        book.begin("issues")
        book.append(["head"])
        book.close()
        out.close()
        assert read(io.BytesIO(reader.read())) == [("head",)]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # that of a file which nobody closes any more
def test_what_breaks_off_is_no_workbook_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()

    def breaks_off() -> None:
        with (tmp_path / "out.xlsx").open("wb") as out:
            book = Workbook(out)
            book.begin("issues")
            book.append(["head"])
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        breaks_off()
    gc.collect()
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not (tmp_path / "out.xlsx").read_bytes().rstrip(b"\0").endswith(b"PK\x05\x06")
