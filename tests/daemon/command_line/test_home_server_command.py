"""`--listen`: when the home server is meant, and where it listens."""

from __future__ import annotations

from argparse import ArgumentParser

import pytest

from daemon.command_line.home_server_command import _listening, is_meant
from daemon.command_line.words import add_live_server
from daemon.errors import UsageError
from daemon.home_server.settings import HomeServerSettings


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ([], False),
        (["--port", "0"], False),
        (["--listen"], True),
        (["--listen", "a:1"], True),
        (["add-device", "hall"], True),
        (["devices"], True),
    ],
)
def test_without_listen_it_is_the_offline_server(words: list[str], meant: bool) -> None:
    parser = ArgumentParser()
    add_live_server(parser)
    assert is_meant(parser.parse_args(words)) is meant


@pytest.mark.parametrize(
    ("said", "host", "port"),
    [("", "home.local", 8445), ("192.168.1.5:1", "192.168.1.5", 1), ("[::1]:0", "::1", 0), ("::1:9", "::1", 9)],
)
def test_the_command_line_outranks_the_settings(said: str, host: str, port: int) -> None:
    home = _listening(HomeServerSettings(host="home.local"), said)
    assert (home.host, home.port) == (host, port)


@pytest.mark.parametrize(
    "said", ["8445", ":8445", "a:", "a:x", "a:65536", "a b:1", "a:-1", "[::1]", "a:" + "9" * 5_000]
)
def test_what_is_no_address_is_told(said: str) -> None:
    with pytest.raises(UsageError, match="--listen"):
        _listening(HomeServerSettings(), said)
