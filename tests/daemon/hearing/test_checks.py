"""What is allowed and may be a mistake."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.hearing.checks import warnings_of_hearing
from daemon.hearing.return_loss import FIXES, NOT_MEASURED, OF_OTHERS, MeasuredWith
from daemon.hearing.settings import ListeningSettings, MicrophoneSettings
from tests.daemon.hearing.test_return_loss import ENOUGH


@pytest.mark.parametrize(
    ("echo", "barge_in", "warned"),
    [("none", "voice", True), ("none", "word", False), ("auto", "voice", False), ("hardware", "voice", False)],
)
def test_a_voice_interrupts_only_where_the_echo_is_none(echo: str, barge_in: str, warned: bool) -> None:
    microphone = MicrophoneSettings.model_validate({"echo": echo})
    listening = ListeningSettings.model_validate({"barge_in": barge_in})
    measured = replace(ENOUGH, by=MeasuredWith.of(microphone, "box"))
    found = [fault.path for fault in warnings_of_hearing(microphone, listening, "box", measured)]
    assert found == ([("listening", "barge_in")] if warned else [])


def test_and_only_where_that_was_measured_with_these_cards() -> None:
    listening = ListeningSettings(barge_in="voice")
    for measured, why in ((None, NOT_MEASURED), (ENOUGH, OF_OTHERS)):
        (fault,) = warnings_of_hearing(MicrophoneSettings(), listening, "box", measured)
        assert (fault.what, fault.fix) == (why, FIXES[why])
    assert not list(warnings_of_hearing(MicrophoneSettings(), ListeningSettings(), "box", None))
