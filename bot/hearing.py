"""What still stands between an answer and those who are to hear it, in sentences for who gave it.

Why somebody cannot be written to is not told, as in the chat: only that it does not arrive.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.config import Settings, TwilioAccount
from bot.folder import Folder
from bot.forget import named
from bot.model_needs import can
from bot.window import LENGTH
from core.council import Council
from outreach.week import quiet
from storage import answers
from storage.answers import Ahead
from storage.database import Tx


async def between(tx: Tx, settings: Settings, reference: str, *, answer_id: int, now: int) -> list[str]:
    """What those who are to hear an answer wait for; nothing where they hear it now."""
    hearers = await answers.ahead(tx, answer_id)
    council, _ = named(settings, reference)
    lines = list(_for_words(settings, council, reference, hearers))
    lost = sum(not one.reachable for one in hearers)
    silent = sum(one.reachable and _is_silent(settings, one, now) for one in hearers)
    if lost:
        lines.append(f"To {_people(lost)} it cannot be delivered now.")
    if silent:
        lines.append(f"On WhatsApp {_people(silent)} silent for a day or more will hear it once they write.")
    if quiet(council, now):
        lines.append("Nobody is written to before the quiet hours are over.")
    return lines


def _for_words(
    settings: Settings, council: Council, reference: str, hearers: Sequence[Ahead]
) -> Iterator[str]:
    """Whether a machine or a person has to put it into their languages first."""
    ours = council.working_languages[0]
    for language in sorted({one.language for one in hearers if one.state == "waiting"}):
        if can(settings, Folder(settings.data.folder).models, (ours, language)):
            yield (
                f"It is put into {language} first. What is doubtful in that waits for a look: "
                f"townbell answer {reference} shows it."
            )
        else:
            yield (
                f"No model here translates {ours} into {language}: it waits until you write it. "
                f'Do: townbell answer {reference} write "...", or original to send it as it is.'
            )


def _is_silent(settings: Settings, one: Ahead, now: int) -> bool:
    """Whether only a template may be sent to them, and none holds the news."""
    if one.channel != "whatsapp" or now - (one.heard_at or 0) < LENGTH:
        return False
    account = next((account for account in settings.accounts if account.key == one.account), None)
    by_language = account.templates.get("news", {}) if isinstance(account, TwilioAccount) else {}
    template = by_language.get(one.language) or by_language.get(one.language.partition("-")[0])
    return template is None or "text" not in template.variables


def _people(count: int) -> str:
    return "one person" if count == 1 else f"{count} people"
