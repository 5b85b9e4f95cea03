"""What the benchmark measures really happens; how long it takes is not asked here."""

import json
import re
import sqlite3
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bench import beside, desk, floor, idle, life, models, ptb, townbell, translation
from bench.figures import percentile
from bench.house import PUBLIC_URL, TWILIO_HOOK
from bench.network import Answer, Network
from bench.talk import FAREWELLS, MESSAGES, REPLIES, Telegram
from bench.years import OVERDUE, PROMISED, REOPENED
from tests.peers import twilio_api, twilio_posts
from tests.peers.twilio_emulator import post
from translations.argos import Argos
from translations.translator import Job, Translated

PEOPLE = 5


async def talk(
    playing: AbstractAsyncContextManager[Any], *, farewells: bool = False, first: int = 7_000_000
) -> int:
    """Have everybody talk; how many answers went out to the four messages."""
    telegram = Telegram(first)
    async with playing as player:
        for place in range(MESSAGES):
            await player.hear(telegram.place(range(PEOPLE), place))
        replies: int = player.replies
        for place in range(MESSAGES, MESSAGES + len(FAREWELLS) * farewells):
            await player.hear(telegram.place(range(PEOPLE), place))
    return replies


@pytest.mark.parametrize("batch", [1, 2, 256])
async def test_townbell_hears_everybody_and_keeps_it(tmp_path: Path, batch: int) -> None:
    assert await talk(townbell.playing(tmp_path, batch)) == PEOPLE * REPLIES
    with sqlite3.connect(tmp_path / "townbell.db") as database:
        assert dict(database.execute("select status, count(*) from inbox group by status")) == {
            "done": PEOPLE * 4
        }
        assert dict(database.execute("select status, count(*) from outbox group by status")) == {
            "sent": PEOPLE * REPLIES
        }
        assert database.execute("select count(distinct contact_id), min(topic) from issue").fetchone() == (
            PEOPLE,
            "work",
        )
    database.close()


async def test_a_talk_that_ended_can_be_had_again(tmp_path: Path) -> None:
    for first in (7_000_000, 8_000_000):
        assert await talk(townbell.playing(tmp_path), farewells=True, first=first) == PEOPLE * REPLIES


async def test_people_who_moved_in_have_talked_before(tmp_path: Path) -> None:
    async with townbell.playing(tmp_path) as town:
        await town.grow(0, PEOPLE)
    with sqlite3.connect(tmp_path / "townbell.db") as database:
        assert database.execute("select count(*) from issue").fetchone() == (PEOPLE,)
        assert database.execute("select count(*) from outbox where status = 'sent'").fetchone() == (PEOPLE,)
    database.close()
    assert await talk(townbell.playing(tmp_path)) == PEOPLE * REPLIES
    with sqlite3.connect(tmp_path / "townbell.db") as database:
        assert database.execute("select count(*) from contact").fetchone() == (PEOPLE,)
    database.close()


async def test_the_workers_answer_by_themselves(tmp_path: Path) -> None:
    async with idle.playing(tmp_path) as alone:
        assert len(await alone.talks(2)) == 2 * MESSAGES


async def test_the_floor_writes_as_many_answers(tmp_path: Path) -> None:
    assert await talk(floor.playing(tmp_path)) == PEOPLE * REPLIES


async def test_python_telegram_bot_says_as_much(tmp_path: Path) -> None:
    assert await talk(ptb.playing(tmp_path)) == PEOPLE * REPLIES


async def test_aiogram_says_as_much(tmp_path: Path) -> None:
    pytest.importorskip("aiogram", reason="aiogram is only in .venv-bench: make bench")
    from bench import aiogram_bot

    assert await talk(aiogram_bot.playing(tmp_path)) == PEOPLE * REPLIES


async def test_townbell_and_its_peer_say_the_same_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, str, list[str]]] = []
    take = Network.post

    def post(network: Network, url: str, data: Any = None, content: bytes = b"", value: Any = None) -> Answer:
        if "/sendMessage" in url:
            said.append(message(data or json.loads(content)))
        return take(network, url, data, content, value)

    monkeypatch.setattr(Network, "post", post)
    await talk(townbell.playing(tmp_path))
    ours = sorted(said)
    said.clear()
    await talk(ptb.playing(tmp_path))
    assert ours == sorted(said)


def message(parameters: dict[str, Any]) -> tuple[int, str, list[str]]:
    """To whom, the text without reference and date, and what stands on the buttons."""
    keyboard = parameters.get("reply_markup", '{"inline_keyboard": []}')
    keyboard = json.loads(keyboard) if isinstance(keyboard, str) else keyboard
    labels = [button["text"] for row in keyboard["inline_keyboard"] for button in row]
    text = re.sub(r"GRZ-\w{4}|\d+ \w+ 20\d\d", "...", parameters["text"])
    return int(parameters["chat_id"]), text, labels


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert percentile([3.0, 1.0, 2.0], 99) == 3.0


@pytest.mark.parametrize("provider", ["telegram", "twilio"])
def test_posts_are_acknowledged_by_the_clock(provider: life.Provider) -> None:
    figures = life.webhook(provider, [20], seconds=1.0)
    assert list(figures) == [20]
    assert figures[20]["errors"] == 0
    assert 0 < figures[20]["p50_ms"] <= figures[20]["p99_ms"]


def test_only_what_twilio_signed_for_its_public_address_counts() -> None:
    first = twilio_posts.message(f"SM{1:032x}", person="whatsapp:+436601", number=twilio_api.ON_WHATSAPP)
    with life.served("twilio") as (home, _):
        for address, token, status in (
            (f"{PUBLIC_URL}{TWILIO_HOOK}", twilio_posts.TOKEN, 200),
            (f"{PUBLIC_URL}{TWILIO_HOOK}", "another", 403),
            (home.webhook, twilio_posts.TOKEN, 403),
        ):
            assert post(home.webhook, urlencode(first), twilio_posts.signed(address, first, token)) == status


async def test_a_council_of_three_years_has_its_week_in_a_digest(tmp_path: Path) -> None:
    await desk.fill(tmp_path, issues=3_120)  # 20 a week
    async with desk.playing(tmp_path) as monday:
        took = await monday.digest()
        with closing(sqlite3.connect(tmp_path / desk.FILE)) as database:
            listed = dict(database.execute("select section, count(*) from digest_item group by section"))
        await monday.forget()
        assert (await monday.digest()).keys() == took.keys()
    # What came up again is to be answered first, as is what is overdue.
    assert listed == {"first": OVERDUE + REOPENED, "new": 20, "promised": PROMISED}
    assert monday.replies == 2 * 2


def test_a_model_of_full_size_ends_its_sentences(tmp_path: Path) -> None:
    models.make_large(tmp_path)
    (answer,) = Argos(tmp_path).translate([Job("The lift is broken. Please help us.", "en", "de")])
    assert isinstance(answer, Translated)
    assert answer.engine == "argos en_de-1.0"
    assert 2 <= len(answer.text.split()) <= 2 * models.ENDS_AFTER


def test_argostranslate_and_our_engine_say_the_same_words() -> None:
    compared = translation.measure("tiny", 10, rounds=1)
    assert dict.fromkeys(compared.equal, 10) == compared.equal
    assert all(compared.a_second.values())


def test_people_talk_while_a_backlog_is_translated() -> None:
    assert beside.measure(texts=5_000, people=300, rounds=1).translated
