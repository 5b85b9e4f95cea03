"""What the tests of the running program share."""

import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot import journal


@pytest.fixture
def journal_as_before() -> Iterator[None]:
    """Whoever sets the journal up sets it for the whole process; afterwards all is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {name: logging.getLogger(name).level for name in journal.QUIET}
    hooks = threading.excepthook, sys.unraisablehook, warnings.showwarning
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
