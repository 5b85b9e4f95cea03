"""A photo or a voice note through the web chat."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.media import MediaWorker
from storage import inbox, media
from storage.addresses import Keyring
from tests.bot.test_media import AMR, OGG, mp4, track
from tests.bot.test_photos import GPS, from_a_phone, opened, png_that_claims
from tests.bot.web_house import MEGABYTE, House, until, web_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with web_house(tmp_path) as house:
        yield house


async def upload(
    session: ClientSession, content: bytes, key: str = "k1", kind: str = "image/jpeg"
) -> tuple[int, Any]:
    async with session.post(
        f"/chat/media?key={key}", data=io.BytesIO(content), headers={"Content-Type": kind}
    ) as response:
        return response.status, await response.json()


async def shown(session: ClientSession) -> list[dict[str, Any]]:
    async with session.get("/chat/messages") as response:
        messages: list[dict[str, Any]] = (await response.json())["messages"]
        return messages


def on_disk(house: House) -> list[str]:
    return sorted(path.name for path in house.media.glob("*"))


async def test_a_photo_is_taken_without_its_place(house: House) -> None:
    photo = from_a_phone(orientation=6)
    assert opened(photo).getexif().get_ifd(GPS)
    async with house.person() as session:
        assert await upload(session, photo) == (202, {"id": 1})
        (message,) = await shown(session)
        assert (message["media"], message["text"], message["key"]) == ("photo", "", "k1")
    (name,) = on_disk(house)
    with opened((house.media / name).read_bytes()) as kept:
        assert not kept.getexif()
        assert kept.size == (40, 60)  # upright


VOICES = [("Firefox", OGG), ("Safari", mp4(track(b"soun"))), ("an old phone", AMR)]


@pytest.mark.parametrize(("label", "voice"), VOICES, ids=[label for label, _ in VOICES])
async def test_a_voice_note_is_taken(house: House, label: str, voice: bytes) -> None:
    async with house.person() as session:
        assert await upload(session, voice, kind="audio/whatever") == (202, {"id": 1})
        assert (await shown(session))[0]["media"] == "voice"


async def test_the_worker_finds_the_upload_and_the_sweep_spares_it(house: House) -> None:
    async with house.person() as session:
        await upload(session, OGG)
    worker = MediaWorker(house.database, house.folder, {house.ids.accounts["web"]: None}, MEGABYTE)
    assert await house.database.read(media.files) == set(on_disk(house))
    assert await worker.find_uploads(2**62) == 1
    assert await house.database.read(media.files) == set(on_disk(house))
    assert len(on_disk(house)) == 1


async def test_the_same_upload_twice_is_one_message_and_one_file(house: House) -> None:
    async with house.person() as session:
        answers = [await upload(session, OGG), await upload(session, OGG)]
        answers += await asyncio.gather(*(upload(session, OGG) for _ in range(10)))
        assert answers == [(202, {"id": 1})] * 12
        assert len(await shown(session)) == 1
    assert len(on_disk(house)) == 1


REFUSED = [
    ("text named .jpg", b"This is no photo.", 415),
    ("nothing", b"", 415),
    ("half a photo", from_a_phone(size=(600, 400))[:-900], 415),
    ("a bomb", png_that_claims(60_000, 60_000), 413),
    ("too large", b"\xff\xd8\xff" + bytes(2 * MEGABYTE), 413),
    ("a page", b"<html><script>alert(1)</script></html>", 415),
]


@pytest.mark.parametrize(("label", "content", "status"), REFUSED, ids=[case[0] for case in REFUSED])
async def test_what_is_no_photo_is_refused_in_a_sentence(
    house: House, label: str, content: bytes, status: int
) -> None:
    async with house.person() as session:
        refused, answer = await upload(session, content)
        assert refused == status
        assert answer["error"].endswith(".")
    assert on_disk(house) == []
    assert (await house.database.read(inbox.counts)).unread == 0


NAME = Keyring(b"k" * 32).new_name("web")
UPLOAD = b"POST /chat/media?key=a HTTP/1.1\r\nHost: x\r\nCookie: townbell=%s\r\n" % NAME.encode()


async def test_an_upload_that_says_it_is_too_large_is_not_read(house: House) -> None:
    async with house.line() as line:
        await line.send(UPLOAD + b"Content-Length: 99999999\r\n\r\n")
        assert (await line.answer()).startswith(b"HTTP/1.1 413 ")
    assert on_disk(house) == []


async def test_an_upload_that_stops_half_way_leaves_nothing(house: House) -> None:
    async with house.line() as line:
        await line.send(UPLOAD + b"Content-Length: 9999\r\n\r\n\xff\xd8\xff")
        await until(lambda: len(on_disk(house)) == 1)
    await until(lambda: house.answered("POST /chat/media", 400))
    assert on_disk(house) == []


@pytest.mark.parametrize("key", ["", "a/b", "k" * 65, "%00"])
async def test_an_upload_needs_a_key(house: House, key: str) -> None:
    async with house.person() as session:
        assert (await upload(session, OGG, key))[0] == 400
    assert on_disk(house) == []


async def test_another_sites_page_cannot_upload(house: House) -> None:
    async with house.person(Sec_Fetch_Site="cross-site") as session:
        assert (await upload(session, OGG))[0] == 403


async def test_when_we_cannot_know_whether_it_was_stored_the_file_stays_until_the_sweep(house: House) -> None:
    async with house.person() as session:
        await house.database.close()
        assert (await upload(session, OGG))[0] == 503
    # The commit may have happened before the line was lost: what no row names is swept later.
    assert len(on_disk(house)) == 1
