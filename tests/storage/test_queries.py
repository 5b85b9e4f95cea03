"""Queries have one name, declared parameters, and somebody who uses them."""

import re
from pathlib import Path

import aiosql.utils
import pytest

from storage import postgres, queries, sqlite

SOURCES = Path(queries.__file__).parent


@pytest.mark.parametrize(
    ("label", "files"),
    [
        ("a name in two files", {"a": "-- name: x()\nselect 1", "b": "-- name: x()\nselect 2"}),
        ("a name twice in one file", {"a": "-- name: x()\nselect 1\n\n-- name: x()\nselect 2"}),
        ("a parameter that is not declared", {"a": "-- name: x(b)\nselect :a, :b"}),
        ("a parameter that is not used", {"a": "-- name: x(a, b)\nselect :a"}),
        ("no declaration", {"a": "-- name: x\nselect 1"}),
        ("a word that the dialect does not have", {"a": "-- name: x()\nselect 1 {no_such_word}"}),
    ],
)
def test_a_fault_in_a_query_is_told_when_it_is_loaded(
    label: str, files: dict[str, str], tmp_path: Path
) -> None:
    for name, text in files.items():
        (tmp_path / f"{name}.sql").write_text(text)
    faults = (aiosql.utils.SQLLoadException, aiosql.utils.SQLParseException, KeyError)
    with pytest.raises(faults):
        queries.load(sqlite.DIALECT, tmp_path)


def test_a_parameter_is_numbered_as_it_is_declared(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("-- name: x(b, a)\nselect :a, :b, :a, ':c', 'it''s :d'")
    one, other = (queries.load(dialect, tmp_path)["x"] for dialect in (sqlite.DIALECT, postgres.DIALECT))
    assert one.sql == "select ?2, ?1, ?2, ':c', 'it''s :d'"
    assert other.sql == "select $2, $1, $2, ':c', 'it''s :d'"
    assert one.bind({"a": 1, "b": 2}) == (2, 1)


def test_every_query_is_used_and_every_name_is_a_query() -> None:
    known = set(queries.load(sqlite.DIALECT))
    assert known == set(queries.load(postgres.DIALECT))
    source = "\n".join(path.read_text() for path in SOURCES.glob("*.py"))
    asked = set(re.findall(r"tx\.(?:all|one|value|do|many|each)\(\s*\"(\w+)\"", source))
    assert asked <= known
    named = set(re.findall(r"\"(\w+)\"", source)) | {"set_topic", "set_place", "set_affected"}
    assert known <= named, known - named


def test_no_query_has_a_colon_in_a_comment_or_a_cast_of_one_database() -> None:
    for path in queries.FOLDER.glob("*.sql"):
        for line in path.read_text().splitlines():
            if not line.startswith("-- name:"):
                assert "::" not in line, (path.name, line)
                assert not re.match(r"\s*--.*:", line), (path.name, line)
