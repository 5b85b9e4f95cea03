"""Answer an issue from the command line, as staff do in their chat; without an answer, show it.

What is said goes the same way: it is put into the languages of those who are to hear it, waits for a look
where it must, and is said into their conversations by the running Townbell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TextIO, get_args
from zoneinfo import ZoneInfo

from bot import clock
from bot.beside import database_beside
from bot.config import Settings
from bot.faults import listed
from bot.forget import named
from bot.hearing import between
from bot.staff import actor
from core.council import Council
from core.desk import AnswerKind, Case, Look, LookChoice
from core.errors import TownbellError
from core.events import TranslationLooked
from core.references import find_reference
from core.unseen import as_seen
from flows.codes import LONGEST
from flows.dates import Day, read_day
from storage import answers, audit, desk, desk_acts, digests, outbox
from storage.answers import Said
from storage.database import Tx
from translations import catalogs

#: what can be done, in the order of the help
SPOKEN = ("seen", "discussed", "referred", "asked", "decided", "closed", "said")
ACTS = (*SPOKEN, "merge", "alone", "cover", "spam", "send", "write", "original", "leave")


class CannotAnswer(TownbellError):
    """This cannot be done with the issue."""


@dataclass(frozen=True)
class Asked:
    """What was typed: what to do, and the words behind it."""

    act: str
    words: str


async def answer(settings: Settings, reference: str, asked: Asked | None, out: TextIO) -> None:
    """Do it, or show the issue; raises TownbellError with what to write instead."""
    council, exact = _meant(settings, reference)
    _check_act(exact, asked)

    async def work(tx: Tx) -> list[str]:
        case = await _case(tx, council, exact)
        act = asked.act if asked else "view"
        lines = await _act(tx, settings, council, case, asked) if asked else await _shown(tx, case, council)
        await audit.note(tx, clock.now(), actor(), f"issue.{act}", exact)
        return lines

    async with database_beside(settings) as database:
        lines = await database.transaction(work, name="answer")
    print("\n".join(lines), file=out)


def _meant(settings: Settings, reference: str) -> tuple[Council, str]:
    """The issue that is meant; raises TownbellError where that cannot be told."""
    if reference.strip():
        return named(settings, reference)
    example = f"townbell answer {settings.councils[0].prefix}-7K4M"
    raise CannotAnswer(
        f"Write which issue, and what is to be done: `{example}` shows it, "
        f'`{example} closed "The lift runs again"` answers it.'
    )


def _check_act(reference: str, asked: Asked | None) -> None:
    """Raises CannotAnswer for what cannot be done with any issue."""
    if asked and asked.act not in ACTS:
        raise CannotAnswer(
            f'"{asked.act[:40]}" is nothing that can be done with an issue. There are: {listed(ACTS)}. '
            f'To write to whoever raised it: townbell answer {reference} said "..."'
        )


async def _case(tx: Tx, council: Council, reference: str) -> Case:
    council_id = await digests.council_id(tx, council.key)
    case = await desk.case(tx, council_id, reference, council.working_languages[0])
    if case is None:
        raise CannotAnswer(f"There is no issue {reference}, or its person had everything deleted.")
    return case


async def _shown(tx: Tx, case: Case, council: Council) -> list[str]:
    """An issue with its history, in the council's language and as it was written."""
    lines = [f"{case.reference}  {case.status}  {case.topic or '-'}  {as_seen(case.place) or '-'}"]
    if case.together:
        lines.append(f"Together with {', '.join(case.together)}")
    for happened in await desk.history(tx, case.reference):
        day = _day(happened.at, council).isoformat()
        lines.append(f"  {day}  {happened.what} {happened.detail}".rstrip())
    if waiting := await outbox.news_waits(tx, case.reference):
        people = "one person" if waiting == 1 else f"{waiting} people"
        lines.append(f"  An answer waits for {people} on WhatsApp, silent for a day or more, to write again.")
    if case.reading.made_by:
        lines += ["", f"By {case.reading.made_by} ({case.reading.status}):", as_seen(case.reading.words)]
    lines += ["", f"As it was written ({case.language or 'language unknown'}):", as_seen(case.original)]
    for look in await _looks(tx, case.reference):
        lines += ["", f"An answer waits for a look, in {look.language} ({look.reason}): {look.words}"]
        lines += [look.made] if look.made else []
        leave = ", or leave, for something was answered since" if look.newer_at else ""
        lines.append(f"Do: townbell answer {case.reference} send, or write WORDS, or original{leave}")
    return lines


async def _looks(tx: Tx, reference: str) -> list[Look]:
    """The translations of answers to this issue that wait for a look, oldest first."""
    waiting = await answers.looks_of(tx, await answers.council_of(tx, reference))
    looks = [await answers.look_of(tx, *key) for key in waiting]
    return [look for look in looks if look and look.reference == reference]


async def _act(tx: Tx, settings: Settings, council: Council, case: Case, asked: Asked) -> list[str]:
    """Do it; what was done, in sentences."""
    match asked.act:
        case "merge" | "alone" | "cover" | "spam":
            return [await _arrange(tx, council, case, asked)]
        case "send" | "write" | "original" | "leave" as choice:
            return await _look(tx, settings, case.reference, choice, asked.words)
        case _:
            return await _say(tx, settings, council, case, asked)


async def _arrange(tx: Tx, council: Council, case: Case, asked: Asked) -> str:
    """What is done with an issue, and nobody hears of."""
    reference, now = case.reference, clock.now()
    match asked.act:
        case "merge":
            other = find_reference(asked.words, (council.prefix,))
            if other is None or other == reference:
                example = f"townbell answer {reference} merge {council.prefix}-7K4M"
                raise CannotAnswer(f"Write with which one: {example}")
            await _case(tx, council, other)
            await desk_acts.put_together(tx, (reference, other), now)
            return f"{reference} and {other} are answered together from now on."
        case "alone":
            if not await desk_acts.take_out(tx, reference, now):
                raise CannotAnswer(f"{reference} is together with no other.")
            return f"{reference} is answered by itself again."
        case "cover":
            if len(as_seen(asked.words)) < 2:
                raise CannotAnswer(f'Write which words: townbell answer {reference} cover "Anna Huber"')
            if not await desk_acts.cover(tx, reference, asked.words):
                raise CannotAnswer(f"These words do not stand in {reference}, nor in a translation of it.")
            return f"Covered in {reference}, in every language."
        case _:
            await desk_acts.spam(tx, reference, now)
            return f"{reference} is closed as spam. Nobody is told."


async def _say(tx: Tx, settings: Settings, council: Council, case: Case, asked: Asked) -> list[str]:
    """Tell whoever is to hear it; who they are is counted, and what stands between is said."""
    if case.status == "spam" or (asked.act, case.status) == ("seen", "closed"):
        raise CannotAnswer(f"{case.reference} is closed: nothing was sent.")
    said, now = _said(council, case.reference, asked), clock.now()
    heard = await answers.answer(tx, case.reference, said, now, council.languages[0])
    people = "one person" if heard.people == 1 else f"{heard.people} people"
    noted = f"Noted for {', '.join(heard.references)}: {people} will hear it, in their language."
    return [noted, *await between(tx, settings, case.reference, answer_id=heard.answer_id, now=now)]


def _said(council: Council, reference: str, asked: Asked) -> Said:
    language = council.working_languages[0]
    if len(asked.words) > LONGEST:
        raise CannotAnswer(f"This is too long: {LONGEST} letters at most. Nothing was sent.")
    if asked.act == "seen":
        if asked.words:
            raise CannotAnswer(
                f'"seen" takes no words. To write some: townbell answer {reference} said "..."'
            )
        return Said("seen")
    if asked.act == "discussed":
        found = _on_day(reference, asked.words, council, language)
        return Said("discussed", found.day.isoformat(), found.rest, language if found.rest else "")
    if not asked.words:
        raise CannotAnswer(f'Write what they shall read: townbell answer {reference} {asked.act} "..."')
    kind: AnswerKind = next(one for one in get_args(AnswerKind) if one == asked.act)
    return Said(kind, words=asked.words, language=language)


def _on_day(reference: str, words: str, council: Council, language: str) -> Day:
    """The day that was typed; what is none is refused with the sentence that staff hear in their chat."""
    phrases = catalogs.load()
    found = read_day(words, _day(clock.now(), council), phrases.get(language) or phrases["en"])
    if isinstance(found, Day):
        return found
    key = "desk.discussed.otherwise" + ("" if found.why == "unread" else f".{found.why}")
    sentence = phrases["en"].say(key, said=found.said(phrases["en"]))
    raise CannotAnswer(f"{sentence} So: townbell answer {reference} discussed 2027-03-08")


async def _look(tx: Tx, settings: Settings, reference: str, choice: LookChoice, words: str) -> list[str]:
    """Settle the oldest translation of an answer to this issue that waits for a look."""
    look = next(iter(await _looks(tx, reference)), None)
    if look is None:
        raise CannotAnswer(f"No translation of an answer to {reference} waits for a look.")
    if choice == "leave" and look.newer_at is None:
        raise CannotAnswer("Nothing was answered since: send it, write it anew, or send the original.")
    if choice == "send" and not look.made:
        raise CannotAnswer("There is no translation to send: write it yourself, or send the original.")
    if len(words) > LONGEST:
        raise CannotAnswer(f"This is too long: {LONGEST} letters at most. Nothing was sent.")
    if choice == "write" and not words:
        raise CannotAnswer(f'Write how it shall read: townbell answer {reference} write "..."')
    looked = TranslationLooked(look.answer_id, look.language, choice, words)
    now = clock.now()
    await answers.settle_look(tx, looked, now)
    if choice == "leave":
        return ["They do not hear this one; they hear what was answered since."]
    waits = await between(tx, settings, reference, answer_id=look.answer_id, now=now)
    return [f"It {'is ready' if waits else 'goes out now'}, in {look.language}.", *waits]


def _day(at: int, council: Council) -> date:
    """The council's calendar day of a time in UTC microseconds."""
    return datetime.fromtimestamp(at / clock.SECOND, UTC).astimezone(ZoneInfo(council.time_zone)).date()
