"""The default that is built in works as it is, and the example shows and explains every setting."""

import json
import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from bot.config_reading import DEFAULT, SECTIONS, AccountTable, TelegramTable, read
from core.council import Advice, Council, Emergency, Retention
from tests.bot.configured import LANGUAGES, TOKEN, understood

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
    settings = understood(text, TELEGRAM_TOKEN=TOKEN)
    assert {account.channel for account in settings.accounts} == {"web", "terminal", "telegram"}


def test_the_example_shows_every_setting_there_is():
    # What is a choice of two is written as a comment, beside the one that is used.
    text = re.sub(r"^# (\w+_file = )", r"\1", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    example = tomllib.loads(text)
    council = example["councils"][0]
    given = {**example, "telegram": next(a for a in example["accounts"] if a["channel"] == "telegram")}

    shapes: list[tuple[str, type, dict[str, Any]]] = [
        *((name, shape, given[name]) for name, shape in SECTIONS.items()),
        ("councils", Council, council),
        ("councils.emergency", Emergency, council["emergency"][0]),
        ("councils.advice", Advice, council["advice"][0]),
        ("councils.retention", Retention, council["retention"]),
        ("accounts", TelegramTable, given["telegram"]),
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
            ("accounts", TelegramTable),
            ("councils.retention", Retention),
        ]
        for field in fields(shape)
        if isinstance(field.default, int | str) and field.default != ""
    }
    section, comment, seen = "", "", set()
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            comment += line
        elif line.startswith("["):
            section, comment = line.strip("[]"), ""
        elif "=" in line:
            name = f"{section}.{line.split(' =')[0]}"
            if name not in seen:
                assert comment, f"{name} has no comment"
                if name in defaults:
                    assert f"Default: {json.dumps(defaults[name])}" in comment.replace("# ", "")
            seen.add(name)
            comment = ""
    assert set(defaults) <= seen
