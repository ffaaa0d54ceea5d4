"""What the hands-on checks open on a real machine, as far as that can be told without one."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from daemon.controls.settings import GpioSettings
from daemon.doctor.hands_on.drivers import REAL
from daemon.hearing.settings import MicrophoneSettings
from daemon.machine.finding import Finding, good
from daemon.speech.settings import SpeakerSettings
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker


def test_sound_cards_are_opened_in_the_format_of_the_settings() -> None:
    microphone = REAL.microphone(MicrophoneSettings(rate_hz=48_000, channels=2, sample_format="S32_LE"))
    assert isinstance(microphone, AlsaMicrophone)
    assert (microphone.format.rate_hz, microphone.format.channels) == (48_000, 2)
    speaker = REAL.speaker(SpeakerSettings(rate_hz=48_000))
    assert isinstance(speaker(None), AlsaSpeaker)  # type: ignore[arg-type]  # nothing is played


def test_mock_pins_where_the_settings_say_so() -> None:
    with closing(REAL.pins(GpioSettings(factory="mock"))) as pins:
        assert pins.pin(17).info.name == "GPIO17"


def test_each_check_has_a_loop_of_its_own() -> None:
    loops = []

    async def check() -> Finding:
        loops.append(asyncio.get_running_loop())
        return good("it ran")

    assert REAL.run(check()) == REAL.run(check())
    assert loops[0] is not loops[1]
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
