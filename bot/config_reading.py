"""Read config.toml, or refuse it with every fault in it.

All faults are told at once, each with its place and what to write there. Secrets never stand in the file: it
names the environment variable or the file that holds them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.account_tables import AccountTable, TelegramTable, TwilioTable
from bot.config import (
    MAIL_ACCOUNT,
    Account,
    Data,
    Http,
    Log,
    Mail,
    Media,
    Secret,
    Settings,
    Talk,
    TelegramAccount,
    Template,
    Translation,
    TwilioAccount,
    WebChat,
)
from bot.council_rules import KEY, read_council
from bot.faults import Place, did_you_mean, from_pydantic, listed, reason, where
from bot.mail_rules import MailTable, mail_faults
from bot.twilio_rules import reaches_us, twilio_faults
from core.council import Council
from core.errors import BadConfiguration

DEFAULT = Path(__file__).with_name("default.toml")
CATALOGS = Path(__file__).parent.parent / "translations" / "catalogs"
TWILIO_CHANNELS = ("sms", "whatsapp")
GET_A_TWILIO_TOKEN = "Twilio's console shows the Auth Token on its first page, below Account Info"
GET_A_TOKEN = "Write to @BotFather in Telegram, say /newbot, and copy the token it gives you"

T = TypeVar("T")


#: the sections with one table each, by their name in the file
SECTIONS: Mapping[str, type] = {
    "http": Http, "data": Data, "talk": Talk, "web_chat": WebChat, "media": Media,
    "translation": Translation, "mail": MailTable, "log": Log,
}  # fmt: skip


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Settings from --config, else TOWNBELL_CONFIG, else ./config.toml, else the built-in default."""
    if path is not None:
        return _load(path, str(path), environ)
    if named := environ.get("TOWNBELL_CONFIG"):
        return _load(Path(named), f"{named}, which TOWNBELL_CONFIG names", environ)
    if (here := Path("config.toml")).exists():
        return _load(here, str(here), environ)
    return _load(DEFAULT, "the built-in default", environ)


def _load(path: Path, source: str, environ: Mapping[str, str]) -> Settings:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BadConfiguration(source, ["There is no such file."]) from None
    except IsADirectoryError:
        raise BadConfiguration(source, ["This is a folder; name the file in it."]) from None
    except OSError as error:
        raise BadConfiguration(source, [f"The file cannot be read: {reason(error)}."]) from None
    except UnicodeDecodeError:
        raise BadConfiguration(
            source, ["The file is not in UTF-8; save it as UTF-8 in your editor."]
        ) from None
    return read(text, source, environ)


def read(
    text: str, source: str, environ: Mapping[str, str], languages: frozenset[str] | None = None
) -> Settings:
    """Settings from the text of a file; raises BadConfiguration with every fault in it."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # The message names the line and what was expected, and repeats no value.
        raise BadConfiguration(source, [f"It is not written as TOML is: {error}."]) from None
    reading = _Reading(tables, environ, catalog_languages() if languages is None else languages)
    return reading.settings(source)


def catalog_languages(folder: Path = CATALOGS) -> frozenset[str]:
    """The languages we have phrases in: one .po file each, and English always."""
    return frozenset({"en", *(path.stem for path in folder.glob("*.po"))})


@dataclass
class _Reading:
    """One reading of a file: what it says, and the faults found so far."""

    tables: Mapping[str, Any]
    environ: Mapping[str, str]
    languages: frozenset[str]
    faults: list[str] = field(default_factory=list)

    def settings(self, source: str) -> Settings:
        self._unknown_tables()
        sections: dict[str, Any] = {
            name: self._table(shape, self.tables.get(name, {}), (name,)) for name, shape in SECTIONS.items()
        }
        councils = [self._council(n, table) for n, table in enumerate(self._list("councils"))]
        ways_in = self._list("accounts")
        accounts = [self._account(n, table) for n, table in enumerate(ways_in)]
        for name, key in (("councils", "key"), ("councils", "prefix"), ("accounts", "key")):
            self._twice(name, key)
        self._one_page(ways_in)
        self._one_bot_each(accounts)
        self._one_sender_each(accounts)
        self._webhooks_reach_us(accounts, sections["http"])
        self._twilio_reaches_us(accounts, sections["http"])
        self._invitations_stand_beside_talk(accounts)
        self._reminders_come_in_time(councils, sections["talk"])
        sections["mail"] = self._mail(sections["mail"], councils)
        database_url = self._database_url()
        if self.faults:
            raise BadConfiguration(source, self.faults)
        return Settings(
            source,
            tuple(council for council in councils if council),
            tuple(account for account in accounts if account),
            database_url=database_url,
            **sections,
        )

    def _note(self, place: Place, sentence: str) -> None:
        """Keep a fault, with the key of the council or account it belongs to, so that nobody has to count."""
        name = ""
        if len(place) > 1 and isinstance(place[1], int):
            key = self.tables[str(place[0])][place[1]].get("key")
            name = f' ("{key}")' if isinstance(key, str) and re.fullmatch(KEY, key) else ""
        self.faults.append(f"{where(place)}{name}: {sentence}")

    def _unknown_tables(self) -> None:
        # Of two sections with a setting of that name, the first is meant.
        homes = {key: section for section, shape in reversed([*SECTIONS.items()]) for key in _names(shape)}
        for name in self.tables:
            if name in SECTIONS or name in ("councils", "accounts"):
                continue
            near = did_you_mean(name, [*SECTIONS, "councils", "accounts"])
            if near == "." and (key := next(iter(get_close_matches(name, homes, n=1)), "")):
                near = f"; did you mean {key}? It belongs below [{homes[key]}]."
            self._note((name,), f"there is no such section{near}")

    def _list(self, name: str) -> list[Mapping[str, Any]]:
        given = self.tables.get(name)
        if given is None or given == []:
            self.faults.append(
                f"There is no [[{name}]] yet; at least one is needed. See config.example.toml."
            )
            return []
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self._note((name,), f"must be written with two brackets: [[{name}]].")
            return []
        return given

    def _table(self, shape: type[T], table: object, place: Place) -> T | None:
        """A table as its dataclass; None, and its faults noted, when it has some."""
        reader = TypeAdapter(tuple[shape], config=ConfigDict(extra="forbid", strict=True))  # type: ignore[valid-type]
        try:
            return cast("tuple[T]", reader.validate_json(json.dumps([table], default=str)))[0]
        except ValidationError as error:
            for inside, sentence in from_pydantic(error, shape):
                self._note((*place, *inside), sentence)
            return None

    def _mail(self, table: MailTable | None, councils: Sequence[Council | None]) -> Mail:
        if table is None or not table.host:
            return Mail()
        for inside, sentence in mail_faults(table):
            self._note(("mail", *inside), sentence)
        only = councils[0] if len(councils) == 1 else None
        name = table.sender_name or (only.name if only else "Townbell")
        return Mail(
            table.host, table.port, table.security, table.username, self._mail_password(table),
            table.sender, name, table.ca_file,
        )  # fmt: skip

    def _mail_password(self, table: MailTable) -> Secret | None:
        if not table.username:
            return None
        how = f"Put the password of mail.username there: export {table.password_env}=..."
        _, password = self._secret(table.password_file, table.password_env, ("mail", "password"), how)
        return Secret(password)

    def _council(self, n: int, table: Mapping[str, Any]) -> Council | None:
        council, faults = read_council(table, self.languages)
        for inside, sentence in faults:
            self._note(("councils", n, *inside), sentence)
        return council

    def _account(self, n: int, table: Mapping[str, Any]) -> Account | None:
        place: Place = ("accounts", n)
        council = self._council_of(table, place)
        if table.get("key") == MAIL_ACCOUNT:
            self._note((*place, "key"), "is the one of the letters that [mail] sends; choose another.")
        if table.get("channel") in ("web", "terminal"):
            page = self._table(AccountTable, table, place)
            return Account(page.key, page.channel, council) if page else None
        if table.get("channel") in TWILIO_CHANNELS:
            return self._twilio(table, place, council)
        bot = self._table(TelegramTable, table, place)
        if bot is None:
            return None
        token = self._token(bot, place)
        secret = self._webhook_secret(bot, place) if bot.mode == "webhook" else None
        return TelegramAccount(bot.key, bot.channel, council, token, bot.mode, secret, bot.api_url)

    def _twilio(self, table: Mapping[str, Any], place: Place, council: str) -> TwilioAccount | None:
        sender = self._table(TwilioTable, table, place)
        if sender is None:
            return None
        for inside, sentence in twilio_faults(sender, self.languages):
            self._note((*place, *inside), sentence)
        templates = {
            purpose: {tag: Template(one.sid, one.variables) for tag, one in by_language.items()}
            for purpose, by_language in sender.templates.items()
        }
        return TwilioAccount(
            sender.key, sender.channel, council, sender.sid, self._twilio_token(sender, place), sender.sender,
            sender.use, templates, sender.most_segments, sender.keep_at_twilio, sender.api_url,
            self._signing_key(sender, place), sender.per_second,
            sender.price_per_segment, sender.price_per_message, sender.currency,
        )  # fmt: skip

    def _council_of(self, table: Mapping[str, Any], place: Place) -> str:
        """The key of an account's council: the one it names, or the only one."""
        given = self.tables.get("councils")
        tables = given if isinstance(given, list) else []
        keys = [one["key"] for one in tables if isinstance(one, dict) and isinstance(one.get("key"), str)]
        key = table.get("council", "")
        if not isinstance(key, str):
            return ""  # told by its type
        if not key and len(keys) > 1:
            self._note((*place, "council"), f"is missing, and there are several: {listed(keys)}.")
        if key and key not in keys:
            self._note((*place, "council"), f'there is no council "{key[:40]}"{did_you_mean(key, keys)}')
        return key or next(iter(keys), "")

    def _token(self, bot: TelegramTable, place: Place) -> Secret:
        how = f"{GET_A_TOKEN}; then: export {bot.token_env}=..."
        place, token = self._secret(bot.token_file, bot.token_env, (*place, "token"), how)
        if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token):
            self._note(place, f"what it names is not a token of Telegram (123456:ABC...). {GET_A_TOKEN}.")
        return Secret(token)

    def _twilio_token(self, sender: TwilioTable, place: Place) -> Secret:
        how = f"{GET_A_TWILIO_TOKEN}; then: export {sender.token_env}=..."
        place, token = self._secret(sender.token_file, sender.token_env, (*place, "token"), how)
        if token and not re.fullmatch(r"[A-Za-z0-9]{32}", token):
            self._note(place, f"what it names is not an Auth Token. {GET_A_TWILIO_TOKEN}.")
        return Secret(token)

    def _signing_key(self, sender: TwilioTable, place: Place) -> Secret | None:
        file, variable = sender.signing_key_file, sender.signing_key_env
        if file is None and variable is None:
            return None
        how = f"It is the secret of the key that signs Twilio's posts: export {variable}=..."
        _, key = self._secret(file, variable or "", (*place, "signing_key"), how)
        return Secret(key)

    def _webhook_secret(self, bot: TelegramTable, place: Place) -> Secret:
        how = f"Make one: export {bot.webhook_secret_env}=$(openssl rand -hex 32)"
        place, secret = self._secret(
            bot.webhook_secret_file, bot.webhook_secret_env, (*place, "webhook_secret"), how
        )
        if secret and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            # Telegram's own rule, with a least length of ours.
            self._note(place, "what it names must be 16 to 256 of the characters A-Z, a-z, 0-9, _ and -.")
        return Secret(secret)

    def _secret(self, file: Path | None, variable: str, place: Place, how: str) -> tuple[Place, str]:
        """A secret from where the file says it is, and the place that says so."""
        *above, name = place
        if file is None:
            place = (*above, f"{name}_env")
            secret = self.environ.get(variable, "").strip()
            if not secret:
                self._note(place, f"the environment variable {variable} is not set. {how}")
            return place, secret
        place = (*above, f"{name}_file")
        try:
            secret = file.read_text("utf-8", errors="replace").strip()
        except OSError as error:
            self._note(place, f"the file {file} cannot be read: {reason(error)}.")
            return place, ""
        if not secret:
            self._note(place, f"the file {file} is empty.")
        return place, secret

    def _twice(self, name: str, key: str) -> None:
        tables = self.tables.get(name)
        given = [one.get(key) for one in tables if isinstance(one, dict)] if isinstance(tables, list) else []
        for value, count in Counter(one for one in given if isinstance(one, str)).items():
            if count > 1:
                self._note((name,), f'{count} of them have the {key} "{value[:40]}"; each needs its own.')

    def _one_page(self, tables: Sequence[Mapping[str, Any]]) -> None:
        pages = [n for n, table in enumerate(tables) if table.get("channel") == "web"]
        for n in pages[1:]:
            sentence = (
                f"there is one page, and accounts[{pages[0]}] has it. Leave this one out; "
                "the people of another council come by a link of their own, /chat?council=KEY."
            )
            self._note(("accounts", n), sentence)

    def _one_bot_each(self, accounts: list[Account | None]) -> None:
        first: dict[Secret, int] = {}
        for n, account in enumerate(accounts):
            if isinstance(account, TelegramAccount) and account.token.reveal():
                other = first.setdefault(account.token, n)
                if other != n:
                    self._note(
                        ("accounts", n), f"has the same token as accounts[{other}]; each needs its own bot."
                    )

    def _one_sender_each(self, accounts: list[Account | None]) -> None:
        first: dict[str, int] = {}
        for n, account in enumerate(accounts):
            if isinstance(account, TwilioAccount) and account.sender:
                other = first.setdefault(account.sender, n)
                if other != n:
                    sentence = f"has the same sender as accounts[{other}]; each needs its own."
                    self._note(("accounts", n, "sender"), sentence)

    def _twilio_reaches_us(self, accounts: list[Account | None], http: Http | None) -> None:
        for n, account in enumerate(accounts):
            if isinstance(account, TwilioAccount) and http and not reaches_us(http.public_url):
                sentence = (
                    "Twilio reaches us only when http.public_url begins with https:// "
                    "(http:// is for an emulator on this machine)."
                )
                self._note(("accounts", n, "channel"), sentence)

    def _invitations_stand_beside_talk(self, accounts: list[Account | None]) -> None:
        """A sender of invitations spares another one, so there has to be another."""
        talking = [one for one in accounts if one and one.channel != "terminal" and not _invites(one)]
        for n, account in enumerate(accounts):
            if account is None or not _invites(account):
                continue
            if not any(one.council == account.council or one.channel == "web" for one in talking):
                sentence = (
                    "is all that the council has, and people have to write to something. Add an account that "
                    'is for talk, or leave this out: it is "talk" then, and does both.'
                )
                self._note(("accounts", n, "use"), sentence)

    def _webhooks_reach_us(self, accounts: list[Account | None], http: Http | None) -> None:
        for n, account in enumerate(accounts):
            hooked = isinstance(account, TelegramAccount) and account.mode == "webhook"
            if hooked and http and not http.public_url.startswith("https://"):
                sentence = (
                    'Telegram reaches us only when http.public_url begins with https://; or use "polling".'
                )
                self._note(("accounts", n, "mode"), sentence)

    def _reminders_come_in_time(self, councils: list[Council | None], talk: Talk | None) -> None:
        for n, council in enumerate(councils):
            if council and talk and 0 < council.retention.drafts * 24 <= talk.remind_hours:
                sentence = (
                    f"drafts are gone before their reminder comes (talk.remind_hours = {talk.remind_hours})."
                )
                self._note(("councils", n, "retention", "drafts"), sentence)

    def _database_url(self) -> Secret | None:
        url = self.environ.get("DATABASE_URL", "").strip()
        if url and not re.match(r"postgres(ql)?://", url):
            self.faults.append(
                "The environment variable DATABASE_URL must begin with postgresql://; "
                "unset it to use SQLite in the data folder."
            )
        return Secret(url) if url else None


def _invites(account: Account) -> bool:
    return isinstance(account, TwilioAccount) and account.use == "invitations"


def _names(shape: type) -> list[str]:
    return [one.name for one in fields(shape)]
