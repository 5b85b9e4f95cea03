"""We answer in the language that somebody reads, and put down the one that they wrote in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.bot.house import EMPOLI, GRAZ, House, house_in, words


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    async with house_in(tmp_path, monkeypatch) as house:
        yield house


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Heizung in unserem Haus ist seit drei Wochen kaputt"),
        ("ar", "المصباح في شارعنا مكسور منذ أسابيع ولا أحد يصلحه"),
        ("uk", "У нашому будинку вже третій тиждень немає опалення"),
        ("en", "The heating in our house has been broken for three weeks"),
    ],
)
async def test_a_newcomer_is_answered_in_the_language_they_wrote_in(
    house: House, language: str, text: str
) -> None:
    await house.hears(text)
    await house.turns()
    ((_, question),) = (await house.queued()).items()
    assert question.language == language
    assert question.options[0].label == words()[language].say("raise_issue.send.send")
    assert await house.column("select language from contact") == [language]
    await house.says("1")
    assert await house.column("select language from issue") == [language]


async def test_a_short_text_that_could_be_either_is_answered_in_two_languages(house: House) -> None:
    (question,) = await house.says("lampa")
    heads = [phrases.say("raise_issue.send.send") for phrases in words().values()]
    (spoken,) = (await house.queued()).values()
    label = spoken.options[0].label
    assert len([head for head in heads if head in label.split(" / ")]) == 2
    assert question.count("lampa") == 2
    assert await house.column("select language from contact") == [None]
    # What they write next leaves no doubt, and from then on there is one.
    await house.says("Die Lampe in unserer Straße ist seit Wochen kaputt")
    spoken = list((await house.queued()).values())[-1]
    assert spoken.language == "de"
    assert " / " not in spoken.options[0].label


async def test_the_language_that_was_chosen_stays(house: House) -> None:
    await house.says("language")
    german = GRAZ.languages.index("de") + 1
    await house.says(str(german))
    await house.says("The heating in our house has been broken for three weeks")
    assert list((await house.queued()).values())[-1].language == "de"
    assert await house.rows("select language, language_chosen from contact") == [
        {"language": "de", "language_chosen": 1}
    ]


#: a council whose languages hold one that it would not ask in first
IN_SPANISH = replace(GRAZ, languages=("en", "de", "sl", "es"))


async def asked_in(house: House, text: str, key: str = "engine.skip") -> set[str]:
    """The languages in which somebody is answered who writes this: those in which these words are said."""
    before = set(await house.queued())
    await house.hears(text)
    await house.turns(house.taker(councils=(IN_SPANISH, EMPOLI)))
    said = [one for number, one in (await house.queued()).items() if number not in before]
    lines = [line for one in said for line in one.text.split("\n")]
    lines += [part for one in said for option in one.options for part in option.label.split(" / ")]
    return {tag for tag in IN_SPANISH.languages if words()[tag].say(key) in lines}


async def test_a_word_of_one_language_alone_is_answered_in_it_and_the_two_stay(house: House) -> None:
    """Maria writes few words, sends them, and asks now and then what became of it."""
    assert await asked_in(house, "no hay luz", "raise_issue.send.send") == {"en", "es"}
    assert await asked_in(house, "1") == {"en", "es"}, "it is filed, and the question is in the same two"
    assert await asked_in(house, "estado") == {"es"}, "nobody says that but in Spanish"
    assert await asked_in(house, "status") == {"en", "es"}, "everybody may say that"
    assert await asked_in(house, "1") == {"en", "es"}
    assert await asked_in(house, "Lendplatz 5") == {"en", "es"}
    assert await asked_in(house, "Estado, por favor") == {"es"}
    assert await asked_in(house, "0") == {"en", "es"}
    assert await house.column("select language from contact") == [None]


async def test_the_two_languages_are_still_the_same_when_no_question_is_open(house: House) -> None:
    await asked_in(house, "no hay luz")
    assert await asked_in(house, "3", "draft.erased") == {"en", "es"}
    house.clock.passes(days=40)
    assert await asked_in(house, "status", "status.none") == {"en", "es"}
    assert await asked_in(house, "menú", "menu.what_now") == {"es"}
    assert await asked_in(house, "hilfe", "menu.what_now") == {"de"}


SPANISH = "No tenemos calefacción y el dueño no hace nada desde hace tres meses"
COLD = "The heating in our house has been broken for three weeks"


async def texts(house: House) -> list[str | None]:
    """The languages of the texts on record, in their order."""
    return await house.column("select language from text order by id")


async def test_what_is_filed_is_in_its_own_language_though_we_answer_in_another(house: House) -> None:
    (question,) = await house.says(SPANISH)
    assert question.count(SPANISH) == 2, "we are not sure which of our languages they read"
    await house.says("1")
    assert await house.column("select language from issue") == ["es"]
    assert await texts(house) == ["es"]
    assert await house.column("select language from contact") == [None]
    assert await house.rows("select source, language from translation") == [
        {"source": "es", "language": "de"}
    ]


async def test_a_draft_is_filed_in_the_language_of_all_its_words(house: House) -> None:
    await house.says("Hallo, ist die Lampe in unserer Straße kaputt?")
    await house.says("3")
    await house.says("Lampe!")
    await house.says(COLD)
    await house.says("1")
    assert await house.column("select language from issue") == ["en"]
    assert await texts(house) == ["en", "en"]


async def test_more_words_and_corrected_ones_are_in_a_language_of_their_own(house: House) -> None:
    await house.says(COLD)
    await house.says("1")
    await house.says(SPANISH)
    await house.says("and the water is cold since Monday")
    await house.says("correct")
    await house.says(SPANISH)
    await house.says("1")
    assert await texts(house) == ["en", "es", "en", "es"]


async def test_who_chose_a_language_may_write_in_another(house: House) -> None:
    await house.says("deutsch")
    await house.says(COLD)
    await house.says("1")
    assert await texts(house) == ["en"]
    assert await house.column("select language from contact") == ["de"]


async def test_words_that_are_plainly_not_in_the_persons_language_are_not_put_down_as_it(
    house: House,
) -> None:
    await house.says("Die Lampe in unserer Straße ist seit Wochen kaputt")
    await house.says("1")
    await house.says("Gatelykten foran skolen har vært ødelagt i to uker, og ingen gjør noe")
    assert await texts(house) == ["de", None]


async def test_a_danger_that_is_named_in_words_of_one_language_is_answered_in_it(house: House) -> None:
    assert await asked_in(house, "mi marido me pega", "raise_issue.send.send") == {"es"}
    assert await house.column("select language from contact") == ["es"]
    await asked_in(house, "1")
    assert {one.language for one in (await house.queued()).values()} == {"es"}


async def test_a_greeting_that_only_one_language_has_is_answered_in_it(house: House) -> None:
    assert await asked_in(house, "buenas tardes", "raise_issue.what") == {"es"}


async def test_a_word_that_everybody_says_tells_no_language(house: House) -> None:
    assert len(await asked_in(house, "hola", "raise_issue.what")) == 2
