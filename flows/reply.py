"""The reply to one message: a command, an answer to the open question, or something new.

Commands work in every state. Then come the rows of "what people really send" (greetings, who are
you, danger, wrong number ...), then the open question, and what is left is a new issue. Everything
a person wrote ends in a draft, in a filed issue, or in an answer: nothing is dropped unsaid.
"""

from __future__ import annotations

from typing import assert_never

from msgspec.structs import replace

from core.events import (
    DraftClosed,
    DraftOpened,
    IssueAdded,
    LanguageChosen,
    MessageEdited,
    NewsSaid,
    Started,
    Stopped,
)
from core.talk import Command, Nudge, Pick, Run, Sign, Spoken, Turn
from flows import engine, settings, solved_talk
from flows.choices import number
from flows.desk_talk import DeskTalk
from flows.given import emergency, quoted
from flows.news import asked, flow_for, news
from flows.news_texts import news_text
from flows.own_issues import correct, status_text
from flows.raise_issue import has_words, raise_issue, to_invitations
from flows.seeking import STAFF_FLOWS, takes_codes
from flows.steps import Confirm, Flow
from flows.talking import Talking, in_danger, put_whole
from flows.triggers import is_slash_word


class Reply(Talking):
    """The answer to one message in one language; lives for one call."""

    def to(self) -> Turn:
        """What was said, taken as a command, as an answer to the open question, or as something new."""
        if self.heard.edited:
            return self.edited()
        if self.run and self.run.flow == raise_issue.id and "reference" not in self.run.answers:
            self.run = replace(self.run, answers={**self.run.answers, **self._nearby()})
        at_the_desk = DeskTalk(self)
        if self.heard.seek and not takes_codes(self.run, self.heard):
            return at_the_desk.answer()
        if (pick := self.heard.pick) and not (self.run and self._fits(pick, self.run)):
            return self.pressed_again(pick)
        command = self.heard.command or self._from_menu()
        if command and not (self.run and self.run.flow == command.value and self.chooses(self.run)):
            return self.commanded(command)
        if (tag := self._named_language()) and not (self.run and self.chooses(self.run)):
            return self.speak(tag)
        if self._unknown_command():
            return self.unknown_command()
        if at_the_desk.is_number_alone():
            return at_the_desk.number_alone()
        if self.run:
            return self.go_on(self.run)
        return self.open()

    def unknown_command(self) -> Turn:
        """A newcomer learns who we are, everybody else what can be written here; it makes no draft."""
        newcomer = self.run is None and self.given.contact.agreed_version is None
        return self.warned(self.welcome()) if newcomer else self.commanded(Command.HELP)

    def pressed_again(self, pick: Pick) -> Turn:
        """A button of a question that is answered or gone; a second tap on one button is no news."""
        run, gone = self.run, self.phrases.say("engine.gone")
        if run is None:
            return self.only(gone) if self.heard.early else self.welcome(gone)
        if self.heard.early or (pick.run == run.id and run.answers.get(pick.step) == pick.option):
            return self.again(quiet=True)
        return self.again(gone)

    # Commands

    def commanded(self, command: Command) -> Turn:  # noqa: C901  (one case a command)
        """Do what a command says; what it interrupts is asked again afterwards."""
        match command:
            case Command.STOP:
                return self.stopped()
            case Command.START:
                return self.started()
            case Command.HELP:
                return self.helped()
            case Command.STATUS:
                return self.again(status_text(self.given, self.phrases))
            case Command.MY_DATA:
                draft = self.draft()
                words = quoted(draft.answers, self.phrases) if draft else ""
                return self.again(settings.my_data_text(self.given, self.phrases, words))
            case Command.CORRECT:
                return self.correct()
            case Command.LANGUAGE | Command.DELETE | Command.MENU:
                return self.interrupt(command.value)
            case Command.RAISE:
                return self.again(self.phrases.say("welcome.still_open")) if self.draft() else self.begin(())
            case Command.INVITATIONS | Command.NO_INVITATIONS:
                return self.invited(wanted=command is Command.INVITATIONS)
            case Command.BACK | Command.SKIP:
                if self.run:
                    return self.go_on(self.run)
                return self.welcome(self.phrases.say("engine.no_way_back") if command is Command.BACK else "")
            case _ as never:
                assert_never(never)

    def helped(self) -> Turn:
        """Emergency numbers first, then what can be written here, by staff too."""
        numbers, role = emergency(self.given, self.phrases), self.given.contact.role
        first = self.phrases.say("welcome.danger", emergency=numbers) if numbers else ""
        last = self.phrases.say(f"desk.what.{role}") if role else ""
        return self.again("\n\n".join(filter(None, (first, self.phrases.say("help.text"), last))))

    def stopped(self) -> Turn:
        """Nothing more is sent; words that were to take the place of others are left."""
        run = self.run.below if self.run and self.run.flow == correct.id else self.run
        done = "stop.done" if self.given.known.issues else "stop.nothing_sent"
        if self.given.contact.role:
            done = "stop.staff"
        return Turn(run, (self.spoken(done, farewell=True),), (Stopped(),))

    def invited(self, *, wanted: bool) -> Turn:
        """Invitations come or do not from now on; whether they may is not asked any more."""
        contact = replace(self.given.contact, invitations=wanted)
        known = replace(self.situation, run=self.run, given=replace(self.given, contact=contact))
        said = settings.invitations_text(self.given, self.phrases, wanted=wanted)
        turn = Reply(self.lexicon, known).again(said)
        consent = to_invitations(self.given, consents=wanted)
        return replace(turn, events=(consent, *turn.events))

    def speak(self, tag: str) -> Turn:
        """A language's name said alone chooses it; what is open is asked again in that language."""
        run = self.run.below if self.run and self.run.flow == "language" else self.run
        phrases = self.phrases_in(tag)
        said = Spoken(phrases.say("language.done"), phrases.language)
        # What they are asked to agree to they have not read in this language.
        turn = self.at(put_whole(run), phrases).again()
        return Turn(turn.run, (said, *turn.says), (LanguageChosen(tag), *turn.events))

    def started(self) -> Turn:
        """START brings a person back to where they were; a newcomer learns who we are."""
        # What they wrote while stopped was not answered with the notice, to which a "1" agrees.
        self.run = put_whole(self.run)
        if self.given.contact.state == "stopped":
            turn = self.again(self.phrases.say("start.again"))
            return replace(turn, events=(Started(), *turn.events))
        return self.welcome()

    def correct(self) -> Turn:
        """Correct one of the filed issues; a draft is corrected by writing on."""
        issues = self.given.known.issues
        if not issues:
            return self.again(self.phrases.say("correct.none"))
        only = {"which": issues[0].reference} if len(issues) == 1 else {}
        return self.interrupt("correct", only)

    # The open question

    def go_on(self, run: Run) -> Turn:
        """Take this as an answer to the open question, unless it is plainly something else."""
        if self.dangerous() and run.flow in (raise_issue.id, correct.id):
            run = self.run = in_danger(run)
        heard = self.heard
        flow = self.flows.get(run.flow)
        if flow is None:
            return self.without(run)
        if heard.command is Command.BACK and run.flow != raise_issue.id and not run.trail:
            return self.left(run)
        if run.flow in STAFF_FLOWS:
            return DeskTalk(self).go_on(run, flow)
        if run.flow == correct.id and (turn := self.corrected(run, flow)):
            return turn
        if heard.command or heard.pick:
            return self.advance(flow, run, heard)
        if Sign.WHO in heard.signs:
            return self.again(self.phrases.say("welcome.who", **self.council()))
        return self.answer(run, flow)

    def answer(self, run: Run, flow: Flow) -> Turn:
        """An answer to the open question, more for a filed issue, or a word beside both."""
        chooses = self.chooses(run)
        if run.flow == asked.id or (run.flow == news.id and (chooses or run.step == "why")):
            # News is read when there is time for it: what answers it counts, however late.
            self.heard = replace(self.heard, late=False)
        heard, filed = self.heard, run.answers.get("reference")
        if not chooses and self.cancels():
            return self.cancelled(run, flow)
        if heard.late and filed and self.says_something():
            return self.open()
        if not chooses and (aside := self.beside(run, flow)):
            return aside
        # Who names a danger does not answer "where is it?", though the words could be a place.
        alarmed = bool(filed) and self.dangerous()
        if chooses or (self.understood(run) and not alarmed and not (heard.early and filed)):
            return self.warned(self.advance(flow, run, heard))
        if verdict := solved_talk.verdict(self, run):
            return self.warned(solved_talk.judged(self, run, flow, verdict))
        if filed and (alarmed or self.says_something() or heard.attachments):
            return self.warned(self.add(filed))
        if run.flow != raise_issue.id and (self.dangerous() or self.says_something() or heard.attachments):
            # A new problem, told to a question about the language: it is heard all the same.
            return self.at(run.below).to()
        return self.warned(self.advance(flow, run, heard))

    def cancelled(self, run: Run, flow: Flow) -> Turn:
        """They said "never mind": it erases nothing unasked, and is never part of an issue."""
        if run.flow != raise_issue.id:
            return self.left(run)
        if run.answers.get("reference"):
            if self.heard.early:
                return self.again(quiet=True)
            return self.advance(flow, run, replace(self.heard, command=Command.SKIP))
        if engine.unsent(run) is None:
            return self.left(run)
        place = flow.place(run.step)
        confirms = place is not None and isinstance(flow.steps[place], Confirm)
        return self.again(self.phrases.say("draft.not_sent") if confirms else "")

    def corrected(self, run: Run, flow: Flow) -> Turn | None:
        """What is said where new words for a filed issue are asked for, unless it goes its usual way.

        The filed words stay until new ones were put to the person and "1" was answered.
        """
        heard = self.heard
        if run.step not in ("anew", "sure") or self.chooses(run):
            return None
        back = heard.command is Command.BACK and run.step == "anew"
        declines = number(heard.answer) == 0 or self.triggers.declines(heard.text)
        skips = heard.command is Command.SKIP or declines
        if back or ((skips or self.cancels()) and not heard.attachments):
            return self.left(run)
        if heard.command or heard.pick or heard.attachments or Sign.WHO in heard.signs:
            return None
        courtesy = heard.signs & {Sign.GREETING, Sign.THANKS}
        yes = self.triggers.agrees(heard.text)
        if courtesy or yes or Sign.WRONG_NUMBER in heard.signs or not has_words(heard.text):
            # No words for an issue: asked again, and nothing is taken.
            return self.advance(flow, run, replace(heard, text="", place=None))
        if run.step == "sure" and not heard.late:
            trail = tuple(step for step in run.trail if step != "anew")
            anew = replace(run, step="anew", offered=(), trail=trail)
            return self.warned(self.advance(flow, anew, replace(heard, early=False)))
        return None

    def beside(self, run: Run, flow: Flow) -> Turn | None:
        """The answer to a word that answers nothing: hello, thank you, no, wrong number."""
        heard, filed = self.heard, run.answers.get("reference")
        if run.flow == asked.id and Sign.GREETING not in heard.signs:
            return None
        if Sign.THANKS in heard.signs and filed:
            return self.thanked(run, flow)
        if heard.signs & {Sign.GREETING, Sign.THANKS} and not heard.attachments:
            return self.again() if self.draft() else self.welcome()
        if run.flow == raise_issue.id and not filed and self.yes_or_no() and not heard.attachments:
            return self.again()
        if Sign.WRONG_NUMBER in heard.signs and run.flow == raise_issue.id:
            return self.interrupt(settings.wrong_number.id)
        # "Yes" to the place that we noted: it stays.
        agrees = run.step == "elsewhere" and self.triggers.agrees(heard.text)
        if filed and not heard.early and (agrees or self.triggers.declines(heard.text)):
            return self.advance(flow, run, replace(heard, command=Command.SKIP))
        return None

    def thanked(self, run: Run, flow: Flow) -> Turn:
        """They say thank you: whatever else is open may be left, but "Is it solved?" waits for its answer."""
        thanks = self.spoken("welcome.thanks")
        if solved_talk.is_open(run):
            return engine.ask_again(flow, run, self.phrases, self.given, thanks.text, brief=True)
        return Turn(run.below, (thanks,))

    def add(self, reference: str) -> Turn:
        """More words or pictures for an issue that is filed already."""
        said, event = self.phrases.say("more.added", reference=reference), self.addition(reference)
        if self.run and event.danger:
            # What only the calm are asked is not asked again.
            self.run = in_danger(self.run)
        turn = self.again(said)
        return replace(turn, events=(event, *turn.events))

    # Something new

    def open(self) -> Turn:
        """What is no command and answers nothing: a greeting, a question about us, or an issue."""
        heard = self.heard
        if Sign.WRONG_NUMBER in heard.signs:
            return self.interrupt(settings.wrong_number.id)
        if Sign.WHO in heard.signs:
            return self.begin((self.phrases.say("welcome.who", **self.council()),))
        if Sign.THANKS in heard.signs and not heard.attachments:
            return self.only(self.phrases.say("welcome.thanks"))
        courtesy = Sign.GREETING in heard.signs or self.yes_or_no() or self.cancels()
        if not self.tells() or (courtesy and not heard.attachments):
            return self.welcome()
        answers = {
            "question": Sign.QUESTION in heard.signs,
            "forwarded": heard.forwarded,
            "danger": self.dangerous(),
        }
        kept = {name: value for name, value in answers.items() if value} | self._nearby()
        run = Run(self.given.run_id, raise_issue.id, "what", answers=kept, begun_at=self.given.heard_at)
        return self.warned(self.settle(engine.advance(raise_issue, run, heard, self.phrases, self.given)))

    def begin(self, before: tuple[str, ...]) -> Turn:
        """Ask what is wrong."""
        run = Run(self.given.run_id, raise_issue.id, answers=self._nearby(), begun_at=self.given.heard_at)
        started = engine.start(raise_issue, run, self.phrases, self.given)
        return engine.ask_again(
            raise_issue, started.run or run, self.phrases, self.given, "\n\n".join(before)
        )

    def welcome(self, before: str = "") -> Turn:
        """Who we are, and the open question or the first one."""
        hello = self.phrases.say("welcome.hello", **self.council())
        if self.run:
            return self.again("\n\n".join(filter(None, (before, hello))))
        return self.begin(tuple(filter(None, (before, hello))))

    # What comes from elsewhere

    def edited(self) -> Turn:
        """An edit changes the draft or adds to a filed issue; it never answers a question."""
        draft, text = self.draft(), self.heard.text.strip()
        pieces = draft.answers.get("what", ()) if draft else ()
        if draft and any(piece["ref"] == self.heard.ref for piece in pieces):
            changed = [{"text": text, "ref": p["ref"]} if p["ref"] == self.heard.ref else p for p in pieces]
            draft = replace(draft, answers={**draft.answers, "what": changed})
            turn = self.at(self._with_draft(in_danger(draft) if self.dangerous() else draft)).again(
                quiet=True
            )
            return self.warned(replace(turn, events=(DraftOpened(), *turn.events)))
        if reference := self.given.known.edited:
            said = self.say(self.phrases.say("more.edited", reference=reference))
            event = MessageEdited(
                reference, text, self.heard.ref, self.dangerous(), self.given.contact.language
            )
            mine = self.run is not None and self.run.answers.get("reference") == reference
            run = in_danger(self.run) if self.run and mine and event.danger else self.run
            return self.warned(Turn(run, (said,), (event,)))
        return self.only(self.phrases.say("more.not_found"))

    def nudged(self, nudge: Nudge) -> Turn:
        """What the schedule says into the conversation."""
        draft = self.draft()
        match nudge:
            case Nudge.ASIDE:
                return self.again(self.phrases.say("more.aside"))
            case Nudge.REMIND:
                waits = draft is not None and draft is self.run and self.given.contact.state == "active"
                return self.again(self.phrases.say("draft.reminder")) if waits else Turn(self.run)
            case Nudge.EXPIRE:
                if draft is None:
                    return Turn(self.run)
                left = None if draft is self.run else self.run and replace(self.run, below=None)
                media = engine.unsent(draft) or ()
                return Turn(left, (), (DraftClosed(erased=True, media=media, since=draft.begun_at),))
            case Nudge.NEWS:
                return self.news()
            case Nudge.LOOK:
                waits = self.given.known.desk.look is not None and self.given.contact.role is not None
                return DeskTalk(self).look(self.given.known.desk) if waits else Turn(self.run)
            case _ as never:
                assert_never(never)

    def news(self) -> Turn:
        """The council says something; what it asks takes the place of all but words that are not sent yet."""
        news = self.given.known.news
        if news is None or self.given.contact.state != "active":
            return Turn(self.run)
        draft, text = self.draft(), news_text(self.given, self.phrases)
        if flow := flow_for(news):
            self.run = draft
            answers = {"reference": news.reference, "news": news.id, "kind": news.kind}
            turn = self.interrupt(flow.id, answers)
        else:
            # A question about another issue stays as it is: only this one is known now.
            turn = self.again(text) if self.run is draft else self.only(text)
        return replace(turn, events=(NewsSaid(news.id), *turn.events))

    def while_stopped(self) -> Turn:
        """They said stop, and write all the same: their words are kept, and we say how we go on."""
        heard, flow = self.heard, self.run.flow if self.run else raise_issue.id
        still = self.spoken("stop.still")
        works = heard.command or heard.seek or self._named_language()
        if works or flow != raise_issue.id:
            hint = (still,) if not works and flow in (news.id, asked.id) else ()
            turn = self.to()
            return self._all_the_same(replace(turn, says=(*turn.says, *hint)))
        kept, filed = Turn(self.run), self.run and self.run.answers.get("reference")
        if filed and (self.says_something() or heard.attachments):
            kept = self.add(filed)
        elif self.tells() and not (self.run and self.chooses(self.run)):
            kept = self.to()
        events = tuple(event for event in kept.events if isinstance(event, DraftOpened | IssueAdded))
        added = [event.reference for event in events if isinstance(event, IssueAdded)]
        if added:
            still = self.say(f"{self.phrases.say('more.added', reference=added[0])}\n\n{still.text}")
        return self._all_the_same(self.warned(Turn(kept.run, (still,), events)))

    # Saying

    def _all_the_same(self, turn: Turn) -> Turn:
        """What is said to somebody who said stop, and writes all the same."""
        return replace(turn, says=tuple(replace(one, farewell=True) for one in turn.says))

    def _nearby(self) -> dict[str, str]:
        """Where the poster hangs by which they came, for the issue that they tell."""
        poster = self.heard.poster
        return {"nearby": poster.place} if poster and poster.place else {}

    # Asking ourselves

    def _from_menu(self) -> Command | None:
        """The command behind an option of the menu, or of "wrong number"."""
        if not self.run or self.run.flow not in (settings.menu.id, settings.wrong_number.id):
            return None
        option = engine.chosen(self.flows[self.run.flow], self.run, self.heard, self.phrases, self.given)
        if option is None or option == "erase":
            return None
        self.run = self.run.below
        return {"problem": Command.RAISE}.get(option) or Command(option)

    def _fits(self, pick: Pick, run: Run) -> bool:
        return pick.run == run.id and pick.step == run.step

    def _unknown_command(self) -> bool:
        """Whether this is a word behind a slash that is no answer either."""
        alone = is_slash_word(self.heard.text) and not (self.heard.attachments or self.heard.place)
        return alone and not (self.run and self.chooses(self.run))

    def _named_language(self) -> str | None:
        """The language that a whole message names, if it is one of the council's."""
        tag = self.lexicon.named_language(self.heard)
        return tag if tag in self.given.council.languages else None

    def _with_draft(self, draft: Run) -> Run:
        if self.run and self.run.id != draft.id:
            return replace(self.run, below=draft)
        return draft
