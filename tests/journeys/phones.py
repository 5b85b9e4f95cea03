"""People who write by SMS or on WhatsApp: players of transcripts whose Twilio is an API of our own.

What they write is posted to the running Townbell, signed by Twilio's own Node package for the address that
the configuration names; what we say is read from what we asked the API to send, buttons and lists included.
By SMS we say the same in fewer letters: what is expected there is what the conversation says when it is told
that it goes by SMS, and that the record is the same all the same is seen by test_same_talk.py.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.flows.talk import Talk
from tests.journeys.players import (
    ON_SCREEN,
    UNTRANSLATED,
    VOICE,
    InTelegram,
    OnScreen,
    Said,
    Transcript,
    photo,
    read,
    until,
)
from tests.journeys.town import PUBLIC_URL, Town
from tests.peers.twilio_api import SID, TwilioApi
from tests.peers.twilio_emulator import TwilioEmulator, post

#: what stands on a button, and in a row of a list. https://www.twilio.com/docs/content/twilio-quick-reply
BUTTONS, BUTTON, ROWS = 3, 20, 10


@dataclass
class OnAPhone:
    """A person with a phone, and the sender of ours that they write to; each has a number of their own.

    Twilio does not tell which language a phone is in, so they have said it themselves, before the talk; but
    not where it begins with the code of a poster, which says one.
    """

    town: Town
    api: TwilioApi
    signer: TwilioEmulator  #: of which only the signature is asked
    sender: str
    language: str
    person: int = field(default_factory=count(6_600_001).__next__)
    heard: list[dict[str, str]] = field(default_factory=list)
    known: bool = False  #: whether we know their language

    def say(self, words: str) -> None:
        self._post(Body=words.replace("\\n", "\n"))

    def say_at_once(self, first: str, second: str) -> None:
        raise AssertionError(first, second)

    def press_twice(self, option: str) -> None:
        raise AssertionError(option)

    def start(self, payload: str) -> None:
        assert not payload
        self.say("start")

    def edit(self, number: int, words: str) -> None:
        raise AssertionError(number, words)

    def hear(self, expected: Sequence[Said]) -> list[Said]:
        number = len(self.heard) + len(expected)
        until(lambda: len(self._sent()) >= number)
        new = self._sent()[len(self.heard) : number]
        self.heard += new
        return [self._said(message) for message in new]

    def rest(self) -> list[Said]:
        return [self._said(message) for message in self._sent()[len(self.heard) :]]

    def leave(self) -> None:
        pass

    @property
    def _account(self) -> str:
        return "whatsapp" if self.sender.startswith("whatsapp:") else "sms"

    @property
    def _address(self) -> str:
        return f"{'whatsapp:' if self._account == 'whatsapp' else ''}+436{self.person}"

    def _sent(self) -> list[dict[str, str]]:
        return [one for one in self.api.sent if one["To"] == self._address]

    def _say_language(self) -> None:
        self._post(Body=self.town.catalogs[self.language].name)
        until(lambda: bool(self._sent()))
        self.town.settle()
        self.heard = self._sent()

    def _post(self, **said: str) -> None:
        if not self.known:
            self.known = True
            if "#graz/" not in said.get("Body", ""):
                self._say_language()
        sid = self.api.came()  # where it is deleted after the turn
        fields = {
            "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "AccountSid": SID, "From": self._address,
            "To": self.sender, "Body": "", "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        } | said  # fmt: skip
        where = f"/twilio/{self._account}"
        signature = {"X-Twilio-Signature": self.signer.sign(f"{PUBLIC_URL}{where}", fields)}
        assert post(f"{self.town.address}{where}", urlencode(fields), signature) == 200

    def _said(self, message: Mapping[str, str]) -> Said:
        return Said(message["Body"])


#: what no phone of these carries
LACKS = {
    **UNTRANSLATED,
    "edit": "Twilio does not tell that a message was changed",
    "early": "two calls at once come in any order",
    "twice": "two calls at once come in any order",
    "start": "a code sends a greeting with words in it; people/poster_message",
    "phone": "Twilio does not tell which language a phone is in",
    "aside": InTelegram.LACKS["aside"],
}


class BySms(OnAPhone):
    """A person who has only SMS."""

    CHANNEL: ClassVar[str] = "sms"
    LACKS: ClassVar[Mapping[str, str]] = {
        **LACKS,
        "photo with a code": "SMS outside North America carries words only",
        "photo": "SMS outside North America carries words only",
        "voice": "SMS outside North America carries words only",
        "place": "SMS carries words only; a street can be written",
        "forwarded": "SMS does not tell that words are somebody else's",
        "press": "there are no buttons; numbers are typed",
        "old press": "there are no buttons; numbers are typed",
    }

    @staticmethod
    @cache
    def written(text: str) -> Transcript:
        """The talk as it goes by SMS."""
        rows = text.splitlines()
        return read("\n".join(Talk(by_sms=True).play(rows)))

    def press(self, option: str) -> None:
        raise AssertionError(option)

    def send(self, kind: str, words: str) -> None:
        raise AssertionError(self.LACKS[kind], words)

    def share(self, lat: float, lon: float, name: str) -> None:
        raise AssertionError(lat, lon, name)

    def forward(self, words: str) -> None:
        raise AssertionError(words)

    def shows(self, said: Said) -> Said:
        return said


class OnWhatsApp(OnScreen, OnAPhone):
    """A person on WhatsApp."""

    CHANNEL: ClassVar[str] = "whatsapp"
    LACKS: ClassVar[Mapping[str, str]] = {
        **LACKS,
        **ON_SCREEN,
        "remind": "after a day of silence only a template goes out; tests/bot/test_twilio_sending.py",
    }

    def press(self, option: str) -> None:
        self._post(ButtonPayload=option if ":" in option else self._token(option), MessageType="button")

    def send(self, kind: str, words: str) -> None:
        content, mime = (photo(), "image/jpeg") if kind == "photo" else (VOICE, "audio/ogg")
        remote = self.api.add_file(content, mime)
        self._post(Body=words, NumMedia="1", MediaUrl0=remote, MediaContentType0=mime)

    def share(self, lat: float, lon: float, name: str) -> None:
        self._post(Latitude=str(lat), Longitude=str(lon), **({"Label": name} if name else {}))

    def forward(self, words: str) -> None:
        self._post(Body=words, Forwarded="true")

    def shows(self, said: Said) -> Said:
        labels = [option.partition(" ")[2] for option in said.options]
        if len(labels) > ROWS:
            return Said("\n\n".join((said.text, "\n".join(said.options))))
        if len(labels) <= BUTTONS and not _fit(said.options) and _fit(labels):
            return Said(said.text, tuple(labels))
        return said

    def _said(self, message: Mapping[str, str]) -> Said:
        if "ContentSid" not in message:
            return super()._said(message)
        filled: dict[str, str] = json.loads(message["ContentVariables"])
        return Said(filled["1"], tuple(_shown(choice) for choice in self._choices(message)))

    def _choices(self, message: Mapping[str, str]) -> list[dict[str, Any]]:
        (shape,) = self.api.contents[message["ContentSid"]]["types"].values()
        choices: list[dict[str, Any]] = shape.get("actions") or shape["items"]
        return choices

    def _token(self, option: str) -> str:
        """What the newest button of an option carries."""
        for message in reversed(self.heard):
            for choice in self._choices(message) if "ContentSid" in message else ():
                if choice["id"].endswith(f":{option}"):
                    run: str = json.loads(message["ContentVariables"])["2"]
                    return str(choice["id"]).replace("{{2}}", run)
        raise AssertionError(f"no button of {option}")


def _fit(titles: Sequence[str]) -> bool:
    return all(len(title.encode("utf-16-le")) // 2 <= BUTTON for title in titles)


def _shown(choice: Mapping[str, str]) -> str:
    """A button, or a row of a list, as one reads it."""
    title = choice.get("title") or choice["item"]
    return f"{title} {choice['description']}" if "description" in choice else title
