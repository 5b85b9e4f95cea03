"""Which results are shown as translations, and which are not."""

import pytest

from translations.checks import FATAL, REASONS, judge, judge_whole
from translations.texts import Rendered
from translations.translator import Job

HEATING = "La calefacción no funciona desde hace 3 semanas."

#: (in words, source, from, into, result, the verdict)
TABLE = [
    ("a translation", HEATING, "es", "en", "The heating has not worked for 3 weeks.", ""),
    ("the source again", HEATING, "es", "en", HEATING, "echo"),
    ("the source again in other letters", HEATING, "es", "en", HEATING.upper(), "echo"),
    ("the source with a word changed", "No hay agua ni luz en la casa de mi hermana Rosa hoy", "es", "en",
     "No hay agua ni luz en la casa de mi sister Rosa hoy", "echo"),
    ("a name", "Amina Yusuf", "es", "de", "Amina Yusuf", ""),
    ("three names", "Hotel Central Graz", "es", "de", "Hotel Central Graz", ""),
    ("a word that both have", "Taxi", "es", "de", "Taxi", ""),
    ("shouting given back", "NO HAY AGUA", "es", "de", "NO HAY AGUA", "echo"),
    ("Arabic left in Latin letters", "Wo ist die Schule meiner Tochter?", "de", "ar",
     "Where is my school?", "script"),
    ("Arabic", "Wo ist die Schule meiner Tochter?", "de", "ar", "أين مدرسة ابنتي؟", ""),
    ("Arabic with a street in Latin letters", "Die Ampel in der Keplerstraße ist kaputt", "de", "ar",
     "إشارة المرور في Keplerstraße معطلة", ""),
    ("Ukrainian answered in Latin letters", "У нас немає води", "uk", "de",
     "Wir haben kein Wasser", ""),
    ("German answered in Cyrillic", "У нас немає води", "uk", "de",
     "Вода отсутствует у нас", "script"),
    ("Serbian in the letters that were asked for", "Wir haben kein Wasser", "de", "sr-Latn",
     "Nemamo vode", ""),
    ("Serbian in the others", "Wir haben kein Wasser", "de", "sr-Latn", "Немамо воде", "script"),
    ("Chinese is short", "Wir haben seit drei Wochen kein warmes Wasser", "de", "zh",
     "我们三周没有热水了", ""),
    ("Chinese becomes long", "我们三周没有热水了", "zh", "de",
     "Wir haben seit drei Wochen kein warmes Wasser", ""),
    ("far too short", "No hay agua caliente en el edificio y mi bebé está enfermo", "es", "en",
     "No water.", "length"),
    ("far too long", "Hay moho.", "es", "en",
     "There is a very great deal of the black mould in the whole of the building of ours", "length"),
    ("nothing", HEATING, "es", "en", " ", "length"),
    ("a number lost", HEATING, "es", "en", "The heating has not worked for weeks.", "numbers"),
    ("a digit doubled", HEATING, "es", "en", "The heating has not worked for 33 weeks.", "numbers"),
    ("a number made up", "Llámeme el lunes", "es", "en", "Call me on 5 Monday", "numbers"),
    ("a link cut", "Ver https://a.at/x_1", "es", "en", "See https://a.at/x 1", "numbers"),
    ("a loop", HEATING, "es", "en", "The heating, the heating, the heating, the heating, 3", "repetition"),
    ("a loop of letters", HEATING, "es", "en", "Hahahahahahahahahahaha 3 weeks", "repetition"),
    ("laughing is no loop", "jajajajajaja no funciona", "es", "en",
     "hahahahahaha it does not work", ""),
    ("nothing from nothing", " ", "es", "en", " ", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "from_", "into", "result", "reason"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_is_plainly_wrong_is_not_called_good(source, from_, into, result, reason):
    status, why = judge(Job(source, from_, into), result)
    assert why == reason
    assert (status == "good") == (reason == "")
    assert reason in ("", *REASONS)


def test_what_is_worthless_has_failed_and_the_rest_is_doubtful():
    assert judge(Job(HEATING, "es", "en"), HEATING) == ("failed", "echo")
    assert judge(Job(HEATING, "es", "en"), "") == ("failed", "length")
    assert judge(Job(HEATING, "es", "en"), "The heating is off.") == ("doubtful", "numbers")
    assert set(FATAL) < set(REASONS)


def test_a_score_says_something_only_once_there_is_a_floor():
    job, result = Job("Gracias", "es", "en"), "Thank you"
    assert judge(job, result, score=-3.0) == ("good", "")
    assert judge(job, result, score=-3.0, floor=-1.5) == ("doubtful", "score")
    assert judge(job, result, score=-1.0, floor=-1.5) == ("good", "")


def test_one_sentence_that_was_left_as_it_was_does_not_hide_among_the_others():
    pairs = (
        ("Hola, buenos días a todos.", "Hello, good morning to all of you."),
        ("No hay agua en casa.", "No hay agua en casa."),
        ("Muchas gracias por su ayuda.", "Thank you very much for your help."),
    )
    job = Job(" ".join(source for source, _ in pairs), "es", "en")
    rendered = Rendered(" ".join(result for _, result in pairs), pairs, None)
    assert judge(job, rendered.text) == ("good", "")
    assert judge_whole(job, rendered) == ("doubtful", "echo")


def test_only_the_beginning_of_a_text_is_said_to_be_so():
    rendered = Rendered("Hello …", (("Hola", "Hello"),), None, whole=False)
    assert judge_whole(Job("Hola", "es", "en"), rendered) == ("doubtful", "long")
