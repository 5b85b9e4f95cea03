"""What a person decides about us: language, stop and start, what we keep, and its deletion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.events import ContactErased, Event, LanguageChosen
from core.phrases import Phrases
from core.talk import Command
from flows.choices import plain
from flows.given import Answers, Given, shortened, span
from flows.raise_issue import affected_label
from flows.steps import Choose, Flow, Note, OptionsFrom, Say, answered


def language_flow(catalogs: Mapping[str, Phrases]) -> Flow:
    """Choose a language, each under its own name."""

    def names(_answers: Answers, given: Given, _phrases: Phrases) -> Sequence[tuple[str, str]]:
        return [(tag, catalogs[tag].name) for tag in given.council.languages if tag in catalogs]

    def chosen(answers: Answers, _given: Given) -> Sequence[Event]:
        return (LanguageChosen(answers["tag"]),)

    options: OptionsFrom = names
    return Flow(
        "language", [Choose("tag", "Which language shall we write in?", options), Note("chosen", chosen)]
    )


def language_names(catalogs: Mapping[str, Phrases]) -> Mapping[str, str]:
    """What each language is called, by its speakers and by others, as it is compared -> its tag."""
    names: dict[str, str] = {}
    # English first: a catalog that has no such list yet shows the English one, and it is not about itself.
    for tag in sorted(catalogs, key=lambda one: one != "en"):
        for name in catalogs[tag].words("language.called.words"):
            names.setdefault(plain(name), tag)
    return names | {plain(phrases.name): tag for tag, phrases in catalogs.items()}


def erased(_answers: Answers, _given: Given) -> Sequence[Event]:
    """Everything of this person goes."""
    return (ContactErased(),)


delete = Flow(
    "delete",
    [
        Choose(
            "sure",
            "Shall we delete everything that we keep of you? Your issues, photos, voice messages and"
            " answers go. This cannot be undone.",
            {"delete": "Delete everything", "keep": "Keep it"},
            by_sms={
                "text": "Shall we delete everything that we keep of you, with your issues and answers? This"
                " cannot be undone."
            },
        ),
        Note("erased", erased, when=answered("sure", "delete")),
        Say(
            "done",
            "Done. Everything that we kept of you is deleted. What the council has already read, we"
            " cannot take back. Our last copies are gone by {backups_gone}. If you write again, we"
            " start anew.",
            by_sms={
                "text": "Done, everything is deleted. What the council has already read, we cannot take back."
                " Our last copies are gone by {backups_gone}."
            },
            when=answered("sure", "delete"),
        ),
        Say("kept", "All right. Nothing is deleted.", when=answered("sure", "keep")),
    ],
)

#: "wrong number": erased on 3, nothing more is ever sent
wrong_number = Flow(
    "wrong_number",
    [
        Choose(
            "what_now",
            "Sorry to disturb you. We are: {council}. People write to us when something is wrong. 3"
            " erases your number, and we never write to you again.",
            {
                "problem": "I want to tell you something",
                "language": "Another language",
                "erase": "Erase my number",
            },
            by_sms={
                "text": "Sorry. We are: {council}. People write to us when something is wrong. 3 erases your"
                " number, and we never write again."
            },
        ),
        Note("erased", erased, when=answered("what_now", "erase")),
        Say(
            "done",
            "Done. Your number is erased. We will not write again.",
            when=answered("what_now", "erase"),
        ),
    ],
)

menu = Flow(
    "menu",
    [
        Choose(
            "what_now",
            "What do you want to do?",
            {
                Command.RAISE: "Tell what is wrong",
                Command.STATUS: "What became of my issues",
                Command.CORRECT: "Correct an issue",
                Command.LANGUAGE: "Another language",
                Command.MY_DATA: "What you keep of me",
                Command.DELETE: "Delete everything",
                Command.STOP: "Stop all messages",
                Command.HELP: "Help",
            },
        ),
    ],
)


def invitations_text(given: Given, phrases: Phrases, *, wanted: bool) -> str:
    """What their yes or no to invitations means, and how to take it back.

    Who has stopped hears instead how to start: until then nothing comes at all.
    """
    name = "invitations" if wanted else "no_invitations"
    if given.contact.state == "stopped":
        return f"{phrases.say('invitations.stopped')} {phrases.say('stop.still')}"
    done = f"{name}.staff" if given.contact.role and not wanted else f"{name}.done"
    return f"{phrases.say(done)} {phrases.say(f'{name}.undo')}"


def my_data_text(given: Given, phrases: Phrases, draft: str) -> str:
    """Everything that is stored of a person, in plain sentences."""
    contact, known = given.contact, given.known

    def day(at: int) -> str:
        return phrases.day(given.day(at))

    lines = [
        phrases.say("my_data.head", pseudonym=contact.pseudonym, since=day(contact.created_at)),
        phrases.say(
            "my_data.channels",
            channels=phrases.listed(phrases.say(f"channel.{one}") for one in known.channels),
        ),
    ]
    lines += [consent_text(purpose, day(at), phrases, given=yes) for purpose, yes, at in known.consents]
    if draft:
        lines.append(phrases.say("my_data.draft", what=draft))
    for issue in known.issues:
        lines.append(
            phrases.say(
                "my_data.issue",
                reference=issue.reference,
                day=day(issue.filed_at),
                what=shortened(issue.text, 1500),
            )
        )
        about = [given.council.topic_label(issue.topic, phrases)] if issue.topic else []
        about += [issue.place] if issue.place else []
        about += [affected_label(issue.affected, phrases)] if issue.affected else []
        about += [phrases.count("attached.file", issue.media)] if issue.media else []
        if about:
            lines.append(phrases.fill("({about})", about=phrases.listed(about)))
    lines.append(
        phrases.say("my_data.kept", kept=span(given.council.retention.issues_after_closing, phrases))
    )
    return "\n\n".join(lines)


def consent_text(purpose: str, day: str, phrases: Phrases, *, given: bool) -> str:
    """When they said yes or no to one purpose, and how they take it back where a word does it."""
    said = phrases.say(
        f"my_data.{'yes' if given else 'no'}", purpose=phrases.say(f"purpose.{purpose}"), day=day
    )
    if purpose != "invitations":
        return said
    undo = "invitations.undo" if given else "no_invitations.undo"
    return f"{said} {phrases.say(undo)}"
