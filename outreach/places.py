"""Where something is, as far as words tell: streets with their numbers, and lines of bus and tram.

Only what a pattern sees, in languages that councils read. A quarter's name looks like any other word. What is
taken for a place and is none does little harm: two texts are told apart that need not have been.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from msgspec import Struct

_ROAD = r"(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.)"
_NUMBER = r"(?:,?\s*(?:(?:[Nn]ummer|[Nn]umber|[Nn][ro]|[Šš]t|[Bb]r)\b\.?)?\s*(\d{1,4}[a-z]?)\b)?"

#: Annenstraße 12, Lendplatz, Triester Straße
_GERMAN = re.compile(
    rf"\b((?:[A-ZÄÖÜ]\w+er\s)?[\w-]*(?:{_ROAD}|(?<=\w)(?:gasse|platz|weg|allee|park|garten)))(?!\w){_NUMBER}"
)
#: Baker Street, Slovenska cesta, Celovški cesti, Brīvības iela
_NAME_FIRST = re.compile(
    rf"\b([^\W\d_a-z]\w+)\s(?:Street|Road|Avenue|Square|[Cc]est[aeio]|[Uu]lic[aeiu]|[Tt]rgu?|[Ii]el[aā])\b{_NUMBER}"
)
#: via Roma 3, calle Mayor, rue de la Gare, trg Republike, οδός Ερμού
_NAME_LAST = re.compile(
    r"\b(?:[Vv]ia|[Vv]iale|[Cc]orso|[Pp]ia[zţ]za|[Cc]alle|[Aa]venida|[Pp]la[zçc]a|[Cc]arrer|[Rr]ue|[Uu]lic[aeiu]"
    r"|[Tt]rgu?|[Οο]δ[οό]ς?|[Ππ]λατε[ιί]α)"
    rf"\s(?:d\w+\s|la\s)*([^\W\d_a-z]\w+){_NUMBER}"
)
#: bus 33, the 33er Bus, linija 6, Straßenbahn Linie 5
_KINDS = r"(?:\w*bus(?:ses)?|tram\w*|straßenbahn|bim|lin(?:ie|e|ea|ija|iju)|línea|λεωφορείο)"
_LINE = re.compile(
    rf"\b{_KINDS}\s(?:n\w?\.?\s?)?(\d{{1,3}})\b|\b(\d{{1,3}})(?:er)?[\s-]{_KINDS}\b", re.IGNORECASE
)

#: look like places, and are in every town
_EVERYDAY = re.compile(
    r"(?:spiel|park|arbeits|sitz|steh|stell|schlaf|wohn|kurs|studien|ausbildungs|betreuungs|garten|heim)platz$"
    r"|kindergarten$|vorgarten$|^(?:heim|geh|rad|fuß|um|aus|schul)weg$|^(?:straße|strasse|str\.)$",
    re.IGNORECASE,
)


class Street(NamedTuple):
    """A street or a square, and the house."""

    name: str
    number: str  #: "" when only the street is named

    def is_like(self, other: Street) -> bool:
        """Whether they can be the same: a house is in its street."""
        return self.name == other.name and (self.number == other.number or not (self.number and other.number))


class Places(Struct, frozen=True):
    """What places a text names."""

    streets: frozenset[Street] = frozenset()
    lines: frozenset[str] = frozenset()

    def are_elsewhere(self, others: Places) -> bool:
        """Whether both texts name streets, or lines, and none that the other names too."""
        ours, theirs = self.streets, others.streets
        if ours and theirs and not any(one.is_like(other) for one in ours for other in theirs):
            return True
        return bool(self.lines and others.lines and not self.lines & others.lines)


def places(words: str) -> Places:
    """What a text names."""
    found = [hit for pattern in (_GERMAN, _NAME_FIRST, _NAME_LAST) for hit in pattern.findall(words)]
    return Places(
        frozenset(Street(_plain(name), number) for name, number in found if not _EVERYDAY.search(name)),
        frozenset(before or after for before, after in _LINE.findall(words)),
    )


def _plain(name: str) -> str:
    """One way to write it: Triester Straße and Triesterstr. are the same, Celovška and Celovški cesta too."""
    name = re.sub(r"str(asse|\.)$", "str", folded(name).replace(" ", ""))
    return name[: max(4, len(name) - 2)]


def folded(words: str) -> str:
    """Words without what writing them differently changes: capitals, accents, ß."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
