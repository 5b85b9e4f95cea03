"""`pytest --accept` rewrites the transcripts as the conversation really goes, for review."""

from __future__ import annotations

import pytest


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether transcripts are rewritten instead of compared."""
    return bool(request.config.getoption("--accept"))
