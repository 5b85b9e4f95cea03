"""Who works for a council, from the command line: invited once, listed, removed at once."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TextIO
from zoneinfo import ZoneInfo

from bot import clock
from bot.beside import database_beside
from bot.channels.telegram import Telegram
from bot.config import Settings, TelegramAccount
from core.council import Council
from core.errors import SendError, TownbellError
from core.mailbox import is_mailbox
from core.staff import Role
from storage import staff
from storage.addresses import Keyring
from storage.database import Database


class NoSuchPlace(TownbellError):
    """There is nobody with this number. `townbell staff list` shows who there is."""


class BadName(TownbellError):
    """This name would not be shown as it was written."""


class BadMailbox(TownbellError):
    """This is no e-mail address."""


JOINERS = "\u200c\u200d"  #: not to be seen, and part of Persian and Indic names
LAST_NUMBER = 2**63 - 1  #: that a database can hold


@dataclass(frozen=True)
class Place:
    """What an invitation offers."""

    role: Role
    name: str = ""
    mail: str = ""
    days: int = 7


async def invite(
    settings: Settings, council: Council, place: Place, environ: Mapping[str, str], out: TextIO
) -> None:
    """Offer a place, and say how it is taken: by a link, or by writing a code to us on any channel."""
    if place.mail and not is_mailbox(place.mail):
        raise BadMailbox(f"{place.mail[:80]} is no e-mail address; one looks like anna@example.org.")
    if not all(letter.isprintable() or letter in JOINERS for letter in place.name):
        raise BadName("The name holds signs that are not to be seen, or a new line. Write it on one line.")
    keyring = Keyring.load(environ, settings.data.key_file, first_use=False)
    now = clock.now()
    async with database_beside(settings) as database:
        code = await _offer(database, keyring, council, place, now)
    until = _day(now, council) + timedelta(days=place.days)
    print(
        f"An invitation to {council.name}, as {place.role}. It works once, until {until.isoformat()}.",
        file=out,
    )
    links = await _links(settings, council, code)
    for link in links:
        print(f"  In Telegram:  {link}", file=out)
    print(f"  {'Or write' if links else 'Write'} to us, on any channel:  join {code}", file=out)
    print("Give it to that person alone: whoever uses it first holds the place.", file=out)
    if place.mail and not settings.mail.host:
        print("No mail server is configured yet: letters come once [mail] is.", file=out)


async def _offer(database: Database, keyring: Keyring, council: Council, place: Place, now: int) -> str:
    return await database.transaction(
        lambda tx: staff.invite(
            tx,
            keyring,
            council=council.key,
            role=place.role,
            name=place.name,
            mail=place.mail,
            actor=actor(),
            now=now,
            expires_at=now + place.days * clock.DAY,
        ),
        name="staff",
    )


async def _links(settings: Settings, council: Council, code: str) -> list[str]:
    """A link for each bot of the council that tells its name now."""
    links = []
    for account in settings.accounts:
        if isinstance(account, TelegramAccount) and account.council == council.key:
            telegram = Telegram(account.key, account.token.reveal(), lambda *_: "", api_url=account.api_url)
            try:
                links.append(f"https://t.me/{await telegram.username()}?start=join_{code.replace('-', '')}")
            except SendError:
                continue  # The code works all the same.
            finally:
                await telegram.close()
    return links


async def show(settings: Settings, out: TextIO) -> None:
    """Print who works for whom, and who is invited."""
    async with database_beside(settings) as database:
        places = await database.read(staff.places)
    for one in places:
        if one.joined_at is not None:
            state = "since " + _moment(one.joined_at).date().isoformat()
        elif one.expires_at > clock.now():
            state = "invited until " + _moment(one.expires_at).date().isoformat()
        else:
            state = "invited, and did not come"
        mail = "  by e-mail too" if one.mail else ""
        silent = "  stopped: nothing goes to their chat" if one.silent else ""
        print(f"{one.id}  {one.council}  {one.role}  {one.name or '-'}  {state}{mail}{silent}", file=out)
    if not places:
        print("Nobody yet. Invite somebody: townbell staff invite --role coordinator", file=out)


async def remove(settings: Settings, staff_id: int, out: TextIO) -> None:
    """Take a place away, at once; raises NoSuchPlace."""
    async with database_beside(settings) as database:
        removed = staff_id <= LAST_NUMBER and await database.transaction(
            lambda tx: staff.remove(tx, staff_id, clock.now(), actor=actor()), name="staff"
        )
    if not removed:
        raise NoSuchPlace(
            f"There is nobody with the number {staff_id}. `townbell staff list` shows who there is."
        )
    print(f"Number {staff_id} works for the council no more, from this moment on.", file=out)


def actor() -> str:
    """Who does it, for the audit."""
    try:
        return f"command line: {getpass.getuser()}"
    except (KeyError, OSError):  # a user without a name, as in some containers
        return "command line"


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / clock.SECOND, UTC)


def _day(at: int, council: Council) -> date:
    return _moment(at).astimezone(ZoneInfo(council.time_zone)).date()
