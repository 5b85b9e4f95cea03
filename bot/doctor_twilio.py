"""What is wrong with a sender at Twilio, and what to click there: asked of Twilio, changing nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from babel.core import get_global
from twilio.rest import Client

from bot.channels.twilio_line import API, Failure, Line, client
from bot.config import Settings, Template, TwilioAccount
from bot.finding import Finding, Findings, mend, ok

CONSOLE = "Twilio Console"
#: an account has seldom more senders on WhatsApp
LISTED = 200


async def look(account: TwilioAccount, settings: Settings, patience: float) -> Findings:
    """Ask Twilio about credentials, sender, webhook, the council's country and templates."""
    name = f'Twilio ("{account.key}")'
    line = Line(answer_within=patience, connections=1)
    asking = client(account.sid, account.token.reveal(), line, account.api_url)
    try:
        async for finding in _looks(account, settings, asking):
            yield Finding(finding.well, f"{name}: {finding.said}")
    except Failure as failure:
        yield mend(f"{name}: {_failed(failure, account)}")
    finally:
        await line.close()


def _failed(failure: Failure, account: TwilioAccount) -> str:
    if failure.status == HTTPStatus.UNAUTHORIZED:
        return (
            f"the SID and the token are not taken. Copy both anew: {CONSOLE} > Account > API keys & tokens, "
            "and put the token where token_env or token_file says."
        )
    if not failure.status:
        return f"{urlsplit(account.api_url).hostname} does not answer. Check this machine's way out."
    if failure.status == HTTPStatus.NOT_FOUND:
        return (
            f"{failure.where} answers 404, as if nothing were there, so the rest could not be looked at. "
            f"See that sid is the account's, and api_url Twilio's own ({API}): what only stands in for "
            "Twilio, or goes between, may lack this part."
        )
    said = f"error {failure.code}" if failure.code else f"status {failure.status}"
    return f"{failure.where} answers with {said}. Ask again in a few minutes; {CONSOLE} > Monitor says more."


async def _looks(account: TwilioAccount, settings: Settings, asking: Client) -> Findings:
    mine = await asking.api.v2010.accounts(account.sid).fetch_async()
    if mine.status != "active":
        yield mend(f"the account is {mine.status}. {CONSOLE} > Billing says why.")
        return
    yield ok("the SID and the token are taken")
    ours = f"{settings.http.public_url}/twilio/{account.key}"
    async for finding in _sender(account, asking, ours):
        yield finding
    if account.channel == "sms":
        yield await _country(asking, settings.council(account.council).time_zone)
    for purpose, by_language in account.templates.items():
        for language, template in by_language.items():
            yield await _template(asking, f"template {purpose} ({language}), {template.sid}", template)


async def _sender(account: TwilioAccount, asking: Client, ours: str) -> Findings:
    sender = account.sender
    if sender.startswith("MG"):
        yield await _service(asking, sender, ours)
    elif account.channel == "whatsapp":
        yield await _on_whatsapp(asking, sender, ours)
    elif sender.startswith("+"):
        found = await asking.incoming_phone_numbers.list_async(phone_number=sender, limit=1)
        where = "Phone Numbers > Manage > Active numbers"
        if not found:
            yield mend(f"the number {sender} is not this account's. See which are: {CONSOLE} > {where}.")
            return
        if not _hears_sms(found[0]):
            yield mend(
                f"the number {sender} cannot be answered by SMS. Buy one with two-way SMS: {CONSOLE} > "
                "Phone Numbers > Buy a number, with the filter SMS."
            )
        yield _calls(found[0].sms_url, found[0].sms_method, ours, f"{where} > {sender} > Messaging")
    else:
        codes = await asking.short_codes.list_async(short_code=sender, limit=1)
        where = "Messaging > Senders > Short codes"
        if not codes:
            yield mend(f"the short code {sender} is not this account's. See: {CONSOLE} > {where}.")
            return
        yield _calls(codes[0].sms_url, codes[0].sms_method, ours, f"{where} > {sender}")


def _hears_sms(number: Any) -> bool:
    return isinstance(number.capabilities, dict) and bool(number.capabilities.get("sms"))


def _calls(url: str | None, method: str | None, ours: str, where: str) -> Finding:
    """Whether what comes in is posted to us."""
    if url == ours and method == "POST":
        return ok(f"what comes in is posted to {ours}")
    said = f"{method or 'POST'} {urlsplit(url).hostname}" if url else "nobody"
    return mend(f"what comes in goes to {said}. {CONSOLE} > {where}: a webhook, POST, {ours}")


async def _service(asking: Client, sid: str, ours: str) -> Finding:
    where = "Messaging > Services"
    service = await _unless_missing(asking.messaging.v1.services(sid).fetch_async())
    if service is None:
        return mend(f"there is no messaging service {sid} in this account. See: {CONSOLE} > {where}.")
    where = f"{where} > {service.friendly_name} > Integration"
    if service.use_inbound_webhook_on_number:
        return mend(f"each number says where to post. {CONSOLE} > {where}: send a webhook, POST, {ours}")
    return _calls(service.inbound_request_url, service.inbound_method, ours, where)


async def _on_whatsapp(asking: Client, sender: str, ours: str) -> Finding:
    where = "Messaging > Senders > WhatsApp senders"
    listed = await asking.messaging.v2.channels_senders.list_async(channel="whatsapp", limit=LISTED)
    found = next((one for one in listed if one.sender_id == sender), None)
    if found is None:
        return mend(f"{sender} is no WhatsApp sender of this account. Add it: {CONSOLE} > {where}.")
    if found.status != "ONLINE":
        return mend(f"{sender} is {found.status}, and cannot send. {CONSOLE} > {where} > {sender} says why.")
    webhook = found.webhook if isinstance(found.webhook, dict) else {}
    return _calls(webhook.get("callback_url"), webhook.get("callback_method"), ours, f"{where} > {sender}")


async def _country(asking: Client, time_zone: str) -> Finding:
    """Whether Twilio has numbers in the council's country: others cost people an SMS abroad."""
    country = get_global("zone_territories").get(time_zone, "")
    if not country:
        return ok(f"nobody can say which country {time_zone} is; see that people there can answer by SMS")
    offered = asking.available_phone_numbers(country)
    if await _unless_missing(offered.fetch_async()) is None:
        return ok(f"Twilio has no numbers in {country}; to write to one abroad costs people more")
    for kind in (offered.mobile, offered.local):
        if await _unless_missing(kind.list_async(sms_enabled=True, limit=1)):
            return ok(f"Twilio has numbers with two-way SMS in {country}")
    return ok(f"Twilio has no number with two-way SMS in {country} now; one abroad costs people more")


async def _template(asking: Client, called: str, template: Template) -> Finding:
    where = f"{CONSOLE} > Messaging > Content Template Builder"
    content = asking.content.v1.contents(template.sid)
    found = await _unless_missing(content.fetch_async())
    if found is None:
        return mend(f"{called}: there is none. See: {where}.")
    theirs = len(found.variables or {})
    if theirs != len(template.variables):
        return mend(
            f"{called}: it has {theirs} variables there, and {len(template.variables)} here. Name one of "
            '"council", "reference" and "text" in `variables` for each, in their order.'
        )
    approval = await content.approval_fetch().fetch_async()
    status = (approval.whatsapp or {}).get("status", "unsubmitted")
    if status != "approved":
        return mend(f'{called}: WhatsApp has not approved it ("{status}"). {where} > it > WhatsApp approval.')
    return ok(f"{called}: approved")


async def _unless_missing(call: Any) -> Any:
    """What Twilio answers; None when it has no such thing."""
    try:
        return await call
    except Failure as failure:
        if failure.status == HTTPStatus.NOT_FOUND:
            return None
        raise
