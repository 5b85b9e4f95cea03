"""What a week's messages cost stands at the foot of the digest, where there were any."""

from decimal import Decimal
from html import unescape

import pytest

from core.digest import Count, Price, Sent, Spent
from core.phrases import Phrases
from outreach.costs import spent
from outreach.digest_html import as_html
from outreach.digest_text import as_text
from tests.outreach.weeks import GRAZ, issue, machine, week

SENT = (Sent("line", "sms", 12, 30), Sent("second", "sms", 1, 2), Sent("app", "whatsapp", 40, 0))
COUNTED = "What we sent: by SMS 13 (in 32 parts) · on WhatsApp 40"


@pytest.mark.parametrize(
    ("label", "prices", "money"),
    [
        ("nobody has said", {}, ()),
        ("of one account", {"line": Price("0.079", "EUR")}, ("2.37 EUR",)),
        ("of two together", {"line": Price("0.079", "EUR"), "app": Price("0.005", "EUR")}, ("2.57 EUR",)),
        (
            "in two currencies",
            {"line": Price("1", "EUR"), "app": Price("1", "USD")},
            ("30.00 EUR", "40.00 USD"),
        ),
        ("without a currency", {"app": Price("0.0001", "")}, ("0.00",)),
        ("half a cent", {"second": Price("0.0025", "EUR")}, ("0.01 EUR",)),
    ],
)
def test_a_price_is_that_of_a_segment_or_of_a_message(
    label: str, prices: dict[str, Price], money: tuple[str, ...]
) -> None:
    assert tuple(f"{one.amount} {one.currency}".rstrip() for one in spent(SENT, prices)) == money


def test_it_stands_at_the_foot(phrases: dict[str, Phrases]) -> None:
    told = week(
        issue(1, machine("Der Lift")),
        sent=SENT,
        spent=(Spent(Decimal("2.37"), "EUR"),),
        this_week=Count(filed=1),
    )
    english = phrases["en"]
    assert as_text(told, GRAZ, english).splitlines()[-1] == f"{COUNTED} · about 2.37 EUR."
    shown = unescape(as_html(told, GRAZ, english)).replace("<bdi>", "").replace("</bdi>", "")
    assert f"{COUNTED} · about 2.37 EUR." in shown


@pytest.mark.parametrize(("language", "amount"), [("de", "1.234,50 EUR"), ("en", "1,234.50 EUR")])
def test_money_is_written_as_the_reader_writes_it(
    phrases: dict[str, Phrases], language: str, amount: str
) -> None:
    told = week(sent=SENT, spent=(Spent(Decimal("1234.50"), "EUR"),))
    assert amount in as_text(told, GRAZ, phrases[language])


def test_in_a_week_without_issues_too(phrases: dict[str, Phrases]) -> None:
    assert f"{COUNTED}." in as_text(week(sent=SENT), GRAZ, phrases["en"])
    assert "on WhatsApp 40" in as_html(week(sent=SENT), GRAZ, phrases["en"])


def test_where_nothing_was_sent_nothing_is_said(phrases: dict[str, Phrases]) -> None:
    told = week(issue(1, machine("Der Lift")))
    for draw in (as_text, as_html):
        assert "What we sent" not in draw(told, GRAZ, phrases["en"])
