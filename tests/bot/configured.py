"""Configurations as text, to be put together, and what they are read as."""

from __future__ import annotations

import pytest

from bot.config import Settings
from bot.config_reading import read
from core.errors import BadConfiguration

LANGUAGES = frozenset({"en", "de", "sl", "ar", "uk", "es", "sr-Latn"})
TOKEN = "123456789:AAHkCbu_notARealToken-0123456789abc"
TWILIO_TOKEN = "0123456789abcdef0123456789abcdef"

COUNCIL = """
[[councils]]
key = "graz"
name = "Graz"
prefix = "GRZ"
time_zone = "Europe/Vienna"
languages = ["de", "en"]
working_languages = ["de"]
"""
MAIL = """
[mail]
host = "smtp.example.org"
sender = "bell@example.org"
"""
WEB = """
[[accounts]]
key = "web"
channel = "web"
"""
BOT = """
[[accounts]]
key = "bot"
channel = "telegram"
"""
REACHED = """
[http]
public_url = "https://bell.example.org"
"""
SMS = f"""
[[accounts]]
key = "sms"
channel = "sms"
sid = "AC{"1" * 32}"
sender = "+436601234567"
"""
WHATSAPP = SMS.replace('"sms"', '"whatsapp"').replace('"+4', '"whatsapp:+4')
SMALLEST = COUNCIL + WEB


def understood(text: str, **environ: str) -> Settings:
    """The settings that a text comes to."""
    return read(text, "config.toml", environ, LANGUAGES)


def faults_of(text: str, **environ: str) -> tuple[str, ...]:
    """Why a text is refused."""
    with pytest.raises(BadConfiguration) as refused:
        understood(text, **environ)
    return refused.value.faults
