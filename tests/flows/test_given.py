"""What a person said is repeated to them with all that came with it."""

from __future__ import annotations

import pytest

from flows.given import quoted
from translations import catalogs

POINT = {"lat": 47.0707, "lon": 15.4382, "name": ""}


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        pytest.param({"point": POINT}, ["[47.07070, 15.43820]"], id="a place alone"),
        pytest.param(
            {"point": POINT | {"name": "Lendplatz"}}, ["[Lendplatz (47.07070, 15.43820)]"], id="with a name"
        ),
        pytest.param(
            {"what": [{"text": "no light", "ref": ""}], "media": [{"kind": "photo"}], "point": POINT},
            ["no light", "[a photo]", "[47.07070, 15.43820]"],
            id="words, a photo and a place",
        ),
    ],
)
def test_a_place_is_quoted_on_a_line_of_its_own(answers: dict[str, object], lines: list[str]) -> None:
    assert quoted(answers, catalogs.load()["en"]).split("\n") == lines
