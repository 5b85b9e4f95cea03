"""What people say to "Is it solved?" in a sentence, in the languages that they say it in."""

from __future__ import annotations

import pytest

from flows.solved import Verdicts
from translations import catalogs

VERDICTS = Verdicts(catalogs.load())


def understood(text: str, language: str) -> str:
    """What was understood: "" when it is not certain."""
    verdict = VERDICTS.of(text, language)
    if verdict is None:
        return ""
    return "yes and more" if verdict.option == "yes" and verdict.told_more else verdict.option


SAID = {
    "en": {
        "no": [
            "no it is still broken",
            "No, it is still broken",
            "no. the water is cold",
            "no the lift stops at every floor",
            "no we have no heating",
            "no, problem is still there",
            "nope the lamp is dark",
            "Not true, nobody came",
            "thank you, still broken",
            "hello no it does not work",
            "ok no it still leaks",
            "it's still leaking",
            "that is not true, it works only at night",
            "no my heating works only sometimes",
        ],
        "yes": [
            "yes it works",
            "yes, thank you for your help",
            "thanks, yes it works now",
            "Yes, it is fixed. Thank you very much!",
            "it works again, thanks",
            "no problem, it works",
            "ok thanks it is fixed now",
            "yes, no problem",
        ],
        "yes and more": ["yes the lift works now thank you", "yes, they fixed it on Monday"],
        "": [
            "no problem",
            "no problem at all",
            "no thanks",
            "no, thank you",
            "thanks, no",
            "no more noise",
            "no longer broken",
            "No. It works.",
            "yes. no water today",
            "it is fixed but there is a new problem",
            "no water since Monday",
            "no it works now",
            "No, all good",
            "yes but it is still broken",
            "yes but no",
            "ok but no",
            "ok but it still leaks",
            "yes it works no more",
            "yes it works only sometimes",
            "yes the water is very hot",
            "yes, when will you repair it",
            "I do not know, it works for my neighbour",
            "nothing, it works",
            "it works but only at night",
            "thank you",
            "now",
            "finally",
            "yes now the bus never stops",
            "",
            "...",
        ],
    },
    "de": {
        "no": [
            "nein es ist immer noch kaputt",
            "Nein, es ist noch kaputt",
            "Stimmt nicht, es ist noch kaputt",
            "das stimmt nicht",
            "Danke, nein es tropft weiter",
            "leider nicht, der Lift steht",
            "noch immer kein Licht im Hof",
            "nein das Wasser ist kalt",
            "Guten Tag, nein der Lift steht",
            "na, es tropft",
            "nö immer noch kaputt",
        ],
        "yes": [
            "ja danke, es geht wieder",
            "Ja, es ist gelöst. Vielen Dank!",
            "jetzt geht es wieder, danke",
            "Kein Problem, geht wieder",
            "ja alles in ordnung",
            "immer noch alles gut",
        ],
        "yes and more": ["ja der Lift funktioniert wieder"],
        "": [
            "kein Problem",
            "keine Probleme mehr",
            "nein kein Problem mehr",
            "nein danke",
            "jetzt",
            "endlich",
            "danke, nein",
            "nein, alles gut",
            "ja aber es ist noch kaputt",
            "ja, es geht nicht",
            "ja es geht um die Heizung",
            "ja, nur manchmal geht es",
            "ok aber nein",
            "na ja, es geht wieder",
        ],
    },
    "es": {
        "no": [
            "no, sigue roto",
            "no sigue roto",
            "no lo han arreglado",
            "no todavía no funciona",
            "no todavia no funciona",
            "No funciona la luz",
            "todavía no, sigue goteando",
            "no se ha arreglado nada",
            "gracias, todavía no funciona",
            "no es verdad, nadie vino",
            "Buenos días, no lo arreglaron",
        ],
        "yes": [
            "sí, ya funciona gracias",
            "si ya funciona",
            "sí, muchas gracias por todo",
            "Sí, gracias, ya está arreglado",
            "no hay problema, ya funciona",
            "ya se arregló, muchas gracias",
            "sí, funciona otra vez",
        ],
        "yes and more": ["sí, el ascensor ya funciona"],
        "": [
            "no hay problema",
            "no hay ningún problema",
            "no gracias",
            "gracias, no",
            "no gotea más",
            "ya no hay ruido",
            "no se preocupe",
            "sí pero sigue roto",
            "sí, pero no",
            "vale pero no",
            "si no funciona",
            "no, ya está arreglado",
            "si viene el técnico",
        ],
    },
    "sl": {
        "no": [
            "ne še vedno ne dela",
            "Ne, še vedno pušča",
            "ne se vedno ne dela",
            "še vedno ne dela dvigalo",
            "hvala, še ni popravljeno",
            "ni res, nihče ni prišel",
            "ne dela dvigalo",
        ],
        "yes": ["da, hvala, zdaj dela", "ja dela, hvala", "ni problema, že dela", "da, je popravljeno"],
        "yes and more": ["da, dvigalo spet dela"],
        "": [
            "ni problema",
            "ne hvala",
            "ne pušča več",
            "da, ampak še vedno pušča",
            "ja, ne dela",
            "v redu ampak ne",
            "ne, vse dela",
        ],
    },
    "ar": {
        "no": [
            "لا ما زال معطلا",
            "لا، المصعد معطل",
            "لا لم يتم إصلاحه",
            "لا يعمل المصعد",
            "شكرا، لا يزال معطلا",
            "هذا غير صحيح، لم يأت أحد",
            "لسا ما تصلح المصعد",
        ],
        "yes": ["نعم يعمل الآن", "نعم شكرا، تم إصلاحه", "لا مشكلة، يعمل الآن", "نعم، حلت المشكلة، شكرا لكم"],
        "yes and more": ["نعم المصعد يعمل الآن"],
        "": [
            "لا مشكلة",
            "لا توجد مشكلة",
            "لا شكرا",
            "نعم لكن ما زال معطلا",
            "نعم ولكنه لا يعمل",
            "تمام لكن لا",
            "لا، كل شيء على ما يرام",
        ],
    },
    "uk": {
        "no": [
            "ще ні, не працює",
            "ні досі не працює",
            "ні, ліфт стоїть",
            "досі тече",
            "ні ліфт стоїть",
            "Дякую, ще не працює",
            "неправда, ніхто не приходив",
            "нет всё ещё не работает",
        ],
        "yes": ["так, дякую, вже працює", "так працює", "без проблем, вже працює", "полагодили, дуже дякую"],
        "yes and more": ["так, ліфт уже працює"],
        "": [
            "нема проблем",
            "ні проблем",
            "ні, дякую",
            "так, але досі не працює",
            "так не працює",
            "добре але ні",
            "ні, все добре",
        ],
    },
}
TABLE = [
    pytest.param(language, text, verdict, id=f"{language} {verdict or 'in doubt'}: {text}")
    for language, verdicts in SAID.items()
    for verdict, texts in verdicts.items()
    for text in texts
]


@pytest.mark.parametrize(("language", "text", "verdict"), TABLE)
def test_a_sentence_is_a_yes_a_no_or_in_doubt(language: str, text: str, verdict: str) -> None:
    assert understood(text, language) == verdict
