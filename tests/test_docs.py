"""The pages tell the truth: what they say to type works, and what they name is there.

The commands of README, CONTRIBUTING and the how-tos are run, page by page and top to bottom, in a copy of
the house with one issue in it. What cannot be run in a test stands in `NOT_RUN`, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import io
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry

from bot import config_reading
from bot.channels.terminal import Terminal
from bot.cli import _parser
from bot.health import Health
from bot.limits import RateLimit
from bot.metrics import Metrics
from bot.web import application
from bot.web_chat import ChatPages
from core.council import Retention
from core.messages import OutboundMessage
from tests.bot.filed import REFERENCE, Installation
from tests.journeys.installation import HOUSE
from tests.peers import twilio_api
from tests.peers.argos_index import MODELS, ArgosIndex, serving

PAGES = sorted([*HOUSE.glob("*.md"), *HOUSE.glob("docs/**/*.md")])
HOWTOS = HOUSE / "docs" / "howto"
COMMAND_PAGES = [page for page in PAGES if page.parent in (HOUSE, HOWTOS)]
#: the folders of the house that a command needs
ROOMS = ("bot", "core", "flows", "outreach", "storage", "translations")

#: the beginning of a command that is not run -> why
NOT_RUN = {
    "make run": "serves until it is stopped; tests/journeys start it",
    "make test": "these are the tests",
    "make translation": "installs for minutes; the tests have it already",
    "make lint": "takes as long as the tests, and is run beside them",
    ".venv/bin/pytest": "the tests that it names are run beside this one",
    "sudo": "needs root and a server",
    "curl --fail http://127.0.0.1:8080/readyz": "asks the service that systemd has started",
}
TOKEN = "123456:ABCdefGHIjklMNOpqrSTUvwx"
#: what is on the reader's machine and not in the house
THEIRS = ("data", "backup", "elsewhere", "media", ".venv", "config.toml", "issues.xlsx")
#: pages whose fragments somebody may paste into one file
CONNECTING = [
    "connect-telegram.md",
    "connect-sms.md",
    "connect-whatsapp.md",
    "send-mail.md",
    "install-models.md",
]
REACHED = '[http]\npublic_url = "https://bell.example.org"\n'
#: stands in a name for what the reader chooses
PLACEHOLDER = re.compile(r"NAME|NOUN|NNNN")
#: paths that are no route: of the reader's system, and what one says to bots
NO_ROUTE = ("/etc/", "/srv/", "/newbot", "/start")


def title(page: Path) -> str:
    return str(page.relative_to(HOUSE))


every_page = pytest.mark.parametrize("page", PAGES, ids=title)


# Reading a page


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of one language, without the indentation of a list."""
    found = re.findall(
        rf"^( *)```{language}\n(.*?)^\1```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return [textwrap.dedent(block) for _, block in found]


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^( *)```.*?^\1```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def spans(page: Path) -> list[str]:
    """What is set as code within sentences."""
    return re.findall(r"`([^`\n]+)`", prose(page))


def links(page: Path) -> list[tuple[str, str]]:
    """The text and the target of each link and picture within the house."""
    found = re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", prose(page))
    return [(text, target) for text, target in found if "://" not in target]


def commands(page: Path) -> list[str]:
    """The commands to type, in order; a line that ends in a backslash goes on."""
    typed = "".join(blocks(page, "sh")).replace("\\\n", " ")
    return [line.strip() for line in typed.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def not_run(command: str) -> str:
    return next((start for start in NOT_RUN if command.startswith(start)), "")


@cache
def headings(page: Path) -> set[str]:
    """What a link can name behind "#"."""
    found = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


@cache
def defined(file: Path) -> set[str]:
    """What a module defines: functions, classes and their methods, constants."""
    return set(_names(ast.parse(file.read_text("utf-8")).body))


def _names(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                yield prefix + name
            case ast.ClassDef(name, body=inside):
                yield prefix + name
                yield from _names(inside, f"{prefix}{name}.")
            case ast.Assign([ast.Name(name)]) | ast.AnnAssign(ast.Name(name)):
                yield prefix + name


# What is typed


@pytest.fixture
def index() -> Iterator[ArgosIndex]:
    """What stands in for the public index, and for a server of one's own."""
    with serving() as index:
        yield index


@pytest.fixture
def scratch(tmp_path: Path, index: ArgosIndex) -> Path:
    """A copy of the house in which `make setup` seems to have run, and somebody has filed an issue."""
    for room in ROOMS:
        shutil.copytree(HOUSE / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "config.example.toml", tmp_path)
    default = tmp_path / "bot" / "default.toml"
    # Another program may listen on 8080 here, and the public index may be out of reach.
    ours = f'[http]\nport = 0\n[translation]\nindex_url = "{index.url}"\n'
    default.write_text(ours + default.read_text("utf-8"), encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(MODELS / "translate-es_en.argosmodel", tmp_path / "elsewhere")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, start in (("townbell", f"{sys.executable} -m bot"), ("python", sys.executable)):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec {start} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    installation = Installation(tmp_path)
    asyncio.run(installation.file_issue())
    (installation.data / "media").mkdir()
    return tmp_path


@pytest.mark.parametrize("page", [page for page in COMMAND_PAGES if commands(page)], ids=title)
def test_what_a_page_says_to_type_works(
    page: Path, scratch: Path, index: ArgosIndex, request: pytest.FixtureRequest
) -> None:
    typed = [command for command in commands(page) if not not_run(command)]
    typed = [command.replace("https://models.example.org", index.url) for command in typed]
    if any("DATABASE_URL=" in command for command in typed):
        url = request.getfixturevalue("postgres").create_database()
        typed = [re.sub(r"(?<=DATABASE_URL=)\S+", url, command) for command in typed]
    script = "\n".join(f"echo {shlex.quote(f'$ {command}')} >&2\n{command}" for command in typed)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr + done.stdout[-2000:]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_the_doctor_says_what_the_page_of_a_phone_says(channel: str, scratch: Path) -> None:
    page = HOWTOS / f"connect-{channel}.md"
    posted = f"https://bell.example.org/twilio/{channel}"
    fragment = "".join(blocks(page, "toml")[:2]).replace(f"AC{'0' * 32}", twilio_api.SID)
    demo = config_reading.DEFAULT.read_text("utf-8")
    with twilio_api.beside() as api:
        number = "+436601234567"
        can = {"capabilities": {"sms": True}, "sms_url": posted, "sms_method": "POST"}
        hook = {"callback_url": posted, "callback_method": "POST"}
        api.numbers = [{"phone_number": number} | can]
        api.senders = [{"sender_id": f"whatsapp:{number}", "status": "ONLINE", "webhook": hook}]
        template = f"HX{'0' * 32}"
        api.contents = {template: {"variables": {"1": "council", "2": "text"}}}
        api.approvals = {template: "approved"}
        where = f'channel = "{channel}"\napi_url = "{api.url}"'
        config = fragment.replace(f'channel = "{channel}"', where)
        (scratch / "config.toml").write_text(f"{config}\n{demo}", encoding="utf-8")
        done = subprocess.run(
            [".venv/bin/townbell", "doctor"],
            cwd=scratch, capture_output=True, text=True, check=False, timeout=120,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TWILIO_TOKEN": twilio_api.TOKEN},
        )  # fmt: skip
    assert done.returncode == 0, done.stdout
    told = re.sub(r"\s+", " ", prose(page))
    for line in done.stdout.splitlines():
        if "Twilio (" in line and ("posted to" in line or "taken" in line or "approved" in line):
            said = line.partition(": ")[2].replace(template, "HX...")
            assert said in told


def test_every_reason_not_to_run_a_command_has_one() -> None:
    used = {not_run(command) for page in COMMAND_PAGES for command in commands(page)}
    assert used - {""} == set(NOT_RUN)


def test_the_commands_speak_of_the_issue_that_is_there() -> None:
    for page, command in (("export-and-erase.md", "forget"), ("work-at-the-desk.md", "answer")):
        assert f"townbell {command} {REFERENCE}" in (HOWTOS / page).read_text("utf-8")


@every_page
def test_every_make_target_is_there(page: Path) -> None:
    found = [
        re.match(r"(?:sudo -u townbell )?make (?:-C \S+ )?([a-z-]+)", typed)
        for typed in (*spans(page), *commands(page))
    ]
    for target in {one[1] for one in found if one}:
        done = subprocess.run(["make", "-n", target], cwd=HOUSE, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


# The command line


def ways(parser: argparse.ArgumentParser, before: str = "townbell") -> Iterator[str]:
    """Every command there is, with the words before it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                inside = list(ways(below, f"{before} {name}"))
                yield from inside or [f"{before} {name}"]


WAYS = sorted(ways(_parser()))


@pytest.mark.parametrize("way", WAYS)
def test_every_command_stands_in_a_page(way: str) -> None:
    assert any(way in page.read_text("utf-8") for page in PAGES if page.name != "CHANGELOG.md")


@every_page
def test_no_page_names_a_command_that_is_not_there(page: Path) -> None:
    known = {" ".join(way.split()[:length]) for way in WAYS for length in (2, 3)}
    for span in spans(page):
        if words := re.match(r"townbell [a-z]+(?: issues)?", span):
            assert words[0] in known


# What is named


@every_page
def test_every_link_leads_somewhere(page: Path) -> None:
    for text, target in links(page):
        path, _, heading = target.partition("#")
        goal = (page.parent / path).resolve() if path else page
        assert goal.exists(), f"[{text}]({target})"
        if heading:
            assert heading in headings(goal), f"[{text}]({target})"


@every_page
def test_a_name_that_is_linked_stands_in_its_file(page: Path) -> None:
    for text, target in links(page):
        if (name := re.fullmatch(r"`([\w.]+)`", text)) and target.endswith(".py"):
            assert name[1] in defined((page.parent / target).resolve()), f"[{text}]({target})"


@every_page
def test_every_file_and_folder_that_is_named_is_there(page: Path) -> None:
    named = [
        span for span in spans(page) if re.fullmatch(r"[\w.-]+(/[\w.-]*)+|[\w.-]+\.(py|md|toml|sql|po)", span)
    ]
    missing = []
    for name in named:
        if name.split("/")[0] in THEIRS:
            continue
        path = HOUSE / name
        there = path.parent.is_dir() if PLACEHOLDER.search(path.name) else path.exists()
        if not there:
            missing.append(name)
    assert missing == []


@every_page
def test_every_setting_that_is_named_is_there(page: Path) -> None:
    sections = {**config_reading.SECTIONS, "retention": Retention}
    for span in spans(page):
        section, _, name = span.partition(".")
        if section in sections and re.fullmatch(r"[a-z_]+", name):
            assert name in {field.name for field in fields(sections[section])}, span


@every_page
def test_every_fragment_of_a_configuration_is_understood(page: Path, tmp_path: Path) -> None:
    token = tmp_path / "telegram_token"
    token.write_text(TOKEN)
    environ = {"TELEGRAM_TOKEN": TOKEN, "TWILIO_TOKEN": twilio_api.TOKEN, "MAIL_PASSWORD": "a-password"}
    demo = config_reading.DEFAULT.read_text("utf-8")
    for fragment in blocks(page, "toml"):
        text = fragment.replace("/etc/townbell/telegram_token", str(token))
        reached = "" if "[http]" in text else REACHED
        config_reading.read(f"{reached}{text}\n{demo}", title(page), environ)


@pytest.mark.parametrize("pages", [CONNECTING, CONNECTING[::-1]], ids=["in this order", "and back"])
def test_the_fragments_of_all_pages_go_into_one_configuration(pages: list[str]) -> None:
    environ = {"TELEGRAM_TOKEN": TOKEN, "TWILIO_TOKEN": twilio_api.TOKEN, "MAIL_PASSWORD": "a-password"}
    pasted = [config_reading.DEFAULT.read_text("utf-8")]
    for page in (HOWTOS / name for name in pages):
        for fragment in blocks(page, "toml"):
            if "[http]" in fragment:
                told = " ".join(prose(page).split())
                assert "stands in a file once" in told
                assert "unless it is there already" in told
                assert "[[" not in fragment
                if any("[http]" in before for before in pasted):
                    continue
            pasted.append(fragment)
    settings = config_reading.read("\n".join(pasted), "all pages", environ)
    assert {one.key for one in settings.accounts} >= {"bell", "sms", "sms-invitations", "whatsapp"}


@pytest.fixture(scope="module")
def routes() -> set[str]:
    """Method and path of everything that is served."""
    metrics = Metrics(CollectorRegistry())
    nothing = cast("Any", None)
    parts = ("channel", "council", "accept", "database", "keyring", "folder", "media_limit")
    chat = ChatPages(**dict.fromkeys(parts, nothing), councils={}, catalogs={}, limit=RateLimit(1, 1))
    app = application(health=Health(nothing, metrics), metrics=metrics, chat=chat)
    return {f"{route.method} {route.resource.canonical}" for route in app.router.routes() if route.resource}


@every_page
def test_every_address_that_is_named_is_served(page: Path, routes: set[str]) -> None:
    paths = {route.partition(" ")[2] for route in routes}
    for span in spans(page):
        if re.fullmatch(r"(GET|POST) /\S*", span):
            assert span in routes
        elif re.fullmatch(r"/[\w/{}]*", span) and not span.startswith(NO_ROUTE):
            assert any(path.startswith(span.rstrip("/")) for path in paths), span


@every_page
def test_every_number_that_is_named_is_told_to_prometheus(page: Path) -> None:
    told = Metrics(CollectorRegistry()).text().decode()
    for name in re.findall(r"`(townbell_\w+)`", prose(page)):
        assert re.search(rf"^# HELP {name}\b", told, re.MULTILINE), name


async def test_the_first_page_tells_what_a_terminal_shows_to_somebody_else() -> None:
    out = io.StringIO()
    await Terminal("terminal", "me", out).send(OutboundMessage(1, "Kim", "There is news.", "en"))
    shown_to = out.getvalue().splitlines()[0].strip()
    assert f'"{shown_to}"' in prose(HOUSE / "README.md")


@pytest.mark.parametrize("folder", ["howto", "decisions"])
def test_every_page_of_a_folder_is_in_its_index(folder: str) -> None:
    index = HOUSE / "docs" / folder / "README.md"
    assert {target for _, target in links(index)} >= {page.name for page in index.parent.glob("*.md")} - {
        index.name
    }


def test_every_page_is_reached_from_the_first_one() -> None:
    reached, ahead = set(), [HOUSE / "README.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        goals = [(page.parent / target.partition("#")[0]).resolve() for _, target in links(page)]
        ahead += [goal for goal in goals if goal.suffix == ".md" and goal not in reached]
    assert set(PAGES) - reached == set()
