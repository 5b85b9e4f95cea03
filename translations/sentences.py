"""Where one sentence ends and the next begins, by rules.

A sentence that was cut in two wrongly becomes two stumps, to each of which a model makes up the rest; two
that stay together cost nothing but a little quality. So in doubt we do not cut: "am 3. Mai" stays whole, and
so does "Ich wohne in Nummer 3. Bitte helfen Sie".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from translations.protected import EMOJI, SIGN

LONGEST = 400  # characters, about 100 pieces; what goes beyond some 200 pieces, models have never seen

_CLOSERS = "\"'”“’»›)\\]}"
_SURE = "!?;؟۔।॥።፧፨։။"
# No part begins in the middle of a run of its own signs, so a long run costs no more than its length.
_BOUNDARY = re.compile(
    rf"""
      (?P<wide> (?<![。！？｡]) [。！？｡]+ [{_CLOSERS}」』）]* \s* )     # Chinese and Japanese put no space
    | (?P<stop> (?<!\.) \. ) [{_CLOSERS}]* \s+                          # a single one may belong to a word
    | (?P<dots> (?<![.…]) (?:\.\.|…) [.…]* [{_CLOSERS}]* \s+ )
    | (?P<sure> (?<![{_SURE}.]) [{_SURE}] [{_SURE}.]* [{_CLOSERS}]* \s+ )
    | (?P<sign> (?<![{SIGN}\ufe0f\u200d]) (?:{EMOJI})+ \s+ )
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[\w.]{1,40}$")
_DOTTED = re.compile(r"(?:\w{1,2}\.)+\w{1,2}")  # z.B, e.g, d.h, a.m
#: letters; a word so long before a full stop is no abbreviation we missed, mostly
_ENOUGH_WHERE_WE_KNOW_MANY, _ENOUGH = 3, 4
_ORDINAL_DIGITS = 2  # "3. Mai", "21. Bezirk"; a year with a full stop ends a sentence.

#: languages that write "3." for "third"
_ORDINALS = frozenset(
    [
        "bs",
        "cnr",
        "cs",
        "da",
        "de",
        "et",
        "fi",
        "hr",
        "hu",
        "is",
        "lb",
        "lv",
        "nb",
        "nn",
        "no",
        "pl",
        "sk",
        "sl",
        "sr",
        "tr",
    ]
)

_ANYWHERE = "dr prof mr mrs ms st tel fax etc vs nr no mag ing dipl fig ca"
#: words that a full stop belongs to, in small letters without it
_ABBREVIATIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        language: frozenset((words + " " + _ANYWHERE).split())
        for language, words in {
            "de": """abs abt allg betr bez bzgl bzw cca evtl exkl fr frl gem ggf hr inkl int jhdt kath kl
                lt max min mind mio mrd österr pers pl rd sog str stk std tgl u usw vgl vorm wg zb zw zzgl""",
            "en": "apt approx ave blvd dept est eg ie inc jr ltd max min rd sgt sr sq",
            "es": "av avda cta dcha dra ej izq núm pág sra sres srta tfno ud uds vd vds c",
            "fr": "av bd cf env ex mme mlle mm pl rte tél",
            "hr": "br čl dipl gđa gosp itd mr npr odn op ožu prof sl str sv tj tzv ul usp",
            "it": "avv cell cfr dott dottssa ecc es ing pag pagg sig sigg sigra spett ss tel",
            "nl": "blz bijv bv dhr drs enz evt incl jl mevr mw nl o.a resp tav zgn",
            "pl": "al godz im inż itd itp mgr np os pl pw tj tzn ul wg",
            "pt": "av dra ex exmo pág sra srs tel",
            "ro": "al bl dl dna etc jud nr pag sc str tel",
            "sl": "dr ga gdč gl idr ipd itd mag min npr oz pod pribl sv št tj tel ul",
            "sr": "br čl gđa gosp itd npr odn str sv tj tzv ul",
            "tr": "apt av bkz cad doç mah örn sk sok vb vs",
            "uk": "вул буд кв грн ім ін обл оф пров просп стор тел тис р м",
            "ru": "ул д кв руб им др обл оф пер просп стр тел тыс т е п г",
        }.items()
    }
)
_FOR_ALL = frozenset(_ANYWHERE.split())


def split(line: str, language: str = "") -> list[str]:
    """The sentences of a line, each with the spaces behind it: joined, they are the line again."""
    language = language.partition("-")[0].lower()
    sentences, begin = [], 0
    for found in _BOUNDARY.finditer(line):
        if found.end() < len(line) and _ends(line, found, begin, language):
            sentences.append(line[begin : found.end()])
            begin = found.end()
    sentences.append(line[begin:])
    return [part for sentence in sentences for part in cut(sentence) if part]


def _ends(line: str, found: re.Match[str], begin: int, language: str) -> bool:
    follows = line[found.end()]
    if found["sure"] is not None:
        # A semicolon asks only in Greek; elsewhere it parts what belongs together.
        return ";" not in found["sure"] or language == "el"
    if found["wide"] is not None:
        return True
    if found["dots"] is not None:
        return not follows.islower()
    if found["sign"] is not None:
        return follows.isupper()
    return _full_stop_ends(line[begin : found.start("stop")], follows, language)


def _full_stop_ends(before: str, follows: str, language: str) -> bool:
    last = _LAST_WORD.search(before)
    if last is None:
        return True
    word = last[0]
    if len(word) == 1 and word.isalpha():
        return False
    known = _ABBREVIATIONS.get(language)
    if word.casefold() in (known or _FOR_ALL) or word.endswith("str") or _DOTTED.fullmatch(word):
        return False  # "str": the streets of Germany and Austria are written in one word
    if word.isdecimal() and len(word) <= _ORDINAL_DIGITS and language in _ORDINALS:
        return False
    # Many write no capitals at all: "no hay luz. necesito ayuda"
    return not follows.islower() or len(word) >= (_ENOUGH_WHERE_WE_KNOW_MANY if known else _ENOUGH)


def cut(sentence: str, longest: int = LONGEST) -> list[str]:
    """A sentence in parts that a model can hold: cut after a comma, else at a space, else anywhere."""
    parts = []
    while len(sentence) > longest:
        at = _place(sentence, longest)
        parts.append(sentence[:at])
        sentence = sentence[at:]
    parts.append(sentence)
    return parts


_CLAUSE = re.compile(r"[,;:،؛、，；–—]\s*")
_SPACE = re.compile(r"\s+")


def _place(sentence: str, longest: int) -> int:
    for mark in (_CLAUSE, _SPACE):
        places = [found.end() for found in mark.finditer(sentence, longest // 2, longest)]
        if places:
            return places[-1]
    at = longest
    while at > longest // 2 and _belongs_to_the_sign_before(sentence, at):
        at -= 1
    return at


def _belongs_to_the_sign_before(text: str, at: int) -> bool:
    # A mark goes with its letter; joiners and variation selectors hold an emoji together (U+200D, U+FE0F).
    return unicodedata.category(text[at])[0] == "M" or "\u200d" in text[at - 1 : at + 1]
