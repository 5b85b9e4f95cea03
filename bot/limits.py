"""How often one client may ask for something.

A token bucket per client: an address, or a cookie of ours. What a stranger sends must not fill our memory,
so the buckets that were not used for longest are forgotten. Who the client is behind a proxy, only a proxy
we were told of may say.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
#: names the client to the limit: an IPv4 address, the /64 that one IPv6 customer has, or a cookie
Client = str

REMEMBERED = 20_000  # buckets; about 4 MB


class RateLimit:
    """Lets each client do a burst at once, and then so many a minute."""

    def __init__(
        self,
        per_minute: float,
        burst: float,
        *,
        remembered: int = REMEMBERED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_minute / 60
        self._burst = burst
        self._remembered = remembered
        self._clock = clock
        self._buckets: OrderedDict[Client, tuple[float, float]] = OrderedDict()  # tokens left, as of when

    def wait(self, client: Client | None, cost: float = 1.0) -> float:
        """Take `cost` tokens and return 0; or take none, and return the seconds until there are enough.

        None is a client without a limit.
        """
        if client is None:
            return 0.0
        now = self._clock()
        left, then = self._buckets.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_second)
        cost = min(cost, self._burst)  # what costs more than a whole burst would never pass
        missing = cost - left
        self._buckets[client] = (left if missing > 0 else left - cost, now)
        if len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        return missing / self._per_second if missing > 0 else 0.0

    def times(self, factor: float) -> RateLimit:
        """A limit of its own that lets through so many times as much."""
        return RateLimit(
            self._per_second * 60 * factor,
            self._burst * factor,
            remembered=self._remembered,
            clock=self._clock,
        )

    def __len__(self) -> int:
        """How many clients are remembered."""
        return len(self._buckets)


def networks(cidrs: Sequence[str]) -> tuple[Network, ...]:
    """The networks that a configuration names: `10.0.0.0/8`, `::1`."""
    return tuple(ip_network(cidr, strict=False) for cidr in cidrs)


def client_of(
    peer: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network], *, proxied: bool = False
) -> Client | None:
    """Who asks: the right-most address of `X-Forwarded-For` that is not one of our proxies.

    Each proxy adds whom it heard from on the right; what stands left of the first stranger was written by
    that stranger, and is not believed. None is the machine itself, asking without any proxy: not limited.
    `proxied` says that some other header betrays a proxy, which would make everybody look like the machine.
    """
    nearest = _address(peer or "")
    if nearest is None:  # a socket file: only this machine reaches it
        nearest = IPv4Address("127.0.0.1")
    if nearest.is_loopback and not forwarded_for and not proxied:
        return None
    hops = [hop for header in forwarded_for for hop in header.split(",")]
    for hop in reversed(hops):
        if not any(nearest in network for network in trusted):
            break
        further = _address(hop.strip())
        if further is None:  # nonsense: as far as we can tell, it came from where it was written
            break
        nearest = further
    return _name(nearest)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as proxies write it: bare, with a port, or in brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _name(address: IPv4Address | IPv6Address) -> Client:
    # One customer is given a whole /64, and could draw a new address for every request.
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
