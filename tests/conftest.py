"""Peers that many tests share, started once for the whole run.

A test that needs a peer which is missing is skipped, with the reason; in continuous integration it fails.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.async_api import Page

from tests.peers import browser as browser_peer
from tests.peers import postgres as postgres_peer
from tests.peers import qr as qr_peer
from tests.peers import telegram_emulator as telegram_peer
from tests.peers import twilio_emulator as twilio_peer
from tests.peers.browser import Chromium
from tests.peers.postgres import Cluster
from tests.peers.telegram_emulator import TelegramEmulator
from tests.peers.twilio_emulator import TwilioEmulator

# No test times itself: on a busy machine an example may take as long as it likes.
hypothesis.settings.register_profile("townbell", deadline=None)
hypothesis.settings.load_profile("townbell")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--accept` rewrites what is compared with a file, for review."""
    parser.addoption("--accept", action="store_true", help="rewrite the transcripts as they really go")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server; `postgres.create_database()` gives the address of a new database."""
    require(postgres_peer.missing())
    with postgres_peer.cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def telegram_emulator() -> Iterator[TelegramEmulator]:
    """Telegram; `telegram_emulator.bot()` gives a new bot."""
    require(telegram_peer.missing())
    with telegram_peer.emulator() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def twilio_emulator() -> Iterator[TwilioEmulator]:
    """Twilio; `twilio_emulator.number(hook)` gives a new number."""
    require(twilio_peer.missing())
    with twilio_peer.emulator() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """A browser; `async with browser.context(locale="ar") as context` gives a profile of its own."""
    require(browser_peer.missing())
    with browser_peer.chromium() as chromium:
        yield chromium


@pytest.fixture
async def page(browser: Chromium) -> AsyncIterator[Page]:
    """A page in a fresh profile."""
    async with browser.context() as context:
        yield await context.new_page()


@pytest.fixture(scope="session")
def codes_in() -> Callable[[Path], list[str]]:
    """Reads the codes in a picture."""
    require(qr_peer.missing())
    return qr_peer.read


def require(missing: str | None) -> None:
    """Go on when nothing is missing; else skip with the sentence, or fail where skipping would hide it."""
    if missing and os.environ.get("CI", "").lower() in ("", "0", "false"):
        pytest.skip(missing)
    if missing:
        pytest.fail(missing)
