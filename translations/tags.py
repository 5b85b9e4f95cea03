"""Language tags, as models name languages.

We speak BCP-47 ("sr-Latn", "prs"); models are named by two letters, mostly ISO 639-1, with names of their
own for a few. One model serves several languages where those are told apart by no machine either.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from translations import scripts

SCRIPT_LETTERS = 4  # "Latn" in "sr-Latn"

#: Under which names a model for this language may be found, best first; what is not here is under its own.
#: zt and pb are the models' own names for Chinese in traditional signs and for Portuguese as in Brazil.
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "zh-hant": ("zt",),
        "zh-hans": ("zh",),
        "pt-br": ("pb", "pt"),
        "pt": ("pt", "pb"),
        "no": ("nb", "no"),
        "fil": ("tl",),
        "kmr": ("kmr", "ku"),
        "prs": ("prs", "fa"),
        "fa": ("fa", "prs"),
        "hr": ("hr", "bs", "sh"),
        "bs": ("bs", "hr", "sh"),
        "cnr": ("cnr", "bs", "hr", "sh"),
        "sr-latn": ("sh", "hr", "bs", "sr"),
    }
)


def parts(tag: str) -> tuple[str, str, str]:
    """Language, script and region of a tag, in small letters, by the names we use; "" where it says none."""
    first, *rest = tag.replace("_", "-").lower().split("-")
    language = scripts.SAME_LANGUAGE.get(first, first)
    script = next((part for part in rest if len(part) == SCRIPT_LETTERS and part.isalpha()), "")
    region = next((part for part in rest if len(part) == 2 or (len(part) == 3 and part.isdigit())), "")
    if language == "fa" and region == "af":
        language = "prs"
    if language == "zh" and not script:
        script = "hant" if region in ("tw", "hk", "mo") else "hans"
    return language, script, region


def names(tag: str) -> tuple[str, ...]:
    """Under which names a model for this language may be installed, best first."""
    language, script, region = parts(tag)
    for known in (f"{language}-{script}", f"{language}-{region}"):
        if known in NAMES:
            return NAMES[known]
    return NAMES.get(language, (language,))


def scripts_of(tag: str) -> tuple[str, ...]:
    """The scripts a text in this language may be written in."""
    language, script, _ = parts(tag)
    if script:
        return (scripts.SAME_SCRIPT.get(script.title(), script.title()), *_with_japanese(language))
    return (*scripts.WRITTEN_IN.get(language, ("Latn",)), *_with_japanese(language))


def _with_japanese(language: str) -> tuple[str, ...]:
    return ("Hani",) if language in ("ja", "ko") else ()


def same(one: str, other: str) -> bool:
    """Whether nothing has to be translated between two tags."""
    language, script, _ = parts(one)
    other_language, other_script, _ = parts(other)
    return language == other_language and (script == other_script or not (script and other_script))
