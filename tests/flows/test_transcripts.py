"""Every transcript goes as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.talk import Talk

FOLDER = Path(__file__).parent / "transcripts"
TALKS = sorted(FOLDER.glob("*/*.txt"))
#: those that every channel must be able to hold, to the last line
EVERYWHERE = [path for path in TALKS if path.parent.name == "everywhere"]


@pytest.mark.parametrize("path", TALKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_talk_goes_as_written(path: Path, accept: bool) -> None:
    written = path.read_text(encoding="utf-8").splitlines()
    really = list(Talk().play(written))
    if accept:
        path.write_text("\n".join(really) + "\n", encoding="utf-8")
    assert really == written or accept
