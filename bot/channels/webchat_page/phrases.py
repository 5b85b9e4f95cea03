"""The words of the web chat page, in English: plain, short, and saying what to do next.

They join the translated catalogs like every other phrase; `{council}` is filled in by the server.
page.js takes them by these keys, and shows no word of its own.
"""

PAGE_PHRASES: dict[str, str] = {
    # the head of the page
    "page.title": "{council}",
    "page.not": "We are not the police and not the asylum office.",
    "page.noscript": "This page needs JavaScript. Please turn it on in your browser, or use another phone.",
    # the talk
    "page.talk": "Our talk",
    "page.welcome": "Hello. What is wrong? Tell us in your own language. You do not need to give your name.",
    "page.we": "Townbell:",
    "page.you": "You:",
    "page.choices": "Choose one answer",
    "page.newer": "New message",
    # writing
    "page.write": "Write here",
    "page.send": "Send",
    "page.more": "Photo, voice or place",
    "page.photo": "Photo",
    "page.voice": "Voice",
    "page.place": "Place",
    # what became of a message
    "page.sending": "Sending",
    "page.sent": "Arrived",  # not "Sent": it goes to staff only after "1"
    "page.waiting": "Not sent yet. We will try again.",
    "page.failed": "Not sent",
    "page.offline": "No connection. You can still write. We will send it later.",
    "page.online": "Connected again.",
    "page.slow": "Please wait a little. We will send it soon.",
    "page.too_long": "This is too long. Please send it in two parts.",
    "page.too_large": "This is too large. Please send a smaller photo or a shorter voice note.",
    "page.not_media": "We cannot open this file. Please send a photo or a voice note.",
    "page.closed": "This talk is closed here. Please open the page again.",
    # a voice note, a photo, a place
    "page.recording": "Recording. Speak now.",
    "page.stop": "Stop",
    "page.delete": "Delete",
    "page.review": "Look or listen first. Then send or delete.",
    "page.voice_full": "That is 3 minutes. Send this, then you can record more.",
    "page.voice_refused": "We may not use the microphone. Allow it in the browser, or write to us.",
    "page.voice_absent": "We cannot find a microphone here. Please write to us.",
    "page.place_asking": "Looking for your place. Please wait.",
    "page.place_refused": "We may not see your place. Allow it in the browser, or write the street.",
    "page.place_absent": "We cannot find your place now. Please write the street.",
    # a shared phone
    "page.leave": "Leave this talk",
    "page.leave_question": "Leave this talk?",
    "page.leave_why": (
        "Use this on a shared phone. The talk goes away, and you cannot open it here again. "
        "What you sent stays with the council."
    ),
    "page.leave_yes": "Yes, leave",
    "page.leave_no": "No, stay",
    "page.leave_failed": "No connection. The talk is not closed yet. Please try again.",
}
