"""Which models the councils need, and which of these nobody offers.

Both ways count: what people write is read by the council, and what the council answers by the people.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.config import Settings
from core.council import Council
from translations import tags
from translations.packages import index, library
from translations.packages.models_folder import Installed, installed

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


def can(settings: Settings, models: Path, pair: Pair) -> bool:
    """Whether something here puts the one language into the other."""
    on = settings.translation.engine != "off" and library.has_extra()
    there = [one.direction for one in installed(models)]
    return on and index.is_served(*pair, there)


def not_offered(models: Path, wanted: Iterable[Pair]) -> list[Pair]:
    """What the index had no model for when it was last asked; nothing, when it never was."""
    try:
        offers = index.read_index((models / "index.json").read_bytes(), str(models))
    except (OSError, index.BadIndex, library.NoExtra):
        return []
    there = [offer.direction for offer in offers]
    return [pair for pair in wanted if not index.is_served(*pair, there)]
