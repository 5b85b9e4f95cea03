"""What an e-mail address looks like, for us and for the mail servers on its way."""

from __future__ import annotations

import re

LONGEST = 254  # https://www.rfc-editor.org/errata/eid1690

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MAILBOX = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


def is_mailbox(text: str) -> bool:
    """Whether it is an address that every mail server takes: `name@example.org`, and nothing beside it.

    Other letters than a to z are for servers that promise more than most do. A domain in them is written in
    its ASCII form, "xn--...".
    """
    return len(text) <= LONGEST and _MAILBOX.fullmatch(text) is not None
