"""Put what people wrote into the languages that their council reads, as far as a machine can.

A text waits in the database, not in memory: for its turn, for a model that is not installed yet, for a worker
process that has to be started again. What crashes the model three times by itself is set aside: it is read in
the original. Nothing of a text is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

import structlog

from bot import clock
from bot.outage import OUTAGES, Outage
from storage import translations
from storage.database import Database, Seat, Tx
from storage.translations import Made, Wanted
from translations.translator import Job, Translated, TranslationError, Translator, WorkerLost

#: so many texts go to the model at once, sorted by direction
BATCH = 32
LOOK = 2.0  # seconds
#: a text that the model crashed on alone is tried so often ...
TRIES = 3
#: ... with a pause that grows
AGAIN = 30 * clock.SECOND
#: what no model can for another reason (a route that is gone in this moment) is asked for again then
LATER = 10 * clock.MINUTE

log = structlog.get_logger()


class TranslationWorker:
    """Translates what waits, batch after batch, while it holds the seat."""

    def __init__(
        self,
        database: Database,
        translator: Translator,
        into: Iterable[str],
        *,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._translator = translator
        self._into = tuple(into)  # the languages that councils read
        self._told = told  # "good", "doubtful", "failed" or "later", for the metrics

    async def run(self) -> None:
        """Translate until cancelled."""
        outage = Outage("translating")
        while True:
            try:
                async with self._database.seat("translating") as seat:
                    while True:
                        if not await self.take(seat):
                            await asyncio.sleep(LOOK)
                        outage.over()
            except OUTAGES as fault:
                await outage.wait(fault)

    async def take(self, seat: Seat) -> int:
        """One batch; how many texts it took, 0 when nothing waits that a model is there for."""
        wanted = await self._database.read(self._wanted)
        if wanted:
            await self._attempt(seat, wanted)
        return len(wanted)

    async def _wanted(self, tx: Tx) -> list[Wanted]:
        """What waits that a model is there for, in whatever language people wrote."""
        sources = await translations.sources_waiting(tx)
        ways = [(source, target) for source in sources for target in self._into if source != target]
        able = [way for way in ways if self._translator.can(*way)]
        return await translations.waiting(tx, able, clock.now(), BATCH) if able else []

    async def _attempt(self, seat: Seat, wanted: Sequence[Wanted]) -> None:
        lost = await self._settle(seat, wanted, await self._translate(wanted))
        if lost and len(wanted) == 1:
            await self._failed(seat, wanted[0])
        elif lost:
            # One of them made the worker fall over: alone, only the culprit does.
            for one in lost:
                await self._attempt(seat, [one])

    async def _translate(self, wanted: Sequence[Wanted]) -> list[Translated | TranslationError]:
        return await self._translator.translate([Job(one.words, one.source, one.language) for one in wanted])

    async def _settle(
        self, seat: Seat, wanted: Sequence[Wanted], results: Sequence[Translated | TranslationError]
    ) -> list[Wanted]:
        """Keep what was made, and put off what could not be; what was lost with the worker comes back."""
        made: list[Made] = []
        later: list[Wanted] = []
        lost: list[Wanted] = []
        for one, result in zip(wanted, results, strict=True):
            match result:
                case Translated():
                    made.append(_made(one, result))
                case WorkerLost():
                    lost.append(one)
                case _:
                    later.append(one)
        if made or later:
            now = clock.now()

            async def work(tx: Tx) -> None:
                await translations.keep(tx, made, now)
                await translations.later(tx, later, now + LATER, "no model", tried=False)

            await seat.transaction(work, name="translated")
        for one_made in made:
            self._told(one_made.status)
        return lost

    async def _failed(self, seat: Seat, wanted: Wanted) -> None:
        """It made the worker fall over all by itself."""
        now = clock.now()
        gone = wanted.attempts + 1 >= TRIES
        log.warning("not translated", text=wanted.text_id, into=wanted.language, aside=gone)
        self._told("failed" if gone else "later")

        async def work(tx: Tx) -> None:
            if gone:
                await translations.keep(tx, [_set_aside(wanted)], now)
            else:
                await translations.later(tx, [wanted], now + AGAIN * 2**wanted.attempts, "crash")

        await seat.transaction(work, name="translated")


def _made(wanted: Wanted, result: Translated) -> Made:
    words = None if result.status == "failed" else result.text
    return Made(
        wanted.text_id,
        wanted.language,
        words,
        result.status,
        result.reason,
        engine=result.engine,
        attempts=wanted.attempts,
    )


def _set_aside(wanted: Wanted) -> Made:
    return Made(wanted.text_id, wanted.language, None, "failed", "crash", attempts=wanted.attempts)
