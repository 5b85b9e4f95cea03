"""What short word lists recognise: commands, and the signs of design section 8.

Lists of every language of the council are read together, for a newcomer's language is not known
yet and a danger word counts in any; where two languages disagree on a command, the person's own
language decides. In doubt nothing is recognised, and then it is an issue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.phrases import Phrases
from core.talk import Command, Sign
from flows.choices import plain
from flows.phrase_set import PhraseSet, unmarked
from flows.words import DANGER_ELSEWHERE

#: a command is said by itself; what is longer is a message
LONGEST_COMMAND = 60
#: "who are you?" asked within a longer text is part of an issue
LONGEST_REMARK = 12  # words
SPARE_WORDS = 3  # "and who are you really?"
LONGEST_NAME = 2  # words: "hi, my name is Ana Novak"
LONGEST_QUESTION = 40  # words
#: signs are looked for in the beginning of a text: what matters is said soon
LOOKED_AT = 1500  # characters

_QUESTION_MARKS = ("?", "؟", "？", ";")  # the third is East Asian, the last Greek


def is_slash_word(text: str) -> bool:
    """Whether this is one word behind a slash: said to a machine, and no issue though we do not know it."""
    said = text.strip()
    return (
        len(said) <= LONGEST_COMMAND
        and said.startswith("/")
        and said[1:2].isalpha()
        and len(said.split()) == 1
    )


class Triggers:
    """The word lists of some languages, ready for looking up."""

    def __init__(self, catalogs: Mapping[str, Phrases]) -> None:
        self._commands: dict[str, dict[str, Command]] = {}
        self._any_command: dict[str, Command] = {}
        # English is read last, so that where two disagree the council's own languages come first.
        for tag, phrases in sorted(catalogs.items(), key=lambda one: one[0] == "en"):
            words = {plain(w): c for c in Command for w in phrases.words(f"command.{c.value}.words")}
            self._commands[tag] = words
            self._any_command = words | self._any_command

        def listed(*keys: str) -> set[str]:
            return {word for said in catalogs.values() for key in keys for word in said.words(key)}

        by_sign = {sign: listed(f"sign.{sign.value}.words") for sign in Sign}
        # A danger is written in haste, on any keyboard, and in languages that we have no catalog for.
        by_sign[Sign.DANGER] |= {word for said in DANGER_ELSEWHERE.values() for word in said.split("|")}
        by_sign[Sign.DANGER] |= {unmarked(word) for word in by_sign[Sign.DANGER]}
        self._signs = {sign: PhraseSet(words) for sign, words in by_sign.items()}
        harmless = listed("sign.danger.not.words")
        self._harmless = PhraseSet(harmless)
        self._all = PhraseSet(harmless.union(*by_sign.values()))
        courtesies = listed("command.courtesy.words")
        # The longest first: of "por favor" nothing may stay behind when "favor" is taken away.
        self._courtesies = sorted({plain(word) for word in courtesies}, key=len, reverse=True)
        beginnings = listed("sign.greeting.words", "sign.greeting.problem.words")
        self._beginnings = PhraseSet(beginnings)
        self._polite_beginnings = PhraseSet(beginnings | courtesies)
        self._introductions = PhraseSet(listed("sign.greeting.my_name_is.words"))
        beside = listed("sign.greeting.words", "sign.thanks.words", "sign.wrong_number.words")
        self._wrong_number_politely = PhraseSet(beside | courtesies)
        self._about_us = PhraseSet(listed("sign.who.words", "sign.greeting.words"))
        self._no = {plain(word) for word in listed("skip.synonyms")}
        self._yes = {plain(word) for word in listed("confirm.send.synonyms")}
        self._cancel = {plain(word) for word in listed("cancel.words")}
        self._digits = {
            plain(word): str(digit) for digit in range(1, 10) for word in listed(f"digit.{digit}.words")
        }

    def command(self, text: str, language: str | None) -> Command | None:
        """The command that a whole message is, a leading slash or not."""
        if len(text) > LONGEST_COMMAND:
            return None
        said = plain(text.lstrip("/").replace("_", " "))
        found = self._find(said, language)
        # A courtesy is a word beside the command.
        return self._find(self._bare(said), language) if found is None and " " in said else found

    def languages_of(self, text: str) -> frozenset[str]:
        """The languages in whose lists the command stands that a whole message is."""
        said = plain(text.lstrip("/").replace("_", " ")) if len(text) <= LONGEST_COMMAND else ""
        return self._in_lists(said) or self._in_lists(self._bare(said))

    def _in_lists(self, said: str) -> frozenset[str]:
        return frozenset(tag for tag, words in self._commands.items() if said in words)

    def _find(self, said: str, language: str | None) -> Command | None:
        return self._commands.get(language or "", {}).get(said) or self._any_command.get(said)

    def _bare(self, said: str) -> str:
        """What is said without "please" and "thank you" around it."""
        before = ""
        while before != said:
            before = said
            for word in self._courtesies:
                said = said.removeprefix(f"{word} ").removesuffix(f" {word}")
        return said

    def bare(self, text: str) -> str:
        """A text as an answer: without courtesies around it, and as digits where it is nothing but numbers.

        "" where it is too long for an answer, and for "cancel it, please": that erases nothing unasked.
        """
        if len(text) > LONGEST_COMMAND or self.cancels(text):
            return ""
        said = self._bare(plain(text))
        words = [self._digits.get(word, word) for word in said.split()]
        return " ".join(words) if all(map(str.isdigit, words)) else said

    def declines(self, text: str) -> bool:
        """Whether this says "no" or "none", and nothing else."""
        return len(text) <= LONGEST_COMMAND and plain(text) in self._no

    def agrees(self, text: str) -> bool:
        """Whether this says "yes" or "send it", and nothing else but courtesies."""
        return len(text) <= LONGEST_COMMAND and not self._yes.isdisjoint({plain(text), self.bare(text)})

    def cancels(self, text: str) -> bool:
        """Whether this says "never mind", and nothing else but courtesies."""
        if len(text) > LONGEST_COMMAND:
            return False
        said = plain(text)
        return said in self._cancel or self._bare(said) in self._cancel

    def signs(self, text: str) -> frozenset[Sign]:
        """What a free text shows."""
        beginning = text[:LOOKED_AT]
        words = plain(beginning).split()
        # Few words begin a phrase of any list, and only there the lists are looked at one by one.
        places = [place for place, word in enumerate(words) if self._all.knows(word)]
        few = len(words) <= LONGEST_REMARK
        greets = few and self._greets(words)
        if not (places or greets):
            return frozenset()
        found = {Sign.CHILD} if self._signs[Sign.CHILD].within(words, places) else set()
        if self._in_danger(words, places):
            found.add(Sign.DANGER)
        if greets and not found:
            found.add(Sign.GREETING)
        if few:
            if self._signs[Sign.THANKS].covers(words):
                found.add(Sign.THANKS)
            wrong_number = self._signs[Sign.WRONG_NUMBER].within(words, places)
            if wrong_number and self._wrong_number_politely.covers(words):
                found.add(Sign.WRONG_NUMBER)
            # What else is said beside the question would be lost: then it is an issue.
            if self._signs[Sign.WHO].within(words, places) and self._about_us.covers(words, but=SPARE_WORDS):
                found.add(Sign.WHO)
        asks = len(words) <= LONGEST_QUESTION and beginning.rstrip().endswith(_QUESTION_MARKS)
        if asks and not found and self._signs[Sign.QUESTION].begins(words):
            found.add(Sign.QUESTION)
        return frozenset(found)

    def _in_danger(self, words: Sequence[str], places: Sequence[int]) -> bool:
        """Whether a danger is named that is no part of something harmless: "fire", but not "fire door"."""
        danger = self._signs[Sign.DANGER]
        found = [range(place, place + danger.at(words, place)) for place in places]
        if not any(found):
            return False
        harmless = {n for place in places for n in range(place, place + self._harmless.at(words, place))}
        return any(span and harmless.isdisjoint(span) for span in found)

    def _greets(self, words: Sequence[str]) -> bool:
        """Whether this is a greeting, or "I have a problem", perhaps with a name, and nothing else."""
        greeted = self._polite_beginnings.reach(words)
        if not self._beginnings.within(words, range(greeted)):
            return False
        rest = words[greeted:]
        introduced = self._introductions.at(rest, 0) if rest else 0
        named = introduced > 0 and len(rest) - introduced <= LONGEST_NAME
        return named or not rest
