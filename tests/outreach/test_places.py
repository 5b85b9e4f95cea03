"""What places a text names, and whether two texts are about different ones."""

from __future__ import annotations

import pytest

from outreach.places import Places, places


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aufzug in der Annenstraße 12", "Aufzug in der Annenstraße 40"),
        ("Aufzug in der Annenstraße", "Aufzug am Lendplatz"),
        ("Müll in der Triester Straße", "Müll in der Wienerstraße"),
        ("Drogen im Volksgarten", "Drogen im Stadtpark"),
        ("The lamp in Baker Street", "The lamp in Mill Road"),
        ("Il lampione in via Roma 3", "Il lampione in piazza Garibaldi"),
        ("La farola de la calle Mayor", "La farola del carrer de la Font"),
        ("Luč na Celovški cesti", "Luč na Dunajski cesti"),
        ("Τα φώτα στην οδό Ερμού", "Τα φώτα στην πλατεία Κοραή"),
        ("Der Bus 33 kommt nicht", "Der Bus 67 kommt nicht"),
        ("Der 33er Bus kommt nicht", "Straßenbahn Linie 5 kommt nicht"),
    ],
)
def test_two_texts_are_about_different_places(one: str, other: str) -> None:
    assert places(one).are_elsewhere(places(other))
    assert places(other).are_elsewhere(places(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aufzug in der Annenstraße 12", "lift broken annenstrasse 12"),
        ("Aufzug in der Annenstraße, Nr. 12", "Aufzug, Annenstr. 12"),
        ("Aufzug in der Annenstraße 12", "Aufzug in der Annenstraße"),
        ("Aufzug in der Annenstraße 12", "Aufzug bei uns im Haus"),
        ("Müll in der Triester Straße", "Müll in der Triesterstraße, beim Lendplatz"),
        ("Der 33er Bus kommt nicht", "bus 33 is not coming"),
        ("Bus 33 hält nicht am Lendplatz", "Der Bus 33 kommt nicht"),
        ("Luč na Celovški cesti", "Na Celovška cesta ni luči"),
        ("Via Roma è buia", "In via Roma 3 è buio"),
    ],
)
def test_two_texts_can_be_about_the_same_place(one: str, other: str) -> None:
    assert not places(one).are_elsewhere(places(other))
    assert not places(other).are_elsewhere(places(one))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Auf der Straße liegt Müll, auch auf dem Spielplatz.",
        "Kein Platz im Kindergarten, kein Parkplatz, kein Arbeitsplatz",
        "Der Heimweg ist dunkel, die Straßenlaternen sind kaputt",
        "The street lamp is broken",
        "La calle está sucia",
        "seit 3 Wochen, 2 Kinder, 150 Euro",
    ],
)
def test_what_is_in_every_town_is_no_place(words: str) -> None:
    assert places(words) == Places()
