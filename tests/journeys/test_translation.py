"""An issue is read in the council's language: the real program, a real model, and a kill -9 in between."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.installation import HOUSE, Installation

LIFT = "The lift does not work."
MODELS = HOUSE / "tests" / "models"
PATIENCE = 60.0  # seconds: a model is loaded in a process of its own, on a machine that does much else


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    home = tmp_path / "home"
    home.mkdir()
    made = Installation(tmp_path / "bell", {"HOME": str(home)})
    made.folder.mkdir()
    made.configure()
    yield made
    if made.process and made.process.poll() is None:
        made.stop(signal.SIGKILL)
    assert list(home.iterdir()) == []  # nobody keeps a diary about us there


def says(installation: Installation, *lines: str) -> str:
    done = installation.run("chat", "--language", "en", said="\n".join((*lines, "")))
    assert done.returncode == 0, done.stderr
    return done.stdout


def translated(installation: Installation) -> dict[str, Any]:
    """The one issue, once it is there in German."""
    deadline = time.monotonic() + PATIENCE
    while True:
        (issue,) = installation.issues()
        if issue["translations"]:
            return dict(issue)
        assert time.monotonic() < deadline, installation.log()
        time.sleep(0.5)


def test_an_issue_waits_for_a_model_and_is_read_in_german_when_there_is_one(
    installation: Installation,
) -> None:
    installation.start()
    installation.address()
    says(installation, LIFT, "1")
    (issue,) = installation.issues()
    assert (issue["original"], issue["language"], issue["translations"]) == (LIFT, "en", {})
    installation.stop(signal.SIGKILL)
    assert installation.ended() == -signal.SIGKILL

    installation.start()
    installation.address()
    installed = installation.run("models", "install", str(MODELS / "translate-en_de.argosmodel"))
    assert installed.returncode == 0, installed.stderr
    issue = translated(installation)
    assert issue["original"] == LIFT
    assert issue["translations"] == {
        "de": {"text": "Der Aufzug funktioniert nicht.", "made_by": "machine", "status": "good"}
    }
    assert "Aufzug" not in installation.log()
    assert "lift" not in installation.log()
    assert installation.stop() == 0
