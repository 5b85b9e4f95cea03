"""The server itself: webhooks, health, and what strangers try."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.health import Health
from bot.web import application, serving
from core.errors import TownbellError
from core.messages import InboundMessage
from storage import inbox
from tests.bot.web_house import MEGABYTE, NEVER, PATIENCE, House, until, web_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with web_house(tmp_path) as house:
        yield house


async def raw(house: House, *pieces: bytes) -> bytes:
    """What the server says to these bytes; nothing when it hangs up."""
    async with house.line() as line:
        await line.send(*pieces)
        return await line.answer()


async def dribbled(house: House, head: bytes, piece: bytes) -> bytes:
    """What the server says to somebody who sends one more piece whenever it has answered another."""
    async with house.line() as line, house.stranger() as another:
        await line.send(head)
        answer = asyncio.create_task(line.answer())
        while not answer.done():
            await line.send(piece)
            async with another.get("/healthz") as response:
                assert response.status == 200
        return await answer


# Webhooks


async def test_a_webhook_hands_secret_and_body_over(house: House) -> None:
    async with house.stranger() as session:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "right"}
        async with session.post("/telegram/bot", data=b'{"update_id": 1}', headers=headers) as response:
            assert response.status == 200
            assert await response.read() == b""
        async with session.post("/telegram/bot", data=b"anything") as response:
            assert response.status == 403
    assert house.heard == [("right", b'{"update_id": 1}'), (None, b"anything")]


async def test_an_account_that_is_none_of_ours_is_not_found(house: House) -> None:
    async with house.stranger() as session, session.post("/telegram/other", data=b"{}") as response:
        assert (response.status, await response.text()) == (404, "Not Found.\n")


async def test_a_webhook_of_more_than_a_megabyte_is_not_read(house: House) -> None:
    head = b"POST /telegram/bot HTTP/1.1\r\nHost: x\r\n"
    announced = await raw(house, head + b"Content-Length: 5000000000\r\n\r\n")
    assert announced.startswith(b"HTTP/1.1 413 ")
    piece = b"%x\r\n%s\r\n" % (MEGABYTE // 2, b"x" * (MEGABYTE // 2))
    in_pieces = await raw(
        house, head + b"Transfer-Encoding: chunked\r\n\r\n", piece, piece, piece, b"0\r\n\r\n"
    )
    assert in_pieces.startswith(b"HTTP/1.1 413 ")
    assert house.heard == []


async def test_a_megabyte_is_taken(house: House) -> None:
    largest = io.BytesIO(b"x" * MEGABYTE)
    async with house.stranger() as session, session.post("/telegram/bot", data=largest) as response:
        assert response.status == 403
    assert len(house.heard[0][1]) == MEGABYTE


async def test_what_is_packed_is_not_unpacked(house: House) -> None:
    async with (
        house.stranger(Content_Encoding="gzip") as session,
        session.post("/telegram/bot", data=b"\x1f\x8b") as response,
    ):
        assert response.status == 415


# Health


async def test_it_is_up_and_ready(house: House) -> None:
    async with house.stranger() as session:
        async with session.get("/healthz") as response:
            assert (response.status, await response.json()) == (200, {"up": True})
        async with session.get("/readyz") as response:
            assert response.status == 200
            assert await response.json() == {
                "ready": True,
                "faults": [],
                "unread": 0,
                "aside": 0,
                "to_send": {},
            }


async def test_it_is_not_ready_when_a_message_has_waited_too_long(house: House) -> None:
    old = InboundMessage("web", "message", "x:1", "A" * 43, text="hello")
    await house.database.transaction(lambda tx: inbox.store(tx, house.keyring, [old], 1))
    async with house.stranger() as session, session.get("/readyz") as response:
        assert response.status == 503
        (fault,) = (await response.json())["faults"]
        assert re.fullmatch(r"A message has waited \d+ minutes for its turn\.", fault)


async def test_it_is_not_ready_when_a_channel_has_trouble(house: House) -> None:
    house.troubles.append("Telegram does not know the token of bot.")
    async with house.stranger() as session, session.get("/readyz") as response:
        assert response.status == 503
        assert (await response.json())["faults"] == ["Telegram does not know the token of bot."]


async def test_it_is_not_ready_without_its_database_and_still_tells_its_numbers(house: House) -> None:
    await house.database.close()
    async with house.stranger() as session:
        async with session.get("/readyz") as response:
            assert response.status == 503
            assert (await response.json())["faults"] == ["The database does not answer."]
        async with session.get("/healthz") as response:
            assert response.status == 200
        async with session.get("/metrics") as response:
            assert response.status == 200


async def test_prometheus_is_told_numbers_and_nothing_else(house: House) -> None:
    async with house.person(X_Forwarded_For="203.0.113.7") as session:
        async with session.post("/chat/messages", json={"key": "k1", "text": "my secret"}):
            pass
        async with session.get("/nowhere/my-secret"):
            pass
        async with session.get("/metrics") as response:
            assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            text = await response.text()
    assert "townbell_inbox_unread 1.0" in text
    assert 'route="POST /chat/messages",status="202"' in text
    assert 'route="other",status="404"' in text
    assert not re.search(r"secret|203\.0|k1|127\.0", text)


# Strangers


async def test_the_door_leads_to_the_chat(house: House) -> None:
    async with (
        house.stranger() as session,
        session.get("/?council=empoli", allow_redirects=False) as response,
    ):
        assert (response.status, response.headers["Location"]) == (302, "/chat?council=empoli")


WRONG = [
    ("GET", "/nowhere", 404, ""),
    ("GET", "/chat/", 404, ""),
    ("POST", "/chat", 405, "GET"),
    ("DELETE", "/chat/messages", 405, "GET,POST"),
    ("HEAD", "/chat/messages", 405, "GET,POST"),
    ("PUT", "/telegram/bot", 405, "POST"),
    ("GET", "/telegram/bot", 405, "POST"),
    ("TRACE", "/healthz", 405, "GET,HEAD"),
    ("OPTIONS", "/chat/messages", 405, "GET,POST"),
]


@pytest.mark.parametrize(("method", "path", "status", "allow"), WRONG)
async def test_a_wrong_door_is_told_in_a_word(
    house: House, method: str, path: str, status: int, allow: str
) -> None:
    async with house.stranger() as session, session.request(method, path) as response:
        assert response.status == status
        assert response.headers.get("Allow", "") == allow
        assert response.headers["Server"] == "Townbell"
        assert response.content_type == "text/plain"
        assert len(await response.read()) < 40


POST = b"POST /telegram/bot HTTP/1.1\r\nHost: x\r\n"
NONSENSE = [
    b"hello\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)),
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"A%d: b\r\n" % n for n in range(500)) + b"\r\n",
    POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /telegram/bot HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
]


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_nonsense_is_answered_without_a_word_about_us(
    house: House, nonsense: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await raw(house, nonsense)
    assert re.match(rb"HTTP/1\.[01] 400 ", answer)
    assert b"Server: Townbell" in answer
    assert not re.search(rb"(?i)python|aiohttp|traceback", answer)
    assert not caplog.records


BROKEN_CHUNKS = [b"zz\r\nhello\r\n", b"5\r\nhello, and more", b"5\r\nhello\r\nzz\r\n"]


@pytest.mark.parametrize("chunks", BROKEN_CHUNKS)
async def test_a_broken_chunk_is_the_senders_fault(
    house: House, monkeypatch: pytest.MonkeyPatch, chunks: bytes
) -> None:
    monkeypatch.setattr("bot.requests.body_of.__defaults__", (MEGABYTE, 0.1))
    async with house.line() as line:
        await line.begin(POST + b"Transfer-Encoding: chunked\r\n")
        await line.send(chunks)
        assert re.match(rb"HTTP/1\.1 40[08] ", await line.answer())
    assert house.heard == []


async def test_who_hangs_up_in_the_middle_is_not_heard(house: House) -> None:
    async with house.line() as line:
        await line.begin(POST + b"Content-Length: 100\r\n")
        await line.send(b"half")
    await until(lambda: house.answered("POST /telegram/{account}", 400))
    assert house.heard == []
    async with house.stranger() as session, session.get("/healthz") as response:
        assert response.status == 200


async def test_a_body_that_never_ends_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.requests.body_of.__defaults__", (MEGABYTE, 0.1))
    answer = await dribbled(house, POST + b"Content-Length: 1000000\r\n\r\n", b"x")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert house.heard == []


async def test_a_head_that_never_ends_is_hung_up_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.IDLE_SECONDS", 0.1)
    async with web_house(tmp_path) as house:
        assert await dribbled(house, b"GET / HTTP/1.1\r\nX-A: ", b"b") == b""


async def test_more_lines_than_we_can_hold_are_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web._most_connections", lambda: 5)
    ask = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    async with web_house(tmp_path) as house, AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(house.line()) for _ in range(5)]
        for line in lines:  # each is held when it has been answered
            await line.send(ask)
            assert (await line.answer()).startswith(b"HTTP/1.1 200 ")
        assert await raw(house, ask) == b""
        await lines[0].hang_up()
        assert (await raw(house, ask)).startswith(b"HTTP/1.1 200 ")


async def test_a_port_that_is_taken_is_told_in_a_sentence(house: House) -> None:
    health = Health(house.database, house.metrics)
    empty = application(health=health, metrics=house.metrics)
    with pytest.raises(TownbellError, match=rf"^Port {house.port} is taken by another program"):
        async with serving(empty, "127.0.0.1", house.port):
            pass


async def test_stopping_sends_waiting_pages_home_with_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web_chat.LOOK_SECONDS", NEVER)
    async with AsyncExitStack() as after:
        async with web_house(tmp_path, wait_seconds=NEVER) as house:
            session = await after.enter_async_context(house.person())
            waiting = asyncio.create_task(session.get("/chat/messages"))
            await until(lambda: house.bell.waiting == 1)
        response = await waiting
        assert (response.status, (await response.json())["messages"]) == (200, [])


# Anything at all

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=8,
)
nearly = st.fixed_dictionaries(
    {},
    optional={
        "key": st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True) | anything,
        "text": anything,
        "choice": st.from_regex(r"[a-z.:]{3,12}") | anything,
        "location": st.fixed_dictionaries({"lat": st.floats() | anything, "lon": st.floats()}) | anything,
    },
)
bodies = st.one_of(
    st.binary(max_size=200),
    nearly.map(lambda said: json.dumps(said).encode()),
    nearly.map(lambda said: json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")),
)
header = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)


async def test_whatever_is_posted_it_is_never_our_fault(house: House) -> None:
    seen: set[int] = set()

    async def answer(session: ClientSession, path: str, body: bytes, headers: dict[str, str]) -> None:
        async with session.post(path, data=body, headers=headers) as response:
            seen.add(response.status)
            assert response.status < 500, await response.text()

    async with house.person() as session:
        loop = asyncio.get_running_loop()

        @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            bodies, header, header, header, st.sampled_from(["/chat/messages", "/chat/media", "/chat/leave"])
        )
        def post(body: bytes, language: str, forwarded: str, site: str, path: str) -> None:
            headers = {
                "Content-Type": "application/json",
                "Accept-Language": language,
                "X-Forwarded-For": forwarded,
                **({"Origin": site} if len(site) % 2 else {}),
            }
            asyncio.run_coroutine_threadsafe(answer(session, path, body, headers), loop).result(PATIENCE)

        async with session.get("/chat"):
            pass
        await asyncio.to_thread(post)
    assert {400, 401} & seen
