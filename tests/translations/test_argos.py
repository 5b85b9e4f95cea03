"""Translation by the small models that lie in tests/models: Spanish, English and German.

What a model says is asserted only for sentences that it learned from; for everything else, what must hold of
any translation.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.translations.models import package, unpack
from translations.argos import Argos
from translations.routes import Installed
from translations.translator import (
    BrokenPackage,
    Job,
    NoRoute,
    NothingInstalled,
    Translated,
    UnknownLanguage,
)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("models"), "es_en", "en_de", "en_es", "de_en")


@pytest.fixture(scope="module")
def argos(models: Path) -> Argos:
    return Argos(models)


def said(argos: Argos, text: str, source: str = "es", target: str = "en") -> str:
    (answer,) = argos.translate([Job(text, source, target)])
    assert isinstance(answer, Translated), answer
    return answer.text


@pytest.mark.parametrize(
    ("source", "target", "text", "translation"),
    [
        ("es", "en", "La calefacción no funciona.", "The heating does not work."),
        ("es", "en", "Vivo en el número 22.", "I live at number 22."),
        ("es", "de", "La calefacción no funciona.", "Die Heizung funktioniert nicht."),
        ("es", "de", "La calefacción no funciona desde hace 3 semanas.",
         "Die Heizung funktioniert seit 3 Wochen nicht."),
        ("es", "en", "LA CALEFACCIÓN NO FUNCIONA", "The heating does not work."),
        ("es-MX", "de-AT", "Hola.", "Hallo."),
    ],
)  # fmt: skip
def test_what_people_write_comes_out_in_the_other_language(argos, source, target, text, translation):
    (answer,) = argos.translate([Job(text, source, target)])
    assert answer.text == translation
    assert (answer.status, answer.reason) == ("good", "")


def test_lines_lists_and_emoji_stay_where_they_are(argos):
    text = (
        "🙏 Hola.\n\n- La calefacción no funciona.\r\n"
        "- La calefacción no funciona desde hace 3 semanas. 😢😢\n"
    )
    assert said(argos, text) == (
        "🙏 Hello.\n\n- The heating does not work.\r\n- The heating has not worked for 3 weeks. 😢😢\n"
    )


@pytest.mark.parametrize(
    "text",
    ["", " \n", "🙏🙏", "👨‍👩‍👧‍👦", "22", "12:30",
     "https://graz.at/a_b", "ana_b@graz.at", "+43 316 872", "GRZ-7K4M",
     "x" * 3000],
)  # fmt: skip
def test_what_says_nothing_is_left_as_it_is(argos, text):
    (answer,) = argos.translate([Job(text, "es", "de")])
    assert (answer.text, answer.status, answer.engine) == (text, "good", "")


@pytest.mark.parametrize(
    "token",
    [
        "https://a_b.example/x_y?z=1",
        "+34 600 123 456",
        "ana_b@graz.at",
        "GRZ-7K4M",
        "1.250,50",
        "😢👨‍👩‍👧‍👦😢",
        "z" * 200,
    ],
)
@pytest.mark.parametrize("target", ["en", "de"])
def test_links_numbers_and_references_come_through_whatever_the_model_does(argos, token, target):
    assert token in said(argos, f"Por favor, llame a {token} y traiga la carta.", "es", target)


def test_digits_become_those_that_the_reader_knows(argos):
    assert "0664" in said(argos, "Llame al ٠٦٦٤ por favor.", "es", "en")


def test_a_batch_of_all_directions_is_answered_in_its_order(argos):
    texts = {
        "es": ["Hola.", "La calefacción no funciona.", "Gracias."],
        "de": ["Hallo.", "Die Heizung funktioniert nicht.", "Danke."],
    }
    jobs = [Job(text, source, "en") for pair in zip(*texts.values(), strict=True)
            for source, text in zip(texts, pair, strict=True)]  # fmt: skip
    jobs.insert(3, Job("Bonjour", "fr", "en"))
    answers = argos.translate(jobs)
    assert isinstance(answers.pop(3), UnknownLanguage)
    alone = [argos.translate([job])[0] for job in jobs if job.source != "fr"]
    assert [answer.text for answer in answers] == [answer.text for answer in alone]


def test_the_same_language_is_left_as_it_is(argos):
    (answer,) = argos.translate([Job("Servus, wie geht's?", "de-AT", "de")])
    assert answer == Translated("Servus, wie geht's?", "good", "", "")


def test_who_translated_is_told(argos):
    (answer,) = argos.translate([Job("Hola.", "es", "de")])
    assert answer.engine == "argos es_en-1.0 en_de-1.0"


def test_a_text_that_is_too_long_is_translated_as_far_as_it_goes_and_says_so(argos):
    (answer,) = argos.translate([Job("Hola. " * 2000, "es", "en")])
    assert (answer.status, answer.text[-1]) == ("doubtful", "…")


def test_the_shortest_way_is_found(models):
    catalogue = Installed(models).now()
    assert [package.target for package in catalogue.route("es", "en")] == ["en"]
    assert [package.target for package in catalogue.route("es", "de")] == ["en", "de"]


def test_every_kind_of_no_is_said_as_a_sentence(tmp_path):
    nothing = Argos(tmp_path / "nowhere")
    assert isinstance(nothing.translate([Job("Hola", "es", "en")])[0], NothingInstalled)
    some = Argos(unpack(tmp_path, "es_en", "de_en"))
    unknown, no_way = some.translate([Job("Hola", "es", "fr"), Job("Hola", "es", "de")])
    assert (type(unknown), str(unknown)) == (UnknownLanguage, 'No installed translation model knows "fr".')
    assert (type(no_way), str(no_way)) == (
        NoRoute,
        'No installed translation models lead from "es" to "de".',
    )
    assert Installed(tmp_path).now().can("es", "en")
    assert not Installed(tmp_path).now().can("en", "es")


def test_stray_and_broken_folders_are_told_by_name_and_break_nothing_else(tmp_path):
    unpack(tmp_path, "es_en", "en_de", "de_en", "en_es")
    (tmp_path / "stray").mkdir()
    (tmp_path / ".part-1").mkdir()
    (tmp_path / "index.json").write_text("[]")
    (package(tmp_path, "en_de") / "metadata.json").write_text("{")
    (package(tmp_path, "en_es") / "sentencepiece.model").unlink()
    (package(tmp_path, "de_en") / "model" / "model.bin").write_bytes(b"no model")

    broken = {str(fault) for fault in Installed(tmp_path).now().broken}
    assert len(broken) == 3
    for name in ("stray", "translate-en_de-1_0", "translate-en_es-1_0"):
        assert any(f'"{name}"' in fault for fault in broken)
    fine, spoiled = Argos(tmp_path).translate([Job("Hola.", "es", "en"), Job("Hallo.", "de", "en")])
    assert isinstance(fine, Translated)
    assert fine.text == "Hello."
    assert isinstance(spoiled, BrokenPackage)
    assert "de_en-1.0" in str(spoiled)


def test_models_are_installed_replaced_and_taken_away_without_a_restart(tmp_path):
    argos = Argos(unpack(tmp_path, "es_en"))
    assert said(argos, "Hola.") == "Hello."
    assert not Installed(tmp_path).now().can("es", "de")

    unpack(tmp_path, "en_de")
    assert said(argos, "Hola.", "es", "de") == "Hallo."

    newer = tmp_path / "translate-es_en-1_10"
    shutil.copytree(package(tmp_path, "es_en"), newer)
    metadata = json.loads((newer / "metadata.json").read_text())
    (newer / "metadata.json").write_text(json.dumps(metadata | {"package_version": "1.10"}))
    (answer,) = argos.translate([Job("Hola.", "es", "en")])
    assert isinstance(answer, Translated)
    assert answer.engine == "argos es_en-1.10"

    shutil.rmtree(newer)
    shutil.rmtree(package(tmp_path, "es_en"))
    assert not Installed(tmp_path).now().can("es", "en")


def test_a_tight_memory_holds_one_model_at_a_time_and_still_goes_by_way_of_another(models):
    assert said(Argos(models, memory_mb=1), "Hola.", "es", "de") == "Hallo."


def test_a_log_of_everything_holds_not_one_word_of_it(models, caplog, capfd):
    words = "La calefacción no funciona."
    with caplog.at_level(logging.DEBUG):
        assert said(Argos(models), words, "es", "de") == "Die Heizung funktioniert nicht."
    out, err = capfd.readouterr()
    seen = f"{caplog.text} {out} {err}".casefold()
    for word in ("calefacci", "funciona", "heating", "heizung"):
        assert word not in seen


def test_what_argos_itself_would_load_is_not_loaded():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, translations.argos; print(*sys.modules)"],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    ).stdout.split()  # fmt: skip
    for left_out in ("argostranslate", "torch", "stanza", "spacy", "minisbd", "onnxruntime"):
        assert left_out not in loaded


def test_asking_which_ways_there_are_loads_no_model_library():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, translations.worker; print(*sys.modules)"],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    ).stdout.split()  # fmt: skip
    assert not {"ctranslate2", "sentencepiece", "numpy"} & set(loaded)
