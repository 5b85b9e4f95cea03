"""Options as rows of buttons, or as lines where no button carries them."""

import pytest

from bot.channels.telegram_texts import keyboard, numbered
from core.messages import OutboundMessage
from core.talk import Option, Pick


def test_a_button_carries_its_question():
    message = asked("Yes", "No")
    markup = keyboard(message)
    assert markup is not None
    assert markup == [
        [
            {"text": "1 Yes", "callback_data": Pick("k3x9ab", "step", "o1").token},
            {"text": "2 No", "callback_data": Pick("k3x9ab", "step", "o2").token},
        ]
    ]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["Yes", "No"], [2]),
        (["A", "B", "C", "D"], [3, 1]),
        (["I agree, send", "No"], [1, 1]),
        (["Yes, send this to the council", "No"], [1, 1]),
        ([f"Topic {n}" for n in range(12)], [2] * 6),
        (["Housing", "Work", "Discrimination", "Health", "Other"], [2, 2, 1]),
        (["Housing", "Work", "Diskriminierung und Gewalt", "Health", "Other"], [1] * 5),
        (["工作"] * 5, [3, 2]),
        (["住房问题和租金"] * 5, [2, 2, 1]),
        (["住房问题和租金和学校"] * 5, [1] * 5),
    ],
)
def test_long_labels_have_a_row_of_their_own(labels: list[str], rows: list[int]):
    markup = keyboard(asked(*labels))
    assert markup is not None
    assert [len(row) for row in markup] == rows


def test_what_no_button_can_carry_becomes_numbered_lines():
    message = OutboundMessage(
        1, "7", "Which?", "en", (Option(1, "o" * 60, "This"), Option(2, "o2", "That")), "k3x9ab", "step"
    )
    assert keyboard(message) is None
    assert numbered(message) == "Which?\n\n1 This\n2 That"


def test_options_of_no_question_become_numbered_lines():
    assert keyboard(OutboundMessage(1, "7", "Which?", "en", (Option(1, "a", "This"),))) is None


def asked(*labels: str) -> OutboundMessage:
    options = tuple(Option(n, f"o{n}", label) for n, label in enumerate(labels, 1))
    return OutboundMessage(1, "7", "Which?", "en", options, "k3x9ab", "step")
