"""The talk that everybody is measured by: four messages of one person, as Telegram delivers them.

A problem in the person's own words, "1" to send it, the number of a topic, and "skip" when asked for the
place. The answers are five messages: the question with four buttons, the receipt, ten topics, two questions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

TOKEN = "123456:TEST"
#: Telegram's ids of people are of this size
FIRST_PERSON = 1_000_000_000
PLACES = ("Market Street", "the school", "the station", "our house", "the river", "the old bridge")
PROBLEMS = (
    "The street lamp near {place} number {n} has been dark for three weeks and we are afraid at night",
    "There is water in the cellar of {n} near {place} and the landlord does not answer our letters",
    "The bus to {place} does not come any more after six, {n} of us must walk home along the road",
    "My neighbours near {place} throw rubbish into the yard of number {n} and nobody takes it away",
)
#: after the first message, which is different for everybody
ANSWERS = ("1", "2", "skip")
MESSAGES = 1 + len(ANSWERS)
#: what ends the talk, so that the same person can begin another: no photo, no answer, no invitation
FAREWELLS = ("skip", "skip", "skip")
#: how many messages of ours the four are answered with
REPLIES = 5


def problem(person: int) -> str:
    """What this person writes first."""
    return PROBLEMS[person % len(PROBLEMS)].format(place=PLACES[person % len(PLACES)], n=person % 997)


def said(person: int, place: int) -> str:
    """What this person says in a place of the talk."""
    return problem(person) if place == 0 else (*ANSWERS, *FAREWELLS)[place - 1]


class Telegram:
    """Makes updates, numbered as Telegram numbers them."""

    def __init__(self, first: int = 700_000_000) -> None:
        self._next = first

    def update(self, person: int, text: str) -> bytes:
        """One private message."""
        self._next += 1
        chat = FIRST_PERSON + person
        name = {"first_name": "Amina", "last_name": "K", "username": f"amina{person}"}
        message = {
            "message_id": self._next % 100_000_000,
            "from": {"id": chat, "is_bot": False, **name, "language_code": "en"},
            "chat": {"id": chat, **name, "type": "private"},
            "date": 1_795_000_000,
            "text": text,
        }
        return json.dumps({"update_id": self._next, "message": message}).encode()

    def place(self, people: Sequence[int], place: int) -> list[bytes]:
        """The same place of the talk, said by each of these people."""
        return [self.update(person, said(person, place)) for person in people]


#: what Telegram answers when it has taken a message
TAKEN = json.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 4711,
            "from": {"id": 123456, "is_bot": True, "first_name": "Townbell", "username": "TownbellBot"},
            "chat": {"id": FIRST_PERSON, "first_name": "Amina", "username": "amina", "type": "private"},
            "date": 1_795_000_001,
            "text": "Where is it? Write the street or the part of town, or share your location.",
        },
    }
).encode()


def parts(whole: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The whole in parts of at most this size."""
    return (whole[start : start + size] for start in range(0, len(whole), size))
