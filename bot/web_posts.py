"""What the page posts and which languages a browser asks for, read strictly.

What anybody can send is looked at here: a fault of theirs is a `Refusal` with a sentence, never an exception.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from bot.requests import Refusal
from core.messages import clean
from core.phrases import Phrases
from core.talk import Pick, Place

TEXT = 10_000  # characters; longer is two messages
LANGUAGES = 20  # a browser lists three or four

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[A-Za-z0-9_.:-]{3,64}")
_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(frozen=True)
class Said:
    """One post: words, a choice or a place."""

    key: str
    text: str = ""
    token: str = ""
    place: Place | None = None


class _Location(msgspec.Struct, forbid_unknown_fields=True):
    lat: float
    lon: float


class _Post(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    text: str | msgspec.UnsetType = msgspec.UNSET
    choice: str | msgspec.UnsetType = msgspec.UNSET
    location: _Location | msgspec.UnsetType = msgspec.UNSET


def read_post(body: bytes) -> Said:
    """A post as the page writes it, in JSON."""
    try:
        # Not msgspec's own decoder: it refuses half an emoji, and with it the rest of what was said.
        post = msgspec.convert(json.loads(body.decode("utf-8"), parse_constant=_no_number), _Post)
    except (ValueError, RecursionError, OverflowError) as fault:
        raise Refusal(400, _what_is_wrong(fault)) from None
    key_of(post.key)
    match post.text, post.choice, post.location:
        case str(text), msgspec.UNSET, msgspec.UNSET:
            return Said(post.key, text=_words(text))
        case msgspec.UNSET, str(choice), msgspec.UNSET:
            if not _TOKEN.fullmatch(choice) or Pick.parse(choice) is None:
                raise Refusal(400, "This choice is none of ours. Please choose one of the answers, or write.")
            return Said(post.key, token=choice)
        case msgspec.UNSET, msgspec.UNSET, _Location(lat=lat, lon=lon):
            if not (-90 <= lat <= 90 and -180 <= lon <= 180):
                raise Refusal(400, "There is no such place: lat is from -90 to 90, lon from -180 to 180.")
            return Said(post.key, place=Place(lat, lon))
    raise Refusal(400, 'Please send one of "text", "choice" and "location".')


def key_of(key: str) -> str:
    """The name that the page gave its post, so that it can be sent again."""
    if not KEY.fullmatch(key):
        raise Refusal(400, 'The "key" must be 1 to 64 of the characters A-Z, a-z, 0-9, _ and -.')
    return key


def _words(text: str) -> str:
    if len(text) > TEXT:
        raise Refusal(413, f"This is too long: {len(text)} characters. Please send at most {TEXT} at a time.")
    words = clean(text).strip()
    if not words:
        raise Refusal(400, "There are no words in this. Please write something.")
    return words


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number.")


def _what_is_wrong(fault: Exception) -> str:
    # msgspec names the field and the type it should have, and never what stood there.
    if isinstance(fault, msgspec.ValidationError):
        return f"This is not as it should be: {clean(str(fault))[:200]}."
    return "This is not JSON that we can read."


def asked_for(header: str) -> list[str]:
    """The language tags of an Accept-Language header, the dearest first."""
    wanted: list[tuple[float, str]] = []
    for part in header[:1000].split(",")[:LANGUAGES]:
        tag, _, weight = part.strip().partition(";")
        tag = tag.strip()
        if _TAG.fullmatch(tag) and (q := _weight(weight)) > 0:
            wanted.append((q, tag))
    return [tag for _, tag in sorted(wanted, key=lambda one: -one[0])]


def _weight(text: str) -> float:
    found = re.fullmatch(r"\s*q\s*=\s*([01](\.[0-9]{0,3})?)\s*", text)
    return float(found[1]) if found else 1.0


def best(catalogs: Mapping[str, Phrases], tags: Sequence[str]) -> Phrases | None:
    """The phrases in the first of the languages that we have, exactly or but for script and country."""
    by_tag = {tag.lower(): phrases for tag, phrases in catalogs.items()}
    for tag in tags:
        parts = tag.lower().split("-")
        while parts:
            if found := by_tag.get("-".join(parts)):
                return found
            parts.pop()
        language = tag.lower().split("-")[0]
        for known, phrases in by_tag.items():
            if known.split("-")[0] == language:
                return phrases
    return None
