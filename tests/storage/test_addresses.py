"""Addresses are sealed with a key that is made once and kept from others."""

import base64
import stat
from pathlib import Path

import pytest

from core.errors import BadConfiguration, ForeignKey
from storage import Keyring, open_database
from tests.storage.town import Town

KEY = base64.b64encode(b"7" * 32).decode()


def test_what_is_sealed_can_be_unsealed_and_is_never_the_same_twice() -> None:
    ring = Keyring(b"k" * 32)
    sealed = ring.seal("telegram", "+43 660 1234567")
    assert ring.unseal("telegram", sealed) == "+43 660 1234567"
    assert b"1234567" not in sealed
    assert ring.seal("telegram", "+43 660 1234567") != sealed


def test_another_account_another_key_or_a_changed_byte_do_not_unseal() -> None:
    sealed = Keyring(b"k" * 32).seal("telegram", "4711")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for ring, account, what in (
        (Keyring(b"k" * 32), "web", sealed),
        (Keyring(b"x" * 32), "telegram", sealed),
        (Keyring(b"k" * 32), "telegram", changed),
        (Keyring(b"k" * 32), "telegram", b""),
    ):
        with pytest.raises(ForeignKey):
            ring.unseal(account, what)


def test_a_hash_is_the_same_for_the_same_address_on_the_same_account_and_key() -> None:
    ring, other = Keyring(b"k" * 32), Keyring(b"x" * 32)
    assert ring.hash("telegram", "4711") == Keyring(b"k" * 32).hash("telegram", "4711")
    hashes = [ring.hash("telegram", "4711"), ring.hash("web", "4711"), ring.hash("telegram", "4712")]
    hashes += [other.hash("telegram", "4711"), ring.hash("telegram4", "711")]
    assert len(set(hashes)) == len(hashes)


def test_an_id_for_media_is_the_same_when_the_message_is_repeated() -> None:
    ring = Keyring(b"k" * 32)
    one = ring.media_id("telegram", "message", "17", 0)
    assert one == ring.media_id("telegram", "message", "17", 0)
    assert len(one) == 32
    assert one != ring.media_id("telegram", "message", "17", 1)


def test_a_key_file_is_made_on_first_use_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "townbell.key"
    first = Keyring.load({}, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keyring.load({}, path).check == first.check
    assert [entry.name for entry in path.parent.iterdir()] == ["townbell.key"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "townbell.key"
    Keyring.load({}, path)
    path.chmod(0o640)
    with pytest.raises(BadConfiguration, match="chmod 600"):
        Keyring.load({}, path)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "townbell.key"
    assert Keyring.load({"TOWNBELL_KEY": KEY}, path).check == Keyring(b"7" * 32).check
    assert not path.exists()


@pytest.mark.parametrize("key", ["short", KEY[:-8], "!" * 44])
def test_a_key_that_is_none_is_told(tmp_path: Path, key: str) -> None:
    with pytest.raises(BadConfiguration, match="TOWNBELL_KEY"):
        Keyring.load({"TOWNBELL_KEY": key}, tmp_path / "unused")
    path = tmp_path / "townbell.key"
    path.write_text(key)
    path.chmod(0o600)
    with pytest.raises(BadConfiguration, match=r"townbell\.key"):
        Keyring.load({}, path)


async def test_a_database_knows_its_key(town: Town) -> None:
    with pytest.raises(ForeignKey, match="does not open what is stored"):
        await open_database(town.url, town.path, Keyring(b"x" * 32))
    await (await open_database(town.url, town.path, town.keyring)).close()
    assert town.keyring.check not in str(await town.rows("select sealed, hash from address"))
