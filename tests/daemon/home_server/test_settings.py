"""The tables of the home server: bounds, and what does not go together."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from daemon.home_server.settings import HomeServerSettings


def test_by_itself_it_listens_to_this_machine_and_sends_nothing_out() -> None:
    settings = HomeServerSettings()
    assert (settings.brain, settings.host) == ("local", "127.0.0.1")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"brain": "cloud"}, "brain"),
        ({"brain": "openai"}, "needs an address"),
        ({"openai": {"url": "ftp://host"}}, "must be an http"),
        ({"openai": {"url": "http://user:word@host/v1"}}, "must be an http"),
        ({"openai": {"model": "two words"}}, "model"),
        ({"openai": {"rounds": 0}}, "rounds"),
        ({"openai": {"key_file": "relative"}}, "absolute"),
        ({"host": "a..b"}, "must be the name"),
        ({"names": ["a/b"]}, "names"),
        ({"port": 0}, "port"),
        ({"sessions": 0}, "sessions"),
        ({"sessions": 201}, "sessions"),
        ({"device_sessions": 21}, "device_sessions"),
        ({"message_kb": 63}, "message_kb"),
        ({"reach_s": 0.1}, "reach_s"),
        ({"patience_s": 121}, "patience_s"),
        ({"models": ["models/x"]}, "models"),
        ({"certificate": "relative.pem"}, "certificate"),
        ({"connections": 1_001}, "connections"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        HomeServerSettings.model_validate(given)


def test_an_address_loses_its_last_slash() -> None:
    given = {"brain": "openai", "openai": {"url": "http://127.0.0.1:11434/v1/"}}
    assert HomeServerSettings.model_validate(given).openai.url == "http://127.0.0.1:11434/v1"
