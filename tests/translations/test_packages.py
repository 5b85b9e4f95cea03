"""A package gets in whole and as expected, or not at all; what is installed stays as long as it is needed."""
# ruff: noqa: E501 - a fault is compared as people see it, on one line

import errno
import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.errors import TownbellError
from tests.journeys.installation import HOUSE
from tests.peers.argos_index import MODELS
from translations.packages import archive, installing, library, models_folder, sums
from translations.packages.index import Offer
from translations.packages.models_folder import CannotKeep
from translations.packages.package import BadPackage, Direction
from translations.packages.sums import WrongSum

TOP = "translate-es_en-1_0"
ES_EN = MODELS / "translate-es_en.argosmodel"
METADATA = {"from_code": "es", "to_code": "en", "package_version": "1.0"}
GIB = 1024**3


def packed(*members: tuple[str | zipfile.ZipInfo, bytes], top: str = TOP, **metadata: Any) -> io.BytesIO:
    """A package with nothing true in it; `members` come beside, or instead of, what belongs there."""
    content: dict[str, bytes] = {
        f"{top}/metadata.json": json.dumps(METADATA | metadata).encode(),
        f"{top}/sentencepiece.model": b"pieces",
        f"{top}/model/model.bin": b"weights",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, payload in [*content.items(), *members]:
            made.writestr(name, payload)
    return file


def without(name: str, *members: tuple[str, bytes]) -> io.BytesIO:
    """A package that lacks a file."""
    file = io.BytesIO()
    with zipfile.ZipFile(packed()) as whole, zipfile.ZipFile(file, "w") as made:
        for info in whole.infolist():
            if info.filename != f"{TOP}/{name}":
                made.writestr(info, whole.read(info))
        for member, payload in members:
            made.writestr(member, payload)
    return file


def entry(name: str, kind: int = stat.S_IFREG, **fields: Any) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o644) << 16
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def patched(old: bytes, new: bytes) -> io.BytesIO:
    """A package whose bytes are changed after it was packed."""
    content = packed((entry(f"{TOP}/model/extra.txt"), b"some words")).getvalue()
    assert old in content
    return io.BytesIO(content.replace(old, new))


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def install(file: Any, models: Path, **how: Any) -> installing.Done:
    return installing.install(file, "it.argosmodel", models, **how)


# A package that is as it should be


def test_a_real_package_is_installed_and_removed(models):
    with ES_EN.open("rb") as file:
        done = install(file, models)

    assert (done.installed.direction, done.installed.version) == (Direction("es", "en"), "1.0")
    assert done.installed.folder.name == "translate-es_en-1_0-6dc074b6"
    assert not done.known
    (here,) = models_folder.installed(models)
    assert here == done.installed
    with zipfile.ZipFile(ES_EN) as original:
        assert content_of(here.folder) == {
            name.removeprefix(f"{TOP}/"): original.read(name) for name in original.namelist()
        }
    assert here.size == 1_394_977

    assert installing.remove(models, Direction("es", "en")) == [here]
    assert models_folder.installed(models) == []
    assert [path.name for path in models.iterdir()] == ["sums.json"]


def test_a_model_is_for_its_owner_alone(models):
    folder = install(packed(), models).installed.folder
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (folder / "model").stat().st_mode & 0o777 == 0o700


def test_a_splitter_that_is_never_loaded_is_left_out(models):
    package = packed((f"{TOP}/stanza/en/tokenize.pt", b"large"), (f"{TOP}/README.md", b"# Read"))
    folder = install(package, models).installed.folder
    assert sorted(content_of(folder)) == [
        "README.md", "metadata.json", "model/model.bin", "sentencepiece.model",
    ]  # fmt: skip


def test_a_newer_version_takes_the_place_of_the_old_one(models):
    old = install(packed(), models).installed
    done = install(packed(package_version="1.10"), models)
    assert done.replaced == (old,)
    assert not old.folder.exists()
    assert [one.version for one in models_folder.installed(models)] == ["1.10"]


def test_other_directions_stay(models):
    install(packed(), models)
    install(packed(from_code="en", to_code="de"), models)
    assert [str(one.direction) for one in models_folder.installed(models)] == ["en -> de", "es -> en"]


def test_the_same_package_again_mends_what_was_damaged(models):
    folder = install(packed(), models).installed.folder
    (folder / "model" / "model.bin").unlink()
    assert models_folder.installed(models) == []
    assert models_folder.damaged(models) == [folder]

    install(packed(), models)
    assert models_folder.damaged(models) == []
    assert len(models_folder.installed(models)) == 1


# A package that is not


@pytest.mark.parametrize(
    ("label", "package", "sentence"),
    [
        ("no archive", lambda: io.BytesIO(b"<html>Not found</html>"), "is broken, or is no model package"),
        ("nothing at all", lambda: io.BytesIO(b""), "is broken, or is no model package"),
        ("cut off", lambda: io.BytesIO(packed().getvalue()[:-40]), "is broken, or is no model package"),
        ("a file is changed", lambda: patched(b"some words", b"same words"), "is broken"),
        ("empty", lambda: io.BytesIO(b"PK\x05\x06" + 18 * b"\0"), "it holds nothing"),
        ("out by ..", lambda: packed((f"{TOP}/../../x", b"")), "may lead out of its folder"),
        ("out by /", lambda: packed(("/etc/cron.d/x", b"")), "may lead out of its folder"),
        ("out by \\", lambda: patched(b"model/extra.txt", b"model\\extra.txt"), "may lead out of its folder"),
        ("a drive", lambda: packed(("C:/x", b"")), "may lead out of its folder"),
        ("a folder out", lambda: packed((f"{TOP}/../out/", b"")), "may lead out of its folder"),
        ("a hidden end", lambda: patched(b"model/extra.txt", b"model/extr\0.txt"), "may lead out of its"),
        ("a hidden file", lambda: packed((f"{TOP}/.bashrc", b"")), "is not a plain one"),
        ("a link", lambda: packed((entry(f"{TOP}/model/l", stat.S_IFLNK), b"/etc/passwd")), "is a link"),
        ("a device", lambda: packed((entry(f"{TOP}/model/d", stat.S_IFCHR), b"")), "is a link, or no file"),
        ("a pipe", lambda: packed((entry(f"{TOP}/p", stat.S_IFIFO), b"")), "is a link, or no file at all"),
        ("packed oddly", lambda: packed((entry(f"{TOP}/b", compress_type=zipfile.ZIP_BZIP2), b"")), "packed in a way"),
        ("two folders", lambda: packed(("other/x", b"")), "it must hold one folder, and nothing beside it"),
        ("a file beside", lambda: packed(("x", b"")), "it must hold one folder, and nothing beside it"),
        ("a file as folder", lambda: packed((f"{TOP}/model", b"")), "it holds a file twice"),
        ("many files", lambda: packed(*((f"{TOP}/{n}", b"") for n in range(archive.FILES))), "more than 1,000 files"),
        ("no metadata", lambda: without("metadata.json"), "there is no metadata.json in it"),
        ("no model", lambda: without("model/model.bin"), "there is no model/model.bin in it"),
        ("no subwords", lambda: without("sentencepiece.model"), "there is no sentencepiece.model in it."),
        ("the old kind", lambda: without("sentencepiece.model", (f"{TOP}/bpe.model", b"")), "one of the old kind"),
        ("metadata no JSON", lambda: without("metadata.json", (f"{TOP}/metadata.json", b"{")), "(it is not JSON)"),
        ("metadata no text", lambda: without("metadata.json", (f"{TOP}/metadata.json", b"\xff")), "(it is not JSON)"),
        ("metadata deep", lambda: without("metadata.json", (f"{TOP}/metadata.json", b"[" * 60_000)), "it is not JSON"),
        ("metadata a list", lambda: without("metadata.json", (f"{TOP}/metadata.json", b"[]")), "(it is no table)"),
        ("metadata large", lambda: packed(readme="x" * archive.METADATA), "its metadata.json is too large"),
        ("no language", lambda: packed(from_code=None), "(from_code is missing or unreadable)"),
        ("a path as language", lambda: packed(to_code="../../x"), "(to_code is missing or unreadable)"),
        ("no version", lambda: packed(package_version=""), "(package_version is missing or unreadable)"),
        ("a number as version", lambda: packed(package_version=1), "(package_version is missing or unreadable)"),
        ("a splitter", lambda: packed(type="sbd"), "(it is not for translating)"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)  # fmt: skip
def test_a_bad_package_is_refused_and_leaves_nothing(
    models, label, package: Callable[[], io.BytesIO], sentence
):
    before = install(packed(package_version="0.9"), models).installed
    files = content_of(models)

    with pytest.raises(BadPackage) as refused:
        install(package(), models)

    assert sentence in str(refused.value)
    assert str(refused.value).startswith("it.argosmodel is ")
    assert models_folder.installed(models) == [before]
    assert content_of(models) == files
    assert sorted(path.name for path in models.parent.iterdir()) == ["models"]


def test_a_bomb_is_not_unpacked(models, monkeypatch):
    monkeypatch.setattr(archive, "UNPACKED", 1000)
    with pytest.raises(BadPackage, match=r"unpacked it is larger than 0\.0 MB"):
        install(packed((f"{TOP}/model/zeros", bytes(10_000))), models)
    assert list(models.iterdir()) == []


# The sum


def test_a_sum_that_was_given_must_be_right(models):
    right = installing.install(packed(), "it", models).sum
    with pytest.raises(WrongSum) as refused:
        install(packed(package_version="1.1"), models, sha256=right)
    assert f"the one you gave:  {right}" in str(refused.value)
    assert "give that with --sha256" in str(refused.value)
    assert install(packed(), models, sha256=right.upper()).known


def test_a_wrong_sum_is_told_before_anything_is_read(models):
    with pytest.raises(WrongSum):
        install(io.BytesIO(b"no archive"), models, sha256=64 * "0")


def test_a_sum_of_the_configuration_must_be_right(models):
    with pytest.raises(WrongSum, match="the one the configuration names:  0000"):
        install(packed(), models, known={"es_en-1.0": 64 * "0"})
    right = install(packed(), models, known={"en_es-1.0": 64 * "0"}).sum
    assert install(packed(), models, known={"es_en-1.0": right}).known


def test_another_content_of_the_same_version_is_refused(models):
    first = install(packed(), models)
    assert not first.known
    assert install(packed(), models).known

    installing.remove(models, Direction("es", "en"))
    with pytest.raises(WrongSum, match=f"the one it had before:  {first.sum}"):
        install(packed(argos_version="1.9"), models)


def test_a_new_sum_that_is_given_goes_before_the_recorded_one(models):
    install(packed(), models)
    other = packed(argos_version="1.9")
    its_sum = sums.sum_of(other)
    done = install(other, models, sha256=its_sum)
    assert done.known
    assert len(done.replaced) == 1
    assert len(models_folder.installed(models)) == 1
    assert install(other, models).known


def test_a_package_that_calls_itself_otherwise_is_still_held_to_the_sum(models):
    # The index says 1.1, and its sum is known; what comes says that it is 1.0.
    offer = Offer(Direction("es", "en"), "1.1", ("http://127.0.0.1/x",))
    with pytest.raises(WrongSum):
        install(packed(), models, offer=offer, known={"es_en-1.1": 64 * "0"})


def test_sums_that_cannot_be_read_are_told(models):
    for text in ("{", "[]", '{"es_en-1.0": 1}'):
        (models / "sums.json").write_text(text)
        with pytest.raises(CannotKeep, match=r"sums.json cannot be read. Remove it"):
            install(packed(), models)


def test_another_language_than_promised_is_refused(models):
    offer = Offer(Direction("es", "de"), "1.0", ("http://127.0.0.1/x",))
    with pytest.raises(BadPackage, match="the index says it is es -> de, but it is es -> en"):
        install(packed(), models, offer=offer)


# The disk


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (errno.ENOSPC, "is on a disk that is full. Free some space and try again; nothing was installed."),
        (errno.EACCES, "belongs to somebody else. Give it to the user who runs Townbell: chown -R "),
        (errno.EROFS, "is on a read-only disk."),
        (errno.EIO, "cannot be written: input/output error."),
    ],
)
def test_what_the_disk_refuses_is_told(models, monkeypatch, fault, sentence):
    def refuses(*_: Any) -> None:
        raise OSError(fault, "no")

    monkeypatch.setattr(shutil, "copyfileobj", refuses)
    with pytest.raises(CannotKeep) as refused:
        install(packed(), models)
    assert f"The models folder {models} {sentence}" in str(refused.value)
    assert list(models.iterdir()) == []


class Usage(NamedTuple):
    """What shutil tells of a disk."""

    total: int
    used: int
    free: int


def test_a_package_that_does_not_fit_is_told_before_it_is_unpacked(models, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(GIB, GIB, models_folder.SPARE + 5))
    with pytest.raises(CannotKeep, match=r"There is no room for it.argosmodel: it needs 0.0 MB, and 0.0 MB"):
        install(packed(), models)
    assert list(models.iterdir()) == []


def test_only_one_command_is_at_work(models):
    with (
        models_folder.held(models),
        pytest.raises(CannotKeep, match="Another command is at work"),
        models_folder.held(models),
    ):
        pass
    with models_folder.held(models):
        pass


def test_what_a_command_that_died_left_is_swept_away(models):
    (models / ".part-1" / "model").mkdir(parents=True)
    (models / ".part-2").write_bytes(b"half")
    whole = install(packed(), models).installed
    with models_folder.held(models):
        assert sorted(path.name for path in models.iterdir()) == [".lock", "sums.json", whole.folder.name]


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "models").write_text("")
    with (
        pytest.raises(CannotKeep, match="is a file, or lies below one"),
        models_folder.held(tmp_path / "models"),
    ):
        pass


def test_removing_what_is_not_there_says_what_is(models):
    install(packed(), models)
    with pytest.raises(TownbellError, match=r"There is no model es -> de here\. Installed: es -> en\."):
        installing.remove(models, Direction("es", "de"))


# The library


def test_reading_packages_loads_neither_models_nor_splitters_nor_writes_anything(tmp_path):
    story = (
        "import os, sys; before = dict(os.environ); from translations.packages.library import reader; reader(); "
        "assert dict(os.environ) == before; "
        "print({name.partition('.')[0] for name in sys.modules} & {'torch', 'stanza', 'spacy', 'minisbd', "
        "'onnxruntime', 'ctranslate2'}, 'argostranslate.translate' in sys.modules)"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "ARGOS_PACKAGES_DIR": str(home / "p"), "ARGOS_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", story],
        env=environment, cwd=HOUSE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "set() False"
    assert list(home.iterdir()) == []


def test_without_the_extra_it_says_what_installs_it(models, monkeypatch):
    monkeypatch.setitem(sys.modules, "argostranslate.package", None)
    with pytest.raises(library.NoExtra, match="`make translation` installs it"):
        install(packed(), models)
    assert list(models.iterdir()) == []
