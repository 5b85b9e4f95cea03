"""What a council is told, in English: the week's digest, and the words by which a person's name is found.

The rules are those of flows/words.py: keys that end in `.words` are lists, parted by "|".
"""

from __future__ import annotations

DIGEST_WORDS: dict[str, str] = {
    # The head
    "digest.heading": "{council}, week {week}",
    "digest.days": "{since} to {until}",
    "digest.late": "Late: it was due on {weekday}, {day}, {time}.",
    "digest.empty": "{council}, week {week}: nothing new, and nobody waits for an answer.",
    "digest.subject.nothing": "nothing new",
    "digest.monday": "Monday",
    "digest.tuesday": "Tuesday",
    "digest.wednesday": "Wednesday",
    "digest.thursday": "Thursday",
    "digest.friday": "Friday",
    "digest.saturday": "Saturday",
    "digest.sunday": "Sunday",
    # Its sections
    "digest.first": "Answer first",
    "digest.new": "New",
    "digest.promised": "Promised",
    "digest.groups": "Do these say the same?",
    "digest.check": "Please check",
    "digest.weeks": "This week and last week",
    "digest.weeks.short": "This week (last week)",
    "digest.answers": "How to answer",
    "digest.hear_by": "We promised an answer by {day}.",
    "digest.enclosed": "All of them are in the table that comes with this.",
    # Beside an issue
    "digest.danger": "Danger",
    "digest.told": "the person was told",
    "digest.untold": "the person was not told yet",
    "digest.reopened": "Opened again on {day}",
    "digest.replied": "The person answered on {day}",
    "digest.question": "Question",
    "digest.same": "same as {number}",
    "digest.promised_for": "To be discussed on {day}",
    "digest.promise_passed": "Was to be discussed on {day}: what came of it?",
    "digest.no_topic": "No topic yet",
    "digest.status.filed": "new",
    "digest.status.seen": "seen",
    "digest.status.asked": "asked back",
    "digest.status.reopened": "open again",
    "digest.status.discussed": "being discussed",
    "digest.status.referred": "passed on",
    "digest.status.decided": "decided",
    "digest.status.closed": "closed",
    "digest.status.withdrawn": "taken back",
    # What it says, and how that came about
    "digest.quotation": "“{words}”",
    "digest.machine": "by machine",
    "digest.person": "by a person",
    "digest.own": "own words",
    "digest.doubtful": "doubtful",
    "digest.partial": "only a part",
    "digest.untranslated": "Not translated yet; {answer} shows it.",
    "digest.failed": "The translation failed; {answer} shows it.",
    "digest.wordless": "No words, only what was sent with it; {answer} shows it.",
    # Groups and checks
    "digest.group": "{answer} puts {numbers} together.",
    "digest.looks.about": 'Write "{answer}" for the next one: {references}',
    "digest.check.doubtful": "The translation is doubtful: {numbers}",
    "digest.check.partial": "Only a part is translated: {numbers}",
    "digest.check.failed": "The translation failed: {numbers}",
    "digest.check.names": "May name a person, take care when you pass it on: {numbers}",
    # This week beside last week
    "digest.this_week": "this week",
    "digest.last_week": "last week",
    "digest.sent": "What we sent: {each}.",
    "digest.sent.sms": "by SMS {n} (in {segments} parts)",
    "digest.sent.whatsapp": "on WhatsApp {n}",
    "digest.sent.money": "about {amount}",
    "digest.count.filed": "Raised",
    "digest.count.people": "People",
    "digest.count.answered": "Answered",
    "digest.count.closed": "Closed",
    "digest.languages": "Languages this week: {languages}",
    "digest.languages.rest": "others together {n}",
    "digest.languages.few": "not shown, fewer than {least} people wrote in one of them",
    "digest.languages.unknown": "not known",
    # How to answer
    "digest.answer.where": "Write a number and a letter in your chat with us.",
    "digest.answer.a": "the council discusses it",
    "digest.answer.b": "pass it on",
    "digest.answer.c": "ask back",
    "digest.answer.d": "close it",
    "digest.answer.o": "show the original",
    "digest.answer.e": "tell the decision",
    "digest.answer.f": "write to them",
    "digest.answer.s": "mark it as seen",
    "digest.answer.all": "mark all new ones as seen",
    "digest.answer.m": "join it with another",
    "digest.answer.n": "take it out again",
    "digest.answer.p": "take it apart",
    "digest.answer.r": "cover a name",
    "digest.answer.x": "spam",
    "digest.answer.look": "translations that wait",
    "digest.answer.older": "For an older digest, write its week first: {answer}",
    # The table of all issues
    "digest.column.number": "Number",
    "digest.column.reference": "Reference",
    "digest.column.topic": "Topic",
    "digest.column.day": "Raised on",
    "digest.column.text": "Text",
    "digest.column.made_by": "Translation",
    "digest.column.status": "Status",
    "digest.column.language": "Language",
    "digest.column.place": "Place",
    # What goes before a name. Languages without a catalog stand here too.
    "names.before.words": (
        "mr.|mrs.|ms.|miss|mister|madam|sir|dr.|doctor|prof.|professor|my name is|my name's|her name is|"
        "his name is|their name is|the name is|named|señor|señora|señorita|sr.|sra.|srta.|don|doña|"
        "me llamo|se llama|mi nombre es|su nombre es|monsieur|madame|mademoiselle|mme.|je m'appelle|"
        "s'appelle|signor|signore|signora|signorina|sig.|sig.ra|mi chiamo|si chiama|senhor|senhora|"
        "meu nome é|chamo-me|me chamo|bayan|benim adım|domnul|doamna|mă numesc|mă cheamă|gospodin|"
        "gospođa|gospođica|zovem se|зовем се|господин|госпожа|меня зовут|его зовут|её зовут|ее зовут|"
        "κύριος|κυρία|κύριε|με λένε|ονομάζομαι|zoti|zonja|quhem|pan|pani|nazywam się|kungs|kundze|"
        "mani sauc|آقای|خانم|اسم من|نام من"
    ),
    "names.never.words": (
        "mayor|president|director|officer|chair|chairman|chairwoman|minister|judge|teacher|nurse|police|"
        "alcalde|alcaldesa|presidente|presidenta|directora|ministro|maire|sindaco|sindaca"
    ),
}

DIGEST_PLURALS: dict[str, tuple[str, str]] = {
    "digest.subject.first": ("{n} to answer first", "{n} to answer first"),
    "digest.subject.new": ("{n} new", "{n} new"),
    "digest.late_days": ("{n} day late", "{n} days late"),
    "digest.people": ("{n} person", "{n} people"),
    "digest.media": ("{n} photo or voice message", "{n} photos and voice messages"),
    "digest.more": ("and {n} more", "and {n} more"),
    "digest.looks": (
        "{n} answer waits until somebody has looked at its translation.",
        "{n} answers wait until somebody has looked at their translation.",
    ),
}
