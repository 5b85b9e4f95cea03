"""How a message of ours fares, as Twilio posts it: its status, and the code of what went wrong.

Statuses come out of order, more than once, and in words that are yet to be invented: those say nothing.
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.channels.twilio_errors import Meaning, meaning
from bot.channels.twilio_signature import Fields
from storage.reports import Failure, Progress, Report

_ROW = re.compile(r"[1-9][0-9]{0,17}")
_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
_CODE = re.compile(r"[0-9]{1,6}")

_PROGRESS: Mapping[str, Progress] = {
    "accepted": "accepted", "scheduled": "accepted", "queued": "accepted", "sending": "accepted",
    "sent": "sent", "delivered": "delivered", "read": "read",
}  # fmt: skip
_FAILED = frozenset(("undelivered", "failed", "canceled"))
_LEADS_TO: Mapping[Meaning, Failure] = {
    "retry": "again", "throttled": "again", "credentials": "again",
    "refused": "refused", "stopped": "stopped", "window": "window",
}  # fmt: skip


def decode_report(fields: Fields, account: str, query: Mapping[str, str]) -> Report | None:
    """What a signed post says of the row that its address names; None when it says nothing that we know."""
    knock = "knock" in query
    row = query.get("knock" if knock else "row", "")
    sid = fields.first("MessageSid")
    status = (fields.first("MessageStatus") or fields.first("SmsStatus")).lower()
    if not (_ROW.fullmatch(row) and _SID.fullmatch(sid)):
        return None
    if status in _PROGRESS:
        return Report(account, int(row), sid, _PROGRESS[status], knock=knock)
    if status not in _FAILED:
        return None
    given = fields.first("ErrorCode")
    code = int(given) if _CODE.fullmatch(given) else 0
    reason = f"error {code}" if code else status
    return Report(account, int(row), sid, _LEADS_TO[meaning(code)], reason, knock)
