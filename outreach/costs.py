"""What a week's messages cost, where somebody has said what one costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from core.digest import Price, Sent, Spent

CENT = Decimal("0.01")


def spent(sent: Sequence[Sent], prices: Mapping[str, Price]) -> tuple[Spent, ...]:
    """The sum in each currency; `prices` are those of the accounts, by their keys."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in sent:
        if price := prices.get(one.account):
            sums[price.currency] += Decimal(price.each) * (
                one.segments if one.channel == "sms" else one.messages
            )
    return tuple(
        Spent(amount.quantize(CENT, ROUND_HALF_UP), currency) for currency, amount in sorted(sums.items())
    )
