"""A poster for a council: which ways in have a code, what each code says, and where the sheet is written.

A code that could not be understood when it arrives is not printed: council, language and place are looked at
here, and what has no code is told in a sentence.
"""

from __future__ import annotations

import ipaddress
import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO
from urllib.parse import quote, urlsplit

from bot.channels.telegram import Telegram
from bot.config import Account, Settings, TelegramAccount, TwilioAccount
from bot.faults import did_you_mean, listed
from core.council import Council
from core.errors import SendError, TownbellError
from core.phrases import Phrases
from core.poster import LONGEST_PAYLOAD, LONGEST_PLACE, Poster, first_words, is_place, payload
from outreach.poster import Way, sheet
from translations import catalogs

#: country codes of one and of two digits; all others have three. https://www.itu.int/rec/T-REC-E.164
COUNTRY = re.compile(r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}")


class NoWayIn(TownbellError):
    """Nothing that this council has can be opened by a code."""


class BadPoster(TownbellError):
    """This cannot be printed."""


async def poster(
    settings: Settings, council: Council, language: str | None, place: str | None, notes: TextIO
) -> str:
    """The sheet of a council as SVG; in `notes`, what is left out of it and why."""
    said = catalogs.load()
    spoken = _language(council, language, said) if language is not None else ""
    hung = Poster(council.key, spoken, _place(place) if place is not None else "")
    if (over := len(payload(hung)) - LONGEST_PAYLOAD) > 0:
        raise BadPoster(
            f"A link holds {LONGEST_PAYLOAD} signs with council and language, and this place is {over} too "
            "long: when it has others than A to Z, each letter counts two or three. Shorten it."
        )
    languages = [said[tag] for tag in council.languages if tag in said and (not spoken or tag == spoken)]
    ways = await _ways(settings, council, hung, first_words(languages[0].say("poster.hello"), hung), notes)
    if not ways:
        raise NoWayIn(
            f'No way into "{council.key}" has a code. A code opens Telegram, WhatsApp, SMS or a public page: '
            "configure an account of one of them, or http.public_url with https."
        )
    mark = " / ".join(filter(None, (council.key, spoken, hung.place)))
    return sheet(council.name, languages, ways, mark)


def _language(council: Council, language: str, said: dict[str, Phrases]) -> str:
    there = [tag for tag in council.languages if tag in said]
    found = next((tag for tag in there if tag.lower() == language.lower()), None)
    if found is None:
        raise BadPoster(
            f'The council "{council.key}" does not speak "{_shown(language)}"{did_you_mean(language, there)} '
            f"There are: {listed(there)}."
        )
    return found


def _place(text: str) -> str:
    place = unicodedata.normalize("NFC", " ".join(text.split()))
    if not place:
        raise BadPoster("The place has no letters: write where the sheet hangs, or leave --place out.")
    if len(place) > LONGEST_PLACE:
        raise BadPoster(
            f"The place has {len(place)} letters, and a code holds {LONGEST_PLACE} at most. Shorten it."
        )
    if not is_place(place):
        odd = next((letter for letter in place if not is_place(f"a{letter}a")), place[0])
        raise BadPoster(
            f'The place holds "{_shown(odd)}" where a link cannot carry it. It begins with a letter or a '
            "digit, and goes on with these, spaces, dashes, full stops and apostrophes."
        )
    return place


def _shown(text: str) -> str:
    return text[:40] if text.isprintable() else ascii(text[:40])[1:-1]


# Ways in


async def _ways(settings: Settings, council: Council, hung: Poster, words: str, notes: TextIO) -> list[Way]:
    """A way of each kind, by the first of its accounts that has one."""
    ways: dict[str, Way] = {}
    for account in settings.accounts:
        if account.channel in ways or (account.council != council.key and account.channel != "web"):
            continue
        way = await _way(settings, account, council, hung, words)
        if isinstance(way, Way):
            ways[account.channel] = way
        elif way:
            print(f'"{account.key}" is left out: {way}', file=notes)
    return [ways[kind] for kind in ("telegram", "whatsapp", "sms", "web") if kind in ways]


async def _way(settings: Settings, account: Account, council: Council, hung: Poster, words: str) -> Way | str:
    """The way of an account; or why it has none, "" where nobody would expect one."""
    match account:
        case TelegramAccount():
            name = await _name_of_bot(account)
            if not name:
                return "Telegram does not tell the name of this bot now. `townbell doctor` says why."
            return Way("telegram", f"https://t.me/{name}?start={payload(hung)}", f"@{name}")
        case TwilioAccount(use="talk"):
            return _phone(account, words)
        case Account(channel="web"):
            return _page(settings, account, council)
        case _:
            return ""


async def _name_of_bot(account: TelegramAccount) -> str:
    telegram = Telegram(account.key, account.token.reveal(), lambda *_: "", api_url=account.api_url)
    try:
        name = await telegram.username()
    except SendError:
        return ""
    finally:
        await telegram.close()
    return name if re.fullmatch(r"\w+", name, re.ASCII) else ""


def _phone(account: TwilioAccount, words: str) -> Way | str:
    number = account.sender.removeprefix("whatsapp:")
    if not re.fullmatch(r"\+?\d+", number, re.ASCII):
        return "a messaging service has no number of its own. Add an account with the number to print."
    if account.channel == "whatsapp":
        return Way("whatsapp", f"https://wa.me/{number.lstrip('+')}?text={quote(words)}", as_read(number))
    return Way("sms", f"SMSTO:{number}:{words}", as_read(number))


def _page(settings: Settings, account: Account, council: Council) -> Way | str:
    url = settings.http.public_url
    if not _is_public(url):
        return "the page has no public https address (http.public_url)."
    link = f"{url}/chat?council={quote(council.key)}"
    typed = link if account.council != council.key else f"{url}/chat"
    return Way("web", link, typed.removeprefix("https://"))


def _is_public(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        reached = ipaddress.ip_address(host).is_global
    except ValueError:
        reached = "." in host and not host.endswith((".local", ".localhost", ".internal"))
    return parts.scheme == "https" and reached


def as_read(number: str) -> str:
    """A telephone number in groups, as it is read out: "+43 660 123 45 67"; a short code as it is."""
    digits = number.lstrip("+")
    if not number.startswith("+") or not (country := COUNTRY.match(digits)):
        return number
    rest = digits[country.end() :]
    groups = [rest[:3], *_in_twos_and_threes(rest[3:])]
    return " ".join(filter(None, (f"+{country[0]}", *groups)))


def _in_twos_and_threes(digits: str) -> Sequence[str]:
    first = 3 if len(digits) % 2 else 2
    return [digits[:first], *(digits[n : n + 2] for n in range(first, len(digits), 2))]


# The file


def check_file(path: Path) -> None:
    """Say before anything is drawn why a sheet cannot be written there."""
    if path.suffix.lower() != ".svg":
        raise BadPoster(f"The sheet is an SVG: give it a name that ends in .svg, such as {path.stem}.svg.")
    if not path.parent.is_dir():
        raise BadPoster(f"There is no folder {path.parent}. Make it first, or write elsewhere.")
    if path.exists():
        raise BadPoster(f"{path} is there already. Choose another name, or remove it first.")


def write(path: Path, svg: str) -> None:
    """Write the sheet, to a file that was not there."""
    try:
        with path.open("x", encoding="utf-8") as out:
            try:
                out.write(svg)
                out.flush()
            except OSError:
                path.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise BadPoster(f"{path} cannot be written: {os.strerror(error.errno or 0).lower()}.") from error
