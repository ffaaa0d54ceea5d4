"""What the socket beneath the SDK is told; its close under stress is in `test_connection`."""

import ssl

import pytest

from daemon.live.options import LiveOptions
from daemon.live.transport import is_loopback, socket_arguments

TRUST = ssl.create_default_context()


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://127.0.0.1:8443", True),
        ("https://[::1]:8443", True),
        ("https://localhost", True),
        ("https://192.168.1.2", False),
        ("https://generativelanguage.googleapis.com", False),
        ("", False),
    ],
)
def test_proxies_are_for_other_machines(endpoint: str, *, expected: bool) -> None:
    assert is_loopback(endpoint) is expected
    assert ("proxy" in socket_arguments(LiveOptions(api_key="k"), endpoint, TRUST)) is expected


def test_deadlines_and_bounds() -> None:
    options = LiveOptions(api_key="k", connect_timeout_s=3, close_timeout_s=0.5)
    arguments = socket_arguments(options, "https://pipit.example", TRUST)
    assert arguments["ssl"] is TRUST
    assert (arguments["open_timeout"], arguments["close_timeout"]) == (3, 0.5)
    assert arguments["max_size"] is arguments["max_queue"] is None
    assert arguments["ping_timeout"] > 30
