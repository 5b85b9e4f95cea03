"""What the conversation asks to know, and whose languages it takes: what a transcript cannot show."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from core.contact import Contact
from core.desk import Seek
from core.events import DraftOpened, LanguageChosen
from core.issue import OwnIssue
from core.known import Known
from core.messages import InboundMessage
from core.talk import Attachment, Command, Heard, Run
from flows.codes import MOST_PARTS
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


# What of the desk an answer needs

TOLD = Run("r2", "asked", "answer", answers={"reference": "GRZ-5NR7", "news": 7, "kind": "asked"})
DRAFT = Run("r3", "raise_issue", "send", answers={"what": [{"text": "the lamp is dark", "ref": "m1"}]})
LOOKING = Run("r4", "look", "fine", answers={"answer": "3:es"})


def at_the_desk(step: str, below: Run | None = None, **answers: object) -> Run:
    return Run("r5", "desk", step, answers={"which": "GRZ-7K4M", **answers}, below=below)


@pytest.mark.parametrize(
    ("heard", "run", "seek"),
    [
        pytest.param(Heard("hello"), None, None, id="nothing is open"),
        pytest.param(Heard("hello"), DRAFT, None, id="words of their own"),
        pytest.param(Heard("the third"), TOLD, Seek(news=7), id="what the council asks"),
        pytest.param(Heard("yes"), replace(DRAFT, below=TOLD), Seek(news=7), id="and what lies above it"),
        pytest.param(Heard("1"), LOOKING, Seek(nudge="look:3:es"), id="a translation"),
        pytest.param(
            Heard("it is done"), at_the_desk("closed"), Seek(references=("GRZ-7K4M",)), id="an issue"
        ),
        pytest.param(
            Heard("2"),
            Run("r6", "language", "tag", below=at_the_desk("closed")),
            Seek(references=("GRZ-7K4M",)),
            id="an issue that waits below",
        ),
        pytest.param(
            Heard("it is done"),
            at_the_desk("closed", TOLD),
            Seek(references=("GRZ-7K4M",), news=7),
            id="an issue, and a question of the council's below",
        ),
        pytest.param(
            Heard("2"),
            Run("r5", "desk", "which", answers={"among": ["GRZ-7K4M", "GRZ-9PQR"], "rest": "GRZ-2ABC"}),
            Seek(references=("GRZ-7K4M", "GRZ-9PQR"), other=Seek(references=("GRZ-2ABC",))),
            id="several that may be meant",
        ),
        pytest.param(
            Heard("grz 9pqr", seek=Seek(references=("GRZ-9PQR",))),
            at_the_desk("merge"),
            Seek(references=("GRZ-7K4M",), other=Seek(references=("GRZ-9PQR",))),
            id="another issue, which is no new code",
        ),
        pytest.param(
            Heard("2"),
            at_the_desk("merge"),
            Seek(references=("GRZ-7K4M",), other=Seek(number=2)),
            id="another issue by its number",
        ),
        pytest.param(
            Heard("2 D", seek=Seek(number=2), act="closed"),
            at_the_desk("closed", TOLD),
            Seek(number=2, news=7),
            id="a code goes before the open question",
        ),
        pytest.param(
            Heard(seek=Seek(number=1), act="merge", rest="GRZ-9PQR"),
            None,
            Seek(number=1, other=Seek(references=("GRZ-9PQR",))),
            id="both in one line",
        ),
        pytest.param(
            Heard(seek=Seek(number=1), act="closed", rest="as GRZ-9PQR is"),
            None,
            Seek(number=1),
            id="a reference in an answer",
        ),
    ],
)
def test_what_of_the_desk_an_answer_needs(
    conversation: Conversation, heard: Heard, run: Run | None, seek: Seek | None
) -> None:
    assert conversation.seeks(heard, run, "GRZ") == seek


def test_references_are_drawn_only_where_an_issue_may_be_taken_apart(conversation: Conversation) -> None:
    code = Heard("1P", seek=Seek(number=1), act="parts")
    assert conversation.spare_references(code, None) == MOST_PARTS - 1
    assert conversation.spare_references(Heard("1 / 2"), at_the_desk("parts")) == MOST_PARTS - 1
    assert conversation.spare_references(Heard("1D", seek=Seek(number=1), act="closed"), None) == 0
    assert conversation.spare_references(Heard("the lamp is dark"), DRAFT) == 0
    assert conversation.spare_references(Heard("the third"), TOLD) == 0


def test_a_code_is_read_from_staff_alone_and_only_where_it_is_all_there_is(
    conversation: Conversation,
) -> None:
    staff = replace(NEWCOMER, role="coordinator")

    def hear(contact: Contact, **more: object) -> Heard:
        message = replace(InboundMessage("here", "message", "1", "me", text="1D done"), **more)
        return conversation.hear(message, contact, early=False, late=False, prefix="GRZ")

    heard = hear(staff, reply_to="m7")
    assert (heard.seek, heard.act, heard.rest) == (Seek(number=1, reply_to="m7"), "closed", "done")
    assert hear(NEWCOMER).seek is None
    assert hear(staff, forwarded=True).seek is None
    assert hear(staff, attachments=(Attachment("a1", "photo"),)).seek is None
    assert hear(staff, kind="edit").seek is None


def test_anybody_may_come_with_an_invitation(conversation: Conversation) -> None:
    def hear(**more: object) -> Seek | None:
        message = replace(InboundMessage("here", "message", "1", "me"), **more)
        return conversation.hear(message, NEWCOMER, early=False, late=False, prefix="GRZ").seek

    invited = Seek(invitation="4XWK-9RTB-GH2M")
    assert hear(text="join 4xwk-9rtb-gh2m") == invited
    assert hear(kind="start", payload="join_4XWK9RTBGH2M") == invited
    assert hear(kind="start", payload="graz") is None


def test_the_desk_wants_nothing_of_what_staff_raised_themselves(conversation: Conversation) -> None:
    code = Heard("1D done", seek=Seek(number=1), act="closed", rest="done")
    assert conversation.wants(code, None) == frozenset()
    assert conversation.wants(Heard("done"), at_the_desk("closed")) == frozenset()
    assert conversation.wants(Heard("status", Command.STATUS), at_the_desk("closed")) == {"issues"}
    assert not conversation.is_free_text(code)
