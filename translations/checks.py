"""Is this a translation, or only what a model made of a text?

Models return the source, write in a third script, drop a number, or say one word for ever; a legal text has
come out as a threat. None of it is seen by whoever knows only one of the two languages, so it is looked for
here, by what can be counted. A verdict never says that a translation is right, only that nothing is plainly
wrong with it. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Literal

from translations import protected, scripts, tags
from translations.texts import Rendered
from translations.translator import Job, Status

Reason = Literal["", "echo", "script", "length", "numbers", "repetition", "score", "long"]

#: Why a translation is not good. Stored and counted, so the words stay.
#: echo: it is the source again. script: not the letters of the target language. length: far too long or too
#: short, or nothing at all. numbers: a number, link or address is missing or made up. repetition: it goes
#: round in a circle. score: the model itself was unsure. long: only the beginning was translated.
REASONS: tuple[Reason, ...] = ("echo", "script", "length", "numbers", "repetition", "score", "long")
#: what makes it worthless; with the others it may still help somebody who also sees the original
FATAL: tuple[Reason, ...] = ("echo", "script", "repetition")

ECHO_WORDS = 3  # "Hotel Central" and "Amina Yusuf" are the same in both languages.
ECHO_SHARE = 0.9  # So many of its words are the source's.
SCRIPT_SHARE = 0.5  # Names and brands stand in other letters, hardly most of a text.
SCRIPT_LETTERS = 4  # "OK", "BAMF"
TIMES_LONGER, LETTERS_MORE = 2.5, 20  # Measured by letters; "Ja." may become "Yes, of course."
DENSE = {"Hani": 3.0, "Jpan": 2.0, "Kore": 2.0}  # Latin letters that one sign of these says.
CIRCLE = re.compile(r"(.{2,40}?)\1{3,}")  # the same four times over
MANY_WORDS, FEW_DIFFERENT = 20, 0.3

_WORD = re.compile(r"[^\W\d_]+")
_STARTS = [first for first, _, _ in scripts.BLOCKS]


def judge(
    job: Job, result: str, score: float | None = None, floor: float | None = None
) -> tuple[Status, Reason]:
    """Whether a result may be shown as a translation, and why not.

    `score` is what the model gives itself for its worst sentence, and means nothing before somebody has found
    a `floor` for that model.
    """
    if not result.strip():
        return ("failed", "length") if job.text.strip() else ("good", "")
    reason = _reason(job, result)
    if not reason and score is not None and floor is not None and score < floor:
        reason = "score"
    return verdict(reason)


def judge_whole(job: Job, rendered: Rendered, floor: float | None = None) -> tuple[Status, Reason]:
    """The same for a text of several sentences: one that is plainly wrong does not hide among the others."""
    status, reason = judge(job, rendered.text, rendered.score, floor)
    if reason:
        return status, reason
    if not rendered.whole:
        return "doubtful", "long"
    for source, result in rendered.pairs if len(rendered.pairs) > 1 else ():
        _, reason = judge(Job(source, job.source, job.target), result)
        if reason:
            return "doubtful", reason
    return "good", ""


def verdict(reason: Reason) -> tuple[Status, Reason]:
    """The status that goes with a reason."""
    if not reason:
        return "good", ""
    return ("failed" if reason in FATAL else "doubtful"), reason


def _reason(job: Job, result: str) -> Reason:
    there, here = protected.find(job.text), protected.find(result)
    said, heard = protected.without(job.text, there), protected.without(result, here)
    if echoes(said, heard):
        return "echo"
    if not in_script(heard, said, job.target):
        return "script"
    if goes_round(heard) and not goes_round(said):
        return "repetition"
    if not fits(said, heard):
        return "length"
    if protected.missing(there, here) or protected.made_up(there, here):
        return "numbers"
    return ""


def echoes(said: str, heard: str) -> bool:
    """Whether the result is the source again, or nearly; a few words may well be the same."""
    source, result = _WORD.findall(said.casefold()), _WORD.findall(heard.casefold())
    names = all(word[0].isupper() for word in _WORD.findall(said)) and not said.isupper()
    if len(source) < ECHO_WORDS or not result or (names and len(source) <= ECHO_WORDS):
        return False
    there = set(source)
    return sum(word in there for word in result) >= ECHO_SHARE * len(result) and (
        len(result) >= ECHO_SHARE * len(source)
    )


def in_script(heard: str, said: str, target: str) -> bool:
    """Whether most of it is in the letters of the target language; words taken over do not count."""
    wanted = tags.scripts_of(target)
    taken_over = set(_WORD.findall(said))
    letters = "".join([word for word in _WORD.findall(heard) if word not in taken_over])
    if len(letters) < SCRIPT_LETTERS:
        return True
    right = sum(script in wanted for script in map(script_of, letters))
    return right >= SCRIPT_SHARE * len(letters)


def fits(said: str, heard: str) -> bool:
    """Whether it is about as long as the source."""
    source, result = length(said), length(heard)
    return result <= TIMES_LONGER * source + LETTERS_MORE and source <= TIMES_LONGER * result + LETTERS_MORE


def goes_round(text: str) -> bool:
    """Whether the same is said over and over."""
    words = _WORD.findall(text.casefold())
    if len(words) >= MANY_WORDS and len(set(words)) < FEW_DIFFERENT * len(words):
        return True
    circle = CIRCLE.search(" ".join([*words, ""]))
    return circle is not None and len(circle[0].strip()) > len(circle[1])


def length(text: str) -> float:
    """How much is said: letters, and as many more for signs that stand for a word."""
    return sum(DENSE.get(script_of(sign), 1.0) for sign in text if sign.isalpha())


@lru_cache(maxsize=1024)
def script_of(letter: str) -> str:
    """The script of a letter, by its Unicode block; "" for one we know nothing of."""
    letter = unicodedata.normalize("NFKC", letter)[0]
    at = bisect_right(_STARTS, ord(letter)) - 1
    if at < 0 or ord(letter) > scripts.BLOCKS[at][1]:
        return ""
    return scripts.BLOCKS[at][2]
