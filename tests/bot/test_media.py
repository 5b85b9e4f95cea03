"""Photos and voice notes: looked at, cleaned, whole or not there, and gone when nobody needs them."""

import asyncio
import os
import re
import struct
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import pytest

from bot import clock
from bot.media import FETCH_SECONDS, TRIES, Kept, MediaFolder, MediaWorker, TooLarge, Unkept, WrongKind
from bot.photos import BrokenPhoto
from bot.recordings import BrokenRecording
from core.errors import ChannelDown, DiskFull, Refused, Throttled
from core.messages import InboundMessage
from core.talk import Attachment, MediaKind
from storage import due, inbox, media
from storage.addresses import Keyring
from storage.councils import Account, sync
from storage.database import Database, open_database
from storage.media import Wanted
from storage.postgres import PostgresSeat
from tests.bot.test_photos import from_a_phone, png_that_claims
from tests.peers.postgres import Cluster

LIMIT = 100_000
TIME = b"Noon"  # in place of a number, to be found again
NOON = 1_700_000_000_000_000
PATIENCE = 20.0  # seconds; as long as any story may wait for something that happens by itself

OnDisk = Callable[[], list[str]]


class Hear(Protocol):
    """Somebody sends an attachment."""

    async def __call__(self, remote: str, kind: MediaKind = "photo", account: str = "bot") -> None: ...


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for at in range(0, len(content), size):
        yield content[at : at + size]


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def track(kind: bytes, *more: bytes) -> bytes:
    handler = box(b"hdlr", bytes(8) + kind + bytes(12) + b"name\0")
    times = b"\0\0\0\0" + TIME * 2 + bytes(12)
    return box(b"trak", box(b"tkhd", times) + box(b"mdia", box(b"mdhd", times) + handler) + b"".join(more))


def mp4(*tracks: bytes, brand: bytes = b"isom", notes: bytes = b"") -> bytes:
    times = b"\0\0\0\0" + TIME * 2 + bytes(88)
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+47.0707+015.4395/"))
    about = box(b"meta", bytes(4) + b"com.apple.quicktime.model Townphone")
    return (
        box(b"ftyp", brand + bytes(4) + brand)
        + box(b"moov", box(b"mvhd", times) + b"".join(tracks) + place + about + notes)
        + box(b"mdat", b"sound and picture" * 10)
        + box(b"uuid", b"XMP: Amina")
    )


OGG = b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead\1\1" + bytes(200)
WEBM_VOICE = (
    b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\xf7\x81\1B\xf2\x81\4B\xf3\x81\x08B\x82\x84webmB\x87\x81\4B\x85\x81\2\x86\x86A_OPUS"
    + bytes(99)
)
WEBM_VIDEO = WEBM_VOICE.replace(b"A_OPUS", b"V_VP8\0")
AMR = b"#!AMR\n" + bytes(200)


def mp3(tag: bytes = b"TIT2 Amina at the playground") -> bytes:
    size = len(tag)
    head = b"ID3\3\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    return head + tag + b"\xff\xfb\x90\x00" + b"s" * 400 + b"TAG" + b"Amina".ljust(125, b"\0")


KEPT = [
    ("a photo", from_a_phone(), "jpg", "image/jpeg", "photo"),
    ("a photo as PNG", from_a_phone("PNG"), "png", "image/png", "photo"),
    ("a photo as WebP", from_a_phone("WEBP"), "jpg", "image/jpeg", "photo"),
    ("a voice note of Telegram, Firefox", OGG, "ogg", "audio/ogg", "voice"),
    ("a voice note of Chrome", WEBM_VOICE, "weba", "audio/webm", "voice"),
    ("a voice note of Safari", mp4(track(b"soun")), "m4a", "audio/mp4", "voice"),
    ("a voice memo", mp4(track(b"soun"), brand=b"M4A "), "m4a", "audio/mp4", "voice"),
    ("an old Android's voice note", mp4(track(b"soun"), brand=b"3gp4"), "3ga", "audio/3gpp", "voice"),
    ("an MP3", mp3(), "mp3", "audio/mpeg", "voice"),
    ("an old phone's voice note", AMR, "amr", "audio/amr", "voice"),
    ("a video", mp4(track(b"vide"), track(b"soun")), "mp4", "video/mp4", "video"),
    ("an iPhone's video", mp4(track(b"vide"), brand=b"qt  "), "mov", "video/quicktime", "video"),
    ("a video of Chrome", WEBM_VIDEO, "webm", "video/webm", "video"),
]


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def on_disk(tmp_path: Path) -> OnDisk:
    return lambda: sorted(path.name for path in (tmp_path / "media").glob("*"))


@pytest.mark.parametrize(
    ("label", "content", "extension", "mime", "kind"), KEPT, ids=[case[0] for case in KEPT]
)
async def test_what_is_kept_is_known_by_its_content(
    *,
    folder: MediaFolder,
    on_disk: OnDisk,
    tmp_path: Path,
    label: str,
    content: bytes,
    extension: str,
    mime: str,
    kind: str,
) -> None:
    kept = await folder.keep(pieces(content), LIMIT)
    assert re.fullmatch(rf"[0-9a-f]{{32}}\.{extension}", kept.file)
    assert (kept.mime, kept.kind) == (mime, kind)
    assert on_disk() == [kept.file]
    path = tmp_path / "media" / kept.file
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept.size == path.stat().st_size
    assert await folder.look(kept.file) == kept
    left = path.read_bytes()
    assert not any(word in left for word in (b"Townphone", b"Amina", b"playground", b"+47.07", TIME))


async def test_sound_and_picture_stay_where_they_were(folder: MediaFolder, tmp_path: Path) -> None:
    before = mp4(track(b"vide"), track(b"soun"))
    kept = await folder.keep(pieces(before), LIMIT)
    after = (tmp_path / "media" / kept.file).read_bytes()
    assert len(after) == len(before)
    assert after.index(b"sound and picture" * 10) == before.index(b"sound and picture" * 10)


async def test_a_track_of_places_is_emptied(folder: MediaFolder, tmp_path: Path) -> None:
    gps = track(b"meta", box(b"gmhd", b"47.0707"))
    kept = await folder.keep(pieces(mp4(track(b"vide"), gps)), LIMIT)
    assert b"47.0707" not in (tmp_path / "media" / kept.file).read_bytes()


def nested(name: bytes, depth: int) -> bytes:
    content = b""
    for _ in range(depth):
        content = box(name, content)
    return content


FTYP = box(b"ftyp", b"isom" + bytes(4))
REFUSED = [
    ("nothing", b"", WrongKind),
    ("text named .jpg", b"This is no photo.", WrongKind),
    ("a page", b"<!doctype html><script>alert(1)</script>", WrongKind),
    ("a PDF", b"%PDF-1.7\n" + bytes(100), WrongKind),
    ("a zip", b"PK\3\4" + bytes(100), WrongKind),
    ("a program", b"\x7fELF" + bytes(100), WrongKind),
    ("a picture of an iPhone, HEIC", box(b"ftyp", b"heic\0\0\0\0mif1heic") + bytes(100), WrongKind),
    ("SVG", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', WrongKind),
    ("half a photo", from_a_phone(size=(600, 400))[:-900], BrokenPhoto),
    ("JPEG's first bytes and no more", b"\xff\xd8\xff\xe0" + bytes(100), BrokenPhoto),
    ("a video without its end", mp4(track(b"vide"))[:-40], BrokenRecording),
    ("a video without tracks", mp4(), BrokenRecording),
    ("a video with nothing but places", mp4(track(b"meta")), BrokenRecording),
    ("boxes in boxes in boxes", FTYP + nested(b"moov", 5000), BrokenRecording),
    ("nothing but boxes", FTYP + box(b"free", b"") * 60_000, BrokenRecording),
    ("a box that lies about its size", FTYP + b"\0\0\0\1moov" + b"\xff" * 8, BrokenRecording),
    ("an Ogg of nothing we know", b"OggS\0\2" + bytes(200), BrokenRecording),
]  # fmt: skip


@pytest.mark.parametrize(("label", "content", "fault"), REFUSED, ids=[case[0] for case in REFUSED])
async def test_what_is_not_kept_leaves_nothing_behind(
    folder: MediaFolder,
    on_disk: OnDisk,
    label: str,
    content: bytes,
    fault: type[Exception],
) -> None:
    with pytest.raises(fault) as raised:
        await folder.keep(pieces(content), 10 * LIMIT)
    assert isinstance(raised.value, Unkept)
    assert str(raised.value).endswith((".", "off.", "one."))
    assert raised.value.reason
    assert on_disk() == []


async def test_what_is_too_large_is_not_read_to_its_end(folder: MediaFolder, on_disk: OnDisk) -> None:
    read: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            read.append(1)
            yield bytes(10_000)

    with pytest.raises(TooLarge):
        await folder.keep(endless(), LIMIT)
    assert len(read) == 11
    assert on_disk() == []


async def test_when_it_breaks_off_nothing_is_left(folder: MediaFolder, on_disk: OnDisk) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        raise ChannelDown

    with pytest.raises(ChannelDown):
        await folder.keep(broken(), LIMIT)
    assert on_disk() == []


async def test_a_full_disk_is_told_as_such(folder: MediaFolder, on_disk: OnDisk) -> None:
    import resource
    import signal

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(DiskFull):
            await folder.keep(pieces(b"\xff\xd8\xff" + bytes(50_000)), LIMIT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert on_disk() == []


async def test_only_names_of_ours_are_looked_at_or_removed(folder: MediaFolder, tmp_path: Path) -> None:
    kept = await folder.keep(pieces(OGG), LIMIT)
    precious = tmp_path / "townbell.db"
    precious.write_bytes(b"precious")
    for name in ("../townbell.db", "townbell.db", "", ".", "..", "a" * 32 + ".exe", kept.file + "\n"):
        assert await folder.look(name) is None
        assert await folder.remove([name]) == 0
    assert precious.exists()
    assert await folder.remove([kept.file, kept.file]) == 1


# The worker


class Source:
    """A channel with files, and with bad days."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fault: Exception | None = None
        self.fetched: list[str] = []
        self.meanwhile: Callable[[str], Awaitable[None]] | None = None  #: what happens before a file comes

    async def fetch(self, remote: str) -> AsyncIterator[bytes]:
        self.fetched.append(remote)
        if self.meanwhile:
            await self.meanwhile(remote)
        if self.fault:
            raise self.fault
        async for piece in pieces(self.files[remote]):
            yield piece


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await open_database(None, tmp_path / "townbell.db")
    yield database
    await database.close()


@pytest.fixture
async def ids(database: Database) -> Mapping[str, int]:
    accounts = [Account("bot", "telegram", "graz"), Account("web", "web", "graz")]
    return (await database.transaction(lambda tx: sync(tx, ["graz"], accounts))).accounts


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def outcomes() -> list[str]:
    return []


@pytest.fixture
def worker(
    database: Database, folder: MediaFolder, ids: Mapping[str, int], source: Source, outcomes: list[str]
) -> MediaWorker:
    return MediaWorker(database, folder, {ids["bot"]: source, ids["web"]: None}, LIMIT, told=outcomes.append)


@pytest.fixture
def hear(database: Database) -> Hear:
    async def hear(remote: str, kind: MediaKind = "photo", account: str = "bot") -> None:
        await sent_to(database, remote, kind, account)

    return hear


async def sent_to(database: Database, remote: str, kind: MediaKind, account: str) -> None:
    message = InboundMessage(
        account, "message", f"m:{remote}", "A" * 43, attachments=(Attachment("", kind, remote),)
    )
    keyring = Keyring(b"k" * 32)
    await database.transaction(lambda tx: inbox.store(tx, keyring, [message], NOON))


async def wanted(database: Database, account_id: int) -> list[Wanted]:
    return await database.read(lambda tx: media.wanted(tx, account_id, NOON))


async def states(database: Database) -> dict[str, int]:
    """How many attachments there are of each state."""
    rows = await database.read(lambda tx: tx.all("media_files", after="", limit=1000))
    return Counter("kept" if row["file"] else "wanted" if row["remote"] else "refused" for row in rows)


async def test_what_is_wanted_is_fetched_and_cleaned(
    *,
    worker: MediaWorker,
    source: Source,
    hear: Hear,
    database: Database,
    ids: Mapping[str, int],
    on_disk: OnDisk,
    outcomes: list[str],
) -> None:
    source.files = {"photo": from_a_phone(), "voice": OGG}
    await hear("photo")
    await hear("voice", "voice")
    assert await worker.fetch(NOON) == 2
    assert sorted(name[32:] for name in on_disk()) == [".jpg", ".ogg"]
    assert await database.read(media.files) == set(on_disk())
    assert await worker.fetch(NOON) == 0
    assert outcomes == ["kept", "kept"]


async def test_an_upload_is_here_already(
    worker: MediaWorker, folder: MediaFolder, hear: Hear, database: Database, on_disk: OnDisk
) -> None:
    kept = await folder.keep(pieces(OGG), LIMIT)
    await hear(f"file:{kept.file}", "voice", "web")
    assert await worker.fetch(NOON) == 0
    assert await worker.find_uploads(NOON) == 1
    assert await worker.find_uploads(NOON) == 0
    assert on_disk() == [kept.file]
    assert await database.read(media.files) == {kept.file}


async def test_an_upload_whose_file_is_lost_is_given_up_after_an_hour(
    worker: MediaWorker, hear: Hear, outcomes: list[str]
) -> None:
    await hear("file:" + "0" * 32 + ".ogg", "voice", "web")
    await hear("file:../townbell.db", "voice", "web")
    for now in (NOON, NOON + clock.MINUTE, NOON + clock.HOUR):
        assert await worker.find_uploads(now) == 2
    assert outcomes == []
    assert await worker.find_uploads(NOON + clock.HOUR + 1) == 2
    assert outcomes == ["gone", "gone"]
    assert await worker.find_uploads(NOON + clock.DAY) == 0


# Several processes


async def test_an_upload_is_found_by_the_process_that_has_it(
    *, worker: MediaWorker, hear: Hear, database: Database, ids: Mapping[str, int], tmp_path: Path
) -> None:
    elsewhere = MediaFolder(tmp_path / "elsewhere")
    kept = [await elsewhere.keep(pieces(OGG), LIMIT) for _ in range(20)]
    for one in kept:
        await hear(f"file:{one.file}", "voice", "web")
    there = MediaWorker(database, elsewhere, {ids["web"]: None}, LIMIT)
    assert await worker.find_uploads(NOON) == 20
    assert await there.find_uploads(NOON) == 20
    assert await worker.find_uploads(NOON + clock.DAY) == 0
    assert await states(database) == {"kept": 20}


async def test_an_upload_is_found_behind_many_that_are_elsewhere(
    worker: MediaWorker, folder: MediaFolder, hear: Hear, database: Database
) -> None:
    for n in range(20):
        await hear(f"file:{n:032x}.ogg", "voice", "web")
    kept = await folder.keep(pieces(OGG), LIMIT)
    await hear(f"file:{kept.file}", "voice", "web")
    await worker.find_uploads(NOON)
    assert await states(database) == {"wanted": 20, "kept": 1}


async def test_an_upload_that_two_find_at_once_in_a_shared_folder_stays(
    *, hear: Hear, database: Database, ids: Mapping[str, int], tmp_path: Path, on_disk: OnDisk
) -> None:
    found_by_both = asyncio.Barrier(2)

    class Shared(MediaFolder):
        async def look(self, file: str) -> Kept | None:
            kept = await super().look(file)
            await found_by_both.wait()
            return kept

    folder = Shared(tmp_path / "media")
    kept = await folder.keep(pieces(OGG), LIMIT)
    await hear(f"file:{kept.file}", "voice", "web")
    workers = [MediaWorker(database, folder, {ids["web"]: None}, LIMIT) for _ in range(2)]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(worker.find_uploads(NOON) for worker in workers))
    assert await states(database) == {"kept": 1}
    assert on_disk() == [kept.file]


async def test_of_two_processes_one_at_a_time_fetches(
    *, postgres: Cluster, tmp_path: Path, source: Source, on_disk: OnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.create_database()
    one, two = [await open_database(url, tmp_path / "unused") for _ in range(2)]
    ids = (
        await one.transaction(lambda tx: sync(tx, ["graz"], [Account("bot", "telegram", "graz")]))
    ).accounts
    await sent_to(one, "photo", "photo", "bot")
    folder = MediaFolder(tmp_path / "media")
    first, second = (MediaWorker(database, folder, {ids["bot"]: source}, LIMIT) for database in (one, two))
    fetching, go_on, refused = asyncio.Event(), asyncio.Event(), asyncio.Event()
    source.files = {"photo": from_a_phone()}

    async def meanwhile(_remote: str) -> None:
        fetching.set()
        await go_on.wait()

    async def told(seat: PostgresSeat, name: str) -> bool:
        if not (seated := await sit_down(seat, name)):
            refused.set()
        return seated

    source.meanwhile, sit_down = meanwhile, PostgresSeat.sit_down
    monkeypatch.setattr(PostgresSeat, "sit_down", told)
    monkeypatch.setattr("storage.postgres.SEAT_SECONDS", 0.01)
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        group.create_task(first.fetch(NOON))
        await fetching.wait()
        late = group.create_task(second.fetch(NOON))
        await refused.wait()
        go_on.set()
    assert (late.result(), source.fetched, len(on_disk())) == (0, ["photo"], 1)
    for database in (one, two):
        await database.close()
    postgres.drop_database(url)


# What goes wrong


async def test_a_channel_never_reaches_into_our_folder(
    worker: MediaWorker, source: Source, hear: Hear
) -> None:
    source.files = {"file:../townbell.db": OGG}
    await hear("file:../townbell.db", "voice")
    await worker.fetch(NOON)
    assert source.fetched == ["file:../townbell.db"]


async def test_what_is_not_kept_is_not_asked_for_again(
    worker: MediaWorker, source: Source, hear: Hear, outcomes: list[str], on_disk: OnDisk
) -> None:
    source.files = {"large": bytes(LIMIT + 1), "text": b"hello", "bomb": png_that_claims(60_000, 60_000)}
    for remote in source.files:
        await hear(remote)
    assert await worker.fetch(NOON) == 3
    assert outcomes == ["refused"] * 3
    assert await worker.fetch(NOON + clock.DAY) == 0
    assert on_disk() == []


async def test_what_the_channel_does_not_give_out_is_not_asked_for_again(
    worker: MediaWorker, source: Source, hear: Hear, outcomes: list[str]
) -> None:
    source.fault = Refused("file is too big")
    await hear("photo")
    await worker.fetch(NOON)
    assert outcomes == ["refused"]


@pytest.mark.parametrize(
    "fault", [ChannelDown(), TimeoutError(), OSError(5, "input/output error"), KeyError("bug")]
)
async def test_when_the_channel_is_down_it_is_tried_later(
    *, worker: MediaWorker, source: Source, hear: Hear, outcomes: list[str], fault: Exception
) -> None:
    source.fault = fault
    await hear("photo")
    assert await worker.fetch(NOON) == 1
    assert await worker.fetch(NOON) == 0  # not at once
    source.fault, source.files = None, {"photo": from_a_phone()}
    assert await worker.fetch(NOON + 2 * clock.MINUTE) == 1
    assert outcomes == ["later", "kept"]


async def test_a_channel_that_asks_for_an_hour_is_given_it(
    worker: MediaWorker, source: Source, hear: Hear
) -> None:
    source.fault = Throttled(timedelta(hours=1))
    await hear("photo")
    await worker.fetch(NOON)
    assert await worker.fetch(NOON + 59 * clock.MINUTE) == 0
    assert await worker.fetch(NOON + 61 * clock.MINUTE) == 1


async def test_after_two_hours_it_is_given_up(
    worker: MediaWorker, source: Source, hear: Hear, outcomes: list[str]
) -> None:
    source.fault = ChannelDown()
    await hear("photo")
    for attempt in range(20):
        await worker.fetch(NOON + attempt * clock.DAY)
    assert outcomes == ["later"] * (TRIES - 1) + ["gone"]


async def test_one_that_hangs_does_not_hold_the_others_for_ever(
    worker: MediaWorker, source: Source, hear: Hear, outcomes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert FETCH_SECONDS >= 60
    source.files = {"photo": from_a_phone()}
    limits: dict[asyncio.Task[None] | None, asyncio.Timeout] = {}
    asked: list[float] = []

    def timeout(seconds: float) -> asyncio.Timeout:
        asked.append(seconds)
        limit = limits[asyncio.current_task()] = asyncio.timeout(seconds)
        return limit

    async def hangs(remote: str) -> None:
        if remote == "hang":
            limits[asyncio.current_task()].reschedule(0)  # its time is over, as if so many seconds had passed
            await asyncio.Event().wait()

    monkeypatch.setattr("bot.media.asyncio", SimpleNamespace(**vars(asyncio) | {"timeout": timeout}))
    source.meanwhile = hangs
    await hear("hang")
    await hear("photo")
    await worker.fetch(NOON)
    assert asked == [FETCH_SECONDS, FETCH_SECONDS]
    assert sorted(outcomes) == ["kept", "later"]


def make_old(path: Path) -> None:
    at = (clock.now() - 2 * clock.HOUR) / clock.SECOND
    os.utime(path, (at, at))


async def test_files_that_no_row_names_are_swept_away(
    *, worker: MediaWorker, source: Source, hear: Hear, folder: MediaFolder, tmp_path: Path, on_disk: OnDisk
) -> None:
    source.files = {"photo": from_a_phone()}
    await hear("photo")
    await worker.fetch(NOON)
    upload = await folder.keep(pieces(OGG), LIMIT)
    await hear(f"file:{upload.file}", "voice", "web")  # the worker has not come to it yet
    orphan, fresh = await folder.keep(pieces(AMR), LIMIT), await folder.keep(pieces(AMR), LIMIT)
    unfinished = tmp_path / "media" / ("0" * 32 + ".raw.part")
    unfinished.write_bytes(b"half")
    stranger = tmp_path / "media" / "README.txt"
    stranger.write_bytes(b"not ours")
    for path in (tmp_path / "media").iterdir():
        if path.name != fresh.file:
            make_old(path)
    assert await worker.sweep(clock.now()) == 2
    assert orphan.file not in on_disk()
    assert unfinished.name not in on_disk()
    assert {upload.file, fresh.file, stranger.name} < set(on_disk())
    assert await worker.sweep(clock.now()) == 0


async def test_a_folder_that_is_not_there_yet_has_nothing_to_sweep(worker: MediaWorker) -> None:
    assert await worker.sweep(clock.now()) == 0


async def test_what_a_person_had_deleted_goes_from_disk(
    worker: MediaWorker, folder: MediaFolder, database: Database, on_disk: OnDisk
) -> None:
    kept = await folder.keep(pieces(OGG), LIMIT)
    detail = {"files": [kept.file, "../townbell.db", "0" * 32 + ".jpg"]}
    await database.transaction(lambda tx: due.put(tx, "media.erase", "media.erase:1", NOON, detail=detail))
    assert await worker.erase(NOON - 1) == 0
    assert await worker.erase(NOON) == 1
    assert on_disk() == []
    assert await worker.erase(NOON) == 0


async def test_what_is_erased_while_it_is_fetched_is_not_kept(
    *,
    worker: MediaWorker,
    source: Source,
    hear: Hear,
    database: Database,
    ids: Mapping[str, int],
    on_disk: OnDisk,
) -> None:
    source.files = {"photo": from_a_phone()}
    await hear("photo")

    async def erased(_remote: str) -> None:
        (row,) = await wanted(database, ids["bot"])
        await database.transaction(lambda tx: media.refused(tx, row.id, "erased"))

    source.meanwhile = erased
    await worker.fetch(NOON)
    assert on_disk() == []


def test_a_kept_file_says_what_it_is() -> None:
    assert Kept("a.jpg", "image/jpeg", 1).kind == "photo"
