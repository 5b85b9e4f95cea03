"""What staff write to say which issue they mean, and what is to be done with it.

    1A 8 Dec          number 1 of the digest, to be discussed on 8 December
    W47 1C            number 1 of an older digest
    GRZ-7K4M D ...    an issue by its reference
    G1                a proposal of the digest
    S                 everything new in the digest was read

A letter may come from a Greek or a Cyrillic keyboard. What is no code is an ordinary message. A message that
seems to hold more than one code is none of them: the words for one person must never reach another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from core.desk import Seek
from core.references import find_reference
from flows.choices import plain

#: what each letter does; a letter is for ever, as a step's id is
ACTS: Mapping[str, str] = {
    "A": "discussed",
    "B": "referred",
    "C": "asked",
    "D": "closed",
    "E": "decided",
    "F": "said",
    "M": "merge",
    "N": "alone",
    "O": "original",
    "P": "parts",
    "R": "cover",
    "S": "seen",
    "X": "spam",
}
LONGEST = 4096
MOST_PARTS = 5  #: of an issue that is taken apart

#: letters of other alphabets that look like one of ours
_LOOKS_LIKE = str.maketrans("АВСЕМОРХЅΑΒΕΜΝΟΡΧ", "ABCEMOPXSABEMNOPX")
_WEEK = r"K?W\s*(\d{1,2})(?!\d)"
#: "1.D", "#1D" and "Nr. 1 D" are written by people who read "1D"; "1. A lift" is a list
_NUMBER = re.compile(
    rf"(?:{_WEEK}[\s,:/.-]*)?(?:#|№|nr\.?)?\s*(\d{{1,4}})(?:[.,:)/–-](?=[^\W\d_]\b))?\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_PROPOSAL = re.compile(rf"(?:{_WEEK}[\s,:/.-]*)?G\s*(\d{{1,3}})(?:[\s,:.]+(.*))?", re.IGNORECASE | re.DOTALL)
_ALL = re.compile(rf"(?:{_WEEK}[\s,:/.-]*)?(\w)", re.IGNORECASE)
#: a letter alone: "S-Bahn" begins with none
_LETTER = re.compile(r"(\w)(?=[\s,:;.)]|-(?![^\W\d_])|$)[\s,:;.)-]*", re.DOTALL)
#: "8, 9 S", "8-9S": one letter for several numbers
_LIST = re.compile(
    r"\d{1,4}(?:(?:\s*[,;+/&–-]\s*|\s+\w{1,3}\s+)\d{1,4})+\s*([^\W\d_])(?=[\s,:;.)]|$).*", re.DOTALL
)
#: a further code behind the first: where a line or a part of a sentence begins, or with a capital letter
_FURTHER = re.compile(
    rf"(?:(?:^|[\n,;])\s*(?:{_WEEK}[\s,:/.-]*)?\d{{1,4}}(?:[ \t]+(?=[A-ZΑ-ΩА-Я]))?|\s\d{{1,4}}(?=[A-Z]))"
    r"([^\W\d_])(?=[\s,:;.)]|$)"
)
_BEHIND_WEEK = re.compile(rf"{_WEEK}(?=[\s,:;.]|$)[\s,:;.]*", re.IGNORECASE)


class Code(NamedTuple):
    """What was read: what it is about, what to do ("" when that was not said), and what stands behind."""

    seek: Seek
    act: str = ""
    rest: str = ""


#: more than one answer in one message
SEVERAL = Code(Seek(several=True))


def read(text: str, prefix: str, words: Mapping[str, str], looks: Collection[str] = ()) -> Code | None:
    """The code that a message begins with; None when it is none.

    `prefix` begins the council's references; `words` are names of acts as they are compared ("close" ->
    "closed"), `looks` the words that ask for a translation to look at.
    """
    said = text.strip()
    if not said or len(said) > LONGEST:
        return None
    if len(said) <= 2 * max(map(len, looks), default=0) and plain(said) in looks:
        return Code(Seek(look=True))
    if (found := _LIST.fullmatch(said)) and _letter(found[1]) in ACTS:
        return SEVERAL
    code = _reference(said, prefix, words) or _proposal(said) or _number(said, words) or _everything(said)
    return SEVERAL if code and _holds_another(code.rest, prefix) else code


def _holds_another(rest: str, prefix: str) -> bool:
    """Whether a further code stands in what is written behind one."""
    if any(_letter(found[found.lastindex or 0]) in ACTS for found in _FURTHER.finditer(rest)):
        return True
    lettered = rf"(?:^|[\n,;])\s*{re.escape(prefix)}[\s\-–—_.]*[0-9A-Z]{{4}}[ \t,:;.-]+[A-Z](?![0-9A-Za-z])"
    return re.search(lettered, rest, re.IGNORECASE) is not None


def _reference(said: str, prefix: str, words: Mapping[str, str]) -> Code | None:
    head = re.match(rf"{re.escape(prefix)}[\s\-–—_.]*[0-9A-Za-z]{{4}}(?![0-9A-Za-z])", said, re.IGNORECASE)
    reference = find_reference(head[0], (prefix,)) if head else None
    if head is None or reference is None:
        return None
    act, rest = act_of(said[head.end() :].lstrip(" \t,:;.-"), words)
    return Code(Seek(references=(reference,)), act, rest)


def _number(said: str, words: Mapping[str, str]) -> Code | None:
    found = _NUMBER.fullmatch(said)
    if found is None or (not (week := int(found[1] or 0)) and found[3] == ""):
        return None  # A bare number answers the open question.
    act, rest = act_of(found[3], words)
    if not act and (rest or not week):
        return None
    if behind := _BEHIND_WEEK.match(rest):
        week, rest = int(behind[1]), rest[behind.end() :]
    return Code(Seek(week=week, number=int(found[2])), act, rest.strip())


def _proposal(said: str) -> Code | None:
    found = _PROPOSAL.fullmatch(said)
    if found is None:
        return None
    return Code(Seek(week=int(found[1] or 0), proposal=int(found[2])), rest=(found[3] or "").strip())


def _everything(said: str) -> Code | None:
    found = _ALL.fullmatch(said)
    if found is None or _letter(found[2]) != "S":
        return None
    return Code(Seek(week=int(found[1] or 0), all_new=True), "seen")


def act_of(text: str, words: Mapping[str, str]) -> tuple[str, str]:
    """The act that a text begins with, by letter or by name, and what stands behind it."""
    if (found := _LETTER.match(text)) and (act := ACTS.get(_letter(found[1]))):
        return act, text[found.end() :].strip()
    first, rest = (*text.split(maxsplit=1), "", "")[:2]
    if act := words.get(plain(first)):
        return act, rest
    return "", text.strip()


def _letter(letter: str) -> str:
    return letter.upper().translate(_LOOKS_LIKE)
