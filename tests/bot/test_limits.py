"""Who asks, and how often they may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import RateLimit, client_of, networks


class Watch:
    """A clock that a test winds."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def watch():
    return Watch()


def test_a_burst_passes_and_then_so_many_a_minute(watch):
    limit = RateLimit(per_minute=20, burst=10, clock=watch)
    assert [limit.wait("1.2.3.4") for _ in range(10)] == [0] * 10
    assert limit.wait("1.2.3.4") == pytest.approx(3)
    watch.seconds += 3
    assert limit.wait("1.2.3.4") == 0
    assert limit.wait("1.2.3.4") == pytest.approx(3)


def test_who_waited_for_an_hour_has_one_burst_and_not_an_hours_worth(watch):
    limit = RateLimit(per_minute=20, burst=2, clock=watch)
    limit.wait("1.2.3.4")
    watch.seconds += 3600
    assert [limit.wait("1.2.3.4") > 0 for _ in range(3)] == [False, False, True]


def test_one_client_does_not_slow_another(watch):
    limit = RateLimit(per_minute=1, burst=1, clock=watch)
    assert limit.wait("1.2.3.4") == 0
    assert limit.wait("1.2.3.4") > 0
    assert limit.wait("1.2.3.5") == 0


def test_what_costs_more_than_a_burst_passes_when_the_bucket_is_full(watch):
    limit = RateLimit(per_minute=60, burst=1, clock=watch)
    assert limit.wait("1.2.3.4", cost=2) == 0
    assert limit.wait("1.2.3.4") == pytest.approx(1)


def test_a_limit_for_many_lets_through_many_times_as_much_and_counts_for_itself(watch):
    limit = RateLimit(per_minute=6, burst=2, clock=watch)
    shared = limit.times(10)
    assert [shared.wait("1.2.3.4") for _ in range(20)] == [0] * 20
    assert shared.wait("1.2.3.4") == pytest.approx(1)
    assert limit.wait("1.2.3.4") == 0


def test_the_machine_itself_is_not_limited(watch):
    limit = RateLimit(per_minute=1, burst=1, clock=watch)
    assert [limit.wait(None) for _ in range(100)] == [0] * 100


def test_a_million_strangers_do_not_fill_the_memory(watch):
    limit = RateLimit(per_minute=1, burst=1, remembered=100, clock=watch)
    for stranger in range(10_000):
        limit.wait(f"client {stranger}")
    assert len(limit) == 100


PROXIES = networks(["10.0.0.0/8", "::1", "127.0.0.1"])

CLIENTS = [
    # (label, peer, X-Forwarded-For headers, trusted, client)
    ("straight from the internet", "203.0.113.7", [], PROXIES, "203.0.113.7"),
    ("straight from this machine", "127.0.0.1", [], (), None),
    ("this machine by IPv6", "::1", [], (), None),
    ("a socket file", None, [], (), None),
    ("a proxy here that we were not told of", "127.0.0.1", ["203.0.113.7"], (), "127.0.0.1"),
    ("a proxy here that we were told of", "127.0.0.1", ["203.0.113.7"], PROXIES, "203.0.113.7"),
    ("a stranger who writes the header himself", "203.0.113.7", ["198.51.100.1"], PROXIES, "203.0.113.7"),
    ("a forged first hop", "10.0.0.1", ["198.51.100.1, 203.0.113.7"], PROXIES, "203.0.113.7"),
    ("a forged loopback", "10.0.0.1", ["127.0.0.1, 203.0.113.7"], PROXIES, "203.0.113.7"),
    ("two proxies", "10.0.0.1", ["198.51.100.1, 203.0.113.7, 10.0.0.2"], PROXIES, "203.0.113.7"),
    ("two headers", "10.0.0.1", ["198.51.100.1", "203.0.113.7"], PROXIES, "203.0.113.7"),
    ("nothing but proxies", "10.0.0.1", ["10.0.0.3, 10.0.0.2"], PROXIES, "10.0.0.3"),
    ("nonsense from a proxy", "10.0.0.1", ["203.0.113.7, <script>"], PROXIES, "10.0.0.1"),
    ("an empty header", "10.0.0.1", [""], PROXIES, "10.0.0.1"),
    ("with a port", "10.0.0.1", ["203.0.113.7:4711"], PROXIES, "203.0.113.7"),
    ("IPv6 with a port", "10.0.0.1", ["[2001:db8:1:2:3:4:5:6]:4711"], PROXIES, "2001:db8:1:2::/64"),
    ("one customer, another address", "2001:db8:1:2:ffff::9", [], PROXIES, "2001:db8:1:2::/64"),
    ("IPv4 written as IPv6", "::ffff:203.0.113.7", [], PROXIES, "203.0.113.7"),
    ("IPv6 with a zone", "fe80::1%eth0", [], PROXIES, "fe80::/64"),
]


@pytest.mark.parametrize(
    ("label", "peer", "forwarded", "trusted", "client"), CLIENTS, ids=[c[0] for c in CLIENTS]
)
def test_who_asks(label, peer, forwarded, trusted, client):
    assert client_of(peer, forwarded, trusted) == client


def test_a_proxy_that_shows_in_another_header_is_not_taken_for_the_machine():
    assert client_of("127.0.0.1", [], (), proxied=True) == "127.0.0.1"


@given(st.text(), st.lists(st.text()))
def test_no_header_breaks_it(peer, headers):
    client_of(peer, headers, PROXIES)
