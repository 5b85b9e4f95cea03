"""Every catalog says all that we say, in a way that can be answered; and what happens when one does not.

A new language is a new file in the folder: these tests take it up by its name.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from bot import phrasebook
from core.errors import BadCatalog
from core.phrases import BY_SMS, LIST_SUFFIXES, Phrases
from core.talk import Command, Sign
from flows.choices import choose, plain
from flows.desk_words import DESK_WORDS
from flows.lexicon import FLOWS
from flows.steps import CONFIRM_NUMBERS, Choose, Confirm
from flows.triggers import Triggers
from flows.words import WORDS
from outreach.words import DIGEST_WORDS
from translations import catalogs

TAGS = catalogs.available()
ENGLISH = phrasebook.english()
PLURALS = phrasebook.plurals()
#: a step of a flow may be called "words" too: only these are lists
LISTS = [key for key in WORDS | DESK_WORDS | DIGEST_WORDS if key.endswith(LIST_SUFFIXES)]
#: the languages of the council that we were made for
WANTED = ("ar", "de", "en", "es", "sl", "uk")
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "pa-Arab", "ps", "sd", "ug", "ur", "yi"}
#: as wide as a button is on a small phone, in two lines
LONGEST_LABEL = 60

every_language = pytest.mark.parametrize("tag", TAGS)
every_reading = pytest.mark.parametrize("by_sms", [False, True], ids=["", "by SMS"])


@pytest.fixture(scope="module")
def phrases() -> dict[str, Phrases]:
    return catalogs.load()


def messages(tag: str, folder: Path = catalogs.FOLDER) -> dict[str, Message]:
    """What really stands in a catalog, before anything is filled from English."""
    return {message.context or "": message for message in catalogs.read(folder / f"{tag}.po") if message.id}


def forms(message: Message) -> tuple[str, ...]:
    """A message's translations: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[str]:
    """The names in braces; a ValueError where a brace is open."""
    fields = list(string.Formatter().parse(text))
    if any(spec or conversion for _, _, spec, conversion in fields):
        raise ValueError(f"A placeholder is a name and nothing else: {text}")
    return {name for _, name, _, _ in fields if name is not None}


def questions() -> Iterator[tuple[str, Mapping[str, int]]]:
    """Every question with options of its own: its key, and the number of each option."""
    for flow in FLOWS:
        for step in flow.steps:
            key = f"{flow.id}.{step.id}"
            if isinstance(step, Confirm):
                yield key, CONFIRM_NUMBERS
            elif isinstance(step, Choose) and isinstance(step.options, Mapping):
                yield key, {option: number for number, option in enumerate(step.options, 1)}
    topics = [
        key.removeprefix("topic.") for key in WORDS if key.startswith("topic.") and not key.endswith(BY_SMS)
    ]
    yield "topic", {topic: number for number, topic in enumerate(topics, 1)}


QUESTIONS = dict(questions())
CONFIRMS = {f"{flow.id}.{step.id}" for flow in FLOWS for step in flow.steps if isinstance(step, Confirm)}


def names(said: Phrases, key: str, option: str) -> tuple[str, ...]:
    """All that an option is called: its label, its synonyms, and those that every Confirm has."""
    shared = said.words(f"confirm.{option}.synonyms") if key in CONFIRMS else ()
    return (said.say(f"{key}.{option}"), *said.words(f"{key}.{option}.synonyms"), *shared)


def read(said: Phrases, *, by_sms: bool) -> Phrases:
    """A language's phrases as they read by SMS, or elsewhere."""
    return said.by_sms if by_sms else said


def test_the_languages_we_were_made_for_are_there() -> None:
    assert set(WANTED) <= set(TAGS)


# What a catalog holds


@every_language
def test_no_key_is_missing_and_none_is_left_over(tag: str) -> None:
    in_code, in_file = {**ENGLISH, **PLURALS}.keys(), messages(tag).keys()
    assert in_file - in_code == set()
    assert in_code - in_file == set()


@every_language
def test_everything_is_translated(tag: str) -> None:
    empty = [
        key for key, message in messages(tag).items() if not all(form.strip() for form in forms(message))
    ]
    assert empty == []


@every_language
def test_the_english_beside_a_translation_is_that_of_the_code(tag: str) -> None:
    stale = [key for key, message in messages(tag).items() if message.id != {**ENGLISH, **PLURALS}[key]]
    assert stale == []


def test_english_is_the_english_of_the_code() -> None:
    said = {key: message.string for key, message in messages("en").items()}
    assert said == {**ENGLISH, **PLURALS}


@every_language
def test_placeholders_are_those_of_the_english(tag: str) -> None:
    wrong = {}
    for key, message in messages(tag).items():
        if key in LISTS:
            continue
        if isinstance(message.string, str):
            ours, theirs = placeholders(str(message.id)), placeholders(message.string)
            if ours != theirs:
                wrong[key] = ours ^ theirs
        elif any(placeholders(form) - {"n"} for form in forms(message)):
            wrong[key] = {name for form in forms(message) for name in placeholders(form)} - {"n"}
    assert wrong == {}


@every_language
def test_a_plural_form_names_its_number_unless_it_stands_for_one_alone(tag: str, phrases) -> None:
    numbers: dict[int, list[int]] = {}
    for number in range(1000):
        numbers.setdefault(phrases[tag].plural(number), []).append(number)
    silent = [
        (key, form)
        for key in PLURALS
        for form, text in enumerate(forms(messages(tag)[key]))
        # "two" has a form of its own in Slovene (where 102 has it too) and Arabic, and is said in words.
        if "n" not in placeholders(text) and numbers.get(form, [0])[0] not in {0, 1, 2}
    ]
    assert silent == []


@every_language
def test_every_number_has_a_text(tag: str, phrases) -> None:
    for key in PLURALS:
        for number in range(106):
            said = phrases[tag].count(key, number)
            assert said.strip(), (key, number)
            assert "{" not in said, (key, number)


@every_language
def test_a_plural_has_as_many_forms_as_the_language(tag: str) -> None:
    catalog = catalogs.read(catalogs.FOLDER / f"{tag}.po")
    assert {len(forms(messages(tag)[key])) for key in PLURALS} == {catalog.num_plurals}


@every_language
def test_the_language_knows_its_name_its_direction_and_its_days(tag: str, phrases) -> None:
    assert phrases[tag].name
    assert phrases[tag].direction == ("rtl" if tag in RIGHT_TO_LEFT else "ltr")
    assert re.search(r"\d", phrases[tag].day(date(2026, 12, 4)))


# Options


@every_language
@every_reading
@pytest.mark.parametrize("key", QUESTIONS)
def test_no_two_options_read_alike(tag: str, key: str, by_sms: bool, phrases) -> None:
    said = read(phrases[tag], by_sms=by_sms)
    labels = Counter(plain(said.say(f"{key}.{option}")) for option in QUESTIONS[key])
    assert [label for label, times in labels.items() if times > 1 or not label] == []


@every_language
@every_reading
@pytest.mark.parametrize("key", QUESTIONS)
def test_a_label_fits_on_a_small_screen(tag: str, key: str, by_sms: bool, phrases) -> None:
    said = read(phrases[tag], by_sms=by_sms)
    labels = [said.say(f"{key}.{option}") for option in QUESTIONS[key]]
    assert [label for label in labels if len(label) > LONGEST_LABEL] == []


@every_language
@every_reading
@pytest.mark.parametrize("key", QUESTIONS)
def test_each_name_of_an_option_is_understood_as_that_option(
    tag: str, key: str, by_sms: bool, phrases
) -> None:
    said = read(phrases[tag], by_sms=by_sms)
    offered = [(number, option, names(said, key, option)) for option, number in QUESTIONS[key].items()]
    understood = {name: choose(name, offered) for _, _, called in offered for name in called}
    assert understood == {name: option for _, option, called in offered for name in called}


#: options that a command says too, wherever it is said
SAME = {
    ("raise_issue.invitations", "yes"): Command.INVITATIONS,
    ("raise_issue.invitations", "no"): Command.NO_INVITATIONS,
}


@every_language
@every_reading
@pytest.mark.parametrize("key", QUESTIONS)
def test_no_name_of_an_option_is_a_command_that_does_something_else(
    tag: str, key: str, by_sms: bool, phrases
) -> None:
    said, triggers = read(phrases[tag], by_sms=by_sms), Triggers(phrases)
    taken = {}
    for option in QUESTIONS[key]:
        for name in names(said, key, option):
            command = triggers.command(name, tag)
            if command and command != SAME.get((key, option), option):
                taken[name] = command
    assert taken == {}


# Word lists


@every_language
@pytest.mark.parametrize("key", LISTS)
def test_a_word_list_has_words(tag: str, key: str, phrases) -> None:
    words = phrases[tag].words(key)
    assert words
    # "*" and "#" alone, or a mark that `plain` takes away, would be found in every text.
    assert [word for word in words if not plain(word)] == []
    assert [word for word in words if "*" in word[:-1] or (word.endswith("*") and " " in word)] == []
    twice = Counter(words)
    assert [word for word, times in twice.items() if times > 1] == []


@every_language
def test_no_word_means_two_commands(tag: str, phrases) -> None:
    means: dict[str, set[Command]] = {}
    for command in Command:
        for word in phrases[tag].words(f"command.{command.value}.words"):
            means.setdefault(plain(word), set()).add(command)
    assert {word: commands for word, commands in means.items() if len(commands) > 1} == {}


@every_language
def test_every_command_has_a_word_and_every_word_is_heard(tag: str, phrases) -> None:
    triggers = Triggers(phrases)
    for command in Command:
        words = phrases[tag].words(f"command.{command.value}.words")
        assert {word: triggers.command(word, tag) for word in words} == dict.fromkeys(words, command)


def named_by_help(said: Phrases, phrases: Mapping[str, Phrases]) -> list[Command | None]:
    # The last colon, whichever way the language writes it, and commas likewise.
    listed = re.split("[:：]", said.say("help.text"))[-1].strip(" .。۔\n")
    return [Triggers(phrases).command(word, said.language) for word in re.split("[,،、]", listed)]


@every_language
def test_help_names_commands_that_we_know(tag: str, phrases) -> None:
    assert named_by_help(phrases[tag], phrases) == [
        Command.STATUS,
        Command.CORRECT,
        Command.LANGUAGE,
        Command.BACK,
        Command.SKIP,
        Command.MY_DATA,
        Command.DELETE,
        Command.NO_INVITATIONS,
        Command.STOP,
        Command.MENU,
    ]


@every_language
def test_by_sms_help_names_the_menu_which_has_the_rest(tag: str, phrases) -> None:
    assert named_by_help(phrases[tag].by_sms, phrases) == [
        Command.STATUS,
        Command.LANGUAGE,
        Command.BACK,
        Command.MY_DATA,
        Command.DELETE,
        Command.STOP,
        Command.MENU,
    ]


#: what we tell people to write, between whatever marks the language quotes with
QUOTED = re.compile('["„“«‹「]([^"“”»›」]+)["“”»›」]')
QUOTING = [key for key, text in ENGLISH.items() if key not in LISTS and '"' in text]


@every_language
@pytest.mark.parametrize("key", QUOTING)
def test_what_we_tell_people_to_write_is_understood(tag: str, key: str, phrases) -> None:
    triggers = Triggers(phrases)
    in_english = {triggers.command(word, "en") for word in QUOTED.findall(ENGLISH[key])}
    named = QUOTED.findall(phrases[tag].say(key, **dict.fromkeys(placeholders(ENGLISH[key]), "x")))
    assert {triggers.command(word, tag) for word in named} == in_english


@every_language
def test_what_we_tell_staff_to_write_leaves_a_question(tag: str, phrases) -> None:
    (word,) = QUOTED.findall(phrases[tag].say("desk.way_out"))
    assert Triggers(phrases).cancels(word)


@every_language
def test_greetings_and_thanks_are_recognised_whole(tag: str, phrases) -> None:
    triggers = Triggers(phrases)
    for sign in (Sign.GREETING, Sign.THANKS, Sign.WRONG_NUMBER):
        for word in phrases[tag].words(f"sign.{sign.value}.words"):
            assert sign in triggers.signs(word), word


@every_language
def test_no_greeting_is_danger(tag: str, phrases) -> None:
    triggers = Triggers(phrases)
    harmless = ("sign.greeting.words", "sign.thanks.words", "sign.question.words", "skip.synonyms")
    words = [word for key in harmless for word in phrases[tag].words(key)]
    words += [phrases[tag].say(f"topic.{topic}") for topic in QUESTIONS["topic"]]
    assert [word for word in words if Sign.DANGER in triggers.signs(word)] == []


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        ("Servus", {Sign.GREETING}),
        ("Grüß Gott, wie geht's?", {Sign.GREETING}),
        ("Vielen Dank, auf Wiedersehen!", {Sign.THANKS}),
        ("hallo wer seid ihr", {Sign.WHO}),
        ("Hallo, ist das hier sicher?", {Sign.WHO}),
        ("Was ist das für ein Lärm jede Nacht", set()),
        ("Die Treppe im Haus ist kaputt, ist das sicher?", set()),
        ("Ich hab mich verwählt", {Sign.WRONG_NUMBER}),
        ("Wo kann ich Deutsch lernen?", {Sign.QUESTION}),
        ("Ich bin 14 Jahre alt", {Sign.CHILD}),
        ("Ich bin 15 Jahre in Graz", set()),
        ("Mein Mann schlaegt mich", {Sign.DANGER}),
        ("ich denke an Selbstmordgedanken", {Sign.DANGER}),
        ("Unsere Wohnung brennt!!!", {Sign.DANGER}),
        ("Das Licht im Hof brennt nicht", set()),
        ("gewaltiger Lärm von der Baustelle", set()),
        ("Der Vermieter schlägt vor dass wir ausziehen", set()),
        ("Es fehlt ein Feuerlöscher im Haus", set()),
    ],
)
def test_german_as_it_is_really_written(said: str, signs: set[Sign], phrases) -> None:
    assert Triggers({"de": phrases["de"]}).signs(said) == signs


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("STOPP!", Command.STOP),
        ("Bitte aufhoeren", Command.STOP),
        ("Keine Nachrichten mehr", Command.STOP),
        ("Aufhören mit dem Lärm", None),
        ("loschen", Command.DELETE),
        ("Menue", Command.MENU),
        ("weiter", Command.SKIP),
        ("Ende", None),
        ("Mein Problem:", None),
    ],
)
def test_german_commands_as_they_are_really_written(said: str, command: Command | None, phrases) -> None:
    assert Triggers({"de": phrases["de"]}).command(said, "de") is command


# How catalogs are brought up to date, and what a bad one does


def two_languages(folder: Path) -> None:
    """English and German with three phrases, the German of one still missing."""
    (folder / "de.po").write_text('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n')
    catalogs.update({"hello": "Hello", "bye": "Bye"}, {"days": ("{n} day", "{n} days")}, folder)
    translate(folder, {"hello": "Hallo", "days": ("{n} Tag", "{n} Tage")})


def translate(folder: Path, said: Mapping[str, str | tuple[str, ...]]) -> None:
    """Write translations into de.po, as a translator would."""
    from babel.messages.pofile import write_po

    catalog: Catalog = catalogs.read(folder / "de.po")
    for message in catalog:
        if message.id and (new := said.get(message.context or "")):
            message.string = new
    with (folder / "de.po").open("wb") as file:
        write_po(file, catalog)


def test_a_missing_key_is_said_in_english(tmp_path: Path) -> None:
    two_languages(tmp_path)
    german = catalogs.load(tmp_path)["de"]
    assert (german.say("hello"), german.say("bye"), german.count("days", 2)) == ("Hallo", "Bye", "2 Tage")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b'<<<<<<< HEAD\nmsgid "Hello"\nmsgstr "Hallo"\n', id="marks of a merge"),
        pytest.param(b'msgid "Hello"\nmsgid "Bye"\nmsgstr "Hallo"\n', id="an entry without its translation"),
        pytest.param(b'msgid "Hello"\nmsgstr "Gr\xfc\xdfe"\n', id="not UTF-8"),
    ],
)
def test_a_catalog_that_cannot_be_read_is_named(tmp_path: Path, broken: bytes) -> None:
    two_languages(tmp_path)
    (tmp_path / "de.po").write_bytes(broken)
    with pytest.raises(BadCatalog, match=r"de\.po"):
        catalogs.load(tmp_path)


def test_a_file_that_is_named_after_no_language_is_named(tmp_path: Path) -> None:
    two_languages(tmp_path)
    (tmp_path / "qqq.po").write_text('msgid ""\nmsgstr ""\n')
    with pytest.raises(BadCatalog, match=r"qqq\.po"):
        catalogs.load(tmp_path)


def test_changed_english_keeps_the_translation_and_marks_it(tmp_path: Path) -> None:
    two_languages(tmp_path)
    assert not messages("de", tmp_path)["hello"].fuzzy
    catalogs.update({"hello": "Hello there", "bye": "Bye"}, {"days": ("{n} day", "{n} days")}, tmp_path)
    changed = messages("de", tmp_path)["hello"]
    assert (changed.id, changed.string, changed.fuzzy) == ("Hello there", "Hallo", True)
    assert catalogs.load(tmp_path)["de"].say("hello") == "Hallo"


def test_a_mark_stays_until_somebody_takes_it_away(tmp_path: Path) -> None:
    two_languages(tmp_path)
    for _ in range(2):
        catalogs.update({"hello": "Hello there", "bye": "Bye"}, {}, tmp_path)
    assert messages("de", tmp_path)["hello"].fuzzy


def test_a_key_that_is_gone_is_taken_out(tmp_path: Path) -> None:
    two_languages(tmp_path)
    catalogs.update({"bye": "Bye"}, {}, tmp_path)
    assert messages("de", tmp_path).keys() == messages("en", tmp_path).keys() == {"bye"}


def test_update_counts_what_wants_a_translation(tmp_path: Path) -> None:
    two_languages(tmp_path)
    missing = catalogs.update({"hello": "Hello", "bye": "Bye", "new": "New"}, {}, tmp_path)
    assert missing == {"de": 2, "en": 0}


def test_update_changes_nothing_when_nothing_has_changed(tmp_path: Path) -> None:
    for path in catalogs.FOLDER.glob("*.po"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    catalogs.update(ENGLISH, PLURALS, tmp_path)
    for tag in TAGS:
        now = {key: (m.id, m.string, m.fuzzy) for key, m in messages(tag, tmp_path).items()}
        assert now == {key: (m.id, m.string, m.fuzzy) for key, m in messages(tag).items()}


def test_who_translated_stays_and_no_date_changes_by_itself(tmp_path: Path) -> None:
    two_languages(tmp_path)
    german = tmp_path / "de.po"
    signed = german.read_text().replace("FULL NAME <EMAIL@ADDRESS>", "Ana Novak <ana@example.org>")
    signed = re.sub(r"(?<=POT-Creation-Date: )[^\\]*", "2026-01-02 03:04+0000", signed)
    german.write_text(signed)
    catalogs.update({"hello": "Hello", "bye": "Bye"}, {"days": ("{n} day", "{n} days")}, tmp_path)
    assert german.read_text().count("Ana Novak <ana@example.org>") == 1
    assert german.read_text().count("2026-01-02 03:04+0000") == 1


def test_a_folder_without_english_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadCatalog, match="Run `townbell phrases` to write it"):
        catalogs.load(tmp_path)
