"""Every flow and word list, in every language that is served: read once, looked up for each message."""

from __future__ import annotations

from collections.abc import Mapping

from core.phrases import Phrases
from core.talk import Heard
from flows import settings
from flows.choices import LONGEST, plain
from flows.desk import ACTS, desk, look
from flows.news import asked, news
from flows.origins import Origins
from flows.own_issues import correct
from flows.raise_issue import raise_issue
from flows.solved import Verdicts
from flows.steps import Flow
from flows.triggers import Triggers

#: every conversation there is; a new one is named here
FLOWS: tuple[Flow, ...] = (
    raise_issue,
    correct,
    settings.language_flow({}),
    settings.delete,
    settings.menu,
    settings.wrong_number,
    news,
    asked,
    desk,
    look,
)


class Lexicon:
    """The flows by their ids, and what words mean."""

    def __init__(self, catalogs: Mapping[str, Phrases]) -> None:
        self.catalogs = catalogs
        self.triggers = Triggers(catalogs)
        self.verdicts = Verdicts(catalogs)
        self.origins = Origins(catalogs)
        self.flows = {flow.id: flow for flow in FLOWS} | {"language": settings.language_flow(catalogs)}
        said = catalogs.values()
        #: what staff call what they do with an issue -> what it is
        self.acts = {
            plain(word): act for act in ACTS for one in said for word in one.words(f"desk.act.{act}.words")
        }
        #: the words that ask for a translation to look at
        self.looks = {plain(word) for one in said for word in one.words("desk.look.words")}
        self._language_names = settings.language_names(catalogs)

    def named_language(self, heard: Heard) -> str | None:
        """The language whose name a whole message is."""
        alone = not (heard.command or heard.attachments or heard.place or heard.forwarded or heard.edited)
        return self._language_names.get(plain(heard.text)) if alone and len(heard.text) <= LONGEST else None
