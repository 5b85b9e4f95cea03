"""What every command begins with: its settings, a journal that keeps quiet, the council that is meant."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import TownbellError

if TYPE_CHECKING:
    from bot.config import Settings


def settings_of(given: argparse.Namespace) -> Settings:
    from bot.config_reading import load  # noqa: PLC0415

    return load(given.config, os.environ)


def quiet_journal(settings: Settings) -> None:
    # A command that answers on the terminal is not interrupted by what the log of a server would tell.
    from bot import journal  # noqa: PLC0415

    journal.set_up(replace(settings.log, level="error"))


def chosen_council(settings: Settings, key: str | None) -> str:
    from bot.faults import did_you_mean, listed  # noqa: PLC0415

    keys = [council.key for council in settings.councils]
    if key is None and len(keys) > 1:
        raise TownbellError(
            f"There are several councils: say which, with --council. There are: {listed(keys)}."
        )
    if key is not None and key not in keys:
        raise TownbellError(
            f'There is no council "{key}"{did_you_mean(key, keys)} There are: {listed(keys)}.'
        )
    return key or keys[0]
