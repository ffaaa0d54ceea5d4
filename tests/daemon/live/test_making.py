"""What a session is told is asked anew each time one is made."""

from __future__ import annotations

import pytest

from daemon.conversation.no_session import KeyMissing
from daemon.live.making import sessions_told
from daemon.live.settings import ToolCallSettings
from daemon.live.uplink import Uplink
from daemon.sound.preroll import AudioRing
from tests.daemon.live.telling import options_with


def test_each_session_is_told_what_is_so_when_it_is_made() -> None:
    told = [options_with(), options_with(calls=ToolCallSettings(waiting="non_blocking"))]
    make = sessions_told(lambda: told.pop(0))
    uplink = Uplink(AudioRing(1))
    assert [make(uplink, lambda _: None).waits for _ in range(2)] == [True, False]


def test_what_cannot_be_told_makes_no_session() -> None:
    def no_options() -> None:
        raise KeyMissing("there is no key", fix="get one")

    with pytest.raises(KeyMissing):
        sessions_told(no_options)(Uplink(AudioRing(1)), lambda _: None)  # type: ignore[arg-type]
