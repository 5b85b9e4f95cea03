"""What stands on a poster, in English: read from two steps away, by somebody who does not know us.

The rules are those of flows/words.py.
"""

from __future__ import annotations

POSTER_WORDS: dict[str, str] = {
    "poster.title": "Is something wrong in town? Tell us.",
    "poster.how": "Scan a code with your phone, and write to us in your own language.",
    "poster.trust": "You need no name. We are not the police and not the asylum office.",
    "poster.way.telegram": "Telegram",
    "poster.way.whatsapp": "WhatsApp",
    "poster.way.sms": "SMS",
    "poster.way.web": "Web page",
    # What the code for SMS or WhatsApp has ready to be sent: one of sign.greeting.words
    "poster.hello": "Hello",
}
