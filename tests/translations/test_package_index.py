"""What an index offers, as far as it can be used, and the way from one language to another."""
# ruff: noqa: E501 - entries of an index are told on one line

import json
import sys
from typing import Any

import pytest

from translations.packages import index
from translations.packages.index import Offer
from translations.packages.library import NoExtra
from translations.packages.package import Direction


def listed(*directions: str, version: str = "1.0", **fields: Any) -> bytes:
    """An index with these directions, written es_en."""
    return json.dumps(
        [
            {"from_code": one[:2], "to_code": one[3:], "package_version": version, "links": [f"{one}.x"]}
            | fields
            for one in directions
        ]
    ).encode()


ADDRESS = "https://models.example.org/list/index.json"


def test_an_index_names_its_packages_by_links_of_its_own_place_too():
    (offer,) = index.read_index(listed("es_en"), ADDRESS)
    assert offer == Offer(Direction("es", "en"), "1.0", ("https://models.example.org/list/es_en.x",))


def test_of_two_versions_the_newest_is_offered():
    both = json.loads(listed("es_en", version="1.9")) + json.loads(listed("es_en", version="1.10"))
    assert [one.version for one in index.read_index(json.dumps(both).encode(), ADDRESS)] == ["1.10"]


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "sbd"}, {"from_code": None}, {"from_code": "../x"}, {"to_code": 7}, {"package_version": "1/2"},
        {"links": []}, {"links": None}, {"links": ["ipfs://x"]}, {"links": [3]}, {"links": "x"},
        {"languages": 3}, {"source_languages": "x"},
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_is_passed_over(fields):
    text = json.dumps([*json.loads(listed("es_en", **fields)), "x", None, *json.loads(listed("en_de"))])
    assert [str(one) for one in index.read_index(text.encode(), ADDRESS)] == ["en -> de 1.0"]


@pytest.mark.parametrize("text", [b"", b"<html>", b"{}", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_index_is_told(text):
    with pytest.raises(index.BadIndex, match=r"is no index of packages. Check translation.index_url."):
        index.read_index(text, ADDRESS)


def test_an_index_without_packages_is_told():
    with pytest.raises(index.BadIndex, match="offers no package"):
        index.read_index(b"[]", ADDRESS)


@pytest.mark.parametrize(
    ("offered", "wanted", "way"),
    [
        ("es_en en_de", "es en", "es_en"),
        ("es_en en_de es_de", "es de", "es_de"),
        ("es_en en_de", "es de", "es_en en_de"),
        ("es_en en_pb", "es pt-BR", "es_en en_pb"),
        ("zt_en", "zh-Hant en", "zt_en"),
        ("en_de", "en de", "en_de"),
    ],
)
def test_the_way_is_direct_or_by_way_of_english(offered, wanted, way):
    offers = index.read_index(listed(*offered.split()), ADDRESS)
    source, target = wanted.split()
    assert [
        f"{o.direction.source}_{o.direction.target}" for o in index.route(offers, source, target)
    ] == way.split()
    assert index.is_served(source, target, [offer.direction for offer in offers])


@pytest.mark.parametrize(
    ("offered", "wanted", "sentence"),
    [
        ("es_en en_de", "xx de", 'nothing that translates from "xx". It translates from: en, es.'),
        ("es_en", "es de", "no way from es to de. From es it translates to: en."),
        ("es_fr fr_de", "es de", "no way from es to de. From es it translates to: fr."),
    ],
)
def test_where_there_is_no_way_it_says_which_there_are(offered, wanted, sentence):
    offers = index.read_index(listed(*offered.split()), ADDRESS)
    source, target = wanted.split()
    with pytest.raises(index.NoRoute) as refused:
        index.route(offers, source, target)
    assert sentence in str(refused.value)
    assert not index.is_served(source, target, [offer.direction for offer in offers])


def test_without_the_extra_an_index_cannot_be_read(monkeypatch):
    monkeypatch.setitem(sys.modules, "argostranslate.package", None)
    with pytest.raises(NoExtra):
        index.read_index(listed("es_en"), ADDRESS)
