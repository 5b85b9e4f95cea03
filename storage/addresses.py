"""Addresses are sealed, and found by keyed hash. Only senders unseal."""

from __future__ import annotations

import base64
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import BadConfiguration, ForeignKey
from storage.files import sync_folder
from storage.tx import Tx

VARIABLE = "TOWNBELL_KEY"
KEY_BYTES = 32
NONCE_BYTES = 12
NAME_BYTES = 16  # drawn for a name we give; the mark behind them is as long
#: whose addresses are numbers of phones, of E.164; Twilio writes "whatsapp:" before those of WhatsApp
WITH_NUMBERS = frozenset(("sms", "whatsapp"))
_NUMBER = re.compile(r"(?:whatsapp:)?(\+[1-9][0-9]{4,14})")
#: the first byte of what is sealed: how it was sealed, so that another way can come beside it
SEALED_AS = b"\x01"


class Keyring:
    """The keys of one installation, all derived from one of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"A key has {KEY_BYTES} bytes, not {len(key)}.")
        self._cipher = AESGCM(_derive(key, "seal"))
        self._hash_key = _derive(key, "hash")
        self._phone_key = _derive(key, "phone")
        self._media_key = _derive(key, "media")
        self._name_key = _derive(key, "name")
        #: tells whether a database belongs to this key, and tells nothing else about it
        self.check = _derive(key, "check").hex()

    @classmethod
    def load(cls, environ: Mapping[str, str], path: Path, *, first_use: bool = True) -> Keyring:
        """The key in TOWNBELL_KEY (base64, 32 bytes), else in the key file, which is made on first use.

        A file that others may read is refused (BadConfiguration); so is a missing one where there are
        addresses already that only it opens (ForeignKey).
        """
        if text := environ.get(VARIABLE, ""):
            return cls(_decode(text, f"environment variable {VARIABLE}"))
        if not path.exists():
            if not first_use:
                raise ForeignKey(f"The key {path} is missing, and the database needs it: put your copy back.")
            _make(path)
        if path.stat().st_mode & 0o077:
            raise BadConfiguration(
                str(path),
                [f"Others may read the key of this installation: chmod 600 {path} (and ask who has)."],
            )
        return cls(_decode(path.read_text(encoding="ascii", errors="replace"), str(path)))

    def seal(self, account: str, address: str) -> bytes:
        """The address, encrypted and bound to its account."""
        nonce = os.urandom(NONCE_BYTES)
        return SEALED_AS + nonce + self._cipher.encrypt(nonce, _bytes(address), _bytes(account))

    def unseal(self, account: str, sealed: bytes) -> str:
        """The address again; ForeignKey when another key, or another account, sealed it."""
        nonce, secret = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, secret, _bytes(account)).decode("utf-8", "surrogatepass")
        except (InvalidTag, ValueError):
            raise ForeignKey from None

    def hash(self, account: str, address: str) -> bytes:
        """What an address is found by: the same address on the same account, and nothing to guess it from."""
        return hmac.digest(self._hash_key, _bytes(f"{account}\0{address}"), "sha256")

    def phone_hash(self, channel: str, address: str) -> bytes | None:
        """What a phone is known by at every sender that its number stands for somebody at; None where an
        address is no number: on WhatsApp it may be anything.
        """
        number = _NUMBER.fullmatch(address) if channel in WITH_NUMBERS else None
        return hmac.digest(self._phone_key, _bytes(number[1]), "sha256") if number else None

    def media_id(self, account: str, kind: str, external_id: str, n: int) -> str:
        """The id of a message's n-th attachment: the same when the message is repeated, and not guessable."""
        name = "\0".join((account, kind, external_id, str(n)))
        return hmac.digest(self._media_key, _bytes(name), "sha256").hex()[:32]

    def new_name(self, account: str) -> str:
        """A name for somebody who has none on this account: 43 characters that nobody else can make."""
        return self._name(account, secrets.token_bytes(NAME_BYTES))

    def is_name(self, account: str, name: str) -> bool:
        """Whether we made this name."""
        try:
            drawn = base64.urlsafe_b64decode(name + "=")[:NAME_BYTES]
        except ValueError:
            return False
        # The whole is compared, not the mark: base64 writes the same bytes in more than one way.
        return hmac.compare_digest(_bytes(self._name(account, drawn)), _bytes(name))

    def _name(self, account: str, drawn: bytes) -> str:
        mark = hmac.digest(self._name_key, _bytes(f"{account}\0") + drawn, "sha256")[:NAME_BYTES]
        return base64.urlsafe_b64encode(drawn + mark).decode("ascii").rstrip("=")


async def check_key(tx: Tx, keyring: Keyring) -> None:
    """Remember the key's check value at the first use of a database; later refuse another key."""
    await tx.do("first_fact", name="key", value=keyring.check)
    if await tx.value("fact", name="key") != keyring.check:
        raise ForeignKey


def _bytes(text: str) -> bytes:
    # An address is opaque: whatever a provider calls somebody has to be found again.
    return text.encode("utf-8", "surrogatepass")


def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"townbell {purpose}".encode()).derive(key)


def _decode(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BadConfiguration(
            source, [f"A key is {KEY_BYTES} random bytes in base64: openssl rand -base64 32"]
        )
    return key


def _make(path: Path) -> None:
    """Write a new key, whole or not at all; who comes second keeps what the first has made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        # Without its key a database is worth nothing: the name must be on disk before anything is sealed.
        sync_folder(path.parent)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)
