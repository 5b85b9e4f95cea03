"""The web chat page in a real browser, on a Townbell that really runs."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.async_api import BrowserContext, ConsoleMessage, FilePayload, Locator, Page, expect

from tests.bot.test_photos import from_a_phone
from tests.journeys.installation import Installation
from tests.journeys.players import MINUTE
from tests.journeys.town import Town
from tests.peers.browser import Chromium

PHONE = {"width": 390, "height": 844}
#: where the browser says that it has no connection, as it should in tests that take it away
NO_CONNECTION = "Failed to load resource: net::ERR_"
HEATING = "The heating in our house has been broken for three weeks"
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective));
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(Installation(tmp_path_factory.mktemp("house")))
    town.configure()
    town.start()
    yield town
    assert town.installation.stop() == 0


@dataclass
class Visit:
    """Somebody at the page."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def theirs(self) -> Locator:
        """What we said."""
        return self.page.locator("#talk .entry.theirs:not(#welcome) .text")

    @property
    def own(self) -> Locator:
        """What they said."""
        return self.page.locator("#talk .entry.mine")

    @property
    def writing(self) -> Locator:
        return self.page.locator("#write")

    @property
    def notice(self) -> Locator:
        return self.page.locator("#notice")

    async def write(self, text: str) -> None:
        await self.writing.fill(text)
        await self.page.locator("#send").click()

    async def choose(self, label: str) -> None:
        await self.page.locator(".choice:enabled", has_text=label).click()

    async def hears(self, words: str) -> None:
        """The last that we said has these words."""
        await expect(self.theirs.last).to_contain_text(words)

    async def is_sent(self) -> None:
        await expect(self.own.last).to_have_attribute("data-state", "sent")

    async def talk(self) -> list[str]:
        """All that is said on the page, in order."""
        return await self.page.locator("#talk .entry:not(#welcome) .text").all_inner_texts()


Open = Callable[..., AbstractAsyncContextManager[Visit]]


@pytest.fixture
def opened(browser: Chromium, house: Town) -> Open:
    """The page in a fresh profile, in any language; in the end nothing may have complained."""

    @asynccontextmanager
    async def opened(town: Town = house, **options: Any) -> AsyncIterator[Visit]:
        options = {"locale": "en", "viewport": PHONE} | options
        async with browser.context(**options) as context:
            await context.add_init_script(NOTE_VIOLATIONS)
            async with visiting(context, town) as visit:
                yield visit

    return opened


@asynccontextmanager
async def visiting(context: BrowserContext, town: Town) -> AsyncIterator[Visit]:
    visit = Visit(await context.new_page())

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(NO_CONNECTION):
            visit.complaints.append(message.text)

    visit.page.on("console", hear)
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    await visit.page.goto(f"{town.address}/chat")
    await expect(visit.writing).to_be_visible()
    yield visit
    assert await visit.page.evaluate("window.violations") == []
    assert visit.complaints == []


def exported(town: Town, reference: str) -> dict[str, Any]:
    town.settle()
    done = town.installation.run("export", "issues", "--format", "json")
    [issue] = [one for one in json.loads(done.stdout) if one["reference"] == reference]
    return dict(issue)


async def file_it(visit: Visit, town: Town) -> dict[str, Any]:
    """Press 1, and look at what was filed."""
    await visit.choose("I agree, send")
    receipt = visit.theirs.filter(has_text="Your number is").last
    await expect(receipt).to_be_visible()
    reference = re.findall(r"GRZ-\w{4}", await receipt.inner_text())[0]
    return await asyncio.to_thread(exported, town, reference)


# The talk


async def test_somebody_is_heard_and_finds_the_talk_again(opened: Open, house: Town) -> None:
    async with opened() as visit:
        await expect(visit.page.locator("#welcome")).to_contain_text("What is wrong?")
        await visit.write(HEATING)
        # Not "Sent": before they press 1 it goes nowhere, and who reads little would stop here.
        await expect(visit.own.last.locator(".state")).to_have_text("Arrived")
        await visit.hears("We are not the police and not the asylum office. Our staff read it.")
        issue = await file_it(visit, house)
        assert (issue["original"], issue["channel"], issue["language"]) == (HEATING, "web", "en")
        await visit.choose("Housing")
        await visit.hears("Where is it?")
        before = await visit.talk()
        assert before[0] == HEATING
        await visit.page.reload()
        await visit.hears("Where is it?")
        assert await visit.talk() == before
        await visit.write("Annenstrasse 12")
        await visit.hears("Do you have a photo?")
        assert (await asyncio.to_thread(exported, house, issue["reference"]))["place"] == "Annenstrasse 12"


async def test_a_second_tap_is_no_second_answer(opened: Open) -> None:
    async with opened() as visit:
        await visit.write(HEATING)
        await visit.page.locator(".choice", has_text="I agree, send").dblclick()
        await visit.hears("What is it about?")
        assert await visit.own.count() == 2
        await expect(visit.page.locator(".choice:enabled")).to_have_count(5)  # four topics, and to skip


async def test_two_tabs_show_one_talk(opened: Open, house: Town) -> None:
    async with opened() as visit, visiting(visit.page.context, house) as other:
        await visit.write(HEATING)
        await other.hears("Shall we send it")
        await other.write("3")
        for tab in (visit, other):  # what they wrote, our question about it and the "3" are gone at once
            await tab.hears("Erased.")
            await expect(tab.own).to_have_count(0)
            await expect(tab.page.locator("#talk")).not_to_contain_text(HEATING)
        await visit.write("The bus does not come in the evening")  # and the page goes on as ever
        for tab in (visit, other):
            await tab.hears("Shall we send it")
            await expect(tab.own).to_have_count(1)


async def test_what_was_not_sent_yet_stays_when_the_draft_is_erased(opened: Open, house: Town) -> None:
    async with opened() as visit, visiting(visit.page.context, house) as other:
        await visit.write(HEATING)
        await other.hears("Shall we send it")
        # This tab's posts get lost on their way; what it hears does not.
        await visit.page.route("**/chat/messages", lambda route: route.abort())
        await visit.write("and it is cold")
        await expect(visit.own.last).to_have_attribute("data-state", "waiting")
        await other.write("3")
        await visit.hears("Erased.")
        await expect(visit.own).to_have_count(1)
        await expect(visit.own).to_contain_text("and it is cold")
        await visit.page.unroute("**/chat/messages")
        await visit.page.evaluate("window.dispatchEvent(new Event('online'))")
        await visit.is_sent()
        await visit.hears("Shall we send it")


async def test_who_deletes_everything_begins_anew(opened: Open, house: Town) -> None:
    async with opened() as visit:
        for words, answer in (
            (HEATING, "Shall we send"),
            ("1", "What is it about?"),
            ("delete", "Shall we delete"),
        ):
            await visit.write(words)
            await visit.hears(answer)
        await visit.choose("Delete everything")
        await visit.hears("Everything that we kept of you is deleted.")
        await expect(visit.own).to_have_count(0)
        assert len(await visit.talk()) == 1
        await asyncio.to_thread(house.settle)
        house.pass_by(MINUTE)  # if it was put off, because the answer was still on its way
        await asyncio.to_thread(house.settle)
        await visit.write("The bus does not come in the evening")
        await visit.hears("Shall we send it")
        assert not any(HEATING in said for said in await visit.talk()), await visit.talk()


async def test_a_tab_that_was_away_shows_nothing_that_was_deleted(opened: Open, house: Town) -> None:
    async with opened() as visit, visiting(visit.page.context, house) as away:
        await visit.write(HEATING)
        await away.hears("Shall we send")
        await away.page.route("**/chat/messages?*", lambda route: route.abort())
        await away.page.evaluate(
            "window.dispatchEvent(new Event('online'))"
        )  # the question that was open ends
        await visit.write("delete")
        await visit.hears("Shall we delete")
        await visit.choose("Delete everything")
        await visit.hears("Everything that we kept of you is deleted.")
        await asyncio.to_thread(house.settle)
        house.pass_by(MINUTE)
        await asyncio.to_thread(house.settle)
        for n in range(4):  # the new talk has more numbers than the old one had
            await visit.write(f"The bus does not come in the evening, part {n}")
            await visit.is_sent()
        await away.page.unroute("**/chat/messages?*")
        await away.page.evaluate("window.dispatchEvent(new Event('online'))")
        await expect(away.own).to_have_count(4)
        await expect(away.own.last).to_contain_text("part 3")
        await expect(away.page.locator("#talk")).not_to_contain_text(HEATING)


async def test_who_leaves_takes_the_talk_along(opened: Open, house: Town) -> None:
    async with opened() as visit:
        await visit.write(HEATING)
        await visit.hears("Shall we send it")
        await visit.page.locator("#leave").click()
        async with visit.page.expect_navigation():  # to a page that knows nothing of the talk
            await visit.page.locator("#leave-now").click()
        await expect(visit.own).to_have_count(0)
        await visit.page.goto(f"{house.address}/chat?council=graz")
        # A page that the browser had put away whole is there at once, and does not load.
        await visit.page.go_back(wait_until="commit")
        await expect(visit.page.locator("#welcome")).to_be_visible()
        await expect(visit.own).to_have_count(0)


# Another direction


async def test_a_talk_in_arabic_runs_from_right_to_left(opened: Open) -> None:
    async with opened(locale="ar") as visit:
        page = visit.page
        assert await page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
            "ar",
            "rtl",
        ]
        await visit.write("كيف أسجل ابني في المدرسة؟")
        await visit.hears("هل هذا سؤال؟")
        await visit.choose("من يقدم الاستشارة؟")
        await visit.hears("Caritas Graz")
        answer = visit.theirs.last
        assert await answer.evaluate("(e) => getComputedStyle(e).direction") == "rtl"
        # A phone number reads as it is dialled, whatever runs around it.
        for number in ("+43 316 8015", "+43 316 835630"):
            assert await answer.evaluate(FROM_LEFT_TO_RIGHT, number)
        await visit.write("Heizung kaputt, Annenstraße 12")
        await visit.is_sent()
        own = visit.own.last.locator(".text")
        assert await own.evaluate("(e) => getComputedStyle(e).direction") == "ltr"


#: whether each letter of a text stands to the right of the one before
FROM_LEFT_TO_RIGHT = """(element, text) => {
  const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node; (node = nodes.nextNode());) {
    const at = node.data.indexOf(text);
    if (at < 0) continue;
    const places = Array.from(text, (_, n) => {
      const range = document.createRange();
      range.setStart(node, at + n);
      range.setEnd(node, at + n + 1);
      return range.getBoundingClientRect().left;
    });
    return places.every((place, n) => !n || place > places[n - 1]);
  }
  return false;
}"""


async def test_the_page_follows_the_language_of_the_talk(opened: Open) -> None:
    async with opened() as visit:
        await visit.write("language")
        await visit.choose("العربية")
        await expect(visit.page.locator("html")).to_have_attribute("dir", "rtl")
        await expect(visit.page.locator("html")).to_have_attribute("lang", "ar")


async def test_the_page_keeps_its_words_while_the_language_is_unsure(opened: Open) -> None:
    async with opened(locale="ar") as visit:
        await visit.write("TV kaputt")  # a phone in Arabic, and two words in German
        await visit.hears("Sollen wir")
        await visit.hears("هل")
        await visit.write("TV kaputt")
        await expect(visit.own).to_have_count(2)
        await visit.is_sent()
        await expect(visit.own.last.locator(".state")).to_have_text("وصلت")
        await expect(visit.page.locator("html")).to_have_attribute("lang", "ar")
        await expect(visit.page.locator("html")).to_have_attribute("dir", "rtl")


# Photo, voice, place


async def test_a_photo_is_seen_before_it_is_sent(opened: Open, house: Town) -> None:
    async with opened() as visit:
        photo = FilePayload(name="ceiling.jpg", mimeType="image/jpeg", buffer=from_a_phone(size=(800, 600)))
        await visit.page.locator("#more").click()
        async with visit.page.expect_file_chooser() as chooser:
            await visit.page.locator("#photo").click()
        await (await chooser.value).set_files([photo])
        await expect(visit.page.locator("#preview img")).to_be_visible()
        assert await visit.own.count() == 0
        await visit.page.locator("#send-media").click()
        await expect(visit.own.locator("img")).to_be_visible()
        await visit.hears("What is wrong here?")
        await visit.write("The ceiling in our kitchen is wet")
        await visit.hears("[a photo]")
        [name] = (await file_it(visit, house))["media"]
        kept = (house.installation.folder / "data" / name).read_bytes()
        with Image.open(io.BytesIO(kept)) as opened_photo:
            assert opened_photo.size == (800, 600)
            assert not opened_photo.getexif()
        assert b"Townphone" not in kept


async def test_a_voice_note_is_the_issue(opened: Open, house: Town) -> None:
    async with opened(permissions=["microphone"]) as visit:
        await visit.page.locator("#more").click()
        await visit.page.locator("#voice").click()
        await expect(visit.page.locator("#clock")).to_have_text("0:01 / 3:00")
        await visit.page.locator("#stop-recording").click()
        await expect(visit.page.locator("#preview audio")).to_be_visible()
        await visit.page.locator("#send-media").click()
        await visit.hears("[a voice message]")
        [name] = (await file_it(visit, house))["media"]
        kept = (house.installation.folder / "data" / name).read_bytes()
        assert kept.startswith(b"\x1aE\xdf\xa3")  # WebM
        assert len(kept) > 1000


async def test_who_allows_no_microphone_is_told_what_to_do(opened: Open) -> None:
    async with opened(permissions=[]) as visit:
        await visit.page.locator("#more").click()
        await visit.page.locator("#voice").click()
        await expect(visit.notice).to_contain_text("We may not use the microphone.")
        await expect(visit.writing).to_be_visible()


async def test_a_place_is_shared(opened: Open, house: Town) -> None:
    place = {"latitude": 47.070712, "longitude": 15.438212}
    async with opened(geolocation=place, permissions=["geolocation"]) as visit:
        await visit.page.locator("#more").click()
        await visit.page.locator("#place").click()
        await visit.hears("What is wrong here?")
        await visit.write("There is no light here at night")
        issue = await file_it(visit, house)
        assert issue["place"] in ("", "47.07070, 15.43820")
        await visit.choose("Something else")
        await visit.hears("Do you have a photo?")  # the place is not asked again


async def test_who_shares_no_place_is_told_what_to_do(opened: Open) -> None:
    async with opened(permissions=[]) as visit:
        await visit.page.locator("#more").click()
        await visit.page.locator("#place").click()
        await expect(visit.notice).to_contain_text("We may not see your place.")
        await expect(visit.page.locator("#place")).to_be_enabled()


# What goes wrong


async def test_what_is_written_without_a_connection_arrives_once(opened: Open) -> None:
    async with opened() as visit:
        await visit.page.context.set_offline(offline=True)
        await expect(visit.notice).to_contain_text("No connection.")
        await visit.write(HEATING)
        await expect(visit.own).to_have_attribute("data-state", "waiting")
        await visit.page.context.set_offline(offline=False)
        await visit.is_sent()
        await visit.hears("Shall we send it")
        await expect(visit.notice).to_be_empty()
        await visit.page.reload()
        await visit.hears("Shall we send it")
        await expect(visit.own).to_have_count(1)


async def test_the_server_may_be_started_again_in_the_middle(
    opened: Open, tmp_path_factory: pytest.TempPathFactory
) -> None:
    town = Town(Installation(tmp_path_factory.mktemp("started-again")))
    town.configure()
    await asyncio.to_thread(town.start)
    async with opened(town) as visit:
        await visit.write(HEATING)
        await visit.hears("Shall we send it")
        assert await asyncio.to_thread(town.installation.stop) == 0
        await visit.choose("I agree, send")
        await expect(visit.own.last).to_have_attribute("data-state", "waiting")
        await asyncio.to_thread(town.start, urlsplit(town.address).port or 0)
        await visit.is_sent()
        await visit.hears("What is it about?")
        assert len([said for said in await visit.talk() if "Your number is" in said]) == 1
    assert await asyncio.to_thread(town.installation.stop) == 0


async def test_a_text_that_is_too_long_is_given_back(opened: Open) -> None:
    async with opened() as visit:
        words = ("No heating " * 1000)[:10_000] + "."
        await visit.write(words)
        await expect(visit.notice).to_have_text("This is too long. Please send it in two parts.")
        await expect(visit.writing).to_have_value(words)
        await expect(visit.own).to_have_count(0)
        visit.complaints.clear()  # the browser notes the 413


# For everybody


async def test_a_keyboard_is_enough(opened: Open) -> None:
    async with opened(viewport={"width": 1280, "height": 800}) as visit:
        page = visit.page

        async def tab_to(wanted: str, key: str = "Tab") -> None:
            for _ in range(20):
                await page.keyboard.press(key)
                if await page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                    break
            else:
                raise AssertionError(f"no way to {wanted}")
            outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", "nobody sees where they are"

        await tab_to("#write")
        await page.keyboard.type(HEATING)
        await page.keyboard.press("Enter")
        await visit.hears("Shall we send it")
        await tab_to(".choice:enabled", "Shift+Tab")
        while "I agree" not in await page.evaluate("document.activeElement.textContent"):
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await visit.hears("What is it about?")
        await tab_to(".choice:enabled")
        await page.keyboard.press("Space")
        await visit.hears("Where is it?")


@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 256])
async def test_nothing_is_wider_than_a_small_phone(opened: Open, locale: str, width: int) -> None:
    async with opened(locale=locale, viewport={"width": width, "height": 600}) as visit:
        long_word = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3
        await visit.write(f"{HEATING} {long_word} https://example.org/{'a' * 200}")
        await expect(visit.page.locator(".choice:enabled")).to_have_count(4)
        await visit.page.locator("#more").click()
        for wide in ("html", "#talk", "#below"):
            inside, room = await visit.page.locator(wide).evaluate("(e) => [e.scrollWidth, e.clientWidth]")
            assert inside <= room, f"{wide} is {inside} wide in {room}"


async def test_what_people_write_is_only_text(opened: Open) -> None:
    async with opened() as visit:
        nasty = "<img src=x onerror=alert(1)> <b>no heating</b> &amp; {council}"
        await visit.write(nasty)
        await visit.hears(nasty)
        assert await visit.page.locator("#talk img, #talk b").count() == 0
