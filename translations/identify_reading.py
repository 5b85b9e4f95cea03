"""Read a message for the language it is in: its words, in its main script, without what is no language.

Links, addresses and numbers say nothing, and of a long text the beginning says what the whole says.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from translations import scripts

LOOKED_AT = 600  # Characters. The first lines say what the whole says, and nobody waits for 10,000 letters.
SHORT_WORDS, SHORT_LETTERS = 3, 20  # Up to here every third answer of a detector is wrong.

FIRST_GREEK = 0x370  # Every letter before is Latin.
BLOCK_STARTS = [first for first, _, _ in scripts.BLOCKS]
ARABIC_FOLD = str.maketrans(
    dict.fromkeys("\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670")
    | {"ي": "ی", "ى": "ی", "ك": "ک"}
)

# A word is letters, with the marks that some scripts write them with; Latin letters end it, for "Graz的学校".
# \w knows no marks, and "re" no Unicode categories, hence the ranges (Unicode's general category M).
LATIN = "A-Za-zªºÀ-ÖØ-öø-ɏḀ-ỿ"
MARKS = (
    "\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u08d3-\u08ff\u0900-\u0963\u0971-\u0dff\u0e31-\u0e4e"
    "\u0eb1-\u0ece\u0f71-\u0fbc\u102b-\u103e\u1056-\u109d\u17b4-\u17d3"
)
WORD = re.compile(f"[{LATIN}\u0300-\u036f]+|(?:[^\\W\\d_{LATIN}]|[{MARKS}])+")

KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")

# Links, mail addresses, names of accounts and sites, commands, and letters that belong to a number ("U4").
# Each part can only begin where a word begins, so that a long word costs no more than its length.
MAY_BE_NO_LANGUAGE = re.compile(r"[@/\d]|\.\w")
NO_LANGUAGE = re.compile(
    r"""
    (?<!\w) (?:https?|ftp|tg|mailto) :/?/? [!-~]+
    | (?<!\w) www\. [!-~]+
    | (?<![\w.+-]) [\w.+-]{1,64} @ [\w.-]{1,255}
    | @ \w+
    | (?<![\w.-]) [\w-]{1,63} (?:\.[\w-]{1,63}){0,3}
      \.(?:com|org|net|info|eu|at|de|si|hr|it|gr|es|lv|lu|uk|ua|io|me|ly|app) \b (?:/[!-~]*)?
    | (?<!\S) / \w+
    | (?<![A-Za-z\d]) [A-Za-z]{0,8} \d [A-Za-z\d]*
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Message:
    """A text as we look at it: its words in its main script."""

    script: str
    spelled: list[str]  #: the words as they came, in order
    words: frozenset[str]  #: the words folded, each once
    marked: str  #: the words whose letters may tell
    letters: int
    short: bool
    bare: bool  #: nothing but A to Z


def read(text: str) -> Message | None:
    """The words of a text in its main script, without what is no language; None if nothing is left."""
    text = text[:LOOKED_AT]
    if not text.isascii():
        # Undone: letters with their marks apart, Arabic presentation forms, fancy alphabets; Turkish İ, which
        # lower() would make two.
        text = unicodedata.normalize("NFKC", text)[:LOOKED_AT].replace("İ", "i")
    if MAY_BE_NO_LANGUAGE.search(text):
        text = " ".join([word if word.isalpha() else NO_LANGUAGE.sub(" ", word) for word in text.split()])
    spelled = WORD.findall(text)
    if not spelled:
        return None
    script = "Latn"
    if not text.isascii():
        script, spelled = _main_script(spelled)
    letters = sum(map(len, spelled))
    if text.isupper():
        spelled = [word.lower() for word in spelled]  # langdetect skips words in capitals.
    words = frozenset(fold(" ".join(spelled), script).split())
    if script == "Latn":
        # A German message may name a street in Međimurje: letters of capitalised words tell nothing.
        marked = "".join([word for word in spelled if not word.isascii() and word[0].islower()])
    else:
        marked = "".join(spelled).lower()
    short = len(words) <= SHORT_WORDS or letters <= SHORT_LETTERS
    return Message(script, spelled, words, marked, letters, short, bare="".join(spelled).isascii())


def _main_script(words: list[str]) -> tuple[str, list[str]]:
    """The script of most letters, and the words in it.

    Other letters count twice: Latin names stand in texts of every script, hardly ever the other way round.
    """
    weights: dict[str, int] = {}
    which = []
    for word in words:
        first = ord(word[0])
        if first < FIRST_GREEK:
            script, weight = "Latn", len(word)
        else:
            at = bisect_right(BLOCK_STARTS, first) - 1
            script = scripts.BLOCKS[at][2] if first <= scripts.BLOCKS[at][1] else "Zzzz"
            weight = 2 * len(word)
        weights[script] = weights.get(script, 0) + weight
        which.append(script)
    main = max(weights, key=weights.__getitem__)
    ours = [word for word, script in zip(words, which, strict=True) if script == main]
    if main == "Hani" and KANA.search("".join(words)):
        main = "Jpan"  # Japanese is written with Chinese signs too, Chinese never with Japanese ones.
    return main, ours


def fold(words: str, script: str) -> str:
    """Words as they are compared: in small letters; Arabic without vowel signs, with one kaf and one yeh."""
    return words.translate(ARABIC_FOLD) if script == "Arab" else words.lower()
