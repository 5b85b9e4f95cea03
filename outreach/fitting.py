"""How much of each part of a digest has room, so that a week of 3,000 issues is still read in ten minutes."""

from __future__ import annotations

from collections.abc import Sequence


def shares(costs: Sequence[Sequence[int]], rounds: Sequence[Sequence[int]], room: int) -> tuple[int, ...]:
    """How many of each part fit, given what each costs.

    A round says up to how many each part may take before the next round. What is left then goes to the parts
    in their order. So the last part is not left out because the first is long.
    """
    taken = [0] * len(costs)
    for tops in (*rounds, [len(part) for part in costs]):
        for n, part in enumerate(costs):
            while taken[n] < min(tops[n], len(part)) and part[taken[n]] <= room:
                room -= part[taken[n]]
                taken[n] += 1
    return tuple(taken)
