"""Draw the pictures of docs/pictures: real talks on the page of a Townbell that really runs, and a digest.

.venv/bin/python -m tools.pictures            # those of the README
.venv/bin/python -m tools.pictures FOLDER     # every talk and the letter on phone and desktop, to look at

The week of the digest is made up; the letter is drawn by the code that writes it.
"""

from __future__ import annotations

import asyncio
import io
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, expect

from core.digest import Count, Matter, Proposal, Reading
from outreach.digest_html import as_html
from tests.flows.talk import GRAZ
from tests.journeys.installation import Installation
from tests.journeys.town import ACCOUNTS, council_table
from tests.outreach import weeks
from tests.outreach.weeks import at, issue, machine, week
from tests.peers.browser import Chromium, chromium
from translations import catalogs

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
#: so high that both talks of the README are cut between two messages
PHONE, DESKTOP = (390, 871), (1280, 800)
#: so high that the letter is cut between two issues, and its end begins with a heading
LETTER, LETTER_ON_PHONE = (680, 974), (390, 974)
COUNCIL = replace(
    GRAZ, name="Migrant council of Graz", topics=("housing", "work", "papers", "health", "other")
)

#: what is said in each talk; what begins with "=" is a choice that is tapped
TALKS = {
    "en": ["The heating in our house has been broken for three weeks."],
    "ar": ["التدفئة في بيتنا معطلة منذ ثلاثة أسابيع.", "=1"],
    "en-first": [],
    "ar-first": [],
    "en-topic": ["The heating in our house has been broken for three weeks. My son is ill.", "=1", "=1"],
    "ar-topic": ["التدفئة في بيتنا معطلة منذ ثلاثة أسابيع، وابني مريض.", "=1", "=1", "Annenstraße 12"],
    "en-notice": ["They do not pay me for the night shifts", "=9"],
    "ar-advice": ["كيف أسجل ابني في المدرسة؟", "=2"],
    "en-danger": ["My neighbour threatens us and I am afraid"],
    "de": ["Der Aufzug ist kaputt und meine Mutter kann nicht gehen", "=1"],
}


def made_up() -> Matter:
    """A week of a council that reads German."""
    flat = machine(
        "In der Annenstraße kommt bei uns der Schimmel von den Wänden, die Kinder husten jede Nacht."
    )
    wall = machine("Schimmel im Schlafzimmer. Der Vermieter sagt, wir lüften falsch.")
    return week(
        issue(
            1,
            machine("Mein Nachbar bedroht uns im Stiegenhaus, wir trauen uns kaum mehr hinaus."),
            danger=True,
            topic="safety",
        ),
        issue(
            2,
            machine("Meine Papiere liegen seit vier Monaten beim Amt, und niemand antwortet mir."),
            topic="papers",
            filed_at=at("2026-11-06 10:00"),
            hear_by=at("2026-11-20 12:00"),
            late_told_at=at("2026-11-21 09:00"),
            people=3,
        ),
        issue(3, flat, media=2),
        issue(4, wall),
        issue(5, machine("An der Haustür steht «ممنوع الدخول», auf Deutsch nur „Tür schließen“.")),
        issue(
            6,
            machine("Der Chef zahlt die Nachtschichten nicht und sagt, das sei so üblich.", "doubtful"),
            topic="work",
            people=6,
        ),
        issue(7, Reading("Wo kann man am Abend Deutsch lernen?"), topic="school", kind="question"),
        issue(
            8,
            machine("Der Bus kommt am Morgen so voll, dass der Fahrer uns nicht mitnimmt."),
            topic="transport",
        ),
        issue(
            9,
            Reading("Die Haltestelle vor dem Heim hat kein Dach.", "person"),
            topic="transport",
            status="discussed",
            filed_at=at("2026-11-04 10:00"),
            answered_at=at("2026-11-06 10:00"),
            promised_at=at("2026-12-03 12:00"),
            people=9,
        ),
        looks=1,
        proposals=(Proposal(1, (3, 4), (flat, wall)),),
        this_week=Count(
            filed=7,
            answered=5,
            closed=2,
            people=7,
            by_topic={"housing": 3, "work": 1, "school": 1, "safety": 1, "transport": 1},
            by_language={"ar": 3, "uk": 2, "es": 1, "de": 1},
        ),
        last_week=Count(
            filed=6, answered=4, closed=3, people=5, by_topic={"housing": 1, "work": 3, "papers": 2}
        ),
    )


async def talk(page: Page, address: str, said: list[str]) -> None:
    """Hold a talk, and wait until its last answer is on screen."""
    await page.goto(f"{address}/chat")
    answers = page.locator("#talk .theirs")
    for words in said:
        before = await answers.last.inner_text() if await answers.count() else ""
        if words.startswith("="):
            number = page.locator(".choice:enabled .number", has_text=words[1:]).first
            await number.click()
        else:
            await page.locator("#write").fill(words)
            await page.locator("#send").click()
        # Not counted: a question that is answered here is erased, and the page forgets its talk.
        await expect(answers.last).not_to_have_text(before, use_inner_text=True)
        await expect(page.locator('#talk .mine:not([data-state="sent"])')).to_have_count(0)
    await page.locator("#write").blur()
    await page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")


async def drawn(browser: Chromium, address: str, name: str, size: tuple[int, int], *, dark: bool) -> bytes:
    """A picture of a talk."""
    async with browser.context(
        locale=name.partition("-")[0],
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if size == PHONE else 1,
        is_mobile=size == PHONE,
        has_touch=size == PHONE,
        color_scheme="dark" if dark else "light",
    ) as context:
        page = await context.new_page()
        await talk(page, address, TALKS[name])
        return await page.screenshot()


async def letter(browser: Chromium, size: tuple[int, int], *, dark: bool = False, end: bool = False) -> bytes:
    """A picture of the digest as a letter: its beginning, or its end."""
    async with browser.context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2,
        is_mobile=True,  # without a bar to scroll by
        color_scheme="dark" if dark else "light",
    ) as context:
        page = await context.new_page()
        await page.set_content(as_html(made_up(), weeks.GRAZ, catalogs.load()["de"]))
        if end:
            await page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        return await page.screenshot()


def side_by_side(pictures: list[bytes]) -> Image.Image:
    """Pictures beside each other, with some air between them."""
    images = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    air = 40
    width = sum(image.width for image in images) + air * (len(images) + 1)
    sheet = Image.new("RGB", (width, images[0].height + 2 * air), "#dcd7cc")
    left = air
    for image in images:
        sheet.paste(image, (left, air))
        left += image.width + air
    return sheet


async def draw(address: str, browser: Chromium, folder: Path | None) -> None:
    """Draw what is asked for."""
    if folder is None:
        await draw_for_readme(address, browser)
        return
    for name in TALKS:
        for size, where in ((PHONE, "phone"), (DESKTOP, "desktop")):
            for dark in (False, True) if name in ("en", "ar") else (False,):
                picture = await drawn(browser, address, name, size, dark=dark)
                (folder / f"{name}-{where}{'-dark' if dark else ''}.png").write_bytes(picture)
    for size, where in ((LETTER_ON_PHONE, "phone"), (LETTER, "desktop")):
        for dark in (False, True):
            for end in (False, True):
                picture = await letter(browser, size, dark=dark, end=end)
                name = f"digest-{where}{'-dark' if dark else ''}{'-end' if end else ''}.png"
                (folder / name).write_bytes(picture)


async def draw_for_readme(address: str, browser: Chromium) -> None:
    """Draw the two pictures of the README."""
    talks = [await drawn(browser, address, name, PHONE, dark=False) for name in ("en", "ar")]
    letters = [await letter(browser, LETTER), await letter(browser, LETTER_ON_PHONE, dark=True, end=True)]
    for pictures, name in ((talks, "chat.png"), (letters, "digest.png")):
        sheet = side_by_side(pictures).quantize(128, dither=Image.Dither.NONE)
        sheet.save(PICTURES / name, optimize=True)


def main() -> None:
    """Start a town, and draw."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    (folder or PICTURES).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        installation = Installation(Path(scratch))
        config = council_table(COUNCIL) + ACCOUNTS
        (installation.folder / "config.toml").write_text(config, encoding="utf-8")
        installation.start()
        try:
            asyncio.run(draw(installation.address(), browser, folder))
        finally:
            installation.stop()


if __name__ == "__main__":
    main()
