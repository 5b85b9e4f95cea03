"""The commands of those who run a council: `staff`, `answer`, `digest`, `flow` and `poster`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.cli_settings import chosen_council, quiet_journal, settings_of
from core.errors import TownbellError
from core.staff import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

LONGEST_INVITATION = 90  # days


class Add(Protocol):
    """Adds a command, with what every command has."""

    def __call__(
        self, commands: Commands, name: str, command: Callable[[argparse.Namespace], int], said: str
    ) -> argparse.ArgumentParser: ...


def register(commands: Commands, add: Add) -> None:
    """Make the commands known."""
    staff = commands.add_parser("staff", help="who works for a council").add_subparsers(
        metavar="WHAT", required=True
    )
    invite = add(staff, "invite", _invite, "invite somebody, by a link or a code that works once")
    invite.add_argument("--role", choices=ROLES, required=True)
    invite.add_argument("--council", metavar="ID", help="may be left out where there is one")
    invite.add_argument("--name", default="", metavar="NAME", help="as colleagues call them")
    invite.add_argument("--mail", default="", metavar="ADDRESS", help="where their digest goes as well")
    invite.add_argument("--days", type=_days, default=7, metavar="N", help="how long it is good for (7)")
    add(staff, "list", _list_staff, "who works for whom, and who is invited")
    remove = add(staff, "remove", _remove_staff, "take a place away, at once")
    remove.add_argument("number", type=int, metavar="NUMBER", help="as `staff list` shows it")

    answer = add(commands, "answer", _answer, "answer an issue; without an answer, show it")
    # Each may be left out, or be anything: what is missing or wrong is told in sentences of our own.
    answer.add_argument("reference", nargs="?", default="", metavar="REFERENCE", help="as GRZ-7K4M")
    answer.add_argument(
        "act",
        nargs="?",
        default="",
        metavar="ACT",
        help="seen, discussed DAY, referred, asked, decided, closed or said WORDS; merge REFERENCE, alone, "
        "cover WORDS, spam; for a translation that waits: send, write WORDS, original or leave",
    )
    answer.add_argument(
        "words", nargs="*", default=[], metavar="WORDS", help="what they read, in the council's language"
    )

    flow = commands.add_parser("flow", help="the conversations").add_subparsers(metavar="WHAT", required=True)
    cost = add(flow, "cost", _cost, "what a conversation costs by SMS, in each language")
    cost.add_argument("flow", metavar="FLOW", help="as raise_issue, news, delete")
    cost.add_argument("--council", metavar="ID", help="may be left out where there is one")

    digest = commands.add_parser("digest", help="the week's digest").add_subparsers(
        metavar="WHAT", required=True
    )
    preview = add(digest, "preview", _preview, "print it as its readers get it")
    preview.add_argument("--council", metavar="ID", help="may be left out where there is one")
    preview.add_argument("--week", metavar="WEEK", help="as 2026-W47; else the latest that is due")
    preview.add_argument("--format", choices=("text", "html"), default="text")

    poster = add(
        commands, "poster", _poster, "a sheet to print, with a code for each way to write to a council"
    )
    poster.add_argument("--council", metavar="ID", help="may be left out where there is one")
    poster.add_argument("--language", metavar="TAG", help="such as ar; else all that the council speaks")
    poster.add_argument("--place", metavar="NAME", help="where it will hang; issues that come by it say so")
    poster.add_argument(
        "--out", type=Path, metavar="FILE", help="write here (.svg) instead of to the terminal"
    )


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_INVITATION):
        raise argparse.ArgumentTypeError(f"a number of days from 1 to {LONGEST_INVITATION}")
    return int(text)


def _invite(given: argparse.Namespace) -> int:
    from bot import staff  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    council = settings.council(chosen_council(settings, given.council))
    place = staff.Place(given.role, given.name.strip(), given.mail.strip(), given.days)
    asyncio.run(staff.invite(settings, council, place, os.environ, sys.stdout))
    return 0


def _list_staff(given: argparse.Namespace) -> int:
    from bot import staff  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    asyncio.run(staff.show(settings, sys.stdout))
    return 0


def _remove_staff(given: argparse.Namespace) -> int:
    from bot import staff  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    asyncio.run(staff.remove(settings, given.number, sys.stdout))
    return 0


def _answer(given: argparse.Namespace) -> int:
    from bot.answer import Asked, answer  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    asked = Asked(given.act, " ".join(given.words).strip()) if given.act else None
    asyncio.run(answer(settings, given.reference, asked, sys.stdout))
    return 0


def _cost(given: argparse.Namespace) -> int:
    from bot.flow_cost import show  # noqa: PLC0415

    settings = settings_of(given)
    show(settings.council(chosen_council(settings, given.council)), given.flow, sys.stdout)
    return 0


def _preview(given: argparse.Namespace) -> int:
    from bot.digest_preview import preview  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    council = settings.council(chosen_council(settings, given.council))
    sys.stdout.write(asyncio.run(preview(settings, council, given.week, given.format)).rstrip("\n") + "\n")
    return 0


def _poster(given: argparse.Namespace) -> int:
    from bot import poster  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    council = settings.council(chosen_council(settings, given.council))
    if given.out is not None:
        poster.check_file(given.out)
    elif sys.stdout.isatty():
        raise TownbellError("A sheet is not for a terminal: say where to write it, with --out poster.svg")
    svg = asyncio.run(poster.poster(settings, council, given.language, given.place, sys.stderr))
    if given.out is None:
        sys.stdout.buffer.write(svg.encode())
    else:
        poster.write(given.out, svg)
    return 0
