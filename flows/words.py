"""Our own words that belong to no step, in English: what goes before any flow, and the word lists.

Keys that end in `.words` or `.synonyms` are lists, parted by "|": words that we recognise, never
say. In a list a trailing `*` stands for any ending, and `#` for a number from 6 to 17.
"""

from __future__ import annotations

WORDS: dict[str, str] = {
    # Who we are
    "welcome.hello": (
        "Hello. We are: {council}. Tell us what is wrong in town. We take it to the council and tell"
        " you what came of it. We are not the police and not the asylum office. You need no name."
    ),
    "welcome.who": (
        "We are: {council}. People who came from other countries tell us what is wrong, and the"
        " council reads it. We are not the police and not the asylum office. Staff of the council read"
        " what you send, after you answer 1. A machine translates it. You need no name."
    ),
    "welcome.thanks": "You are welcome. Write to us again at any time.",
    "welcome.child": (
        "You are young? These people help you, free and in secret: {youth}\nYou can also write to us here."
    ),
    "welcome.danger": (
        "Is somebody in danger now? Call:\n{emergency}\n\nNobody reads this at once. We are not the"
        " police and not a doctor."
    ),
    "welcome.still_open": "You have words here that are not sent yet.",
    # The notice behind "9"
    "notice.more": (
        "Who is responsible: {controller}.\nWhy: so that the council can take up what you tell. Legal"
        " ground: {legal_basis}.\nWho reads it: {recipients}.\nHow long: {kept} after the issue is"
        " closed.\nYour rights:"
        ' see, correct and delete it at any time. Write "my data", "correct" or "delete".\nQuestions and'
        " complaints: {officer}.\nNotice {version}."
    ),
    # The draft
    "draft.go_on": "Write on. When you are done, answer 1 to send it.",
    "draft.erased": "Erased. We kept nothing of it. Write again when you want.",
    "draft.full": "This is as much as one message to the council can hold. Answer 1 to send it.",
    "draft.reminder": "You wrote to us, and it is not sent yet.",
    # The engine
    "engine.too_long": "That is too long. Please write it in parts of at most {most} letters.",
    "engine.no_way_back": "We cannot go back from here.",
    "engine.left": "All right, we leave that.",
    "engine.skip": "Skip this",
    "engine.no_skip": "We need an answer here.",
    "engine.choose": "Please answer with one of the numbers.",
    "engine.choose_optional": 'Please answer with one of the numbers, or say "skip".',
    "engine.about": "This is about {reference}, which you sent some days ago.",
    "engine.some_days_ago": "You wrote this some days ago.",
    "engine.gone": "That question is closed.",
    # More, and changes
    "more.added": "We added that to {reference}.",
    "more.edited": "We saw your change and added it to {reference}.",
    "more.not_found": (
        "We saw your change, but it belongs to nothing that is open. Please write it to us again."
    ),
    "more.aside": (
        "Something went wrong with your last message, and we could not read it. Please write it again."
    ),
    "more.loop": (
        "We have got the same words many times. We answer again in a few minutes, or when you write others."
    ),
    # Commands
    "stop.done": (
        'You get no more messages from us. What you sent stays with the council. Write "start" to begin'
        " again,"
        ' or "delete" to delete everything.'
    ),
    "stop.still": 'You asked us not to write. Answer "start", and we go on.',
    "start.again": "Good to hear you again. We may write to you now.",
    "help.text": (
        "Write what is wrong, and answer 1 to send it.\nYou can also write: status, correct, language,"
        " back, skip, my data, delete, stop, menu."
    ),
    "correct.none": "You have not sent anything yet, so there is nothing to correct.",
    "language.done": "From now on we write in English.",
    # Status
    "status.none": "You have not sent anything yet.",
    "status.line": "{reference}, sent on {day}:",
    "status.filed": "sent to the council. You will hear by {hear_by}.",
    "status.late": "sent to the council. You were to hear by {hear_by}, and have not. We are sorry.",
    "status.seen": "read. You will hear by {hear_by}.",
    "status.discussed": "the council talks about it. You will hear by {hear_by}.",
    "status.referred": "passed on to the right office.",
    "status.decided": "decided.",
    "status.closed": "closed.",
    "status.withdrawn": "taken back.",
    # My data
    "my_data.head": "This is what we keep of you. For staff you are {pseudonym}, since {since}.",
    "my_data.channels": "Your address is stored locked, for: {channels}.",
    "my_data.yes": "{purpose}: you said yes on {day}.",
    "my_data.no": "{purpose}: you said no on {day}.",
    "my_data.draft": "Not sent yet:\n{what}",
    "my_data.issue": "{reference}, sent on {day}:\n{what}",
    "my_data.kept": (
        'We keep an issue for {kept} after it is closed. Write "delete" to delete everything now.'
    ),
    "purpose.issue": "Sending your issues to the council",
    "purpose.news": "News of your issues",
    "purpose.invitations": "Invitations",
    "purpose.surveys": "Questions from the council",
    "channel.telegram": "Telegram",
    "channel.web": "this web chat",
    "channel.terminal": "the terminal",
    # Topics
    "topic.housing": "Housing",
    "topic.work": "Work",
    "topic.papers": "Papers and offices",
    "topic.health": "Health",
    "topic.school": "School and children",
    "topic.money": "Money and benefits",
    "topic.transport": "Buses, trains and roads",
    "topic.safety": "Safety",
    "topic.discrimination": "Being treated unfairly",
    "topic.other": "Something else",
    # What we recognise
    "command.stop.words": (
        "stop|stop all|unsubscribe|end|quit|stop it|stop this|i want to stop|stop messages|stop"
        " sending me messages|stop sending messages|no more messages|leave me alone|opt out|arrête|"
        "arrêtez|basta|alto|dur|durdurun|prestanite|ndalo"
    ),
    "command.courtesy.words": "please|pls|plz|now|thanks|thank you|hello|hi",
    "command.start.words": "start|unstop|begin|start again",
    "command.help.words": (
        "help|info|commands|how does this work|how does it work|i don't understand|i do not"
        " understand|don't understand|what do i do|what must i do"
    ),
    "command.back.words": "back|go back|previous",
    "command.skip.words": "skip|next|no answer",
    "command.language.words": "language|languages|change language|another language|other language",
    "command.status.words": "status|my issues|my issue|news|what happened",
    "command.correct.words": "correct|correction|change|change my issue|i made a mistake",
    "command.my_data.words": "my data|mydata|data|what do you keep|what do you know about me",
    "command.delete.words": (
        "delete|delete everything|delete my account|delete my messages|delete all my data|how do i"
        " delete this|can you delete my messages|delete all|forget me|delete my data|erase everything"
    ),
    "command.menu.words": "menu|options|main menu",
    "command.raise.words": "new|new issue|new problem|another issue|another problem",
    "sign.greeting.words": (
        "hello|helo|helloo|hi|hey|good morning|good day|good evening|good afternoon|hi there|how are you|test"
    ),
    # Said between a greeting and a name
    "sign.greeting.my_name_is.words": "my name is|my name's|name is|name's",
    "sign.thanks.words": (
        "thanks|thank you|thank you very much|many thanks|ok|okay|ok thanks|okay thank you|good|great|bye"
    ),
    "sign.who.words": (
        "who are you|who is this|who is that|what is this|are you the police|is this the police|are"
        " you a robot|are you a bot|is this a bot|who reads this|who reads my message|who will read"
        " this|is this safe|are you the government|are you immigration|is this immigration"
    ),
    "sign.danger.words": (
        "suicid*|kill myself|kill me|kill him|kill her|kill us|want to die|dying|rape*|raped|beats me|"
        "beat me|hits me|beating me|hit me|violence|violent|stab|stabs|stabbed|stabbing|knife|gun|"
        "weapon|fire|burning|on fire|in danger|emergency|threaten*|overdose|bleeding|unconscious|heart"
        " attack|cannot breathe|can't breathe|locked in|kidnap*|traffick*|abuse*|hurting my child|hurts"
        " my child|hit my child|child is in danger|help me please"
    ),
    "sign.wrong_number.words": (
        "wrong number|wrong person|you have the wrong number|i do not know you|i don't know you|not"
        " me|stop writing me"
    ),
    "sign.question.words": (
        "how|where|when|what|who|which|why|can i|may i|do i|is it|is there|am i|could you|can you|"
        "should i|must i"
    ),
    "sign.child.words": (
        "i am a child|i'm a child|i am a kid|i'm a kid|i am # years old|i'm # years old|i am # year"
        " old|i am only #|i'm only #|i am a minor|i'm a minor|i am underage"
    ),
    "skip.synonyms": (
        "no|no photo|i have no photo|no picture|none|nothing|i have none|i don't know|i do not know"
    ),
    # For every Confirm. A mere "ok" agrees to no notice, and sends only where there is none to agree to.
    "confirm.send.synonyms": "yes|send|send it|i agree|agree|agreed|yes send|yes please",
    "confirm.add.synonyms": "add|more to say|wait",
    "confirm.erase.synonyms": "erase|delete this|remove|cancel it|don't send|do not send",
    "confirm.more.synonyms": "more|tell me more|more information|privacy",
    "raise_issue.send_again.send.synonyms": "ok|okay|go",
    "raise_issue.invitations.yes.synonyms": "yes|ok|okay|sure|gladly",
    "raise_issue.invitations.no.synonyms": "no|no thanks|never",
    "raise_issue.forwarded.mine.synonyms": "yes|mine|mine too|me too",
    "raise_issue.forwarded.not_mine.synonyms": "no|not mine",
    "delete.sure.keep.synonyms": "no|keep",
    "delete.sure.delete.synonyms": "yes|yes delete",
}

#: texts that depend on a number: key -> (one, other)
PLURALS: dict[str, tuple[str, str]] = {
    "span.days": ("{n} day", "{n} days"),
    "span.months": ("{n} month", "{n} months"),
    "status.count": ("You have sent one issue.", "You have sent {n} issues."),
    "attached.photo": ("a photo", "{n} photos"),
    "attached.voice": ("a voice message", "{n} voice messages"),
    "attached.video": ("a video", "{n} videos"),
    "attached.file": ("a file", "{n} files"),
}
