"""What a conversation costs by SMS, and that being heard costs a newcomer little in every language."""

from __future__ import annotations

import dataclasses
from io import StringIO

import pytest

from bot import config_reading
from bot.cli import main
from bot.flow_cost import DAY, LONGEST, NOW, UnknownFlow, play, show
from core import sms
from core.known import Known
from core.talk import Command, Heard, Run
from flows import engine
from flows.conversation import Conversation, Situation
from flows.given import Given, span
from flows.lexicon import FLOWS, Lexicon
from flows.raise_issue import raise_issue
from flows.seeking import STAFF_FLOWS
from tests.flows.talk import GRAZ, MORNING, NEWCOMER
from translations import catalogs

CATALOGS = catalogs.load()
DEFAULT = config_reading.load(config_reading.DEFAULT, {}).councils[0]
#: a name of ordinary length: forty letters
COUNCIL = dataclasses.replace(DEFAULT, name="Migrant council of the town of Schiffla.")
MOST_RECEIVED, MOST_SENT, MOST_OF_THE_NOTICE = 6, 2, 2

every_language = pytest.mark.parametrize("tag", CATALOGS)


@every_language
@pytest.mark.parametrize("council", [DEFAULT, COUNCIL], ids=["the one we ship", "forty letters"])
@pytest.mark.parametrize("month", range(12))
def test_being_heard_costs_a_newcomer_two_messages_and_six_segments(tag: str, council, month: int) -> None:
    # The day that is promised is a longer word in some months.
    cost = play(raise_issue, council, CATALOGS[tag], NOW + month * 30 * DAY).to_reference
    assert cost is not None
    assert cost.sent == (MOST_SENT, MOST_SENT)
    assert cost.received.segments <= MOST_RECEIVED


@every_language
@pytest.mark.parametrize("months", [2, 12, 24, 36, 60])
def test_the_notice_takes_two_parts_at_most(tag: str, months: int) -> None:
    assert len(COUNCIL.name) == 40
    kept = dataclasses.replace(COUNCIL.retention, issues_after_closing=round(months * 30.4))
    council = dataclasses.replace(COUNCIL, retention=kept)
    given = Given(council, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1", by_sms=True)
    heard, run = Heard("The lift is broken"), Run("r1", "raise_issue", "what")
    turn = engine.advance(raise_issue, run, heard, CATALOGS[tag].by_sms, given)
    (notice,) = turn.says
    assert sms.segments(*sms.as_sent(notice.text, notice.options, 99)) <= MOST_OF_THE_NOTICE
    assert council.name in notice.text
    assert span(kept.issues_after_closing, CATALOGS[tag].by_sms) in notice.text
    assert [option.number for option in notice.options] == [1, 9]


@every_language
@pytest.mark.parametrize("name", [one.id for one in FLOWS if one.id not in STAFF_FLOWS])
def test_every_conversation_comes_to_its_end(tag: str, name: str) -> None:
    cost = play(Lexicon(CATALOGS).flows[name], COUNCIL, CATALOGS[tag]).whole
    assert 0 < cost.received.messages <= cost.received.segments
    assert 0 < cost.sent.messages < LONGEST


def test_the_table_has_a_line_for_each_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow", "cost", "raise_issue", "--config", str(config_reading.DEFAULT)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"raise_issue, by SMS with: {DEFAULT.name}"
    assert [line.split()[0] for line in lines[5:]] == list(DEFAULT.languages)
    assert lines[5].split() == ["en", "2", "(2)", "3", "(5)", "6", "(6)", "7", "(9)"]


def test_a_conversation_that_files_nothing_has_one_pair_of_columns() -> None:
    out = StringIO()
    show(DEFAULT, "delete", out)
    assert out.getvalue().splitlines()[3:6] == [
        "language  to the end",
        "          they send     they get",
        "en          1 (1)         2 (2)",
    ]


@every_language
def test_help_with_its_numbers_is_two_parts_where_the_letters_are_gsm_and_else_three(tag: str) -> None:
    emergency = tuple(dataclasses.replace(one, label={}) for one in GRAZ.emergency)
    council = dataclasses.replace(GRAZ, emergency=emergency)
    given = Given(council, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1", by_sms=True)
    heard = Heard(command=Command.HELP)
    turn = Conversation(CATALOGS).converse(Situation(heard, None, given, CATALOGS[tag].by_sms))
    parts = sms.segments(*(spoken.text for spoken in turn.says))
    assert "133" in turn.says[0].text
    assert parts <= (3 if tag in ("ar", "uk") else 2)


@pytest.mark.parametrize("name", ["nothing", "desk", "look", ""])
def test_a_conversation_that_there_is_not_or_that_is_staff_s_is_told(name: str) -> None:
    with pytest.raises(UnknownFlow, match="There are: asked, correct, delete"):
        show(DEFAULT, name, StringIO())
