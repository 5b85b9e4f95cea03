"""How `townbell chat` reads on a real screen, and what it writes into a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.players import QUIET, InTerminal, Said
from tests.journeys.town import Town

Sit = Callable[..., InTerminal]


@pytest.fixture
def sit(quiet_town: Town) -> Iterator[Sit]:
    """`sit("en", columns=40)` is somebody at a screen of 40 columns."""
    sitting: list[InTerminal] = []

    def sit(language: str, **more: object) -> InTerminal:
        sitting.append(InTerminal(quiet_town, language, **more))  # type: ignore[arg-type]
        return sitting[-1]

    yield sit
    for one in sitting:
        one.leave()


def test_lines_end_between_words_where_the_screen_ends(sit: Sit) -> None:
    somebody = sit("en", columns=40)
    somebody.say("The heating in our house has been broken for three weeks")
    shown = somebody.shown.splitlines()
    assert max(len(line) for line in shown) <= 40
    assert "  The heating in our house has been" in shown
    assert "    1  I agree, send" in shown
    assert all(line.startswith("  ") for line in shown if line)


def test_arabic_is_left_to_the_terminal(sit: Sit) -> None:
    somebody = sit("ar", columns=40)
    words = "التدفئة في بيتنا معطلة منذ ثلاثة أسابيع ولا أحد يأتي"
    somebody.say(words)
    assert f"  \u2068{words}\u2069" in somebody.shown.splitlines()


def test_a_question_that_comes_in_the_quiet_leaves_room_to_answer(sit: Sit, quiet_town: Town) -> None:
    somebody = sit("en")
    somebody.say("our landlord")
    somebody.say("took away the door")
    assert not somebody.shown.endswith("9  Tell me more\n\n")
    quiet_town.pass_by(QUIET)
    somebody.hear([Said("\n".join(f"line {n}" for n in range(12)))])
    somebody.say("1")
    assert "Your number is GRZ-" in somebody.shown


def test_who_talked_here_before_is_named(sit: Sit, quiet_town: Town) -> None:
    before = sit("en", name="amina")
    before.say("The lamp in our street is dark")
    before.leave()
    now = sit("en", name="boris")
    quiet_town.pass_by(24 * 3600 * 1_000_000)
    [reminder] = now.hear([Said("\n".join(f"line {n}" for n in range(2)))])
    to, says = reminder.text.split("\n")
    assert to == "(to amina)"
    assert says.endswith("it is not sent yet.")


def test_nothing_is_broken_into_lines_in_a_pipe(quiet_town: Town) -> None:
    words = "The heating in our house has been broken for three weeks and nobody comes to look at it at all"
    done = quiet_town.installation.run("chat", "--language", "en", said=f"{words}\n1\n")
    assert done.returncode == 0
    assert f"\n  {words}\n" in done.stdout
    assert "Your number is GRZ-" in done.stdout
    assert "> " not in done.stdout
