"""A digest as a letter: sound HTML, in which nothing that people write is markup; a browser draws it well."""

from __future__ import annotations

from html.parser import HTMLParser
from itertools import pairwise

import pytest

from core.council import Council
from core.digest import Matter, Reading
from core.phrases import Phrases
from outreach.digest_html import GROUPS, MOST, as_html, subject
from outreach.digest_look import STYLES
from tests.outreach.weeks import (
    GRAZ,
    HOSTILE_COUNCIL,
    SINCE,
    UNTIL,
    arabic,
    crowded,
    hostile,
    issue,
    ordinary,
    week,
)
from tests.peers.browser import Chromium

WEEKS = {
    "ordinary": (ordinary(), GRAZ, "de"),
    "empty": (week(), GRAZ, "de"),
    "arabic": (arabic(), GRAZ, "ar"),
    "crowded": (crowded(), GRAZ, "de"),
    "hostile": (hostile(), HOSTILE_COUNCIL, "en"),
}
every_week = pytest.mark.parametrize(("matter", "council", "tag"), WEEKS.values(), ids=WEEKS)
CLIPPED = 102_000  #: bytes; Gmail cuts a longer letter


class Tags(HTMLParser):
    """The elements of a page; an AssertionError where one is not closed, or closed by another's end."""

    VOID = ("meta", "br", "hr")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@every_week
def test_every_element_is_ours_and_asks_nothing_of_the_world(
    matter: Matter, council: Council, tag: str, phrases: dict[str, Phrases]
) -> None:
    found = Tags(as_html(matter, council, phrases[tag])).found
    ours = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tr",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "p",
    }
    assert {name for name, _ in found} <= ours | {"span", "bdi"}
    attributes = {attribute for _, given in found for attribute in given}
    assert attributes.isdisjoint({"src", "href", "background"})
    assert not [attribute for attribute in attributes if attribute.startswith("on")]


@every_week
def test_it_says_its_language_and_its_direction(
    matter: Matter, council: Council, tag: str, phrases: dict[str, Phrases]
) -> None:
    name, given = Tags(as_html(matter, council, phrases[tag])).found[0]
    assert (name, given) == ("html", {"lang": tag, "dir": "rtl" if tag == "ar" else "ltr"})


@every_week
def test_it_is_not_clipped(matter: Matter, council: Council, tag: str, phrases: dict[str, Phrases]) -> None:
    assert len(as_html(matter, council, phrases[tag], enclosed=True).encode()) < CLIPPED


def test_every_quotation_finds_its_own_direction(phrases: dict[str, Phrases]) -> None:
    found = Tags(as_html(arabic(), GRAZ, phrases["ar"])).found
    assert [given["dir"] for name, given in found if given.get("class") == "words"] == ["auto"] * 3


def test_what_people_write_is_text(phrases: dict[str, Phrases]) -> None:
    page = as_html(hostile(), HOSTILE_COUNCIL, phrases["en"])
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
    assert "{reference} {0} {council!r} %s $HOME" in page
    assert "\u202e" not in page
    assert "\n" not in subject(hostile(), HOSTILE_COUNCIL, phrases["en"])


def test_a_week_of_3000_shows_so_many_and_counts_the_rest(phrases: dict[str, Phrases]) -> None:
    page = as_html(crowded(), GRAZ, phrases["en"], enclosed=True)
    assert page.count('class="number"') == MOST + GROUPS
    assert "<bdi>Housing</bdi> 240" in page
    assert "All of them are in the table that comes with this." in page


def test_headings_go_down_step_by_step(phrases: dict[str, Phrases]) -> None:
    levels = [
        int(name[1])
        for name, _ in Tags(as_html(ordinary(), GRAZ, phrases["de"])).found
        if name[:1] == "h" and name[1:].isdigit()
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_style_is_used(phrases: dict[str, Phrases]) -> None:
    pages = [as_html(matter, council, phrases[tag], enclosed=True) for matter, council, tag in WEEKS.values()]
    late = as_html(week(issue(1), made_at=UNTIL * 2 - SINCE), GRAZ, phrases["en"])
    assert [name for name in STYLES if not any(f'class="{name}"' in page for page in (*pages, late))] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("name", WEEKS)
async def test_a_browser_draws_it_within_its_width(
    name: str, width: int, browser: Chromium, phrases: dict[str, Phrases]
) -> None:
    matter, council, tag = WEEKS[name]
    async with browser.context(viewport={"width": width, "height": 800}, is_mobile=width < 500) as context:
        page = await context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.set_content(as_html(matter, council, phrases[tag]))
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.evaluate("document.querySelector('.card').offsetWidth") <= 640
        assert asked == []


async def test_a_browser_turns_each_quotation_its_own_way(
    browser: Chromium, phrases: dict[str, Phrases]
) -> None:
    told = week(issue(1, Reading("في بيتنا عفن (Annenstraße 12)!")), issue(2, Reading("Kein Licht!")))
    async with browser.context() as context:
        page = await context.new_page()
        for tag, whole in (("de", "ltr"), ("ar", "rtl")):
            await page.set_content(as_html(told, GRAZ, phrases[tag]))
            turned = "[...document.querySelectorAll('.words, .h2')].map(e => getComputedStyle(e).direction)"
            assert (await page.evaluate(turned))[:3] == [whole, "rtl", "ltr"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ordinary", "arabic", "hostile"])
async def test_everything_can_be_read_in_both_schemes(
    name: str, scheme: str, browser: Chromium, phrases: dict[str, Phrases]
) -> None:
    matter, council, tag = WEEKS[name]
    async with browser.context(color_scheme=scheme) as context:
        page = await context.new_page()
        await page.set_content(as_html(matter, council, phrases[tag]))
        assert await page.evaluate(PALE) == []


#: what has less contrast to what is behind it than WCAG 2.2 AA wants, 4.5:1
PALE = """() => {
  const light = (rgb) => rgb.map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (e) => { const c = parts(getComputedStyle(e).backgroundColor);
    return c.length < 4 || c[3] > 0 ? c.slice(0, 3) : behind(e.parentElement); };
  return [...document.body.querySelectorAll('*')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => {
      const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05) < 4.5;
    })
    .map(e => e.className + ': ' + e.textContent.slice(0, 40));
}"""
