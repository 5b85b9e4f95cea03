"""What a single value of the configuration must look like; each check says what to write instead."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from bot.council_rules import KEY
from bot.faults import TOKEN, TWILIO_TOKEN, shown
from core.mailbox import is_mailbox

SHA256 = r"[0-9a-fA-F]{64}"


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(f'must be an address or a network such as "10.0.0.0/8"{shown(text)}.') from None
    return text


def _web_address(text: str) -> str:
    if text and not _is_web_address(text):
        raise ValueError(
            'must be a web address such as "https://bell.example.org", with no password and no "?".'
        )
    return text.rstrip("/")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        sound = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return (
        sound
        and parts.scheme in ("http", "https")
        and "@" not in parts.netloc
        and not parts.query + parts.fragment
    )


def _server_name(host: str) -> str:
    if host and not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", host):
        raise ValueError(
            f'must be the name of a server such as "smtp.example.org", without a port{shown(host)}.'
        )
    return host


def _mailbox(address: str) -> str:
    if address and not is_mailbox(address):
        raise ValueError(f'must be an e-mail address such as "bell@example.org"{shown(address)}.')
    return address


def _variable(name: str) -> str:
    if TOKEN.search(name):
        raise ValueError(
            "must be the NAME of an environment variable, but looks like the token itself. Take it out of "
            "the file; if anybody else could read the file, ask @BotFather for a new one (/revoke)."
        )
    if TWILIO_TOKEN.fullmatch(name):
        raise ValueError(
            "must be the NAME of an environment variable, but looks like the Auth Token itself. Take it out "
            "of the file; if anybody else could read the file, make a new one in Twilio's console."
        )
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError('must be the NAME of an environment variable, such as "TELEGRAM_TOKEN".')
    return name


def _amount(text: str) -> str:
    if text and not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text):
        raise ValueError(f'must be an amount in quotes, such as "0.079"{shown(text)}.')
    return text


def _currency(text: str) -> str:
    if text and not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError(f'must be a currency in three capital letters, such as "EUR"{shown(text)}.')
    return text


def _short_key(key: str) -> str:
    if not re.fullmatch(KEY, key):
        raise ValueError(f"must be 1 to 32 of the characters a-z, 0-9, - and _{shown(key)}.")
    return key


def _path(path: Path) -> Path:
    if str(path) == "." or "\0" in str(path):
        raise ValueError("must be the path of a folder or a file of its own.")
    return path


def _sums(sums: dict[str, str]) -> dict[str, str]:
    for package, its_sum in sums.items():
        if not re.fullmatch(SHA256, its_sum):
            raise ValueError(f'the sum of "{package[:40]}" must be 64 of the digits 0-9 and a-f.')
    return {package: its_sum.lower() for package, its_sum in sums.items()}


Key = Annotated[str, AfterValidator(_short_key)]
Variable = Annotated[str, AfterValidator(_variable)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
OwnPath = Annotated[Path, AfterValidator(_path)]
Amount = Annotated[str, AfterValidator(_amount)]
Currency = Annotated[str, AfterValidator(_currency)]
NonEmpty = Annotated[str, Field(min_length=1)]
NetworkText = Annotated[str, AfterValidator(_network)]
Sums = Annotated[dict[str, str], AfterValidator(_sums)]
ServerName = Annotated[str, AfterValidator(_server_name)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
