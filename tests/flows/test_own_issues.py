"""What became of an issue is listed once its person was told of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.issue import Happened, IssueStatus, OwnIssue
from core.known import Known
from flows.given import Given
from flows.own_issues import status_text
from tests.flows.talk import DAY, GRAZ, MORNING, Talk
from translations import catalogs

FILED = Happened(MORNING, "filed")
SEEN = Happened(MORNING + DAY, "seen")
ASKED = Happened(MORNING + 2 * DAY, "asked")
DISCUSSED = Happened(MORNING + 3 * DAY, "discussed", "2026-12-08")


def untold(happened: Happened) -> Happened:
    return replace(happened, told=False)


def listed(status: IssueStatus, *history: Happened) -> list[str]:
    """The lines of one issue behind its first, as its person reads them."""
    issue = OwnIssue("GRZ-7K4M", status, MORNING, MORNING + 14 * DAY, "The lift", history=history)
    contact = Talk().contact
    now = MORNING + 4 * DAY
    given = Given(GRAZ, contact, Known(issues=(issue,)), now, now, "GRZ-2222", "r1")
    return status_text(given, catalogs.load()["en"]).split("\n")[3:]


@pytest.mark.parametrize(
    ("status", "history", "lines"),
    [
        pytest.param(
            "discussed",
            (FILED, DISCUSSED),
            ["23 November 2026: to be discussed on 8 December 2026.", "the council talks about it."],
            id="told",
        ),
        pytest.param("discussed", (FILED, untold(DISCUSSED)), ["sent to the council."], id="its words wait"),
        pytest.param(
            "discussed",
            (FILED, SEEN, untold(DISCUSSED)),
            ["21 November 2026: it was read.", "read."],
            id="read is all they know",
        ),
        pytest.param(
            "asked", (FILED, untold(ASKED)), ["sent to the council."], id="a question that waits its turn"
        ),
        pytest.param(
            "asked",
            (FILED, ASKED),
            ["22 November 2026: you were asked something.", "the council asks you something."],
            id="a question they have read",
        ),
        pytest.param(
            "asked",
            (FILED, ASKED, Happened(MORNING + 3 * DAY, "replied")),
            [
                *("22 November 2026: you were asked something.", "23 November 2026: you answered."),
                "you answered what the council asked.",
            ],
            id="a question they have answered",
        ),
        pytest.param(
            "closed",
            (FILED, untold(ASKED), DISCUSSED, SEEN, Happened(MORNING + 4 * DAY, "closed")),
            [
                "23 November 2026: to be discussed on 8 December 2026.",
                *("21 November 2026: it was read.", "24 November 2026: it was closed.", "closed."),
            ],
            id="one that was left in between",
        ),
    ],
)
def test_what_the_council_said_is_listed_once_it_was_told(
    status: IssueStatus, history: tuple[Happened, ...], lines: list[str]
) -> None:
    *before, last = listed(status, *history)
    assert before == lines[:-1]
    assert last.startswith(lines[-1])
