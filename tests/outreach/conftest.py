"""`pytest --accept` rewrites the digests as they are really drawn, for review."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from core.phrases import Phrases
from translations import catalogs

FOLDER = Path(__file__).parent / "drawn"


@pytest.fixture(scope="session")
def phrases() -> dict[str, Phrases]:
    """Every catalog, by tag."""
    return catalogs.load()


@pytest.fixture
def drawn_as(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a digest with the file that shows it."""
    accept = bool(request.config.getoption("--accept"))

    def compare(name: str, digest: str) -> None:
        path = FOLDER / name
        if accept:
            path.write_text(digest, encoding="utf-8")
        assert digest == path.read_text(encoding="utf-8")

    return compare
