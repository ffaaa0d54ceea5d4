"""For how long a microphone is listened to."""

from __future__ import annotations

import asyncio

import pytest

from daemon.errors import HardwareError
from daemon.hearing.periods import SILENT_S, periods_of
from hardware.base import PcmFormat
from hardware.fake import Pace, WavMicrophone
from tests.daemon.doctor.virtual_time import run_in_virtual_time

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)


async def test_as_much_audio_as_was_asked_for() -> None:
    microphone = WavMicrophone(bytes(32_000), FORMAT, pace=Pace.CONSUMER, then_silence=True)
    periods = [period async for period in periods_of(microphone, 0.5)]
    assert len(periods) == 25


def test_a_card_that_says_nothing_is_given_up_after_its_time() -> None:
    async def listen() -> float:
        microphone = WavMicrophone(b"", FORMAT, then_silence=True)
        microphone.unplug()
        with pytest.raises(HardwareError, match="delivers no audio"):
            async for _ in periods_of(microphone, 1):
                pass
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(listen()) == pytest.approx(SILENT_S)
