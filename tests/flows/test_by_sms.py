"""What we say by SMS: nothing asks for a word that the provider acts on, or for what no SMS carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest
from msgspec.structs import replace

from core import sms
from core.known import Known
from core.phrases import BY_SMS, LIST_SUFFIXES, Phrases
from core.talk import Command, Heard, Run
from flows import engine
from flows.choices import plain
from flows.desk_words import DESK_PLURALS, DESK_WORDS
from flows.given import Given
from flows.keywords import HELP, START, STOP, YES, keyword
from flows.lexicon import FLOWS
from flows.raise_issue import raise_issue
from flows.settings import invitations_text
from flows.steps import Choose, Confirm
from flows.triggers import Triggers
from flows.values import Values
from flows.words import PLURALS, WORDS
from tests.flows.talk import GRAZ, MORNING, NEWCOMER
from translations import catalogs

CATALOGS = catalogs.load()
TRIGGERS = Triggers(CATALOGS)
BY_FLOW = {key: text for flow in FLOWS for key, text in flow.texts()}
TEXTS = {key: text for key, text in (BY_FLOW | WORDS | DESK_WORDS).items() if not key.endswith(LIST_SUFFIXES)}
#: what is read by SMS, by the key that it has everywhere
KEYS = [key for key in TEXTS if not key.endswith(BY_SMS)]

every_language = pytest.mark.parametrize("tag", CATALOGS)


# Words that the provider acts on


@pytest.mark.parametrize(
    ("written", "stopped", "command"),
    [
        *((word, False, Command.STOP) for word in sorted(STOP)),
        *((word, False, Command.START) for word in sorted(START)),
        *((word, False, Command.HELP) for word in sorted(HELP)),
        (" Stop. ", False, Command.STOP),
        ("CANCEL", False, Command.STOP),
        ("END", True, Command.STOP),
        ("Yes", True, Command.START),
        ("YES", False, None),
        ("yes please", True, None),
        ("stop the noise", False, None),
        ("the end", False, None),
        ("stop " * 100, False, None),
        ("1", True, None),
        ("", True, None),
    ],
)
def test_a_word_alone_is_what_the_provider_takes_it_for(
    written: str, stopped: bool, command: Command | None
) -> None:
    assert keyword(written, stopped=stopped) is command


#: why a word of the provider's may stand in a text, and is not asked for
MEANT = {
    "help.text": "stop is there as the command that it is",
    "menu.what_now.stop": "the option stops",
    "menu.what_now.help": "the option helps",
    "stop.done": "START brings them back",
    "stop.nothing_sent": "START brings them back",
    "stop.staff": "START brings them back",
    "stop.still": "START brings them back",
    "my_data.yes": "says that they said yes",
    "welcome.child": "people who help",
    "desk.told.silent": "says that somebody said STOP",
}


def asking(said: Phrases) -> Iterator[tuple[str, str]]:
    """The texts that have a word of the provider's in them, whatever it stands for."""
    words = STOP | START | HELP | {YES}
    for key in KEYS:
        text = said.texts[key]
        if key not in MEANT and not words.isdisjoint(plain(re.sub(r"{\w+}", "", text)).split()):
            yield key, text


@every_language
def test_nothing_asks_for_a_word_that_the_provider_acts_on(tag: str) -> None:
    assert dict(asking(CATALOGS[tag].by_sms)) == {}


def test_each_word_that_may_stand_there_does() -> None:
    words = STOP | START | HELP | {YES}
    spoken = {key: " ".join(said.by_sms.texts[key] for said in CATALOGS.values()) for key in MEANT}
    assert [key for key, text in spoken.items() if words.isdisjoint(plain(text).split())] == []


def test_as_it_reads_elsewhere_it_would() -> None:
    found = dict(asking(CATALOGS["en"]))
    assert {"raise_issue.invitations.yes", "news.solved.yes"} <= found.keys()


@every_language
def test_no_option_could_be_taken_for_stop_start_or_help(tag: str) -> None:
    said = CATALOGS[tag].by_sms
    taken = {}
    for key, label in labels(said):
        command = keyword(label, stopped=True) or TRIGGERS.command(label, tag)
        if command in (Command.STOP, Command.START, Command.HELP) and key not in MEANT:
            taken[key] = label
    assert taken == {}


def labels(said: Phrases) -> Iterator[tuple[str, str]]:
    """Every option that we print, with its key."""
    for flow in FLOWS:
        for step in flow.steps:
            if isinstance(step, Choose | Confirm) and not callable(step.options):
                for option in step.options:
                    key = f"{flow.id}.{step.id}.{option}"
                    yield key, said.say(key)
    yield from ((key, said.say(key)) for key in KEYS if key.startswith("topic."))
    yield "engine.skip", said.say("engine.skip")
    yield from (("language.tag", phrases.name) for phrases in CATALOGS.values())


# What an SMS does not carry

PHOTO_OR_VOICE = re.compile(
    r"photo|picture|voice|location|video"
    r"|foto|bild|stimme|sprachnachricht|standort"
    r"|slik|glasovn|lokacij"
    r"|imagen|de voz|ubicaci"
    r"|фото|голосов|на карті"
    r"|صور|صوت|موقع",
    re.IGNORECASE,
)


#: what nobody is asked or told by SMS
NOT_BY_SMS = ("raise_issue.photo", "more.unopened.")


@every_language
def test_nothing_asks_for_a_photo_a_voice_or_a_location(tag: str) -> None:
    said = CATALOGS[tag].by_sms
    asks = [key for key in KEYS if not key.startswith(NOT_BY_SMS) and PHOTO_OR_VOICE.search(said.texts[key])]
    assert asks == []


@every_language
def test_elsewhere_there_are_such_texts(tag: str) -> None:
    assert PHOTO_OR_VOICE.search(CATALOGS[tag].say("raise_issue.what"))
    assert PHOTO_OR_VOICE.search(CATALOGS[tag].say("raise_issue.place"))


def after_the_place(*, by_sms: bool) -> str:
    """The question that comes after the one about the place."""
    given = Given(GRAZ, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1", by_sms=by_sms)
    run = Run("r1", "raise_issue", "place", ((0, "skip"),), {"reference": "GRZ-7K4M"})
    turn = engine.advance(raise_issue, run, Heard("0"), CATALOGS["en"], given)
    return turn.run.step if turn.run else ""


def test_the_question_for_a_photo_is_left_out() -> None:
    assert (after_the_place(by_sms=False), after_the_place(by_sms=True)) == ("photo", "affected")


# What the person wrote


@every_language
def test_nobody_pays_for_their_own_words(tag: str) -> None:
    said = CATALOGS[tag].by_sms
    repeating = [
        key for key in KEYS if key in BY_FLOW and re.search(r"{(what|stands|anew)}", said.texts[key])
    ]
    assert repeating == []


# What they agree to

I_AGREE = {
    "en": "I agree",
    "de": "Einverstanden",
    "es": "De acuerdo",
    "sl": "Strinjam se",
    "ar": "أوافق",
    "uk": "Згода",
}


@every_language
def test_the_notice_asks_and_who_sends_agrees(tag: str) -> None:
    said = CATALOGS[tag].by_sms
    assert I_AGREE[tag] in said.texts["raise_issue.send.send"]
    assert {"?", "؟"} & set(said.texts["raise_issue.send"])


# Where the short forms stand


def test_each_short_form_is_of_a_text_that_there_is() -> None:
    short = [key for key in (*TEXTS, *PLURALS, *DESK_PLURALS) if key.endswith(BY_SMS)]
    assert short
    assert [key for key in short if key.removesuffix(BY_SMS) not in {*TEXTS, *PLURALS}] == []


def test_a_step_has_short_forms_only_of_what_it_says() -> None:
    unknown = {
        f"{flow.id}.{step.id}": form
        for flow in FLOWS
        for step in flow.steps
        for form in getattr(step, "by_sms", ())
        if f"{flow.id}.{step.id}{'' if form == 'text' else f'.{form}'}{BY_SMS}" not in BY_FLOW
    }
    assert unknown == {}


@pytest.mark.parametrize("key", [key for key in TEXTS if key.endswith(BY_SMS)])
def test_a_short_form_names_only_what_can_be_filled_in(key: str) -> None:
    named = {name for _, name, _, _ in Formatter().parse(TEXTS[key]) if name}
    whole = {name for _, name, _, _ in Formatter().parse(TEXTS[key.removesuffix(BY_SMS)]) if name}
    given = Given(GRAZ, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1", by_sms=True)
    assert named <= (set(Values({}, given, CATALOGS["en"])) if key in BY_FLOW else whole)


# What is listed


def test_a_number_that_is_not_listed_yet_works_all_the_same() -> None:
    given = Given(GRAZ, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1", by_sms=True)
    run = Run("r1", "raise_issue", "what")
    phrases = CATALOGS["en"].by_sms
    asked = engine.advance(raise_issue, run, Heard("The lift is broken"), phrases, given)
    assert [option.number for option in asked.says[-1].options] == [1, 9]
    assert asked.run
    assert [number for number, _ in asked.run.offered] == [1, 2, 3, 9]
    erased = engine.advance(raise_issue, asked.run, Heard("3"), phrases, given)
    assert "Erased" in erased.says[-1].text
    elsewhere = engine.advance(
        raise_issue, run, Heard("The lift is broken"), CATALOGS["en"], replace(given, by_sms=False)
    )
    assert [option.number for option in elsewhere.says[-1].options] == [1, 2, 3, 9]


# What is said about invitations


@every_language
@pytest.mark.parametrize("wanted", [True, False])
def test_a_word_about_invitations_costs_one_part(tag: str, wanted: bool) -> None:
    given = Given(GRAZ, NEWCOMER, Known(), MORNING, MORNING, "GRZ-7K4M", "r1", by_sms=True)
    (text,) = sms.as_sent(invitations_text(given, CATALOGS[tag].by_sms, wanted=wanted), (), 1)
    assert sms.segments(text) == 1
    assert sms.LEFT_OUT not in text


# Letters that double what an SMS costs

ALSO_WITHOUT_THEM = ("de", "en", "es")
#: what staff read, what stands on the page, and what no SMS carries
ELSEWHERE = ("desk.", "digest.", "look.", "page.", "poster.", *NOT_BY_SMS)
STAFF_S = {"stop.staff", "no_invitations.staff"}


@pytest.mark.parametrize("tag", ALSO_WITHOUT_THEM)
def test_what_we_say_by_sms_has_only_letters_that_cost_little(tag: str) -> None:
    said = CATALOGS[tag].by_sms
    dear = [
        key
        for key in KEYS
        if not key.startswith(ELSEWHERE)
        and key not in STAFF_S
        and sms.encoding(re.sub(r"{\w+}", "", said.texts[key])) != "GSM-7"
    ]
    assert dear == []
