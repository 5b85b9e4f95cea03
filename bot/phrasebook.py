"""All of our own English, gathered from where it is said, for the catalogs."""

from __future__ import annotations

from bot.channels.webchat_page.phrases import PAGE_PHRASES
from flows.desk_words import DESK_PLURALS, DESK_WORDS
from flows.lexicon import FLOWS
from flows.words import PLURALS, WORDS
from outreach.poster_words import POSTER_WORDS
from outreach.words import DIGEST_PLURALS, DIGEST_WORDS
from translations import catalogs


def english() -> dict[str, str]:
    """Every text that does not depend on a number, by its key."""
    texts = {key: text for flow in FLOWS for key, text in flow.texts()}
    return texts | WORDS | DESK_WORDS | PAGE_PHRASES | DIGEST_WORDS | POSTER_WORDS


def plurals() -> dict[str, tuple[str, str]]:
    """Every text that depends on a number, by its key: for one, and for any other."""
    return PLURALS | DESK_PLURALS | DIGEST_PLURALS


def update() -> dict[str, int]:
    """Bring the catalogs up to the English in the code; how many entries each language still wants."""
    return catalogs.update(english(), plurals())
