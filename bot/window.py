"""For how long WhatsApp takes what we like, and what it takes then.

For a day after somebody's last word anything may be sent to them; later only a template that WhatsApp has
approved beforehand. Whether a message is late is judged when it is sent (`outbox.claim`), not when it is
planned. A purpose without a template waits for the person's next word.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import clock
from bot.channels import Channel, Windowed
from bot.config import TemplatePurpose
from core.messages import Opener
from storage import outbox
from storage.database import Tx
from storage.outbox import Claimed, SendPurpose, Window

#: a day, and a little less: a message is a moment on its way, and clocks differ
LENGTH = clock.DAY - 5 * clock.MINUTE

#: which template speaks for what; to staff a digest or a notice is a reply that waits
PURPOSES: Mapping[SendPurpose, TemplatePurpose] = {
    "reply": "reply",
    "farewell": "reply",
    "digest": "reply",
    "notice": "reply",
    "news": "news",
    "reminder": "reminder",
}


def window_of(channel: Channel) -> Window | None:
    """How long a channel takes free text, and which templates it has; None where it always does."""
    if not isinstance(channel, Windowed) or not channel.windowed:
        return None
    return Window(LENGTH, lambda purpose, language: channel.opens(PURPOSES[purpose], language))


async def opener(tx: Tx, claimed: Claimed, names: Mapping[str, str]) -> Opener:
    """What fills the template for a message; `names` are those of the councils, by their keys."""
    council, reference = await outbox.about_what(tx, claimed)
    return Opener(PURPOSES[claimed.purpose], names.get(council, ""), reference)
