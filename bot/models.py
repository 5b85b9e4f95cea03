"""`townbell models`: see, install and remove the models that translate.

The network is here, the packages themselves are in translations/packages/. What comes over the network has
a limit in size and in patience, and is looked at before any of it is used.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TextIO
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from bot.config import Settings
from bot.faults import listed
from bot.folder import Folder, is_held, prepare
from core.council import Council
from core.errors import TownbellError
from translations import tags
from translations.packages import archive, index, installing, library, models_folder
from translations.packages.index import Offer
from translations.packages.installing import Done
from translations.packages.models_folder import Installed, megabytes
from translations.packages.package import Direction

CONNECTING = 10.0  #: seconds until somebody answers
SILENCE = 30.0  #: seconds without a byte, after which the transfer is given up
INDEX_LIMIT = 10 * models_folder.MIB  #: the public index has a tenth of a megabyte
CHUNK = 64 * 1024
BAR = 20  #: signs
EXAMPLE = "For example: townbell models install es de"
PLAIN_STEP = 10_000_000  #: bytes after which a transfer of unknown size says where it is, when nobody watches


class CannotFetch(TownbellError):
    """Something could not be fetched."""


class NotUnderstood(TownbellError):
    """What was asked for cannot be told from the words given."""


# What the councils need

Pair = tuple[str, str]  #: language tags: what a text is in, and what it is put into


def needed(councils: Iterable[Council]) -> list[Pair]:
    """From each language people write in into each that their council reads, and back."""
    both_ways = {
        pair
        for council in councils
        for theirs in council.languages
        for ours in council.working_languages
        for pair in ((theirs, ours), (ours, theirs))
    }
    return sorted(pair for pair in both_ways if not tags.same(*pair))


def lacking(councils: Iterable[Council], here: Iterable[Installed]) -> list[Pair]:
    """What the councils need and these models cannot do."""
    there = [one.direction for one in here]
    return [pair for pair in needed(councils) if not index.is_served(*pair, there)]


def not_offered(models: Path, wanted: Iterable[Pair]) -> list[Pair]:
    """What the index had no model for when it was last asked; nothing, when it never was."""
    try:
        offers = index.read_index((models / "index.json").read_bytes(), str(models))
    except (OSError, index.BadIndex, library.NoExtra):
        return []
    there = [offer.direction for offer in offers]
    return [pair for pair in wanted if not index.is_served(*pair, there)]


# The commands


async def show(settings: Settings, out: TextIO) -> None:
    """List what is installed, and what the index offers."""
    models = Folder(settings.data.folder).models
    here = models_folder.installed(models)
    _say(out, "Installed:" if here else "Nothing is installed yet.")
    for one in here:
        _say(out, f"  {one.direction!s:<12} {one.version:<8} {megabytes(one.size):>10}")
    for folder in models_folder.damaged(models):
        _say(out, f"  {folder} is no model, or not whole. Remove it: rm -r {folder}")
    out.flush()
    async with _line() as line:
        _, offers = await _index(line, settings)
    newest = {one.direction: one for one in here}
    _say(out, f"Offered by {_shown(settings.translation.index_url)}:")
    for offer in offers:
        _say(out, f"  {offer.direction!s:<12} {offer.version:<8} {_state(offer, newest)}".rstrip())


def _state(offer: Offer, here: Mapping[Direction, Installed]) -> str:
    if offer.direction not in here:
        return ""
    return "newer than yours" if index.is_newer(offer, here[offer.direction]) else "installed"


async def install(settings: Settings, what: Sequence[str], sha256: str | None, out: TextIO) -> None:
    """Install a pair of languages from the index, or a package from a web address or a file."""
    models = _room(settings)
    with models_folder.held(models):
        async with _line() as line:
            work = _Installing(settings, models, out, line, sha256)
            match what:
                case [source, target]:
                    await work.pair(source, target)
                case [address] if "://" in address:
                    await work.address(address)
                case [name]:
                    work.file(Path(name))
                case _:
                    raise NotUnderstood(f"Name two languages, a web address or a file. {EXAMPLE}")
    _say_running(settings, out)


async def install_needed(settings: Settings, out: TextIO) -> None:
    """Install all that the councils need and the index has."""
    models = _room(settings)
    with models_folder.held(models):
        missing = lacking(settings.councils, models_folder.installed(models))
        if not missing:
            _say(out, "All that the councils need is installed.")
            return
        async with _line() as line:
            await _Installing(settings, models, out, line).pairs(missing)
    _say_running(settings, out)


def _room(settings: Settings) -> Path:
    if not library.has_extra():
        raise library.NoExtra
    return prepare(settings.data.folder).models


def remove(settings: Settings, source: str, target: str, out: TextIO) -> None:
    """Remove the model of one direction."""
    models = Folder(settings.data.folder).models
    wanted = Direction(source, target)
    if not models.is_dir():
        raise installing.NotInstalled(f"There is no model {wanted} here. Installed: nothing.")
    with models_folder.held(models):
        for one in installing.remove(models, wanted):
            _say(out, f"{one} is removed; {megabytes(one.size)} are free again.")
    _say_running(settings, out)


def _say_running(settings: Settings, out: TextIO) -> None:
    if is_held(Folder(settings.data.folder)):
        _say(out, "Townbell runs now, and works with these models from the next text on.")


@dataclass(frozen=True)
class _Installing:
    """One command that installs, while it holds the models folder."""

    settings: Settings
    models: Path
    out: TextIO
    line: aiohttp.ClientSession
    sha256: str | None = None  #: the sum that was given

    async def pair(self, source: str, target: str) -> None:
        if tags.same(source, target):
            raise NotUnderstood(f"Name two different languages. {EXAMPLE}")
        way = index.route(await self._offers(), source, target)
        if self.sha256 and len(way) > 1:
            legs = [one.direction for one in way]
            singly = ", ".join(f"townbell models install {one.source} {one.target}" for one in legs)
            raise NotUnderstood(
                f"This takes two packages, and a sum is of one. Install them singly: {singly}"
            )
        for offer in way:
            await self._offer(offer)

    async def pairs(self, wanted: Iterable[Pair]) -> None:
        offers = await self._offers()
        way: dict[Direction, Offer] = {}
        for source, target in wanted:
            try:
                way |= {offer.direction: offer for offer in index.route(offers, source, target)}
            except index.NoRoute:
                _say(self.out, f"{source} -> {target}: the index has no model; such texts stay as written.")
        for offer in way.values():
            await self._offer(offer)

    async def _offers(self) -> list[Offer]:
        text, offers = await _index(self.line, self.settings)
        models_folder.keep(self.models / "index.json", text)  # for the doctor, who does not go and ask
        return offers

    async def _offer(self, offer: Offer) -> None:
        here = {one.direction: one for one in models_folder.installed(self.models)}.get(offer.direction)
        if here and not index.is_newer(offer, here):
            _say(self.out, f"{here} is installed already.")
            return
        for n, link in enumerate(offer.links, 1):
            try:
                await self.address(link, offer)
            except CannotFetch as error:
                if n == len(offer.links):
                    raise
                _say(self.out, f"{error}\nThe index names another place for it.")
            else:
                break

    async def address(self, address: str, offer: Offer | None = None) -> None:
        name = str(offer) if offer else Path(urlsplit(_shown(address)).path).name or _shown(address)
        with models_folder.fetched_file(self.models) as file:
            with Progress(name, self.out) as progress:
                free = models_folder.room(self.models)
                await _fetch(self.line, address, file, archive.PACKED, free=free, progress=progress)
            self._keep(file, name, offer)

    def file(self, path: Path) -> None:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            raise NotUnderstood(
                f"There is no file {path}. For a package from the index, name two languages. {EXAMPLE}"
            ) from None
        except OSError as error:
            raise NotUnderstood(f"{path} cannot be read: {os.strerror(error.errno or 0).lower()}.") from None
        with file:
            self._keep(file, path.name)

    def _keep(self, file: BinaryIO, name: str, offer: Offer | None = None) -> None:
        known = self.settings.translation.sha256
        done = installing.install(file, name, self.models, offer=offer, sha256=self.sha256, known=known)
        _say(self.out, _said(done))


def _said(done: Done) -> str:
    size = megabytes(done.installed.size)
    old = listed(one.version for one in done.replaced if one.version != done.installed.version)
    instead = f", in the place of {old}" if old else ""
    how = "as expected" if done.known else "recorded, as it is here for the first time"
    return f"{done.installed} is installed ({size}{instead}).\n  SHA-256 {done.sum} ({how})"


def _say(out: TextIO, line: str) -> None:
    out.write(f"{line}\n")


# The network


def _line() -> aiohttp.ClientSession:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECTING, sock_read=SILENCE)
    # The environment's proxy is used, as every other program on a server behind one does.
    return aiohttp.ClientSession(
        timeout=timeout, trust_env=True, auto_decompress=False, headers={"Accept-Encoding": "identity"}
    )


async def _index(line: aiohttp.ClientSession, settings: Settings) -> tuple[bytes, list[Offer]]:
    if not library.has_extra():
        raise library.NoExtra
    address = settings.translation.index_url
    if not address.endswith(".json"):
        address = f"{address}/index.json"
    text = _Text()
    try:
        await _fetch(line, address, text, INDEX_LIMIT)
    except CannotFetch as error:
        raise CannotFetch(
            f"{error}\nIt is the list of models: check this machine's way out, or set translation.index_url "
            "to a copy that it reaches."
        ) from None
    return bytes(text), index.read_index(bytes(text), address)


class _Text(bytearray):
    """What is fetched into memory, as if into a file."""

    def write(self, chunk: bytes) -> None:
        self += chunk


async def _fetch(
    line: aiohttp.ClientSession,
    address: str,
    into: BinaryIO | _Text,
    limit: int,
    *,
    free: int | None = None,
    progress: Progress | None = None,
) -> None:
    shown = _shown(address)
    try:
        async with line.get(address, max_redirects=5) as answer:
            _is_good(answer, address)
            length = answer.content_length
            _fits(shown, length or 0, limit, free)
            done = 0
            async for chunk in answer.content.iter_chunked(CHUNK):
                done += len(chunk)
                _fits(shown, done, limit, free)
                into.write(chunk)
                if progress:
                    progress.moved(done, length)
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError):
        raise CannotFetch(f"{shown} is no web address; one begins with https:// or http://") from None
    except TimeoutError:
        raise CannotFetch(f"{shown} is not sent: nothing came for a while. Try again later.") from None
    except aiohttp.ClientPayloadError:
        raise CannotFetch(f"{shown} broke off in the middle. Try again; nothing was installed.") from None
    except aiohttp.ClientError as error:
        reason = _reason(error)
        raise CannotFetch(f"{shown} cannot be reached ({reason}).") from None


def _is_good(answer: aiohttp.ClientResponse, address: str) -> None:
    shown = _shown(address)
    if answer.status in (404, 410):
        raise CannotFetch(f"{shown} is not there ({answer.status}). Check the address.")
    if answer.status != 200:
        raise CannotFetch(f"{shown} is not given out (the server answers {answer.status}). Try again later.")
    if address.startswith("https:") and any(one.url.scheme != "https" for one in (*answer.history, answer)):
        raise CannotFetch(
            f"{shown} leads to a place without https, where anybody on the way could change it."
        )


def _fits(shown: str, size: int, limit: int, free: int | None) -> None:
    if size > limit:
        raise CannotFetch(f"{shown} is larger than {megabytes(limit)}, which is more than it can be.")
    if free is not None and size > free:
        raise models_folder.CannotKeep(
            f"There is no room for {shown}: it has {megabytes(size)}, and {megabytes(free)} are free. "
            "Free some space, or choose a larger disk in [data] folder."
        )


def _reason(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no such host"
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return os.strerror(error.errno).lower()
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()


def _shown(address: str) -> str:
    """An address as it may be repeated: without what may be a password."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "What you gave"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


# Where a transfer is


@dataclass
class Progress:
    """One line that is drawn anew on a terminal, and a few plain ones anywhere else."""

    name: str
    out: TextIO
    _told: int = -1  #: what was told last: percent, or so many steps
    _drawn: bool = False

    def __enter__(self) -> Self:
        if not self.out.isatty():
            _say(self.out, f"{self.name}: fetching")
            self.out.flush()
        return self

    def moved(self, done: int, total: int | None) -> None:
        """So many bytes are here, of so many."""
        percent = 100 * done // total if total else 0
        if self.out.isatty():
            step = percent if total else done // 1_000_000
        else:
            step = percent // 25 if total else done // PLAIN_STEP
        if step != self._told and (step or self.out.isatty()):
            self._tell(done, total, percent)
        self._told = step

    def _tell(self, done: int, total: int | None, percent: int) -> None:
        where = f"{percent:3} %  {megabytes(done)} of {megabytes(total)}" if total else megabytes(done)
        if not self.out.isatty():
            _say(self.out, f"{self.name}: {where.strip()}")
        else:
            filled = BAR * percent // 100
            bar = f"[{'#' * filled}{'-' * (BAR - filled)}] " if total else ""
            width = shutil.get_terminal_size().columns
            # Cut, not wrapped: what went into a second line could not be drawn over.
            self.out.write(f"\r{f'{self.name}  {bar}{where}'[: width - 1]}\x1b[K")
            self._drawn = True
        self.out.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn:
            self.out.write("\n")
            self.out.flush()
