"""How long a text is, and where it may be cut: between what the eye takes for letters."""

from __future__ import annotations

import unicodedata


def units(text: str) -> int:
    """The length of a text in UTF-16, in which Telegram and SMS count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int) -> list[str]:
    """The text in parts of so many units at most: between paragraphs, lines or words, not inside a letter."""
    parts = []
    while units(text) > limit:
        cut = between_lines(text, _fitting(text, limit))
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    if text or not parts:
        parts.append(text)
    return [part for part in parts if part] or [""]


def between_lines(text: str, end: int) -> int:
    """The best place up to `end` for a cut: as late as may be, but rather between paragraphs than words."""
    for mark in ("\n\n", "\n", " "):
        # Not before the middle: many short parts read worse than a cut at a line.
        found = text.rfind(mark, end // 2, end + 1)
        if found > 0:
            return found
    return between_letters(text, end)


def _fitting(text: str, limit: int) -> int:
    """How many characters are at most so many units."""
    length = 0
    for index, letter in enumerate(text):
        length += 2 if letter > "\uffff" else 1
        if length > limit:
            return index
    return len(text)


def between_letters(text: str, end: int) -> int:
    """The last place up to `end` that is not inside what the eye takes for one letter: an emoji family."""
    for cut in range(end, max(end - 64, 0), -1):
        if not _joined(text[cut - 1], text[cut]) and not _inside_flag(text, cut):
            return cut
    return end


def _joined(before: str, after: str) -> bool:
    return (
        unicodedata.category(after) in ("Mn", "Me", "Mc")  # accents, vowel signs, variation selectors
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= after <= "\U000e007f"  # tags in the flags of regions
        or "\u200d" in (before, after)  # joins emoji, and letters of Indic scripts
        or before == "\u094d"  # Devanagari's virama joins consonants
    )


def _inside_flag(text: str, cut: int) -> bool:
    """Flags are pairs of letters of their own, counted from the first of a row."""
    start = cut
    while start > 0 and "\U0001f1e6" <= text[start - 1] <= "\U0001f1ff":
        start -= 1
    return (cut - start) % 2 == 1 and "\U0001f1e6" <= text[cut] <= "\U0001f1ff"
