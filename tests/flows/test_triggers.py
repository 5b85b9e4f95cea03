"""Word lists recognise what people really send, and in doubt nothing."""

from __future__ import annotations

import pytest

from core.talk import Command, Heard, Sign
from flows.conversation import Conversation
from flows.triggers import Triggers, is_slash_word
from translations import catalogs


@pytest.fixture(scope="module")
def triggers() -> Triggers:
    return Triggers(catalogs.load())


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        pytest.param("Hello!", {Sign.GREETING}, id="hello"),
        pytest.param("hi hello good morning", {Sign.GREETING}, id="several greetings"),
        pytest.param("Helo", {Sign.GREETING}, id="hello, as many write it"),
        pytest.param("Halle", set(), id="a town is no slip of hallo"),
        pytest.param("Hi, my name is Ana Novak", {Sign.GREETING}, id="a greeting with a name"),
        pytest.param("hi my name is on the wrong list", set(), id="more than a name is an issue"),
        pytest.param("my name is Ana", set(), id="a name alone may be the beginning of something"),
        pytest.param("hallo ich heiße Feuer", {Sign.DANGER}, id="a name never hides a danger"),
        pytest.param("Hello, the heating is broken", set(), id="a greeting before an issue is an issue"),
        pytest.param("thank you very much", {Sign.THANKS}, id="thanks"),
        pytest.param("who are you?", {Sign.WHO}, id="who"),
        pytest.param("hi, is this the police?", {Sign.WHO}, id="who, after a greeting"),
        pytest.param(
            "They came to our house at night and I asked who are you but nobody said", set(), id="told"
        ),
        pytest.param("my husband beats me", {Sign.DANGER}, id="danger"),
        pytest.param("I think about suicide", {Sign.DANGER}, id="danger, any ending"),
        pytest.param("FIRE!!!", {Sign.DANGER}, id="danger, shouted"),
        pytest.param("the fireplace is dirty", set(), id="a word within a word is no danger"),
        pytest.param("I am 14 years old", {Sign.CHILD}, id="a child"),
        pytest.param("I am 40 years old", set(), id="no child"),
        pytest.param("wrong number", {Sign.WRONG_NUMBER}, id="wrong number"),
        pytest.param("the wrong number is on my house door", set(), id="another wrong number"),
        pytest.param("Where can I learn German?", {Sign.QUESTION}, id="a question"),
        pytest.param("Why is the heating off? My children are cold.", set(), id="a question within an issue"),
        pytest.param("", set(), id="nothing"),
        pytest.param("🙏🙏", set(), id="only emoji"),
    ],
)
def test_signs(triggers: Triggers, said: str, signs: set[Sign]) -> None:
    assert triggers.signs(said) == signs


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("stop", Command.STOP),
        ("STOP!", Command.STOP),
        ("please stop", Command.STOP),
        ("Stop, please.", Command.STOP),
        ("bitte stopp", Command.STOP),
        ("delete everything please", Command.DELETE),
        ("dur", Command.STOP),
        ("please repair the bus stop", None),
        ("/help", Command.HELP),
        ("My Data", Command.MY_DATA),
        ("/my_data", Command.MY_DATA),
        ("stop the noise at night", None),
        ("delete", Command.DELETE),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_commands(triggers: Triggers, said: str, command: Command | None) -> None:
    assert triggers.command(said, "en") is command


@pytest.mark.parametrize(
    ("said", "alone"),
    [
        ("/settings", True),
        (" /настройки@townbell ", True),
        ("/ the street lamp is broken", False),
        ("/lamp is broken", False),
        ("/1", False),
        ("/", False),
        ("settings", False),
        ("/" + "x" * 60, False),
    ],
)
def test_one_word_behind_a_slash_is_said_to_a_machine(said: str, alone: bool) -> None:
    assert is_slash_word(said) is alone


def test_a_command_that_we_do_not_know_tells_no_language() -> None:
    conversation = Conversation(catalogs.load())
    assert conversation.is_free_text(Heard(text="/ Einstellungen kaputt"))
    assert not conversation.is_free_text(Heard(text="/einstellungen"))


def test_stop_is_heard_in_english_whatever_the_language(triggers: Triggers) -> None:
    for language in (*catalogs.available(), None, "xx"):
        assert triggers.command("stop", language) is Command.STOP


def test_a_long_text_is_looked_at_only_in_its_beginning(triggers: Triggers) -> None:
    assert triggers.signs("word " * 2000 + "fire") == frozenset()
    assert triggers.signs("fire " + "word " * 2000) == {Sign.DANGER}
