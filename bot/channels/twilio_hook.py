"""What Twilio calls: one address for what people write, and one for how messages of ours fare.

Nothing is acknowledged before it is on disk. What is not signed for us is refused and not read any further;
what is signed and makes no sense is refused in a sentence, which Twilio's console shows to its owner.

twilio_signature.py knows who called, twilio_inbound.py decodes, twilio_status.py reads reports.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, cast

from bot.channels import Accept
from bot.channels.twilio_inbound import NotForUs, decode_message
from bot.channels.twilio_signature import Fields, NotSigned, Signatures
from bot.channels.twilio_status import decode_report
from bot.config import TwilioAccount
from bot.requests import Refusal
from storage.reports import Report

#: returns once a report is written down; raises core.errors.StorageFault when it is not
TakeReport = Callable[[Report], Awaitable[None]]


class TwilioHook:
    """One sender at Twilio, as it calls us."""

    def __init__(
        self,
        account: TwilioAccount,
        public_url: str,
        accept: Accept,
        report: TakeReport,
        stray: Callable[[str], None],
    ) -> None:
        key = account.signing_key
        self._signatures = Signatures(public_url, account.token.reveal(), key.reveal() if key else None)
        self._account = account
        self._accept = accept
        self._report = report
        self._stray = stray  # hears the account of what is about nothing of ours

    async def hear(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Take what somebody wrote; it is on disk when this returns. Raises Refusal, or StorageFault."""
        fields = self._signed(path, headers, body)
        channel = cast('Literal["sms", "whatsapp"]', self._account.channel)
        try:
            message = decode_message(fields, self._account.key, channel)
        except NotForUs as fault:
            raise Refusal(400, fault.sentence) from None
        await self._accept([message])

    async def hear_report(
        self, query: Mapping[str, str], path: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Take how a message of ours fares; `query` says which, as the address carries it."""
        report = decode_report(self._signed(path, headers, body), self._account.key, query)
        if report is None:
            self._stray(self._account.key)
        else:
            await self._report(report)

    def _signed(self, path: str, headers: Mapping[str, str], body: bytes) -> Fields:
        try:
            fields = self._signatures.read(path, headers, body)
        except NotSigned as fault:
            raise Refusal(403, fault.sentence) from None
        if fields.first("AccountSid") != self._account.sid:
            raise Refusal(403, "AccountSid is not the account that this address belongs to.")
        return fields
