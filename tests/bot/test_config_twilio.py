"""Senders at Twilio: numbers, services, templates, and whether Twilio reaches us."""
# ruff: noqa: E501 - a fault is compared as people see it, on one line

import pytest

from bot.config import Secret, Template, TwilioAccount
from tests.bot.configured import COUNCIL, REACHED, SMS, TWILIO_TOKEN, WEB, WHATSAPP, faults_of, understood

HX = f"HX{'2' * 32}"
MG = f"MG{'3' * 32}"
TERMINAL = '\n[[accounts]]\nkey = "terminal"\nchannel = "terminal"\n'
NEWS = f'[accounts.templates.news.de]\nsid = "{HX}"\n'


def test_a_number_that_needs_little():
    (account,) = understood(REACHED + COUNCIL + SMS, TWILIO_TOKEN=TWILIO_TOKEN).accounts
    assert account == TwilioAccount(
        "sms", "sms", "graz", f"AC{'1' * 32}", Secret(TWILIO_TOKEN), "+436601234567"
    )


def test_a_whatsapp_sender_that_needs_much(tmp_path):
    (tmp_path / "token").write_text(f"{TWILIO_TOKEN}\n")
    text = (
        f'{REACHED}{COUNCIL}{WEB}{WHATSAPP}token_file = "{tmp_path}/token"\nsigning_key_env = "KEY"\nuse = "invitations"\n'
        f'most_segments = 2\nkeep_at_twilio = true\napi_url = "http://127.0.0.1:4000/"\n{NEWS}'
        f'variables = ["council", "reference"]\n[accounts.templates.reply.en]\nsid = "{HX}"'
    )
    _, account = understood(text, KEY="a shared key").accounts
    assert isinstance(account, TwilioAccount)
    assert (account.token, account.signing_key) == (Secret(TWILIO_TOKEN), Secret("a shared key"))
    assert (account.use, account.most_segments, account.keep_at_twilio) == ("invitations", 2, True)
    assert account.api_url == "http://127.0.0.1:4000"
    assert account.templates == {
        "news": {"de": Template(HX, ("council", "reference"))},
        "reply": {"en": Template(HX)},
    }


@pytest.mark.parametrize(
    ("account", "sender"),
    [
        pytest.param(SMS, "12345", id="a short code"),
        pytest.param(SMS, MG, id="a service for SMS"),
        pytest.param(WHATSAPP, MG, id="a service for WhatsApp"),
    ],
)
def test_a_sender_may_be_more_than_a_number(account, sender):
    text = account.replace("whatsapp:+436601234567", sender).replace("+436601234567", sender)
    (read,) = understood(REACHED + COUNCIL + text, TWILIO_TOKEN=TWILIO_TOKEN).accounts
    assert isinstance(read, TwilioAccount)
    assert read.sender == sender


def test_a_sender_of_invitations_stands_beside_one_that_is_for_talk():
    invites = SMS.replace("sms", "invites", 1).replace("4567", "4568") + 'use = "invitations"\n'
    talks, other = understood(REACHED + COUNCIL + SMS + invites, TWILIO_TOKEN=TWILIO_TOKEN).accounts
    assert (talks.use, other.use) == ("talk", "invitations")  # type: ignore[attr-defined]


def test_an_emulator_on_this_machine_needs_no_https():
    for host in ("127.0.0.1:8080", "localhost", "[::1]:8080"):
        text = f'[http]\npublic_url = "http://{host}"\n{COUNCIL}{SMS}'
        assert understood(text, TWILIO_TOKEN=TWILIO_TOKEN).accounts


SENDER_SAID = 'must be a number such as "+436601234567", a short code, or a messaging service (MG and 32 of 0-9 a-f); a name of letters gets no answers'


@pytest.mark.parametrize(
    ("label", "text", "fault"),
    [
        ("no account", SMS.replace(f"AC{'1' * 32}", "AC1"), '0].sid ("sms"): must be the Account SID, AC and 32 of 0-9 a-f; Twilio\'s console shows it on its first page; it is "AC1".'),
        ("a sender without plus", SMS.replace("+436601234567", "436601234567"), f'0].sender ("sms"): {SENDER_SAID}; it is "436601234567".'),
        ("a sender of letters", SMS.replace("+436601234567", "GRAZ"), f'0].sender ("sms"): {SENDER_SAID}; it is "GRAZ".'),
        ("no sender", SMS.replace('sender = "+436601234567"', ""), f'0].sender ("sms"): {SENDER_SAID}; it is "".'),
        ("a number for WhatsApp without its prefix", WHATSAPP.replace("whatsapp:+", "+"), '0].sender ("whatsapp"): must be a WhatsApp sender such as "whatsapp:+436601234567", or a messaging service (MG and 32 of 0-9 a-f); it is "+436601234567".'),
        ("one sender twice", SMS + SMS.replace('key = "sms"', 'key = "two"'), '1].sender ("two"): has the same sender as accounts[0]; each needs its own.'),
        ("a use there is not", f'{SMS}use = "talking"', '0].use ("sms"): must be "talk" or "invitations"; it is "talking"; did you mean "talk"?'),
        ("invitations and nothing else", f'{SMS}use = "invitations"', '0].use ("sms"): is all that the council has, and people have to write to something. Add an account that is for talk, or leave this out: it is "talk" then, and does both.'),
        ("invitations beside the terminal", f'{SMS}use = "invitations"{TERMINAL}', '0].use ("sms"): is all that the council has, and people have to write to something. Add an account that is for talk, or leave this out: it is "talk" then, and does both.'),
        ("no segments", f"{SMS}most_segments = 0", '0].most_segments ("sms"): must be at least 1; it is 0.'),
        ("yes in words", f'{SMS}keep_at_twilio = "yes"', '0].keep_at_twilio ("sms"): must be true or false, without quotes; it is "yes".'),
        ("the token in the file", f'{SMS}token = "{TWILIO_TOKEN}"', '0].token ("sms"): a secret does not belong in this file. Put it into the environment, and write the NAME of the variable here: token_env = "TWILIO_TOKEN".'),
        ("the token for its variable", f'{SMS}token_env = "{TWILIO_TOKEN}"', '0].token_env ("sms"): must be the NAME of an environment variable, but looks like the Auth Token itself. Take it out of the file; if anybody else could read the file, make a new one in Twilio\'s console.'),
        ("no token", f'{SMS}token_env = "NO"', '0].token_env ("sms"): the environment variable NO is not set. Twilio\'s console shows the Auth Token on its first page, below Account Info; then: export NO=...'),
        ("half a token", f'{SMS}token_env = "HALF"', '0].token_env ("sms"): what it names is not an Auth Token. Twilio\'s console shows the Auth Token on its first page, below Account Info.'),
        ("no signing key", f'{SMS}signing_key_env = "NO"', '0].signing_key_env ("sms"): the environment variable NO is not set. It is the secret of the key that signs Twilio\'s posts: export NO=...'),
        ("templates by SMS", SMS + NEWS, '0].templates ("sms"): are for WhatsApp only; by SMS we may always write.'),
        ("a purpose there is not", WHATSAPP + NEWS.replace("news", "newz"), '0].templates.newz ("whatsapp"): must be "reply" or "news" or "invitation" or "reminder"; it is "newz"; did you mean "news"?'),
        ("a language there is not", WHATSAPP + NEWS.replace(".de", ".sr_latn"), '0].templates.news.sr_latn ("whatsapp"): there is no catalog for "sr_latn"; did you mean "sr-Latn"? There are: ar, de, en, es, sl, sr-Latn, uk.'),
        ("no template", WHATSAPP + NEWS.replace(HX, "HX2"), '0].templates.news.de.sid ("whatsapp"): must be HX and 32 of 0-9 a-f; it is "HX2".'),
        ("a template without sid", WHATSAPP + "[accounts.templates.news.de]", '0].templates.news.de.sid ("whatsapp"): is missing.'),
        ("a variable there is not", f'{WHATSAPP}{NEWS}variables = ["council", "name"]', '0].templates.news.de.variables[1] ("whatsapp"): nothing is called so; {{2}} can be council, reference, text; it is "name".'),
        ("a gap", f'{WHATSAPP}{NEWS}variables = ["council", "", "text"]', '0].templates.news.de.variables[1] ("whatsapp"): must not be empty: {{2}} would have no words.'),
        ("a typo in a template", f"{WHATSAPP}{NEWS}variable = []", '0].templates.news.de.variable ("whatsapp"): there is no such setting; did you mean "variables"?'),
    ],
)  # fmt: skip
def test_a_fault_of_a_sender_is_told_with_its_place(label, text, fault):
    environ = {"TWILIO_TOKEN": TWILIO_TOKEN, "HALF": "half-a-token"}
    assert faults_of(REACHED + COUNCIL + text, **environ) == (f"accounts[{fault}",), label


@pytest.mark.parametrize("url", ["", "http://bell.example.org", "http://10.0.0.7:8080"])
def test_twilio_has_to_reach_us_by_https(url):
    assert faults_of(f'[http]\npublic_url = "{url}"\n{COUNCIL}{SMS}', TWILIO_TOKEN=TWILIO_TOKEN) == (
        'accounts[0].channel ("sms"): Twilio reaches us only when http.public_url begins with https:// (http:// is for an emulator on this machine).',
    )


def test_no_secret_of_twilio_is_shown():
    text = f'{REACHED}{COUNCIL}{SMS}signing_key_env = "KEY"'
    settings = understood(text, TWILIO_TOKEN=TWILIO_TOKEN, KEY="a shared key")
    assert TWILIO_TOKEN not in f"{settings!r} {vars(settings)}"
    assert "a shared key" not in f"{settings!r} {vars(settings)}"
    wrong = f'token = "{TWILIO_TOKEN}"\ntoken_file = 5\nsigning_key = "{TWILIO_TOKEN}"\nsigning_key_env = "{TWILIO_TOKEN}"\n'
    told = " ".join(faults_of(f"{REACHED}{COUNCIL}{SMS}{wrong}"))
    assert TWILIO_TOKEN not in told
