"""A council's desk in a house of its own: people who raise issues, staff who answer, the workers between."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import clock
from bot.answering import AnswerWorker
from bot.channels.mail import Mail
from bot.digests import Digests, DigestWriter
from bot.late import Late
from bot.looks import Looks
from bot.news import News
from bot.schedule import Reminders
from bot.telling import Telling
from core.council import Council
from core.messages import OutboundMessage
from core.staff import Role
from storage import staff
from tests.bot.house import EMPOLI, GRAZ, House, Wire, words
from translations.translator import Answer, Job, Translated

LIFT = "The lift in our house has been broken for three weeks"


class Machine:
    """Stands in for the models: puts its languages' marks around a text, or what it is told to say."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = set(pairs)
        self.answers: dict[str, Answer] = {}
        self.told: list[Job] = []

    def can(self, source: str, target: str) -> bool:
        return (source, target) in self.pairs

    async def translate(self, jobs: Sequence[Job]) -> list[Answer]:
        self.told += jobs
        return [
            self.answers.get(job.text, Translated(f"[{job.target}] {job.text}", "good", "", "argos"))
            for job in jobs
        ]

    async def close(self) -> None:
        """Nothing was open."""


@dataclass
class Desk:
    """What a story may do at a council's desk."""

    house: House
    machine: Machine = field(default_factory=lambda: Machine(("de", "en"), ("en", "de")))
    councils: Mapping[str, Council] = field(default_factory=lambda: {GRAZ.key: GRAZ, EMPOLI.key: EMPOLI})
    wire: Wire = field(default_factory=Wire)

    async def files(self, text: str = LIFT, who: str = "4711", **more: Any) -> str:
        """Somebody raises an issue and answers nothing more; its reference."""
        await self.house.says(text, who, **more)
        await self.house.says("1", who)
        (reference,) = await self.house.column("select reference from issue order by id desc limit 1")
        return str(reference)

    async def joins(
        self, who: str = "anna", role: Role = "coordinator", *, mail: str = "", **more: Any
    ) -> str:
        """Somebody is invited and joins, in German unless they say so; the code that they used."""
        code = await self.invites(role, name=who.title(), mail=mail)
        await self.house.says(f"join {code}", who, **({"phone_language": "de"} | more))
        return code

    async def invites(self, role: Role = "coordinator", *, name: str = "", mail: str = "") -> str:
        """A place is offered; its code."""
        now = clock.now()
        return await self.house.database.transaction(
            lambda tx: staff.invite(
                tx,
                self.house.keyring,
                council="graz",
                role=role,
                name=name,
                mail=mail,
                actor="test",
                now=now,
                expires_at=now + 7 * clock.DAY,
            )
        )

    async def removes(self, number: int) -> None:
        """A place is taken away."""
        now = clock.now()
        await self.house.database.transaction(lambda tx: staff.remove(tx, number, now, actor="test"))

    async def works(self, rounds: int = 4) -> None:
        """Everybody does what there is to do now: machine, news, looks, what is told; and it is heard."""
        database = self.house.database
        for _ in range(rounds):
            async with database.seat("answering") as seat:
                await AnswerWorker(database, self.machine, words()).take(seat)
            await News(database, self.councils, lambda: None).look()
            await Looks(database, lambda: None).look()
            await Telling(database, self.councils, words()).look()
            await Reminders(database, lambda: None).look()
            await self.house.turns()

    async def late(self) -> int:
        """What was promised and not kept is looked for."""
        keys = {number: key for key, number in self.house.ids.councils.items()}
        return await Late(self.house.database, self.councils, keys).look()

    async def digests(self) -> int:
        """Digests that are due are planned."""

        async def nothing(_council: Council) -> None:
            return None

        return await Digests(self.house.database, self.councils, nothing, lambda: None).look()

    async def sends(self) -> list[OutboundMessage]:
        """All that may go out goes out; what arrived, in order."""
        before = len(self.wire.arrived)
        writer = DigestWriter(self.house.database, self.councils, words())
        await self.house.sends(self.house.sender(self.wire, writers={"digest": writer}))
        return self.wire.arrived[before:]

    async def hears(self, who: str) -> list[str]:
        """What somebody gets now, after everybody has done what there is to do."""
        await self.works()
        return [message.text for message in await self.sends() if message.address == who]

    def told(self, who: str) -> list[str]:
        """All that somebody got so far."""
        return [message.text for message in self.wire.arrived if message.address == who]

    async def posts(self, mail: Mail) -> None:
        """Letters that may go out go out."""
        writer = DigestWriter(self.house.database, self.councils, words())
        sender = self.house.sender(mail, writers={"digest": writer})
        async with self.house.database.seat("send:mail") as seat:
            while await sender.step(seat) or sender._flying:
                if sender._flying:
                    await asyncio.wait(sender._flying)
