"""What a sender at Twilio must be beyond its types.

Each rule yields the places that are wrong and what to write there.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from bot.account_tables import TemplateTable, TwilioTable
from bot.faults import Fault, Place, did_you_mean, listed, shown

#: what can fill a place in a template
VARIABLES = ("council", "reference", "text")

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_TEMPLATE = re.compile(r"HX[0-9a-f]{32}")
_SERVICE = r"MG[0-9a-f]{32}"
_SENDERS = {
    "sms": re.compile(rf"\+[1-9]\d{{6,14}}|\d{{3,8}}|{_SERVICE}"),
    "whatsapp": re.compile(rf"whatsapp:\+[1-9]\d{{6,14}}|{_SERVICE}"),
}
_SENDER_SAID = {
    "sms": 'must be a number such as "+436601234567", a short code, or a messaging service (MG and 32 of '
    "0-9 a-f); a name of letters gets no answers",
    "whatsapp": 'must be a WhatsApp sender such as "whatsapp:+436601234567", or a messaging service (MG and '
    "32 of 0-9 a-f)",
}


def twilio_faults(table: TwilioTable, languages: Collection[str]) -> Iterator[Fault]:
    """What is wrong with a sender."""
    if not _ACCOUNT.fullmatch(table.sid):
        said = "must be the Account SID, AC and 32 of 0-9 a-f; Twilio's console shows it on its first page"
        yield ("sid",), f"{said}{shown(table.sid)}."
    if not _SENDERS[table.channel].fullmatch(table.sender):
        yield ("sender",), f"{_SENDER_SAID[table.channel]}{shown(table.sender)}."
    if table.channel == "sms" and table.templates:
        yield ("templates",), "are for WhatsApp only; by SMS we may always write."
    for purpose, by_language in table.templates.items():
        for language, template in by_language.items():
            yield from _template_faults(template, language, languages, ("templates", purpose, language))


def reaches_us(public_url: str) -> bool:
    """Whether Twilio may post there: by https, or to this machine."""
    parts = urlsplit(public_url)
    return parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(parts.hostname or ""))


def is_this_machine(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _template_faults(
    template: TemplateTable, language: str, languages: Collection[str], place: Place
) -> Iterator[Fault]:
    if language not in languages:
        near = did_you_mean(language, languages)
        said = f'there is no catalog for "{language[:40]}"{near} There are: {listed(sorted(languages))}.'
        yield place, said
    if not _TEMPLATE.fullmatch(template.sid):
        yield (*place, "sid"), f"must be HX and 32 of 0-9 a-f{shown(template.sid)}."
    for n, name in enumerate(template.variables):
        if name not in VARIABLES:
            said = f"nothing is called so; {{{{{n + 1}}}}} can be {listed(VARIABLES)}"
            said = f"must not be empty: {{{{{n + 1}}}}} would have no words" if not name else said
            yield (*place, "variables", n), f"{said}{shown(name) if name else ''}."
