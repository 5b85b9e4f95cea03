"""How languages are written: their scripts, and which of them cannot be told apart.

Only data. A language that is missing here is no error: it is taken to be written in Latin letters, and known
by langdetect, or by the person's choice. A **key** is a language as it can be told apart within one script:
Croatian, Bosnian, Montenegrin and Latin-script Serbian share the key `hr`, Persian and Dari share `fa`: no
detector tells them apart.

Scripts have the names of ISO 15924 (https://www.unicode.org/iso15924/), ranges are Unicode's blocks
(https://www.unicode.org/Public/UCD/latest/ucd/Blocks.txt).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

#: First and last code point of each block we know, in order, and its script. Presentation forms are not
#: here: the text has been through NFKC.
BLOCKS: tuple[tuple[int, int, str], ...] = (
    (0x0041, 0x007A, "Latn"),
    (0x00C0, 0x024F, "Latn"),
    (0x0370, 0x03FF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x0531, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0700, 0x074F, "Syrc"),
    (0x0750, 0x077F, "Arab"),
    (0x0780, 0x07BF, "Thaa"),
    (0x08A0, 0x08FF, "Arab"),
    (0x0900, 0x097F, "Deva"),
    (0x0980, 0x09FF, "Beng"),
    (0x0A00, 0x0A7F, "Guru"),
    (0x0A80, 0x0AFF, "Gujr"),
    (0x0B00, 0x0B7F, "Orya"),
    (0x0B80, 0x0BFF, "Taml"),
    (0x0C00, 0x0C7F, "Telu"),
    (0x0C80, 0x0CFF, "Knda"),
    (0x0D00, 0x0D7F, "Mlym"),
    (0x0D80, 0x0DFF, "Sinh"),
    (0x0E00, 0x0E7F, "Thai"),
    (0x0E80, 0x0EFF, "Laoo"),
    (0x0F00, 0x0FFF, "Tibt"),
    (0x1000, 0x109F, "Mymr"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1100, 0x11FF, "Kore"),
    (0x1200, 0x139F, "Ethi"),
    (0x1780, 0x17FF, "Khmr"),
    (0x1800, 0x18AF, "Mong"),
    (0x1C90, 0x1CBF, "Geor"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x1F00, 0x1FFF, "Grek"),
    (0x2D80, 0x2DDF, "Ethi"),
    (0x3040, 0x30FF, "Jpan"),
    (0x3130, 0x318F, "Kore"),
    (0x31F0, 0x31FF, "Jpan"),
    (0x3400, 0x4DBF, "Hani"),
    (0x4E00, 0x9FFF, "Hani"),
    (0xA960, 0xA97F, "Kore"),
    (0xAC00, 0xD7FF, "Kore"),
    (0x20000, 0x323AF, "Hani"),
)

#: Which scripts a language is written in; the first is the usual one. What is missing is in Latin.
WRITTEN_IN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "am": ("Ethi",),
        "ar": ("Arab",),
        "as": ("Beng",),
        "az": ("Latn",),
        "be": ("Cyrl",),
        "bg": ("Cyrl",),
        "bn": ("Beng",),
        "bo": ("Tibt",),
        "bs": ("Latn", "Cyrl"),
        "ce": ("Cyrl",),
        "ckb": ("Arab",),
        "cnr": ("Latn", "Cyrl"),
        "dv": ("Thaa",),
        "el": ("Grek",),
        "fa": ("Arab",),
        "gu": ("Gujr",),
        "he": ("Hebr",),
        "hi": ("Deva",),
        "hy": ("Armn",),
        "ja": ("Jpan",),
        "ka": ("Geor",),
        "kk": ("Cyrl",),
        "km": ("Khmr",),
        "kn": ("Knda",),
        "ko": ("Kore",),
        "ky": ("Cyrl",),
        "lo": ("Laoo",),
        "mk": ("Cyrl",),
        "ml": ("Mlym",),
        "mn": ("Cyrl",),
        "mr": ("Deva",),
        "my": ("Mymr",),
        "ne": ("Deva",),
        "or": ("Orya",),
        "pa": ("Guru",),
        "prs": ("Arab",),
        "ps": ("Arab",),
        "ru": ("Cyrl",),
        "sd": ("Arab",),
        "si": ("Sinh",),
        "sr": ("Cyrl", "Latn"),
        "syr": ("Syrc",),
        "ta": ("Taml",),
        "te": ("Telu",),
        "tg": ("Cyrl",),
        "th": ("Thai",),
        "ti": ("Ethi",),
        "ug": ("Arab",),
        "uk": ("Cyrl",),
        "ur": ("Arab",),
        "yi": ("Hebr",),
        "zh": ("Hani",),
    }
)

#: Script subtags that stand for one of ours: both ways of writing Chinese are Han.
SAME_SCRIPT: Mapping[str, str] = MappingProxyType(
    {"Hans": "Hani", "Hant": "Hani", "Hira": "Jpan", "Kana": "Jpan", "Hang": "Kore", "Aran": "Arab"}
)

#: Older or narrower language subtags, as phones still send them
#: (https://www.iana.org/assignments/language-subtag-registry).
SAME_LANGUAGE: Mapping[str, str] = MappingProxyType(
    {
        "iw": "he",
        "in": "id",
        "ji": "yi",
        "mo": "ro",
        "nb": "no",
        "nn": "no",
        "sh": "sr",
        "scr": "hr",
        "scc": "sr",
        "tl": "fil",
        "ku": "kmr",
        "pes": "fa",
        "pbu": "ps",
        "pst": "ps",
        "cmn": "zh",
        "yue": "zh",
        "arb": "ar",
        "arz": "ar",
        "apc": "ar",
        "ary": "ar",
        "acm": "ar",
        "swh": "sw",
        "als": "sq",
    }
)

#: Languages which cannot be told apart in a script, and the key they share there.
ONE_GROUP: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("bs", "Latn"): "hr",
        ("cnr", "Latn"): "hr",
        ("sr", "Latn"): "hr",
        ("bs", "Cyrl"): "sr",
        ("kmr", "Arab"): "ckb",
        ("cnr", "Cyrl"): "sr",
        ("prs", "Arab"): "fa",
    }
)

#: Scripts in which words only suggest: Amharic and Tigrinya must come from the person, or from a question.
ONLY_ASKED = frozenset({"Ethi"})
