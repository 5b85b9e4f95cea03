"""An issue, a translation and an answer, as staff read them in a talk.

What a person wrote is shown as it reads (`core.unseen`), also where all of it is shown.
"""

from __future__ import annotations

from datetime import date

from core.desk import Case, Latest, Look
from core.digest import Reading
from core.phrases import Phrases
from core.unseen import as_seen
from flows.given import Answers, Given, shortened

#: of an issue that is answered; all of it is one step away
SHOWN = 600
#: of each of several issues in a list
LISTED = 60


def case_of(answers: Answers, given: Given) -> Case | None:
    """The issue that the talk is about; None when it is gone."""
    reference = answers.get("which")
    return next((one for one in given.known.desk.cases if one.reference == reference), None)


def case_text(answers: Answers, given: Given, phrases: Phrases) -> str:
    """An issue in the reader's language, with what is to be known before it is answered."""
    case = case_of(answers, given)
    if case is None:
        return phrases.say("desk.gone")
    head = phrases.say(
        "desk.head",
        reference=case.reference,
        day=phrases.day(given.day(case.filed_at)),
        state=phrases.say(f"desk.state.{case.status}"),
    )
    about = [given.council.topic_label(case.topic, phrases)] if case.topic else []
    about += [as_seen(case.place)] if case.place else []
    about += [phrases.count("desk.people", case.people)] if case.people > 1 else []
    about += [phrases.say("desk.danger")] if case.danger else []
    about += [phrases.say("desk.together", references=phrases.listed(case.together))] if case.together else []
    about += [phrases.count("attached.file", case.media)] if case.media else []
    return "\n".join(filter(None, (head, "; ".join(about), _words(case, phrases))))


def _words(case: Case, phrases: Phrases) -> str:
    """What an issue says; as it was written, where nobody has translated it yet."""
    if case.reading.words or not case.original:
        return reading_text(case.reading, phrases, SHOWN)
    words = shortened(as_seen(case.original), SHOWN)
    return phrases.say("desk.untranslated", language=_language(case, phrases), words=words)


def _language(case: Case, phrases: Phrases) -> str:
    return phrases.called(case.language) if case.language else phrases.say("desk.unknown_language")


def original_text(answers: Answers, given: Given, phrases: Phrases) -> str:
    """What the person wrote, beside its translation."""
    case = case_of(answers, given)
    if case is None:
        return phrases.say("desk.gone")
    words = phrases.say(
        "desk.shows",
        reference=case.reference,
        language=_language(case, phrases),
        words=as_seen(case.original) or "…",
    )
    translated = reading_text(case.reading, phrases, len(case.reading.words)) if case.reading.made_by else ""
    return "\n\n".join(filter(None, (words, translated)))


def reading_text(reading: Reading, phrases: Phrases, limit: int) -> str:
    """What an issue says, and how far that can be believed."""
    if not reading.words:
        return phrases.say("desk.not_translated")
    words = shortened(as_seen(reading.words), limit)
    if reading.made_by != "machine":
        return words
    return f"{words}\n({phrases.say('desk.doubtful' if reading.status != 'good' else 'desk.by_machine')})"


def pieces_text(answers: Answers, given: Given, phrases: Phrases) -> str:
    """The sentences of an issue, with a number each."""
    case = case_of(answers, given)
    if case is None:
        return phrases.say("desk.gone")
    return "\n".join(
        phrases.fill("{n}. {words}", n=str(n), words=as_seen(words)) for n, words in enumerate(case.shown, 1)
    )


def latest_text(answers: Answers, given: Given, phrases: Phrases) -> str:
    """What somebody else has said about the issue meanwhile, or the reader before."""
    case = case_of(answers, given)
    if case is None or case.latest is None:
        return ""
    latest = case.latest
    return phrases.say(
        "desk.you" if latest.mine else "desk.latest",
        reference=case.reference,
        by=latest.by or phrases.say("desk.somebody"),
        day=phrases.day(given.day(latest.at)),
        what=_what(latest, phrases),
    )


def _what(latest: Latest, phrases: Phrases) -> str:
    if latest.kind == "discussed" and latest.detail:
        return phrases.say("desk.said.on_a_day", day=phrases.day(date.fromisoformat(latest.detail)))
    return phrases.say(f"desk.said.{latest.kind}")


def case_line(case: Case, phrases: Phrases) -> str:
    """An issue in one line."""
    words = shortened(as_seen(case.reading.words), LISTED) or phrases.say("desk.not_translated")
    week = f"W{case.week[-2:]}, " if case.week else ""
    return phrases.fill("{week}{reference}: {words}", week=week, reference=case.reference, words=words)


def look_text(_answers: Answers, given: Given, phrases: Phrases) -> str:
    """A translation that waits for a look, with the way back where there is one."""
    look = given.known.desk.look
    if look is None:
        return phrases.say("desk.look.gone")
    lines = [
        phrases.say("desk.look.wrote", reference=look.reference, words=look.words),
        phrases.say("desk.look.day", day=phrases.day(date.fromisoformat(look.day))) if look.day else "",
        _made(look, phrases),
        phrases.say("desk.look.back", words=look.back) if look.back else "",
        phrases.say(f"desk.look.why.{look.reason.replace(' ', '_')}"),
        phrases.say("desk.look.newer", day=phrases.day(given.day(look.newer_at))) if look.newer_at else "",
    ]
    return "\n\n".join(filter(None, lines))


def _made(look: Look, phrases: Phrases) -> str:
    return (
        phrases.say("desk.look.made", language=phrases.called(look.language), words=look.made)
        if look.made
        else ""
    )
