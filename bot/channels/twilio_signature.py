"""Was it Twilio? Every post of theirs is signed; what is not signed for us is not read any further.

The signature covers the address that Twilio called. That is the configured public one, whatever a proxy made
of it on the way, and never what the request says about itself.
https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    RequestValidator,
    add_port,
    get_signature_algorithm,
    remove_port,
)

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODY_HASH = "bodySHA256"
#: theirs have some forty, and three more for each file; to read many takes longer than to send them
MOST_FIELDS = 1000


class NotSigned(Exception):
    """This was not signed by Twilio for this address."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Fields(dict[str, list[str]]):
    """What a post says: a name may come more than once, and then its first value counts."""

    def getall(self, name: str) -> list[str]:
        """All values of a name, as the validator asks for them."""
        return self[name]

    def first(self, name: str) -> str:
        """The value of a name; "" where it is not there, or is empty."""
        return self[name][0] if name in self else ""


class Signatures:
    """Knows the posts to one account from those of strangers."""

    def __init__(self, public_url: str, token: str, signing_key: str | None = None) -> None:
        self._public_url = public_url
        # The newer way signs with a key of its own, where one was made.
        self._validators = {
            HMAC_SHA1: RequestValidator(token),
            HMAC_SHA256: RequestValidator(signing_key or token),
        }

    def read(self, path: str, headers: Mapping[str, str], body: bytes) -> Fields:
        """What a signed post says; raises NotSigned. `path` is as it was sent, with its query."""
        signature = headers.get(SIGNATURE)
        if not signature:
            raise NotSigned(f"The header {SIGNATURE} is missing: only Twilio may call this address.")
        algorithm = get_signature_algorithm(headers.get(SETTINGS)).upper()
        validator = self._validators.get(algorithm)
        if validator is None:
            raise NotSigned(f"We know signatures with {HMAC_SHA1} and {HMAC_SHA256}, and no others.")
        url = f"{self._public_url}{path}"
        # A form is signed itself; of any other body only the hash is, as a part of the address.
        is_json = _mime(headers) == JSON
        if is_json:
            _see_that_the_hash_fits(url, body)
        fields = Fields() if is_json else _from_form(body)
        if not _signed(validator, algorithm, url, fields, signature):
            raise NotSigned(
                "The signature does not fit. Is the Auth Token the one of this account, and does Twilio call "
                "exactly the address that begins with http.public_url?"
            )
        return _from_json(body) if is_json else fields


def _see_that_the_hash_fits(url: str, body: bytes) -> None:
    hashed = dict(parse_qsl(urlsplit(url).query)).get(BODY_HASH)
    if hashed is None:
        raise NotSigned(f"The address of a JSON post must carry {BODY_HASH}.")
    if not _same(hashlib.sha256(body).hexdigest(), hashed):
        raise NotSigned(f"The body is not the one that {BODY_HASH} in the address belongs to.")


def _signed(validator: RequestValidator, algorithm: str, url: str, fields: Fields, signature: str) -> bool:
    try:
        parts = urlsplit(url)
        # Twilio signs now with the port and now without.
        addresses = sorted({url, add_port(parts), remove_port(parts)})
        right = [validator.compute_signature(address, fields, algorithm) for address in addresses]
    except ValueError:
        return False  # An address that is none, or half a letter: it cannot have been signed.
    return any(_same(one, signature) for one in right)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogateescape"))


def _mime(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", FORM).partition(";")[0].strip().lower()


def _from_form(body: bytes) -> Fields:
    """What a form says, signed or not."""
    if body.count(b"&") >= MOST_FIELDS:
        raise NotSigned(f"No post of Twilio's has more than {MOST_FIELDS} fields.")
    fields = Fields()
    # Empty ones are signed, too. What is no UTF-8 was signed as something else, and will not fit.
    text = body.decode("utf-8", "replace")
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        fields.setdefault(name, []).append(value)
    return fields


def _from_json(body: bytes) -> Fields:
    """What signed JSON says: the texts and numbers at its top."""
    try:
        said = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return Fields()
    if not isinstance(said, dict):
        return Fields()
    return Fields({name: [str(one)] for name, one in said.items() if isinstance(one, str | int | float)})
