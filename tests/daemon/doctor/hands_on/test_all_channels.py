"""Which of a card's formats is opened."""

from __future__ import annotations

import pytest

from daemon.doctor.hands_on.all_channels import all_channels
from daemon.hearing.settings import MicrophoneSettings
from tests.daemon.doctor.room import Room


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
