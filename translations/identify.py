"""Which language is this message in?

A wrong answer is worse than none: it is translated wrongly without a word, while "not known" costs one line
asked in two languages. So we believe only evidence that we can name: what the person chose, the script, the
letters, the small frequent words. langdetect is asked where those leave a doubt, and believed only where one
of them agrees: it is as sure of itself when wrong as when right ("ok" is Slovak to it, and "hi" Swahili).

In order: clean; the person's choice; script and letters, among the council's languages; frequent words;
langdetect, restricted to the council's languages and English; the prior. A short text leaves the prior only
for another script.

The answer is one of the council's languages, or none. Words and scripts also betray a language that the
council has not: a **stranger**. We do not write in it, but a machine may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from translations import scripts
from translations.frequent_words import WORDS
from translations.identify_detector import Detector
from translations.identify_evidence import STRONG_LEAD, Evidence, Writing
from translations.identify_reading import SHORT_WORDS, read

Source = Literal["chosen", "script", "letters", "detector", "prior"]

STRONG_LETTERS = 2  # Letters that hardly another language has; one may stand in a name.
DETECTOR_LETTERS = 6  # "ok" and "hi" are not asked about: every answer would do.
SOME_LETTERS = 12  # From here Ukrainian without one of its own letters is rather Russian.
SCRIPT_SUBTAG = 4  # "Latn" in "sr-Latn"; RFC 5646, 2.2.3.
LONGEST_TAG = 35  # RFC 5646, 4.4.1: enough for any tag; anybody can send a header.

# How sure we say we are: by what kind of evidence decided, not by a number of langdetect's.
CERTAIN, SURE, LIKELY, AGREED, PLAUSIBLE, ASSUMED = 1.0, 0.97, 0.95, 0.85, 0.75, 0.5


@dataclass(frozen=True)
class Hints:
    """What we know of a person's language before reading the message."""

    chosen: str | None = None  #: set by the person: always wins
    recent: str | None = None  #: of the last confidently identified message
    phone: str | None = None  #: the phone's language_code or Accept-Language, a BCP-47 tag as it came
    council: str = "en"  #: the council's default
    asked: tuple[str, ...] = ()  #: the two that they were last asked in, while we are unsure


@dataclass(frozen=True)
class Identified:
    """The language of a message, how sure we are, and what decided."""

    language: str | None  #: a tag of the council's set, or None: not known (keep the prior)
    confidence: float  #: 0..1; 0 when the language is not known
    source: Source  #: "detector" stands for frequent words and langdetect alike
    likeliest: tuple[str, ...] = ()  #: when language is None: at most two of the council's set, best first
    stranger: str | None = None  #: when language is None: one that the council has not, where that is plain


class Identifier:
    """Says which of a council's languages a message is in. One may be shared between threads.

    langdetect and its profiles are loaded when the first doubtful message comes, not here: few messages need
    them, so a cold start does not wait for them. Only the profiles of the council's languages and of English
    are loaded, in a twentieth of the time that all 55 would take.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._exact = {_plain(tag): tag for tag in languages}
        self._by_language: dict[str, list[str]] = {}
        written: dict[str, dict[str, list[str]]] = {script: {} for script in WORDS}
        for tag in dict.fromkeys(languages):
            language, script = _language_and_script(tag)
            self._by_language.setdefault(language, []).append(tag)
            for one in (script,) if script else _scripts_of(language):
                written.setdefault(one, {}).setdefault(_key(language, one), []).append(tag)
        self._writings = {script: Writing(script, tags) for script, tags in written.items()}
        told_apart = [key for script in WORDS for key in written[script]]
        self._detector = Detector([*told_apart, "en"])

    def warm_up(self) -> None:
        """Load langdetect now, for a process that has a quiet moment before its first message."""
        self._detector.load()

    def identify(self, text: str, hints: Hints) -> Identified:
        """The language of a text. Never an exception, whatever the text; the same text, the same answer."""
        if chosen := self._member(hints.chosen):
            return Identified(chosen, CERTAIN, "chosen")
        prior = self._prior(hints)
        message = read(text)
        if message is None:
            # Only numbers, links, emoji. Whoever we have an idea of is asked in one language.
            return Identified(None, 0.0, "prior", prior.fallback[: 1 if prior.tag else 2])
        writing = self._writings.get(message.script)
        if writing is None:
            return replace(_unknown(prior, "script"), stranger=_alone_in(message.script))
        found = writing.evidence(message)
        if message.script != "Latn" and len(found.inside) <= 1:
            answer = _by_script(found, prior)
        else:
            answer = self._by_words(found, prior)
        return answer if answer.language else replace(answer, stranger=_stranger(found, prior))

    def _by_words(self, found: Evidence, prior: _Prior) -> Identified:
        """Several languages of the council, or of our neighbours, are written like this."""
        if not found.inside:
            return _unknown(prior, "letters")
        # Amharic and Tigrinya must come from the person; their words only say which to ask for first.
        if found.strong and found.message.script not in scripts.ONLY_ASKED:
            if found.best in found.inside:
                return _known(found, found.best, prior, LIKELY, "detector")
            return _unknown(prior, "detector")
        mine = found.writing.key_of(prior.tag)
        if mine in found.inside:
            return self._with_prior(found, mine, prior)
        return self._without_prior(found, prior)

    def _with_prior(self, found: Evidence, mine: str, prior: _Prior) -> Identified:
        """We have an idea of the person's language: keep it, unless the text speaks against it."""
        ours, theirs = found.hits.get(mine, 0), found.hits.get(found.best, 0)
        if theirs <= ours and (ours or found.message.short):
            return _known(found, mine, prior, PLAUSIBLE if ours else ASSUMED, "prior")
        # What they wrote before outweighs one borrowed word ("thank you"); what their phone says does not.
        clear = theirs > found.rival or found.best not in found.inside
        against = clear and (not prior.firm or (theirs > 1 and not ours))
        if found.message.short:
            if against:
                return _unknown(prior, "detector", found, [found.best, mine])
            return _known(found, mine, prior, ASSUMED, "prior")
        guess = self._detector.guess(found)
        # Somebody else's one word weighs, unless theirs are there too or they have been writing in theirs.
        if guess == mine and theirs - ours < (STRONG_LEAD if ours or prior.firm else 1):
            return _known(found, mine, prior, AGREED, "detector")
        if guess == found.best and against and guess in found.inside:
            return _known(found, guess, prior, AGREED, "detector")
        return _unknown(prior, "detector", found, [found.best if theirs else guess, mine])

    def _without_prior(self, found: Evidence, prior: _Prior) -> Identified:
        """Nothing but the text to go by, and it is short or leaves a doubt."""
        hits = found.hits.get(found.best, 0)
        if found.best not in found.inside and hits > 1:
            return _unknown(prior, "detector")  # A stranger: nothing says in which of our languages to ask.
        # Whoever writes Arabic letters is asked in two languages that do, before any that does not.
        others = [] if found.message.script == "Latn" else found.inside
        if found.message.short and (hits or found.message.letters < DETECTOR_LETTERS):
            equals = [key for key in found.inside if hits and found.hits.get(key) == hits]
            return _unknown(prior, "prior", found, [*equals, *others])
        guess = self._detector.guess(found)
        if guess in found.inside and not found.message.short:
            if guess == found.best and hits > found.rival:
                return _known(found, guess, prior, AGREED, "detector")
            # A language whose words we do not know cannot agree; instead, hardly any other's may be there.
            strange = not found.writing.knows_words(guess)
            if strange and hits <= 1 and len(found.message.words) > 2 * SHORT_WORDS:
                return _known(found, guess, prior, PLAUSIBLE, "detector")
        # A mere guess, at the name of a street perhaps, changes nothing for who was asked in two before.
        guesses = [] if prior.asked and not hits else [found.best if hits else guess, guess]
        return _unknown(prior, "detector", found, [*guesses, *others])

    def _prior(self, hints: Hints) -> _Prior:
        recent = self._member(hints.recent)
        # A browser sends a list: what comes after the first is what it was shipped with, not what they speak.
        phone = (hints.phone or "")[:LONGEST_TAG].split(",")[0].split(";")[0].strip()
        own = self._member(phone)
        asked = [] if recent else [tag for one in hints.asked if (tag := self._member(one))]
        # Whoever is asked in two has written what their phone's language did not account for.
        tag = recent or (None if asked else own)
        likeliest = (tag, *asked, self._member(hints.council), self._member("en"), *self._exact.values())
        return _Prior(
            tag=tag,
            firm=recent is not None,
            elsewhere="" if own else _language_and_script(phone)[0],
            asked=bool(asked),
            fallback=tuple(dict.fromkeys(one for one in likeliest if one))[:2],
        )

    def _member(self, tag: str | None) -> str | None:
        """The council's tag for a tag as it came: the same, else the nearest of its language or its group."""
        if not tag:
            return None
        if exact := self._exact.get(_plain(tag)):
            return exact
        language, script = _language_and_script(tag)
        if same := self._by_language.get(language):
            wanted = _subtags(tag)
            return max(same, key=lambda one: len(_subtags(one) & wanted))
        for one in (script,) if script else _scripts_of(language):
            if (writing := self._writings.get(one)) and (kin := writing.tags.get(_key(language, one))):
                return kin[0]
        return None


@dataclass(frozen=True)
class _Prior:
    """What the hints come to, in tags of the council's set."""

    tag: str | None  #: recent, else the phone's; None where there is only the council's default
    firm: bool  #: they have written in it before
    elsewhere: str  #: the phone's language, where it is none of the council's
    asked: bool  #: they were asked in two languages before, and have not told which is theirs
    fallback: tuple[str, ...]  #: which to ask in when the text says nothing


def _known(found: Evidence, key: str, prior: _Prior, confidence: float, source: Source) -> Identified:
    return Identified(_label(found.writing.tags[key], prior), confidence, source)


def _unknown(
    prior: _Prior, source: Source, found: Evidence | None = None, keys: Iterable[str] = ()
) -> Identified:
    """Not known; and the one or two languages to ask in, the best first."""
    written = found.writing.tags if found else {}
    tags = [_label(written[key], prior) for key in keys if key in written]
    likeliest = tuple(dict.fromkeys([*tags, *prior.fallback]))[:2]
    return Identified(None, 0.0, source, likeliest)


def _label(tags: Sequence[str], prior: _Prior) -> str:
    """Of Croatian, Bosnian and Serbian, which no text tells apart: theirs if known, else the first."""
    return prior.tag if prior.tag and prior.tag in tags else tags[0]


def _by_script(found: Evidence, prior: _Prior) -> Identified:
    """At most one language of the council is written like this: it is that one, or a stranger."""
    if not found.inside:
        return _unknown(prior, "letters" if found.writing.tags else "script", found, found.writing.tags)
    key = found.inside[0]
    if not found.strangers:
        return _known(found, key, prior, SURE, "letters" if found.writing.letters else "script")
    hits, theirs = found.hits.get(key, 0), max(found.hits.get(one, 0) for one in found.strangers)
    lacking = found.message.letters > SOME_LETTERS and found.writing.lacks_its_letters(key, found.message)
    if theirs > hits:
        return _unknown(prior, "detector", found, [key])
    if lacking and theirs == hits:
        if found.writing.key_of(prior.tag) == key:
            return _known(found, key, prior, ASSUMED, "prior")
        return _unknown(prior, "letters", found, [key])
    if hits > theirs:
        return _known(found, key, prior, LIKELY, "script")
    if prior.elsewhere in found.strangers:  # A Russian phone and a word that is Russian as well as Ukrainian.
        return _unknown(prior, "prior", found, [key])
    return _known(found, key, prior, PLAUSIBLE, "script")


def _stranger(found: Evidence, prior: _Prior) -> str | None:
    """The language that the council has not, where words, letters, or words and phone leave no doubt."""
    script = found.message.script
    if found.best in found.inside or found.message.short:
        return None
    phone_agrees = bool(prior.elsewhere) and _key(prior.elsewhere, script) == found.best
    if phone_agrees and found.hits.get(found.best, 0) > found.rival:
        return prior.elsewhere
    if found.strong and script not in scripts.ONLY_ASKED:
        return found.best
    alone = found.strangers[0] if len(found.strangers) == 1 and not found.inside else ""
    return alone if alone and found.writing.own_letters(alone, found.message) >= STRONG_LETTERS else None


@cache
def _alone_in(script: str) -> str | None:
    """The one language that is written in a script, as far as we know."""
    writers = [language for language, written in scripts.WRITTEN_IN.items() if script in written]
    return writers[0] if len(writers) == 1 else None


def _key(language: str, script: str) -> str:
    return scripts.ONE_GROUP.get((language, script), language)


def _scripts_of(language: str) -> tuple[str, ...]:
    return scripts.WRITTEN_IN.get(language, ("Latn",))


def _plain(tag: str) -> str:
    return tag.replace("_", "-").casefold()


def _language_and_script(tag: str) -> tuple[str, str]:
    """Of a BCP-47 tag: the language by the name we use, and the script if the tag names one."""
    first, *rest = _plain(tag).split("-")
    language = scripts.SAME_LANGUAGE.get(first, first)
    if language == "fa" and "af" in rest:
        language = "prs"  # A phone set to Dari says "Persian as in Afghanistan".
    named = next((part.title() for part in rest if len(part) == SCRIPT_SUBTAG and part.isalpha()), "")
    return language, scripts.SAME_SCRIPT.get(named, named)


def _subtags(tag: str) -> set[str]:
    """The parts of a tag; for Chinese also the script that a region implies."""
    parts = set(_plain(tag).split("-"))
    if parts & {"zh", "cmn", "yue"} and not parts & {"hans", "hant"}:
        parts.add("hant" if parts & {"tw", "hk", "mo"} else "hans")
    return parts
