"""Senders of ours at Twilio, which a story writes from, and what stands in for Twilio."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from bot.channels.twilio import Twilio
from bot.config import Template
from tests.peers.twilio_api import NUMBER, ON_WHATSAPP, SID, TOKEN, TwilioApi

#: an approved template that asks somebody to write
NEWS = Template(f"HX{'a' * 32}", ("council", "reference"))


def lines_at(api: TwilioApi, stack: AsyncExitStack) -> Callable[..., Twilio]:
    """Makes senders of ours, by SMS ("text") or on WhatsApp ("app")."""

    def made(account: str = "text", **more: Any) -> Twilio:
        by_sms = account == "text"
        sender, channel = (NUMBER, "sms") if by_sms else (ON_WHATSAPP, "whatsapp")
        told = {"api_url": api.url, "most_segments": 30, "per_second": 1000} | more
        twilio = Twilio(account, SID, TOKEN, sender, channel, **told)  # type: ignore[arg-type]
        stack.push_async_callback(twilio.close)
        return twilio

    return made
