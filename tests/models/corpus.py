"""Sentences in Spanish, English and German about daily life in a town, made from templates.

All of it was written for this recipe; nothing is taken from a published corpus. A template is a triple (es,
en, de) with slots, {kind} or, in German, {kind.case}; what fills a slot has the forms each language needs.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

LANGS = ("es", "en", "de")


@dataclass(frozen=True)
class Filler:
    es: str
    en: str
    nom: str  # German nominative, with article
    acc: str  # German accusative
    dat: str  # German dative


PLACES = [
    Filler("la cocina", "the kitchen", "die Küche", "die Küche", "der Küche"),
    Filler("el baño", "the bathroom", "das Bad", "das Bad", "dem Bad"),
    Filler("la habitación", "the bedroom", "das Schlafzimmer", "das Schlafzimmer", "dem Schlafzimmer"),
    Filler("el piso", "the flat", "die Wohnung", "die Wohnung", "der Wohnung"),
    Filler("el edificio", "the building", "das Gebäude", "das Gebäude", "dem Gebäude"),
    Filler("el sótano", "the basement", "der Keller", "den Keller", "dem Keller"),
    Filler("la escalera", "the staircase", "das Treppenhaus", "das Treppenhaus", "dem Treppenhaus"),
    Filler("la calle", "the street", "die Straße", "die Straße", "der Straße"),
    Filler("el parque", "the park", "der Park", "den Park", "dem Park"),
    Filler("la escuela", "the school", "die Schule", "die Schule", "der Schule"),
    Filler("el ayuntamiento", "the town hall", "das Rathaus", "das Rathaus", "dem Rathaus"),
    Filler("la estación", "the station", "der Bahnhof", "den Bahnhof", "dem Bahnhof"),
    Filler("el hospital", "the hospital", "das Krankenhaus", "das Krankenhaus", "dem Krankenhaus"),
    Filler("la biblioteca", "the library", "die Bibliothek", "die Bibliothek", "der Bibliothek"),
    Filler(
        "la parada de autobús",
        "the bus stop",
        "die Bushaltestelle",
        "die Bushaltestelle",
        "der Bushaltestelle",
    ),
    Filler("la guardería", "the nursery", "die Kita", "die Kita", "der Kita"),
    Filler("el mercado", "the market", "der Markt", "den Markt", "dem Markt"),
    Filler("el patio", "the courtyard", "der Hof", "den Hof", "dem Hof"),
]

THINGS = [
    Filler("la calefacción", "the heating", "die Heizung", "die Heizung", "der Heizung"),
    Filler("el ascensor", "the lift", "der Aufzug", "den Aufzug", "dem Aufzug"),
    Filler("la puerta", "the door", "die Tür", "die Tür", "der Tür"),
    Filler("la ventana", "the window", "das Fenster", "das Fenster", "dem Fenster"),
    Filler("la lámpara", "the lamp", "die Lampe", "die Lampe", "der Lampe"),
    Filler(
        "la lavadora", "the washing machine", "die Waschmaschine", "die Waschmaschine", "der Waschmaschine"
    ),
    Filler("el grifo", "the tap", "der Wasserhahn", "den Wasserhahn", "dem Wasserhahn"),
    Filler("la farola", "the street lamp", "die Straßenlaterne", "die Straßenlaterne", "der Straßenlaterne"),
    Filler("el semáforo", "the traffic light", "die Ampel", "die Ampel", "der Ampel"),
    Filler("la cerradura", "the lock", "das Schloss", "das Schloss", "dem Schloss"),
    Filler("el timbre", "the doorbell", "die Klingel", "die Klingel", "der Klingel"),
    Filler("la nevera", "the fridge", "der Kühlschrank", "den Kühlschrank", "dem Kühlschrank"),
    Filler("el contenedor", "the bin", "die Mülltonne", "die Mülltonne", "der Mülltonne"),
    Filler("el teléfono", "the phone", "das Telefon", "das Telefon", "dem Telefon"),
    Filler("la luz", "the light", "das Licht", "das Licht", "dem Licht"),
]

PEOPLE = [
    Filler("mi hijo", "my son", "mein Sohn", "meinen Sohn", "meinem Sohn"),
    Filler("mi hija", "my daughter", "meine Tochter", "meine Tochter", "meiner Tochter"),
    Filler("mi marido", "my husband", "mein Mann", "meinen Mann", "meinem Mann"),
    Filler("mi mujer", "my wife", "meine Frau", "meine Frau", "meiner Frau"),
    Filler("mi madre", "my mother", "meine Mutter", "meine Mutter", "meiner Mutter"),
    Filler("mi padre", "my father", "mein Vater", "meinen Vater", "meinem Vater"),
    Filler("mi hermano", "my brother", "mein Bruder", "meinen Bruder", "meinem Bruder"),
    Filler("mi hermana", "my sister", "meine Schwester", "meine Schwester", "meiner Schwester"),
    Filler("mi bebé", "my baby", "mein Baby", "mein Baby", "meinem Baby"),
    Filler("mi vecino", "my neighbour", "mein Nachbar", "meinen Nachbarn", "meinem Nachbarn"),
]

STAFF = [
    Filler("el médico", "the doctor", "der Arzt", "den Arzt", "dem Arzt"),
    Filler("la profesora", "the teacher", "die Lehrerin", "die Lehrerin", "der Lehrerin"),
    Filler("el casero", "the landlord", "der Vermieter", "den Vermieter", "dem Vermieter"),
    Filler("mi jefe", "my boss", "mein Chef", "meinen Chef", "meinem Chef"),
    Filler(
        "la trabajadora social",
        "the social worker",
        "die Sozialarbeiterin",
        "die Sozialarbeiterin",
        "der Sozialarbeiterin",
    ),
    Filler("el abogado", "the lawyer", "der Anwalt", "den Anwalt", "dem Anwalt"),
    Filler("la policía", "the police", "die Polizei", "die Polizei", "der Polizei"),
    Filler("el conductor", "the driver", "der Fahrer", "den Fahrer", "dem Fahrer"),
    Filler("la intérprete", "the interpreter", "die Dolmetscherin", "die Dolmetscherin", "der Dolmetscherin"),
    Filler("el dentista", "the dentist", "der Zahnarzt", "den Zahnarzt", "dem Zahnarzt"),
]

PAPERS = [
    Filler("el pasaporte", "the passport", "der Pass", "den Pass", "dem Pass"),
    Filler(
        "el permiso de residencia",
        "the residence permit",
        "die Aufenthaltserlaubnis",
        "die Aufenthaltserlaubnis",
        "der Aufenthaltserlaubnis",
    ),
    Filler(
        "el permiso de trabajo",
        "the work permit",
        "die Arbeitserlaubnis",
        "die Arbeitserlaubnis",
        "der Arbeitserlaubnis",
    ),
    Filler("el contrato", "the contract", "der Vertrag", "den Vertrag", "dem Vertrag"),
    Filler("la carta", "the letter", "der Brief", "den Brief", "dem Brief"),
    Filler("el formulario", "the form", "das Formular", "das Formular", "dem Formular"),
    Filler("la factura", "the bill", "die Rechnung", "die Rechnung", "der Rechnung"),
    Filler(
        "el certificado de nacimiento",
        "the birth certificate",
        "die Geburtsurkunde",
        "die Geburtsurkunde",
        "der Geburtsurkunde",
    ),
    Filler(
        "la tarjeta sanitaria",
        "the health card",
        "die Gesundheitskarte",
        "die Gesundheitskarte",
        "der Gesundheitskarte",
    ),
    Filler(
        "el carné de conducir",
        "the driving licence",
        "der Führerschein",
        "den Führerschein",
        "dem Führerschein",
    ),
]

COURSES = [
    Filler(
        "un curso de idioma", "a language course", "ein Sprachkurs", "einen Sprachkurs", "einem Sprachkurs"
    ),
    Filler("un trabajo", "a job", "eine Arbeit", "eine Arbeit", "einer Arbeit"),
    Filler("una habitación", "a room", "ein Zimmer", "ein Zimmer", "einem Zimmer"),
    Filler("una cita", "an appointment", "ein Termin", "einen Termin", "einem Termin"),
    Filler("un abogado", "a lawyer", "ein Anwalt", "einen Anwalt", "einem Anwalt"),
    Filler("una cuenta bancaria", "a bank account", "ein Bankkonto", "ein Bankkonto", "einem Bankkonto"),
    Filler("una bicicleta", "a bicycle", "ein Fahrrad", "ein Fahrrad", "einem Fahrrad"),
    Filler("un intérprete", "an interpreter", "ein Dolmetscher", "einen Dolmetscher", "einem Dolmetscher"),
    Filler(
        "una plaza de guardería", "a nursery place", "ein Kitaplatz", "einen Kitaplatz", "einem Kitaplatz"
    ),
    Filler("ropa de invierno", "winter clothes", "Winterkleidung", "Winterkleidung", "Winterkleidung"),
]

WHEN = [  # (es, en, de) adverbs
    ("hoy", "today", "heute"),
    ("mañana", "tomorrow", "morgen"),
    ("ayer", "yesterday", "gestern"),
    ("el lunes", "on Monday", "am Montag"),
    ("el martes", "on Tuesday", "am Dienstag"),
    ("el miércoles", "on Wednesday", "am Mittwoch"),
    ("el jueves", "on Thursday", "am Donnerstag"),
    ("el viernes", "on Friday", "am Freitag"),
    ("el sábado", "on Saturday", "am Samstag"),
    ("el domingo", "on Sunday", "am Sonntag"),
]
FUTURE = WHEN[:2] + WHEN[3:]
UNITS = [("días", "days", "Tagen"), ("semanas", "weeks", "Wochen"), ("meses", "months", "Monaten")]
NAMES = [
    "Amina",
    "Yusuf",
    "Olena",
    "Carlos",
    "Fatima",
    "Dmytro",
    "Leila",
    "Ivan",
    "Rosa",
    "Hassan",
    "Mariam",
    "Samuel",
    "Sofia",
    "Ahmed",
    "Luis",
    "Nadia",
    "Elena",
    "Omar",
    "Ana",
    "Pedro",
]
SYMBOLS = [*list("😀😢🙏👍❤🔥😡🏠🚌💧📞✅⚠🎉🤒👶🧒🍞💶🗑🚰🛏🩺📄"), "★", "→", "№", "♥"]

T = [  # (es, en, de)
    ("{thing} no funciona.", "{thing} does not work.", "{thing.nom} funktioniert nicht."),
    ("{thing} se ha roto.", "{thing} is broken.", "{thing.nom} ist kaputt."),
    (
        "{thing} de {place} no funciona.",
        "{thing} in {place} does not work.",
        "{thing.nom} in {place.dat} funktioniert nicht.",
    ),
    (
        "{thing} no funciona desde hace {n} {unit}.",
        "{thing} has not worked for {n} {unit}.",
        "{thing.nom} funktioniert seit {n} {unit} nicht.",
    ),
    ("¿Cuándo van a reparar {thing}?", "When will you repair {thing}?", "Wann reparieren Sie {thing.acc}?"),
    (
        "¿Pueden reparar {thing} {future}?",
        "Can you repair {thing} {future}?",
        "Können Sie {thing.acc} {future} reparieren?",
    ),
    ("Hay agua en {place}.", "There is water in {place}.", "In {place.dat} ist Wasser."),
    ("Hay moho en {place}.", "There is mould in {place}.", "In {place.dat} ist Schimmel."),
    ("Hay ratas en {place}.", "There are rats in {place}.", "In {place.dat} sind Ratten."),
    (
        "Hay mucha basura en {place}.",
        "There is a lot of rubbish in {place}.",
        "In {place.dat} liegt viel Müll.",
    ),
    ("Hace frío en {place}.", "It is cold in {place}.", "In {place.dat} ist es kalt."),
    (
        "Hay mucho ruido en {place} por la noche.",
        "There is a lot of noise in {place} at night.",
        "In {place.dat} ist es nachts sehr laut.",
    ),
    ("No hay luz en {place}.", "There is no light in {place}.", "In {place.dat} gibt es kein Licht."),
    (
        "No hay agua caliente en {place}.",
        "There is no hot water in {place}.",
        "In {place.dat} gibt es kein warmes Wasser.",
    ),
    ("¿Dónde está {place}?", "Where is {place}?", "Wo ist {place.nom}?"),
    ("¿Cómo llego a {place}?", "How do I get to {place}?", "Wie komme ich zu {place.dat}?"),
    ("¿A qué hora abre {place}?", "What time does {place} open?", "Wann öffnet {place.nom}?"),
    ("¿Abre {place} {future}?", "Is {place} open {future}?", "Ist {place.nom} {future} geöffnet?"),
    ("{place} está muy lejos.", "{place} is very far away.", "{place.nom} ist sehr weit weg."),
    (
        "El autobús {n} no ha venido {when}.",
        "Bus {n} did not come {when}.",
        "Der Bus {n} ist {when} nicht gekommen.",
    ),
    ("El autobús {n} siempre llega tarde.", "Bus {n} is always late.", "Der Bus {n} kommt immer zu spät."),
    ("¿A qué hora sale el autobús {n}?", "What time does bus {n} leave?", "Wann fährt der Bus {n} ab?"),
    (
        "¿Cuánto cuesta el billete de autobús?",
        "How much is the bus ticket?",
        "Wie viel kostet die Busfahrkarte?",
    ),
    ("{person} se encuentra mal.", "{person} is ill.", "{person.nom} ist krank."),
    (
        "{person} tiene fiebre desde {when}.",
        "{person} has had a fever since {since}.",
        "{person.nom} hat seit {since} Fieber.",
    ),
    ("{person} necesita un médico.", "{person} needs a doctor.", "{person.nom} braucht einen Arzt."),
    ("{person} tiene {n} años.", "{person} is {n} years old.", "{person.nom} ist {n} Jahre alt."),
    (
        "{person} va a {place} {future}.",
        "{person} is going to {place} {future}.",
        "{person.nom} geht {future} zu {place.dat}.",
    ),
    ("{person} no puede dormir.", "{person} cannot sleep.", "{person.nom} kann nicht schlafen."),
    (
        "{person} no entiende la carta.",
        "{person} does not understand the letter.",
        "{person.nom} versteht den Brief nicht.",
    ),
    (
        "¿Puede {person} ir a {place}?",
        "Can {person} go to {place}?",
        "Kann {person.nom} zu {place.dat} gehen?",
    ),
    ("Necesito ayuda con {paper}.", "I need help with {paper}.", "Ich brauche Hilfe mit {paper.dat}."),
    ("He perdido {paper}.", "I have lost {paper}.", "Ich habe {paper.acc} verloren."),
    ("No tengo {paper}.", "I do not have {paper}.", "Ich habe {paper.acc} nicht."),
    ("¿Cómo puedo renovar {paper}?", "How can I renew {paper}?", "Wie kann ich {paper.acc} verlängern?"),
    ("¿Dónde recojo {paper}?", "Where do I collect {paper}?", "Wo hole ich {paper.acc} ab?"),
    ("No entiendo {paper}.", "I do not understand {paper}.", "Ich verstehe {paper.acc} nicht."),
    (
        "Espero {paper} desde hace {n} {unit}.",
        "I have been waiting for {paper} for {n} {unit}.",
        "Ich warte seit {n} {unit} auf {paper.acc}.",
    ),
    ("¿Pueden traducir {paper}?", "Can you translate {paper}?", "Können Sie {paper.acc} übersetzen?"),
    ("Mañana envío {paper}.", "I will send {paper} tomorrow.", "Ich schicke morgen {paper.acc}."),
    ("{staff} no contesta.", "{staff} does not answer.", "{staff.nom} antwortet nicht."),
    ("{staff} no me escucha.", "{staff} does not listen to me.", "{staff.nom} hört mir nicht zu."),
    (
        "Tengo una cita con {staff} {future}.",
        "I have an appointment with {staff} {future}.",
        "Ich habe {future} einen Termin mit {staff.dat}.",
    ),
    ("Quiero hablar con {staff}.", "I want to talk to {staff}.", "Ich möchte mit {staff.dat} sprechen."),
    ("He llamado a {staff} {when}.", "I called {staff} {when}.", "Ich habe {when} {staff.acc} angerufen."),
    (
        "¿Puedo hablar con {staff} {future}?",
        "Can I talk to {staff} {future}?",
        "Kann ich {future} mit {staff.dat} sprechen?",
    ),
    ("{staff} ha sido muy amable.", "{staff} was very kind.", "{staff.nom} war sehr freundlich."),
    ("{staff} quiere ver {paper}.", "{staff} wants to see {paper}.", "{staff.nom} möchte {paper.acc} sehen."),
    ("{person} busca {course}.", "{person} is looking for {course}.", "{person.nom} sucht {course.acc}."),
    ("Busco {course}.", "I am looking for {course}.", "Ich suche {course.acc}."),
    ("Necesito {course}.", "I need {course}.", "Ich brauche {course.acc}."),
    (
        "Necesito {course} para {person}.",
        "I need {course} for {person}.",
        "Ich brauche {course.acc} für {person.acc}.",
    ),
    ("¿Dónde puedo encontrar {course}?", "Where can I find {course}?", "Wo kann ich {course.acc} finden?"),
    ("¿Hay {course} cerca de aquí?", "Is there {course} near here?", "Gibt es {course.acc} in der Nähe?"),
    ("El alquiler es demasiado caro.", "The rent is too expensive.", "Die Miete ist zu teuer."),
    ("El alquiler es de {n} euros.", "The rent is {n} euros.", "Die Miete beträgt {n} Euro."),
    ("No puedo pagar {n} euros.", "I cannot pay {n} euros.", "Ich kann {n} Euro nicht bezahlen."),
    (
        "Mi jefe no me paga desde hace {n} {unit}.",
        "My boss has not paid me for {n} {unit}.",
        "Mein Chef bezahlt mich seit {n} {unit} nicht.",
    ),
    ("Trabajo {n} horas al día.", "I work {n} hours a day.", "Ich arbeite {n} Stunden am Tag."),
    (
        "Vivo aquí desde hace {n} {unit}.",
        "I have lived here for {n} {unit}.",
        "Ich wohne seit {n} {unit} hier.",
    ),
    (
        "Somos {n} personas en {place}.",
        "We are {n} people in {place}.",
        "Wir sind {n} Personen in {place.dat}.",
    ),
    ("Vivo en el número {n}.", "I live at number {n}.", "Ich wohne in Nummer {n}."),
    ("Mi número de teléfono es {tel}.", "My phone number is {tel}.", "Meine Telefonnummer ist {tel}."),
    ("Llámeme al {tel}.", "Call me on {tel}.", "Rufen Sie mich unter {tel} an."),
    ("Me llamo {name}.", "My name is {name}.", "Ich heiße {name}."),
    ("Soy {name} y necesito ayuda.", "I am {name} and I need help.", "Ich bin {name} und brauche Hilfe."),
    ("{name} vive en {place}.", "{name} lives in {place}.", "{name} wohnt in {place.dat}."),
    ("Hola, me llamo {name}.", "Hello, my name is {name}.", "Hallo, ich heiße {name}."),
    ("Hola.", "Hello.", "Hallo."),
    ("Buenos días.", "Good morning.", "Guten Morgen."),
    ("Buenas tardes.", "Good afternoon.", "Guten Tag."),
    ("Gracias.", "Thank you.", "Danke."),
    ("Muchas gracias.", "Thank you very much.", "Vielen Dank."),
    ("Muchas gracias por su ayuda.", "Thank you very much for your help.", "Vielen Dank für Ihre Hilfe."),
    ("Por favor.", "Please.", "Bitte."),
    ("Por favor, ayúdenme.", "Please help me.", "Bitte helfen Sie mir."),
    ("Es urgente.", "It is urgent.", "Es ist dringend."),
    ("No entiendo.", "I do not understand.", "Ich verstehe nicht."),
    ("No hablo bien el idioma.", "I do not speak the language well.", "Ich spreche die Sprache nicht gut."),
    ("Tengo un problema.", "I have a problem.", "Ich habe ein Problem."),
    ("Tengo miedo.", "I am afraid.", "Ich habe Angst."),
    (
        "Tengo un problema con {staff}.",
        "I have a problem with {staff}.",
        "Ich habe ein Problem mit {staff.dat}.",
    ),
    (
        "Tengo un problema con {thing}.",
        "I have a problem with {thing}.",
        "Ich habe ein Problem mit {thing.dat}.",
    ),
    ("Sí.", "Yes.", "Ja."),
    ("No.", "No.", "Nein."),
    ("Adiós.", "Goodbye.", "Auf Wiedersehen."),
    ("¿Qué debo hacer?", "What should I do?", "Was soll ich tun?"),
    ("¿Cuándo me contestarán?", "When will you answer me?", "Wann antworten Sie mir?"),
    ("El problema está resuelto.", "The problem is solved.", "Das Problem ist gelöst."),
    ("El problema no está resuelto.", "The problem is not solved.", "Das Problem ist nicht gelöst."),
    (
        "Envío una foto de {place}.",
        "I am sending a photo of {place}.",
        "Ich schicke ein Foto von {place.dat}.",
    ),
    (
        "Envío una foto de {thing}.",
        "I am sending a photo of {thing}.",
        "Ich schicke ein Foto von {thing.dat}.",
    ),
    ("Más información en {url}", "More information at {url}", "Mehr Informationen unter {url}"),
    ("La oficina abre a las {n}.", "The office opens at {n}.", "Das Büro öffnet um {n} Uhr."),
    (
        "Su cita es {future} a las {n}.",
        "Your appointment is {future} at {n}.",
        "Ihr Termin ist {future} um {n} Uhr.",
    ),
    ("Hemos recibido su mensaje.", "We have received your message.", "Wir haben Ihre Nachricht erhalten."),
    ("Le contestaremos {future}.", "We will answer you {future}.", "Wir antworten Ihnen {future}."),
    ("Por favor, envíe {paper}.", "Please send {paper}.", "Bitte schicken Sie {paper.acc}."),
    ("Por favor, llame a {staff}.", "Please call {staff}.", "Bitte rufen Sie {staff.acc} an."),
    (
        "Venga a {place} {future}, por favor.",
        "Please come to {place} {future}.",
        "Bitte kommen Sie {future} zu {place.dat}.",
    ),
]

POOLS = {
    "thing": THINGS,
    "place": PLACES,
    "person": PEOPLE,
    "staff": STAFF,
    "paper": PAPERS,
    "course": COURSES,
}
SINCE = {
    "hoy": ("today", "heute"),
    "mañana": ("today", "heute"),
    "ayer": ("yesterday", "gestern"),
    "el lunes": ("Monday", "Montag"),
    "el martes": ("Tuesday", "Dienstag"),
    "el miércoles": ("Wednesday", "Mittwoch"),
    "el jueves": ("Thursday", "Donnerstag"),
    "el viernes": ("Friday", "Freitag"),
    "el sábado": ("Saturday", "Samstag"),
    "el domingo": ("Sunday", "Sonntag"),
}
SLOT = re.compile(r"\{(\w+)(?:\.(\w+))?\}")


def _polish(text: str, lang: str) -> str:
    if lang == "es":
        text = re.sub(r"\bde el\b", "del", text)
        text = re.sub(r"\ba el\b", "al", text)
    if lang == "de":
        for long, short in (("zu dem", "zum"), ("zu der", "zur"), ("von dem", "vom"), ("in dem", "im")):
            text = re.sub(rf"\b{long}\b", short, text)
            text = re.sub(rf"\b{long.capitalize()}\b", short.capitalize(), text)
    for i, ch in enumerate(text):  # capitalise the first letter, also after ¿
        if ch.isalpha():
            return text[:i] + ch.upper() + text[i + 1 :]
        if ch.isdigit():
            return text
    return text


def _url(rng: random.Random) -> str:
    word = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 7)))
    return f"https://{word}.example/{rng.choice(['info', 'a', 'help', 'x'])}{rng.randint(1, 99)}"


def sample(rng: random.Random) -> dict[str, str]:
    """One parallel sentence as {lang: text}."""
    triple = rng.choice(T)
    chosen: dict[str, object] = {k: rng.choice(v) for k, v in POOLS.items()}
    when = rng.choice(WHEN)
    future = rng.choice(FUTURE)
    unit = rng.choice(UNITS)
    plain = {
        "n": str(rng.choice([rng.randint(2, 30), rng.randint(2, 30), rng.randint(31, 999)])),
        "tel": rng.choice(["+", "0"]) + "".join(rng.choice("0123456789") for _ in range(rng.randint(6, 11))),
        "name": rng.choice(NAMES),
        "url": _url(rng),
    }
    out = {}
    for index, lang in enumerate(LANGS):

        def fill(match: re.Match[str], lang: str = lang, index: int = index) -> str:
            kind, case = match.group(1), match.group(2)
            if kind in plain:
                return plain[kind]
            if kind == "when":
                return when[index]
            if kind == "future":
                return future[index]
            if kind == "unit":
                return unit[index]
            if kind == "since":
                return SINCE[when[0]][index - 1]
            filler = chosen[kind]
            return str(getattr(filler, case if lang == "de" else lang))

        out[lang] = _polish(SLOT.sub(fill, triple[index]), lang)
    return out


def noisy(pair: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Chat-like variation applied alike to all sides: case, end mark, emoji."""
    pair = dict(pair)
    roll = rng.random()
    if roll < 0.12:  # people rarely type capitals or a full stop; targets stay tidy
        pair["_lower_source"] = "1"
    if 0.12 <= roll < 0.22:
        symbol = rng.choice(SYMBOLS)
        for lang in LANGS:
            pair[lang] = f"{pair[lang]} {symbol}"
    return pair


def make(count: int, seed: int = 7) -> list[dict[str, str]]:
    """So many sentences, no two with the same Spanish."""
    rng = random.Random(seed)
    seen: set[str] = set()
    rows: list[dict[str, str]] = []
    stale = 0
    while len(rows) < count and stale < 200_000:
        row = sample(rng)
        if row["es"] in seen:
            stale += 1
            continue
        seen.add(row["es"])
        rows.append(noisy(row, rng))
    return rows


def source_text(row: dict[str, str], lang: str) -> str:
    """A sentence as a person may type it."""
    text = row[lang]
    if row.get("_lower_source"):
        text = text.lower().rstrip(".")
    return text
