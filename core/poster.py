"""What the code on a poster says for the person who scans it: a council, perhaps a language and a place.

Telegram carries it in a deep link, as `grazLdeILend`. A key holds no capital letter, so the first one ends
it: `L` goes before a language, `I` before a place in plain letters, `U` before a place in any others; a link
that is a council's key alone says that council, as it always did. SMS and WhatsApp carry it at the end of a
first message, as `Hello #graz/de/Lend`. What is written is read again as it was; of anything else nothing is
read.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode

from msgspec import Struct

LONGEST_PAYLOAD = 64  # https://core.telegram.org/bots/features#deep-linking
LONGEST_PLACE = 32  # letters: an SMS with it is still one SMS
#: what is written before the mark is a greeting, and no longer than this
LONGEST_HELLO = 40

_KEY = r"[a-z0-9][a-z0-9_-]{0,31}"
_TAG = r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}"
_PAYLOAD = re.compile(
    rf"({_KEY})(?:L({_TAG}))?(?:I(?P<plain>[A-Za-z0-9_-]+)|U(?P<coded>[A-Za-z0-9_-]+))?", re.ASCII
)
_MARK = re.compile(rf"#({_KEY})/({_TAG})?(?:/([^\s/#]+))?", re.ASCII | re.IGNORECASE)
#: what a place is written with beside letters, the marks on them, and digits
_BETWEEN = " -.'’"


class Poster(Struct, frozen=True):
    """Where a person came by, as far as the code that they scanned tells."""

    council: str  #: its key; who reads it asks whether there is such a council
    language: str = ""  #: a BCP-47 tag in small letters, "" when it says none
    place: str = ""  #: where it hangs, as people call it; "" when it says none


class FirstWords(Struct, frozen=True):
    """A message with the mark of a poster, taken apart."""

    hello: str  #: what is written before the mark
    poster: Poster | None  #: None: what looks like a mark is none that we made
    rest: str  #: what the person wrote behind it


def is_place(text: str) -> bool:
    """Whether a code can carry this as the name of a place: one short line of words."""
    return (
        0 < len(text) <= LONGEST_PLACE
        and text == " ".join(text.split())
        and text == unicodedata.normalize("NFC", text)
        and text[0].isalnum()
        and all(letter in _BETWEEN or unicodedata.category(letter)[0] in "LMN" for letter in text)
    )


# In a link


def payload(poster: Poster) -> str:
    """What a deep link carries; longer than LONGEST_PAYLOAD it is no use."""
    written = poster.council
    if poster.language:
        written += f"L{poster.language.lower()}"
    if poster.place:
        plain = poster.place.replace(" ", "_")
        written += f"I{plain}" if re.fullmatch(r"[A-Za-z0-9_-]+", plain) else f"U{_coded(poster.place)}"
    return written


def read_payload(text: str) -> Poster | None:
    """What `payload` wrote; None when this is nothing of it."""
    found = _PAYLOAD.fullmatch(text) if len(text) <= LONGEST_PAYLOAD else None
    if found is None:
        return None
    place = found["plain"].replace("_", " ") if found["plain"] else _decoded(found["coded"] or "")
    if place is None or (place and not is_place(place)):
        return None
    return Poster(found[1], found[2] or "", place)


def _coded(place: str) -> str:
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _decoded(text: str) -> str | None:
    try:
        place = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return None
    return place if _coded(place) == text else None


# In a message


def first_words(hello: str, poster: Poster) -> str:
    """The message that a code for SMS or WhatsApp has ready."""
    mark = f"#{poster.council}/{poster.language.lower()}"
    if poster.place:
        mark += f"/{poster.place.replace(' ', '_')}"
    return f"{hello} {mark}"


def read_first_words(text: str) -> FirstWords | None:
    """A message that begins as `first_words` wrote it; None when nothing in it looks like a mark.

    Whether what goes before the mark is a greeting is for those to say who know the languages.
    """
    place = text.find("#", 0, LONGEST_HELLO + 1)
    if place < 0:
        return None
    mark, *rest = text[place:].split(maxsplit=1)
    return FirstWords(text[:place].strip(), _read_mark(mark), rest[0].strip() if rest else "")


def _read_mark(mark: str) -> Poster | None:
    found = _MARK.fullmatch(mark)
    if found is None:
        return None
    place = (found[3] or "").replace("_", " ")
    if place and not is_place(place):
        return None
    return Poster(found[1].lower(), (found[2] or "").lower(), place)
