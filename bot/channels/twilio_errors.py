"""What Twilio's error codes mean to us: one table, for its answers and for its reports alike.

A code that is not in the table speaks about one message, and the same message would fail again: refused.
https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

#: retry: later, for nothing is wrong with the message; throttled: the same, and slower from now on;
#: refused: never this message; stopped: never this address; window: WhatsApp takes free text again once the
#: person has written; credentials: nothing goes out until a person has mended the account
Meaning = Literal["retry", "throttled", "refused", "stopped", "window", "credentials"]


def meaning(code: int) -> Meaning:
    """What to do about a code."""
    return _MEANINGS.get(code, "refused")


_MEANINGS: Mapping[int, Meaning] = {
    # The account
    10001: "credentials",  # it is not active
    20003: "credentials",  # the token is wrong, or the account is closed
    20005: "credentials",  # it is not active
    20006: "credentials",  # it may not do this
    20404: "credentials",  # there is no such account, for the only thing we name when we send is the account
    21606: "credentials",  # the sender is not ours, or cannot send
    21659: "credentials",  # the sender is no number of Twilio's
    21660: "credentials",  # the sender belongs to another account
    21701: "credentials",  # there is no such messaging service
    21703: "credentials",  # the messaging service has no sender
    21704: "credentials",  # the messaging service has no sender
    30002: "credentials",  # the account is suspended
    63007: "credentials",  # the WhatsApp sender is not set up
    63015: "credentials",  # the sandbox of WhatsApp: nobody but who has joined it
    # How fast
    20429: "throttled",  # too many requests
    21611: "throttled",  # too much waits for this sender
    30001: "throttled",  # their queue is full
    30022: "throttled",  # too fast for the carrier
    63018: "throttled",  # too fast for WhatsApp
    63017: "throttled",  # too fast for the channel
    # The person
    21610: "stopped",  # they wrote STOP
    # WhatsApp
    63016: "window",  # a day has passed since they wrote
    63003: "refused",  # there is nobody on WhatsApp at this address
    63024: "refused",  # they cannot be reached on WhatsApp
    63032: "refused",  # WhatsApp does not deliver to this person
    # SMS
    30003: "retry",  # the phone is off, or out of reach
    30008: "retry",  # nobody knows why
    30005: "refused",  # there is no such number
    30006: "refused",  # a landline
    30007: "refused",  # filtered as spam
    # The message
    21211: "refused",  # To is no number
    21614: "refused",  # To is no mobile phone
    21617: "refused",  # too long
    21655: "refused",  # no such template
    21656: "refused",  # the template's variables do not fit
    # Twilio
    20500: "retry",
    20503: "retry",
    30009: "retry",  # a part of it got lost
    30017: "retry",  # the carrier's network is full
    63013: "refused",  # against the channel's rules
}
