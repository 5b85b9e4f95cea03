"""A photo or a file that we cannot open: whoever sent it hears so, once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.media import MediaFolder, MediaWorker
from bot.unopened import Unopened
from core.errors import ChannelDown, Refused, Throttled
from core.talk import Attachment
from tests.bot.house import EMPOLI, GRAZ, House, house_in, words


class Source:
    """A channel whose files are no photos, or that has bad days."""

    def __init__(self) -> None:
        self.fault: Exception | None = None

    async def fetch(self, remote: str) -> AsyncIterator[bytes]:
        if self.fault:
            raise self.fault
        yield b"%PDF-1.7 " + remote.encode()


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def worker(house: House, source: Source, tmp_path: Path) -> MediaWorker:
    sources = {house.ids.accounts[key]: source for key in ("bell", "app", "text")}
    unopened = Unopened({GRAZ.key: GRAZ, EMPOLI.key: EMPOLI}, words())
    return MediaWorker(house.database, MediaFolder(tmp_path / "media"), sources, 1_000_000, unopened=unopened)


async def sends(
    house: House, text: str = "The lift is broken", *, account: str = "bell", files: int = 1
) -> None:
    """Somebody writes, with files that are none we open."""
    attached = tuple(Attachment("", "file", f"file-{n}") for n in range(files))
    await house.says(text, account=account, attachments=attached)


async def told(house: House, language: str = "en") -> int:
    said = words()[language].say("more.unopened.file")
    return sum(one.text == said for one in (await house.queued()).values())


@pytest.mark.parametrize("account", ["bell", "app"])
async def test_who_sent_it_hears_so_once(house: House, worker: MediaWorker, account: str) -> None:
    await sends(house, account=account, files=3)
    for _ in range(3):
        await worker.fetch(clock.now())
    assert await told(house) == 1
    house.clock.passes(minutes=1)
    await sends(house, "And this", account=account)
    await worker.fetch(clock.now())
    assert await told(house) == 2


async def test_they_hear_it_in_their_language(house: House, worker: MediaWorker) -> None:
    await sends(house, "Der Aufzug in unserem Haus ist seit drei Wochen kaputt")
    await worker.fetch(clock.now())
    assert await told(house, "de") == 1


async def test_by_sms_nobody_is_told(house: House, worker: MediaWorker) -> None:
    await sends(house, account="text")
    await worker.fetch(clock.now())
    assert await house.column("select state from media") == ["refused"]
    assert await told(house) == 0


async def test_what_the_provider_refuses_is_told_and_what_is_only_late_is_not(
    house: House, worker: MediaWorker, source: Source
) -> None:
    await sends(house)
    for fault in (ChannelDown(), Throttled(timedelta(seconds=1))):
        source.fault = fault
        await worker.fetch(clock.now())
        assert await told(house) == 0
        house.clock.passes(hours=1)
    source.fault = Refused("The file is larger than we take.")
    await worker.fetch(clock.now())
    assert await told(house) == 1


@pytest.mark.parametrize("word", ["stop", "delete"])
async def test_who_has_stopped_or_deleted_everything_hears_nothing(
    house: House, worker: MediaWorker, word: str
) -> None:
    await sends(house)
    await house.says(word)
    if word == "delete":
        await house.says("1")
    await worker.fetch(clock.now())
    assert await told(house) == 0
