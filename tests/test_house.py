"""The import rules cover the whole house, also the rooms that are built later."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_package_is_under_the_import_rules():
    patterns = PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
    built = {
        pattern.rstrip("*") for pattern in patterns if (ROOT / pattern.rstrip("*") / "__init__.py").exists()
    }
    named = set(PROJECT["tool"]["importlinter"]["root_packages"])
    assert named == built, "name it in [tool.importlinter] root_packages of pyproject.toml"
