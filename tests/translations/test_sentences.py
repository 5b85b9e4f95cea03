"""Where sentences end, in the languages people write to us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.sentences import LONGEST, cut, split

#: (in words, language, text with a bar where it is cut)
TABLE = [
    ("three kinds of end", "es", "Hola. |¿Cuándo vienen? |¡Ayuda! |Gracias."),
    ("no capitals", "es", "no hay luz. |necesito ayuda"),
    ("an exclamation goes on in small letters", "es", "hola! |necesito ayuda"),
    ("dots that trail off", "es", "Es que... no sé... |Bueno."),
    ("a street and a title", "de", "Ich wohne in der Schillerstr. 5 bei Dr. Müller. |Bitte helfen Sie."),
    ("abbreviations with two letters", "de", "Wir brauchen z. B. ein Bett, d.h. zwei. |Danke."),
    ("an ordinal", "de", "Am 3. Mai und am 21. Oktober. |Danke."),
    ("a year is no ordinal", "de", "Ich bin seit 2019. |Danke."),
    ("a number ends an English sentence", "en", "I live at number 22. |Please help."),
    ("times and titles", "en", "Mr. Ahmed comes at 5 p.m. on Monday. |Is that o.k.?"),
    ("Slovene", "sl", "Stanujem na Kolodvorski ul. 3, npr. pri ga. Novak. |Hvala."),
    ("decimals and links", "en", "It costs 3.50 euros. |See www.graz.at for more."),
    ("quotation marks", "de", "„Geh weg!“ |Das sagte er. |„Nein.“ |Danke."),
    ("an emoji instead of a full stop", "es", "Muchas gracias 🙏🙏 |La luz funciona"),
    ("an emoji in the middle", "es", "Mi hija 😢 está enferma"),
    ("a family", "es", "Somos cinco 👨‍👩‍👧‍👦 |Buscamos piso"),
    ("Arabic", "ar", "أين المدرسة؟ |لا أعرف. |شكرا"),
    ("Urdu", "ur", "پانی نہیں ہے۔ |مدد کریں"),
    ("Chinese without spaces", "zh", "你好。|没有水！|谢谢"),
    ("Hindi", "hi", "पानी नहीं है। |मदद करें"),
    ("Amharic", "am", "ውሃ የለም። |እርዱኝ"),
    ("a Greek question", "el", "Πού είναι το σχολείο; |Ευχαριστώ"),
    ("a semicolon elsewhere", "de", "Das Licht ist aus; es ist kalt"),
    ("Ukrainian", "uk", "Живу на вул. Шевченка, буд. 3. |Допоможіть"),
    ("one word", "es", "Gracias"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "marked"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_sentences_end_where_people_end_them(language, marked):
    assert split(marked.replace("|", ""), language) == marked.split("|")


@given(
    st.text(alphabet=st.sampled_from('aZ9 .!?…。؟;)"🙏\u200d\ufe0f\u0301ش中,')),
    st.sampled_from(["de", "el", "xx"]),
)
def test_joined_they_are_the_text_again(text, language):
    assert "".join(split(text, language)) == text
    assert all(split(text, language)) or not text


def test_a_long_sentence_is_cut_after_a_comma_else_at_a_space():
    assert cut("uno dos, tres cuatro cinco", 14) == ["uno dos, ", "tres cuatro ", "cinco"]
    assert cut("одинадцять дванадцять", 12) == ["одинадцять ", "дванадцять"]


def test_what_has_no_space_is_cut_between_signs_never_through_one():
    family = "👨‍👩‍👧‍👦"
    assert cut("中" * 25, 10) == ["中" * 10, "中" * 10, "中" * 5]
    assert cut("مُ" * 6, 5) == ["مُ" * 2, "مُ" * 2, "مُ" * 2]
    assert cut("x" * 8 + family, 10) == ["x" * 8, family]


@pytest.mark.parametrize("sign", ["a", "!", ".", "?!", "🙏", "。", "…", " ", "a. ", "\u200d", "1."])
def test_ten_thousand_times_the_same_sign_is_no_trouble(sign):
    text = sign * (10_000 // len(sign))
    parts = split(text, "de")
    assert "".join(parts) == text
    assert max(map(len, parts)) <= LONGEST
