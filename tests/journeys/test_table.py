"""What people really send, and what they get: the same talk on every channel.

Each talk of tests/flows/transcripts is held on a Townbell that really runs, on the terminal, the web,
Telegram, WhatsApp and by SMS, and everything said is compared with what is written there; by SMS, with what
the conversation says there. Those that no channel may leave out are in test_same_talk.py.
"""

from __future__ import annotations

import pytest

from tests.flows.test_transcripts import EVERYWHERE, FOLDER, TALKS
from tests.journeys.conftest import BESIDE, PLAYERS, Meet, every, lacks
from tests.journeys.players import play

#: the table of the design: what people really send -> the talks that show what they get
TABLE = {
    "hello, /start, a joke": ["people/greeting"],
    "who are you?": ["people/who_are_you"],
    "a question, not a problem": ["people/question"],
    "danger": ["people/danger"],
    "an insult, spam": ["people/insult"],
    "wrong number": ["people/wrong_number", "people/wrong_number_or_not"],
    "somebody says they are a child": ["people/child"],
    "several problems in one message": ["people/several_problems"],
    "five short messages in a row": ["raise_issue/five_short_messages"],
    "a voice note alone": ["people/voice_note"],
    "a photo alone": ["people/photo"],
    "a forwarded message": ["people/forwarded"],
    "an answer days later": ["raise_issue/answer_days_later"],
    "a language we are unsure of": ["people/unsure_language"],
}
#: and what makes a first talk whole
BESIDES = {
    "heard in two messages, and all questions": ["raise_issue/heard_in_two_messages"],
    "add, erase, more": ["raise_issue/add_erase_more"],
    "commands": ["commands/everywhere", "commands/stop_and_start", "commands/correct", "commands/my_data",
                 "commands/delete", "commands/language"],
    "a second issue": ["raise_issue/second_issue"],
    "a double tap": ["raise_issue/double_tap", "raise_issue/double_press", "engine/stale_buttons"],
}  # fmt: skip


CHANNELS = sorted({*PLAYERS} - {BESIDE})
#: EVERYWHERE has a test of its own
HERE = sorted({*TALKS} - {*EVERYWHERE})


@every(CHANNELS, HERE)
def test_the_talk_is_the_same_everywhere(path, channel, meet: Meet) -> None:
    transcript = PLAYERS[channel].written(path.read_text(encoding="utf-8"))
    player, town = meet(channel, transcript.language)
    play(transcript, player, town)


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_is_said_to_be_lacking_keeps_a_talk_away(channel) -> None:
    away = set().union(*(lacks(channel, path) for path in TALKS))
    assert set(PLAYERS[channel].LACKS) == away


def test_every_row_of_the_table_is_a_talk() -> None:
    written = {f"{path.parent.name}/{path.stem}" for path in TALKS}
    assert FOLDER.is_dir()
    assert {talk for talks in (TABLE | BESIDES).values() for talk in talks} <= written
