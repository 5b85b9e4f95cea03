"""Draw the pictures of docs/pictures: real talks on the page of a Townbell that really runs.

.venv/bin/python tools/pictures.py            # the one of the README
.venv/bin/python tools/pictures.py FOLDER     # every talk on phone and desktop, to look at
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

from tests.flows.talk import GRAZ
from tests.journeys.installation import Installation
from tests.journeys.town import ACCOUNTS, council_table
from tests.peers.browser import Chromium, chromium

README_PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "chat.png"
PHONE, DESKTOP = (390, 844), (1280, 800)
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


async def talk(page: Page, address: str, said: list[str]) -> None:
    """Hold a talk, and wait until its last answer is on screen."""
    await page.goto(f"{address}/chat")
    for words in said:
        answers = await page.locator("#talk .theirs").count()
        if words.startswith("="):
            number = page.locator(".choice:enabled .number", has_text=words[1:]).first
            await number.click()
        else:
            await page.locator("#write").fill(words)
            await page.locator("#send").click()
        await expect(page.locator("#talk .theirs").nth(answers)).to_be_visible()
        await expect(page.locator("#talk .mine").last).to_have_attribute("data-state", "sent")
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
        pictures = [await drawn(browser, address, name, PHONE, dark=False) for name in ("en", "ar")]
        sheet = side_by_side(pictures).quantize(128, dither=Image.Dither.NONE)
        sheet.save(README_PICTURE, optimize=True)
        return
    for name in TALKS:
        for size, where in ((PHONE, "phone"), (DESKTOP, "desktop")):
            for dark in (False, True) if name in ("en", "ar") else (False,):
                picture = await drawn(browser, address, name, size, dark=dark)
                (folder / f"{name}-{where}{'-dark' if dark else ''}.png").write_bytes(picture)


def main() -> None:
    """Start a town, and draw."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    (folder or README_PICTURE.parent).mkdir(parents=True, exist_ok=True)
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
