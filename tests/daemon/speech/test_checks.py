"""A bare HDMI device takes no sound as it is, and the one that does is named."""

from __future__ import annotations

import pytest

from daemon.speech.checks import warnings_of_speaker
from daemon.speech.settings import SpeakerSettings


@pytest.mark.parametrize("device", ["hw:CARD=vc4hdmi0", "plughw:CARD=vc4hdmi0"])
def test_bare_hdmi_is_told_with_a_device_that_plays(device: str) -> None:
    (fault,) = warnings_of_speaker(SpeakerSettings(device=device))
    assert fault.path == ("speaker", "device")
    assert device in fault.what
    named = fault.fix.split('"')[1]
    assert list(warnings_of_speaker(SpeakerSettings(device=named))) == []


@pytest.mark.parametrize("device", ["default", "plughw:CARD=sndrpigooglevoi", "hdmi:CARD=vc4hdmi0,DEV=0"])
def test_what_may_well_play_is_not_warned_of(device: str) -> None:
    assert list(warnings_of_speaker(SpeakerSettings(device=device))) == []
