"""A poster from the command line: a code for each way in that has one, a sentence for what has none."""

from __future__ import annotations

import asyncio
import io
import resource
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import cli, poster
from bot.config import Account, Http, Secret, Settings, TelegramAccount, TwilioAccount
from core.council import Council
from core.errors import TownbellError
from outreach.poster import Way, sheet
from tests.bot.filed import CONFIG, Installation, installation
from tests.peers.bot_api import TOKEN, RemoteBotApi, started
from tests.peers.ports import free_port

pytestmark = pytest.mark.usefixtures("journal_as_before")

GRAZ = Council("graz", "Migrant council of Graz", "GRZ", "Europe/Vienna", ("de", "en", "ar"), ("de",))
LINZ = replace(GRAZ, key="linz", name="Linz", prefix="LNZ", languages=("en",))
SID = "AC" + "1" * 32
SMS = TwilioAccount("sms", "sms", "graz", SID, Secret("x"), "+436601234567")
WHATSAPP = TwilioAccount("wa", "whatsapp", "graz", SID, Secret("x"), "whatsapp:+436607654321")
WEB = Account("web", "web", "graz")
PUBLIC = f'[http]\npublic_url = "https://bell.example.org"\n{CONFIG}'.replace('["en"]', '["de", "en", "ar"]')


@pytest.fixture(scope="module")
def telegram() -> Iterator[RemoteBotApi]:
    with started() as api:
        yield api


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name in ("TOWNBELL_CONFIG", "TOWNBELL_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    made = installation(tmp_path)
    made.configure(PUBLIC)
    return made


def bot(api_url: str) -> TelegramAccount:
    return TelegramAccount("bell", "telegram", "graz", token=Secret(TOKEN), api_url=api_url)


def settings(*accounts: Account, public_url: str = "") -> Settings:
    return Settings("config.toml", (GRAZ, LINZ), accounts, http=Http(public_url=public_url))


def printed(
    monkeypatch: pytest.MonkeyPatch, told: Settings, council: Council = GRAZ, **asked: Any
) -> tuple[dict[str, Way], str]:
    """The ways that come on the sheet, and what is said of those that do not."""
    ways: dict[str, Way] = {}

    def noted(name: str, languages: Any, found: list[Way], mark: str) -> str:
        ways.update({way.kind: way for way in found})
        return sheet(name, languages, found, mark)

    monkeypatch.setattr("bot.poster.sheet", noted)
    notes = io.StringIO()
    asyncio.run(poster.poster(told, council, asked.get("language"), asked.get("place"), notes))
    return ways, notes.getvalue()


# Ways in


def test_each_way_in_has_a_code_that_says_council_language_and_place(monkeypatch, telegram) -> None:
    told = settings(bot(telegram.url), WHATSAPP, SMS, WEB, public_url="https://bell.example.org")
    ways, notes = printed(monkeypatch, told, language="ar", place="Volkshaus Lend")
    assert ways == {
        "telegram": Way("telegram", "https://t.me/TownbellBot?start=grazLarIVolkshaus_Lend", "@TownbellBot"),
        "whatsapp": Way(
            "whatsapp",
            "https://wa.me/436607654321?text=%D9%85%D8%B1%D8%AD%D8%A8%D8%A7%20%23graz/ar/Volkshaus_Lend",
            "+43 660 765 43 21",
        ),
        "sms": Way("sms", "SMSTO:+436601234567:مرحبا #graz/ar/Volkshaus_Lend", "+43 660 123 45 67"),
        "web": Way("web", "https://bell.example.org/chat?council=graz", "bell.example.org/chat"),
    }
    assert notes == ""


def test_for_all_languages_a_code_names_none(monkeypatch) -> None:
    ways, _ = printed(monkeypatch, settings(SMS))
    assert ways["sms"].code == "SMSTO:+436601234567:Hallo #graz/"


def test_the_page_of_another_council_is_typed_with_its_key(monkeypatch) -> None:
    ways, _ = printed(monkeypatch, settings(WEB, public_url="https://bell.example.org"), LINZ)
    assert ways["web"].shown == "bell.example.org/chat?council=linz"


def test_a_short_code_is_printed_as_it_is(monkeypatch) -> None:
    ways, _ = printed(monkeypatch, settings(replace(SMS, sender="12345")))
    assert ways["sms"] == Way("sms", "SMSTO:12345:Hallo #graz/", "12345")


def test_the_first_sender_that_has_a_number_is_printed(monkeypatch) -> None:
    service = replace(SMS, key="service", sender="MG" + "2" * 32)
    ways, notes = printed(monkeypatch, settings(service, SMS))
    assert ways["sms"].shown == "+43 660 123 45 67"
    assert notes == (
        '"service" is left out: a messaging service has no number of its own. Add an account with the number '
        "to print.\n"
    )


@pytest.mark.parametrize(
    ("left_out", "note"),
    [
        pytest.param(replace(SMS, use="invitations"), "", id="a sender of invitations"),
        pytest.param(replace(SMS, council="linz"), "", id="a sender of another council"),
        pytest.param(Account("terminal", "terminal", "graz"), "", id="the terminal"),
        pytest.param(
            WEB, '"web" is left out: the page has no public https address', id="a page on this machine"
        ),
        pytest.param(
            bot(f"http://127.0.0.1:{free_port()}"),
            '"bell" is left out: Telegram does not tell the name of this bot now.',
            id="a bot that cannot be asked",
        ),
    ],
)
def test_what_has_no_code_is_left_out(monkeypatch, left_out, note) -> None:
    ways, notes = printed(monkeypatch, settings(left_out, WHATSAPP))
    assert set(ways) == {"whatsapp"}
    assert notes.startswith(note)
    assert bool(notes) == bool(note)


@pytest.mark.parametrize(
    "url",
    ["", "http://bell.example.org", "https://localhost", "https://127.0.0.1", "https://10.0.0.7:8443",
     "https://[::1]", "https://bell.local"],
)  # fmt: skip
def test_a_page_that_only_this_machine_reaches_has_no_code(url) -> None:
    told = settings(WEB, public_url=url)
    with pytest.raises(TownbellError, match='No way into "graz" has a code'):
        asyncio.run(poster.poster(told, GRAZ, None, None, io.StringIO()))


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("+436601234567", "+43 660 123 45 67"),
        ("+15005550006", "+1 500 555 00 06"),
        ("+385912345678", "+385 912 34 56 78"),
        ("+447700900123", "+44 770 090 01 23"),
        ("12345", "12345"),
    ],
)
def test_a_number_is_printed_as_it_is_read_out(number, read) -> None:
    assert poster.as_read(number) == read


# What is asked wrongly


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        pytest.param("--council=linz", 'There is no council "linz"', id="no such council"),
        pytest.param(
            "--language=fr",
            'The council "graz" does not speak "fr". There are: de, en, ar.',
            id="a language that it does not speak",
        ),
        pytest.param("--language=\x1b[2J", 'does not speak "\\x1b[2J"', id="no language at all"),
        pytest.param("--place=", "The place has no letters", id="an empty place"),
        pytest.param(
            f"--place={'x' * 33}",
            "The place has 33 letters, and a code holds 32 at most. Shorten it.",
            id="a place that is too long",
        ),
        pytest.param(
            f"--place={'ش' * 30}",
            "A link holds 64 signs with council and language, and this place is 21 too long",
            id="a place that is too long for a link",
        ),
        pytest.param("--place=Lend/Gries", 'The place holds "/" where a link cannot carry it.', id="a slash"),
        pytest.param("--place=Lend_Gries", 'The place holds "_"', id="an underscore"),
        pytest.param("--place=<b>", 'The place holds "<"', id="markup"),
        pytest.param("--place=-Lend", 'The place holds "-"', id="a dash at its beginning"),
        pytest.param("--place=Lend\u202e", 'The place holds "\\u202e"', id="a mark that nobody sees"),
        pytest.param("--place=Lend\udc80", 'The place holds "\\udc80"', id="half a letter"),
        pytest.param("--out=there.svg", "there.svg is there already. Choose another name", id="a file"),
        pytest.param("--out=no/such/a.svg", "There is no folder no/such. Make it first", id="no folder"),
        pytest.param(
            "--out=graz.pdf",
            "The sheet is an SVG: give it a name that ends in .svg, such as graz.svg.",
            id="a file of another kind",
        ),
    ],
)
def test_what_cannot_be_printed_is_told_in_a_sentence(bell, capsys, asked, sentence) -> None:
    (bell.folder / "there.svg").write_text("mine")
    assert cli.main(["poster", asked]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert sentence in told.err
    assert len(told.err.splitlines()) == 1
    assert (bell.folder / "there.svg").read_text() == "mine"
    assert [path.name for path in bell.folder.glob("*.svg")] == ["there.svg"]


def test_a_council_that_no_code_leads_to_is_told_what_to_configure(bell, capsys) -> None:
    bell.configure(CONFIG)
    assert cli.main(["poster", "--out", "graz.svg"]) == 1
    told = capsys.readouterr().err
    assert '"web" is left out: the page has no public https address (http.public_url).' in told
    assert 'No way into "graz" has a code.' in told
    assert not Path("graz.svg").exists()


def test_a_sheet_is_not_for_a_terminal(bell, capsys, monkeypatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Screen())
    assert cli.main(["poster"]) == 1
    assert "say where to write it, with --out poster.svg" in capsys.readouterr().err


# What is written


def test_a_sheet_is_written_to_its_file(bell, capsys) -> None:
    assert cli.main(["poster", "--language", "AR", "--place", " Volkshaus  Lend", "--out", "graz.svg"]) == 0
    svg = ET.fromstring(Path("graz.svg").read_text("utf-8"))
    assert (svg.get("width"), svg.get("height")) == ("210mm", "297mm")
    assert "graz / ar / Volkshaus Lend" in "".join(svg.itertext())
    assert capsys.readouterr() == ("", "")


def test_without_a_file_it_goes_to_whoever_reads_us(bell, capfdbinary) -> None:
    assert cli.main(["poster"]) == 0
    svg = ET.fromstring(capfdbinary.readouterr().out.decode())
    text = "".join(svg.itertext())
    assert "Stimmt etwas nicht in der Stadt?" in text
    assert "هل هناك مشكلة في المدينة؟" in text


def test_a_sheet_that_cannot_be_written_whole_is_not_there(tmp_path) -> None:
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(TownbellError, match=r"full.svg cannot be written: file too large"):
            poster.write(tmp_path / "full.svg", "<svg/>" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert list(tmp_path.iterdir()) == []


def test_what_appears_meanwhile_is_not_written_over(tmp_path) -> None:
    (tmp_path / "graz.svg").write_text("mine")
    with pytest.raises(TownbellError, match=r"graz.svg cannot be written: file exists"):
        poster.write(tmp_path / "graz.svg", "<svg/>")
    assert (tmp_path / "graz.svg").read_text() == "mine"
