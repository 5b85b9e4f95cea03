"""The desk's talks go as they are written; only here, for nobody sits at a desk on every channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.flows.talk import Talk

TALKS = sorted((Path(__file__).parent / "desk").glob("*.txt"))


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
def test_the_talk_goes_as_written(path: Path, accept: bool) -> None:
    written = path.read_text(encoding="utf-8").splitlines()
    really = list(Talk().play(written))
    if accept:
        path.write_text("\n".join(really) + "\n", encoding="utf-8")
    assert really == written or accept
