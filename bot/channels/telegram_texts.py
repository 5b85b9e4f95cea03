"""What we say, in the shapes that Telegram takes: parts of at most 4096 units, and rows of buttons."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from core.messages import OutboundMessage
from core.talk import Pick

TEXT_UNITS = 4096  #: of UTF-16, in which Telegram counts. https://core.telegram.org/bots/api#sendmessage
CALLBACK_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton
BUTTONS = 100  #: Telegram shows no more
TINY, HALF = 7, 16  #: letters in a button that is a third, or half, as wide as a small phone
FEW = 4  #: options that have a row each, unless tiny


def keyboard(message: OutboundMessage) -> list[list[dict[str, str]]] | None:
    """The options as the rows of an inline keyboard; None where there are none, or no button carries them."""
    if not message.options or not message.run or not message.step or len(message.options) > BUTTONS:
        return None
    buttons = [
        {
            "text": f"{option.number} {option.label}",
            "callback_data": Pick(message.run, message.step, option.id).token,
        }
        for option in message.options
    ]
    if any(len(button["callback_data"].encode()) > CALLBACK_BYTES for button in buttons):
        return None
    each = _buttons_in_a_row([button["text"] for button in buttons])
    return [buttons[start : start + each] for start in range(0, len(buttons), each)]


def numbered(message: OutboundMessage) -> str:
    """The text with its options as numbered lines, for where there are no buttons."""
    lines = [f"{option.number} {option.label}" for option in message.options]
    return "\n\n".join(part for part in (message.text, "\n".join(lines)) if part)


def _buttons_in_a_row(labels: Sequence[str]) -> int:
    widest = max(map(_width, labels))
    if widest <= TINY:
        return 3
    return 2 if widest <= HALF and len(labels) > FEW else 1


def _width(label: str) -> int:
    if label.isascii():
        return len(label)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in label)
