"""What Twilio posts when somebody writes, and how it signs: by hand, without a line of its packages.

https://www.twilio.com/docs/usage/security#validating-requests
"""

import base64
import hmac
from collections.abc import Mapping

SID = f"AC{'1' * 32}"
TOKEN = "labtoken0123456789labtoken012345"
FORM = "application/x-www-form-urlencoded"


def message(sid: str, *, person: str, number: str, text: str = "") -> dict[str, str]:
    """The form of a message that came."""
    return {
        "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": SID, "From": person,
        "To": number, "Body": text, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }  # fmt: skip


def report(sid: str, status: str) -> dict[str, str]:
    """The form that tells how a message of ours fares."""
    return {"AccountSid": SID, "MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status}


def signed(url: str, fields: Mapping[str, str], token: str = TOKEN) -> dict[str, str]:
    """The headers of a form that is posted to an address."""
    said = url + "".join(name + fields[name] for name in sorted(fields))
    signature = base64.b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()
    return {"X-Twilio-Signature": signature, "Content-Type": FORM}
