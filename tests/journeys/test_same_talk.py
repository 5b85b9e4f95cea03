"""The same talk everywhere: a handful of talks that no channel may leave out, and what goes on record.

Every channel that a configuration can name is played: a new one fails here until it has a player in
conftest.py, and from then on it gets these talks and those of test_table.py. What a person is told is
compared with the transcript; by SMS, with the same talk in its short wording.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.talk import Talk
from tests.flows.test_transcripts import EVERYWHERE
from tests.journeys.conftest import PLAYERS, Meet, every
from tests.journeys.phones import BySms
from tests.journeys.players import CHANNELS, LAST_WORDS, play

LIFT, LAMP = "The lift in our house is broken", "The lamp in our street is dark"
AUFZUG = "Der Aufzug in unserem Haus ist kaputt"
SAID: dict[str, Any] = {"status": "filed", "topic": "", "place": "", "language": "en"}
#: each talk -> what is on record in the end: of the issue, and its words by their role
RECORD: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "two_messages": (SAID, [("original", f"{LIFT} and my mother cannot get out")]),
    "enrichment": (SAID | {"topic": "housing", "place": "Lendplatz 5"}, [("original", LIFT)]),
    "digits": (SAID | {"topic": "housing", "place": "Lendplatz"}, [("original", LAMP)]),
    "back_and_skip": (SAID | {"topic": "work"}, [("original", LIFT)]),
    "stop_and_start": (SAID, [("original", LIFT)]),
    "no_invitations": (
        SAID | {"language": "de", "topic": "housing", "status": "decided"},
        [("original", AUFZUG)],
    ),
    "answer_back": (
        SAID | {"language": "de", "status": "reopened"},
        [("original", AUFZUG), ("addition", "12"), ("addition", "Er steht noch immer")],
    ),
}

every_talk = pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: path.stem)


def test_every_channel_there_is_has_a_player() -> None:
    assert {player.CHANNEL for player in PLAYERS.values()} == set(CHANNELS)


def test_every_talk_has_its_record() -> None:
    assert {path.stem for path in EVERYWHERE} == set(RECORD)


@every_talk
def test_every_channel_can_hold_all_of_it(path) -> None:
    text = path.read_text(encoding="utf-8")
    able = {one.CHANNEL for one in PLAYERS.values() if not one.written(text).needs & set(one.LACKS)}
    assert able == set(CHANNELS)


@every_talk
def test_by_sms_the_same_happens(path) -> None:
    def happened(*, by_sms: bool) -> list[str]:
        rows = Talk(by_sms=by_sms).play(path.read_text(encoding="utf-8").splitlines())
        return [row for row in rows if row.startswith("!")]

    assert happened(by_sms=True) == happened(by_sms=False)


@every(PLAYERS, EVERYWHERE)
def test_each_says_the_same_and_keeps_the_same(path, channel, meet: Meet) -> None:
    transcript = PLAYERS[channel].written(path.read_text(encoding="utf-8"))
    player, town = meet(channel, transcript.language)
    play(transcript, player, town)
    issue, words = town.record()
    assert issue.pop("channel") == PLAYERS[channel].CHANNEL
    # With the last a player may have seen that nothing else came.
    assert (issue, [one for one in words if one[1] != LAST_WORDS]) == RECORD[path.stem]


def test_sms_is_worded_for_sms() -> None:
    (path,) = [path for path in EVERYWHERE if path.stem == "two_messages"]
    asked, told = (line.answers[0].text for line in BySms.written(path.read_text(encoding="utf-8")).lines)
    assert "You wrote" not in asked
    assert told.startswith("We sent it.")
