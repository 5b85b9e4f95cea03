"""Signs that nobody sees, and that turn or hide what is seen: a text must read as it is.

What people wrote is kept as it came; whoever shows it to staff shows it `as_seen`. The joiners U+200C and
U+200D stay, for Persian, Indic scripts and emoji are written with them, and so do the flags of regions.
"""

from __future__ import annotations

import json
import re

_SIGNS = (
    r"[\x80-\x9f\xad"  # controls, that a terminal obeys; and a hyphen that is only seen where a line ends
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # what turns: https://www.unicode.org/reports/tr9/
    r"\u180e\u200b\u2060-\u2065\ufeff\ufff9-\ufffb"  # what has no width, and stands within a word
    r"\U000e0000-\U000e007f]"  # a second alphabet that is never seen, but for the flags
)
_FLAG = r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_UNSEEN = re.compile(f"({_FLAG})|{_SIGNS}")


def as_seen(text: str) -> str:
    """A text without the signs that nobody sees."""
    return text if text.isascii() else _UNSEEN.sub(r"\1", text)


def spelled_out(written: str) -> str:
    r"""JSON in which those signs stand as `\u202e`: a program reads what was written, a person sees it."""
    return _UNSEEN.sub(lambda found: found[1] or json.dumps(found[0])[1:-1], written)


def however_hidden(words: str) -> re.Pattern[str]:
    """What finds words in a text as it is kept, though such signs stand between their letters."""
    return re.compile(f"{_SIGNS}*".join(map(re.escape, as_seen(words))), re.IGNORECASE)
