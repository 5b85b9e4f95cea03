"""Towns that many journeys visit, started once for the whole run, and the people who live there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.journeys.installation import Installation
from tests.journeys.phones import BySms, OnWhatsApp
from tests.journeys.players import (
    InTelegram,
    InTelegramByWebhook,
    InTerminal,
    InTerminalBeside,
    OnTheWeb,
    Player,
)
from tests.journeys.town import Town
from tests.peers import twilio_api
from tests.peers.telegram_emulator import EmulatedBot, TelegramEmulator
from tests.peers.twilio_api import NUMBER, ON_WHATSAPP, TwilioApi

#: in a terminal, where a Townbell runs as well
BESIDE = "terminal, beside"
#: every channel by its name: who a person there is; each gets the talks of test_table.py, test_same_talk.py
PLAYERS: dict[str, type[Player]] = {
    "terminal": InTerminal,
    BESIDE: InTerminalBeside,
    "web": OnTheWeb,
    "telegram, polled": InTelegram,
    "telegram, by webhook": InTelegramByWebhook,
    "sms": BySms,
    "whatsapp": OnWhatsApp,
}
Meet = Callable[[str, str], tuple[Player, Town]]


def lacks(channel: str, path: Path) -> set[str]:
    """What a channel cannot carry of a talk."""
    player = PLAYERS[channel]
    return player.written(path.read_text(encoding="utf-8")).needs & set(player.LACKS)


def every(channels: Iterable[str], paths: Iterable[Path]) -> pytest.MarkDecorator:
    """Each talk on each channel that can carry all of it."""
    return pytest.mark.parametrize(
        ("path", "channel"),
        [
            pytest.param(path, channel, id=f"{path.parent.name}/{path.stem}-{channel}")
            for path in sorted(paths)
            for channel in channels
            if not lacks(channel, path)
        ],
    )


@pytest.fixture
def quiet_town(tmp_path: Path) -> Town:
    """A town where nothing runs: who talks in a terminal there takes the turns too."""
    town = Town(Installation(tmp_path))
    town.configure()
    return town


@pytest.fixture
def town_of_ones_own(quiet_town: Town) -> Iterator[Town]:
    """A town that runs, for one person alone."""
    quiet_town.start()
    yield quiet_town
    assert quiet_town.installation.stop() == 0


@pytest.fixture(scope="session")
def emulated(telegram_emulator: TelegramEmulator) -> dict[str, EmulatedBot]:
    """The bots of the town: one that is polled and one that is called."""
    return {"polled": telegram_emulator.bot(), "called": telegram_emulator.bot()}


@pytest.fixture(scope="session")
def api() -> Iterator[TwilioApi]:
    """The town's Twilio."""
    with twilio_api.beside() as api:
        yield api


@pytest.fixture(scope="session")
def town(
    tmp_path_factory: pytest.TempPathFactory, emulated: dict[str, EmulatedBot], api: TwilioApi
) -> Iterator[Town]:
    """A town that runs, with a web page, two bots, and a sender by SMS and on WhatsApp."""
    town = Town(Installation(tmp_path_factory.mktemp("town")))
    modes = {"polled": "polling", "called": "webhook"}
    senders = (town.sender("sms", NUMBER, api.url), town.sender("whatsapp", ON_WHATSAPP, api.url))
    town.configure(*(town.bot(key, bot, modes[key]) for key, bot in emulated.items()), *senders)
    town.start()
    yield town
    assert town.installation.stop() == 0


@pytest.fixture
def meet(request: pytest.FixtureRequest) -> Iterator[Meet]:
    """`meet("web", "en")` gives a new person on a channel, whose phone says English, and their town."""
    met: list[Player] = []

    def bots() -> dict[str, EmulatedBot]:
        found: dict[str, EmulatedBot] = request.getfixturevalue("emulated")
        return found

    def meet(channel: str, language: str) -> tuple[Player, Town]:
        # In a terminal one hears what is due to others who talked there.
        where = {"terminal": "quiet_town", BESIDE: "town_of_ones_own"}.get(channel, "town")
        town: Town = request.getfixturevalue(where)
        player: Player
        match channel:
            case "terminal":
                player = InTerminal(town, language)
            case _ if channel == BESIDE:
                player = InTerminalBeside(town, language)
            case "web":
                player = OnTheWeb(town.address, language)
            case "telegram, polled":
                player = InTelegram(bots()["polled"], language)
            case "telegram, by webhook":
                player = InTelegramByWebhook(bots()["called"], language)
            case _:
                kind, sender = (BySms, NUMBER) if channel == "sms" else (OnWhatsApp, ON_WHATSAPP)
                signer = request.getfixturevalue("twilio_emulator")
                player = kind(town, request.getfixturevalue("api"), signer, sender, language)
        met.append(player)
        return player, town

    yield meet
    for player in met:
        player.leave()
