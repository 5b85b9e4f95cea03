"""What counts as words: letters that can be seen, in any script."""

from __future__ import annotations

import pytest

from flows.raise_issue import has_words, seen


@pytest.mark.parametrize(
    ("text", "has"),
    [
        pytest.param("no", True, id="two letters"),
        pytest.param("مي", True, id="two Arabic letters"),
        pytest.param("火事", True, id="two characters"),
        pytest.param("a", False, id="one letter"),
        pytest.param("12", False, id="a number"),
        pytest.param("?!", False, id="marks"),
        pytest.param("👨‍👩‍👧", False, id="a family, joined"),
        pytest.param("\u200b\u200b\u200d\ufeff\u2060", False, id="zero-width characters"),
        pytest.param("\u3164\u115f\u1160\uffa0", False, id="fillers, which Unicode calls letters"),
    ],
)
def test_words(text: str, has: bool) -> None:
    assert has_words(text) is has


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [
        ("a", True),
        ("1", True),
        ("👨‍👩‍👧", True),
        ("a\u200bb", True),
        ("", False),
        (" \n\u00a0", False),
        ("\u200b\u200d\ufeff\u2060", False),
        ("\u3164\ufe0f", False),
    ],
)
def test_something_to_see(text: str, is_seen: bool) -> None:
    assert seen(text) is is_seen
