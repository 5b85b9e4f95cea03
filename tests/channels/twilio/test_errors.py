"""What Twilio's error codes lead to."""

import pytest

from bot.channels.twilio_errors import meaning


@pytest.mark.parametrize(
    ("code", "means"),
    [
        pytest.param(20003, "credentials", id="the token is wrong"),
        pytest.param(20429, "throttled", id="too many requests"),
        pytest.param(63018, "throttled", id="too fast for WhatsApp"),
        pytest.param(21610, "stopped", id="they wrote STOP"),
        pytest.param(63016, "window", id="free text a day after they wrote"),
        pytest.param(30003, "retry", id="the phone is off"),
        pytest.param(30008, "retry", id="nobody knows why"),
        pytest.param(30005, "refused", id="no such number"),
        pytest.param(30006, "refused", id="a landline"),
        pytest.param(30007, "refused", id="filtered"),
        pytest.param(21211, "refused", id="no number at all"),
        pytest.param(21614, "refused", id="no mobile phone"),
        pytest.param(21617, "refused", id="too long"),
        pytest.param(21655, "refused", id="no such template"),
        pytest.param(21656, "refused", id="variables that do not fit"),
        pytest.param(63003, "refused", id="nobody there on WhatsApp"),
        pytest.param(63024, "refused", id="not to be reached on WhatsApp"),
        pytest.param(63032, "refused", id="WhatsApp does not deliver to them"),
        pytest.param(99999, "refused", id="a code we never heard of"),
        pytest.param(0, "refused", id="no code at all"),
    ],
)
def test_a_code_says_what_to_do(code: int, means: str):
    assert meaning(code) == means
