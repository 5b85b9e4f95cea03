"""The command line: `townbell run`, `townbell doctor` and the others.

A command imports its room when it is called, so that `--version` and a usage error are quick. What goes wrong
is told in a sentence on stderr; a traceback could show what people wrote, and helps nobody who runs a server.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot import cli_council
from bot.cli_settings import chosen_council, quiet_journal, settings_of
from core.errors import TownbellError

FAILED = 1
INTERRUPTED = 130  #: as shells count: 128 and the signal's number
BROKEN_PIPE = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    os.umask(0o077)  # what we write may be what people told in confidence
    parser = _parser()
    given = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] | None = given.command
    if given.version:
        command = _version
    if command is None:
        parser.print_help(sys.stderr)
        return 2
    try:
        status = command(given)
        sys.stdout.flush()
    except TownbellError as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone. Python flushes once more at its end, so that needs somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001, the last door: anything that leaves here is a traceback
        print(_our_fault(error), file=sys.stderr)
        return FAILED
    return status


def _our_fault(error: Exception) -> str:
    from bot.journal import described  # noqa: PLC0415

    facts = described(error)
    way = facts.get("at") or ["an unknown place"]
    return (
        f"Something in Townbell itself is broken: {facts['error']} at {way[-1]}. What was acknowledged "
        "is kept. Please report this line; it holds nothing that people wrote."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="townbell",
        description="People write what is wrong, in their own language; their migrant council hears it.",
    )
    parser.add_argument("--version", action="store_true", help="say which version this is")
    parser.set_defaults(command=None)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    run = _add(commands, "run", _run, "start, and serve until stopped")
    run.add_argument("--port", type=_port, metavar="N", help="the port to listen on, before http.port")

    chat = _add(commands, "chat", _chat, "talk here in the terminal: one line in, replies out")
    chat.add_argument(
        "--as", dest="name", default="me", type=_name, metavar="NAME", help="talk as somebody else"
    )
    chat.add_argument("--language", metavar="TAG", help="the language a phone would tell, such as de")

    _add(commands, "doctor", _doctor, "look for what is wrong, and say how to mend it")

    export = commands.add_parser("export", help="write out what was raised").add_subparsers(
        metavar="WHAT", required=True
    )
    issues = _add(export, "issues", _export_issues, "the issues of a council")
    issues.add_argument("--council", metavar="ID", help="may be left out where there is one")
    issues.add_argument("--format", choices=("csv", "json", "xlsx"), required=True)
    issues.add_argument("--output", type=Path, metavar="FILE", help="write here instead of to the terminal")

    forget = _add(commands, "forget", _forget, "erase the person behind a reference, with all they wrote")
    forget.add_argument("reference", metavar="REFERENCE", help="of any of their issues, as GRZ-7K4M")
    forget.add_argument("--yes", action="store_true", help="do not ask")

    models = commands.add_parser("models", help="the models that translate").add_subparsers(
        metavar="WHAT", required=True
    )
    _add(models, "list", _list_models, "what is installed, and what the index offers")
    install = _add(models, "install", _install_models, "fetch models, check them and put them in")
    install.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="two languages, as es de, from the index; or a web address, or a file (.argosmodel)",
    )
    install.add_argument("--needed", action="store_true", help="all that the councils' languages need")
    install.add_argument("--sha256", type=_sha256, metavar="HEX", help="the sum that the package must have")
    remove = _add(models, "remove", _remove_model, "remove a model")
    remove.add_argument("source", metavar="FROM", help="the language it translates from, as es")
    remove.add_argument("target", metavar="TO", help="the language it translates into, as en")

    cli_council.register(commands, _add)
    _add(commands, "phrases", _phrases, "bring the catalogs of phrases up to the English in the code")
    _add(commands, "aside", _aside, "list the messages that were set aside")
    return parser


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _add(
    commands: Commands, name: str, command: Callable[[argparse.Namespace], int], said: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=said, description=f"{said[:1].upper()}{said[1:]}.")
    parser.add_argument("--config", type=Path, metavar="FILE", help="instead of ./config.toml")
    parser.set_defaults(command=command)
    return parser


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a name has at least one letter")
    return text.strip()


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError("a SHA-256 is 64 of the digits 0-9 and a-f")
    return text.lower()


def _version(_given: argparse.Namespace) -> int:
    from importlib import metadata  # noqa: PLC0415

    try:
        version = metadata.version("townbell")
    except metadata.PackageNotFoundError:
        version = "(not installed)"
    print(f"townbell {version}")
    return 0


def _run(given: argparse.Namespace) -> int:
    from bot import app, journal  # noqa: PLC0415

    settings = settings_of(given)
    journal.set_up(settings.log)
    return asyncio.run(app.run(settings, given.port))


def _chat(given: argparse.Namespace) -> int:
    from bot.channels import terminal  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    _check_language(given.language)
    return asyncio.run(terminal.chat(settings, name=given.name, language=given.language))


def _check_language(tag: str | None) -> None:
    """Raises TownbellError for what no phone tells: we would talk in another one, and not say so."""
    from bot.faults import listed  # noqa: PLC0415
    from translations import catalogs  # noqa: PLC0415

    if tag is not None and not catalogs.is_language(tag):
        raise TownbellError(
            f'"{tag[:40]}" is no language. We speak: {listed(catalogs.available())}. '
            "A phone may also tell another one, such as fr or ckb."
        )


def _doctor(given: argparse.Namespace) -> int:
    from bot import doctor, journal  # noqa: PLC0415
    from bot.config import Log  # noqa: PLC0415

    journal.set_up(Log(level="error"))
    return asyncio.run(doctor.examine(given.config, os.environ, say=print))


def _export_issues(given: argparse.Namespace) -> int:
    from bot.export import export_issues  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    council = chosen_council(settings, given.council)
    if given.output is None and given.format == "xlsx" and sys.stdout.isatty():
        raise TownbellError(
            "A workbook is not for a terminal: say where to write it, with --output issues.xlsx"
        )
    with _output(given.output) as out:
        asyncio.run(export_issues(settings, council, given.format, out))
    return 0


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    """Where to write: stdout, or a file that is there whole or not at all, for its owner alone."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:  # noqa: PTH123
            yield out
        part.replace(path)
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise TownbellError(
            f"{path} cannot be written: {reason}. What was there before is as it was."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _forget(given: argparse.Namespace) -> int:
    from bot.forget import forget, named  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    _, reference = named(settings, given.reference)
    if not given.yes and not _confirmed(reference):
        print("Nothing was erased.")
        return FAILED
    done = asyncio.run(forget(settings, reference))
    print(
        f"The person behind {done.reference} is forgotten: their words, files, address and waiting messages."
    )
    print("A running Townbell also deletes, as far as the messenger lets it, the copies there.")
    print("What cannot be called back: what was exported or told to others before,")
    print(f"and copies in backups, until {done.backups_until.isoformat()}.")
    return 0


def _confirmed(reference: str) -> bool:
    if not sys.stdin.isatty():
        raise TownbellError(
            f"This erases somebody for good. Say that you mean it: townbell forget {reference} --yes"
        )
    print(f"This erases the person who raised {reference}, and all they ever wrote. It cannot be undone.")
    try:
        typed = input(f"Type {reference} to do it: ")
    except EOFError:
        return False
    return typed.strip().upper() == reference


def _list_models(given: argparse.Namespace) -> int:
    from bot import models  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    asyncio.run(models.show(settings, sys.stdout))
    return 0


def _install_models(given: argparse.Namespace) -> int:
    from bot import models  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    if given.needed and (given.what or given.sha256):
        raise TownbellError("--needed finds out itself what to install; leave the rest out.")
    if given.needed:
        asyncio.run(models.install_needed(settings, sys.stdout))
    else:
        asyncio.run(models.install(settings, given.what, given.sha256, sys.stdout))
    return 0


def _remove_model(given: argparse.Namespace) -> int:
    from bot import models  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)
    models.remove(settings, given.source, given.target, sys.stdout)
    return 0


def _phrases(_given: argparse.Namespace) -> int:
    from bot import phrasebook  # noqa: PLC0415

    for language, missing in phrasebook.update().items():
        print(f"{language}: {f'{missing} still to translate' if missing else 'complete'}")
    return 0


def _aside(given: argparse.Namespace) -> int:
    from bot.beside import database_beside  # noqa: PLC0415
    from storage import inbox  # noqa: PLC0415

    settings = settings_of(given)
    quiet_journal(settings)

    async def listed() -> list[inbox.Aside]:
        async with database_beside(settings) as database:
            return await database.read(inbox.listed_aside)

    messages = asyncio.run(listed())
    for message in messages:
        at = datetime.fromtimestamp(message.received_at / 1_000_000, UTC).isoformat(timespec="seconds")
        print(f"{message.id}  {at}  {message.account}  {message.kind}  {message.reason}")
    if not messages:
        print("Nothing was set aside.")
    return 0
