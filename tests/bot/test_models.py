"""Models are fetched, checked, put in and removed by a command that says what it does and what went wrong."""
# ruff: noqa: E501 - a fault is compared as people see it, on one line

import asyncio
import errno
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot import cli, fetching
from bot.doctor import examine
from bot.folder import Folder, hold
from bot.progress import Progress
from tests.bot.filed import CONFIG, Installation, installation
from tests.peers.argos_index import MODELS, ArgosIndex, Fault, serving
from tests.peers.ports import free_port
from translations.packages import archive, library, models_folder

GIB = 1024**3
ES_EN = "translate-es_en.argosmodel"
SUM = "6dc074b6696ddefb7dba0ef4cf40126f0ee48c9b6ee0b4e8366aff307356e035"
pytestmark = pytest.mark.usefixtures("journal_as_before")


class Usage(NamedTuple):
    """What shutil tells of a disk."""

    total: int
    used: int
    free: int


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArgosIndex]:
    folder = tmp_path / "served"
    shutil.copytree(MODELS, folder, ignore=shutil.ignore_patterns("*.py", "*.md"))
    with serving(folder) as served:
        yield served


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: ArgosIndex) -> Installation:
    for name in ("TOWNBELL_CONFIG", "TOWNBELL_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "bell"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made = installation(folder)
    configure(made, index)
    return made


def configure(bell: Installation, index: ArgosIndex, text: str = CONFIG, **settings: str) -> None:
    more = "".join(f"{name} = {value}\n" for name, value in settings.items())
    bell.configure(f'[http]\nport = {free_port()}\n[translation]\nindex_url = "{index.url}"\n{more}{text}')


def relabelled(index: ArgosIndex, name: str, **metadata: str) -> Path:
    """A package of the index under another language or version."""
    old = zipfile.ZipFile(MODELS / ES_EN)
    file = index.folder / name
    with old, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as made:
        for info in old.infolist():
            content = old.read(info)
            if info.filename.endswith("/metadata.json"):
                for key, value in metadata.items():
                    content = re.sub(rf'"{key}": "[^"]*"'.encode(), f'"{key}": "{value}"'.encode(), content)
            made.writestr(info, content)
    return file


def speaking_slovene(index: ArgosIndex) -> None:
    relabelled(index, "sl_en.argosmodel", from_code="sl")
    relabelled(index, "en_sl.argosmodel", from_code="en", to_code="sl")


def there(bell: Installation) -> list[str]:
    return [str(one) for one in models_folder.installed(bell.data / "models")]


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = cli.main(["models", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


# What there is


def test_the_list_shows_what_the_index_offers(bell, index, capsys):
    assert asked(capsys, "list") == (
        0,
        f"Nothing is installed yet.\nOffered by {index.url}:\n  de -> en     1.0\n  en -> de     1.0\n  en -> es     1.0\n  es -> en     1.0\n",
        "",
    )
    assert not bell.data.exists()


def test_the_list_shows_what_is_installed_and_what_is_newer(bell, index, capsys):
    asked(capsys, "install", "es", "de")
    relabelled(index, ES_EN, package_version="1.10")
    (bell.data / "models" / "stray").mkdir()
    _, said, _ = asked(capsys, "list")
    assert said.splitlines() == [
        "Installed:",
        "  en -> de     1.0          1.4 MB",
        "  es -> en     1.0          1.4 MB",
        f"  {bell.data}/models/stray is no model, or not whole. Remove it: rm -r {bell.data}/models/stray",
        f"Offered by {index.url}:",
        "  de -> en     1.0",
        "  en -> de     1.0      installed",
        "  en -> es     1.0",
        "  es -> en     1.10     newer than yours",
    ]


def test_what_is_installed_is_listed_also_without_the_index(bell, index, capsys):
    asked(capsys, "install", "es", "en")
    index.faults["index.json"] = Fault(status=500)
    status, said, wrong = asked(capsys, "list")
    assert status == 1
    assert said == "Installed:\n  es -> en     1.0          1.4 MB\n"
    assert wrong == (
        f"{index.url}/index.json is not given out (the server answers 500). Try again later.\n"
        "It is the list of models: check this machine's way out, or set translation.index_url to a copy that "
        "it reaches.\n"
    )


# From the index


def test_a_pair_is_installed_directly(bell, index, capsys):
    status, said, wrong = asked(capsys, "install", "es", "en")
    assert (status, wrong) == (0, "")
    first, *moved, done, its_sum = said.splitlines()
    assert first == "es -> en 1.0: fetching"
    assert 1 <= len(moved) <= 4
    assert moved[-1] == "es -> en 1.0: 100 %  1.2 MB of 1.2 MB"
    assert done == "es -> en 1.0 is installed (1.4 MB)."
    assert its_sum == f"  SHA-256 {SUM} (recorded, as it is here for the first time)"
    assert there(bell) == ["es -> en 1.0"]


def test_a_pair_without_a_package_is_installed_by_way_of_english(bell, index, capsys):
    assert asked(capsys, "install", "es", "de")[0] == 0
    assert there(bell) == ["en -> de 1.0", "es -> en 1.0"]


def test_what_is_there_already_is_not_fetched_again(bell, index, capsys):
    asked(capsys, "install", "es", "en")
    index.asked.clear()
    _, said, _ = asked(capsys, "install", "es", "de")
    assert said.startswith("es -> en 1.0 is installed already.\n")
    assert index.asked == ["/index.json", "/translate-en_de.argosmodel"]


def test_a_newer_version_takes_the_place_of_the_old_one(bell, index, capsys):
    asked(capsys, "install", "es", "en")
    relabelled(index, ES_EN, package_version="1.10")
    _, said, _ = asked(capsys, "install", "es", "en")
    assert "es -> en 1.10 is installed (1.4 MB, in the place of 1.0)." in said
    assert there(bell) == ["es -> en 1.10"]


def test_all_that_the_councils_need_is_installed_at_once(bell, index, capsys):
    speaking_slovene(index)
    configure(bell, index, CONFIG.replace('["en"]', '["sl", "en", "ar"]'))
    status, said, _ = asked(capsys, "install", "--needed")
    assert status == 0
    assert "de -> ar: the index has no model; such texts stay as written." in said
    assert there(bell) == ["de -> en 1.0", "en -> de 1.0", "en -> sl 1.0", "sl -> en 1.0"]

    configure(bell, index, CONFIG)
    assert asked(capsys, "install", "--needed")[1] == "All that the councils need is installed.\n"


def test_another_place_is_tried_where_the_index_names_one(bell, index, capsys):
    index.entries = index.listed()
    index.entries[3]["links"] = [f"{index.url}/gone", *index.entries[3]["links"]]
    status, said, _ = asked(capsys, "install", "es", "en")
    assert status == 0
    assert f"{index.url}/gone is not there (404). Check the address.\nThe index names another place" in said


def test_a_running_townbell_is_mentioned(bell, index, capsys):
    bell.data.mkdir(mode=0o700)
    with hold(Folder(bell.data)):
        for arguments in (["install", "es", "en"], ["remove", "es", "en"]):
            _, said, _ = asked(capsys, *arguments)
            assert said.endswith("Townbell runs now, and works with these models from the next text on.\n")


# From an address, from a file


def test_a_package_is_installed_from_an_address(bell, index, capsys):
    assert asked(capsys, "install", f"{index.url}/{ES_EN}", "--sha256", SUM.upper())[0] == 0
    assert there(bell) == ["es -> en 1.0"]
    assert index.asked == [f"/{ES_EN}"]


def test_an_address_may_have_a_key_which_is_not_repeated(bell, index, capsys):
    address = index.url.replace("://", "://me:hidden@")
    status, said, wrong = asked(capsys, "install", f"{address}/nothing?key=hidden")
    assert status == 1
    assert wrong == f"{index.url}/nothing is not there (404). Check the address.\n"
    assert "hidden" not in said


def test_a_package_is_installed_from_a_file(bell, index, capsys):
    status, said, _ = asked(capsys, "install", str(index.folder / ES_EN))
    assert status == 0
    assert said.startswith("es -> en 1.0 is installed (1.4 MB).\n")
    assert index.asked == []


def test_a_package_is_removed(bell, index, capsys):
    asked(capsys, "install", "es", "de")
    assert asked(capsys, "remove", "es", "en") == (0, "es -> en 1.0 is removed; 1.4 MB are free again.\n", "")
    assert there(bell) == ["en -> de 1.0"]


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("install xx de", 'The index has nothing that translates from "xx". It translates from: de, en, es.'),
        ("install es fr", "The index has no way from es to fr. From es it translates to: en."),
        ("install es es", "Name two different languages. For example: townbell models install es de"),
        ("install", "Name two languages, a web address or a file. For example: townbell models install es de"),
        ("install es en de", "Name two languages, a web address or a file."),
        ("install es", "There is no file es. For a package from the index, name two languages."),
        ("install .", ". cannot be read: is a directory."),
        ("install ftp://x/y", "ftp://x/y is no web address; one begins with https:// or http://"),
        ("install http://[x/y", "What you gave is no web address"),
        (f"install es de --sha256 {SUM}", "This takes two packages, and a sum is of one. Install them singly: townbell models install es en, townbell models install en de"),
        ("install --needed es", "--needed finds out itself what to install; leave the rest out."),
        ("remove es en", "There is no model es -> en here. Installed: nothing."),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_in_a_sentence(bell, capsys, arguments, sentence):
    status, _, wrong = asked(capsys, *arguments.split())
    assert status == 1
    assert sentence in wrong
    assert there(bell) == []


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault(cut=True), "/translate-es_en.argosmodel broke off in the middle. Try again; nothing was installed."),
        (Fault(status=500), "is not given out (the server answers 500). Try again later."),
        (Fault(status=404), "is not there (404). Check the address."),
        (Fault(content=b"<html>Sign in first</html>"), "es -> en 1.0 is broken, or is no model package."),
        (Fault(content=b""), "es -> en 1.0 is broken, or is no model package."),
        (Fault(content=(MODELS / "translate-en_de.argosmodel").read_bytes()), "the index says it is es -> en, but it is en -> de."),
        (Fault(content=(MODELS / ES_EN).read_bytes()[:-1]), "es -> en 1.0 is broken, or is no model package."),
        (Fault(seconds=3), "is not sent: nothing came for a while. Try again later."),
        (Fault(length=5 * GIB), "is larger than 1,073.7 MB, which is more than it can be."),
    ],
)  # fmt: skip
def test_a_package_that_does_not_come_as_it_should(bell, index, capsys, monkeypatch, *, fault, sentence):
    monkeypatch.setattr(fetching, "SILENCE", 0.5)
    asked(capsys, "install", "en", "es")
    index.faults[ES_EN] = fault
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert sentence in wrong
    assert there(bell) == ["en -> es 1.0"]
    inside = sorted(path.name for path in (bell.data / "models").iterdir())
    assert inside == [".lock", "index.json", "sums.json", "translate-en_es-1_0-f66e450d"]


def test_more_than_was_said_is_cut_off(bell, index, capsys, monkeypatch):
    monkeypatch.setattr(archive, "PACKED", 1_000_000)
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert "is larger than 1.0 MB" in wrong


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault(content=b"<html>"), "is no index of packages. Check translation.index_url."),
        (Fault(content=b"[]"), "offers no package. Check translation.index_url."),
        (Fault(cut=True), "broke off in the middle."),
        (Fault(status=403), "is not given out (the server answers 403). Try again later.\nIt is the list of models:"),
        (Fault(redirect="index.json"), "cannot be reached (too many redirects)."),
    ],
)  # fmt: skip
def test_an_index_that_does_not_come_as_it_should(bell, index, capsys, fault, sentence):
    index.faults["index.json"] = fault
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert sentence in wrong


def test_an_index_that_nobody_serves(bell, index, capsys):
    index.url = f"http://127.0.0.1:{free_port()}"
    configure(bell, index)
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert wrong.startswith(f"{index.url}/index.json cannot be reached (connection refused).\nIt is the list")


def test_a_host_that_there_is_not(bell, index, capsys):
    index.url = "http://models.invalid"
    configure(bell, index)
    assert "http://models.invalid/index.json cannot be reached (no such host)." in asked(capsys, "list")[2]


def test_a_wrong_sum_is_told_and_nothing_is_installed(bell, index, capsys):
    status, _, wrong = asked(capsys, "install", "es", "en", "--sha256", 64 * "0")
    assert status == 1
    assert f"  its SHA-256:  {SUM}\n  the one you gave:  {64 * '0'}\n" in wrong

    configure(bell, index, sha256=f'{{ "es_en-1.0" = "{64 * "1"}" }}')
    assert f"  the one the configuration names:  {64 * '1'}\n" in asked(capsys, "install", "es", "en")[2]
    assert there(bell) == []

    configure(bell, index, sha256=f'{{ "es_en-1.0" = "{SUM.upper()}" }}')
    assert "(as expected)" in asked(capsys, "install", "es", "en")[1]


def test_a_package_that_was_exchanged_is_refused_the_next_time(bell, index, capsys):
    asked(capsys, "install", "es", "en")
    asked(capsys, "remove", "es", "en")
    exchanged = relabelled(index, ES_EN, from_name="Español")
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert f"  the one it had before:  {SUM}\n" in wrong
    its_sum = hashlib.sha256(exchanged.read_bytes()).hexdigest()
    assert asked(capsys, "install", "es", "en", "--sha256", its_sum)[0] == 0


def test_a_disk_that_has_no_room_is_told_before_it_is_fetched(bell, capsys, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(GIB, GIB, models_folder.SPARE + 1_000_000))
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert "it has 1.2 MB, and 1.0 MB are free. Free some space, or choose a larger disk" in wrong


def test_a_disk_that_fills_up_is_told(bell, capsys, monkeypatch):
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(Progress, "moved", full)
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert wrong == (
        f"The models folder {bell.data}/models is on a disk that is full. Free some space and try again; "
        "nothing was installed.\n"
    )


def test_a_folder_that_belongs_to_somebody_else_is_told(bell, capsys, monkeypatch):
    def refuses(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "mkdir", refuses)
    status, _, wrong = asked(capsys, "install", "es", "en")
    assert status == 1
    assert (
        f"belongs to somebody else. Give it to the user who runs Townbell: chown -R {os.geteuid()}" in wrong
    )


@pytest.mark.parametrize(
    "arguments", ["list", "install es en", f"install {MODELS / ES_EN}", "install --needed"]
)
def test_without_the_extra_it_says_what_installs_it(bell, capsys, monkeypatch, arguments):
    monkeypatch.setattr(library, "EXTRA", ("a_library_that_is_not_there",))
    status, _, wrong = asked(capsys, *arguments.split())
    assert status == 1
    assert "`make translation` installs it" in wrong


@pytest.mark.parametrize("text", ["", "abc", 63 * "0", 64 * "g"])
def test_a_sum_that_is_none_is_told(bell, capsys, text):
    with pytest.raises(SystemExit):
        cli.main(["models", "install", "es", "en", f"--sha256={text}"])
    assert "argument --sha256: a SHA-256 is 64 of the digits 0-9 and a-f" in capsys.readouterr().err


# The bar


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_is_drawn_again_and_again(bell, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.main(["models", "install", "es", "en"]) == 0
    drawn, _, rest = screen.getvalue().partition("\n")
    lines = [line.removesuffix("\x1b[K") for line in drawn.split("\r")[1:]]
    assert len(lines) > 5
    assert lines[-1] == "es -> en 1.0  [####################] 100 %  1.2 MB of 1.2 MB"
    assert rest.startswith("es -> en 1.0 is installed")


def test_a_narrow_terminal_gets_a_short_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    screen = Screen()
    with Progress("es -> en 1.0", screen) as progress:
        for done in range(0, 10_000_001, 500_000):
            progress.moved(done, 10_000_000)
    assert all(len(line.removesuffix("\x1b[K")) < 20 for line in screen.getvalue().strip().split("\r"))


@pytest.mark.parametrize(("shape", "lines"), [(io.StringIO, 3), (Screen, 25)])
def test_a_size_that_nobody_says_is_counted_up(shape, lines):
    out = shape()
    with Progress("it", out) as progress:
        for done in range(0, 25_000_000, 100_000):
            progress.moved(done, None)
    assert len(re.split(r"[\r\n]", out.getvalue().strip())) == lines
    assert "20.0 MB" in out.getvalue()


def test_a_fault_begins_on_a_line_of_its_own(bell, index, monkeypatch, capsys):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    index.faults[ES_EN] = Fault(cut=True)
    assert cli.main(["models", "install", "es", "en"]) == 1
    assert screen.getvalue().endswith("\n")


# The doctor


def doctor(bell: Installation) -> tuple[int, list[str]]:
    said: list[str] = []
    status = asyncio.run(examine(bell.config, {}, said.append))
    return status, [line.partition("translation: ")[2] for line in said if "translation: " in line]


def test_the_doctor_says_how_to_begin(bell):
    assert doctor(bell) == (
        0,
        [
            "not set up; texts stay in the language they were written in. To set it up: make translation, then: townbell models install --needed"
        ],
    )


def test_the_doctor_says_which_models_are_missing(bell, index, capsys):
    speaking_slovene(index)
    configure(bell, index, CONFIG.replace('["en"]', '["sl", "en"]'))
    asked(capsys, "install", "sl", "de")
    assert doctor(bell) == (1, [
        "no model for de -> en, de -> sl. Run: townbell models install --needed",
        "en -> de, sl -> en (2.8 MB)",
    ])  # fmt: skip
    asked(capsys, "install", "--needed")
    assert doctor(bell) == (0, ["de -> en, en -> de, en -> sl, sl -> en (5.5 MB)"])


def test_the_doctor_does_not_ask_for_what_there_is_not(bell, index, capsys):
    configure(bell, index, CONFIG.replace('["en"]', '["ar", "en"]'))
    asked(capsys, "install", "--needed")
    assert doctor(bell) == (0, [
        "de -> en, en -> de (2.8 MB)",
        "the index has no model for ar -> de, de -> ar; such texts stay as written",
    ])  # fmt: skip


def test_the_doctor_finds_models_that_nothing_reads(bell, index, capsys, monkeypatch):
    asked(capsys, "install", "es", "en")
    monkeypatch.setattr(library, "EXTRA", ("a_library_that_is_not_there",))
    assert doctor(bell) == (1, ["there are models, but not what reads them. Run: make translation"])


def test_the_doctor_finds_a_model_that_is_not_whole(bell, index, capsys):
    asked(capsys, "install", "--needed")
    folder = models_folder.installed(bell.data / "models")[0].folder
    (folder / "metadata.json").write_text("{")
    assert doctor(bell)[1][0] == f"{folder} is no model, or not whole. Remove it: rm -r {folder}"


def test_the_doctor_is_told_when_it_is_off(bell, index, capsys):
    configure(bell, index, engine='"off"')
    assert doctor(bell) == (0, ["off; texts stay in the language they were written in"])


# As people start it


def test_nothing_appears_in_the_home_folder(bell, index, tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(tmp_path / "bell"),
        "PYTHONPATH": str(Path(cli.__file__).parents[1]),
    }
    for arguments in ("list", "install es de", "list", f"install {index.folder}/{ES_EN}", "remove es en"):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "models", *arguments.split()],
            cwd=bell.folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), arguments
        assert "\x1b" not in done.stdout
        assert list(home.iterdir()) == []
    assert sorted(path.name for path in bell.folder.iterdir()) == ["config.toml", "data"]
    assert there(bell) == ["en -> de 1.0"]
