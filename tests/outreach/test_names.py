"""A name is found by what goes before it, in the languages in which people write."""

from __future__ import annotations

import pytest

from core.phrases import Phrases
from outreach.names import BEFORE, NEVER, names_a_person, words

TITLES = {
    "de": ("Herr", "Herrn", "Frau", "Dr.", "Mag.", "mein Name ist", "ich heiße"),
    "en": ("Mr.", "Mrs.", "Ms.", "Dr.", "my name is"),
    "es": ("señor", "señora", "sra.", "me llamo"),
    "uk": ("пан", "пані", "мене звати"),
    "ar": ("السيد", "السيدة", "للسيد", "اسمي"),
    "sl": ("gospod", "gospa", "g.", "ime mi je"),
}
ALL = frozenset(title for titles in TITLES.values() for title in titles)
NO_NAMES = ("Bürgermeister", "Sie", "Mayor", "المدير", "التي")


@pytest.mark.parametrize(
    "text",
    [
        "Herr Müller hebt nie ab.",
        "bei der Frau\nHuber im 3. Stock",
        "ein Brief von Herrn Dr. Öztürk",
        "Frau Mag. Wagner",
        "Herr Bürgermeister, und bei ihm Frau Ó'Briain",
        "Grüß Gott, ich heiße Amina",
        "MEIN Name ist Yusuf",
        "I spoke to Mr Novak yesterday",
        "Mrs. O'Brien from the office",
        "Hello, my name is  Amina.",
        "La señora García no me contesta",
        "hola, me llamo Fátima",
        "Пан Коваленко не відповідає",
        "Мене звати Оксана",
        "قال لي السيد أحمد ذلك",
        "كتبت للسيد محمود مرتين",
        "اسمي فاطمة",
        "gospa Novak iz občine",
        "pisal sem g. Kovaču",
    ],
)
def test_somebody_is_named(text: str) -> None:
    assert names_a_person(text, ALL, NO_NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Frau",
        "Meine Frau ist krank.",
        "Meine Frau. Wir warten seit Wochen.",
        "Meine Frau, Kinder und ich",
        "Im Hof brennt kein Licht, und die Wohnung hat Schimmel.",
        "Die Hausfrau Und Mutter",
        "Sehr geehrter Herr Bürgermeister!",
        "Ich heiße Sie willkommen",
        "Sehr geehrte Frau, Herr",
        "Herr M. hebt nie ab",
        "100 g Zucker",
        "MEINE FRAU IST KRANK UND NIEMAND HILFT",
        "my name is not on the list",
        "Dear Mr Mayor",
        "the mr",
        "la señora de la oficina",
        "me llamo",
        "пан із контори",
        "السيد المدير لا يجيب",
        "السيدة التي تعمل هناك",
        "السيد",
        "gospod z občine",
        "5 g. 3 kg",
    ],
)
def test_nobody_is_named(text: str) -> None:
    assert not names_a_person(text, ALL, NO_NAMES)


def test_without_words_to_go_by_nobody_is_named() -> None:
    assert not names_a_person("Herr Müller", ())


@pytest.mark.parametrize(
    "text",
    [
        "Frau Huber vom Magistrat",
        "Mr Novak",
        "la señora García",
        "la Dra. Gómez",
        "господин Иванов",
        "розмовляв із паном Коваленком",
        "її звати Марія",
        "на ім'я Іван",
        "كتبت للسيدة مريم مرتين",
        "الدكتور محمد لا يجيب",
        "اسمي فاطمة",
        "pri gospe Horvat",
        "ga. Novak",
        "ime ji je Ana",
    ],
)
def test_the_catalogs_know_the_words(text: str, phrases: dict[str, Phrases]) -> None:
    assert names_a_person(text, words(phrases.values(), BEFORE), words(phrases.values(), NEVER))


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrter Herr Bürgermeister",
        "Meine Frau und ich",
        "a sir or madam",
        "Estimada señora Directora",
        "Шановний пане Мере",
        "пан із контори",
        "السيد المدير لا يجيب",
        "الدكتور قال لي ذلك",
        "اسمي غير موجود",
        "gospa Županja",
        "vprašal sem ga včeraj",
        "5 g. sladkorja",
    ],
)
def test_the_catalogs_know_what_is_no_name(text: str, phrases: dict[str, Phrases]) -> None:
    assert not names_a_person(text, words(phrases.values(), BEFORE), words(phrases.values(), NEVER))
