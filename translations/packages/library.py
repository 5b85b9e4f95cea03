"""The library that made the format of packages, and reads it for us.

At its import it makes folders where the environment says: so that points at a folder that goes away, for that
moment. Its `translate` module is never imported: it loads what we leave out, and logs every text.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.errors import TownbellError

EXTRA = ("argostranslate", "ctranslate2", "sentencepiece")


class NoExtra(TownbellError):
    """What machine translation needs is not installed here: `make translation` installs it."""


def has_extra() -> bool:
    """Whether what machine translation needs is installed."""
    return all(importlib.util.find_spec(name) for name in EXTRA)


def reader() -> Any:
    """The library's reader of packages; raises NoExtra where it is not installed."""
    with tempfile.TemporaryDirectory() as nowhere, _environment(nowhere):
        try:
            return importlib.import_module("argostranslate.package")
        except ImportError:
            raise NoExtra from None


@contextmanager
def _environment(nowhere: str) -> Iterator[None]:
    before = dict(os.environ)
    for name in before:
        if name.startswith(("ARGOS_", "SNAP")):
            del os.environ[name]
    os.environ.update(dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), nowhere))
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)
