"""What the tests of the running program share."""

import logging
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import structlog

from bot import journal
from tests.bot.phones import NEWS, lines_at
from tests.peers import twilio_api
from tests.peers.twilio_api import TwilioApi


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


@pytest.fixture
async def api() -> AsyncIterator[TwilioApi]:
    """What stands in for Twilio, with a template that is approved."""
    async with twilio_api.running() as api:
        api.contents[NEWS.sid] = {}
        yield api


@pytest.fixture
async def lines(api: TwilioApi) -> AsyncIterator[Any]:
    """Makes senders of ours at Twilio, by SMS ("text") or on WhatsApp ("app")."""
    async with AsyncExitStack() as stack:
        yield lines_at(api, stack)
