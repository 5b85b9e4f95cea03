"""The engine's rules that a transcript cannot show: deploys in mid-talk, budgets, purity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec import structs

from core.events import ConsentGiven, Event
from core.known import Known
from core.phrases import Phrases
from core.talk import Attachment, Command, Heard, Pick, Run, Turn
from flows import engine
from flows.conversation import Conversation, Situation
from flows.given import Answers, Given
from flows.raise_issue import raise_issue
from flows.steps import Ask, Choose, Flow, Note, Say, Step, answered
from flows.words import PLURALS, WORDS
from tests.flows.talk import GRAZ, MORNING, NEWCOMER

GIVEN = Given(GRAZ, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1")


def went(_answers: Answers, _given: Given) -> Sequence[Event]:
    return (ConsentGiven("surveys", given=True, notice_version="1"),)


COLOUR = Choose("colour", "Which colour?", {"red": "Red", "blue": "Blue"})
WHERE = Ask("where", "Where?", otherwise="Please say where.")
WHY = Ask("why", "Why?", otherwise="Please say why.", optional=True)
BYE = Say("bye", "Thank you.")


def flow(*steps: Step, moved: dict[str, str] | None = None) -> Flow:
    return Flow("test", steps, moved or {})


def phrases(of: Flow) -> Phrases:
    plurals = {f"{key}#{form}": text for key, texts in PLURALS.items() for form, text in enumerate(texts)}
    return Phrases("en", "English", dict(of.texts()) | WORDS | plurals)


def begin(of: Flow) -> Turn:
    return engine.start(of, Run("r1", "test"), phrases(of), GIVEN)


def say(of: Flow, run: Run | None, text: str = "", **more: object) -> Turn:
    assert run is not None
    # Between messages a run is JSON: what cannot be written down is not kept.
    kept = msgspec.json.decode(msgspec.json.encode(run), type=Run)
    return engine.advance(of, kept, structs.replace(Heard(text=text), **more), phrases(of), GIVEN)


def text(turn: Turn) -> str:
    return " / ".join(spoken.text for spoken in turn.says)


def test_a_question_that_is_gone_after_a_deploy_uses_up_nothing() -> None:
    before = flow(COLOUR, WHERE, WHY, BYE)
    turn = say(before, begin(before).run, "1")
    after = flow(COLOUR, WHY, BYE)
    turn = say(after, turn.run, "no")
    assert text(turn) == "Why?"
    assert turn.run is not None
    assert turn.run.answers == {"colour": "red"}


def test_a_question_inserted_behind_somebody_is_not_asked_and_one_before_them_is() -> None:
    before = flow(COLOUR, WHY)
    run = begin(before).run
    after = flow(WHERE, COLOUR, replace(WHERE, id="floor", text="Which floor?"), WHY)
    assert text(say(after, run, "1")) == "Which floor?"


def test_a_renamed_question_takes_the_answer_that_was_on_its_way() -> None:
    run = begin(flow(COLOUR, WHERE)).run
    after = flow(replace(COLOUR, id="paint"), WHERE, moved={"colour": "paint"})
    turn = say(after, run, "2")
    assert text(turn) == "Where?"
    assert turn.run is not None
    assert turn.run.answers == {"paint": "blue"}


def test_numbers_count_in_the_list_that_was_shown() -> None:
    run = begin(flow(COLOUR, WHERE)).run
    reordered = flow(replace(COLOUR, options={"blue": "Blue", "green": "Green", "red": "Red"}), WHERE)
    turn = say(reordered, run, "1")
    assert turn.run is not None
    assert turn.run.answers == {"colour": "red"}


def test_an_option_that_is_gone_is_not_taken_for_another() -> None:
    run = begin(flow(COLOUR, WHERE)).run
    fewer = flow(replace(COLOUR, options={"blue": "Blue"}), WHERE)
    turn = say(fewer, run, pick=Pick("r1", "colour", "green"))
    assert "Which colour?" in text(turn)


def test_a_note_closes_the_way_back() -> None:
    of = flow(COLOUR, Note("went", went), WHERE, BYE)
    turn = say(of, begin(of).run, "1")
    assert len(turn.events) == 1
    turn = say(of, turn.run, command=Command.BACK)
    assert text(turn).startswith("We cannot go back from here.")
    assert turn.events == ()


def test_back_forgets_the_later_answers_and_what_hung_on_them() -> None:
    of = flow(COLOUR, replace(WHERE, when=answered("colour", "red")), WHY, BYE)
    turn = say(of, begin(of).run, "1")
    turn = say(of, turn.run, "on the left")
    turn = say(of, turn.run, command=Command.BACK)
    turn = say(of, turn.run, command=Command.BACK)
    assert text(turn) == "Which colour?"
    turn = say(of, turn.run, "2")
    assert text(turn) == "Why?"


def test_a_flow_of_nothing_but_notes_ends() -> None:
    endless = flow(*(Say(f"s{n}", "On.") for n in range(1000)))
    turn = begin(endless)
    assert turn.run is not None
    assert turn.run.step == ""
    assert len(text(turn)) < 1000


def test_more_answers_than_a_run_holds_is_a_sentence() -> None:
    of = flow(WHERE, WHY)
    run = begin(of).run
    assert run is not None
    full = structs.replace(run, answers={f"a{n}": "x" for n in range(engine.ANSWERS_A_RUN)})
    turn = say(of, full, "here")
    assert "too long" in text(turn)


@pytest.mark.parametrize("letters", [4000, 10_000])
def test_a_long_issue_is_taken_whole(letters: int) -> None:
    turn = engine.advance(
        raise_issue, Run("r1", "raise_issue", "what"), Heard(text="ä" * letters), phrases(raise_issue), GIVEN
    )
    assert turn.run is not None
    assert turn.run.answers["what"] == [{"text": "ä" * letters, "ref": ""}]
    assert len(text(turn)) < 1000


def test_a_longer_one_is_refused_in_a_sentence_and_the_question_stays() -> None:
    run = Run("r1", "raise_issue", "what")
    turn = engine.advance(raise_issue, run, Heard(text="x" * 10_001), phrases(raise_issue), GIVEN)
    assert "10000" in text(turn)
    assert turn.run is not None
    assert turn.run.step == "what"


def test_a_draft_that_is_full_says_so_and_keeps_what_it_has() -> None:
    run = Run("r1", "raise_issue", "send", ((1, "send"),), {"what": [{"text": "x" * 39_000, "ref": ""}]})
    turn = engine.advance(raise_issue, run, Heard(text="y" * 2000), phrases(raise_issue), GIVEN)
    assert "as much as one message" in text(turn)
    assert turn.run is not None
    assert turn.run.answers == run.answers


PEOPLE_WRITE = st.builds(
    Heard,
    text=st.one_of(
        st.sampled_from(["", "1", "2", "3", "9", "hello", "stop", "🙏", "a b c d"]), st.text(max_size=40)
    ),
    command=st.one_of(st.none(), st.sampled_from(Command)),
    pick=st.one_of(st.none(), st.builds(Pick, st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))),
    attachments=st.one_of(
        st.just(()), st.just((Attachment("a1", "photo"),)), st.just((Attachment("a2", "voice"),))
    ),
    forwarded=st.booleans(),
    edited=st.booleans(),
    early=st.booleans(),
    late=st.booleans(),
)


@for_all(st.lists(PEOPLE_WRITE, max_size=12))
def test_whatever_people_write_the_conversation_goes_on(said: list[Heard]) -> None:
    from translations import catalogs

    catalog = catalogs.load()
    conversation = Conversation(catalog)
    run: Run | None = None
    for n, heard in enumerate(said):
        situation = Situation(heard, run, structs.replace(GIVEN, run_id=f"r{n}"), catalog["en"])
        turn = conversation.converse(situation)
        assert turn == conversation.converse(situation), "the same input, the same output"
        assert turn.says, "nobody is left without an answer"
        assert all(spoken.text for spoken in turn.says)
        run = turn.run and msgspec.json.decode(msgspec.json.encode(turn.run), type=Run)
        assert run is None or run.step
