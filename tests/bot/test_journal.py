"""Words, addresses and tokens never reach the log, whoever writes there and whatever goes wrong."""

import asyncio
import gc
import io
import json
import logging
import sqlite3
import threading
import warnings
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import journal, schedule
from bot.config import Log, Secret
from core.errors import RefusedRow

TOKEN = "123456789:AAHkCbu_notARealToken-0123456789abc"
WORDS = "Die Heizung ist kaputt"
PHONE = "+43664123456"
PRIVATE = (TOKEN, "Heizung", "kaputt", "43664123456")


class Journal:
    """What was written since we last looked, as JSON."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        journal.set_up(Log(format="json", level="debug"), self.stream)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def line(self) -> dict[str, Any]:
        (line,) = self.lines()
        return line

    def keeps_quiet(self) -> bool:
        return not [secret for secret in PRIVATE if secret in self.stream.getvalue()]


@pytest.fixture
def written(journal_as_before: None) -> Journal:
    return Journal()


def test_ids_and_counts_are_written(written):
    structlog.get_logger().info("taken", inbox=17, account="graz-bot", issue="GRZ-7K4M", route="/chat")

    line = written.line()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "taken", "level": "info", "inbox": 17, "account": "graz-bot", "issue": "GRZ-7K4M",
        "route": "/chat",
    }  # fmt: skip


class Reason(StrEnum):
    """An enum of ours."""

    LATE = "late"


@pytest.mark.parametrize(
    ("label", "given", "shown"),
    [
        ("words under their own name", {"text": "kaputt"}, "(withheld)"),
        ("words under any name", {"why": WORDS}, "(withheld)"),
        ("words in a list", {"parts": ["Heizung kaputt", 3]}, ["(withheld)", 3]),
        ("words in a table", {"row": {"words": "kaputt", "id": 4}}, {"(withheld)": "(withheld)"}),
        ("a long value without spaces", {"why": "Heizungkaputt" * 9}, "(withheld)"),
        ("a telephone number", {"from_": PHONE}, "(withheld)"),
        ("a telephone number as a number", {"phone": 43664123456}, "(withheld)"),
        ("somebody's number at Telegram", {"chat_id": 43664123456}, "(withheld)"),
        ("an address", {"address": "43664123456"}, "(withheld)"),
        ("a token", {"bot": TOKEN}, "(withheld)"),
        ("an address with a token", {"at": f"https://api.telegram.org/bot{TOKEN}/getMe"}, "(withheld)"),
        ("a url", {"url": "https://example.org/?q=kaputt"}, "(withheld)"),
        ("a secret", {"bot": Secret(TOKEN)}, "(withheld)"),
        ("bytes", {"raw_bytes": WORDS.encode()}, "(withheld)"),
        ("an error", {"fault": ValueError(WORDS)}, "ValueError"),
        ("one of our choices", {"why": Reason.LATE}, "late"),
        ("a count of messages", {"messages": 3}, 3),
        ("a path", {"file": Path("data/media")}, "data/media"),
        ("nothing", {"url": None}, None),
        ("a sentence of ours", {"trouble": "Telegram cannot be reached."}, "Telegram cannot be reached."),
    ],
)
def test_a_value_that_may_be_private_is_withheld(written, label, given, shown):
    structlog.get_logger().info("something", **given)

    line = written.line()
    if label == "words in a table":
        assert line["row"] == {"words": "(withheld)", "id": 4}
    else:
        assert line[next(iter(given))] == shown, label
    assert written.keeps_quiet()


def test_a_token_in_what_is_said_is_withheld(written):
    structlog.get_logger().error(f"calling bot{TOKEN} failed")
    assert written.line()["event"] == "calling bot(withheld) failed"


def refuse_a_row() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("select no_such_column from sqlite_schema")
        except sqlite3.Error as error:
            raise RefusedRow(f"refused: {WORDS}") from error


def test_an_error_is_told_by_type_cause_and_place(written):
    try:
        refuse_a_row()
    except RefusedRow:
        structlog.get_logger().exception("not stored", inbox=5)

    line = written.line()
    assert (line["error"], line["cause"], line["sqlstate"]) == (
        "RefusedRow",
        "OperationalError",
        "SQLITE_ERROR",
    )
    assert line["at"][-1].startswith("bot/test_journal.py:")
    assert "exception" not in line
    assert written.keeps_quiet()


def test_a_group_of_errors_is_told_by_their_types(written):
    group = ExceptionGroup(WORDS, [ValueError(WORDS), KeyError(WORDS)])
    structlog.get_logger().error("workers ended", exc_info=group)
    assert written.line()["errors"] == ["KeyError", "ValueError"]
    assert written.keeps_quiet()


def test_an_error_of_postgres_is_told_by_its_sqlstate(written):
    class UniqueViolationError(Exception):
        sqlstate = "23505"

    structlog.get_logger().error("refused", exc_info=UniqueViolationError(WORDS))
    assert written.line()["sqlstate"] == "23505"


def test_a_library_is_quoted_without_what_it_put_in(written):
    logging.getLogger("telegram.ext").warning("Request to %s failed: %s", f"https://x/bot{TOKEN}", WORDS)
    put_together = f"Cannot parse {WORDS} of {PHONE}"
    logging.getLogger("aiohttp.server").error(put_together)
    logging.getLogger("apscheduler").error("Error\n%s", WORDS, exc_info=ValueError(WORDS))

    first, second, third = written.lines()
    assert first["event"] == "Request to %s failed: %s"
    assert (second["event"], second["logger"]) == ("a library reports", "aiohttp.server")
    assert second["line"].startswith("test_journal.py:")
    assert (third["event"], third["error"]) == ("Error", "ValueError")
    assert written.keeps_quiet()


def test_what_libraries_tell_at_info_is_not_written(written):
    for name in (*journal.QUIET, "httpx", "telegram.Bot", "some.other"):
        logging.getLogger(name).info("POST https://api.telegram.org/bot%s", TOKEN)
        logging.getLogger(name).debug("executing %s", WORDS)
    assert written.lines() == []


async def test_a_look_that_is_skipped_because_the_one_before_goes_on_is_no_news(written):
    looks, enough = 0, asyncio.Event()

    async def takes_long() -> None:
        await enough.wait()

    async def is_quick() -> None:
        nonlocal looks
        looks += 1
        if looks == 5:
            enough.set()

    scheduler = schedule.start({"long": (0.01, takes_long), "quick": (0.01, is_quick)})
    try:
        async with asyncio.timeout(20):
            await enough.wait()
    finally:
        scheduler.shutdown(wait=False)
    assert written.lines() == []


async def test_a_task_that_nobody_asked_is_told_without_its_error(written):
    async def breaks(words: str) -> None:
        raise ValueError(words)

    task = asyncio.create_task(breaks(WORDS), name=WORDS)
    await asyncio.wait([task])
    del task
    gc.collect()

    line = written.line()
    assert (line["event"], line["logger"]) == ("Task exception was never retrieved", "asyncio")
    assert line["error"] == "ValueError"
    assert written.keeps_quiet()


async def test_a_callback_that_breaks_is_told_without_its_arguments(written):
    def breaks(words: str) -> None:
        raise ValueError(words)

    asyncio.get_running_loop().call_soon(breaks, WORDS)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert written.line()["event"] == "Exception in callback"
    assert written.keeps_quiet()


def test_a_thread_that_breaks_is_told_by_type(written):
    def breaks(words: str) -> None:
        raise ValueError(words)

    thread = threading.Thread(target=breaks, args=[WORDS], name=WORDS)
    thread.start()
    thread.join()
    assert (written.line()["event"], written.line()["error"]) == ("error in a thread", "ValueError")
    assert written.keeps_quiet()


def test_an_error_in_a_destructor_is_told_by_type(written):
    class Breaks:
        def __del__(self) -> None:
            raise ValueError(WORDS)

    Breaks()
    gc.collect()
    assert (written.line()["event"], written.line()["error"]) == (
        "error that could not be raised",
        "ValueError",
    )
    assert written.keeps_quiet()


def test_a_warning_is_written_without_its_words(written):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn(WORDS, stacklevel=1)
        logging.captureWarnings(False)
    assert written.line()["logger"] == "py.warnings"
    assert written.keeps_quiet()


def test_a_console_line_is_for_people(written):
    stream = io.StringIO()
    journal.set_up(Log(format="console", level="warning"), stream)
    structlog.get_logger().info("not this one")
    structlog.get_logger().warning("turn failed", inbox=17, words=WORDS)

    (line,) = stream.getvalue().splitlines()
    assert "turn failed" in line
    assert "inbox=17" in line
    assert "Heizung" not in line
    assert "\x1b" not in line  # colours are for a terminal only
