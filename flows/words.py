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
    "welcome.hello.by_sms": (
        "We are: {council}. We take what is wrong in town to the council, and tell you what came of it. We"
        " are not the police, not the asylum office. You need no name."
    ),
    "welcome.who": (
        "We are: {council}. People who came from other countries tell us what is wrong, and the"
        " council reads it. We are not the police and not the asylum office. Staff of the council read"
        " what you send, after you answer 1. A machine translates it. You need no name."
    ),
    "welcome.who.by_sms": (
        "We are: {council}. People from other countries tell us what is wrong, the council reads it. We are"
        " not the police, not the asylum office. Nothing is sent before you answer 1. You need no name."
    ),
    "welcome.thanks": "You are welcome. Write to us again at any time.",
    "welcome.child": (
        "You are young? These people help you, free and in secret: {youth}\nYou can also write to us here."
    ),
    "welcome.danger": (
        "Is somebody in danger now? Call:\n{emergency}\n\nNobody reads this at once. We are not the"
        " police and not a doctor."
    ),
    "welcome.danger.by_sms": (
        "Is somebody in danger now? Call:\n{emergency}\nNobody reads this at once. We are not the police,"
        " not a doctor."
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
    "draft.not_sent": "It is not sent yet. To erase it, answer 3.",
    "draft.full": "This is as much as one message to the council can hold. Answer 1 to send it.",
    "draft.reminder": "You wrote to us, and it is not sent yet.",
    # The engine
    "engine.too_long": "That is too long. Please write it in parts of at most {most} letters.",
    "engine.no_way_back": "We cannot go back from here.",
    "engine.left": "All right, we leave that.",
    "engine.skip": "Skip this",
    "engine.skip.by_sms": "Skip",
    "engine.no_skip": "We need an answer here.",
    "engine.choose": "Please answer with one of the numbers.",
    "engine.choose_optional": 'Please answer with one of the numbers, or say "skip".',
    "engine.choose_optional.by_sms": "Please answer with one of the numbers, or with 0.",
    "engine.about": "This is about {reference}, which you sent some days ago.",
    "engine.some_days_ago": "You wrote this some days ago.",
    "engine.gone": "That question is closed.",
    # More, and changes
    "more.added": 'We added that to {reference}. Is it another problem? Write "new".',
    "more.edited": "We saw your change and added it to {reference}.",
    "more.not_found": (
        "We saw your change, but it belongs to nothing that is open. Please write it to us again."
    ),
    "more.aside": (
        "Something went wrong with your last message, and we could not read it. Please write it again."
    ),
    "more.unopened.photo": "We could not open the photo. Please send it again as a picture, or describe it.",
    "more.unopened.voice": "We could not open the voice message. Please send it again, or write it.",
    "more.unopened.video": (
        "We could not open the video. Please send a photo or a shorter one, or describe it."
    ),
    "more.unopened.file": "We could not open the file. Please send it as a photo, or describe it.",
    "more.loop": (
        "We have got the same words many times. We answer again in a few minutes, or when you write others."
    ),
    # Commands
    "stop.done": (
        'You get no more messages from us. What you sent stays with the council. Write "start" to begin'
        " again,"
        ' or "delete" to delete everything.'
    ),
    "stop.done.by_sms": (
        'We write to you no more. What you sent stays with the council. Write "start" to begin again, or'
        ' "delete" to delete everything.'
    ),
    "stop.nothing_sent": (
        'You get no more messages from us. Nothing was sent to the council. Write "start" to begin again,'
        ' or "delete" to delete everything.'
    ),
    "stop.nothing_sent.by_sms": (
        'We write to you no more. Nothing was sent to the council. Write "start" to begin again, or "delete"'
        " to delete everything."
    ),
    "stop.staff": (
        "You get no more messages from us in this chat: no digest, no question, no translation to look at."
        ' You keep your place at the council, and what you write here still counts. Write "start" to get them'
        " again. Until then, please tell a colleague to look after what comes in."
    ),
    "stop.still": 'You asked us not to write. Answer "start", and we go on.',
    "start.again": "Good to hear you again. We may write to you now.",
    "no_invitations.done": "You get no more invitations. News of your issues still comes.",
    "no_invitations.done.by_sms": "No more invitations. News of your issues still comes.",
    "no_invitations.staff": (
        "You get no more invitations. The digest, and what waits for you here, still come."
    ),
    "no_invitations.undo": 'To be invited again, write "invitations".',
    "no_invitations.undo.by_sms": 'To be invited again: "invitations".',
    "invitations.done": "We invite you when the council meets.",
    "invitations.undo": 'To get no more invitations, write "no invitations".',
    "invitations.undo.by_sms": 'To get no more: "no invitations".',
    "invitations.stopped": "We have noted that.",
    "help.text": (
        "Write what is wrong, and answer 1 to send it.\nYou can also write: status, correct, language,"
        " back, skip, my data, delete, no invitations, stop, menu."
    ),
    # The other commands stand in the menu, and a question by SMS says itself how to leave it out.
    "help.text.by_sms": (
        "Write what is wrong, and answer 1 to send it. You can also write: status, language, back, my data,"
        " delete, stop, menu."
    ),
    "correct.none": "You have not sent anything yet, so there is nothing to correct.",
    "language.done": "From now on we write in English.",
    # What this language is called, by its own speakers and by others: said alone, it is chosen
    "language.called.words": (
        "english|in english|english please|englisch|auf englisch|angleščina|anglescina|angleško|anglesko|"
        "الإنجليزية|إنجليزي|англійська|англійською|английский|inglese|anglais|inglés|engleski"
    ),
    # Status
    "status.none": "You have not sent anything yet.",
    "status.line": "{reference}, sent on {day}:",
    "status.filed": "sent to the council. You will hear by {hear_by}.",
    "status.late": "sent to the council. You were to hear by {hear_by}, and have not. We are sorry.",
    "status.seen": "read. You will hear by {hear_by}.",
    "status.discussed": "the council talks about it. You will hear by {hear_by}.",
    "status.in_talks": "the council talks about it.",
    "status.referred": "passed on to the right office.",
    "status.decided": "decided.",
    "status.closed": "closed.",
    "status.withdrawn": "taken back.",
    "status.asked": "the council asks you something. Please answer.",
    "status.replied": "you answered what the council asked. You will hear by {hear_by}.",
    "status.reopened": "open again. You will hear by {hear_by}.",
    "status.spam": "closed.",
    # My data
    "my_data.head": "This is what we keep of you. For staff you are {pseudonym}, since {since}.",
    # The way to delete stands first: what is too long loses its end.
    "my_data.head.by_sms": (
        'Staff know you as {pseudonym}, since {since}. To delete all of this, write "delete".'
    ),
    "my_data.channels": "Your address is stored locked, for: {channels}.",
    "my_data.yes": "{purpose}: you said yes on {day}.",
    "my_data.no": "{purpose}: you said no on {day}.",
    "my_data.draft": "Not sent yet:\n{what}",
    "my_data.issue": "{reference}, sent on {day}:\n{what}",
    "my_data.kept": (
        'We keep an issue for {kept} after it is closed. Write "delete" to delete everything now.'
    ),
    "my_data.kept.by_sms": "We keep an issue for {kept} after it is closed.",
    "purpose.issue": "Sending your issues to the council",
    "purpose.news": "News of your issues",
    "purpose.invitations": "Invitations",
    "purpose.surveys": "Questions from the council",
    "channel.telegram": "Telegram",
    "channel.web": "this web chat",
    "channel.terminal": "the terminal",
    "channel.sms": "SMS",
    "channel.whatsapp": "WhatsApp",
    # Opens the list of options on WhatsApp; 20 letters at most.
    "channel.open_list": "Choose",
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
    # A list of ten costs several segments
    "topic.papers.by_sms": "Papers",
    "topic.school.by_sms": "School",
    "topic.money.by_sms": "Money",
    "topic.transport.by_sms": "Traffic",
    "topic.discrimination.by_sms": "Unfairness",
    "topic.other.by_sms": "Other",
    # What we recognise
    "command.stop.words": (
        "stop|stop all|unsubscribe|end|quit|stop it|stop this|i want to stop|stop messages|stop"
        " sending me messages|stop sending messages|no more messages|leave me alone|opt out|arrête|"
        "arrêtez|basta|alto|dur|durdurun|prestanite|ndalo"
    ),
    "command.courtesy.words": (
        "please|pls|plz|now|thanks|thank you|hello|hi|sorry|so sorry|i am sorry|i'm sorry|excuse me|pardon|"
        "hey"
    ),
    "command.start.words": "start|unstop|begin|start again",
    "command.help.words": (
        "help|info|commands|how does this work|how does it work|i don't understand|i do not understand|don't "
        "understand|what do i do|what must i do|help me"
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
    "command.no_invitations.words": (
        "no invitations|no invitation|no more invitations|no more invitation|no invites|no more invites|stop"
        " invitations|stop the invitations|stop invites|stop inviting me|stop sending invitations|stop"
        " sending me invitations|cancel invitations|do not invite me|don't invite me|dont invite me|do not"
        " invite me again|don't invite me again|do not invite me any more|don't invite me anymore|i want no"
        " invitations|i do not want invitations|i don't want invitations|i don't want any invitations|without"
        " invitations"
    ),
    # Not "invitation": a letter of invitation is something that people need, and tell us of.
    "command.invitations.words": (
        "invitations|invite me|invite me again|you may invite me|invitations again|send invitations|send me"
        " invitations|i want invitations|start invitations|with invitations"
    ),
    "sign.greeting.words": (
        "hello|helo|helloo|hi|hey|good morning|good day|good evening|good afternoon|hi there|how are you|"
        "test|hey there|hello there|hello everyone|hello everybody|hi all|hi everyone|good night|hola|buenos "
        "días|buenos dias|bonjour|bonsoir|salut|ciao|buongiorno|merhaba|salam|selam|bok|zdravo|olá|ola|dzień "
        "dobry|dzien dobry|bună ziua|buna ziua|përshëndetje|pershendetje"
    ),
    # Said between a greeting and a name
    "sign.greeting.my_name_is.words": "my name is|my name's|name is|name's",
    # A problem that is announced, and not told yet: it is answered like a greeting
    "sign.greeting.problem.words": (
        "i have a problem|i have problem|i have problems|i have a big problem|we have a problem|there is a "
        "problem|i have an issue|i have a question|can you help me|can you help us|can you help|could you "
        "help me|will you help me|i need help|i need your help|i need some help|we need help|need help|i "
        "want to report a problem|i want to report something|i want to tell you something|i want to say "
        "something|is anybody there|is anyone there|anybody there"
    ),
    "sign.thanks.words": (
        "thanks|thank you|thank you very much|thank you so much|thanks so much|thanks a lot|"
        "thank you for your help|thanks for your help|thank you for everything|many thanks|ok|okay|ok thanks|"
        "okay thank you|good|great|bye"
    ),
    "sign.who.words": (
        "who are you|who is this|who is that|what is this|are you the police|is this the police|are"
        " you a robot|are you a bot|is this a bot|who reads this|who reads my message|who will read"
        " this|is this safe|are you the government|are you immigration|is this immigration"
    ),
    "sign.danger.words": (
        "suicid*|kill myself|kill me|kill him|kill her|kill us|want to die|dying|rape*|raped|beats me|beat "
        "me|hits me|beating me|hit me|violence|violent|stab|stabs|stabbed|stabbing|knife|gun|weapon|fire|"
        "burning|on fire|in danger|emergency|threaten*|overdose|bleeding|unconscious|heart attack|cannot "
        "breathe|can't breathe|locked in|kidnap*|traffick*|abuse*|hurting my child|hurts my child|hit my "
        "child|child is in danger|help me please|don't want to live|do not want to live|dont want to be "
        "alive|wanna die|want to be dead|wish i was dead|wish i were dead|better dead|can't live anymore|"
        "cannot live anymore|can not live anymore|can't live any more|cannot live any more|can not live any "
        "more|can't live any longer|cannot live any longer|i can't live like this|i cannot live like this|"
        "can't go on living|no reason to live|nothing to live for|no sense to live|tired of living|end my "
        "life|ending my life|take my life|take my own life|taking my life|hurt myself|harm myself|hurting "
        "myself|self harm|took too many pills|took many pills|took all the pills|killed|wants to kill|will "
        "kill|going to kill|trying to kill|try to kill|kill my|kill them|kill you|killing me|murder*|raping|"
        "molest*|sexual assault|sexually assaulted|sexual harassment|sexually harassed|groped|beats us|beats "
        "him|beats her|beats them|beats my|beats his|beats our|beats their|beats the child|beats the "
        "children|beats the kids|beats the baby|beats children|beat us|beat him|beat her|beat them|beat my|"
        "beat his|beat our|beat their|beat the child|beat the children|beat the kids|beat children|beat up|"
        "beats up|beaten|beating us|beating him|beating her|beating them|beating my|beating his|beating our|"
        "beating their|beating the child|beating the children|beating the kids|beating children|hits us|hits "
        "him|hits her|hits them|hits my|hits his|hits our|hits their|hits the child|hits the children|hits "
        "the kids|hits children|hit us|hit him|hit her|hit them|hit my children|hit my kid|hit my kids|hit "
        "my son|hit my daughter|hit my baby|hit my wife|hit my mother|hit my sister|hit my brother|hit his "
        "wife|hit his child|hit his children|hit his kids|hit their children|hit our children|hit our child|"
        "hit the child|hit the children|hit the kids|hit children|hitting me|hitting us|hitting him|hitting "
        "her|hitting them|hitting my|hitting his|hitting our|hitting their|hitting the child|hitting the "
        "children|hitting the kids|hitting children|slap me|slaps|slapped|slapping|punch me|punches|punched|"
        "punching|kick me|kicks me|kicked me|kicking me|kicks us|kicked us|kicks my|kicked my|strangl*|choke "
        "me|chokes|choked|choking|attacks me|attacked|attacks us|attacking me|attacking us|hurts me|hurt me|"
        "hurting me|hurts us|hurt us|hurting us|he hurts|they hurt|hurts my children|hurts my son|hurts my "
        "daughter|hurt my child|hurt my children|hurting my children|hurting the children|afraid of my "
        "husband|afraid of my wife|afraid of my father|afraid of my boyfriend|afraid of my partner|afraid of "
        "my brother|afraid of my son|afraid of my ex|afraid of him|scared of my husband|scared of my wife|"
        "scared of my father|scared of my boyfriend|scared of my partner|scared of my brother|scared of my "
        "ex|scared of him|fear my husband|afraid for my life|scared for my life|fear for my life|afraid to "
        "go home|scared to go home|follows me home|following me|stalker*|stalking me|stalks me|locked me|"
        "locked us|won't let me out|does not let me out|doesn't let me out|does not let me go out|doesn't "
        "let me go out|forced marriage|forced to marry|knives|guns|weapons|pistol|rifle|armed|shoot*|axe|"
        "machete|bomb|bombs|explosion*|explod*|gas smell|smell gas|smell of gas|smells of gas|smells like "
        "gas|smelling gas|gas leak|gas leaks|gas leaking|gas is leaking|leaking gas|gas is coming out|there "
        "is smoke|there's smoke|smoke in|smoke is coming|smoke coming|smoke comes|lot of smoke|full of smoke|"
        "smoke everywhere|smell smoke|smell of smoke|smells like smoke|flames|house burns|flat burns|house "
        "is burned|fire alarm is ringing|fire alarm rings|call police|call the police|call a police|call "
        "cops|call the cops|need police|need the police|police please|send police|send the police|police "
        "help|help police|need an ambulance|need ambulance|need a ambulance|need the ambulance|call "
        "ambulance|call an ambulance|call a ambulance|call the ambulance|send an ambulance|send ambulance|"
        "ambulance please|ambulance now|call the fire brigade|call fire brigade|call firefighters|need a "
        "doctor now|need doctor now|sos|save me|save us|not breathing|isn't breathing|stopped breathing|"
        "stops breathing|does not breathe|doesn't breathe|can't breath|cannot breath|can not breathe|can not "
        "breath|is not waking up|isn't waking up|does not wake up|doesn't wake up|won't wake up|fainted|"
        "collapsed|heart stopped|stroke|seizure|drowning|drowned|poisoned|poisoning|bleeds|lot of blood|son "
        "is missing|daughter is missing|child is missing|children are missing|kid is missing|kids are "
        "missing|baby is missing|wife is missing|husband is missing|mother is missing|father is missing|"
        "brother is missing|sister is missing|missing child|son disappeared|daughter disappeared|child "
        "disappeared|son has disappeared|daughter has disappeared|child has disappeared|can't find my child|"
        "cannot find my child|can not find my child|can't find my son|cannot find my son|can not find my son|"
        "can't find my daughter|cannot find my daughter|can not find my daughter|can't find my children|"
        "cannot find my children|son is lost|daughter is lost|child is lost"
    ),
    # What a danger word is harmless in, as long as it is no more
    "sign.danger.not.words": (
        "fire alarm is broken|fire alarm is not working|fire alarm does not work|fire alarm doesn't work|"
        "fire alarm broken|broken fire alarm|no fire alarm|fire extinguisher|fire extinguishers|fire door|"
        "fire doors|fire exit|fire exits|fire escape|fire safety|fire protection|fire drill|fire insurance|"
        "fire me|fire us|knife shop|knife store|gun shop|smoke detector|smoke detectors|smoke alarm|live "
        "here|live in this house|live in this flat|live in this room|live in this apartment|live in this "
        "building|live in this camp|live in the camp|live in a camp|live with this noise|live with mould|"
        "live with mold|people smoke|neighbours smoke|neighbors smoke|they smoke|men smoke|who smoke|"
        "cigarette smoke"
    ),
    "sign.wrong_number.words": (
        "wrong number|wrong person|you have the wrong number|i do not know you|i don't know you|not me|stop "
        "writing me|sorry wrong number|wrong number sorry|this is the wrong number|this is a wrong number|it "
        "is the wrong number|you have a wrong number|i have the wrong number|you got the wrong number|wrong "
        "chat"
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
    # Said alone: what was begun is left
    "cancel.words": (
        "cancel|cancel it|cancel this|cancel that|undo|undo it|undo this|undo that|never mind|nevermind|"
        "never mind it|forget it|forget this|forget that|forget about it|leave it|drop it|not important|"
        "it is not important|it's not important|it doesn't matter|doesn't matter|it does not matter|"
        "i changed my mind"
    ),
    # A number that is said alone chooses as its digit does
    "digit.1.words": "one",
    "digit.2.words": "two",
    "digit.3.words": "three",
    "digit.4.words": "four",
    "digit.5.words": "five",
    "digit.6.words": "six",
    "digit.7.words": "seven",
    "digit.8.words": "eight",
    "digit.9.words": "nine",
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
    "correct.sure.change.synonyms": "yes|yes change it",
    "correct.sure.leave.synonyms": "no|leave",
    "delete.sure.keep.synonyms": "no|keep",
    "delete.sure.delete.synonyms": "yes|yes delete",
}

#: texts that depend on a number: key -> (one, other)
PLURALS: dict[str, tuple[str, str]] = {
    "span.days": ("{n} day", "{n} days"),
    "span.months": ("{n} month", "{n} months"),
    "span.months.by_sms": ("{n} month", "{n} months"),
    "status.count": ("You have sent one issue.", "You have sent {n} issues."),
    "attached.photo": ("a photo", "{n} photos"),
    "attached.voice": ("a voice message", "{n} voice messages"),
    "attached.video": ("a video", "{n} videos"),
    "attached.file": ("a file", "{n} files"),
}

#: The plainest danger words of languages that may have no catalog, by language: they are said in no
#: language of ours, so there is nothing to translate. They are also found without their accents.
DANGER_ELSEWHERE: dict[str, str] = {
    "fr": (
        "je veux mourir|envie de mourir|veux plus vivre|me tuer|veut me tuer|me frappe|nous frappe|me bat|"
        "nous bat|bat sa femme|bat ses enfants|bat mes enfants|frappe sa femme|frappe ses enfants|frappe mes "
        "enfants|frappe les enfants|m'a frappé|m'a frappée|viol|violée|au feu|il y a le feu|incendie|maison "
        "brûle|odeur de gaz|fuite de gaz|appelez la police|appelle la police|besoin de la police|appelez une "
        "ambulance|besoin d'une ambulance|couteau|pistolet|une arme|ne respire pas|ne respire plus|au secours"
    ),
    "tr": (
        "intihar|ölmek istiyorum|yaşamak istemiyorum|kendimi öldüreceğim|kendimi öldürmek istiyorum|beni "
        "öldürecek|dövüyor|dövüyorlar|beni dövdü|bizi dövdü|bana vuruyor|bana vurdu|tecavüz|yangın|yangın "
        "var|ev yanıyor|evimiz yanıyor|gaz kokusu|gaz kaçağı|polis çağırın|polisi arayın|polis lazım|"
        "ambulans|bıçak|bıçaklı|bıçakla|bıçağı var|silah|silahı var|silahla|nefes almıyor|imdat"
    ),
    "ru": (
        "не хочу жить|больше не могу жить|не могу больше жить|нет смысла жить|незачем жить|хочу сдохнуть|"
        "покончу с собой|отец бьет|отец бьёт|папа бьет|папа бьёт|отчим бьет|отчим бьёт|он бьет|он бьёт|бьет "
        "нас|бьёт нас|бьет жену|бьёт жену|бьет маму|бьёт маму|бьет сына|бьёт сына|бьет дочь|бьёт дочь|бьет "
        "своих|бьёт своих|бьет своего|бьёт своего|бьет свою|бьёт свою|бьют нас|бьют детей|бьют ребенка|бьют "
        "ребёнка|детей бьют|ребенка бьют|ребёнка бьют|нас бьют|бил меня|душит|душил меня|боюсь мужа|боюсь "
        "своего мужа|боюсь отца|боюсь его|боюсь за свою жизнь|нож|с ножом|выстрел*|вооружен*|вооружён*|взрыв|"
        "огонь|горит|горим|дым|пахнет газ|воняет газом|вызовите полицию|вызывайте полицию|нужна полиция|"
        "вызовите скорую|вызывайте скорую|нужна скорая|вызовите пожарных|перестал дышать|перестала дышать|"
        "пропал сын|сын пропал|пропал ребенок|пропал ребёнок|ребенок пропал|ребёнок пропал|пропала дочь|дочь "
        "пропала"
    ),
    "fa": (
        "خودکشی|می‌خواهم بمیرم|می خواهم بمیرم|میخوام بمیرم|می خوام بمیرم|نمی‌خواهم زندگی کنم|نمی خواهم زندگی "
        "کنم|نمیخوام زندگی کنم|نمی خوام زندگی کنم|خودم را می‌کشم|خودم را می کشم|خودمو میکشم|خودم را بکشم|مرا "
        "می‌زند|مرا می زند|منو میزنه|منو می زنه|ما را می‌زند|ما را می زند|ما رو میزنه|بچه ها را می‌زند|بچه "
        "ها را می زند|بچه ها رو میزنه|کتک|کتکم میزنه|مرا می‌کشد|مرا می کشد|منو میکشه|آتش|آتش سوزی|آتش‌سوزی|"
        "آتش گرفته|بوی گاز|نشت گاز|به پلیس زنگ بزنید|پلیس خبر کنید|به پولیس زنگ بزنید|پولیس خبر کنید|"
        "آمبولانس|چاقو|تفنگ|اسلحه|تجاوز جنسی|نفس نمی‌کشد|نفس نمی کشد|نفس نمیکشه"
    ),
    "ro": (
        "vreau să mor|nu mai vreau să trăiesc|nu vreau să trăiesc|sinucid*|mă omor|să mă omoare|mă bate|ne "
        "bate|bate copiii|își bate copiii|își bate soția|bate soția|m-a bătut|mă lovește|violată|incendiu|"
        "foc în casă|a luat foc|arde casa|casa arde|miros de gaz|scurgere de gaz|chemați poliția|sunați la "
        "poliție|am nevoie de poliție|chemați ambulanța|chemați salvarea|am nevoie de ambulanță|cuțit|are o "
        "armă|nu respiră"
    ),
    "hr": (
        "hoću da umrem|želim da umrem|želim umrijeti|hoću umrijeti|želim umreti|ne želim živjeti|ne želim "
        "više živjeti|ne želim da živim|ne mogu više živjeti|neću da živim|ubit ću se|ubiću se|tuče|tuku nas|"
        "tuku me|udara me|udario me|udario ju je|silovao|silovanje|vatra|vatru|kuća gori|gori kuća|miriše na "
        "plin|curi plin|miris plina|zovite policiju|pozovite policiju|zovi policiju|treba mi policija|trebam "
        "policiju|zovite hitnu|pozovite hitnu|treba mi hitna|hitna pomoć|ima nož|ima pištolj|oružje|pucaju "
        "na|ne diše|bojim se muža|upomoć"
    ),
    "sr": (
        "хоћу да умрем|желим да умрем|не желим да живим|убићу се|туче ме|туче децу|удара ме|кућа гори|гори "
        "кућа|ватра|позовите полицију|зовите полицију|зовите хитну|има нож|има пиштољ|оружје|не дише"
    ),
    "it": (
        "voglio morire|non voglio vivere|non voglio più vivere|voglio uccidermi|vuole uccidermi|mi uccide|mi "
        "picchia|ci picchia|picchia i bambini|picchia i miei|picchia i figli|picchia la moglie|picchia mia|"
        "picchia mio|mi ha picchiato|mi ha picchiata|stupro|stuprata|violentata|al fuoco|va a fuoco|c'è un "
        "incendio|la casa brucia|odore di gas|puzza di gas|fuga di gas|chiamate la polizia|chiama la polizia|"
        "chiamate un'ambulanza|serve un'ambulanza|ho bisogno di un'ambulanza|coltello|ha una pistola|non "
        "respira"
    ),
    "pt": (
        "quero morrer|não quero viver|não quero mais viver|vou me matar|quero me matar|quer me matar|vai me "
        "matar|me bate|nos bate|bate-me|bate-nos|bate na mulher|bate nos filhos|bate nas crianças|bate nos "
        "meus filhos|fui violada|fui estuprada|fogo|incêndio|cheiro a gás|cheiro de gás|fuga de gás|"
        "vazamento de gás|chamem a polícia|chame a polícia|preciso da polícia|ambulância|com uma faca|tem "
        "uma faca|tem uma arma|não respira"
    ),
    "sq": (
        "dua të vdes|nuk dua të jetoj|vetëvrasje|do të vras veten|më rreh|na rreh|rreh fëmijët|rreh gruan|më "
        "ka rrahur|më goditi|përdhunim|zjarr|po digjet shtëpia|erë gazi|rrjedhje gazi|thirrni policinë|thirr "
        "policinë|kam nevojë për policinë|thirrni ambulancën|kam nevojë për ambulancë|thikë|ka armë|nuk merr "
        "frymë"
    ),
    "pl": (
        "chcę umrzeć|nie chcę żyć|nie chcę już żyć|samobójstw*|zabiję się|chcę się zabić|zabije mnie|chce "
        "mnie zabić|bije mnie|mnie bije|bije nas|nas bije|bije dzieci|bije dziecko|bije żonę|bije moje|"
        "uderzył mnie|pobił mnie|zgwałc*|gwałt|pożar|pali się|dom się pali|ulatnia się gaz|czuć gaz|wyciek "
        "gazu|wezwijcie policję|wezwij policję|dzwońcie na policję|potrzebuję policji|wezwijcie karetkę|"
        "wezwij karetkę|karetkę|potrzebuję karetki|nóż|z nożem|ma broń|nie oddycha|ratunku"
    ),
    "hu": (
        "meg akarok halni|nem akarok élni|nem akarok tovább élni|öngyilkos*|megölöm magam|meg akar ölni|"
        "megöl|engem ver|ver engem|megver|megvert|veri a gyereket|veri a gyerekeket|veri a feleségét|"
        "megerőszakol*|tűz van|tűz ütött ki|ég a ház|ég a lakás|gázszag*|gázszivárgás*|hívják a rendőrséget|"
        "hívjátok a rendőrséget|hívjon rendőrt|rendőrt|mentőt|kése van|kés van nála|késsel|fegyver*|nem "
        "lélegzik"
    ),
    "el": (
        "θέλω να πεθάνω|δεν θέλω να ζω|δεν θέλω να ζήσω|αυτοκτον*|να σκοτωθώ|θα με σκοτώσει|με χτυπάει|με "
        "χτυπά|μας χτυπάει|με χτύπησε|με δέρνει|μας δέρνει|δέρνει τα παιδιά|χτυπάει τα παιδιά|με βίασε|"
        "βιασμός|φωτιά|πυρκαγιά|καίγεται το σπίτι|διαρροή αερίου|μυρίζει γκάζι|καλέστε την αστυνομία|φωνάξτε "
        "την αστυνομία|ασθενοφόρο|μαχαίρι|έχει όπλο|δεν αναπνέει"
    ),
    "so": (
        "waxaan rabaa inaan dhinto|wuu i garaacaa|i garaacaa|dab baa ka kacay|dab ayaa ka kacay|guriga ayaa "
        "gubanaya|booliska u yeer|u yeer booliska|booliska wac|ambalaas|mindi buu haystaa|qori buu haystaa"
    ),
}
