"""What the conversation asks to know, and whose languages it takes: what a transcript cannot show."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from core.events import DraftOpened, LanguageChosen
from core.issue import OwnIssue
from core.known import Known
from core.messages import InboundMessage
from core.talk import Command, Heard, Run
from flows.conversation import Conversation, Situation
from flows.given import QUOTE, Given, stands
from tests.flows.talk import GRAZ, MORNING, NEWCOMER
from translations import catalogs

CATALOGS = catalogs.load()
CORRECTING = Run("r1", "correct", "anew", answers={"which": "GRZ-7K4M"})


@pytest.fixture(scope="module")
def conversation() -> Conversation:
    return Conversation(CATALOGS)


def test_a_correction_that_an_edit_interrupts_still_shows_what_stands_there(
    conversation: Conversation,
) -> None:
    assert conversation.wants(Heard("new", edited=True), CORRECTING) == {"edited", "issues"}
    assert conversation.wants(Heard("new", edited=True), None) == {"edited"}


def test_stop_wants_to_know_whether_anything_was_sent(conversation: Conversation) -> None:
    assert "issues" in conversation.wants(Heard("stop", Command.STOP), None)


def test_the_name_of_a_language_tells_not_the_language_it_is_written_in(conversation: Conversation) -> None:
    assert not conversation.is_free_text(Heard("german"))
    assert conversation.is_free_text(Heard("german is hard"))


def test_a_language_that_the_council_does_not_write_is_not_chosen(conversation: Conversation) -> None:
    for languages, event in ((("de", "en"), DraftOpened()), (("de", "en", "ar"), LanguageChosen("ar"))):
        council = dataclasses.replace(GRAZ, languages=languages)
        given = Given(council, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1")
        message = InboundMessage("here", "message", "1", "me", text="arabic")
        heard = conversation.hear(message, NEWCOMER, early=False, late=False)
        assert conversation.converse(Situation(heard, None, given, CATALOGS["en"])).events == (event,)


def test_an_edit_shows_its_signs_and_an_invisible_text_is_none(conversation: Conversation) -> None:
    def hear(**more: object) -> Heard:
        message = replace(InboundMessage("here", "message", "1", "me"), **more)
        return conversation.hear(message, NEWCOMER, early=False, late=False)

    assert hear(kind="edit", text="he has a knife").signs
    assert hear(text="\u200b\u2060").text == ""


def test_a_long_issue_is_shown_shortened_where_it_is_corrected(conversation: Conversation) -> None:
    for text, shown in (("word " * 400, QUOTE + 2), ("short", 5)):
        issue = OwnIssue("GRZ-7K4M", "filed", MORNING, MORNING, text)
        given = Given(GRAZ, NEWCOMER, Known((issue,)), MORNING, MORNING, "", "r1")
        said = stands({"which": "GRZ-7K4M"}, given, CATALOGS["en"])
        assert 0 < len(said) <= shown
        assert text.startswith(said.removesuffix(" …"))
        (spoken,) = conversation.converse(
            Situation(Heard(command=Command.CORRECT), None, given, CATALOGS["en"])
        ).says
        assert said in spoken.text
