"""Every command has a sentence for what goes wrong, and an exit status that a script can trust."""

import asyncio
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bot import app, cli, export, phrasebook
from bot.channels import terminal
from bot.config import Settings
from core.errors import DiskFull
from core.messages import InboundMessage
from tests.bot.filed import CONFIG, REFERENCE, WORDS, Installation, installation
from translations import catalogs

LINZ = (
    CONFIG.replace("graz", "linz")
    .replace("GRZ", "LNZ")
    .replace('key = "web"\nchannel = "web"', 'key = "linz-terminal"\nchannel = "terminal"\ncouncil = "linz"')
)
pytestmark = pytest.mark.usefixtures("journal_as_before")


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name in ("TOWNBELL_CONFIG", "TOWNBELL_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return installation(tmp_path)


def townbell(*arguments: str, typed: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A program of its own, as people start it."""
    command = [sys.executable, "-m", "bot", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    return subprocess.run(
        command, input=typed, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


# Asked wrongly


def test_it_says_which_version_it_is(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("townbell ")


def test_the_version_is_said_without_loading_the_house():
    story = (
        "import sys; from bot import cli; cli.main(['--version']); "
        "print({'pydantic', 'aiohttp', 'telegram', 'storage', 'structlog'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", story],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(cli.__file__).parents[1],
    )
    assert done.stdout.splitlines()[1] == "set()"


def test_without_a_command_the_commands_are_listed(capsys):
    assert cli.main([]) == 2
    listed = capsys.readouterr().err
    for command in ("run", "chat", "doctor", "export", "forget", "models", "phrases", "aside"):
        assert f"\n    {command} " in listed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("rnu", "invalid choice: 'rnu'"),
        ("run --port x", "argument --port: a port is a number from 0 to 65535"),
        ("run --port 65536", "argument --port: a port is a number from 0 to 65535"),
        ("chat --as=", "argument --as: a name has at least one letter"),
        ("export", "the following arguments are required: WHAT"),
        ("export issues", "the following arguments are required: --format"),
        ("export issues --format pdf", "argument --format: invalid choice: 'pdf'"),
        ("forget", "the following arguments are required: REFERENCE"),
        ("models", "the following arguments are required: WHAT"),
        ("models remove es", "the following arguments are required: TO"),
    ],
)
def test_a_command_that_is_asked_wrongly_says_how(capsys, arguments, sentence):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments.split())
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


# What may go wrong in any of them


@pytest.mark.parametrize(
    "arguments",
    ["run", "chat", "export issues --format csv", "forget GRZ-7K4M --yes", "models list", "aside"],
)
def test_a_configuration_with_faults_is_told_by_every_command(bell, capsys, arguments):
    bell.config.write_text("prt = 1")
    assert cli.main(arguments.split()) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines()[:2] == [
        "The configuration (config.toml) needs mending:",
        "  - prt: there is no such section; did you mean port? It belongs below [http].",
    ]


def test_another_configuration_can_be_named(bell, capsys):
    assert cli.main(["aside", "--config", "other.toml"]) == 1
    assert (
        "The configuration (other.toml) needs mending:\n  - There is no such file." in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (DiskFull(), 1, "The disk is full"),
        (KeyboardInterrupt(), 130, ""),
        (ValueError(WORDS), 1, "Something in Townbell itself is broken: ValueError at bot/test_cli.py:"),
    ],
)
def test_what_ends_a_run_is_told_in_a_sentence(bell, capsys, monkeypatch, *, fault, status, told):
    async def fails(_settings: Settings, _port: int | None) -> int:
        raise fault

    monkeypatch.setattr(app, "run", fails)
    assert cli.main(["run"]) == status
    said = capsys.readouterr().err
    assert said.startswith(told)
    assert bool(said) == bool(told)
    assert "Heizung" not in said
    assert "Traceback" not in said


def test_who_stops_reading_ends_it_quietly(bell):
    command = [sys.executable, "-m", "bot", "--version"]
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            command, stdout=closed, stderr=subprocess.PIPE, text=True, check=False, env=environment
        )
    assert (done.returncode, done.stderr) == (141, "")


# run and chat


def test_run_is_given_the_settings_and_the_port(bell, monkeypatch):
    given: list[Any] = []

    async def run(settings: Settings, port: int | None) -> int:
        given.append((settings.councils[0].key, port))
        return 0

    monkeypatch.setattr(app, "run", run)
    assert cli.main(["run"]) == 0
    assert cli.main(["run", "--port", "0"]) == 0
    assert given == [("graz", None), ("graz", 0)]


def test_chat_is_given_who_talks(bell, monkeypatch):
    given: list[Any] = []

    async def chat(_settings: Settings, *, name: str, language: str | None) -> int:
        given.append((name, language))
        return 0

    monkeypatch.setattr(terminal, "chat", chat)
    assert cli.main(["chat"]) == 0
    assert cli.main(["chat", "--as", "Amira", "--language", "ar"]) == 0
    assert given == [("me", None), ("Amira", "ar")]


@pytest.mark.parametrize("language", ["xx-bogus!!", "xx", "deutsch", "", "de-", "de;q=0.9"])
def test_what_no_phone_tells_is_no_language(bell, capsys, monkeypatch, language):
    monkeypatch.setattr(sys, "stdin", io.StringIO("hello\n"))
    assert cli.main(["chat", "--language", language]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f'"{language}" is no language. We speak: {", ".join(catalogs.available())}. '
        "A phone may also tell another one, such as fr or ckb.\n"
    )


@pytest.mark.parametrize(
    "language", ["de", "de-AT", "de_AT", "sr-Latn", "zh-Hant-TW", "ckb", "fa-AF", "prs", "iw"]
)
def test_what_a_phone_tells_may_be_a_language_that_we_do_not_speak(bell, monkeypatch, language):
    given: list[Any] = []

    async def chat(_settings: Settings, *, name: str, language: str | None) -> int:
        given.append(language)
        return 0

    monkeypatch.setattr(terminal, "chat", chat)
    assert cli.main(["chat", "--language", language]) == 0
    assert given == [language]


# answer


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            [],
            "Write which issue, and what is to be done: `townbell answer GRZ-7K4M` shows it, "
            '`townbell answer GRZ-7K4M closed "The lift runs again"` answers it.',
            id="nothing at all",
        ),
        pytest.param(
            ["GRZ-Z5QJD", "The lift runs again"],
            "GRZ-Z5QJD is not a reference; they look like GRZ-7K4M.",
            id="a letter too many",
        ),
        pytest.param(
            ["GRZ-Z5QJD"], "GRZ-Z5QJD is not a reference; they look like GRZ-7K4M.", id="to look at"
        ),
        pytest.param(
            ["closed", "GRZ-7K4M"], "closed is not a reference; they look like GRZ-7K4M.", id="turned round"
        ),
        pytest.param(
            ["GRZ-7K4M", "The lift runs again"],
            '"The lift runs again" is nothing that can be done with an issue. There are: seen, discussed, '
            "referred, asked, decided, closed, said, merge, alone, cover, spam, send, write, original, "
            'leave. To write to whoever raised it: townbell answer GRZ-7K4M said "..."',
            id="words without an act",
        ),
    ],
)
def test_an_answer_that_is_asked_wrongly_is_told_in_a_sentence(bell, capsys, arguments, sentence):
    asyncio.run(bell.file_issue())
    assert cli.main(["answer", *arguments]) == 1
    assert capsys.readouterr().err == sentence + "\n"


def test_an_issue_is_shown_and_answered(bell, capsys):
    asyncio.run(bell.file_issue())
    assert cli.main(["answer", "grz 7k4m"]) == 0
    assert WORDS in capsys.readouterr().out
    assert cli.main(["answer", REFERENCE, "closed", "Sie", "geht", "wieder"]) == 0
    assert "one person will hear it" in capsys.readouterr().out


# export


def test_an_export_goes_where_it_is_sent(bell, capfdbinary):
    asyncio.run(bell.file_issue())

    assert cli.main(["export", "issues", "--format", "json"]) == 0
    assert WORDS.encode() in capfdbinary.readouterr().out

    assert cli.main(["export", "issues", "--council", "graz", "--format", "csv", "--output", "out.csv"]) == 0
    out = bell.folder / "out.csv"
    assert WORDS in out.read_text("utf-8-sig")
    assert out.stat().st_mode & 0o777 == 0o600
    assert capfdbinary.readouterr().out == b""


def test_a_workbook_is_not_shown_on_a_terminal(bell, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Screen())
    assert cli.main(["export", "issues", "--format", "xlsx"]) == 1
    assert "say where to write it, with --output issues.xlsx" in capsys.readouterr().err


def test_a_council_is_named_where_there_are_several(bell, capsys):
    bell.configure(CONFIG.replace('key = "web"', 'key = "web"\ncouncil = "graz"') + LINZ)
    for council, sentence in (
        ([], "There are several councils: say which, with --council. There are: graz, linz."),
        (["--council", "gratz"], 'There is no council "gratz"; did you mean "graz"? There are: graz, linz.'),
    ):
        assert cli.main(["export", "issues", "--format", "csv", *council]) == 1
        assert capsys.readouterr().err.strip() == sentence


def test_an_export_that_breaks_off_leaves_what_was_there(bell, capsys, monkeypatch):
    async def breaks(_settings: Settings, _council: str, _format: str, out: BinaryIO) -> int:
        out.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "export_issues", breaks)
    (bell.folder / "out.csv").write_text("last week's")

    assert cli.main(["export", "issues", "--format", "csv", "--output", "out.csv"]) == 1
    assert capsys.readouterr().err.startswith("out.csv cannot be written: no space left on device.")
    assert (bell.folder / "out.csv").read_text() == "last week's"
    assert sorted(path.name for path in bell.folder.iterdir()) == ["config.toml", "out.csv"]


def test_an_export_into_nowhere_is_told(bell, capsys):
    asyncio.run(bell.file_issue())
    assert cli.main(["export", "issues", "--format", "csv", "--output", "nowhere/out.csv"]) == 1
    assert "nowhere/out.csv cannot be written: no such file or directory." in capsys.readouterr().err


# forget


def test_forgetting_asks_first(bell, capsys, monkeypatch):
    asyncio.run(bell.file_issue())
    for typed, status in (("yes\n", 1), ("", 1), ("grz-7k4m\n", 0)):
        monkeypatch.setattr(sys, "stdin", Screen(typed))
        assert cli.main(["forget", "grz 7k4m"]) == status
        assert ("Nothing was erased." in capsys.readouterr().out) == bool(status)
    assert cli.main(["forget", REFERENCE, "--yes"]) == 1
    assert "had everything deleted already" in capsys.readouterr().err


def test_forgetting_says_what_cannot_be_called_back(bell, capsys):
    asyncio.run(bell.file_issue())
    assert cli.main(["forget", REFERENCE, "--yes"]) == 0
    said = capsys.readouterr().out
    assert "The person behind GRZ-7K4M is forgotten" in said
    assert "copies in backups, until 20" in said


def test_forgetting_without_a_terminal_wants_a_yes(bell):
    done = townbell("forget", REFERENCE, cwd=bell.folder)
    assert done.returncode == 1
    assert done.stderr == (
        "This erases somebody for good. Say that you mean it: townbell forget GRZ-7K4M --yes\n"
    )


# aside and phrases


def test_what_was_set_aside_is_listed_without_words(bell, capsys):
    asyncio.run(bell.store(InboundMessage("web", "unreadable", "x1", "", text=WORDS)))
    assert cli.main(["aside"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.split()[:4] == ["1", "2026-09-21T14:13:20+00:00", "web", "unreadable"]
    assert "Heizung" not in line


def test_nothing_set_aside_is_said(bell, capsys):
    asyncio.run(bell.store())
    assert cli.main(["aside"]) == 0
    assert capsys.readouterr().out == "Nothing was set aside.\n"


def test_a_command_before_the_first_start_makes_nothing(bell, capsys):
    assert cli.main(["aside"]) == 1
    assert "yet. Start Townbell once, or go to the folder it runs in." in capsys.readouterr().err
    assert not bell.data.exists()


def test_phrases_says_what_is_still_to_translate(monkeypatch, capsys):
    monkeypatch.setattr(phrasebook, "update", lambda: {"de": 0, "sl": 3})
    assert cli.main(["phrases"]) == 0
    assert capsys.readouterr().out.splitlines() == ["de: complete", "sl: 3 still to translate"]
