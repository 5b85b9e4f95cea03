"""The small models of tests/models, unpacked for a test."""

from __future__ import annotations

import zipfile
from pathlib import Path

PACKED = Path(__file__).parents[1] / "models"


def unpack(folder: Path, *directions: str) -> Path:
    """The packages of these directions ("es_en") in a folder, as an installation leaves them there."""
    folder.mkdir(parents=True, exist_ok=True)
    for direction in directions:
        with zipfile.ZipFile(PACKED / f"translate-{direction}.argosmodel") as archive:
            archive.extractall(folder)
    return folder


def package(folder: Path, direction: str) -> Path:
    """The folder of one package."""
    return folder / f"translate-{direction}-1_0"
