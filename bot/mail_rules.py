"""What `[mail]` says: whom letters come from, and which server takes them."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.config_values import Mailbox, OwnPath, ServerName, Variable
from bot.faults import Fault, reason

#: "starttls": encryption begins before anything is said; "tls": with the first byte
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True)
class MailTable:
    """`[mail]` as the file writes it. A file goes before a variable."""

    host: ServerName = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Security = "starttls"
    username: str = ""
    password_env: Variable = "MAIL_PASSWORD"
    password_file: OwnPath | None = None
    sender: Mailbox = ""
    sender_name: str = ""
    ca_file: OwnPath | None = None


def mail_faults(table: MailTable) -> Iterator[Fault]:
    """What does not go together in the settings of a mail server."""
    if not table.sender:
        yield ("sender",), 'is missing; for example: sender = "bell@example.org"'
    if table.security == "none" and not _is_this_machine(table.host):
        sentence = (
            'is "none", and every machine on the way could read along. Use "starttls" or "tls"; '
            '"none" is for a mail server on this machine, such as host = "localhost".'
        )
        yield ("security",), sentence
    if table.ca_file and (fault := _unusable(table.ca_file)):
        yield ("ca_file",), fault


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unusable(certificates: Path) -> str:
    """Why a file of certificates cannot be used; "" when it can."""
    try:
        ssl.create_default_context(cafile=certificates)
    except ssl.SSLError:
        return f"there is no certificate in {certificates}; it must be in PEM form."
    except OSError as error:
        return f"the file {certificates} cannot be read: {reason(error)}."
    return ""
