"""The web chat, as a page and as anybody else speaks to it."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Mapping
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot import clock
from core.messages import OutboundMessage
from core.talk import Option
from storage import contacts, erasing, inbox, turns, webchat
from storage.addresses import Keyring
from storage.database import Tx
from tests.bot.web_house import NEVER, House, until, web_house
from tests.peers.postgres import Cluster


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with web_house(tmp_path) as house:
        yield house


async def post(
    session: ClientSession, *, headers: Mapping[str, str] | None = None, **said: object
) -> tuple[int, Any]:
    async with session.post("/chat/messages", json=said, headers=headers) as response:
        return response.status, await response.json()


async def told(session: ClientSession, after: int = 0) -> dict[str, Any]:
    """The whole answer to a page that asks for news."""
    async with session.get(f"/chat/messages?after={after}") as response:
        assert response.status == 200
        return dict(await response.json())


async def news(session: ClientSession, after: int = 0) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = (await told(session, after))["messages"]
    return messages


async def waiting_page(
    house: House, session: ClientSession, after: int = 0
) -> asyncio.Task[list[dict[str, Any]]]:
    """A page that has looked, and waits for news; what it hears in the end."""
    page = asyncio.create_task(news(session, after))
    await until(lambda: house.bell.waiting == 1)
    return page


def cookie_of(session: ClientSession) -> str:
    return next(cookie.value for cookie in session.cookie_jar if cookie.key == "townbell")


# The page


async def test_a_newcomer_is_given_a_cookie_that_scripts_cannot_read(house: House) -> None:
    async with house.stranger() as session, session.get("/chat") as response:
        cookie = SimpleCookie(response.headers["Set-Cookie"])["townbell"]
        assert re.fullmatch(r"[A-Za-z0-9_-]{43}", cookie.value)
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == str(180 * 86400)
        assert cookie["path"] == "/chat"
        assert not cookie["secure"]


async def test_over_https_the_cookie_is_secure(tmp_path: Path) -> None:
    async with (
        web_house(tmp_path, public_url="https://bell.example.org") as house,
        house.stranger() as session,
        session.get("/chat") as response,
    ):
        assert SimpleCookie(response.headers["Set-Cookie"])["townbell"]["secure"]


async def test_who_comes_again_stays_who_they_are(house: House) -> None:
    async with house.person() as session:
        first = cookie_of(session)
        async with session.get("/chat"):
            assert cookie_of(session) == first


async def test_a_cookie_that_is_none_of_ours_is_replaced(house: House) -> None:
    async with (
        house.stranger(Cookie="townbell=../../etc/passwd") as session,
        session.get("/chat") as response,
    ):
        assert re.fullmatch(
            r"[A-Za-z0-9_-]{43}", SimpleCookie(response.headers["Set-Cookie"])["townbell"].value
        )


async def test_a_cookie_that_we_did_not_make_is_replaced(house: House) -> None:
    planted = "A" * 43
    async with house.stranger(Cookie=f"townbell={planted}") as session, session.get("/chat") as response:
        assert response.status == 200
        given = SimpleCookie(response.headers["Set-Cookie"])["townbell"].value
    assert given != planted
    assert house.keyring.is_name("web", given)


async def test_the_page_lets_nobody_in(house: House) -> None:
    async with house.stranger() as session, session.get("/chat") as response:
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:"
        )
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["Permissions-Policy"].startswith("microphone=(self), geolocation=(self)")
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Server"] == "Townbell"
        page = await response.text()
        assert "{{" not in page
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|\sstyle=", page), (
            "the policy forbids these"
        )


KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


async def test_everything_the_page_asks_for_is_there(house: House) -> None:
    async with house.stranger() as session:
        async with session.get("/chat") as response:
            page = await response.text()
        wanted = set(re.findall(r'(?:src|href)="(/chat/[^"]+)"', page))
        seen: set[str] = set()
        while wanted - seen:
            path = (wanted - seen).pop()
            seen.add(path)
            async with session.get(path) as response:
                assert response.status == 200, path
                assert response.content_type == KINDS[path.rpartition(".")[2]]
                text = await response.text()
                wanted |= {f"/chat/{name}" for name in re.findall(r'from "(?:/chat|\.)/([a-z]+\.js)"', text)}
                wanted |= {
                    f"/chat/{name}" for name in re.findall(r'import\("(?:/chat|\.)/([a-z]+\.js)"', text)
                }
        assert {"/chat/page.css", "/chat/page.js", "/chat/more.js"} <= seen


async def test_a_script_that_has_not_changed_is_not_sent_again(house: House) -> None:
    async with house.stranger() as session:
        async with session.get("/chat/page.js") as response:
            etag = response.headers["ETag"]
        async with session.get("/chat/page.js", headers={"If-None-Match": etag}) as response:
            assert response.status == 304
            assert await response.read() == b""
        async with session.get("/chat/page.js", headers={"If-None-Match": '"another"'}) as response:
            assert response.status == 200


@pytest.mark.parametrize(
    "path", ["/chat/phrases.py", "/chat/__init__.py", "/chat/..%2f..%2fweb.py", "/chat/none.js"]
)
async def test_nothing_else_of_ours_is_served(house: House, path: str) -> None:
    async with house.stranger() as session, session.get(path) as response:
        assert response.status == 404


LANGUAGES = [
    ("ar-SY,ar;q=0.9,en;q=0.5", "ar", "rtl"),
    ("de-AT", "de", "ltr"),
    ("sr-Latn-RS", "sr-Latn", "ltr"),
    ("sr", "sr-Latn", "ltr"),
    ("en;q=0.1, ar;q=0.9", "ar", "rtl"),
    ("tlh, xx-YY", "de", "ltr"),  # the council's own
    ("en;q=0, *", "de", "ltr"),
    ("", "de", "ltr"),
    (",;=,,q=nan;q=inf,<b>", "de", "ltr"),
    ("x" * 5000, "de", "ltr"),
]


@pytest.mark.parametrize(("asked", "lang", "direction"), LANGUAGES)
async def test_the_page_speaks_the_language_of_the_phone(
    house: House, asked: str, lang: str, direction: str
) -> None:
    async with house.stranger(Accept_Language=asked) as session, session.get("/chat") as response:
        assert f'<html lang="{lang}" dir="{direction}">' in await response.text()


async def test_the_words_come_in_another_language(house: House) -> None:
    async with house.person(Accept_Language="en") as session:
        async with session.get("/chat/phrases?lang=ar") as response:
            words = await response.json()
        assert (words["lang"], words["dir"]) == ("ar", "rtl")
        assert words["phrases"]["page.send"] == "إرسال"
        assert words["phrases"]["page.photo"] == "Photo"  # no translation yet: better English than nothing
        async with session.get("/chat/phrases?lang=tlh") as response:
            assert (await response.json())["lang"] == "en"


async def test_a_link_names_the_council_and_a_newcomer_belongs_to_it(house: House) -> None:
    async with house.stranger() as session:
        async with session.get("/chat?council=empoli") as response:
            page = await response.text()
        assert "<title>Consulta &lt;Empoli&gt;</title>" in page
        assert "<Empoli>" not in page
        assert (await post(session, key="a", text="hello"))[0] == 202
        async with session.get("/chat") as response:
            assert "Consulta" in await response.text()
    (waiting,) = await house.database.transaction(lambda tx: turns.take(tx, 2**62))
    assert waiting.contact.council == "empoli"


async def test_a_council_that_is_none_of_ours_is_the_usual_one(house: House) -> None:
    async with house.stranger() as session:
        async with session.get('/chat?council="><script>') as response:
            assert "<title>Migrant Council of Graz</title>" in await response.text()
        assert (await post(session, key="a", text="hello"))[0] == 202


# What people say


async def test_what_is_said_is_on_disk_and_on_the_page(house: House) -> None:
    async with house.person(Accept_Language="ar") as session:
        status, answer = await post(session, key="k1", text="The lamp is broken\nsince May")
        assert (status, answer) == (202, {"id": 1})
        assert (await house.database.read(inbox.counts)).unread == 1
        assert house.said
        (message,) = await news(session)
        assert message == {
            "id": 1, "from": "person", "text": "The lamp is broken\nsince May", "lang": "", "dir": "auto",
            "choices": [], "media": None, "key": "k1",
        }  # fmt: skip


async def test_the_same_key_is_one_message(house: House) -> None:
    async with house.person() as session:
        assert await post(session, key="k1", text="hello") == (202, {"id": 1})
        assert await post(session, key="k1", text="hello again") == (202, {"id": 1})
        assert await post(session, key="k2", text="more") == (202, {"id": 2})
        assert [message["text"] for message in await news(session)] == ["hello", "more"]


async def test_the_same_key_fifty_times_at_once_is_one_message(house: House) -> None:
    async with house.person() as session:
        answers = await asyncio.gather(*(post(session, key="k1", text="hello") for _ in range(50)))
        assert answers == [(202, {"id": 1})] * 50
        assert len(await news(session)) == 1
        assert (await house.database.read(inbox.counts)).unread == 1


async def test_two_persons_may_use_the_same_key(house: House) -> None:
    async with house.person() as one, house.person() as other:
        await post(one, key="k1", text="mine")
        await post(other, key="k1", text="theirs")
        assert [message["text"] for message in await news(one)] == ["mine"]
        assert [message["text"] for message in await news(other)] == ["theirs"]
        assert (await house.database.read(inbox.counts)).unread == 2


async def test_words_come_back_as_they_were_said_but_for_what_no_screen_takes(house: House) -> None:
    said = {
        "emoji": "👨‍👩‍👧‍👦🏳️‍🌈 ok",
        "arabic": "المصباح مكسور",
        "nul": "be\0fore",
        "override": "before \u202e after",
        "markup": "<b>not bold</b> & {council} %s",
    }
    expected = said | {"nul": "before", "override": "before \u202e after\u202c"}
    async with house.person() as session:
        for key, text in said.items():
            assert (await post(session, key=key, text=text))[0] == 202
        assert {message["key"]: message["text"] for message in await news(session)} == expected


async def test_half_an_emoji_does_not_cost_the_rest(house: House) -> None:
    async with house.person() as session:
        body = b'{"key": "k1", "text": "the lamp \\ud83d is broken"}'
        async with session.post(
            "/chat/messages", data=body, headers={"Content-Type": "application/json"}
        ) as response:
            assert response.status == 202
        assert (await news(session))[0]["text"] == "the lamp  is broken"


async def test_four_thousand_characters_are_one_message_and_ten_thousand_too(house: House) -> None:
    async with house.person() as session:
        assert (await post(session, key="a", text="ا" * 4000))[0] == 202
        assert (await post(session, key="b", text="👍" * 10_000))[0] == 202
        status, answer = await post(session, key="c", text="x" * 10_001)
        assert status == 413
        assert "at most 10000" in answer["error"]
        assert [len(message["text"]) for message in await news(session)] == [4000, 10_000]


async def test_a_place_is_shared(house: House) -> None:
    async with house.person() as session:
        assert (await post(session, key="a", location={"lat": 47.0707, "lon": 15}))[0] == 202
        assert (await news(session))[0]["location"] == {"lat": 47.0707, "lon": 15.0}


def asking(session: ClientSession, number: int = 1, run: str = "r1", step: str = "send") -> OutboundMessage:
    options = (Option(1, "yes", "I agree, send"), Option(9, "more", "Tell me more"))
    return OutboundMessage(number, cookie_of(session), "Shall we send it?", "en", options, run, step)


async def test_a_question_is_answered_by_a_tap(house: House) -> None:
    async with house.person() as session:
        await post(session, key="a", text="The lamp is broken")
        await house.channel.send(asking(session))
        (question,) = await news(session, after=1)
        assert question == {
            "id": 2, "from": "townbell", "text": "Shall we send it?", "lang": "en", "dir": "ltr",
            "media": None,
            "choices": [
                {"id": "r1:send:yes", "number": 1, "label": "I agree, send"},
                {"id": "r1:send:more", "number": 9, "label": "Tell me more"},
            ],
        }  # fmt: skip
        assert await post(session, key="b", choice="r1:send:yes") == (202, {"id": 3})
        for after in (0, 2):  # a page that has seen the question already, and one that has not
            tapped = (await news(session, after=after))[-1]
            assert (tapped["text"], tapped["choice"], tapped["key"]) == (
                "I agree, send",
                "r1:send:yes",
                "b",
            )


BAD_POSTS = [
    # (label, body, status, what the sentence says)
    ("empty body", b"", 400, "not JSON"),
    ("broken JSON", b'{"key": "a", "text": ', 400, "not JSON"),
    ("no object", b'"hello"', 400, "object"),
    ("a list", b"[]", 400, "object"),
    ("no key", b'{"text": "hello"}', 400, "key"),
    ("an empty key", b'{"key": "", "text": "hello"}', 400, "key"),
    ("a long key", b'{"key": "' + b"k" * 65 + b'", "text": "hello"}', 400, "key"),
    ("a key with a slash", b'{"key": "a/b", "text": "hello"}', 400, "key"),
    ("a number for a key", b'{"key": 5, "text": "hello"}', 400, "str"),
    ("a number for text", b'{"key": "a", "text": 5}', 400, "str"),
    ("null for text", b'{"key": "a", "text": null}', 400, "str"),
    ("empty text", b'{"key": "a", "text": ""}', 400, "no words"),
    ("nothing but spaces", b'{"key": "a", "text": " \\n\\t "}', 400, "no words"),
    ("nothing but NUL", b'{"key": "a", "text": "\\u0000"}', 400, "no words"),
    ("nothing at all", b'{"key": "a"}', 400, "one of"),
    ("text and choice", b'{"key": "a", "text": "x", "choice": "r:s:o"}', 400, "one of"),
    ("a field too many", b'{"key": "a", "text": "x", "admin": true}', 400, "admin"),
    ("a choice of nobody's", b'{"key": "a", "choice": "yes"}', 400, "choice"),
    ("a choice too long", b'{"key": "a", "choice": "r:s:' + b"o" * 99 + b'"}', 400, "choice"),
    ("half a place", b'{"key": "a", "location": {"lat": 1}}', 400, "lon"),
    ("words for a place", b'{"key": "a", "location": {"lat": "1", "lon": 2}}', 400, "float"),
    ("yes for a place", b'{"key": "a", "location": {"lat": true, "lon": 2}}', 400, "float"),
    ("no number for a place", b'{"key": "a", "location": {"lat": NaN, "lon": 2}}', 400, "not JSON"),
    ("endless east", b'{"key": "a", "location": {"lat": 1, "lon": 1e999}}', 400, "no such place"),
    ("north of the pole", b'{"key": "a", "location": {"lat": 90.1, "lon": 0}}', 400, "no such place"),
    ("a huge number", b'{"key": "a", "location": {"lat": 1' + b"0" * 400 + b', "lon": 0}}', 400, ""),
    ("a number of a million digits", b'{"key": "a", "location": {"lat": 1' + b"0" * 900_000 + b"}}", 400, ""),
    ("deep lists", b'{"key": "a", "text": ' + b"[" * 500_000 + b"]" * 500_000 + b"}", 400, "not JSON"),
    ("as deep as fits", b'{"key": "a", "text": ' + b"[" * 500_000 + b"}", 400, "not JSON"),
    ("deep objects", b'{"a":' * 150_000, 400, "not JSON"),
    ("not UTF-8", b'{"key": "a", "text": "\xff\xfe"}', 400, "not JSON"),
    ("UTF-16", '{"key": "a", "text": "hello"}'.encode("utf-16"), 400, "not JSON"),
    ("two megabytes", b'{"key": "a", "text": "' + b"x" * 2_000_000 + b'"}', 413, "too large"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("label", "body", "status", "sentence"), BAD_POSTS, ids=[case[0] for case in BAD_POSTS]
)
async def test_what_is_no_message_is_refused_in_a_sentence(
    house: House, label: str, body: bytes, status: int, sentence: str
) -> None:
    async with house.person() as session:
        async with session.post(
            "/chat/messages", data=io.BytesIO(body), headers={"Content-Type": "application/json"}
        ) as response:
            answer = await response.json()
            assert response.status == status, answer
            assert sentence in answer["error"]
            assert len(answer["error"]) < 300
        assert (await house.database.read(inbox.counts)).unread == 0


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_a_form_is_no_message(house: House, kind: str) -> None:
    async with (
        house.person() as session,
        session.post(
            "/chat/messages", data=b'{"key": "a", "text": "hello"}', headers={"Content-Type": kind}
        ) as response,
    ):
        assert response.status == 415
        assert (await response.json())["error"]


COOKIES = [
    "", "townbell=", "townbell=short", "townbell=" + "a" * 43, "townbell=" + "a" * 5000,
    "townbell=" + "é" * 43,
    "townbell=" + Keyring(b"k" * 32).new_name("another account"),
    "townbell=" + Keyring(b"x" * 32).new_name("web"),
    "townbell=" + Keyring(b"k" * 32).new_name("web") + "A",
    "other=1",
]  # fmt: skip


@pytest.mark.parametrize("cookie", COOKIES)
async def test_who_has_no_cookie_of_ours_opens_the_page_first(house: House, cookie: str) -> None:
    headers = {"Cookie": cookie.encode("utf-8").decode("latin-1")} if cookie else {}
    async with house.stranger(**headers) as session:
        status, answer = await post(session, key="a", text="hello")
        assert (status, answer["error"]) == (401, "We do not know you yet. Open /chat first.")
        async with session.get("/chat/messages") as response:
            assert response.status == 401
        async with session.post("/chat/media?key=a", data=b"x") as response:
            assert response.status == 401


CROSS_SITE = [
    ("another site, new browser", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("a site beside ours", {"Sec-Fetch-Site": "same-site"}, 403),
    ("our own page", {"Sec-Fetch-Site": "same-origin"}, 202),
    ("another site, old browser", {"Origin": "https://evil.example"}, 403),
    ("a sandboxed frame", {"Origin": "null"}, 403),
    ("nonsense", {"Origin": "http://[::"}, 403),
    ("an empty origin", {"Origin": ""}, 403),
    ("our own address behind a proxy", {"Origin": "https://bell.example.org"}, 202),
    ("no browser at all", {}, 202),
]


@pytest.mark.parametrize(("label", "headers", "status"), CROSS_SITE, ids=[case[0] for case in CROSS_SITE])
async def test_another_sites_page_cannot_speak_for_a_person(
    tmp_path: Path, label: str, headers: dict[str, str], status: int
) -> None:
    async with web_house(tmp_path, public_url="http://bell.example.org") as house, house.person() as session:
        assert (await post(session, headers=headers, key="a", text="hello"))[0] == status
        async with session.post("/chat/leave", headers=headers) as response:
            assert response.status == (204 if status == 202 else 403)


@pytest.mark.parametrize("origin", ["null", "", "file://", "-", "http://[::"])
async def test_an_origin_that_is_no_site_is_not_ours_when_we_know_no_address_of_our_own(
    house: House, origin: str
) -> None:
    async with house.person() as session:
        assert (await post(session, headers={"Origin": origin}, key="a", text="hello"))[0] == 403


async def test_our_own_page_in_an_old_browser(house: House) -> None:
    async with house.person(Origin=house.url) as session:
        assert (await post(session, key="a", text="hello"))[0] == 202


async def test_who_leaves_is_not_known_any_more(house: House) -> None:
    async with house.person() as session:
        await post(session, key="a", text="hello")
        async with session.post("/chat/leave") as response:
            assert response.status == 204
        assert not [cookie for cookie in session.cookie_jar if cookie.value]
        assert (await post(session, key="b", text="still here?"))[0] == 401


async def test_when_the_database_does_not_take_it_nothing_is_acknowledged(house: House) -> None:
    async with house.person() as session:
        await house.database.close()
        async with session.post("/chat/messages", json={"key": "a", "text": "hello"}) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "5"
            assert "try again" in (await response.json())["error"]


# What people hear


@pytest.fixture
def only_the_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page looks for itself."""
    monkeypatch.setattr("bot.web_chat.LOOK_SECONDS", NEVER)


@pytest.fixture
def looking_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that waits looks for itself again and again, and not once a second."""
    monkeypatch.setattr("bot.web_chat.LOOK_SECONDS", 0.01)


async def test_a_page_that_waits_hears_at_once_what_is_sent(tmp_path: Path, only_the_bell: None) -> None:
    async with web_house(tmp_path, wait_seconds=NEVER) as house, house.person() as session:
        await post(session, key="a", text="hello")
        waiting = await waiting_page(house, session, after=1)
        assert await house.channel.send(asking(session)) == "2"
        assert [message["id"] for message in await waiting] == [2]


async def test_a_page_that_waits_hears_what_another_tab_says(tmp_path: Path, only_the_bell: None) -> None:
    async with web_house(tmp_path, wait_seconds=NEVER) as house, house.person() as session:
        waiting = await waiting_page(house, session)
        await post(session, key="a", text="hello")
        assert [message["key"] for message in await waiting] == ["a"]


async def test_a_page_to_which_nothing_is_said_hears_so_in_the_end(
    tmp_path: Path, only_the_bell: None
) -> None:
    async with web_house(tmp_path, wait_seconds=0.05) as house, house.person() as session:
        assert await news(session) == []


async def test_with_other_processes_a_page_looks_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, looking_all_the_time: None
) -> None:
    async with web_house(tmp_path, wait_seconds=NEVER, others_write=True) as house, house.person() as session:
        await post(session, key="a", text="hello")
        waiting = await waiting_page(house, session, after=1)
        monkeypatch.setattr(house.channel.doorbell, "ring", lambda address: None)
        await house.channel.send(asking(session))
        assert [message["id"] for message in await waiting] == [2]


async def test_a_person_has_few_pages_waiting_and_closed_ones_do_not_count(
    tmp_path: Path, looking_all_the_time: None
) -> None:
    async with web_house(tmp_path, wait_seconds=NEVER) as house, house.person() as session:
        waiting = [asyncio.create_task(news(session)) for _ in range(4)]
        await until(lambda: house.bell.waiting == 4)
        async with session.get("/chat/messages") as response:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) >= 1
        for task in waiting:
            task.cancel()
        await until(lambda: len(house.bell) == 0)


async def test_nobody_hears_what_is_said_to_another(house: House) -> None:
    async with house.person() as one, house.person() as other:
        await post(one, key="a", text="my secret")
        await post(other, key="a", text="hello")
        await house.channel.send(asking(one))
        assert [message["text"] for message in await news(other)] == ["hello"]


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30, "9223372036854775808", "٣", "%00"])
async def test_what_is_no_number_is_refused(house: House, after: str) -> None:
    async with house.person() as session, session.get(f"/chat/messages?after={after}") as response:
        assert response.status == 400
        assert (await response.json())["error"]


async def test_the_largest_number_is_one(tmp_path: Path) -> None:
    async with web_house(tmp_path, wait_seconds=0.01) as house, house.person() as session:
        assert await news(session, after=2**63 - 1) == []


async def page_of(house: House, session: ClientSession) -> webchat.Page:
    page = await house.database.read(lambda tx: webchat.page(tx, house.keyring, "web", cookie_of(session)))
    assert page
    return page


async def erase_numbers(house: House, session: ClientSession, low: int, high: int) -> None:
    page = await page_of(house, session)
    rows = [{"address_id": page.address_id, "id": number} for number in range(low, high + 1)]
    await house.database.transaction(lambda tx: tx.many("delete_page_message", rows))


async def test_a_page_is_told_what_there_is_and_so_what_was_erased(house: House) -> None:
    async with house.person() as session:
        for n in range(1, 7):
            await post(session, key=f"k{n}", text=f"message {n}")
        assert (await told(session))["ids"] == [[1, 6]]
        await erase_numbers(house, session, 1, 1)
        await erase_numbers(house, session, 3, 4)
        await post(session, key="k7", text="message 7")
        answer = await told(session, after=6)
        assert answer["ids"] == [[2, 2], [5, 7]]
        assert [message["id"] for message in answer["messages"]] == [7]


async def test_a_page_whose_last_message_is_gone_is_told_at_once(tmp_path: Path, only_the_bell: None) -> None:
    async with web_house(tmp_path, wait_seconds=NEVER) as house, house.person() as session:
        await post(session, key="a", text="The lamp is broken")
        await post(session, key="b", text="since May")
        await erase_numbers(house, session, 2, 2)
        assert (await told(session, after=2))["ids"] == [[1, 1]]
        await erase_numbers(house, session, 1, 1)
        answer = await told(session, after=2)
        assert (answer["messages"], answer["ids"]) == ([], [])


async def test_a_talk_that_begins_anew_says_so(house: House) -> None:
    async def delete_everything(tx: Tx) -> bool:
        (waiting,) = await turns.take(tx, 2**62)
        await tx.many("inbox_done", [{"id": waiting.inbox_id}])
        await erasing.erase(tx, [waiting.contact.id], clock.now())
        return await contacts.forget(tx, waiting.contact.id, clock.now())

    async with house.person() as session:
        await post(session, key="a", text="The lamp is broken")
        before = await told(session)
        assert await house.database.transaction(delete_everything)
        assert await told(session, after=1) == {"messages": [], "ids": [], "began": 0, "lang": ""}
        await post(session, key="b", text="The bus is late")
        await post(session, key="c", text="every evening")
        after = await told(session, after=1)
        assert after["began"] not in (0, before["began"])


async def test_a_page_is_told_the_language_once_we_are_sure_of_it(house: House) -> None:
    async with house.person(Accept_Language="en") as session:
        await post(session, key="a", text="???")
        await house.channel.send(asking(session))  # in English first, and in another language too
        assert (await told(session))["lang"] == ""
        (waiting,) = await house.database.transaction(lambda tx: turns.take(tx, 2**62))
        chosen = [{"contact_id": waiting.contact.id, "language": "ar", "chosen": 1}]
        await house.database.transaction(lambda tx: tx.many("set_language", chosen))
        assert (await told(session))["lang"] == "ar"


async def test_a_long_talk_comes_in_parts(house: House) -> None:
    async with house.person() as session:
        await asyncio.gather(*(post(session, key=f"k{n}", text=f"message {n}") for n in range(250)))
        first = await news(session)
        rest = await news(session, after=first[-1]["id"])
        assert [message["id"] for message in first + rest] == list(range(1, 251))


# How often


async def test_who_sends_too_much_is_asked_to_wait(tmp_path: Path) -> None:
    trusted = ("127.0.0.1",)
    async with web_house(tmp_path, per_minute=20, burst=3, trusted=trusted) as house:
        async with house.person(X_Forwarded_For="203.0.113.7") as session:
            for key in "abc":
                assert (await post(session, key=key, text="hello"))[0] == 202
            async with session.post("/chat/messages", json={"key": "d", "text": "hello"}) as response:
                assert response.status == 429
                assert response.headers["Retry-After"] == "3"
                assert "wait" in (await response.json())["error"]
            async with session.post("/chat/media?key=e", data=b"x") as response:
                assert response.status == 429
            elsewhere = {"X-Forwarded-For": "198.51.100.1"}  # the same person on another network
            assert (await post(session, headers=elsewhere, key="f", text="hello"))[0] == 429
        async with house.person(X_Forwarded_For="203.0.113.7") as neighbour:
            assert (await post(neighbour, key="a", text="hello"))[0] == 202
        assert b"townbell_http_slowed_total 3.0" in house.metrics.text()


async def posts_of_newcomers(house: House, addresses: list[str]) -> list[int]:
    statuses = []
    for address in addresses:
        async with house.person(X_Forwarded_For=address) as session:
            statuses.append((await post(session, key="a", text="hello"))[0])
    return statuses


async def test_a_shelter_behind_one_address_may_write_ten_times_as_much(tmp_path: Path) -> None:
    async with web_house(tmp_path, per_minute=1, burst=1, trusted=("127.0.0.1",)) as house:
        assert await posts_of_newcomers(house, ["203.0.113.7"] * 11) == [202] * 10 + [429]
        assert await posts_of_newcomers(house, ["198.51.100.1"]) == [202]


async def test_to_open_the_page_costs_nothing(tmp_path: Path) -> None:
    async with (
        web_house(tmp_path, per_minute=1, burst=2, trusted=("127.0.0.1",)) as house,
        house.stranger(X_Forwarded_For="203.0.113.7") as session,
    ):
        answers = []
        for _ in range(50):
            session.cookie_jar.clear()
            async with session.get("/chat") as response:
                answers.append(response.status)
        assert answers == [200] * 50
        assert (await post(session, key="a", text="hello"))[0] == 202


async def test_a_forged_header_does_not_help(tmp_path: Path) -> None:
    async with web_house(tmp_path, per_minute=1, burst=1) as house:  # no proxy is trusted
        answers = await posts_of_newcomers(house, [f"203.0.113.{n}" for n in range(11)])
        assert answers == [202] * 10 + [429]


async def test_this_machine_is_not_limited(tmp_path: Path) -> None:
    async with web_house(tmp_path, per_minute=1, burst=1) as house, house.person() as session:
        answers = await asyncio.gather(*(post(session, key=f"k{n}", text="x") for n in range(50)))
        assert {status for status, _ in answers} == {202}


async def test_a_script_asks_for_a_cookie_and_keeps_it(house: House) -> None:
    said, kind = json.dumps({"key": "1", "text": "hi"}), {"Content-Type": "application/json; charset=utf-8"}
    async with house.person() as opened:
        cookie = cookie_of(opened)
    async with (
        house.stranger(Cookie=f"townbell={cookie}") as session,
        session.post("/chat/messages", data=said, headers=kind) as response,
    ):
        assert response.status == 202


async def test_two_processes_on_postgresql_share_one_talk(
    tmp_path: Path, postgres: Cluster, looking_all_the_time: None
) -> None:
    url = postgres.create_database()
    async with (
        web_house(tmp_path, url=url, others_write=True, wait_seconds=NEVER) as here,
        web_house(tmp_path, url=url, others_write=True, wait_seconds=NEVER) as there,
        here.person() as session,
        there.stranger(Cookie=f"townbell={cookie_of(session)}") as elsewhere,
    ):
        assert await post(session, key="a", text="The lamp is broken") == (202, {"id": 1})
        assert await post(elsewhere, key="a", text="The lamp is broken") == (202, {"id": 1})
        waiting = await waiting_page(here, session, after=1)
        await there.channel.send(asking(session))
        assert [message["id"] for message in await waiting] == [2]
