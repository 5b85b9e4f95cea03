"""Photos, voice notes and videos on disk: looked at, cleaned, whole or not there.

Every file comes in by `MediaFolder.keep`, from a channel or from an upload: written to a temporary file,
its kind found by its content, its metadata taken out, brought to disk, and only then given its name, which
is random. A row names it afterwards; a file that no row names is swept away after an hour.

Kept are photos (JPEG, PNG, WebP, and GIF as a still picture), voice notes (Ogg, WebM, MP4, MP3, AMR) and
videos (MP4, MOV, 3GP, WebM) up to the size limit. Everything else is refused, with the reason.
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

import filetype
import structlog

from bot import clock, photos, recordings
from bot.channels import MediaSource
from bot.photos import BrokenPhoto, HugePhoto
from bot.recordings import BrokenRecording
from bot.unopened import Unopened
from core.errors import DiskFull, Refused, Throttled, TownbellError
from core.talk import MediaKind
from storage import due, media
from storage.database import Database, Tx, Work
from storage.files import sync_folder
from storage.media import Wanted

#: a file is named by a row within seconds, and an upload found by who has it; an hour forgives a slow disk, a
#: clock that was set, and a process that is being started again
ORPHAN = clock.HOUR
FETCH_SECONDS = 300
FETCHES = 4  # at a time, from one account
BATCH = 16  # from one account, before the next account has its turn
UPLOADS = 1000  # in one look: those that are elsewhere stay in the list, and must not keep ours out of it
TRIES = 8  # 1, 2, 4 ... minutes: about two hours, then it is gone
_HEAD = 8192  # as much as the kind of a file can be told from

#: what a file is, once it is here, can be told from its name
_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png",
    "audio/ogg": "ogg", "audio/webm": "weba", "audio/mp4": "m4a", "audio/3gpp": "3ga",
    "audio/mpeg": "mp3", "audio/amr": "amr",
    "video/ogg": "ogv", "video/webm": "webm", "video/mp4": "mp4", "video/quicktime": "mov",
    "video/3gpp": "3gp",
}  # fmt: skip
_TYPES = {extension: mime for mime, extension in _EXTENSIONS.items()}
_KINDS: Mapping[str, MediaKind] = {"image": "photo", "audio": "voice", "video": "video"}
_NAME = re.compile(rf"[0-9a-f]{{32}}\.({'|'.join(_TYPES)})")

T = TypeVar("T")

log = structlog.get_logger()


class TooLarge(TownbellError):
    """This file is too large. Please send a smaller photo or a shorter voice note."""

    reason = "too large"


class WrongKind(TownbellError):
    """We cannot open this file. Please send a photo or a voice note."""

    reason = "neither a photo nor a voice note nor a video"


#: what makes a file one that we do not keep: a sentence for who sent it, and a `reason` for staff
Unkept = (TooLarge, WrongKind, BrokenPhoto, HugePhoto, BrokenRecording)


@dataclass(frozen=True)
class Kept:
    """A file that is on disk."""

    file: str  #: its name in the folder
    mime: str
    size: int

    @property
    def kind(self) -> MediaKind:
        """What the person meant by it."""
        return _KINDS[self.mime.partition("/")[0]]


class MediaFolder:
    """`data/media`: files with random names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, pieces: AsyncIterator[bytes], limit: int) -> Kept:
        """Keep a file that comes in pieces; raises one of `Unkept`, or DiskFull.

        When this returns, the file is on disk under its name, and stays there if the power goes.
        """
        name = secrets.token_hex(16)
        raw, clean = self._folder / f"{name}.raw.part", self._folder / f"{name}.clean.part"
        with _disk_faults():
            try:
                await self._write(raw, pieces, limit)
                return await asyncio.to_thread(self._settle, name, raw, clean)
            finally:
                for path in (raw, clean):
                    path.unlink(missing_ok=True)

    async def _write(self, path: Path, pieces: AsyncIterator[bytes], limit: int) -> None:
        size = 0
        with await asyncio.to_thread(_create, path) as file:
            async for piece in pieces:
                size += len(piece)
                if size > limit:
                    raise TooLarge
                await asyncio.to_thread(file.write, piece)

    def _settle(self, name: str, raw: Path, clean: Path) -> Kept:
        mime = _mime(raw)
        if mime in photos.TYPES:
            _create(clean).close()
            mime, ready = photos.draw_anew(raw, clean), clean
        elif mime in recordings.TYPES:
            mime, ready = recordings.without_notes(raw, mime), raw
        else:
            raise WrongKind
        file = f"{name}.{_EXTENSIONS[mime]}"
        size = ready.stat().st_size
        ready.rename(self._folder / file)
        sync_folder(self._folder)
        return Kept(file, mime, size)

    async def look(self, file: str) -> Kept | None:
        """A file that is in the folder; None when it is not, or the name is none of ours."""
        if not _NAME.fullmatch(file):
            return None
        try:
            size = (await asyncio.to_thread((self._folder / file).stat)).st_size
        except FileNotFoundError:
            return None
        return Kept(file, _TYPES[file.rpartition(".")[2]], size)

    async def remove(self, files: Iterable[str]) -> int:
        """Remove files by name; how many were there. What is no name of ours is left alone."""
        return await asyncio.to_thread(self._remove, [file for file in files if _NAME.fullmatch(file)])

    def _remove(self, files: Iterable[str]) -> int:
        removed = 0
        for file in files:
            with suppress(FileNotFoundError):
                (self._folder / file).unlink()
                removed += 1
        return removed

    async def old(self, now: int) -> list[str]:
        """The files that lie here for longer than an hour, unfinished ones too."""
        return await asyncio.to_thread(lambda: list(self._old(now)))

    def _old(self, now: int) -> Iterator[str]:
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            for entry in entries:
                ours = _NAME.fullmatch(entry.name) or entry.name.endswith(".part")
                with suppress(FileNotFoundError):
                    if ours and entry.stat().st_mtime_ns // 1000 < now - ORPHAN:
                        yield entry.name

    async def sweep(self, candidates: Iterable[str], named: set[str]) -> int:
        """Remove those of the old files that no row names; how many."""
        orphans = [name for name in candidates if name not in named]
        return await asyncio.to_thread(self._remove, orphans)


class MediaWorker:
    """Fetches what messages came with, finds what was uploaded, and removes what nobody needs any more.

    `sources` are the channels by account id; None is an account whose files come as uploads. Of several
    processes one fetches for an account, and each finds the uploads that are in its folder.
    """

    def __init__(
        self,
        database: Database,
        folder: MediaFolder,
        sources: Mapping[int, MediaSource | None],
        limit: int,
        *,
        told: Callable[[str], None] = lambda _: None,
        unopened: Unopened | None = None,
    ) -> None:
        self._database = database
        self._folder = folder
        self._sources = sources
        self._limit = limit
        self._told = told  # "kept", "refused", "gone" or "later", for the metrics
        self._unopened = unopened  # tells who sent what is refused

    async def fetch(self, now: int) -> int:
        """Fetch what the channels have for us; how many attachments were looked at."""
        return sum(
            [await self._fetch_from(id_, source, now) for id_, source in self._sources.items() if source]
        )

    async def _fetch_from(self, account_id: int, source: MediaSource, now: int) -> int:
        if not await self._wanted(account_id, now, BATCH):
            return 0
        async with self._database.seat(f"media:{account_id}"):
            # Asked again, for whoever had the seat before us may have fetched it all.
            return await self._settle_all(await self._wanted(account_id, now, BATCH), source, now)

    async def find_uploads(self, now: int) -> int:
        """Find what was uploaded; how many uploads were looked for."""
        accounts = [id_ for id_, source in self._sources.items() if source is None]
        uploads = [await self._wanted(id_, now, UPLOADS) for id_ in accounts]
        return sum([await self._settle_all(of_one, None, now) for of_one in uploads])

    async def _wanted(self, account_id: int, now: int, limit: int) -> list[Wanted]:
        return await self._database.read(lambda tx: media.wanted(tx, account_id, now, limit))

    async def _settle_all(self, wanted: Sequence[Wanted], source: MediaSource | None, now: int) -> int:
        few = asyncio.Semaphore(FETCHES)

        async def settle(one: Wanted) -> None:
            async with few:
                await self._settle(one, source, now)

        async with asyncio.TaskGroup() as group:
            for one in wanted:
                group.create_task(settle(one))
        return len(wanted)

    async def _settle(self, wanted: Wanted, source: MediaSource | None, now: int) -> None:
        try:
            kept = await self._kept(wanted, source)
        except Unkept as fault:
            await self._refused(wanted, fault.reason, now)
        except Refused as fault:
            await self._refused(wanted, str(fault), now)
        except Exception as fault:  # noqa: BLE001 - whatever a channel or the disk did, it is tried again, then given up
            await self._later(wanted, fault, now)
        else:
            if kept is None:
                await self._missing(wanted, now)
            elif not await self._write_kept(wanted, kept) and source:
                # The person has had it erased meanwhile. An upload goes with its row, and not here: another
                # process may have found it first.
                await self._folder.remove([kept.file])

    async def _kept(self, wanted: Wanted, source: MediaSource | None) -> Kept | None:
        if source is None:
            return await self._folder.look(wanted.remote.removeprefix(media.UPLOADED))
        async with asyncio.timeout(FETCH_SECONDS):
            return await self._folder.keep(source.fetch(wanted.remote), self._limit)

    async def _write_kept(self, wanted: Wanted, kept: Kept) -> bool:
        return await self._write(
            lambda tx: media.kept(tx, wanted.id, kept.file, kept.mime, kept.size), "kept"
        )

    async def _missing(self, upload: Wanted, now: int) -> None:
        # It may be in the folder of another process, which finds it.
        if upload.created_at < now - ORPHAN:
            await self._gone(upload, "its file is lost")

    async def _refused(self, wanted: Wanted, reason: str, now: int) -> None:
        """It will never be opened: whoever sent it hears so."""

        async def work(tx: Tx) -> None:
            if await media.refused(tx, wanted.id, reason) and self._unopened:
                await self._unopened.tell(tx, wanted.id, now)

        await self._write(work, "refused")

    async def _gone(self, wanted: Wanted, reason: str) -> None:
        await self._write(lambda tx: media.refused(tx, wanted.id, reason), "gone")

    async def _later(self, wanted: Wanted, fault: Exception, now: int) -> None:
        if wanted.attempts + 1 >= TRIES:
            await self._gone(wanted, "could not be fetched")
            return
        wait = clock.MINUTE << wanted.attempts
        if isinstance(fault, Throttled):
            wait = max(wait, int(fault.retry_after.total_seconds() * clock.SECOND))
        log.warning("media later", media=wanted.id, fault=type(fault).__name__, attempts=wanted.attempts + 1)
        await self._write(lambda tx: media.later(tx, wanted.id, now + wait), "later")

    async def _write(self, work: Work[T], outcome: str) -> T:
        result = await self._database.transaction(work, name="media")
        self._told(outcome)
        return result

    async def erase(self, now: int) -> int:
        """Remove the files of what people had deleted; how many."""
        rows = await self._database.read(lambda tx: due.take(tx, now, ("media.erase",)))
        removed = 0
        for row in rows:
            removed += await self._folder.remove(row.detail.get("files", ()))

            async def work(tx: Tx, done: int = row.id) -> None:
                await due.done(tx, done, now)

            await self._database.transaction(work, name="media.erase")
        return removed

    async def sweep(self, now: int) -> int:
        """Remove files that no row names: of crashes, of uploads repeated; how many."""
        # First the folder, then the rows: what was named in between is not among the candidates' orphans.
        candidates = await self._folder.old(now)
        if not candidates:
            return 0
        return await self._folder.sweep(candidates, await self._database.read(media.files))


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _mime(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise WrongKind
    if head[4:11] == b"ftyp3gp":  # which filetype looks for in another place
        return "video/3gpp"
    found = filetype.guess(head)
    return found.mime if found else ""


@contextmanager
def _disk_faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull from None
        raise
