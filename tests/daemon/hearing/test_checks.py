from __future__ import annotations

import pytest

from daemon.hearing.checks import warnings_of_hearing
from daemon.hearing.settings import ListeningSettings, MicrophoneSettings


@pytest.mark.parametrize(
    ("echo", "barge_in", "warned"),
    [("none", "voice", True), ("none", "word", False), ("auto", "voice", False), ("hardware", "voice", False)],
)
def test_a_voice_interrupts_only_where_the_echo_is_none(echo: str, barge_in: str, warned: bool) -> None:
    microphone = MicrophoneSettings.model_validate({"echo": echo})
    listening = ListeningSettings.model_validate({"barge_in": barge_in})
    found = [fault.path for fault in warnings_of_hearing(microphone, listening)]
    assert found == ([("listening", "barge_in")] if warned else [])
