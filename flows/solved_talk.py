"""Somebody answers "Is it solved?" in a sentence: what is understood, and what comes of it."""

from __future__ import annotations

from core.talk import Heard, Pick, Run, Turn
from flows.news import news
from flows.solved import Solved
from flows.steps import Flow
from flows.talking import Talking


def is_open(run: Run) -> bool:
    """Whether they were asked "Is it solved?"."""
    return run.flow == news.id and run.step == "solved"


def verdict(talk: Talking, run: Run) -> Solved | None:
    """What a sentence says to "Is it solved?"; None when that is not certain."""
    heard = talk.heard
    if not is_open(run) or heard.early:
        return None
    found = talk.lexicon.verdicts.of(heard.text, talk.phrases.language)
    aside = talk.dangerous() or heard.attachments or heard.place
    return None if aside and found and found.option == "yes" else found


def judged(talk: Talking, run: Run, flow: Flow, said: Solved) -> Turn:
    """It is open again, and the words say why; or it is solved, and what else they say is added."""
    turn = talk.advance(flow, run, Heard(pick=Pick(run.id, run.step, said.option)))
    if said.option == "no" and turn.run:
        return _not_solved(talk, turn, flow, turn.run)
    return _added_too(talk, turn, run.answers["reference"]) if said.told_more else turn


def _not_solved(talk: Talking, opened: Turn, flow: Flow, run: Run) -> Turn:
    """What stands behind the "no" says why, and is not asked for."""
    why = talk.advance(flow, run, talk.heard)
    open_again = talk.phrases.say("news.again", hear_by=talk.phrases.day(talk.given.hear_by))
    return Turn(why.run, (talk.say(open_again), *why.says), (*opened.events, *why.events))


def _added_too(talk: Talking, turn: Turn, reference: str) -> Turn:
    """What was said beside an answer joins the issue."""
    added = talk.say(talk.phrases.say("more.added", reference=reference))
    return Turn(turn.run, (added, *turn.says), (*turn.events, talk.addition(reference)))
