"""What the desk says that belongs to no step, in English; the conventions are those of words.py."""

from __future__ import annotations

DESK_WORDS: dict[str, str] = {
    # What the council says to somebody
    "news.seen": "News about {reference}: it was read. You hear from the council by {hear_by}.",
    "news.discussed": "News about {reference}: it will be discussed on {day}.",
    "news.referred": "News about {reference}: it was passed on.",
    "news.decided": "News about {reference}: it was decided.",
    "news.closed": "News about {reference}: it is closed.",
    "news.asked": "There is a question about {reference}:",
    "news.said": "News about {reference}:",
    "news.late": (
        "We promised you an answer about {reference} by now, and nobody has answered yet. We are sorry. We"
        " have told the council so."
    ),
    "news.split": (
        "You told of several things in {reference}. Each has a number of its own now: {references}. You"
        " hear about each of them."
    ),
    "news.by_machine": "(A machine translated this. The council wrote: {original})",
    "news.gone": "This was about something that is not here any more.",
    # What became of an issue, day by day
    "status.history": "{day}: {what}",
    "status.was.seen": "it was read.",
    "status.was.discussed": "to be discussed on {detail}.",
    "status.was.referred": "it was passed on.",
    "status.was.asked": "you were asked something.",
    "status.was.decided": "it was decided.",
    "status.was.closed": "it was closed.",
    "status.was.said": "you were written to.",
    "status.was.late": "we told you that nobody had answered.",
    "status.was.split": "it was taken apart.",
    "status.was.replied": "you answered.",
    "status.was.reopened": "you said that it is not solved.",
    # An issue, as staff see it
    "desk.head": "{reference}, of {day}: {state}",
    "desk.state.filed": "new",
    "desk.state.seen": "read",
    "desk.state.asked": "asked back",
    "desk.state.discussed": "to be discussed",
    "desk.state.referred": "passed on",
    "desk.state.decided": "decided",
    "desk.state.closed": "closed",
    "desk.state.reopened": "not solved, open again",
    "desk.state.withdrawn": "taken back",
    "desk.state.spam": "spam",
    "desk.danger": "DANGER is named",
    "desk.together": "together with {references}",
    "desk.by_machine": "translated by machine",
    "desk.doubtful": "translated by machine, doubtful",
    "desk.not_translated": "not translated yet",
    "desk.untranslated": "Not translated yet. As it was written ({language}):\n{words}",
    "desk.shows": "{reference}, as it was written ({language}):\n{words}",
    "desk.unknown_language": "language unknown",
    "desk.latest": "{by} has answered {reference} meanwhile ({day}): {what}",
    "desk.somebody": "Somebody else",
    "desk.you": "You have answered {reference} already ({day}): {what}",
    "desk.said.seen": "read",
    "desk.said.discussed": "to be discussed",
    "desk.said.on_a_day": "to be discussed on {day}",
    "desk.said.referred": "passed on",
    "desk.said.asked": "asked back",
    "desk.said.decided": "decided",
    "desk.said.closed": "closed",
    "desk.said.said": "written to",
    "desk.said.late": "told that it is late",
    "desk.said.split": "taken apart",
    # What can be done with it; the letters of flows/codes.py do the same
    "desk.act.seen": "Tell them that it was read",
    "desk.act.discussed": "Discuss it on a day",
    "desk.act.referred": "Pass it on",
    "desk.act.asked": "Ask back",
    "desk.act.decided": "Tell what was decided",
    "desk.act.closed": "Close it, and tell why",
    "desk.act.said": "Write to them",
    "desk.act.original": "Show what they wrote",
    "desk.act.merge": "Put it together with another",
    "desk.act.alone": "Take it out again",
    "desk.act.parts": "Take it apart",
    "desk.act.cover": "Cover a name",
    "desk.act.spam": "It is spam",
    "desk.act.seen.words": "seen|read",
    "desk.act.discussed.words": "discuss|discussed|talk",
    "desk.act.referred.words": "refer|referred|pass|forward",
    "desk.act.asked.words": "ask|asked|question",
    "desk.act.decided.words": "decide|decided|decision",
    "desk.act.closed.words": "close|closed|done|solved",
    "desk.act.said.words": "write|tell|answer|reply",
    "desk.act.original.words": "original|show",
    "desk.act.merge.words": "merge|together|join",
    "desk.act.alone.words": "unmerge|ungroup",
    "desk.act.parts.words": "split|parts|apart",
    "desk.act.cover.words": "cover|redact|hide",
    "desk.act.spam.words": "spam",
    # What is asked for and not there
    "desk.no_such": (
        "There is no such issue here. Write a reference such as {example}, or a number of a digest."
    ),
    "desk.no_such_number": "No digest of the last weeks has a number {number}.",
    "desk.several": (
        "There seems to be more than one answer in this. Nothing was sent. Please write each in a message of"
        " its own. If it is one: write its number and letter alone, and the words when we ask."
    ),
    "desk.number_alone": (
        'Please write a letter behind the number, such as {code}. Write "help" to read what each letter does.'
    ),
    "desk.number_alone.by_sms": "Please write a letter behind the number, such as {code}.",
    "desk.way_out": 'To leave this, write "cancel".',
    "desk.way_out.by_sms": 'To leave this, write "undo".',
    "desk.not_sent": "Your answer to {reference} was not sent.",
    "desk.nothing_new": "There is nothing new that was not read yet.",
    "desk.all_seen": "Noted. Whoever wrote one of these hears that it was read: {references}",
    "desk.not_yours": "In your role this is not yours to do. Ask the coordinator.",
    "desk.no_longer": "You do not work for the council here any more, so nothing was done.",
    "desk.offered": (
        '{cases}\n\nDo they say the same? Write "{code}" to put them together, or "{code} no" to leave them'
        " apart."
    ),
    "desk.no_proposal": "There is no such proposal any more.",
    "desk.put_together": (
        "Put together: {references}. One answer now goes to all who wrote them; they do not learn of each"
        " other. To take one out again, write its reference and N."
    ),
    "desk.left_apart": "All right, they stay apart, and are not proposed again.",
    # A translation to look at
    "desk.look.words": "look|translations",
    "desk.look.none": "No translation waits for a look.",
    "desk.look.gone": "Somebody else has looked at it meanwhile.",
    "desk.look.wrote": "An answer about {reference} goes out once you have looked at it:\n{words}",
    "desk.look.day": "It tells them the day: {day}",
    "desk.look.newer": "Take care: something else was answered since, on {day}. Does this still hold?",
    "desk.look.made": "{language}, by machine:\n{words}",
    "desk.look.back": "Put back by machine:\n{words}",
    "desk.look.why.checks": "We ask because the translation looks doubtful.",
    "desk.look.why.weighty": "We ask because it holds a date, a number, a sum or a duty.",
    "desk.look.why.no_model": "We ask because no machine can translate it here.",
    "desk.look.send": "Send it so",
    "desk.look.write": "Write it myself",
    "desk.look.original": "Send it as I wrote it",
    "desk.look.leave": "Do not send this one",
    # What staff and those who hear from them answer instead of a number
    "news.solved.yes.synonyms": "yes|solved|it is solved|it works|it works now|all good",
    "news.solved.no.synonyms": "no|not solved|it is not solved|not yet|still broken|it does not work",
    # What answers "Is it solved?" in a sentence: what a no begins with, a yes, what says that it is solved,
    # what denies no more than trouble, what says nothing by itself, and what makes a yes uncertain
    "news.solved.no.words": (
        "no it|no its|no it's|no the|no this|no that|no these|no they|no we|no i|no i'm|no he|no she|"
        "no there|no there's|no my|no our|no your|no still|no not|no nothing|no nobody|no never|no because|"
        "nope|nah|not yet|no not yet|not solved|not fixed|not repaired|not true|not done|not working|"
        "it is not true|it's not true|it is not solved|it's not solved|it isn't solved|it is not fixed|"
        "it's not fixed|it isn't fixed|it is not repaired|it is not working|it's not working|"
        "it isn't working|still not|still broken|still the same|still no|still leaking|still leaks|"
        "still does not|still doesn't|it still does not|it still doesn't|it is still|it's still|"
        "it still leaks|it is still broken|it's still broken|it is broken again|it's broken again|"
        "broken again|that is not true|that's not true|that isn't true|that is wrong|that's wrong|"
        "this is not true|it does not work|it doesn't work|it still does not work|it still doesn't work|"
        "does not work|doesn't work|unfortunately not|unfortunately no|sadly not|sadly no|sorry no|"
        "nothing happened|nothing has happened|nothing has changed|nothing changed"
    ),
    "news.solved.yes.words": ("yes|yeah|yep|yup|yes yes|yes it is|yes it does"),
    "news.solved.good.words": (
        "still works|it still works|still working|is still working|it is still working|it's still working|"
        "still fine|it's solved|is solved|was solved|has been solved|problem solved|it is fixed|it's fixed|"
        "is fixed|was fixed|has been fixed|got fixed|fixed|fixed it|all fixed|repaired|it is repaired|"
        "it's repaired|is repaired|was repaired|has been repaired|they repaired it|they fixed it|"
        "you fixed it|works|works now|works again|it works again|works fine|it works fine|works well|"
        "it works well|everything works|everything works now|working|is working|it is working|it's working|"
        "working now|is working now|it is working now|it's working now|working again|is working again|"
        "it is working again|it's working again|everything is fine|everything is fine now|everything is ok|"
        "everything is ok now|everything is good|all is good|all is well|all fine|all fine now|"
        "all good now|it is fine|it's fine|is fine now|it is fine now|it's fine now|fine now|it is ok|"
        "it's ok|is ok now|it is ok now|it's ok now|it is good now|it's good now|it is done|it's done"
    ),
    "news.solved.fine.words": (
        "no problem|no problems|no worries|no complaints|no trouble|no issue|no issues|no thanks|"
        "no thank you|not a problem|nothing to complain about"
    ),
    "news.solved.aside.words": ("now|finally|at last|already|today|yesterday"),
    "news.solved.doubt.words": (
        "no|not|isn't|doesn't|don't|didn't|wasn't|hasn't|haven't|can't|cannot|won't|aren't|never|nothing|"
        "nobody|none|no more|no longer|but|however|except|although|though|only|half|partly|almost|nearly|"
        "still|yet|again|sometimes|when|if|until|since|more|any more|anymore|too|would|should|hope|maybe|"
        "perhaps|soon|tomorrow|later|will|other|another|why|how|unfortunately|sadly|wait*|broken|broke|"
        "worse|bad|wrong|problem|problems|issue|issues|leak*|drip*|dirty|cold|dark|smell*|stink*|noise|"
        "noisy|mould|mold|dangerous|complain*"
    ),
    "desk.sure.yes.synonyms": "yes|spam",
    "desk.sure.no.synonyms": "no|no spam",
    "desk.meanwhile.yes.synonyms": "yes|send|send it",
    "desk.meanwhile.no.synonyms": "no|leave",
    # What makes an answer weighty, in the language it is written in
    "desk.weighty.words": (
        "must|deadline|until|before|tomorrow|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
        "january|february|march|april|may|june|july|august|september|october|november|december|euro|euros|"
        "fee|fine|pay|paid|cost|costs|court|appeal|objection|law|legal|illegal|permit|residence|deport*|visa|"
        "contract|notice|terminat*|oblig*|duty|forbidden|allowed|penalty|police|asylum"
    ),
    # Joining, and what staff are told
    "desk.join.done": "Welcome. From now on you work for {council} here, as {role}. {what}",
    "desk.join.used": "This invitation was used before. Ask for a new one.",
    "desk.join.expired": "This invitation is too old. Ask for a new one.",
    "desk.join.unknown": (
        "We do not know this invitation. Look whether it is written right, or ask for a new one."
    ),
    "desk.role.coordinator": "coordinator",
    "desk.role.deputy": "deputy",
    "desk.role.organiser": "organiser",
    "desk.role.facilitator": "facilitator",
    "desk.role.interpreter": "interpreter",
    "desk.role.operator": "operator",
    "desk.what.coordinator": (
        "Each week you get what people raised, with a number for each; write 1A to discuss number 1, 1B to"
        " pass it on, 1C to ask back, 1D to close it, 1E to tell what was decided, 1F to write to them, 1O to"
        " see what was written, 1S to mark it as seen. 1M puts it together with another, 1N takes it out"
        ' again, 1P takes it apart, 1R covers a name, 1X closes it as spam, and "look" shows a translation'
        " that waits. A reference alone shows all that you can do."
    ),
    "desk.what.deputy": (
        "Each week you get what people raised, as the coordinator does, and you are told when somebody has"
        " waited too long. Write 1A to discuss number 1, 1B to pass it on, 1C to ask back, 1D to close it, 1E"
        " to tell what was decided, 1F to write to them, 1O to see what was written, 1S to mark it as seen."
        " 1M puts it together with another, 1N takes it out again, 1P takes it apart, 1R covers a name, 1X"
        ' closes it as spam, and "look" shows a translation that waits. A reference alone shows all that you'
        " can do."
    ),
    "desk.what.organiser": "Sessions and invitations come to you here.",
    "desk.what.facilitator": "Sessions come to you here.",
    "desk.what.interpreter": 'Translations to look at come to you here; write "look" for the next one.',
    "desk.what.operator": "You are told here what did not arrive, and what has waited too long.",
    "desk.told.undelivered": "Your answer about {reference} could not be delivered.",
    "desk.told.replied": "There is an answer about {reference}. Write {reference} to read it.",
    "desk.told.reopened": "{reference} is not solved, its author says: it is open again.",
    "desk.told.late": "Nobody has answered for {days}: {references}. Their authors were told so.",
    "desk.told.digest": "The digest of {week} did not reach one of its readers ({reason}).",
    "desk.told.mail.refused": "the e-mail address takes no letters",
    "desk.told.mail.unknown": "we cannot know whether the e-mail arrived, and do not send it twice",
    "desk.told.mail.dropped": "the e-mail could not be sent in time",
    "desk.told.chat.refused": "the chat takes no messages from us",
    "desk.told.chat.unknown": "we cannot know whether it arrived in the chat, and do not send it twice",
    "desk.told.chat.dropped": "it could not be sent to the chat",
    "desk.told.waits": (
        "A message about {reference} waits: its author has not written on WhatsApp for a day, and there is"
        " no approved template for it. It goes out when they write again."
    ),
    "desk.told.waits_somebody": (
        "A message to somebody waits: they have not written on WhatsApp for a day, and there is no approved"
        " template for it. It goes out when they write again."
    ),
    "desk.told.silent": (
        "{name} ({role}) gets nothing from us any more: they said STOP, or blocked us. What they would have"
        " answered is for you now."
    ),
    "desk.told.invitation": (
        "Somebody came with an invitation that was used before, as {role}. They were refused."
    ),
}

DESK_PLURALS: dict[str, tuple[str, str]] = {
    "desk.people": ("one person", "{n} people"),
}
