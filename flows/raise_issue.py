"""Somebody tells us what is wrong.

Filed first, asked after: the first words are the issue, "1" files it, and every question after
the receipt may be skipped or left.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from core.events import ConsentGiven, DraftClosed, Event, IssueFiled
from core.phrases import Phrases
from flows.given import Answers, Given
from flows.steps import Ask, Choose, Confirm, Flow, Note, Say, answered

WORDS_OF_A_PLACE = 20
#: the Hangul fillers are letters to Unicode, and nothing to the eye
UNSEEN_LETTERS = "\u115f\u1160\u3164\uffa0"

#: format and control characters, spaces, and marks that have no letter to stand on
UNSEEN_KINDS = frozenset({"Cf", "Cc", "Mn", "Zs", "Zl", "Zp"})


def seen(text: str) -> bool:
    """Whether there is anything to see: spaces, zero-width characters and joiners alone are nothing."""
    return any(
        letter not in UNSEEN_LETTERS and unicodedata.category(letter) not in UNSEEN_KINDS for letter in text
    )


def has_words(text: str) -> bool:
    """Two letters at least, in any script: "1", "?!", a lone emoji and what nobody can see tell nothing."""
    letters = (letter for letter in text if letter.isalpha() and letter not in UNSEEN_LETTERS)
    return next(letters, None) is not None and next(letters, None) is not None


def is_a_place(text: str) -> bool:
    """A street or a part of town is said in a few words; what is longer is more about the issue."""
    return has_words(text) and len(text.split()) <= WORDS_OF_A_PLACE


def sounds_like_a_question(answers: Answers, _given: Given) -> bool:
    """The first words were taken for a question, not a problem."""
    return bool(answers.get("question"))


def was_forwarded(answers: Answers, _given: Given) -> bool:
    """The first words were somebody else's."""
    return bool(answers.get("forwarded"))


def is_new_to_us(_answers: Answers, given: Given) -> bool:
    """They have not agreed to the notice as it reads now."""
    return given.contact.agreed_version != given.council.notice_version


def knows_us(answers: Answers, given: Given) -> bool:
    """They have agreed to the notice before."""
    return not is_new_to_us(answers, given)


def calm(answers: Answers, _given: Given) -> bool:
    """Nothing they wrote names a danger: somebody who is afraid is not asked to fill in a form."""
    return not answers.get("danger")


def without_place(answers: Answers, given: Given) -> bool:
    """No place came with the words, nor with the code by which they came."""
    return "point" not in answers and "nearby" not in answers and calm(answers, given)


def with_place_of_poster(answers: Answers, given: Given) -> bool:
    """The only place we know is that of the poster by which they came: what is wrong may be elsewhere."""
    return "point" not in answers and "nearby" in answers and calm(answers, given)


def without_picture(answers: Answers, given: Given) -> bool:
    """No picture or voice note came with the words, and one could come."""
    return not (answers.get("has_media") or given.by_sms) and calm(answers, given)


def never_asked_for_invitations(answers: Answers, given: Given) -> bool:
    """We ask once; silence is no."""
    return given.contact.invitations is None and calm(answers, given)


def filed(answers: Answers, given: Given) -> Sequence[Event]:
    """The issue goes on record, and with it the consent that the "1" is."""
    point: Mapping[str, Any] = answers.get("point") or {"name": answers.get("nearby", "")}
    return (
        IssueFiled(
            reference=answers["reference"],
            council=given.council.key,
            kind="question" if answers.get("asking") == "council" else "problem",
            words=tuple((piece["text"], piece["ref"]) for piece in answers.get("what", ())),
            language=given.contact.language,
            media=tuple(one["id"] for one in answers.get("media", ())),
            place=point.get("name", ""),
            latitude=point.get("lat"),
            longitude=point.get("lon"),
            danger=bool(answers.get("danger")),
            notice_version=given.council.notice_version,
        ),
        DraftClosed(erased=False),
    )


def keep_reference(answers: Answers, given: Given) -> Mapping[str, Any]:
    """What the questions after filing need of the issue."""
    return {"reference": given.reference, "has_media": bool(answers.get("media"))}


def to_invitations(given: Given, *, consents: bool) -> ConsentGiven:
    """Yes or no to invitations, with the notice as it reads now."""
    return ConsentGiven("invitations", consents, given.council.notice_version)


def invited(answers: Answers, given: Given) -> Sequence[Event]:
    """Yes or no to invitations."""
    return (to_invitations(given, consents=answers["invitations"] == "yes"),)


def topics(_answers: Answers, given: Given, phrases: Phrases) -> Sequence[tuple[str, str]]:
    """The council's topics, in the person's language where there are words for them."""
    return [(topic, given.council.topic_label(topic, phrases)) for topic in given.council.topics]


def affected_label(affected: str, phrases: Phrases) -> str:
    """Who has the problem, as the option reads; as it is stored where the option is gone."""
    key = f"raise_issue.affected.{affected}"
    return phrases.say(key) if key in phrases else affected


CONFIRM_OPTIONS = {
    "send": "I agree, send",
    "add": "Add something",
    "erase": "Erase it",
    "more": "Tell me more",
}

CONFIRM_BY_SMS = {"send": "I agree, send", "add": "Add", "erase": "Erase", "more": "More"}

raise_issue = Flow(
    "raise_issue",
    [
        Ask(
            "what",
            "What is wrong? Write it in your own words, in your language. You can also send a voice message.",
            otherwise="Please write what is wrong, in your own words. One sentence is enough.",
            beside="Thank you. What is wrong here? Write it in your own words, or say it in a voice message.",
            takes=frozenset({"words", "voice"}),
            check=has_words,
            gathers=True,
            by_sms={
                "text": "What is wrong? Write it in your own words, in your language.",
                "beside": "Thank you. What is wrong here? Write it in your own words.",
            },
        ),
        Choose(
            "forwarded",
            "Somebody else wrote this. Is it your problem too?",
            {"mine": "Yes, mine too", "not_mine": "No, it is not"},
            when=was_forwarded,
            by_sms={"mine": "It is mine too", "not_mine": "It is not mine"},
        ),
        Say(
            "forwarded_only",
            "Then we leave it. Tell that person that they can write to us too. It is free and needs no name.",
            when=answered("forwarded", "not_mine"),
            ends=True,
        ),
        Choose(
            "asking",
            "Is this a question? We can take it to the council, or tell you who gives advice near you.",
            {"council": "Ask the council", "advice": "Who gives advice?"},
            when=sounds_like_a_question,
        ),
        Say(
            "advice",
            "These people give advice. It is free:\n{advice}\n\nWe erased your question. Write again"
            " when you want.",
            when=answered("asking", "advice"),
            ends=True,
        ),
        Confirm(
            "send",
            "You wrote:\n{what}\n\nShall we send it? It goes to: {council}. We are not the police and"
            " not the asylum office. Our staff read it. A machine translates it. We keep it for {kept}"
            " after we have finished with it. 9 tells you more.",
            "You wrote:\n{what}\n\nShall we send it? It goes to: {council}. 9 tells you more.",
            CONFIRM_OPTIONS,
            adds_to="what",
            when=is_new_to_us,
            by_sms={
                "text": "Shall we send it to {council}? We are not the police, not the asylum office. Our"
                " staff read it, a machine translates it. We keep it {kept} after it is closed.",
                "again": "Shall we send it to {council}?",
                **CONFIRM_BY_SMS,
            },
            first_by_sms=("send", "more"),
        ),
        Confirm(
            "send_again",
            "You wrote:\n{what}\n\nShall we send it? It goes to: {council}.",
            "You wrote:\n{what}\n\nShall we send it?",
            CONFIRM_OPTIONS | {"send": "Send"},
            adds_to="what",
            when=knows_us,
            by_sms=CONFIRM_BY_SMS
            | {"text": "Shall we send it?", "again": "Shall we send it?", "send": "Send"},
        ),
        Note("filed", filed, remember=keep_reference, forget=("what", "media")),
        Say(
            "receipt",
            "Thank you. We sent it. Your number is {reference}. You will hear from us by {hear_by}.",
            alone=True,
            by_sms={"text": "We sent it. Your number: {reference}. You hear from us by {hear_by}."},
        ),
        Say(
            "few",
            'A few short questions, if you like. You do not have to answer. Say "skip" for the next one.',
            when=calm,
            by_sms={"text": "A few questions, if you like. 0 leaves one out."},
        ),
        Choose(
            "topic",
            "What is it about?",
            topics,
            optional=True,
            detail="topic",
            when=calm,
        ),
        Ask(
            "place",
            "Where is it? Write the street or the part of town, or share your location.",
            otherwise='Please write where it is, or say "skip".',
            takes=frozenset({"words", "place"}),
            check=is_a_place,
            optional=True,
            detail="place",
            when=without_place,
            by_sms={
                "text": "Where is it? Write the street or the part of town.",
                "otherwise": "Please write where it is, or answer 0.",
            },
        ),
        Ask(
            "elsewhere",
            "We noted this place: {nearby}. If it is somewhere else, write where, or share your location."
            ' If it is right, say "skip".',
            otherwise='Please write where it is, or say "skip".',
            takes=frozenset({"words", "place"}),
            check=is_a_place,
            optional=True,
            detail="place",
            when=with_place_of_poster,
            by_sms={
                "text": "We noted this place: {nearby}. If it is somewhere else, write where. If it is right,"
                " answer 0.",
                "otherwise": "Please write where it is, or answer 0.",
            },
        ),
        Ask(
            "photo",
            'Do you have a photo? Send it now, or say "skip".',
            otherwise='Please send a photo, or say "skip".',
            takes=frozenset({"photo"}),
            optional=True,
            when=without_picture,
        ),
        Choose(
            "affected",
            "Who has this problem?",
            {
                "me": "Only me",
                "family": "My family",
                "several": "Several people",
                "many": "Many people in town",
            },
            optional=True,
            detail="affected",
            when=calm,
        ),
        Choose(
            "invitations",
            "May we invite you when the council meets about such things?",
            {"yes": "Yes, please", "no": "No, thank you"},
            optional=True,
            when=never_asked_for_invitations,
            by_sms={"yes": "Please invite me", "no": "Do not invite me"},
        ),
        Note("invited", invited, when=answered("invitations")),
        Say("bye", "That is all. Thank you. Write to us again at any time."),
    ],
)
