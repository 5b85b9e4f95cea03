"""What was raised, as programs and people get it."""

import csv
import io
import json
import sqlite3
import tracemalloc
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.beside import NothingStored
from bot.config import Data, Settings
from bot.export import _sheet, _write, as_fields, columns, export_issues
from bot.workbook import CELL_LIMIT, CUT
from core.council import Council
from core.events import IssueFiled
from core.messages import InboundMessage
from core.talk import Turn
from storage import inbox, turns
from storage.addresses import Keyring
from storage.councils import Account, sync
from storage.database import open_database
from storage.issues import ExportedIssue
from storage.media import Medium

GRAZ = Council("graz", "Migrant Council of Graz", "GRZ", "Europe/Vienna", ("de", "en"), ("de", "en"))
SUMMER = 1_750_000_000_000_000  # 2025-06-15, 15:06:40 UTC
DAY = 24 * 60 * 60 * 1_000_000
LAMP = ExportedIssue(
    reference="GRZ-7K4M",
    raised_at=SUMMER,
    channel="web",
    language="ar",
    original="المصباح مكسور\nمنذ أيار",
    topic="safety",
    place="Playground (47.07123, 15.43999)",
    status="filed",
    supporters=3,
    pseudonym="P-4XWK-9RTB",
    latitude=47.071234,
    longitude=-15.43999,
    affected="many",
    kind="problem",
    danger=True,
    hear_by=SUMMER + 14 * DAY,
    media=(
        Medium("m1", 1, "voice", "kept", "a" * 32 + ".ogg", "audio/ogg", 9),
        Medium("m2", 1, "photo", "refused", "", "", 0),
        Medium("m3", 1, "photo", "kept", "b" * 32 + ".jpg", "image/jpeg", 9),
    ),
    translations={"de": {"text": "Die Lampe ist kaputt", "made_by": "machine", "status": "draft"}},
)


async def written(to, *issues, council=GRAZ):
    async def each():
        for issue in issues:
            yield issue

    out = io.BytesIO()
    assert await _write(each(), _sheet(to, council, out)) == len(issues)
    assert not out.closed
    return out.getvalue()


def read_csv(written):
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def read_xlsx(written):
    return openpyxl.load_workbook(io.BytesIO(written))


async def test_json_has_the_fields_that_scripts_know():
    (issue,) = json.loads(await written("json", LAMP))
    assert list(issue) == [
        "reference", "raised_at", "channel", "language", "original", "translations", "topic", "place",
        "status", "supporters", "pseudonym", "media", "latitude", "longitude", "affected", "kind", "danger",
        "hear_by",
    ]  # fmt: skip
    assert issue["raised_at"] == "2025-06-15T17:06:40+02:00"
    assert issue["original"] == LAMP.original
    assert issue["translations"] == LAMP.translations
    assert issue["supporters"] == 3
    assert issue["place"] == "Playground (47.07123, 15.43999)"
    assert (issue["latitude"], issue["longitude"]) == (47.071234, -15.43999)
    assert (issue["affected"], issue["kind"], issue["danger"]) == ("many", "problem", True)
    assert issue["hear_by"] == "2025-06-29"
    assert issue["media"] == [f"media/{'a' * 32}.ogg", f"media/{'b' * 32}.jpg"]


async def test_no_issues_are_an_empty_list():
    assert json.loads(await written("json")) == []
    assert read_csv(await written("csv")) == []
    assert read_xlsx(await written("xlsx")).active.max_row == 1


async def test_several_are_a_list():
    issues = json.loads(await written("json", LAMP, replace(LAMP, reference="GRZ-2222")))
    assert [issue["reference"] for issue in issues] == ["GRZ-7K4M", "GRZ-2222"]


async def test_a_workbook_and_a_table_have_the_same_columns():
    (row,) = read_csv(await written("csv", LAMP))
    sheet = read_xlsx(await written("xlsx", LAMP)).active
    head, cells = sheet.iter_rows(values_only=True)
    assert list(head) == list(row) == columns(GRAZ)
    assert {
        name: str(value) if value is not None else "" for name, value in zip(head, cells, strict=True)
    } == row
    assert row["translation_de"] == "Die Lampe ist kaputt"
    assert row["translation_de_made_by"] == "machine"  # never shown as if a person had made it
    assert row["translation_en"] == ""
    assert row["original"] == LAMP.original
    assert row["media"] == f"media/{'a' * 32}.ogg\nmedia/{'b' * 32}.jpg"
    assert (row["latitude"], row["longitude"]) == ("47.071234", "-15.43999")  # a number, no formula
    assert (row["affected"], row["kind"], row["danger"]) == ("many", "problem", "true")
    assert row["hear_by"] == "2025-06-29"
    assert sheet.freeze_panes == "A2"
    assert sheet.cell(2, columns(GRAZ).index("supporters") + 1).value == 3


async def test_without_a_point_and_a_danger_the_cells_say_so():
    plain = replace(LAMP, latitude=None, longitude=None, danger=False, kind="question", affected="")
    (issue,) = json.loads(await written("json", plain))
    assert (issue["latitude"], issue["longitude"], issue["danger"]) == (None, None, False)
    (row,) = read_csv(await written("csv", plain))
    assert (row["latitude"], row["longitude"], row["danger"], row["kind"]) == ("", "", "false", "question")
    cells = dict(
        zip(*read_xlsx(await written("xlsx", plain)).active.iter_rows(values_only=True), strict=True)
    )
    assert (cells["latitude"], cells["longitude"], cells["danger"]) == (None, None, "false")


async def test_a_promise_is_a_day_of_the_council():
    late = datetime(2025, 6, 29, 23, 30, tzinfo=ZoneInfo("Europe/Vienna"))
    (issue,) = json.loads(await written("json", replace(LAMP, hear_by=int(late.timestamp() * 1_000_000))))
    assert issue["hear_by"] == "2025-06-29"


FORMULAS = ["=1+1", "+43 316 1", "-5 degrees", "@all", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"]


@pytest.mark.parametrize("text", FORMULAS)
async def test_nothing_that_people_write_is_a_formula(text):
    issue = replace(LAMP, original=text, place=text)
    (row,) = read_csv(await written("csv", issue))
    assert row["original"] == row["place"] == f"'{text}"
    cell = read_xlsx(await written("xlsx", issue)).active.cell(2, 5)
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r").lstrip() == text.lstrip()
    (issue_again,) = json.loads(await written("json", issue))
    assert issue_again["original"] == text


HIDING = "\u200b=1+1 \u202e001 yap\u202c H\ufeffuber \u2067\u061c می\u200cخواهم"
AS_IT_READS = "=1+1 001 yap Huber  می\u200cخواهم"


async def test_a_table_and_a_workbook_read_as_the_text_is():
    translation = {"text": HIDING, "made_by": "machine", "status": "good"}
    issue = replace(LAMP, original=HIDING, place=HIDING, translations={"de": translation})
    (row,) = read_csv(await written("csv", issue))
    sheet = read_xlsx(await written("xlsx", issue)).active
    cells = dict(zip(*sheet.iter_rows(values_only=True), strict=True))
    for column in ("original", "place", "translation_de"):
        assert row[column] == f"'{AS_IT_READS}"  # a formula only once the hidden sign is gone, and then none
        assert cells[column] == AS_IT_READS


async def test_json_holds_what_was_written_and_shows_it():
    text = (await written("json", replace(LAMP, original=HIDING))).decode()
    assert json.loads(text)[0]["original"] == HIDING
    assert r"\u202e001 yap\u202c H\ufeffuber" in text
    assert not set(text) & set("\u200b\u202e\u202c\ufeff\u2067\u061c")
    assert "می\u200cخواهم" in text


async def test_what_only_looks_odd_stays_as_it_is():
    text = 'He said: "1,5; 2"\n=not first\n\ttab'
    (row,) = read_csv(await written("csv", replace(LAMP, original=text)))
    assert row["original"] == text


async def test_what_excel_cannot_hold_is_left_out_or_cut():
    issue = replace(LAMP, original="a\x00b\x0bc\ufffed", place="👍" * 20_000)
    sheet = read_xlsx(await written("xlsx", issue)).active
    cells = dict(zip(*sheet.iter_rows(values_only=True), strict=True))
    assert cells["original"] == "abcd"
    assert len(cells["place"].encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert cells["place"].endswith("👍" + CUT)
    (again,) = json.loads(await written("json", issue))
    assert len(again["place"]) == 20_000


async def test_a_sheet_that_is_full_is_followed_by_another(monkeypatch):
    monkeypatch.setattr("bot.workbook.SHEET_ROWS", 3)
    book = read_xlsx(await written("xlsx", *[LAMP] * 5))
    assert [(sheet.title, sheet.max_row) for sheet in book] == [
        ("issues", 3),
        ("issues 2", 3),
        ("issues 3", 2),
    ]
    assert all(sheet.cell(1, 1).value == "reference" for sheet in book)


TIMES = [
    (1_750_000_000_000_000, "2025-06-15T17:06:40+02:00"),
    (1_766_000_000_000_000, "2025-12-17T20:33:20+01:00"),
    (1_761_440_400_000_000, "2025-10-26T02:00:00+01:00"),
    (0, "1970-01-01T01:00:00+01:00"),
]


@pytest.mark.parametrize(("at", "shown"), TIMES)
async def test_times_are_the_councils_own(at, shown):
    (issue,) = json.loads(await written("json", replace(LAMP, raised_at=at)))
    assert issue["raised_at"] == shown
    assert datetime.fromisoformat(shown).timestamp() * 1_000_000 == at


texts = st.text(st.characters(exclude_categories=()), max_size=50)


@given(original=texts, place=texts, topic=texts)
def test_every_text_can_be_written(original, place, topic):
    issue = replace(LAMP, original=original, place=place, topic=topic)
    fields = as_fields(issue, ZoneInfo("Europe/Vienna"))
    for to in ("json", "csv", "xlsx"):
        out = io.BytesIO()
        sheet = _sheet(to, GRAZ, out)
        sheet.add(issue)
        sheet.finish()
        match to:
            case "json":
                (again,) = json.loads(out.getvalue())
                assert again["original"] == fields["original"].encode("utf-8", "replace").decode()
            case "csv":
                (row,) = read_csv(out.getvalue())
                assert not row["original"].startswith(("=", "+", "-", "@", "\t", "\r"))
            case "xlsx":
                assert read_xlsx(out.getvalue()).active.cell(2, 5).data_type in ("s", "n", "inlineStr")


@pytest.mark.parametrize("to", ["json", "csv", "xlsx"])
async def test_many_issues_take_no_more_memory_than_few(to, tmp_path):
    async def each(count):
        for number in range(count):
            yield replace(LAMP, reference=f"GRZ-{number}", original=f"{number} " + "words " * 100)

    async def peak(count):
        tracemalloc.start()
        with (tmp_path / "out").open("wb") as out:
            assert await _write(each(count), _sheet(to, GRAZ, out)) == count
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    await peak(10)
    assert await peak(4000) < await peak(400) + 200_000


# From a database


@pytest.fixture
def settings(tmp_path):
    return Settings("a test", (GRAZ,), (), data=Data(folder=tmp_path))


@pytest.fixture
async def database(tmp_path):
    database = await open_database(None, tmp_path / "townbell.db")
    await database.transaction(lambda tx: sync(tx, ["graz"], [Account("web", "web", "graz")]))
    yield database
    await database.close()


async def raise_issue(database, number, words):
    message = InboundMessage("web", "message", f"x:{number}", "A" * 43, text=words)
    filed = IssueFiled(
        f"GRZ-{number:04}", "graz", "problem", ((words, "x"),), "en", (), "", None, None, False, "1"
    )

    async def turn(tx):
        await inbox.store(tx, Keyring(b"k" * 32), [message], SUMMER)
        (waiting,) = await turns.take(tx, SUMMER)
        await turns.write(tx, [turns.Outcome(waiting, Turn(None, events=(filed,)))], SUMMER)

    await database.transaction(turn)


async def test_what_was_filed_is_exported_beside_a_running_townbell(settings, database, tmp_path):
    for number in range(3):
        await raise_issue(database, number, f"The lamp {number} is broken")
    out = io.BytesIO()
    assert await export_issues(settings, "graz", "json", out) == 3
    issues = json.loads(out.getvalue())
    assert [issue["reference"] for issue in issues] == ["GRZ-0000", "GRZ-0001", "GRZ-0002"]
    assert issues[1]["original"] == "The lamp 1 is broken"
    assert issues[0]["pseudonym"].startswith("P-")
    assert issues[0]["supporters"] == 1
    await raise_issue(database, 3, "and it goes on")
    with sqlite3.connect(tmp_path / "townbell.db") as file:
        assert file.execute("select actor, action, subject, detail from audit").fetchall() == [
            ("command line", "export.issues", "graz", "json")
        ]
    file.close()


async def test_where_nothing_is_stored_nothing_is_made(settings, tmp_path):
    with pytest.raises(NothingStored):
        await export_issues(settings, "graz", "csv", io.BytesIO())
    assert list(tmp_path.iterdir()) == []
