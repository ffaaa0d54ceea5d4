"""Which of a card's formats is opened, and for how long it is listened to."""

from __future__ import annotations

import asyncio

import pytest

from daemon.doctor.hands_on.all_channels import SILENT_S, all_channels, periods_of
from daemon.errors import HardwareError
from daemon.hearing.settings import MicrophoneSettings
from hardware.base import PcmFormat
from hardware.fake import Pace, WavMicrophone
from tests.daemon.doctor.room import Room
from tests.daemon.doctor.virtual_time import run_in_virtual_time

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)


async def opened(room: Room, settings: MicrophoneSettings) -> MicrophoneSettings:
    async with all_channels(settings, room.drivers):
        return room.opened[-1]


async def test_the_most_channels_first_then_the_rate_of_the_settings() -> None:
    room = Room(offers=lambda wanted: wanted.channels in (2, 4) and wanted.sample_format == "S16_LE")
    found = await opened(room, MicrophoneSettings(device="hw:CARD=eye,DEV=0", rate_hz=44_100))
    assert (found.device, found.channels, found.rate_hz, found.sample_format) == (
        "hw:CARD=eye,DEV=0",
        4,
        44_100,
        "S16_LE",
    )


@pytest.mark.parametrize("device", ["default", "pulse", "dsnoop:CARD=mic", "hw"])
async def test_names_that_are_no_card_are_opened_as_they_are(device: str) -> None:
    room = Room()
    await opened(room, MicrophoneSettings(device=device))
    assert [wanted.device for wanted in room.opened] == [device]


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
