"""`townbell models`: see, install and remove the models that translate.

Here is what the commands do and say; how a package gets in and out is in translations/packages/. What was
fetched is looked at before any of it is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO
from urllib.parse import urlsplit

import aiohttp

from bot.config import Settings
from bot.faults import listed
from bot.fetching import CannotFetch, InMemory, fetch, open_line, shown_address
from bot.folder import Folder, is_held, prepare
from bot.model_needs import Pair, lacking
from bot.progress import Progress
from core.errors import TownbellError
from translations import tags
from translations.packages import archive, index, installing, library, models_folder
from translations.packages.index import Offer
from translations.packages.installing import Done
from translations.packages.models_folder import Installed, megabytes
from translations.packages.package import Direction

INDEX_LIMIT = 10 * models_folder.MIB  #: the public index has a tenth of a megabyte
EXAMPLE = "For example: townbell models install es de"


class NotUnderstood(TownbellError):
    """What was asked for cannot be told from the words given."""


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
    async with open_line() as line:
        _, offers = await _index(line, settings)
    newest = {one.direction: one for one in here}
    _say(out, f"Offered by {shown_address(settings.translation.index_url)}:")
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
        async with open_line() as line:
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
        async with open_line() as line:
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
        name = (
            str(offer)
            if offer
            else Path(urlsplit(shown_address(address)).path).name or shown_address(address)
        )
        with models_folder.fetched_file(self.models) as file:
            with Progress(name, self.out) as progress:
                free = models_folder.room(self.models)
                await fetch(self.line, address, file, archive.PACKED, free=free, progress=progress)
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


async def _index(line: aiohttp.ClientSession, settings: Settings) -> tuple[bytes, list[Offer]]:
    if not library.has_extra():
        raise library.NoExtra
    address = settings.translation.index_url
    if not address.endswith(".json"):
        address = f"{address}/index.json"
    text = InMemory()
    try:
        await fetch(line, address, text, INDEX_LIMIT)
    except CannotFetch as error:
        raise CannotFetch(
            f"{error}\nIt is the list of models: check this machine's way out, or set translation.index_url "
            "to a copy that it reaches."
        ) from None
    return bytes(text), index.read_index(bytes(text), address)
