"""What the council says, as the person reads it.

What is ours stands in the catalogs; what staff wrote comes in the person's language as far as it could be put
into it, and says so when a machine did it.
"""

from __future__ import annotations

from datetime import date

from core.desk import News
from core.phrases import Phrases
from flows.given import Given


def news_text(given: Given, phrases: Phrases) -> str:
    """What the council says about one issue."""
    news = given.known.news
    if news is None:
        return phrases.say("news.gone")
    lines = [
        phrases.say(
            f"news.{news.kind}",
            reference=news.reference,
            hear_by=phrases.day(given.day(news.hear_by)),
            day=_day(news, phrases),
            references=phrases.listed(news.detail.split(",")),
        ),
        *([news.words] if news.words else []),
    ]
    if news.made_by == "machine":
        lines.append(phrases.say("news.by_machine", original=news.original))
    return "\n\n".join(lines)


def _day(news: News, phrases: Phrases) -> str:
    return phrases.day(date.fromisoformat(news.detail)) if news.kind == "discussed" else ""
