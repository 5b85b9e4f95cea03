"""`townbell chat`: one line in, replies out, in a talk of its own or beside a running Townbell."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from bot import config_reading, folder
from bot.channels import terminal
from bot.config import Settings
from bot.receive import Receiver
from core.errors import BadConfiguration, TownbellError
from tests.bot.house import words
from tests.journeys.installation import HOUSE, Installation

ENGLISH = words()["en"]
PROBLEM = "The lamp in our street has been broken for weeks"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    if made.process and made.process.poll() is None:
        made.stop()


def piped(installation: Installation, said: bytes, *arguments: str) -> str:
    """A whole talk in bytes, as a pipe brings it; what was answered."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat", *arguments],
        cwd=installation.folder,
        env={**os.environ, "PYTHONPATH": str(HOUSE), **installation.environ},
        input=said,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    return done.stdout.decode()


@contextmanager
def talking(installation: Installation, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A talk that goes on until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", *arguments],
        cwd=installation.folder,
        env={**os.environ, "PYTHONPATH": str(HOUSE), **installation.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()


def say(process: subprocess.Popen[str], line: str, until: str) -> str:
    """A line in, and what is answered up to a line that holds this."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    heard = ""
    for answer in process.stdout:
        heard += answer
        if until in answer:
            return heard
    raise AssertionError(f"it ended after:\n{heard}")


def column(installation: Installation, sql: str) -> list[object]:
    with closing(sqlite3.connect(installation.folder / "data" / "townbell.db")) as database:
        return [row[0] for row in database.execute(sql)]


def in_order(text: str, *parts: str) -> bool:
    """Whether these stand in the text, one after the other."""
    for part in parts:
        _, found, text = text.partition(part)
        if not found:
            return False
    return True


# A talk of its own


def test_one_line_in_replies_out_in_order_though_lines_are_empty_and_the_last_has_no_end(
    installation: Installation,
) -> None:
    heard = piped(installation, f"{PROBLEM}\n\n   \n1\r\n1\nMy street 5".encode())
    assert in_order(
        heard,
        f"  You wrote:\n  {PROBLEM}\n",
        "1  I agree, send",
        "Your number is GRZ-",
        ENGLISH.say("raise_issue.topic"),
        ENGLISH.say("raise_issue.place")[:12],
        ENGLISH.say("raise_issue.photo")[:12],
    ), heard
    assert column(installation, "select topic || '/' || place from issue") == ["housing/My street 5"]
    assert column(installation, "select distinct status from outbox") == ["sent"]
    # What they said later goes on where they were.
    assert ENGLISH.say("raise_issue.affected") in piped(installation, b"skip\n")


def test_nothing_said_is_nothing_answered(installation: Installation) -> None:
    assert piped(installation, b"") == ""
    assert piped(installation, b"\n \n") == ""


def test_the_language_of_the_phone_is_told_by_hand(installation: Installation) -> None:
    arabic = words()["ar"]
    heard = piped(installation, b"?!\n", "--language", "ar")
    assert arabic.say("raise_issue.what") in heard


def test_two_names_are_two_people(installation: Installation) -> None:
    piped(installation, f"{PROBLEM}\n".encode(), "--as", "Amira")
    assert "Your number is" not in piped(installation, b"1\n", "--as", "Bohdan")
    assert "Your number is" in piped(installation, b"1\n", "--as", "Amira")


@pytest.mark.parametrize(
    "bad", [b"\xff\xfe", b"\xed\xa0\xbd", b"\x00\x07"], ids=["no text", "half a letter", "controls"]
)
def test_what_is_no_letter_does_not_end_the_talk_and_the_letters_are_kept(
    installation: Installation, bad: bytes
) -> None:
    heard = piped(installation, PROBLEM.encode() + b" " + bad + " لا ضوء\n".encode() + b"1\n")
    assert in_order(heard, PROBLEM, "لا ضوء")
    (kept,) = column(installation, "select words from text")
    assert str(kept).startswith(PROBLEM)
    assert str(kept).endswith("لا ضوء")


def test_a_name_that_is_no_text_is_a_name_all_the_same(installation: Installation) -> None:
    heard = piped(installation, f"{PROBLEM}\n".encode(), "--as", os.fsdecode(b"Andr\xe9"))
    assert PROBLEM in heard


def test_more_than_anybody_reads_is_told_in_a_sentence_and_the_talk_goes_on(
    installation: Installation,
) -> None:
    heard = piped(installation, b"lamp " * 2000 + b"x\n" + f"{PROBLEM}\n1\n".encode())
    assert in_order(heard, ENGLISH.say("engine.too_long", most="10000"), "Your number is")


# Beside others


def test_beside_a_running_one_it_writes_and_the_other_answers(installation: Installation) -> None:
    installation.start()
    installation.address()
    heard = piped(installation, f"{PROBLEM}\n1\n".encode())
    assert in_order(heard, f"You wrote:\n  {PROBLEM}", "Your number is GRZ-")
    assert "No answer yet" not in heard
    assert [issue["original"] for issue in installation.issues()] == [PROBLEM]


def test_only_one_talks_at_a_time(installation: Installation) -> None:
    with talking(installation) as first:
        say(first, PROBLEM, "9  Tell me more")
        second = installation.run("chat", said="1\n")
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr == "Somebody already talks in another terminal. End that talk first.\n"
        assert "Your number is" in say(first, "1", "Your number is")
    assert installation.run("chat", said="status\n").returncode == 0


def test_an_interrupt_ends_a_talk_in_which_a_line_is_awaited(installation: Installation) -> None:
    with talking(installation) as process:
        say(process, PROBLEM, "9  Tell me more")
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr
        assert process.stderr.read() == ""
    assert "Your number is" in piped(installation, b"1\n")


def test_when_nobody_reads_any_more_the_talk_ends_and_nothing_is_lost(installation: Installation) -> None:
    with talking(installation) as process:
        say(process, PROBLEM, "9  Tell me more")
        assert process.stdout
        assert process.stdin
        process.stdout.close()
        process.stdin.write("1\n")
        process.stdin.flush()
        assert process.wait(30) == 141
    assert len(column(installation, "select id from issue")) == 1
    # What nobody saw is said in the next talk.
    assert "Your number is" in piped(installation, b"status\n")


# In this process, for what goes wrong inside


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return config_reading.load(None, {})


async def chat(settings: Settings, said: str) -> str:
    out = io.StringIO()
    status = await terminal.chat(settings, name="me", language=None, into=io.StringIO(said), out=out)
    assert status == 0
    return out.getvalue()


async def test_a_worker_that_fails_ends_the_talk_with_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(_: Receiver) -> None:
        raise RuntimeError(PROBLEM)

    monkeypatch.setattr(Receiver, "run", fails)
    with pytest.raises(TownbellError, match=r"receiving failed \(RuntimeError\)"):
        await chat(settings, f"{PROBLEM}\n")


async def test_when_the_other_does_not_answer_it_says_so_and_hears_the_next_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried, folder.hold(folder.prepare(settings.data.folder)):
        hurried.setattr(terminal, "PATIENCE", 0.01)
        heard = await chat(settings, f"{PROBLEM}\n1\n")  # the one that holds the folder hangs
    assert heard.count("No answer yet") == 2
    assert PROBLEM in await chat(settings, "hello\n")


async def test_what_somebody_else_waits_for_holds_up_nobody_s_talk(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await chat(settings, f"{PROBLEM}\n")
    with closing(sqlite3.connect(Path("data/townbell.db"))) as database, database:
        database.execute(
            "insert into inbox (account_id, kind, external_id, body, received_at, status, due_at) "
            "select account_id, kind, 'of somebody else', '{}', received_at, 'unread', 9e18 from inbox"
        )
    assert "No answer yet" not in await chat(settings, "1\n")


async def test_without_a_terminal_in_the_configuration_it_says_what_is_missing(
    settings: Settings, tmp_path: Path
) -> None:
    default = config_reading.DEFAULT.read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(default.replace('channel = "terminal"', 'channel = "web"'))
    with pytest.raises(BadConfiguration, match="terminal"):
        await chat(config_reading.load(None, {}), "hello\n")
