"""Where a program that a test starts can listen."""

import socket


def free_port() -> int:
    """A port on which nothing listens now.

    Another program may take it first; ours then fails to start, and says so.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
