"""`[[accounts]]` as the file writes them, one shape for each kind of way in.

A table names where a secret is, and never holds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from bot.config import TemplatePurpose
from bot.config_values import Amount, Currency, Key, OwnPath, Variable, WebAddress


@dataclass(frozen=True)
class AccountTable:
    """`[[accounts]]` of a web page or a terminal."""

    key: Key
    channel: Literal["telegram", "web", "terminal", "sms", "whatsapp"]
    council: str = ""  #: may be left out where there is one


@dataclass(frozen=True)
class TelegramTable(AccountTable):
    """`[[accounts]]` of a Telegram bot. A file goes before a variable."""

    token_env: Variable = "TELEGRAM_TOKEN"
    token_file: OwnPath | None = None
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret_env: Variable = "TELEGRAM_WEBHOOK_SECRET"
    webhook_secret_file: OwnPath | None = None
    api_url: WebAddress = "https://api.telegram.org"


@dataclass(frozen=True)
class TemplateTable:
    """`[accounts.templates.PURPOSE.LANGUAGE]`."""

    sid: str
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class TwilioTable(AccountTable):
    """`[[accounts]]` of a sender at Twilio. A file goes before a variable."""

    sid: str = ""
    token_env: Variable = "TWILIO_TOKEN"
    token_file: OwnPath | None = None
    signing_key_env: Variable | None = None
    signing_key_file: OwnPath | None = None
    sender: str = ""
    use: Literal["talk", "invitations"] = "talk"
    templates: dict[TemplatePurpose, dict[str, TemplateTable]] = field(default_factory=dict)
    most_segments: Annotated[int, Field(ge=1, le=20)] = 6
    keep_at_twilio: bool = False
    per_second: Annotated[float, Field(ge=0, le=1000)] = 0
    price_per_segment: Amount = ""
    price_per_message: Amount = ""
    currency: Currency = ""
    api_url: WebAddress = "https://api.twilio.com"
