"""A conversation: what was said, what the answer needs to know, and what it leads to.

A message is heard (`hear`), the caller loads what the answer needs (`wants`, `seeks`), and it is
answered (`converse`); what the answer is stands in reply.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from core.contact import Contact
from core.desk import Seek
from core.events import AnsweredInTwo, CouncilChosen, LanguageHeard
from core.known import Want
from core.messages import InboundMessage
from core.phrases import Phrases
from core.poster import Poster, read_first_words, read_payload
from core.references import find_invitation
from core.talk import Command, Heard, Pick, Run, Sign, Spoken, Turn
from flows import codes, settings
from flows.choices import number
from flows.desk import desk
from flows.keywords import keyword
from flows.lexicon import Lexicon
from flows.own_issues import correct
from flows.raise_issue import has_words, raise_issue, seen
from flows.reply import Reply
from flows.seeking import STAFF_FLOWS, asked_about, concerns_the_desk, named_issue, takes_codes, told_in
from flows.talking import Situation
from flows.triggers import is_slash_word

__all__ = ["Conversation", "Situation"]


class Conversation:
    """Every flow and word list, in every language that is served."""

    def __init__(self, catalogs: Mapping[str, Phrases]) -> None:
        self._lexicon = Lexicon(catalogs)

    # What was said

    def hear(
        self,
        message: InboundMessage,
        contact: Contact,
        *,
        early: bool,
        late: bool,
        prefix: str = "",
        by_sms: bool = False,
    ) -> Heard:
        """A message as the conversation takes it: its command, or the signs its words show.

        `prefix` begins the references of the person's council.
        """
        match message.kind:
            case "start" if invitation := find_invitation(message.payload):
                return Heard(seek=Seek(invitation=invitation), early=early, late=late)
            case "start":
                poster = read_payload(message.payload)
                return Heard(command=Command.START, poster=poster, early=early, late=late)
            case "press":
                return Heard(pick=Pick.parse(message.token) or Pick("", "", ""), early=early, late=late)
            case "edit":
                signs = self._lexicon.triggers.signs(message.text)
                return Heard(message.text, signs=signs, edited=True, ref=message.ref)
            case _ if message.answered:
                return Heard(message.text, command=message.answered, early=early, late=late, answered=True)
            case _ if by_sms and (command := self._by_sms(message.text, contact)):
                return Heard(message.text, command, early=early, late=late)
            case _:
                if code := self._code(message, contact, prefix):
                    seek = replace(code.seek, reply_to=message.reply_to)
                    return Heard(
                        message.text, seek=seek, act=code.act, rest=code.rest, early=early, late=late
                    )
                said, poster, scanned = self._from_poster(message.text)
                start = scanned and not (said or message.attachments or message.place)
                command = Command.START if start else self._lexicon.triggers.command(said, contact.language)
                return Heard(
                    text=said if seen(said) else "",
                    bare=self._lexicon.triggers.bare(said),
                    command=command,
                    signs=frozenset() if command else self._lexicon.triggers.signs(said),
                    poster=poster,
                    attachments=message.attachments,
                    place=message.place,
                    forwarded=message.forwarded,
                    ref=message.ref,
                    early=early,
                    late=late,
                )

    def _by_sms(self, text: str, contact: Contact) -> Command | None:
        """The command that an SMS is before it is anything else: the provider may have acted on it."""
        stopped = contact.state == "stopped"
        command = keyword(text, stopped=stopped) or self._lexicon.triggers.command(text, contact.language)
        return command if command in (Command.STOP, Command.START, Command.HELP) else None

    def _from_poster(self, text: str) -> tuple[str, Poster | None, bool]:
        """What is said beside the message that a poster had ready; what that says; whether it is there."""
        found = read_first_words(text)
        if found is None or not (found.poster or found.hello):
            return text, None, False
        if found.hello and Sign.GREETING not in self._lexicon.triggers.signs(found.hello):
            return text, None, False
        if found.rest and found.poster is None:
            return text, None, False  # A hashtag, perhaps: in doubt it is all an issue.
        return found.rest, found.poster, True

    def _code(self, message: InboundMessage, contact: Contact, prefix: str) -> codes.Code | None:
        """What of the desk a message is about: anybody may come with an invitation, the rest is staff's."""
        if invitation := find_invitation(message.text):
            return codes.Code(Seek(invitation=invitation))
        if contact.role is None or message.attachments or message.place or message.forwarded:
            return None
        return codes.read(message.text, prefix, self._lexicon.acts, self._lexicon.looks)

    def seeks(self, heard: Heard, run: Run | None, prefix: str) -> Seek | None:
        """What of the desk the answer needs: what was written, or what the open questions are about."""
        if heard.seek is None and not concerns_the_desk(run):
            return None  # as with nearly every message
        if heard.seek and not takes_codes(run, heard):
            other = named_issue(heard.rest, prefix) if heard.act == "merge" else None
            seek = replace(heard.seek, other=other)
        else:
            seek = asked_about(heard, run, prefix)
        return replace(seek, news=told_in(run)) if seek != Seek() or told_in(run) else None

    def wants(self, heard: Heard, run: Run | None) -> frozenset[Want]:
        """What the answer needs to know beyond the message: "issues", "data", "edited" of `Known`."""
        wanted: set[Want] = {"edited"} if heard.edited else set()
        if run and run.flow == correct.id:
            wanted.add("issues")
        if heard.edited:
            return frozenset(wanted)
        if heard.command is Command.MY_DATA or (run and run.flow == settings.menu.id):
            return frozenset({"data"})
        if heard.command in (Command.STATUS, Command.CORRECT, Command.STOP):
            wanted.add("issues")
        return frozenset(wanted)

    def may_file(self, heard: Heard, run: Run | None) -> bool:
        """Whether this message may file an issue, which then needs a reference that is free."""
        raising = run is not None and run.flow == raise_issue.id and "reference" not in run.answers
        return raising and not heard.edited

    def spare_references(self, heard: Heard, run: Run | None) -> int:
        """How many free references an issue may need that is taken apart."""
        return (
            codes.MOST_PARTS - 1 if (run is not None and run.flow == desk.id) or heard.act == "parts" else 0
        )

    def is_free_text(self, heard: Heard) -> bool:
        """Whether the words can tell a language: no command, no button, no number, no language's name."""
        other = heard.command or heard.pick or heard.nudge or heard.seek or heard.edited
        other = other or is_slash_word(heard.text) or number(heard.answer) is not None
        return has_words(heard.text) and not other and self._lexicon.named_language(heard) is None

    def languages_of(self, heard: Heard) -> frozenset[str]:
        """The languages whose lists hold the command, or a danger's or a greeting's words: often several."""
        if heard.command:
            return self._lexicon.triggers.languages_of(heard.text)
        shows = heard.signs & {Sign.DANGER, Sign.GREETING}
        return self._lexicon.origins.of(heard.text) if shows else frozenset()

    # What it leads to

    def converse(self, situation: Situation) -> Turn:
        """Answer one message."""
        turn = self._answer(situation)
        if situation.second:
            other = self._answer(replace(situation, phrases=situation.second))
            turn = replace(turn, says=_in_both(turn.says, other.says))
            two = (situation.phrases.language, situation.second.language)
            if turn.says and two != situation.given.contact.two_languages:
                turn = replace(turn, events=(*turn.events, AnsweredInTwo(two)))
        if situation.heard.answered:
            turn = replace(turn, says=())
        language, contact = self._language(situation), situation.given.contact
        if contact.language_chosen or language == contact.language or not language:
            return turn
        return replace(turn, events=(LanguageHeard(language), *turn.events))

    def _language(self, situation: Situation) -> str | None:
        """The language that the message told: that of its words, else the one that its poster names.

        Whoever scans a code has not chosen a language: what they write next may be in another. And what staff
        write at the desk is for somebody else, and may be in that person's language.
        """
        heard, run = situation.heard, situation.run
        if run is not None and run.flow in STAFF_FLOWS:
            return None
        if heard.language and self.is_free_text(heard):
            return heard.language
        return heard.poster.language or None if heard.poster else None

    def say(self, situation: Situation, key: str) -> Turn:
        """One sentence of ours, with the open question left as it is."""
        return Reply(self._lexicon, situation).only(situation.phrases.say(key))

    def _answer(self, situation: Situation) -> Turn:
        heard, contact = situation.heard, situation.given.contact
        answer = Reply(self._lexicon, situation)
        if heard.nudge:
            return answer.nudged(heard.nudge)
        if contact.muted:
            return Turn(situation.run)
        stopped = contact.state == "stopped" and heard.command is not Command.START
        turn = answer.while_stopped() if stopped else answer.to()
        if heard.poster and heard.poster.council != contact.council:
            turn = replace(turn, events=(CouncilChosen(heard.poster.council), *turn.events))
        return turn


def _in_both(one: tuple[Spoken, ...], other: tuple[Spoken, ...]) -> tuple[Spoken, ...]:
    """Each message in two languages, one below the other; an option reads in both."""
    if len(one) != len(other):
        return one
    both = []
    for a, b in zip(one, other, strict=True):
        options = tuple(
            x if x.label == y.label else replace(x, label=f"{x.label} / {y.label}")
            for x, y in zip(a.options, b.options, strict=True)
        )
        both.append(replace(a, text=a.text if a.text == b.text else f"{a.text}\n\n{b.text}", options=options))
    return tuple(both)
