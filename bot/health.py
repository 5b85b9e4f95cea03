"""Is it up, can it work, and how much waits: three pages without a word of anybody's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aiohttp import web

from bot import clock
from bot.metrics import CONTENT_TYPE, Metrics
from core.errors import StorageFault
from storage import inbox, outbox
from storage.database import Database, Tx
from storage.inbox import Counts
from storage.outbox import Backlog

ANSWER_SECONDS = 3.0  # a database that takes longer does not answer
KEPT_SECONDS = 1.0  # so long an answer is given again: whoever asks often asks us, and not the database
LATE = 5 * clock.MINUTE  # what waits longer shows that nobody takes turns, or nobody sends


@dataclass(frozen=True)
class Waiting:
    """How much waits."""

    heard: Counts
    to_send: tuple[Backlog, ...]


class Health:
    """`/healthz`, `/readyz` and `/metrics`."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        troubles: Callable[[], Iterable[str]] = tuple,
        *,
        late: int = LATE,
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._troubles = troubles  # what channels cannot do now, in sentences
        self._late = late
        self._waiting: Waiting | None = None
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get("/healthz", self.up)
        app.router.add_get("/readyz", self.ready)
        app.router.add_get("/metrics", self.metrics)

    async def up(self, _: web.Request) -> web.Response:
        """The process is up."""
        return web.json_response({"up": True})

    async def ready(self, _: web.Request) -> web.Response:
        """It can do its work: 200, or 503 with what is in the way."""
        waiting = await self._look()
        faults = [*self._faults(waiting), *self._troubles()]
        answer = {
            "ready": not faults,
            "faults": faults,
            "unread": waiting.heard.unread if waiting else None,
            "aside": waiting.heard.aside if waiting else None,
            "to_send": {one.account: one.queued for one in waiting.to_send} if waiting else None,
        }
        return web.json_response(answer, status=503 if faults else 200)

    async def metrics(self, _: web.Request) -> web.Response:
        """Numbers for Prometheus; when the database does not answer, those that we have ourselves."""
        if waiting := await self._look():
            self._note(waiting)
        return web.Response(body=self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    def _faults(self, waiting: Waiting | None) -> Iterable[str]:
        if waiting is None:
            yield "The database does not answer."
            return
        now = clock.now()
        if (since := waiting.heard.oldest_unread_at) is not None and now - since > self._late:
            yield f"A message has waited {_minutes(now - since)} for its turn."
        for one in waiting.to_send:
            if one.queued and now - one.oldest_due_at > self._late:
                yield f"A message on {one.account} has waited {_minutes(now - one.oldest_due_at)} to be sent."

    def _note(self, waiting: Waiting) -> None:
        now = clock.now()
        since = waiting.heard.oldest_unread_at
        self._metrics.unread.set(waiting.heard.unread)
        self._metrics.unread_age.set(max(0, now - since) / clock.SECOND if since is not None else 0)
        self._metrics.aside.set(waiting.heard.aside)
        self._metrics.queued.clear()  # an account with nothing to send is not among the rows
        self._metrics.queued_age.clear()
        for one in waiting.to_send:
            self._metrics.queued.labels(one.account).set(one.queued)
            self._metrics.queued_age.labels(one.account).set(max(0, now - one.oldest_due_at) / clock.SECOND)

    async def _look(self) -> Waiting | None:
        """How much waits, a second old at most; None when the database does not answer."""
        loop = asyncio.get_running_loop()
        async with self._asking:
            if loop.time() - self._asked_at >= KEPT_SECONDS:
                self._waiting = await self._ask()
                self._asked_at = loop.time()
            return self._waiting

    async def _ask(self) -> Waiting | None:
        async def work(tx: Tx) -> Waiting:
            return Waiting(await inbox.counts(tx), tuple(await outbox.waiting(tx)))

        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._database.read(work)
        except (StorageFault, TimeoutError):
            return None


def _minutes(microseconds: int) -> str:
    minutes = microseconds // clock.MINUTE
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
