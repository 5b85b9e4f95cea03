"""Tokens and passwords come from the environment or from files, and are shown by nothing."""
# ruff: noqa: E501 - a fault is compared as people see it, on one line

import json
import pickle

import pytest

from bot.config import Secret, TelegramAccount
from tests.bot.configured import BOT, COUNCIL, TOKEN, WEB, faults_of, understood


def test_a_token_comes_from_the_environment():
    (account,) = understood(COUNCIL + BOT, TELEGRAM_TOKEN=f" {TOKEN}\n").accounts
    assert isinstance(account, TelegramAccount)
    assert account.token.reveal() == TOKEN
    assert (account.mode, account.webhook_secret) == ("polling", None)


def test_a_token_comes_from_a_file_before_the_environment(tmp_path):
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    (account,) = understood(
        f'{COUNCIL}{BOT}token_file = "{tmp_path}/token"', TELEGRAM_TOKEN="1:other"
    ).accounts
    assert isinstance(account, TelegramAccount)
    assert account.token.reveal() == TOKEN


def test_a_webhook_has_a_secret():
    text = f'[http]\npublic_url = "https://bell.example.org/"\n{COUNCIL}{BOT}mode = "webhook"'
    settings = understood(text, TELEGRAM_TOKEN=TOKEN, TELEGRAM_WEBHOOK_SECRET="s" * 32)
    (account,) = settings.accounts
    assert isinstance(account, TelegramAccount)
    assert account.webhook_secret == Secret("s" * 32)
    assert settings.http.public_url == "https://bell.example.org"


@pytest.mark.parametrize(
    ("label", "text", "environ", "fault"),
    [
        ("no token", BOT, {}, ('accounts[0].token_env ("bot"): the environment variable TELEGRAM_TOKEN is not set. Write to @BotFather in Telegram, say /newbot, and copy the token it gives you; then: export TELEGRAM_TOKEN=...')),
        ("an empty token", BOT + 'token_env = "BOT"', {"BOT": "  "}, ('accounts[0].token_env ("bot"): the environment variable BOT is not set. Write to @BotFather in Telegram, say /newbot, and copy the token it gives you; then: export BOT=...')),
        ("half a token", BOT, {"TELEGRAM_TOKEN": "secret-half"}, ('accounts[0].token_env ("bot"): what it names is not a token of Telegram (123456:ABC...). Write to @BotFather in Telegram, say /newbot, and copy the token it gives you.')),
        (
            "the token itself in the file",
            f'{BOT}token = "{TOKEN}"',
            {"TELEGRAM_TOKEN": TOKEN},
            ('accounts[0].token ("bot"): a secret does not belong in this file. Put it into the environment, and write the NAME of the variable here: token_env = "TELEGRAM_TOKEN".'),
        ),
        (
            "the token for its variable",
            f'{BOT}token_env = "{TOKEN}"',
            {},
            ('accounts[0].token_env ("bot"): must be the NAME of an environment variable, but looks like the token itself. Take it out of the file; if anybody else could read the file, ask @BotFather for a new one (/revoke).'),
        ),
        ("a variable that cannot be", f'{BOT}token_env = "MY TOKEN"', {}, 'accounts[0].token_env ("bot"): must be the NAME of an environment variable, such as "TELEGRAM_TOKEN".'),
        ("a file that is not there", f'{BOT}token_file = "/nowhere/token"', {}, 'accounts[0].token_file ("bot"): the file /nowhere/token cannot be read: no such file or directory.'),
        ("an empty file", f'{BOT}token_file = "/dev/null"', {}, 'accounts[0].token_file ("bot"): the file /dev/null is empty.'),
        ("a webhook that nobody reaches", f'{BOT}mode = "webhook"', {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": "s" * 32}, 'accounts[0].mode ("bot"): Telegram reaches us only when http.public_url begins with https://; or use "polling".'),
        ("one bot for two accounts", BOT + BOT.replace('"bot"', '"two"'), {"TELEGRAM_TOKEN": TOKEN}, 'accounts[1] ("two"): has the same token as accounts[0]; each needs its own bot.'),
        ("another database", WEB, {"DATABASE_URL": "mysql://user:hidden@host/x"}, "The environment variable DATABASE_URL must begin with postgresql://; unset it to use SQLite in the data folder."),
    ],
)  # fmt: skip
def test_a_fault_with_a_secret_says_how_to_get_one(label, text, environ, fault):
    assert faults_of(COUNCIL + text, **environ) == (fault,), label


def test_a_webhook_secret_that_telegram_would_refuse_is_told():
    text = f'[http]\npublic_url = "https://bell.example.org"\n{COUNCIL}{BOT}mode = "webhook"'
    for bad in ("short", "ümläut" * 5):
        assert faults_of(text, TELEGRAM_TOKEN=TOKEN, TELEGRAM_WEBHOOK_SECRET=bad) == (
            'accounts[0].webhook_secret_env ("bot"): what it names must be 16 to 256 of the characters A-Z, a-z, 0-9, _ and -.',
        )  # fmt: skip


def test_no_secret_is_shown_by_settings_or_faults():
    text = f'[http]\npublic_url = "https://bell.example.org"\n{COUNCIL}{BOT}mode = "webhook"\n'
    environ = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": "s" * 32,
        "DATABASE_URL": "postgresql://u:pw-hidden@h/d",
    }
    settings = understood(text, **environ)
    shown = f"{settings} {settings!r} {vars(settings)} {[*map(str, settings.accounts)]}"
    assert not [secret for secret in (TOKEN, "ssss", "pw-hidden") if secret in shown]

    wrong = f'token = "{TOKEN}"\ntoken_file = 5\nwebhook_secret_env = "{TOKEN}"\napi_url = "https://u:pw@h"\nmode = "{TOKEN}"'
    told = " ".join(faults_of(f"{COUNCIL}{BOT}{wrong}", DATABASE_URL="mysql://u:pw@h"))
    assert TOKEN not in told
    assert "pw@" not in told


def test_a_secret_is_not_written_anywhere():
    with pytest.raises(TypeError, match="A secret is not written anywhere"):
        pickle.dumps(Secret(TOKEN))
    with pytest.raises(TypeError):
        json.dumps(Secret(TOKEN))
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
