"""Debian's Chromium, with a page for each test.

The browser is started once and listens; each test connects to it from its own event loop. (Playwright's
objects belong to the loop in which they were made, so one that outlives a test is of no use to the next.)
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, async_playwright

ARGUMENTS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-sandbox",  # tests run as root in containers, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    # A microphone that hums, for whoever is allowed to listen; a machine that tests has none.
    "--use-fake-device-for-media-stream",
    # Nothing is asked of the world that the test did not ask.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def missing() -> str | None:
    """Why no browser can run here, or None."""
    if shutil.which("chromium") is None:
        return "Chromium is not installed (make test-deps, or apt-get install chromium)"
    return None


@contextmanager
def chromium() -> Iterator["Chromium"]:
    """A running Chromium."""
    with tempfile.TemporaryDirectory(prefix="townbell-chromium-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            ["chromium", *ARGUMENTS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield Chromium(_address(process))
        finally:
            process.terminate()
            process.communicate(timeout=30)


@dataclass(frozen=True)
class Chromium:
    """A browser that listens at an address."""

    address: str

    @asynccontextmanager
    async def context(self, **options: Any) -> AsyncIterator[BrowserContext]:
        """A fresh profile, with Playwright's options (`locale`, `viewport`, `bypass_csp` ...)."""
        async with async_playwright() as playwright:
            browser = await playwright.chromium.connect_over_cdp(self.address)
            context = await browser.new_context(**options)
            try:
                yield context
            finally:
                await context.close()
                await browser.close()


def _address(process: subprocess.Popen[str]) -> str:
    """Where the browser listens, as it says itself when it starts."""
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        if found := re.search(r"DevTools listening on (ws://\S+)", line):
            return found[1]
        said.append(line)
    raise AssertionError(f"Chromium did not start: {''.join(said)}")
