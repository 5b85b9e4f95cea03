"""Much is shared among the parts of a digest so that none is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.fitting import shares


@pytest.mark.parametrize(
    ("costs", "rounds", "room", "taken"),
    [
        pytest.param([[1, 1], [1]], [[1, 1]], 9, (2, 1), id="room for all"),
        pytest.param([[1] * 9, [1] * 9, [1] * 9], [[2, 1, 1]], 4, (2, 1, 1), id="a round"),
        pytest.param(
            [[1] * 9, [1] * 9, [1] * 9], [[2, 1, 1]], 7, (5, 1, 1), id="what is left goes to the first"
        ),
        pytest.param([[1] * 9, [1] * 9], [[0, 2], [3, 2]], 4, (2, 2), id="round after round"),
        pytest.param([[1] * 9, [1] * 9], [[3, 1]], 2, (2, 0), id="not even one round"),
        pytest.param([[9, 1], [1]], [[1, 1]], 5, (0, 1), id="none is jumped over"),
        pytest.param([], [], 5, (), id="nothing"),
        pytest.param([[1]], [[1]], -3, (0,), id="less than no room"),
    ],
)
def test_who_gets_what(
    costs: list[list[int]], rounds: list[list[int]], room: int, taken: tuple[int, ...]
) -> None:
    assert shares(costs, rounds, room) == taken


@given(st.lists(st.lists(st.integers(1, 50)), max_size=6), st.integers(0, 400))
def test_what_is_taken_fits(costs: list[list[int]], room: int) -> None:
    taken = shares(costs, [[1] * len(costs)], room)
    assert sum(sum(part[:number]) for part, number in zip(costs, taken, strict=True)) <= room
