"""What weighs is looked at before it goes out; what does not weigh holds nobody up."""

from __future__ import annotations

import unicodedata

import pytest

from outreach.weight import weighs
from translations import catalogs

CATALOGS = catalogs.load()

HEAVY = {
    "de": (
        "Sie müssen den Antrag stellen",
        "Bis morgen",
        "Am Freitag",
        "Die FRIST ist vorbei",
        "Ihr Einspruch",
    ),
    "en": ("You must apply", "By tomorrow", "On Friday", "You may be deported", "File an objection"),
    "es": (
        "Debe presentar la solicitud",
        "Hasta mañana",
        "El viernes",
        "El plazo ha terminado",
        "Un recurso",
    ),
    "sl": ("Morate vložiti vlogo", "Do jutri", "V petek", "Rok je potekel", "Pritožbo lahko vložite"),
    "uk": ("Ви повинні подати заяву", "До завтра", "У п'ятницю", "Строк минув", "Дозвіл на проживання"),
    "ar": ("يجب أن تقدموا طلبًا", "حتى الغد", "يوم الجمعة", "انتهت المهلة", "تصريح الإقامة"),
}
LIGHT = {
    "de": ("Wir kümmern uns darum", "Der Aufzug ist repariert", "Danke, dass Sie uns geschrieben haben"),
    "en": ("We work on it", "The lift is repaired", "Thank you for telling us"),
    "es": ("Estamos en ello", "El ascensor está reparado", "Gracias por escribirnos"),
    "sl": ("Delamo na tem", "Dvigalo je popravljeno", "Hvala za sporočilo"),
    "uk": ("Ми працюємо над цим", "Ліфт відремонтовано", "Дякуємо за повідомлення"),
    "ar": ("نعمل على ذلك", "تم إصلاح المصعد", "شكرا على رسالتكم"),
}


def weighs_in(tag: str, words: str) -> bool:
    return weighs(words, CATALOGS[tag].words("desk.weighty.words"))


@pytest.mark.parametrize(("tag", "words"), [(tag, words) for tag, all_ in HEAVY.items() for words in all_])
def test_a_date_a_deadline_or_a_duty_weighs(tag: str, words: str) -> None:
    assert weighs_in(tag, words)
    assert weighs_in(tag, words.upper())
    assert weighs_in(tag, unicodedata.normalize("NFD", words))


@pytest.mark.parametrize(("tag", "words"), [(tag, words) for tag, all_ in LIGHT.items() for words in all_])
def test_what_is_only_kind_does_not_weigh(tag: str, words: str) -> None:
    assert not weighs_in(tag, words)


@pytest.mark.parametrize(
    "words", ["room 3", "٣ غرف", "३ कमरे", "at half past 6", "it costs €", "a few $", "£ or ₴", "1"]
)
def test_a_number_or_a_sum_weighs_in_any_script(words: str) -> None:
    assert weighs(words, ())


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        ("يَجِبُ أن تأتوا", "يجب"),
        ("يجب أن تأتوا", "يَجِبُ"),
        ("الـمـهـلـة", "المهلة"),
        ("Vlož pritožbo", "pritozbo"),
        ("STRASSE", "straße"),
        ("the dead-line", "dead line"),
        ("He was deported", "deport*"),
        ("deport", "deport*"),
        ("Sie können es tun oder lassen.", "tun"),
    ],
)
def test_a_word_weighs_with_and_without_its_marks(words: str, heavy: str) -> None:
    assert weighs(words, [heavy])


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        ("finely done", "fine"),  # no part of a word
        ("refine it", "fine"),
        ("it was reported", "deport*"),
        ("exported", "port*"),
        ("due to rain, court", "due court"),  # several words stand together
        ("", "must"),
    ],
)
def test_what_only_looks_like_it_does_not_weigh(words: str, heavy: str) -> None:
    assert not weighs(words, [heavy])
