"""The words that a provider of SMS acts on by itself, before we hear them.

Twilio stops sending to who writes one of STOP, and sends again after one of START; it forwards the word all
the same. So by SMS such a word, alone, is always the command that the provider has taken it for, whatever
question is open; and no SMS of ours may ask for one of them: it asks for digits.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.talk import Command
from flows.choices import LONGEST, plain

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
START = frozenset({"start", "unstop"})
HELP = frozenset({"help", "info"})
#: sends again when we had stopped; else it is an answer
YES = "yes"

_COMMANDS: Mapping[str, Command] = {
    **dict.fromkeys(STOP, Command.STOP),
    **dict.fromkeys(START, Command.START),
    **dict.fromkeys(HELP, Command.HELP),
}


def keyword(text: str, *, stopped: bool) -> Command | None:
    """What a provider of SMS has taken a whole message for; `stopped`: we may not write to this person."""
    said = plain(text) if len(text) <= LONGEST else ""
    return Command.START if stopped and said == YES else _COMMANDS.get(said)
