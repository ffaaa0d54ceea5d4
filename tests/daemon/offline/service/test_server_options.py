"""Options that could never be kept are refused where they are made."""

import math

import pytest

from daemon.offline.service.server_options import Delivery, Limits, ServerOptions


def test_the_limits_are_the_services_unless_told_otherwise() -> None:
    limits = ServerOptions().limits
    assert (limits.connection_s, limits.go_away_s) == (600, 60)
    assert (limits.session_s, limits.video_session_s, limits.handle_s) == (900, 120, 7_200)
    assert limits.sessions is None


@pytest.mark.parametrize("seconds", [-1, math.inf, math.nan])
@pytest.mark.parametrize("name", ["connection_s", "go_away_s", "session_s", "video_session_s", "handle_s"])
def test_lengths_of_time(name: str, seconds: float) -> None:
    with pytest.raises(ValueError, match=f"{name} = .* is no length of time"):
        Limits(**{name: seconds})


@pytest.mark.parametrize("name", ["sessions", "context_tokens"])
def test_room_for_nothing(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} = 0 leaves no room"):
        Limits(**{name: 0})


def test_pieces_of_sound() -> None:
    with pytest.raises(ValueError, match="chunk_ms = 0 leaves no sound"):
        Delivery(chunk_ms=0)
    with pytest.raises(ValueError, match="lead_ms = -1 would send sound after it was heard"):
        Delivery(lead_ms=-1)
