"""Only what Twilio signed, for our public address, is read."""

import base64
import hashlib
import hmac
import re
import subprocess
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.channels.twilio_signature import MOST_FIELDS, SETTINGS, Fields, NotSigned, Signatures
from tests.peers.twilio_emulator import TwilioEmulator

PUBLIC = "https://bell.example.org"
TOKEN = "12345"
PATH = "/twilio/sms"
SALAM = {"Body": "سلام & 1 + 1 = 100 %", "From": "whatsapp:+436601234567", "ToCity": ""}


def signed_by_openssl(url: str, params: dict[str, str], token: str = TOKEN, digest: str = "sha1") -> str:
    """A signature that shares no line with ours."""
    text = url + "".join(name + params[name] for name in sorted(params))
    made = subprocess.run(
        ["openssl", "dgst", f"-{digest}", "-hmac", token, "-binary"],
        input=text.encode(), capture_output=True, check=True,
    )  # fmt: skip
    return base64.b64encode(made.stdout).decode()


def read(
    signature: str | None, body: bytes, path: str = PATH, *, public: str = PUBLIC, **headers: str
) -> Fields:
    named = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    if signature is not None:
        named["X-Twilio-Signature"] = signature
    return Signatures(public, TOKEN).read(path, named, body)


def form(params: dict[str, Any]) -> bytes:
    return urlencode(params, doseq=True).encode()


def test_the_published_example_is_signed():
    params = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
        "To": "+18005551212",
    }  # fmt: skip
    signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    fields = read(signature, form(params), "/myapp.php?foo=1&bar=2", public="https://mycompany.com")
    assert fields.first("Digits") == "1234"
    assert fields.first("Body") == ""


@pytest.mark.parametrize(
    ("label", "public", "signed"),
    [
        ("as it is configured", PUBLIC, PUBLIC),
        ("with the port that goes without saying", PUBLIC, f"{PUBLIC}:443"),
        ("a port of its own", f"{PUBLIC}:8443", f"{PUBLIC}:8443"),
        ("a port of its own that Twilio left out", f"{PUBLIC}:8443", PUBLIC),
        ("in a folder", f"{PUBLIC}/bell", f"{PUBLIC}/bell"),
        ("an emulator", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_what_openssl_signs_is_read(label, public, signed):
    signature = signed_by_openssl(f"{signed}{PATH}?row=7", SALAM)
    fields = read(signature, form(SALAM), f"{PATH}?row=7", public=public)
    assert fields.first("Body") == SALAM["Body"], label
    assert fields.first("ToCity") == ""


@pytest.mark.parametrize(
    ("label", "url"),
    [
        ("http for https", f"http://bell.example.org{PATH}"),
        ("another host", f"https://bell.example.com{PATH}"),
        ("where we really listen", f"http://127.0.0.1:8080{PATH}"),
        ("another account", f"{PUBLIC}/twilio/whatsapp"),
        ("a slash more", f"{PUBLIC}{PATH}/"),
        ("a query less", f"{PUBLIC}{PATH}"),
        ("another row", f"{PUBLIC}{PATH}?row=8"),
        ("a port nobody configured", f"{PUBLIC}:8443{PATH}?row=7"),
    ],
)
def test_a_right_signature_over_another_address_is_none(label, url):
    with pytest.raises(NotSigned, match=r"exactly the address"):
        read(signed_by_openssl(url, SALAM), form(SALAM), f"{PATH}?row=7")


def test_percents_in_the_address_stay_as_they_were_sent():
    path = f"{PATH}?a={quote('ü b')}"
    assert read(signed_by_openssl(f"{PUBLIC}{path}", SALAM), form(SALAM), path)
    with pytest.raises(NotSigned):
        read(signed_by_openssl(f"{PUBLIC}{PATH}?a=ü b", SALAM), form(SALAM), path)


@pytest.mark.parametrize(
    ("label", "signature", "said"),
    [
        ("none", None, "The header X-Twilio-Signature is missing"),
        ("an empty one", "", "The header X-Twilio-Signature is missing"),
        ("a wrong one", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "The signature does not fit"),
        ("letters beyond ASCII", "ü\udcff", "The signature does not fit"),
    ],
)
def test_a_signature_that_does_not_fit_is_told_in_a_sentence(label, signature, said):
    with pytest.raises(NotSigned, match=said):
        read(signature, form(SALAM))


@pytest.mark.parametrize(
    ("label", "token", "digest"),
    [("of another token", "54321", "sha1"), ("SHA-256 that does not say so", TOKEN, "sha256")],
)
def test_a_signature_made_in_another_way_does_not_fit(label, token, digest):
    with pytest.raises(NotSigned, match=r"The signature does not fit"):
        read(signed_by_openssl(f"{PUBLIC}{PATH}", SALAM, token, digest), form(SALAM))


def test_a_changed_word_breaks_the_signature():
    signature = signed_by_openssl(f"{PUBLIC}{PATH}", SALAM)
    with pytest.raises(NotSigned):
        read(signature, form(SALAM | {"Body": "stop"}))


# SHA-256


def settings(algorithm: str) -> dict[str, str]:
    return {SETTINGS.replace("-", "_"): f"key=webhooks_sharedkey_1,algorithm={algorithm}"}


def test_the_newer_way_signs_with_sha_256():
    signature = signed_by_openssl(f"{PUBLIC}{PATH}", SALAM, digest="sha256")
    assert read(signature, form(SALAM), **settings("HMAC_SHA256"))
    with pytest.raises(NotSigned):
        read(signed_by_openssl(f"{PUBLIC}{PATH}", SALAM), form(SALAM), **settings("HMAC_SHA256"))


def test_the_newer_way_may_have_a_key_of_its_own():
    signatures = Signatures(PUBLIC, TOKEN, "a shared key")
    url = f"{PUBLIC}{PATH}"
    newer = {SETTINGS: "key=1, algorithm=hmac_sha256"}
    shared = {"X-Twilio-Signature": signed_by_openssl(url, SALAM, "a shared key", "sha256")}
    assert signatures.read(PATH, shared | newer, form(SALAM))
    assert signatures.read(PATH, {"X-Twilio-Signature": signed_by_openssl(url, SALAM)}, form(SALAM))
    by_token = {"X-Twilio-Signature": signed_by_openssl(url, SALAM, digest="sha256")}
    with pytest.raises(NotSigned):
        signatures.read(PATH, by_token | newer, form(SALAM))


def test_an_algorithm_that_nobody_knows_is_refused(caplog):
    with pytest.raises(NotSigned, match=r"HMAC_SHA1 and HMAC_SHA256"):
        read("x", form(SALAM), **settings("HMAC_MD5"))
    assert not caplog.records


# JSON


def test_a_json_body_is_known_by_its_hash_in_the_address():
    body = (
        b'{"MessageSid": "SM1", "Body": "\\ud83d half", "NumMedia": 1, "Forwarded": true, "more": {"x": 1}}'
    )
    path = f"{PATH}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = signed_by_openssl(f"{PUBLIC}{path}", {})
    fields = read(signature, body, path, Content_Type="application/json; charset=utf-8")
    assert fields.first("MessageSid") == "SM1"
    assert fields.first("NumMedia") == "1"
    assert fields.first("more") == ""
    with pytest.raises(NotSigned, match=r"The body is not the one"):
        read(signature, body + b" ", path, Content_Type="application/json")
    with pytest.raises(NotSigned, match=r"must carry bodySHA256"):
        read(signed_by_openssl(f"{PUBLIC}{PATH}", {}), body, Content_Type="application/json")


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b"[" * 100_000, b"\xff", b'{"a":' + b"9" * 9000 + b"}"])
def test_json_that_is_none_says_nothing(body):
    path = f"{PATH}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert read(signed_by_openssl(f"{PUBLIC}{path}", {}), body, path, Content_Type="application/json") == {}


# Strange bodies


def test_a_value_that_is_repeated_counts_once_and_in_order(twilio_emulator: TwilioEmulator):
    body = {"MediaUrl": ["b", "a", "b"], "Body": [""]}
    signature = twilio_emulator.sign(f"{PUBLIC}{PATH}", body, TOKEN)
    assert read(signature, form(body)).first("MediaUrl") == "b"


def test_more_fields_than_twilio_ever_posts_are_not_even_read():
    once = base64.b64encode(hmac.digest(TOKEN.encode(), f"{PUBLIC}{PATH}Bodyx".encode(), "sha1")).decode()
    assert read(once, b"&".join([b"Body=x"] * MOST_FIELDS)).first("Body") == "x"
    for body in ([b"Body=x"] * 10_000, [b"B%d=x" % n for n in range(10_000)], [b""] * 10_000):
        with pytest.raises(NotSigned, match="more than 1000 fields"):
            read(once, b"&".join(body))


def test_half_a_letter_ends_in_a_refusal_and_never_in_a_fault(twilio_emulator: TwilioEmulator):
    for body in (b"Body=%ED%A0%BD", b"Body=\xed\xa0\xbd", b"Body=\xff&%ff=%fe"):
        with pytest.raises(NotSigned):
            read("x", body)
    # Twilio's own packages put a replacement in its place before they sign.
    replaced = "a\ufffdb"
    signature = twilio_emulator.sign(f"{PUBLIC}{PATH}", {"Body": replaced}, TOKEN)
    assert read(signature, form({"Body": replaced})).first("Body") == replaced


@given(
    path=st.text(),
    body=st.binary(),
    signature=st.text(),
    mime=st.sampled_from(["", "text/plain", "application/json"]),
)
def test_whatever_a_stranger_sends_it_is_refused(path, body, signature, mime):
    with pytest.raises(NotSigned):
        read(signature, body, f"/{path}", Content_Type=mime)


# Another signer


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.dictionaries(st.from_regex(re.compile(r"[A-Za-z]{1,12}[0-9]?"), fullmatch=True), WORDS, max_size=6))
def test_what_twilio_s_own_node_package_signs_is_read(twilio_emulator: TwilioEmulator, params):
    path = f"{PATH}/status?row=17"
    signature = twilio_emulator.sign(f"{PUBLIC}{path}", params, TOKEN)
    fields = read(signature, form(params), path)
    assert {name: fields.first(name) for name in params} == params


def test_what_twilio_s_own_node_package_hashes_is_read(twilio_emulator: TwilioEmulator):
    body = '{"Body": "سلام"}'
    path = f"{PATH}?bodySHA256={twilio_emulator.body_hash(body)}"
    signature = twilio_emulator.sign(f"{PUBLIC}{path}", {}, TOKEN)
    assert read(signature, body.encode(), path, Content_Type="application/json").first("Body") == "سلام"
