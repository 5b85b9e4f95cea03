"""Townbell starts whole or not at all, with a sentence; stops gracefully; and tells its log nothing."""

from __future__ import annotations

import asyncio
import base64
import gc
import http.cookiejar
import json
import os
import signal
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import app, cli, journal
from bot.receive import Receiver
from bot.turns import TurnTaker
from core.errors import TownbellError
from tests.journeys.installation import COUNCIL, TELEGRAM, Installation
from tests.peers.bot_api import TOKEN, RemoteBotApi, started
from tests.peers.ports import free_port

SENTENCE = "The step failed, as the test has it."
#: as long as any start may take, or any stop
BOUND = 30.0  # seconds
PROBLEM = "Die Zauberlaterne in der Gasse ist seit Wochen kaputt"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.stop()


# A fault at start-up


class Left:
    """What a run has left behind in this process."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[Any]] = []
        self._files = self._open_files()
        self._threads = set(threading.enumerate())

    @staticmethod
    def _open_files() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    def nothing(self) -> bool:
        gc.collect()  # a warning about something that was not closed is an error
        assert self.tasks == []
        for thread in set(threading.enumerate()) - self._threads:
            thread.join(BOUND)
            assert not thread.is_alive()
        assert self._open_files() <= self._files  # others may have been let go of meanwhile
        return True


RunHere = Callable[[], tuple[int, str, Left]]


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> RunHere:
    """`townbell run` in this process: its status, what it said, and what it left behind."""
    (tmp_path / "config.toml").write_text(
        COUNCIL + TELEGRAM.format(mode="polling", api_url=f"http://127.0.0.1:{free_port()}"), encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    # The journal would catch the warnings that are errors here.
    monkeypatch.setattr(journal, "set_up", lambda *_: None)

    def run() -> tuple[int, str, Left]:
        left = Left()
        original = app.run

        async def watched(*arguments: Any) -> int:
            try:
                async with asyncio.timeout(BOUND):
                    return await original(*arguments)
            finally:
                left.tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

        with monkeypatch.context() as patch:
            patch.setattr(app, "run", watched)
            status = cli.main(["run", "--port", "0"])
        return status, capfd.readouterr().err, left

    return run


STEPS = [
    "bot.app.told_to_stop",
    "bot.folder.prepare",
    "bot.folder.hold",
    "bot.app.Keyring.load",
    "bot.app.catalogs_room.load",
    "bot.app.open_database",
    "bot.app.councils.sync",
    "bot.app.Metrics",
    "bot.app.Telegram",
    "bot.app.WebChat",
    "bot.app.Sender",
    "bot.app.Thinker",
    "bot.app.TurnTaker",
    "bot.app.Receiver",
    "bot.app.MediaFolder",
    "bot.app.MediaWorker",
    "bot.app.schedule.Retention",
    "bot.app.schedule.start",
    "bot.app.Health",
    "bot.app.ChatPages",
    "bot.app.application",
    "bot.web._listen",
    "bot.app.unclean_stop",
    "bot.app._greet",
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "fault", [TownbellError(SENTENCE), RuntimeError(PROBLEM)], ids=["ours", "unforeseen"]
)
def test_a_fault_at_any_step_ends_with_a_sentence_and_leaves_nothing_open(
    run_here: RunHere, monkeypatch: pytest.MonkeyPatch, step: str, fault: Exception
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise fault

    monkeypatch.setattr(step, fails)
    status, said, left = run_here()
    assert status == 1
    if isinstance(fault, TownbellError):
        assert said.splitlines()[-1] == SENTENCE
    else:
        assert said.splitlines()[-1].startswith("Something in Townbell itself is broken: RuntimeError at ")
        assert "Zauberlaterne" not in said
    assert "Traceback" not in said
    assert left.nothing()
    # What nobody's message has done is held against nobody's message.
    assert not Path("data/running").exists() or step == "bot.app._greet"


@pytest.mark.parametrize("worker", ["Receiver.run", "TurnTaker.run", "Sender.run"])
@pytest.mark.parametrize(
    "fault", [TownbellError(SENTENCE), RuntimeError(PROBLEM)], ids=["ours", "unforeseen"]
)
def test_a_worker_that_fails_ends_the_program_with_a_sentence(
    run_here: RunHere, monkeypatch: pytest.MonkeyPatch, worker: str, fault: Exception
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise fault

    monkeypatch.setattr(f"bot.app.{worker}", fails)
    status, said, left = run_here()
    assert status == 1
    last = said.splitlines()[-1]
    if isinstance(fault, TownbellError):
        assert last == SENTENCE
    else:
        assert last.endswith("failed (RuntimeError). Nothing is lost; start it again.")
        assert "Zauberlaterne" not in said
    assert left.nothing()
    assert Path("data/running").exists()


def test_a_worker_that_fails_while_we_stop_is_told_of_and_does_not_keep_us(
    run_here: RunHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumbles(_: Receiver) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError(PROBLEM)

    monkeypatch.setattr(Receiver, "run", stumbles)
    status, _, left = run_here()
    assert status == 0
    assert left.nothing()


def test_a_stop_right_after_the_start_is_a_stop(run_here: RunHere, monkeypatch: pytest.MonkeyPatch) -> None:
    greet = app._greet

    def stops(*arguments: Any) -> None:
        greet(*arguments)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(app, "_greet", stops)
    status, _, left = run_here()
    assert status == 0
    assert left.nothing()
    assert not Path("data/running").exists()


def test_a_mark_of_an_unclean_stop_stays_until_a_clean_one(
    run_here: RunHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    taking = TurnTaker.run

    async def notes(self: TurnTaker, *, careful: bool) -> None:
        seen.append(careful)
        os.kill(os.getpid(), signal.SIGTERM)
        await taking(self, careful=careful)

    Path("data").mkdir(mode=0o700)
    Path("data/running").touch()
    with monkeypatch.context() as patch:
        patch.setattr("bot.app.Health", lambda *_: 1 / 0)
        run_here()
    assert Path("data/running").exists()
    monkeypatch.setattr(TurnTaker, "run", notes)
    assert [run_here()[0] for _ in range(2)] == [0, 0]
    assert seen == [True, False]


def test_a_port_that_is_taken_is_told(installation: Installation) -> None:
    installation.configure()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = installation.run("run", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"Port {port} is taken by another program. Stop it, or choose another port: --port 8081."
    )


def test_a_key_that_does_not_belong_to_the_database_is_told(installation: Installation) -> None:
    installation.configure()
    installation.run("chat", said=f"{PROBLEM}\n")
    key = installation.folder / "data" / "townbell.key"
    key.write_text(base64.b64encode(os.urandom(32)).decode())
    done = installation.run("run", "--port", "0")
    assert done.returncode == 1
    assert "use the key file that belongs to this database" in done.stderr.splitlines()[-1]
    assert not (installation.folder / "data" / "running").exists()


# Beside others, and stopping


def test_a_second_one_in_the_same_folder_is_refused_and_other_commands_are_not(
    installation: Installation,
) -> None:
    installation.configure()
    installation.start()
    assert installation.process
    installation.address()
    second = installation.run("run", "--port", "0")
    assert second.returncode == 1
    assert second.stderr.splitlines()[-1].startswith(
        f"Townbell already runs on data (process {installation.process.pid}). Stop the other one first"
    )
    talk = installation.run("chat", said=f"{PROBLEM}\n1\n")
    assert talk.returncode == 0
    assert "GRZ-" in talk.stdout
    assert [issue["original"] for issue in installation.issues()] == [PROBLEM]
    assert installation.stop() == 0
    assert installation.run("chat", said="status\n").returncode == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_gracefully_when_told_also_with_a_page_that_waits(
    installation: Installation, how: signal.Signals
) -> None:
    installation.configure()
    installation.start()
    address = installation.address()
    page = Page(address)
    page.say(PROBLEM)
    page.until("Zauberlaterne")
    waiting = threading.Thread(target=page.wait, daemon=True)
    waiting.start()
    assert page.asked.wait(BOUND)
    began = time.monotonic()
    assert installation.stop(how) == 0
    assert time.monotonic() - began < BOUND
    waiting.join(BOUND)
    assert not (installation.folder / "data" / "running").exists()


def test_a_killed_one_leaves_its_mark_and_the_next_takes_care(installation: Installation) -> None:
    installation.configure()
    mark = installation.folder / "data" / "running"
    installation.start()
    installation.address()
    assert mark.exists()
    assert installation.stop(signal.SIGKILL) == -signal.SIGKILL
    assert mark.exists()
    installation.start()
    page = Page(installation.address())
    page.say(PROBLEM)
    page.until("Zauberlaterne")
    assert installation.stop() == 0
    assert not mark.exists()


class Page:
    """A web chat, without a browser."""

    def __init__(self, address: str) -> None:
        self._address = address
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        with self._opener.open(f"{address}/chat", timeout=BOUND) as answer:
            assert answer.status == 200
        self._after = 0
        self._said = 0
        self.asked = threading.Event()

    def say(self, text: str) -> None:
        """Write something; it is on disk when this returns."""
        self._said += 1
        body = json.dumps({"key": f"key-{self._said}", "text": text}).encode()
        request = urllib.request.Request(
            f"{self._address}/chat/messages", body, {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=BOUND) as answer:
            assert answer.status == 202

    def news(self) -> list[str]:
        """What was said since we last asked; waits for it."""
        with self._opener.open(f"{self._address}/chat/messages?after={self._after}", timeout=BOUND) as answer:
            messages = json.load(answer)["messages"]
        self._after = max([self._after, *(message["id"] for message in messages)])
        return [message["text"] for message in messages if message["from"] == "townbell"]

    def until(self, part: str) -> str:
        """Wait until something with this in it is said."""
        deadline = time.monotonic() + BOUND
        while True:
            for text in self.news():
                if part in text:
                    return text
            assert time.monotonic() < deadline, f"nobody said {part}"

    def wait(self) -> None:
        """Wait for news as a page does that is left open."""
        self.asked.set()
        try:
            self.news()
        except (OSError, ValueError):
            return


# Without a network, and what the log holds


def test_without_a_network_the_page_works_all_the_same_and_readiness_tells(
    installation: Installation,
) -> None:
    installation.with_telegram(f"http://127.0.0.1:{free_port()}", TOKEN)
    installation.start()
    address = installation.address()
    page = Page(address)
    page.say(PROBLEM)
    page.until("Zauberlaterne")
    deadline = time.monotonic() + BOUND
    while not (faults := _readiness(address)):
        assert time.monotonic() < deadline, "nobody tells that Telegram cannot be reached"
    assert "Telegram" in faults[0]
    page.say("1")
    page.until("GRZ-")
    assert installation.stop() == 0


def _readiness(address: str) -> list[str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{address}/readyz", timeout=BOUND) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            told = json.load(error)
    return list(told["faults"])


@pytest.fixture
def telegram() -> Iterator[RemoteBotApi]:
    with started() as api:
        yield api


@pytest.mark.parametrize("level", ["info", "debug"])
def test_the_log_of_a_whole_talk_holds_no_word_no_address_and_no_token(
    installation: Installation, telegram: RemoteBotApi, level: str
) -> None:
    installation.with_telegram(
        telegram.url,
        telegram.token,
        http=f'[log]\nlevel = "{level}"\nformat = "json"\n[talk]\nquiet_seconds = 0',
    )
    installation.start()
    page = Page(installation.address())
    person = 987654321
    talk = [
        (PROBLEM, "Zauberlaterne"),
        ("1", "GRZ-"),
        ("2", ""),
        ("Griesplatz 7", ""),
        ("my data", "Griesplatz"),
        ("delete", ""),
        ("1", ""),
    ]
    telegram.do("fail", method="sendMessage", status=500, times=2)
    telegram.do("fail", method="sendMessage", status=429, parameters={"retry_after": 1}, skip=3)
    said = 0
    for text, answer in talk:
        telegram.do("say", text=text, person=person, language="de", entities=[])
        said = _wait_for_answer(telegram, said, answer)
    page.say(PROBLEM)
    page.until("Zauberlaterne")
    telegram.do("member", status="kicked", person=person)
    telegram.do("push", update={"message": {"nonsense": "Zauberlaterne"}})
    assert installation.stop() == 0
    log = installation.log()
    lines = [json.loads(line) for line in log.splitlines()]
    assert "started" in [line["event"] for line in lines]
    for secret in (
        *("Zauberlaterne", "laterne", "Griesplatz", "my data", "987654321", "GRZ-"),
        *(telegram.token, telegram.token.split(":")[1], "sendMessage", "townbell_"),
    ):
        assert secret not in log, secret


def _wait_for_answer(telegram: RemoteBotApi, said: int, part: str) -> int:
    deadline = time.monotonic() + BOUND
    while True:
        sent = telegram.do("sent")
        if [message for message in sent[said:] if part in message["text"]]:
            return len(sent)
        assert time.monotonic() < deadline, f"nobody answered {part}"


def test_a_database_whose_key_is_gone_is_not_given_another_one(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    installation.configure()
    assert installation.run("chat", said="The lamp is dark\n1\n").returncode == 0
    key = tmp_path / "data" / "townbell.key"
    key.unlink()
    refused = installation.run("chat", said="hello\n")
    assert (refused.returncode, key.exists()) == (1, False)
    assert "put your copy back" in refused.stderr
