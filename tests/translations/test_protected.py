"""What a model must not touch is found, and missed when it is gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translations.protected import find, invented, lost, says_something, western_digits, without

#: (text, what is protected in it)
TABLE = [
    ("Ver https://graz.at/a_b?c=1&d=(x).", ["https://graz.at/a_b?c=1&d=(x"]),
    ("(see www.graz.at/hilfe), please", ["www.graz.at/hilfe"]),
    ("Escriban a graz.at o t.me/graz_bot!", ["graz.at", "t.me/graz_bot"]),
    ("看https://graz.at/a谢谢", ["https://graz.at/a"]),
    ("No funciona.Gracias", []),
    ("Mi correo es ana_b.lopez+x@uni-graz.at.", ["ana_b.lopez+x@uni-graz.at"]),
    ("Llame al +43 (0)316 / 872-0 o 0664 123 45 67", ["+43 (0)316 / 872-0", "0664 123 45 67"]),
    ("el 12.03.2024 a las 15:30", ["12.03.2024", "15:30"]),
    ("Cuesta 1.250,50 € o 30%", ["1.250,50 €", "30%"]),
    ("Bus U4, casa 3a, 2nd floor", ["U4", "3a", "2nd"]),
    ("هاتفي ٠٦٦٤١٢٣٤٥٦", ["٠٦٦٤١٢٣٤٥٦"]),
    ("Es sobre GRZ-7K4M, o grz-7k4m, de P-4XWK-9RTB", ["GRZ-7K4M", "grz-7k4m", "P-4XWK-9RTB"]),
    ("corte-bajo, E-MAIL", []),
    ("pregunta a @amina_x", ["@amina_x"]),
    ("Gracias 🙏🏽🙏 ❤️ 👨‍👩‍👧‍👦🇺🇦 5️⃣ :-)", ["🙏🏽🙏", "❤️", "👨‍👩‍👧‍👦🇺🇦", "5️⃣", ":-)"]),
    ("Nota: (ver abajo)", []),
    ("x" * 61, ["x" * 61]),
    ("中" * 100, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tokens"), TABLE)
def test_what_is_no_language_is_found(text, tokens):
    assert [token.text for token in find(text)] == tokens


def test_a_number_is_the_same_by_its_digits():
    assert not lost("3,5 metros, 1.000 €, ٢٠ años, 15.30", "3.5 metres, €1,000, 20 years, 15:30")


@pytest.mark.parametrize(
    ("source", "result", "missing"),
    [
        ("Vivo en el 2", "I live at 22", ["2"]),
        ("2 de 2", "2", ["2"]),
        ("Llame al +34 600 123 456", "Call +34 600 123 45", ["+34 600 123 456"]),
        ("Ver https://a.at/x_1", "See https://a.at/x 1", ["https://a.at/x_1"]),
        ("Soy GRZ-7K4M", "I am GRZ-7K4M", []),
        ("🙏🙏🙏 hola", "🙏 hello", ["🙏🙏🙏"]),
    ],
)
def test_what_did_not_come_back_is_missed(source, result, missing):
    assert [token.text for token in lost(source, result)] == missing


def test_numbers_and_links_that_nobody_wrote_are_seen():
    made_up = invented("Llame el lunes 🙏", "Call on 5 Monday, see https://x.example/1 😀")
    assert [token.text for token in made_up] == ["5", "https://x.example/1"]


@pytest.mark.parametrize(
    "text", ["", "12:30", "🙏 👍", "https://graz.at", "+43 316 872", "...", "a@b.at, @ana", "x" * 99]
)
def test_some_texts_say_nothing_a_model_could_translate(text):
    assert not says_something(text)


def test_a_word_beside_a_number_says_something():
    assert says_something("3 días")
    assert without("3 días en https://a.at!") == "  días en  !"


def test_digits_that_not_everybody_reads_become_those_that_everybody_does():
    assert western_digits("٠٦٦٤ ۱۲ 3 مدرسة") == "0664 12 3 مدرسة"


@given(st.text(max_size=300))
def test_a_text_loses_nothing_to_itself(text):
    assert not lost(text, text)
    tokens = find(text)
    assert all(text[token.start : token.end] == token.text for token in tokens)


@pytest.mark.parametrize(
    "sign", ["a", "1", "a.b", "+0 ", "0-", "(0", "a@", ":-", "www.", "🙏", "a1", "http://"]
)
def test_ten_thousand_times_the_same_is_no_trouble(sign):
    text = sign * (10_000 // len(sign))
    assert not lost(text, text)
