"""The sheet that is printed: sound SVG, whole on its page in a browser, its codes read by another reader."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Callable
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import Page

from core.phrases import Phrases
from core.poster import Poster, first_words, payload
from core.talk import Sign
from flows.triggers import Triggers
from outreach.poster import MARGIN, QUIET, Way, sheet
from outreach.poster_lines import fitted
from tests.peers.browser import Chromium

NAME = "Migrant council of Graz"
NUMBER = "+43 660 123 45 67"
SVG = "{http://www.w3.org/2000/svg}"
TAGS = ("en", "de", "sl", "ar", "uk", "es")
#: left, top, right and bottom, in millimetres of the sheet
Box = tuple[float, float, float, float]
#: of each text and each code, as a browser draws them
BOXES = """() => [...document.querySelectorAll("text, svg svg")].map((one) => {
  const sheet = document.documentElement.getBoundingClientRect();
  const box = one.getBoundingClientRect(), scale = 210 / sheet.width;
  return [box.left, box.top, box.right, box.bottom].map((side) => side * scale);
})"""

#: which languages, and where it hangs
SHEETS = {
    "english": (("en",), Poster("graz", "en")),
    "arabic with a place": (("ar",), Poster("graz", "ar", "الحي الثالث")),
    "german with a place": (("de",), Poster("graz", "de", "Volkshaus Lend")),
    "ukrainian": (("uk",), Poster("graz", "uk")),
    "all languages": (TAGS, Poster("graz")),
}
every_sheet = pytest.mark.parametrize(("tags", "poster"), SHEETS.values(), ids=SHEETS)


def ways(poster: Poster, hello: str) -> list[Way]:
    """Every way there is."""
    words = first_words(hello, poster)
    return [
        Way("telegram", f"https://t.me/graz_bell_bot?start={payload(poster)}", "@graz_bell_bot"),
        Way("whatsapp", f"https://wa.me/436601234567?text={quote(words)}", NUMBER),
        Way("sms", f"SMSTO:+436601234567:{words}", NUMBER),
        Way("web", "https://bell.example.org/chat?council=graz", "bell.example.org/chat"),
    ]


def drawn(phrases: dict[str, Phrases], tags: tuple[str, ...], poster: Poster, number: int = 3) -> str:
    """A sheet with so many codes."""
    languages = [phrases[tag] for tag in tags]
    hello = languages[0].say("poster.hello")
    return sheet(NAME, languages, ways(poster, hello)[:number], poster.council)


def texts(svg: str) -> list[ET.Element]:
    """All that is written on it."""
    return list(ET.fromstring(svg).iter(f"{SVG}text"))


def said(svg: str) -> str:
    """All of it in one line."""
    return " ".join(text.text or "" for text in texts(svg))


async def shown(page: Page, folder: Path, svg: str) -> None:
    """The sheet in a browser, as from a double click on its file."""
    file = folder / "sheet.svg"
    file.write_text(svg, encoding="utf-8")
    await page.goto(file.as_uri())


def overlap(one: Box, other: Box) -> bool:
    """Whether two things run into another, by more than the room that a line keeps for high letters."""
    beside = one[0] < other[2] and other[0] < one[2]
    return beside and min(one[3], other[3]) - max(one[1], other[1]) > 4


@pytest.fixture
async def page(browser: Chromium) -> AsyncIterator[Page]:
    """A window as large as the sheet, on a screen as sharp as a phone's."""
    size = {"width": 794, "height": 1123}
    async with browser.context(viewport=size, device_scale_factor=2) as context:
        yield await context.new_page()


# What is on it


@every_sheet
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_it_says_who_we_are_and_who_we_are_not_and_what_to_type(phrases, tags, poster, number) -> None:
    svg = drawn(phrases, tags, poster, number)
    assert NAME in said(svg)
    for tag in tags:
        assert phrases[tag].say("poster.title") in said(svg)
        assert phrases[tag].say("poster.trust") in said(svg)
    for way in ways(poster, "")[:number]:
        assert way.shown in said(svg)


def test_it_needs_nothing_from_anywhere(phrases) -> None:
    svg = drawn(phrases, TAGS, Poster("graz"))
    assert "href" not in svg
    assert "url(" not in svg
    assert "<script" not in svg
    assert set(re.findall(r"https?://[^\"\s]+", svg)) == {"http://www.w3.org/2000/svg"}


def test_the_name_of_a_council_is_never_markup(phrases) -> None:
    svg = sheet('<b>&"\x07\nGraz', [phrases["en"]], ways(Poster("graz"), "Hello"), "graz / <i>")
    assert '<b>&" Graz' in said(svg)
    assert "graz / <i>" in said(svg)


def test_a_number_stands_from_left_to_right_where_reading_goes_the_other_way(phrases) -> None:
    written = {text.text: text for text in texts(drawn(phrases, ("ar",), Poster("graz", "ar")))}
    for shown in (NUMBER, "@graz_bell_bot"):
        assert written[shown].get("direction") == "ltr"
        assert written[shown].get("unicode-bidi") == "isolate"
    title = phrases["ar"].say("poster.title").split()[0]
    assert next(one for text, one in written.items() if text and title in text).get("direction") == "rtl"


def test_the_first_code_is_where_reading_begins(phrases) -> None:
    def from_left(tag: str) -> list[str]:
        svg = drawn(phrases, (tag,), Poster("graz", tag))
        names = {phrases[tag].say(f"poster.way.{kind}"): kind for kind in ("telegram", "whatsapp", "sms")}
        found = [(float(text.get("x", 0)), names[text.text]) for text in texts(svg) if text.text in names]
        return [kind for _, kind in sorted(found)]

    assert from_left("en") == ["telegram", "whatsapp", "sms"]
    assert from_left("ar") == ["sms", "whatsapp", "telegram"]


@pytest.mark.parametrize("tag", TAGS)
def test_what_a_code_has_ready_is_a_greeting_in_its_language(phrases, tag) -> None:
    hello = phrases[tag].say("poster.hello")
    assert Triggers({tag: phrases[tag]}).signs(hello) == {Sign.GREETING}


# Its codes


@every_sheet
def test_a_code_keeps_its_quiet_zone_and_is_not_of_the_weakest_level(phrases, tags, poster) -> None:
    codes = ET.fromstring(drawn(phrases, tags, poster, 4)).findall(f"{SVG}svg")
    assert len(codes) == 4
    for code in codes:
        width = int(code.get("viewBox", "").split()[2])
        path = code.findall(f"{SVG}path")[1].get("d", "")
        places = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)]
        assert min(min(place) for place in places) == QUIET >= 4
        assert max(max(place) for place in places) == width - QUIET - 1
        # The first two bits of the format, masked: both are dark for level L, which is too weak for a wall.
        assert not {(QUIET, QUIET + 8), (QUIET + 1, QUIET + 8)} <= set(places)


@every_sheet
async def test_every_code_is_read_by_another_reader_as_it_was_meant(
    page: Page, codes_in: Callable[[Path], list[str]], tmp_path: Path, phrases, *, tags, poster
) -> None:
    for number in (1, 3, 4):
        picture = tmp_path / f"{number}.png"
        await shown(page, tmp_path, drawn(phrases, tags, poster, number))
        await page.screenshot(path=str(picture))
        meant = ways(poster, phrases[tags[0]].say("poster.hello"))[:number]
        assert sorted(codes_in(picture)) == sorted(way.code for way in meant)


# On paper


@every_sheet
async def test_nothing_runs_over_the_edge_or_into_another(
    page: Page, tmp_path: Path, phrases, *, tags, poster
) -> None:
    for number in (1, 2, 3, 4):
        # A font that is wider than most stands in for the one that the reader has.
        wide = drawn(phrases, tags, poster, number).replace("'Noto Sans', ", "'DejaVu Sans', 'Noto Sans', ")
        await shown(page, tmp_path, wide)
        boxes = await page.evaluate(BOXES)
        assert len(boxes) >= 2 + 3 * number
        for left, top, right, bottom in boxes:
            assert MARGIN - 1 <= left < right <= 210 - MARGIN + 1
            assert MARGIN - 1 <= top < bottom <= 297 - MARGIN + 2
        assert [pair for pair in combinations(boxes, 2) if overlap(*pair)] == []


@every_sheet
async def test_it_is_printed_on_one_page_of_a4(page: Page, tmp_path: Path, phrases, *, tags, poster) -> None:
    await shown(page, tmp_path, drawn(phrases, tags, poster))
    pdf = await page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    width, height = re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups()  # type: ignore[union-attr]
    assert (round(float(width)), round(float(height))) == (595, 842)


# Lines


@pytest.mark.parametrize(
    ("text", "most"),
    [
        pytest.param("Tell us", 1, id="short"),
        pytest.param(
            "A name that is so long that it takes two lines even where letters are small", 2, id="long"
        ),
        pytest.param("Donaudampfschifffahrtsgesellschaftskapitänswitwenverein", 2, id="one long word"),
        pytest.param("委員會" * 20, 2, id="no spaces"),
        pytest.param("", 1, id="nothing"),
    ],
)
def test_a_text_fits_into_its_lines_and_none_of_it_is_lost(text: str, most: int) -> None:
    set_ = fitted(text, 100.0, most, 12.0)
    assert " ".join(set_.lines) == text
    assert len(set_.lines) <= most
    assert 0 < set_.size <= 12.0


def test_no_word_stands_alone_in_the_last_line() -> None:
    lines = fitted("one two three four five six", 60.0, 2, 6.0).lines
    assert len(lines) == 2
    assert all(len(line.split()) == 3 for line in lines)
