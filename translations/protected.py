"""What a model must not touch: links, mail addresses, phone numbers, numbers, references, emoji.

A model translates them along with the rest, and small ones falsify them: digits doubled, links cut. So they
are found before, looked for after, and a sentence that lost one is cut there (`translations.texts`). Numbers
are compared by their digits alone: "3,5" may become "3.5", and "٣" may become "3".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from core.references import ALPHABET, LENGTH

Kind = Literal["link", "mail", "reference", "number", "name", "emoji", "long"]

LONGEST_WORD = 60  # letters; the longest in use, German ones, have some fifty

#: signs, with what joins, colours and ends them; keycaps; what is only an emoji by its variation selector
SIGN = "\U0001f000-\U0001faff\u2600-\u27bf\u231a-\u23ff\u2b00-\u2bff\u2190-\u21ff\u25a0-\u25ff"
EMOJI = (
    rf"(?:[{SIGN}]|[0-9#*]\ufe0f?\u20e3|[\u203c\u2049\u2116\u2122\u2139\u3030\u303d\u3297\u3299©®]\ufe0f?)"
    r"(?:[\ufe0f\u200d\u20e3\U000e0020-\U000e007f]|[\U0001f3fb-\U0001f3ff])*"
)
SMILEY = r"(?<!\S)(?:[:;=]['’]?-?[()DPpO|/*3]+|<3+|[xX]D+|\^_*\^)(?!\S)"
#: scripts that put no space between words: there a long run of letters is a sentence
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u9fff\uac00-\ud7af\uff00-\uffef\U00020000-\U000323af"
)

_NOT_IN_LINKS = r"\s<>\"«»„“”\u3000-\u9fff\uff00-\uffef"
_DOMAINS = "com|org|net|info|gov|edu|eu|at|ch|de|si|hr|it|gr|es|fr|nl|be|pl|pt|ro|lv|lt|lu|uk|ua|io|me|ly|app"
_ENDS_LINK = rf"[^{_NOT_IN_LINKS}]*[^{_NOT_IN_LINKS}.,;:!?()\[\]{{}}'’…،؛؟]"

# Each part begins where a word begins and repeats with a bound, so a long word costs no more than its length.
_TOKEN = re.compile(
    rf"""
      (?P<link> (?<![a-zA-Z\d_]) (?:https?|ftp|tg)://{_ENDS_LINK}
              | (?<![a-zA-Z\d_]) (?:mailto|tel):{_ENDS_LINK}
              | (?<![a-zA-Z\d_]) www\.{_ENDS_LINK}
              | (?<![\w.@-]) (?:[a-zA-Z0-9-]{{1,63}}\.){{1,4}} (?:{_DOMAINS}) \b (?:/{_ENDS_LINK})?
                (?![\w@]) )
    | (?P<mail> (?<![\w.+-]) [\w.+-]{{1,64}} @ [\w-]{{1,63}} (?:\.[\w-]{{1,63}}){{1,4}} )
    | (?P<reference> (?<![\w-]) (?:
                (?:[A-Z]{{2,6}}|P-[{ALPHABET}]{{{LENGTH}}}) - [{ALPHABET}]{{{LENGTH}}}
              | [a-z]{{2,6}} - (?=[a-z]*\d) [{ALPHABET.lower()}]{{{LENGTH}}} ) (?![\w-]) )
    | (?P<emoji> (?:{EMOJI})+ | {SMILEY} )
    | (?P<number> (?<![\w+]) \(? (?:\+|0) \(? \d (?: [ \u00a0()/.-]{{0,3}} \d ){{5,16}} (?!\w)
              | (?<!\w) [^\W\d_]{{0,8}} \d+ \w{{0,8}} (?: [.,:'’/-] \d+ \w{{0,8}} )* (?:[ \u00a0]?[%€$£°])? )
    | (?P<name> (?<!\w) @\w{{2,64}} )
    | (?P<long> (?<!\S) [^\s{SPACELESS}]{{{LONGEST_WORD + 1},}} )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A piece of a text that must come through as it is."""

    text: str
    kind: Kind
    start: int
    end: int

    @cached_property
    def key(self) -> str:
        """By what it is found again: a number by its digits."""
        return digits(self.text) if self.kind == "number" else self.text


def find(text: str) -> list[Token]:
    """The tokens of a text, in order."""
    return [Token(found[0], _kind(found), found.start(), found.end()) for found in _TOKEN.finditer(text)]


def _kind(found: re.Match[str]) -> Kind:
    return cast("Kind", found.lastgroup)


def without(text: str, tokens: list[Token] | None = None) -> str:
    """A text with a space in the place of each token."""
    for token in reversed(find(text) if tokens is None else tokens):
        text = f"{text[: token.start]} {text[token.end :]}"
    return text


def says_something(text: str) -> bool:
    """Whether there is a word in it that a model could translate."""
    return any(sign.isalpha() for sign in without(text))


def lost(source: str, result: str) -> list[Token]:
    """The tokens of the source that the result has not, or not as often."""
    return missing(find(source), find(result))


def invented(source: str, result: str) -> list[Token]:
    """Numbers, links and addresses of the result that the source has not."""
    return made_up(find(source), find(result))


def missing(source: Sequence[Token], result: Sequence[Token]) -> list[Token]:
    """What was lost, by what was found in both."""
    there = Counter(token.key for token in result)
    gone = []
    for token in source:
        if there[token.key]:
            there[token.key] -= 1
        else:
            gone.append(token)
    return gone


def made_up(source: Sequence[Token], result: Sequence[Token]) -> list[Token]:
    """What was invented, by what was found in both."""
    return [token for token in missing(result, source) if token.kind not in ("emoji", "long")]


def digits(text: str) -> str:
    """Only the digits, as 0 to 9."""
    return "".join([str(unicodedata.decimal(sign)) for sign in text if sign.isdecimal()])


def western_digits(text: str) -> str:
    """The text with every digit as 0 to 9: whoever reads no Arabic cannot dial ٠٦٦٤."""
    if text.isascii():
        return text
    return "".join([str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text])
