"""Which language somebody wrote in, and which one or two we answer in.

What they write and what we write may differ: who chose our language keeps it, and what goes on record
is in the language of its own words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec.structs import replace

from core.contact import Contact
from core.council import Council
from core.events import Event, IssueAdded, IssueAnswered, IssueCorrected, IssueFiled, MessageEdited
from core.phrases import Phrases
from core.talk import Heard, Run
from flows.seeking import STAFF_FLOWS
from storage.turns import Waiting
from translations.identify import Hints, Identified, Identifier


class Languages:
    """The languages that are spoken here, and how each council's are told apart."""

    def __init__(self, councils: Sequence[Council], catalogs: Mapping[str, Phrases]) -> None:
        self._catalogs = catalogs
        self._identifiers = {
            council.key: Identifier([tag for tag in council.languages if tag in catalogs])
            for council in councils
        }

    def of_message(
        self, waiting: Waiting, heard: Heard, text: str, council: Council, belongs_to: Collection[str] = ()
    ) -> tuple[str | None, tuple[str, ...]]:
        """The language of its text, as far as it is known, and one or two to answer in.

        `belongs_to` are the languages whose lists hold what was recognised in it, a command or a sign.
        """
        contact = waiting.contact
        before = self._before(contact, heard)
        if before and (contact.language_chosen or not text):
            # They chose the language that we write; what they write themselves may be another.
            return None, (before,)
        if not before and (contact.role or heard.seek):
            return None, (self._staff_language(waiting, council),)
        # An answer such as "1" tells nothing, and few words little: what they have written so far still does.
        said = text if before else "\n".join(filter(None, (_drafted(waiting.run), text)))
        found = self._identified(said, contact, council, before)
        if contact.role and (heard.seek or _at_the_desk(waiting.run)):
            # Words for somebody else, perhaps in their language: they do not tell which one staff read.
            return found.language, (before or self._staff_language(waiting, council),)
        if found.language and found.language in self._catalogs:
            return (found.language if text else None), (found.language,)
        if before:
            return None, (before,)
        if only := self._alone(belongs_to, council):
            return (only if text else None), (only,)
        # In the council's order, so that the two do not change places from one answer to the next.
        likeliest = [tag for tag in council.languages if tag in found.likeliest[:2] and tag in self._catalogs]
        return None, tuple(likeliest) or (council.languages[0],)

    def of_event(self, event: Event, contact: Contact, council: Council) -> Event:
        """What goes on record with the language of all its words together, whichever we answer in."""
        match event:
            case IssueFiled():
                words = "\n".join(text for text, _ in event.words)
            case IssueAdded() | IssueCorrected() | MessageEdited():
                words = event.text
            case IssueAnswered() if event.words:
                found = self._identified(event.words, contact, council)
                known = found.language in council.working_languages
                return replace(event, language=found.language) if known and found.language else event
            case _:
                return event
        if not words:
            return event  # A picture, or a voice, is in the person's language.
        found = self._identified(words, contact, council)
        return replace(event, language=found.language or found.stranger)

    def _alone(self, tags: Collection[str], council: Council) -> str | None:
        """The one language of the council among these; none where English is, which everybody may use."""
        spoken = [tag for tag in council.languages if tag in tags and tag in self._catalogs]
        return spoken[0] if len(spoken) == 1 and "en" not in tags else None

    def _before(self, contact: Contact, heard: Heard | None = None) -> str | None:
        """The language that they chose, or came in by a poster, or wrote in, if we still speak it."""
        came_in = heard.poster.language if heard and heard.poster else ""
        if came_in and not contact.language_chosen:
            return came_in
        return contact.language if contact.language in self._catalogs else None

    def _staff_language(self, waiting: Waiting, council: Council) -> str:
        """What we speak with staff who have not said so: as their phone does, else as the council."""
        wanted = (waiting.contact.phone_language.partition("-")[0], *council.working_languages)
        return next((tag for tag in wanted if tag in self._catalogs), council.languages[0])

    def _identified(
        self, text: str, contact: Contact, council: Council, before: str | None = None
    ) -> Identified:
        recent = before or self._before(contact)
        hints = Hints(
            recent=recent,
            phone=contact.phone_language or None,
            council=council.languages[0],
            asked=contact.two_languages,
        )
        return self._identifiers[council.key].identify(text, hints)


def _at_the_desk(run: Run | None) -> bool:
    return run is not None and run.flow in STAFF_FLOWS


def _drafted(run: Run | None) -> str:
    """The words that wait to be sent."""
    return "\n".join(piece["text"] for piece in run.answers.get("what", ())) if run else ""
