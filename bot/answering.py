"""Put what a council says into the languages of those who are to hear it; some of it waits for a look.

An answer waits that is doubtful on its way, that holds a date, a sum or a duty, or that no machine here can
translate. Nothing of it is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from bot import clock
from bot.outage import OUTAGES, Outage
from core.phrases import Phrases
from outreach.weight import weighs
from storage import answers
from storage.answers import Rendered, Wanted
from storage.database import Database, Seat
from translations.translator import Answer, Job, Translated, Translator, WorkerLost

BATCH = 16
LOOK = 1.0  # seconds: somebody who has just answered waits to be asked for a look
#: an answer on which the model falls over is tried so often ...
TRIES = 3
#: ... with a pause that grows
AGAIN = 10 * clock.SECOND

log = structlog.get_logger()


class AnswerWorker:
    """Translates answers that wait, one after the other, while it holds the seat."""

    def __init__(self, database: Database, translator: Translator, catalogs: Mapping[str, Phrases]) -> None:
        self._database = database
        self._translator = translator
        self._catalogs = catalogs

    async def run(self) -> None:
        """Translate until cancelled."""
        outage = Outage("answering")
        while True:
            try:
                async with self._database.seat("answering") as seat:
                    while True:
                        if not await self.take(seat):
                            await asyncio.sleep(LOOK)
                        outage.over()
            except OUTAGES as fault:
                await outage.wait(fault)

    async def take(self, seat: Seat) -> int:
        """What waits now; how much that was."""
        wanted = await self._database.read(lambda tx: answers.waiting(tx, clock.now(), BATCH))
        for one in wanted:
            await self._render(seat, one)
        return len(wanted)

    async def _render(self, seat: Seat, one: Wanted) -> None:
        if not self._translator.can(one.source, one.language):
            await self._keep(seat, Rendered(one.answer_id, one.language, "look", reason="no model"))
            return
        answer = await self._translate(Job(one.words, one.source, one.language))
        if isinstance(answer, Translated):
            await self._keep(seat, await self._judged(one, answer))
        elif isinstance(answer, WorkerLost) and one.attempts + 1 >= TRIES:
            log.warning("answer not translated", answer=one.answer_id, into=one.language)
            await self._keep(seat, Rendered(one.answer_id, one.language, "look", reason="checks"))
        else:
            due_at = clock.now() + AGAIN * 2 ** min(one.attempts, 10)
            await seat.transaction(lambda tx: answers.later(tx, one, due_at), name="rendered")

    async def _judged(self, one: Wanted, made: Translated) -> Rendered:
        """Whether it may go out as it is; where it may not, with the way back for whoever looks."""
        if made.status != "good":
            words = "" if made.status == "failed" else made.text
            back = await self._back(one, words)
            return Rendered(one.answer_id, one.language, "look", words, back, "checks", engine=made.engine)
        heavy = (
            self._catalogs[one.source].words("desk.weighty.words") if one.source in self._catalogs else None
        )
        # In a language whose words we do not know, every answer may weigh.
        if heavy is None or weighs(one.words, heavy):
            back = await self._back(one, made.text)
            return Rendered(
                one.answer_id, one.language, "look", made.text, back, "weighty", engine=made.engine
            )
        return Rendered(one.answer_id, one.language, "ready", made.text, engine=made.engine)

    async def _back(self, one: Wanted, words: str) -> str:
        """The translation put back into the language it came from; "" where there is no way back."""
        if not words or not self._translator.can(one.language, one.source):
            return ""
        back = await self._translate(Job(words, one.language, one.source))
        return back.text if isinstance(back, Translated) and back.status != "failed" else ""

    async def _translate(self, job: Job) -> Answer:
        return (await self._translator.translate([job]))[0]

    async def _keep(self, seat: Seat, rendered: Rendered) -> None:
        await seat.transaction(lambda tx: answers.keep(tx, [rendered], clock.now()), name="rendered")
