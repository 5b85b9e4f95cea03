"""What an installation is told: one frozen dataclass per section of config.toml.

A value is read once, by config_reading.py, and handed over. `Secret` keeps what nobody may see out of every
repr.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from bot.config_values import NetworkText, NonEmpty, OwnPath, Sums, WebAddress
from bot.mail_rules import Security
from core.council import Council

MAIL_ACCOUNT = "mail"  #: letters go out under this key, so no account has it

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Secret:
    """A token, a password: shown by nothing but `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(...)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("A secret is not written anywhere.")


@dataclass(frozen=True)
class Http:
    """Where the web chat, the webhooks and the health pages are served."""

    host: NonEmpty = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080  #: 0: any that is free
    public_url: WebAddress = ""  #: how the outside reaches us, without a slash at its end
    trusted_proxies: tuple[NetworkText, ...] = ()

    @property
    def proxies(self) -> tuple[Network, ...]:
        """The networks whose X-Forwarded-For is believed."""
        return tuple(ipaddress.ip_network(text) for text in self.trusted_proxies)


@dataclass(frozen=True)
class Data:
    """Where things are kept."""

    folder: OwnPath = Path("data")
    key_file: OwnPath = Path("data/townbell.key")  #: opens the sealed addresses; made on first use


@dataclass(frozen=True)
class Talk:
    """How patient a conversation is."""

    quiet_seconds: Annotated[int, Field(ge=0, le=600)] = 20
    remind_hours: Annotated[int, Field(ge=1, le=720)] = 24
    late_hours: Annotated[int, Field(ge=1, le=720)] = 24
    set_aside_after: Annotated[int, Field(ge=1, le=20)] = 3
    loop_same_words: Annotated[int, Field(ge=3, le=1000)] = 20
    loop_minutes: Annotated[int, Field(ge=1, le=1440)] = 5


@dataclass(frozen=True)
class WebChat:
    """How much one visitor of the web chat may send."""

    messages_per_minute: Annotated[int, Field(ge=1, le=6000)] = 20
    burst: Annotated[int, Field(ge=1, le=1000)] = 10
    media_limit_mb: Annotated[int, Field(ge=1, le=100)] = 10


@dataclass(frozen=True)
class Media:
    """Photos, voice notes and other files."""

    limit_mb: Annotated[int, Field(ge=1, le=2000)] = 20


@dataclass(frozen=True)
class Translation:
    """Machine translation: who does it, and with what."""

    engine: Literal["off", "argos"] = (
        "argos"  #: without models, or without `make translation`, it does nothing
    )
    index_url: WebAddress = "https://raw.githubusercontent.com/argosopentech/argospm-index/main"
    sha256: Sums = field(default_factory=dict)  #: by "es_en-1.0"
    memory_mb: Annotated[int, Field(ge=100, le=1_000_000)] = 500  #: a full-size model takes about 100
    beam_size: Annotated[int, Field(ge=1, le=10)] = (
        4  #: how many beginnings of a sentence are pursued at once
    )


@dataclass(frozen=True)
class Mail:
    """The mail server that takes our letters, and whom they come from."""

    host: str = ""  #: "": no letters are sent
    port: int = 587
    security: Security = "starttls"
    username: str = ""  #: "": without a login
    password: Secret | None = None
    sender: str = ""
    sender_name: str = ""
    ca_file: Path | None = None  #: who signs its certificate; None: whom this machine trusts


@dataclass(frozen=True)
class Log:
    """What is written about the running program: ids, never words."""

    format: Literal["console", "json"] = "console"
    level: Literal["debug", "info", "warning", "error"] = "info"


@dataclass(frozen=True)
class Account:
    """One way in: a bot, a web page, a terminal. It belongs to one council."""

    key: str  #: short and for ever: in the addresses of webhooks and in the database
    channel: Literal["telegram", "web", "terminal", "sms", "whatsapp"]
    council: str  #: key of its council


@dataclass(frozen=True)
class TelegramAccount(Account):
    """A Telegram bot."""

    token: Secret
    mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: Secret | None = None  #: what Telegram says with each call; there in mode "webhook"
    api_url: str = "https://api.telegram.org"


#: what a template of WhatsApp is for, where free text is not allowed any more
TemplatePurpose = Literal["reply", "news", "invitation", "reminder"]


@dataclass(frozen=True)
class Template:
    """A message that WhatsApp has approved beforehand, in one language."""

    sid: str  #: "HX" and 32 hex digits
    variables: tuple[str, ...] = ()  #: what fills {{1}}, {{2}} ...: of "council", "reference", "text"


@dataclass(frozen=True)
class TwilioAccount(Account):
    """A sender at Twilio: an SMS number, a short code or a WhatsApp sender, or a service that holds some."""

    sid: str  #: of the account there: "AC" and 32 hex digits
    token: Secret
    #: "+436601234567", a short code, "whatsapp:+43...", or a messaging service: "MG" and 32 hex digits
    sender: str
    use: Literal["talk", "invitations"] = "talk"
    templates: Mapping[TemplatePurpose, Mapping[str, Template]] = field(default_factory=dict)  #: by language
    most_segments: int = 6  #: that one message of ours may cost, by SMS
    keep_at_twilio: bool = False  #: False: what people wrote is deleted there once it is heard here
    api_url: str = "https://api.twilio.com"
    signing_key: Secret | None = None  #: signs what is signed with SHA-256; None: the token does
    per_second: float = 0  #: messages that the sender may send; 0: what Twilio lets such a sender send
    price_per_segment: str = ""  #: of an SMS, as "0.079"; "": nothing is said of money
    price_per_message: str = ""  #: on WhatsApp
    currency: str = ""  #: of both, as "EUR"


@dataclass(frozen=True)
class Settings:
    """Everything an installation is told."""

    source: str  #: the file it came from, as people call it
    councils: tuple[Council, ...]
    accounts: tuple[Account, ...]
    http: Http = field(default_factory=Http)
    data: Data = field(default_factory=Data)
    talk: Talk = field(default_factory=Talk)
    web_chat: WebChat = field(default_factory=WebChat)
    media: Media = field(default_factory=Media)
    translation: Translation = field(default_factory=Translation)
    mail: Mail = field(default_factory=Mail)
    log: Log = field(default_factory=Log)
    database_url: Secret | None = None  #: PostgreSQL; None: SQLite in the data folder

    def council(self, key: str) -> Council:
        """The council of a key, which must exist."""
        return next(council for council in self.councils if council.key == key)

    def accounts_of(self, channel: str) -> tuple[Account, ...]:
        """The accounts of one channel, in the order of the file."""
        return tuple(account for account in self.accounts if account.channel == channel)
