"""The default that is built in works as it is, and the example shows and explains every setting."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from bot.account_tables import AccountTable, TelegramTable, TemplateTable, TwilioTable
from bot.config_reading import DEFAULT, SECTIONS, read
from core.council import Advice, Council, Emergency, Retention
from tests.bot.configured import LANGUAGES, TOKEN, TWILIO_TOKEN, understood

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_the_built_in_default_needs_nothing():
    settings = read(DEFAULT.read_text("utf-8"), "the built-in default", {}, LANGUAGES)

    assert {account.channel for account in settings.accounts} == {"web", "terminal"}
    (council,) = settings.councils
    assert [emergency.number for emergency in council.emergency] == ["112", "133", "144", "122"]
    assert "147" in council.youth
    assert "demo" in council.name
    assert "demo" in council.controller


def test_the_example_can_be_used_as_it_is():
    text = EXAMPLE.read_text("utf-8")
    settings = understood(text, TELEGRAM_TOKEN=TOKEN, TWILIO_TOKEN=TWILIO_TOKEN)
    channels = [account.channel for account in settings.accounts]
    assert channels == ["web", "terminal", "telegram", "sms", "whatsapp"]


def test_the_example_shows_every_setting_there_is():
    # What is a choice of two is written as a comment, beside the one that is used.
    text = re.sub(
        r"^# (\w+_file = |signing_key_env = )", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE
    )
    example = tomllib.loads(text)
    council = example["councils"][0]
    given = {**example, **{one["channel"]: one for one in example["accounts"]}}
    templates = given["whatsapp"]["templates"]

    shapes: list[tuple[str, type, dict[str, Any]]] = [
        *((name, shape, given[name]) for name, shape in SECTIONS.items()),
        ("councils", Council, council),
        ("councils.emergency", Emergency, council["emergency"][0]),
        ("councils.advice", Advice, council["advice"][0]),
        ("councils.retention", Retention, council["retention"]),
        ("accounts.telegram", TelegramTable, given["telegram"]),
        ("accounts.sms", TwilioTable, given["sms"] | {"templates": templates}),
        ("accounts.templates", TemplateTable, templates["news"]["de"]),
    ]
    assert {name: set(table) for name, _, table in shapes} == {
        name: {field.name for field in fields(shape)} for name, shape, _ in shapes
    }
    assert {field.name for field in fields(AccountTable)} <= {field.name for field in fields(TelegramTable)}


def test_every_setting_of_the_example_has_a_comment_with_its_default():
    defaults = {
        f"{section}.{field.name}": field.default
        for section, shape in [
            *SECTIONS.items(),
            ("accounts.telegram", TelegramTable),
            ("accounts.sms", TwilioTable),
            ("councils.retention", Retention),
        ]
        for field in fields(shape)
        if isinstance(field.default, int | str) and field.default != ""
    }
    section = channel = comment = ""
    seen, told = set(), set()
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            comment += line
        elif line.startswith("["):
            section, channel, comment = line.strip("[]"), "", ""
        elif "=" in line:
            setting, value = line.split(" = ", 1)
            name = f"{section}.{setting}"
            # What every way in has is explained once.
            assert comment or name in seen, f"{name} has no comment"
            own = f"{section}.{channel}.{setting}" if channel else name
            if comment and own in defaults:
                assert f"Default: {json.dumps(defaults[own])}" in comment.replace("# ", "")
                told.add(own)
            seen.add(name)
            channel = json.loads(value) if setting == "channel" else channel
            comment = ""
    assert set(defaults) <= told
