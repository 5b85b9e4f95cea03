"""Word lists recognise what people really send, and in doubt nothing."""

from __future__ import annotations

import pytest

from core.talk import Command, Heard, Sign
from flows.conversation import Conversation
from flows.triggers import Triggers, is_slash_word
from translations import catalogs


@pytest.fixture(scope="module")
def triggers() -> Triggers:
    return Triggers(catalogs.load())


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("one", "1"),
        ("Uno, por favor", "1"),
        ("واحد", "1"),
        ("один", "1"),
        ("п’ять", "5"),
        ("٣ من فضلك", "3"),
        ("1 gracias", "1"),
        ("one two", "1 2"),
        ("send it please", "send it"),
        ("three lamps are broken", "three lamps are broken"),
        ("cancel it please", ""),
        ("one " * 100, ""),
        ("", ""),
    ],
)
def test_an_answer_is_bare_of_courtesies_and_its_numbers_are_digits(
    triggers: Triggers, said: str, bare: str
) -> None:
    assert triggers.bare(said) == bare


def test_a_number_word_stands_for_one_digit_whatever_the_language() -> None:
    meant: dict[str, set[int]] = {}
    for said in catalogs.load().values():
        for digit in range(1, 10):
            for word in said.words(f"digit.{digit}.words"):
                meant.setdefault(word, set()).add(digit)
    assert len(meant) > 60
    assert {word for word, digits in meant.items() if len(digits) > 1} == set()


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        pytest.param("Hello!", {Sign.GREETING}, id="hello"),
        pytest.param("hi hello good morning", {Sign.GREETING}, id="several greetings"),
        pytest.param("Helo", {Sign.GREETING}, id="hello, as many write it"),
        pytest.param("Halle", set(), id="a town is no slip of hallo"),
        pytest.param("Hi, my name is Ana Novak", {Sign.GREETING}, id="a greeting with a name"),
        pytest.param("hi my name is on the wrong list", set(), id="more than a name is an issue"),
        pytest.param("my name is Ana", set(), id="a name alone may be the beginning of something"),
        pytest.param("hallo ich heiße Feuer", {Sign.DANGER}, id="a name never hides a danger"),
        pytest.param("Hello, the heating is broken", set(), id="a greeting before an issue is an issue"),
        pytest.param("thank you very much", {Sign.THANKS}, id="thanks"),
        pytest.param("who are you?", {Sign.WHO}, id="who"),
        pytest.param("hi, is this the police?", {Sign.WHO}, id="who, after a greeting"),
        pytest.param(
            "They came to our house at night and I asked who are you but nobody said", set(), id="told"
        ),
        pytest.param("my husband beats me", {Sign.DANGER}, id="danger"),
        pytest.param("I think about suicide", {Sign.DANGER}, id="danger, any ending"),
        pytest.param("FIRE!!!", {Sign.DANGER}, id="danger, shouted"),
        pytest.param("the fireplace is dirty", set(), id="a word within a word is no danger"),
        pytest.param("I am 14 years old", {Sign.CHILD}, id="a child"),
        pytest.param("I am 40 years old", set(), id="no child"),
        pytest.param("hey there", {Sign.GREETING}, id="hey"),
        pytest.param("hola", {Sign.GREETING}, id="a greeting in a language without a catalog"),
        pytest.param("Bonjour!", {Sign.GREETING}, id="another"),
        pytest.param("Merhaba", {Sign.GREETING}, id="and another"),
        pytest.param("hello my name is Ali", {Sign.GREETING}, id="a greeting with one name"),
        pytest.param("hello i have a problem", {Sign.GREETING}, id="a problem that is announced"),
        pytest.param("I have a problem", {Sign.GREETING}, id="a problem that is announced without a hello"),
        pytest.param("Hello, please, can you help me?", {Sign.GREETING}, id="a call for help, politely"),
        pytest.param("I need help", {Sign.GREETING}, id="a need that is not told yet"),
        pytest.param("Hallo, können Sie mir helfen?", {Sign.GREETING}, id="announced in German"),
        pytest.param("imam tezavo", {Sign.GREETING}, id="announced in Slovene"),
        pytest.param("السلام عليكم عندي مشكلة", {Sign.GREETING}, id="announced in Arabic"),
        pytest.param("Добрий день, мені потрібна допомога", {Sign.GREETING}, id="announced in Ukrainian"),
        pytest.param("Hola buenas tardes, necesito ayuda", {Sign.GREETING}, id="announced in Spanish"),
        pytest.param("I need help with my papers", set(), id="a need that is told is an issue"),
        pytest.param("I have a problem with my landlord", set(), id="a problem that is told is an issue"),
        pytest.param("please", set(), id="a courtesy alone is no greeting"),
        pytest.param("wrong number", {Sign.WRONG_NUMBER}, id="wrong number"),
        pytest.param("sorry wrong number", {Sign.WRONG_NUMBER}, id="sorry before it"),
        pytest.param("Wrong number sorry", {Sign.WRONG_NUMBER}, id="sorry behind it"),
        pytest.param("sorry wrong person", {Sign.WRONG_NUMBER}, id="wrong person"),
        pytest.param("Hi! Excuse me, wrong number, thank you.", {Sign.WRONG_NUMBER}, id="very politely"),
        pytest.param("Entschuldigung, falsche Nummer", {Sign.WRONG_NUMBER}, id="wrong number in German"),
        pytest.param("Oproščam, napačna številka", {Sign.WRONG_NUMBER}, id="wrong number in Slovene"),
        pytest.param("عفوا رقم غلط", {Sign.WRONG_NUMBER}, id="wrong number in Arabic"),
        pytest.param("вибачте, не той номер", {Sign.WRONG_NUMBER}, id="wrong number in Ukrainian"),
        pytest.param("Perdón, número equivocado", {Sign.WRONG_NUMBER}, id="wrong number in Spanish"),
        pytest.param("the wrong number is on my house door", set(), id="another wrong number"),
        pytest.param("Where can I learn German?", {Sign.QUESTION}, id="a question"),
        pytest.param("¿Dónde puedo aprender alemán?", {Sign.QUESTION}, id="a question in Spanish"),
        pytest.param("Hola, ¿quién va a leer esto?", {Sign.WHO}, id="who, in Spanish"),
        pytest.param("quien es responsable de esta basura", set(), id="who is asked about somebody else"),
        pytest.param("soy menor de edad", {Sign.CHILD}, id="a child in Spanish"),
        pytest.param("Why is the heating off? My children are cold.", set(), id="a question within an issue"),
        pytest.param("", set(), id="nothing"),
        pytest.param("🙏🙏", set(), id="only emoji"),
    ],
)
def test_signs(triggers: Triggers, said: str, signs: set[Sign]) -> None:
    assert triggers.signs(said) == signs


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("English", "I don't want to live anymore"),
        ("English", "I do not want to live"),
        ("English", "i cant live anymore"),
        ("English", "There is no reason to live"),
        ("English", "I want to die"),
        ("English", "I will end my life"),
        ("English", "my father beats us"),
        ("English", "they beat us"),
        ("English", "he is beating his wife"),
        ("English", "My neighbour beats his children"),
        ("English", "he is hitting my children"),
        ("English", "they hit the children"),
        ("English", "he slapped me"),
        ("English", "he punches me"),
        ("English", "he strangled me"),
        ("English", "he choked me"),
        ("English", "I am afraid of my husband"),
        ("English", "My baby is not breathing"),
        ("English", "there is gas smell"),
        ("English", "gas leak!"),
        ("English", "there is smoke"),
        ("English", "call police"),
        ("English", "I need an ambulance"),
        ("English", "My son is missing"),
        ("English", "help me, he has a knife"),
        ("English", "I don't want to live here, he beats me"),
        ("English", "The smoke detector rings and the kitchen is on fire"),
        ("German", "Ich möchte nicht mehr leben"),
        ("German", "ich moechte nicht mehr leben"),
        ("German", "Kind wird geschlagen"),
        ("German", "Hilfe er ist bewaffnet"),
        ("German", "ich habe Angst vor meinem Mann"),
        ("German", "Unsere Küche brennt"),
        ("German", "unsere Kuche brennt"),
        ("German", "Es riecht hier nach Gas"),
        ("German", "Bitte rufen Sie die Polizei"),
        ("German", "Wir brauchen einen Krankenwagen"),
        ("German", "Das Baby atmet nicht"),
        ("German", "Mein Sohn ist verschwunden"),
        ("Arabic", "سأقتل نفسي"),
        ("Arabic", "وسيقتلنا"),
        ("Arabic", "لا أريد العيش"),
        ("Arabic", "أبي يضرب أمي"),
        ("Arabic", "أخاف من زوجي"),
        ("Arabic", "النار في بيتنا"),
        ("Arabic", "نار"),
        ("Arabic", "حريقة"),
        ("Arabic", "رائحة الغاز"),
        ("Arabic", "أحتاج سيارة إسعاف"),
        ("Arabic", "ابني مفقود"),
        ("Slovene", "nočem živeti"),
        ("Slovene", "nocem ziveti"),
        ("Slovene", "oče tepe mamo"),
        ("Slovene", "oce tepe mamo"),
        ("Slovene", "Bojim se svojega moža"),
        ("Slovene", "V hiši gori"),
        ("Slovene", "v hisi gori"),
        ("Slovene", "smrdi po plinu"),
        ("Slovene", "Pokličite policijo"),
        ("Slovene", "Otrok ne diha"),
        ("Slovene", "Sin je izginil"),
        ("Ukrainian", "Я не хочу більше жити"),
        ("Ukrainian", "Батько б'є маму"),
        ("Ukrainian", "батько бє маму"),
        ("Ukrainian", "Боюся чоловіка"),
        ("Ukrainian", "горить"),
        ("Ukrainian", "вогонь"),
        ("Ukrainian", "дим у під'їзді"),
        ("Ukrainian", "запах газу"),
        ("Ukrainian", "витік газу"),
        ("Ukrainian", "викличте швидку"),
        ("Ukrainian", "дитина не дихає"),
        ("Ukrainian", "Син пропав"),
        ("Spanish", "Mi marido me pega"),
        ("Spanish", "quiero morir"),
        ("Spanish", "ya no quiero seguir viviendo"),
        ("Spanish", "él le pega a mi hija"),
        ("Spanish", "mi papa nos golpea"),
        ("Spanish", "me amenazó con un cuchillo"),
        ("Spanish", "Tengo miedo de mi marido"),
        ("Spanish", "se esta quemando el edificio"),
        ("Spanish", "hay olor a gas"),
        ("Spanish", "llamen a la policia"),
        ("Spanish", "mi bebé no respira"),
        ("Spanish", "no encuentro a mi hijo"),
        ("Spanish", "me muero, sangra mucho"),
        ("French", "Mon mari me frappe"),
        ("French", "Au secours !"),
        ("Turkish", "YANGIN VAR"),
        ("Turkish", "kocam beni dovuyor"),
        ("Russian", "Отец бьёт нас"),
        ("Persian", "شوهرم مرا می‌زند"),
        ("Romanian", "vreau sa mor"),
        ("Croatian", "Tuče me muž"),
        ("Serbian", "кућа гори"),
        ("Italian", "Mio marito mi picchia"),
        ("Portuguese", "Não quero viver"),
        ("Albanian", "dua të vdes"),
        ("Polish", "Chce umrzec"),
        ("Hungarian", "Nem akarok élni"),
        ("Greek", "Θέλω να πεθάνω"),
        ("Somali", "waxaan rabaa inaan dhinto"),
    ],
)
def test_danger_is_heard_in_many_languages(triggers: Triggers, language: str, said: str) -> None:
    assert Sign.DANGER in triggers.signs(said), language


@pytest.mark.parametrize(
    "said",
    [
        "The fire alarm is broken",
        "The knife shop is closed",
        "The gas bill is too high",
        "There is no smoke detector in our flat",
        "Our neighbours smoke in the stairs",
        "I don't want to live here, the walls are wet",
        "The police stopped me in the street",
        "Es brennt kein Licht im Stiegenhaus",
        "Arme Leute zahlen zu viel",
        "Der Vermieter schlägt den Termin vor",
        "Požarna vrata so zaklenjena",
        "V Kranjski Gori ni avtobusa",
        "الأسعار نار هنا",
        "سيارة قديمة أمام البيت",
        "Рахунок за газ завеликий",
        "Лампа не горить",
        "La salida de emergencia está cerrada",
        "No quiero vivir aquí, las paredes están mojadas",
        "Me muero de frío en este piso",
        "El dueño me cortó la luz y el agua",
        "La bomba de agua no funciona",
        "La policía me paró en la calle",
    ],
)
def test_no_danger_is_heard_where_there_is_none(triggers: Triggers, said: str) -> None:
    assert triggers.signs(said) == set()


@pytest.mark.parametrize("tag", catalogs.available())
def test_a_problem_that_is_announced_is_answered_like_a_greeting(triggers: Triggers, tag: str) -> None:
    for said in catalogs.load()[tag].words("sign.greeting.problem.words"):
        assert triggers.signs(said) == {Sign.GREETING}, said


@pytest.mark.parametrize(
    ("said", "cancelled"),
    [
        ("cancel", True),
        ("Never mind!", True),
        ("Sorry, forget it, thanks", True),
        ("vergiss es", True),
        ("Prekliči, prosim", True),
        ("انسى الموضوع", True),
        ("Вибачте, забудьте про це", True),
        ("Olvídelo, gracias", True),
        ("They cancel my contract", False),
        ("forget it " * 50, False),
        ("", False),
    ],
)
def test_what_is_cancelled_is_said_alone(triggers: Triggers, said: str, cancelled: bool) -> None:
    assert triggers.cancels(said) is cancelled


@pytest.mark.parametrize("tag", catalogs.available())
def test_no_word_that_cancels_is_a_command(triggers: Triggers, tag: str) -> None:
    words = catalogs.load()[tag].words("cancel.words")
    assert [word for word in words if triggers.command(word, tag)] == []


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("help me", Command.HELP),
        ("Help me please!", Command.HELP),
        ("help me, he has a knife", None),
        ("hello, please, sorry, stop", Command.STOP),
        ("stop", Command.STOP),
        ("STOP!", Command.STOP),
        ("please stop", Command.STOP),
        ("Stop, please.", Command.STOP),
        ("bitte stopp", Command.STOP),
        ("Parar, por favor", Command.STOP),
        ("Entschuldigen Sie bitte, stopp", Command.STOP),
        ("so sorry, stop", Command.STOP),
        ("delete everything please", Command.DELETE),
        ("dur", Command.STOP),
        ("please repair the bus stop", None),
        ("/help", Command.HELP),
        ("My Data", Command.MY_DATA),
        ("/my_data", Command.MY_DATA),
        ("stop the noise at night", None),
        ("delete", Command.DELETE),
        ("x" * 5000, None),
        ("", None),
    ],
)
def test_commands(triggers: Triggers, said: str, command: Command | None) -> None:
    assert triggers.command(said, "en") is command


@pytest.mark.parametrize(
    ("said", "languages"),
    [
        ("estado", {"es"}),
        ("Estado, por favor", {"es"}),
        ("hilfe", {"de"}),
        ("/status", {"en", "de", "sl", "uk"}),
        ("my data", {"en"}),
        ("el estado de la calle", set()),
        ("estado " * 20, set()),
    ],
)
def test_a_command_tells_the_languages_that_have_its_word(
    triggers: Triggers, said: str, languages: set[str]
) -> None:
    assert triggers.languages_of(said) == languages


@pytest.mark.parametrize(
    ("said", "alone"),
    [
        ("/settings", True),
        (" /настройки@townbell ", True),
        ("/ the street lamp is broken", False),
        ("/lamp is broken", False),
        ("/1", False),
        ("/", False),
        ("settings", False),
        ("/" + "x" * 60, False),
    ],
)
def test_one_word_behind_a_slash_is_said_to_a_machine(said: str, alone: bool) -> None:
    assert is_slash_word(said) is alone


def test_a_command_that_we_do_not_know_tells_no_language() -> None:
    conversation = Conversation(catalogs.load())
    assert conversation.is_free_text(Heard(text="/ Einstellungen kaputt"))
    assert not conversation.is_free_text(Heard(text="/einstellungen"))


def test_stop_is_heard_in_english_whatever_the_language(triggers: Triggers) -> None:
    for language in (*catalogs.available(), None, "xx"):
        assert triggers.command("stop", language) is Command.STOP


def test_a_long_text_is_looked_at_only_in_its_beginning(triggers: Triggers) -> None:
    assert triggers.signs("word " * 2000 + "fire") == frozenset()
    assert triggers.signs("fire " + "word " * 2000) == {Sign.DANGER}
