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

import re
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from translations import scripts

Source = Literal["chosen", "script", "letters", "detector", "prior"]

LOOKED_AT = 600  # Characters. The first lines say what the whole says, and nobody waits for 10,000 letters.
SHORT_WORDS, SHORT_LETTERS = 3, 20  # Up to here every third answer of a detector is wrong.
STRONG_WORDS, STRONG_LEAD = 2, 2  # Frequent words of a language, and how many more than of any other.
STRONG_LETTERS = 2  # Letters that hardly another language has; one may stand in a name.
STRONG_SHARE = 8  # One in so many different words at least: two such words in a hundred are an accident.
DETECTOR_SURE = 0.9  # What langdetect must say before its agreement counts.
DETECTOR_LETTERS = 6  # "ok" and "hi" are not asked about: every answer would do.

SOME_LETTERS = 12  # From here Ukrainian without one of its own letters is rather Russian.
STRAY_LETTERS = 60  # One letter of another language in so many is a name or a quotation.
FEW_OWNERS = 2  # A letter that no more languages have says as much as a word.
MAY_BE_ARTICLE = 3  # "الى" (to) has no article.
SHORTEST_BARE = 3  # Without its mark, "še" is a word of too many languages.
SCRIPT_SUBTAG = 4  # "Latn" in "sr-Latn"; RFC 5646, 2.2.3.
LONGEST_TAG = 35  # RFC 5646, 4.4.1: enough for any tag; anybody can send a header.

# How sure we say we are: by what kind of evidence decided, not by a number of langdetect's.
CERTAIN, SURE, LIKELY, AGREED, PLAUSIBLE, ASSUMED = 1.0, 0.97, 0.95, 0.85, 0.75, 0.5

FIRST_GREEK = 0x370  # Every letter before is Latin.
BLOCK_STARTS = [first for first, _, _ in scripts.BLOCKS]
BARE = str.maketrans({"ı": "i", "ł": "l", "đ": "d", "ß": "ss"})
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
class Hints:
    """What we know of a person's language before reading the message."""

    chosen: str | None = None  #: set by the person: always wins
    recent: str | None = None  #: of the last confidently identified message
    phone: str | None = None  #: the phone's language_code or Accept-Language, a BCP-47 tag as it came
    council: str = "en"  #: the council's default


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
        written: dict[str, dict[str, list[str]]] = {script: {} for script in scripts.WORDS}
        for tag in dict.fromkeys(languages):
            language, script = _language_and_script(tag)
            self._by_language.setdefault(language, []).append(tag)
            for one in (script,) if script else _scripts_of(language):
                written.setdefault(one, {}).setdefault(_key(language, one), []).append(tag)
        self._writings = {script: _Writing(script, tags) for script, tags in written.items()}
        told_apart = [key for script in scripts.WORDS for key in written[script]]
        self._detector = _Detector([*told_apart, "en"])

    def warm_up(self) -> None:
        """Load langdetect now, for a process that has a quiet moment before its first message."""
        self._detector.load()

    def identify(self, text: str, hints: Hints) -> Identified:
        """The language of a text. Never an exception, whatever the text; the same text, the same answer."""
        if chosen := self._member(hints.chosen):
            return Identified(chosen, CERTAIN, "chosen")
        prior = self._prior(hints)
        message = _read(text)
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

    def _by_words(self, found: _Evidence, prior: _Prior) -> Identified:
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

    def _with_prior(self, found: _Evidence, mine: str, prior: _Prior) -> Identified:
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

    def _without_prior(self, found: _Evidence, prior: _Prior) -> Identified:
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
        return _unknown(prior, "detector", found, [found.best if hits else guess, guess, *others])

    def _prior(self, hints: Hints) -> _Prior:
        recent = self._member(hints.recent)
        # A browser sends a list: what comes after the first is what it was shipped with, not what they speak.
        phone = (hints.phone or "")[:LONGEST_TAG].split(",")[0].split(";")[0].strip()
        own = self._member(phone)
        tag = recent or own
        asked = (tag, self._member(hints.council), self._member("en"), *self._exact.values())
        return _Prior(
            tag=tag,
            firm=recent is not None,
            elsewhere="" if own else _language_and_script(phone)[0],
            fallback=tuple(dict.fromkeys(one for one in asked if one))[:2],
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
    fallback: tuple[str, ...]  #: which to ask in when the text says nothing


def _known(found: _Evidence, key: str, prior: _Prior, confidence: float, source: Source) -> Identified:
    return Identified(_label(found.writing.tags[key], prior), confidence, source)


def _unknown(
    prior: _Prior, source: Source, found: _Evidence | None = None, keys: Iterable[str] = ()
) -> Identified:
    """Not known; and the one or two languages to ask in, the best first."""
    written = found.writing.tags if found else {}
    tags = [_label(written[key], prior) for key in keys if key in written]
    likeliest = tuple(dict.fromkeys([*tags, *prior.fallback]))[:2]
    return Identified(None, 0.0, source, likeliest)


def _label(tags: Sequence[str], prior: _Prior) -> str:
    """Of Croatian, Bosnian and Serbian, which no text tells apart: theirs if known, else the first."""
    return prior.tag if prior.tag and prior.tag in tags else tags[0]


def _by_script(found: _Evidence, prior: _Prior) -> Identified:
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


def _stranger(found: _Evidence, prior: _Prior) -> str | None:
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


@dataclass(frozen=True)
class _Message:
    """A text as we look at it: its words in its main script."""

    script: str
    spelled: list[str]  #: the words as they came, in order
    words: frozenset[str]  #: the words folded, each once
    marked: str  #: the words whose letters may tell
    letters: int
    short: bool
    bare: bool  #: nothing but A to Z


@dataclass(frozen=True)
class _Evidence:
    """What letters and words say of a message."""

    message: _Message
    writing: _Writing
    inside: list[str]  #: the council's languages that are written with these letters, most words first
    strangers: list[str]  #: other languages that are, as far as we know their words
    hits: dict[str, int]  #: language -> how many of its frequent words, and of letters that few others have
    best: str  #: whose words are the most; "" where nobody's letters fit
    rival: int  #: hits of the second

    @property
    def strong(self) -> bool:
        """Whether the words alone are enough."""
        hits = self.hits.get(self.best, 0)
        return (
            hits >= STRONG_WORDS
            and hits - self.rival >= STRONG_LEAD
            and hits * STRONG_SHARE >= len(self.message.words)
            and not self.message.short
        )


class _Writing:
    """One script: who of the council writes in it, and what tells its languages apart."""

    def __init__(self, script: str, tags: dict[str, list[str]]) -> None:
        self.tags = tags  #: key -> the council's tags, in the council's order
        self.letters = _letter_owners(script)
        self._words = _frequent_words(script)
        self._bare_words = _frequent_words(script, bare=True) if script == "Latn" else self._words
        self._rare = {letter: has for letter, has in self.letters.items() if len(has) <= FEW_OWNERS}
        self._alphabets = scripts.LETTERS.get(script, {})
        self._vocabulary = scripts.WORDS.get(script, {})
        self._neighbours = [key for key in self._vocabulary if key not in tags]
        self._key_of = {tag: key for key, same in tags.items() for tag in same}
        self._latin, self._arabic = script == "Latn", script == "Arab"

    def key_of(self, tag: str | None) -> str:
        return self._key_of.get(tag or "", "")

    def knows_words(self, key: str) -> bool:
        return key in self._vocabulary

    def evidence(self, message: _Message) -> _Evidence:
        """Count words and letters: some microseconds, and the same for everybody."""
        hits = self._count_words(message)
        told = self.letters.keys() & set(message.marked)
        if self._latin:
            for owner in [owner for letter in told for owner in self._rare.get(letter, ())]:
                hits[owner] = hits.get(owner, 0) + 1
        # Thirty languages share the Latin letters; only those with a word in the text can be meant.
        strangers = [key for key in (hits if self._latin else self._neighbours) if key not in self.tags]
        inside = list(self.tags)
        if told:
            allowed = self._allowed((*inside, *strangers), message, told)
            inside = [key for key in inside if key in allowed]
            strangers = [key for key in strangers if key in allowed]
        inside.sort(key=lambda key: -hits.get(key, 0))  # Stable: the council's order where words say nothing.
        ranked = sorted([*inside, *strangers], key=lambda key: -hits.get(key, 0))
        rival = hits.get(ranked[1], 0) if len(ranked) > 1 else 0
        return _Evidence(message, self, inside, strangers, hits, ranked[0] if ranked else "", rival)

    def lacks_its_letters(self, key: str, message: _Message) -> bool:
        """Whether not one of the letters is there that a sentence in this language is hardly without."""
        expected = scripts.EXPECTED.get(key)
        return expected is not None and not any(letter in message.marked for letter in expected)

    def own_letters(self, key: str, message: _Message) -> int:
        """How many of its letters hardly any other language has; in Latin letters these count as words."""
        if self._latin:
            return 0
        return sum(message.marked.count(letter) for letter, has in self._rare.items() if key in has)

    def _count_words(self, message: _Message) -> dict[str, int]:
        hits: dict[str, int] = {}
        # Only a text without any mark may have been typed without them: "pri" is Slovene beside a "že".
        known = self._bare_words if message.bare else self._words
        for word in message.words:
            if word in known:
                for key in known[word]:
                    hits[key] = hits.get(key, 0) + 1
            elif self._arabic and len(word) > MAY_BE_ARTICLE and word.startswith(scripts.ARABIC_ARTICLE):
                hits["ar"] = hits.get("ar", 0) + 1
        return hits

    def _allowed(self, keys: Sequence[str], message: _Message, told: Iterable[str]) -> set[str]:
        """Who writes with these letters, but for a stray one."""
        strays = message.letters // STRAY_LETTERS + self._latin
        foreign = dict.fromkeys(keys, 0)
        for letter in told:
            owners = self.letters[letter]
            count = message.marked.count(letter)
            for key in keys:
                if key not in owners and key in self._alphabets:
                    foreign[key] += count
        return {key for key, count in foreign.items() if count <= strays}


class _Detector:
    """langdetect, with the profiles of a few languages, the same answer for the same text.

    Its smoothing draws random numbers. Each of its detectors has a generator of its own, started from the
    factory's seed (langdetect/detector.py, `_detect_block`): what was asked before makes no difference.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = sorted(set(keys))
        self._factory: Any = None
        self._profiles: dict[str, str] = {}  #: profile -> key
        self._loading = threading.Lock()

    def load(self) -> Any:
        """The factory with its profiles, loaded once."""
        with self._loading:
            if self._factory is None:
                # Takes 10 ms and is seldom needed, so it is not imported at the top.
                from langdetect import detector_factory  # noqa: PLC0415

                folder = Path(detector_factory.PROFILES_DIRECTORY)
                names = {scripts.PROFILES.get(key, key): key for key in self._keys}
                self._profiles = {name: key for name, key in names.items() if (folder / name).is_file()}
                factory = detector_factory.DetectorFactory()
                factory.set_seed(0)
                if len(self._profiles) > 1:  # One profile alone is refused, and would say nothing.
                    factory.load_json_profile([(folder / name).read_text("utf-8") for name in self._profiles])
                self._factory = factory
            return self._factory

    def guess(self, found: _Evidence) -> str:
        """What langdetect takes the text for, of those whom the letters allow and English; "" if unsure."""
        factory = self._factory or self.load()
        among = {*found.inside, "en"} if found.message.script == "Latn" else set(found.inside)
        prior_map = {name: 1.0 for name, key in self._profiles.items() if key in among}
        if len(prior_map) <= 1:
            return ""
        from langdetect.lang_detect_exception import LangDetectException  # noqa: PLC0415  # See load().

        detector = factory.create()
        detector.set_prior_map(prior_map)
        detector.append(" ".join(found.message.spelled))
        try:
            best = detector.get_probabilities()[0]
        except LangDetectException:  # Not one of its three-letter groups is in the text.
            return ""
        return self._profiles[best.lang] if best.prob >= DETECTOR_SURE else ""


def _read(text: str) -> _Message | None:
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
    words = frozenset(_fold(" ".join(spelled), script).split())
    if script == "Latn":
        # A German message may name a street in Međimurje: letters of capitalised words tell nothing.
        marked = "".join([word for word in spelled if not word.isascii() and word[0].islower()])
    else:
        marked = "".join(spelled).lower()
    short = len(words) <= SHORT_WORDS or letters <= SHORT_LETTERS
    return _Message(script, spelled, words, marked, letters, short, bare="".join(spelled).isascii())


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


def _fold(words: str, script: str) -> str:
    """Words as they are compared: in small letters; Arabic without vowel signs, with one kaf and one yeh."""
    return words.translate(ARABIC_FOLD) if script == "Arab" else words.lower()


@cache
def _frequent_words(script: str, bare: bool = False) -> Mapping[str, tuple[str, ...]]:
    """Each frequent word and whose it is, made once for all councils; bare: also as typed without marks."""
    whose: dict[str, tuple[str, ...]] = {}
    for key, listed in scripts.WORDS.get(script, {}).items():
        words = set(_fold(unicodedata.normalize("NFKC", listed), script).split())
        if bare and key not in scripts.NEVER_BARE:
            words |= {_bare(word) for word in words if len(word) >= SHORTEST_BARE}
        for word in words:
            whose[word] = (*whose.get(word, ()), key)
    return whose


@cache
def _alone_in(script: str) -> str | None:
    """The one language that is written in a script, as far as we know."""
    writers = [language for language, written in scripts.WRITTEN_IN.items() if script in written]
    return writers[0] if len(writers) == 1 else None


@cache
def _letter_owners(script: str) -> Mapping[str, frozenset[str]]:
    """Each letter that not all languages of a script have, and which have it."""
    alphabets = scripts.LETTERS.get(script, {})
    letters = set("".join(alphabets.values()))
    return {letter: frozenset(key for key in alphabets if letter in alphabets[key]) for letter in letters}


def _bare(word: str) -> str:
    """A word as it is typed on a keyboard without its marks: "zašto" is "zasto"."""
    return unicodedata.normalize("NFD", word.translate(BARE)).encode("ascii", "ignore").decode()


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
