"""The running program: its webhook under load, its memory after a whole city has written, and its start."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Literal

from bench.figures import percentile
from bench.house import House, Way, house
from bench.stage import Stage, on_stage, scratch
from bench.talk import FIRST_PERSON, MESSAGES, problem
from tests.peers import bot_api, twilio_api
from tests.peers.bot_api import RemoteBotApi

Provider = Literal["telegram", "twilio"]


def webhook(provider: Provider, rates: Sequence[int], seconds: float) -> dict[int, dict[str, float]]:
    """From when a post was due to its 200, which says that it is on disk; turns and sends go on beside it."""
    figures = {}
    with served(provider) as (home, crowd):
        first = 0
        for rate in rates:
            talks = int(rate * seconds / MESSAGES)
            took, errors = crowd.do("on_time", home.webhook, talks, MESSAGES, first, rate)
            first += talks
            figures[rate] = {
                "p50_ms": percentile(took, 50) * 1e3,
                "p99_ms": percentile(took, 99) * 1e3,
                "errors": errors,
            }
            _until_nothing_is_unread(home)
    return figures


def memory(people: int) -> dict[str, float]:
    """Megabytes before anybody has written, and after so many people each have."""
    with served("telegram") as (home, crowd):
        before = home.memory()
        seconds, errors = crowd.do("at_once", home.webhook, people, 0)
        assert not errors, f"{errors} posts were refused"
        _until_nothing_is_unread(home)
        return {"before_mb": before, "after_mb": home.memory(), "posts_a_second": people / seconds}


@contextmanager
def served(provider: Provider) -> Iterator[tuple[House, Stage]]:
    """A running installation that takes posts, and who posts."""
    way: Way = "twilio" if provider == "twilio" else "webhook"
    with (
        tempfile.TemporaryDirectory(dir=scratch()) as made,
        (twilio_api if provider == "twilio" else bot_api).started() as api,
        house(Path(made), api.url, way) as home,
        on_stage("bench.crowd", provider=provider) as crowd,
    ):
        home.start()
        home.wait_until_up()
        # The webhook takes posts once it has been announced to Telegram.
        while crowd.do("at_once", home.webhook, 1, 10_000_000)[1]:
            time.sleep(0.05)
        crowd.do("on_time", home.webhook, 50, MESSAGES, 10_000_001, 100)
        _until_nothing_is_unread(home)
        yield home, crowd


def _until_nothing_is_unread(home: House) -> None:
    while json.loads(home.page("/readyz"))["unread"] != 0:
        time.sleep(0.2)


def starts(times: int) -> dict[str, float]:
    """Seconds from exec to the answer of a waiting message and to /healthz, and those of `--version`."""
    first, answered, up = 0.0, [], []
    with (
        tempfile.TemporaryDirectory(dir=scratch()) as made,
        bot_api.started() as api,
        house(Path(made), api.url, "polling") as home,
    ):
        for n in range(times + 1):
            took = _until_answered(home, api, person=FIRST_PERSON + n)
            home.stop()
            if n:
                answered.append(took)
            else:
                first = took  # makes key and database
        for _ in range(times):
            began = time.perf_counter()
            home.start()
            home.wait_until_up()
            up.append(time.perf_counter() - began)
            home.stop()
    return {
        "first_s": first,
        "answered_s": median(answered),
        "healthz_s": median(up),
        "version_s": median(_version() for _ in range(times)),
    }


def _until_answered(home: House, api: RemoteBotApi, person: int) -> float:
    sent = _sent(api)
    api.do("say", text=problem(person), person=person)
    began = time.perf_counter()
    home.start()
    while _sent(api) == sent:
        assert home.process
        assert home.process.poll() is None, f"it ended by itself:\n{home.log()}"
        time.sleep(0.01)
    return time.perf_counter() - began


def _sent(api: RemoteBotApi) -> int:
    answered: list[Any] = api.do("sent")
    return len(answered)


def _version() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "bot", "--version"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
