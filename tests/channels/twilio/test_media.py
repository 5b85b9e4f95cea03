"""Files are fetched from Twilio and from nowhere else, and the token goes to nobody else."""

import base64
import socket
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from aiohttp import web

from bot.channels import MediaSource
from bot.channels.twilio_media import TwilioMedia
from core.errors import ChannelDown, Refused, Throttled
from tests.peers.twilio_emulator import SID, TOKEN, TwilioEmulator

API = "https://api.twilio.com"
FILE = f"/2010-04-01/Accounts/{SID}/Messages/MM1/Media/ME1"
KNOWN = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()


async def fetched(media: TwilioMedia, remote: str) -> bytes:
    """The file at an address; the line is hung up afterwards."""
    try:
        return b"".join([piece async for piece in media.fetch(remote)])
    finally:
        await media.close()


def media(api_url: str, limit: int = 1000) -> TwilioMedia:
    return TwilioMedia(SID, TOKEN, api_url, limit)


class Server:
    """A server that answers as it is told, and keeps who asked."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, str | None]] = []
        self.answers: dict[str, Callable[[], web.StreamResponse]] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.path, request.headers.get("Authorization")))
        return self.answers.get(request.path, lambda: web.Response(status=404))()


@pytest.fixture
async def servers() -> AsyncIterator[tuple[Server, Server]]:
    both, runners = (Server(), Server()), []
    for server in both:
        app = web.Application()
        app.router.add_get("/{tail:.*}", server.answer)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        runners.append(runner)
    yield both
    for runner in runners:
        await runner.cleanup()


async def test_a_voice_note_is_fetched_with_the_token(twilio_emulator: TwilioEmulator):
    remote = twilio_emulator.add_file(b"OggS" * 100, "audio/ogg")
    source = media(twilio_emulator.url)
    assert isinstance(source, MediaSource)
    assert await fetched(source, remote) == b"OggS" * 100


async def test_a_redirect_is_followed_where_it_stays_with_twilio(servers):
    api, _ = servers
    api.answers = {
        FILE: lambda: web.Response(status=307, headers={"Location": "/elsewhere"}),
        "/elsewhere": lambda: web.Response(body=b"photo"),
    }
    assert await fetched(media(api.url), f"{api.url}{FILE}") == b"photo"
    assert api.asked == [(FILE, KNOWN), ("/elsewhere", KNOWN)]


async def test_a_redirect_to_elsewhere_is_not_followed_and_gets_no_token(servers):
    api, other = servers
    api.answers = {FILE: lambda: web.Response(status=302, headers={"Location": f"{other.url}/steal"})}
    with pytest.raises(Refused):
        await fetched(media(api.url), f"{api.url}{FILE}")
    assert other.asked == []


async def test_a_redirect_without_end_is_left(servers):
    api, _ = servers
    api.answers = {FILE: lambda: web.Response(status=302, headers={"Location": FILE})}
    with pytest.raises(Refused):
        await fetched(media(api.url), f"{api.url}{FILE}")
    assert len(api.asked) == 4


@pytest.mark.parametrize("store", [
    "https://mms.twiliocdn.com/AC1/photo?Signature=x",
    "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/photo?Signature=x",
])  # fmt: skip
async def test_a_store_of_twilio_s_does_not_get_the_token(store, monkeypatch):
    public_everywhere(monkeypatch)
    asked: list[tuple[str, str | None]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), request.headers.get("Authorization")))
        if str(request.url).startswith(API):
            return httpx.Response(307, headers={"Location": store})
        return httpx.Response(200, stream=httpx.ByteStream(b"photo"))

    source = media(API)
    source._web = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    assert await fetched(source, f"{API}{FILE}") == b"photo"
    assert asked == [(f"{API}{FILE}", KNOWN), (store, None)]


@pytest.mark.parametrize(
    ("label", "remote"),
    [
        ("this machine", "https://127.0.0.1/x"),
        ("this machine by its name", "https://localhost/x"),
        ("this machine in IPv6", "https://[::1]/x"),
        ("a private network", "https://10.0.0.7/x"),
        ("the cloud's own address", "http://169.254.169.254/latest/meta-data"),
        ("a file", "file:///etc/passwd"),
        ("a file on Twilio's host", "file://api.twilio.com/etc/passwd"),
        ("without encryption", f"http://api.twilio.com{FILE}"),
        ("another port", f"https://api.twilio.com:8443{FILE}"),
        ("another host", f"https://api.twilio.com.example.org{FILE}"),
        ("a host that ends alike", f"https://eviltwilio.com{FILE}"),
        ("a name before the host", f"https://api.twilio.com@example.org{FILE}"),
        ("a slash that leans", f"https://example.org\\.twilio.com{FILE}"),
        ("a store without the API before it", "https://mms.twiliocdn.com/x"),
        ("another bucket", "https://s3-external-1.amazonaws.com/bucket/x"),
        ("no address", "x"),
        ("nothing", ""),
        ("a broken one", "https://[::1/x"),
        ("a port that is none", "https://api.twilio.com:99999/x"),
        ("letters beyond ASCII", "https://api.twilio.com/ü"),
        ("two lines", "https://api.twilio.com/x\nHost: y"),
    ],
)
async def test_an_address_that_is_not_twilio_s_is_refused_unasked(label, remote):
    source = media(API)
    source._web = httpx.AsyncClient(transport=httpx.MockTransport(never))
    with pytest.raises(Refused):
        await fetched(source, remote)


def never(request: httpx.Request) -> httpx.Response:
    raise AssertionError("this must not be asked")


async def test_a_name_of_twilio_s_that_leads_into_a_private_network_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [resolved("10.0.0.7")])
    source = media(API)
    source._web = httpx.AsyncClient(transport=httpx.MockTransport(never))
    with pytest.raises(Refused, match=r"private network"):
        await fetched(source, f"{API}{FILE}")


async def test_other_hosts_of_twilio_s_are_asked_too(monkeypatch):
    public_everywhere(monkeypatch)
    source = media(API)
    source._web = httpx.AsyncClient(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(b"x")))
    )
    assert await fetched(source, f"https://api.dublin.ie1.twilio.com{FILE}") == b"x"


def public_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [resolved("54.172.60.1")])


def resolved(address: str) -> tuple[int, int, int, str, tuple[str, int]]:
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))


@pytest.mark.parametrize(
    ("label", "answer", "error"),
    [
        ("gone", lambda: web.Response(status=404), Refused),
        ("gone for good", lambda: web.Response(status=410), Refused),
        ("a redirect to nowhere", lambda: web.Response(status=304), Refused),
        ("a token that is wrong", lambda: web.Response(status=401), ChannelDown),
        ("slow down", lambda: web.Response(status=429), Throttled),
        ("broken over there", lambda: web.Response(status=503), ChannelDown),
        ("larger than it may be", lambda: web.Response(body=b"x" * 1001), Refused),
    ],
)
async def test_what_is_no_file_is_told_apart(servers, label, answer, error):
    api, _ = servers
    api.answers = {FILE: answer}
    with pytest.raises(error):
        await fetched(media(api.url), f"{api.url}{FILE}")


async def test_a_file_that_grows_beyond_the_limit_is_broken_off():
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1000):
            await response.write(b"x" * 100)
        return response

    long_app = web.Application()
    long_app.router.add_get("/{tail:.*}", endless)
    runner = web.AppRunner(long_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    with pytest.raises(Refused, match=r"larger"):
        await fetched(media(url), f"{url}{FILE}")
    await runner.cleanup()


async def test_a_line_that_is_down_is_tried_again_later():
    gone = media("http://127.0.0.1:9")
    with pytest.raises(ChannelDown):
        await fetched(gone, f"http://127.0.0.1:9{FILE}")
