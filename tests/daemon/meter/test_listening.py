"""Listening for its own sake, to a microphone and to a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from daemon.errors import DeviceBusy
from daemon.hearing.making import microphone_format
from daemon.hearing.settings import MicrophoneSettings
from daemon.meter.hearing_meter import HearingMeter
from daemon.meter.listening import KEPT, Heard, listen_live, listen_to_file
from daemon.sound.wav import write_wav
from hardware.fake import Pace, WavMicrophone
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal
from tests.daemon.meter.moments import moment
from tests.daemon.meter.test_hearing_meter import Ears, Voices
from tests.daemon.wake.signals import room_noise

if TYPE_CHECKING:
    from pathlib import Path

    from hardware.base import Microphone


def heard_by(**options: Any) -> tuple[Heard, ScriptedTerminal]:
    screen = ScriptedTerminal()
    return Heard(screen, **options), screen


def microphone(settings: MicrophoneSettings) -> Microphone:
    loud = np.full(16_000, 1_000, np.int16)
    return WavMicrophone(loud, microphone_format(settings), pace=Pace.CONSUMER, then_silence=True)


async def test_the_microphone_as_the_settings_have_it_for_so_long() -> None:
    heard, screen = heard_by(also="echo         20 dB")
    ears = HearingMeter(Ears(0.1, 1.0), Voices())
    await listen_live(MicrophoneSettings(gain_db=6), ears, heard, 0.4, microphone)
    heard.conclude()
    assert len(screen.shown) == 5
    assert all(line.startswith(" -24 |#") for line in screen.shown), "1000 of 32768, and 6 dB"
    assert screen.said[0] == "0.2 s: alexa"
    assert "best score   1.00 at 0.2 s" in screen.said
    assert screen.said[-1] == "echo         20 dB"


async def test_a_microphone_that_the_service_holds() -> None:
    def busy(_: MicrophoneSettings) -> Microphone:
        raise DeviceBusy("microphone 'default' is in use by pipit", fix="stop that program")

    heard, screen = heard_by()
    with pytest.raises(DeviceBusy, match="the service holds it") as told:
        await listen_live(MicrophoneSettings(), HearingMeter(Ears(), Voices()), heard, 1, busy)
    assert "systemctl stop pipit" in told.value.fix
    heard.conclude()
    assert screen.said == []


def test_a_file_is_heard_by_ears_that_are_awake(tmp_path: Path) -> None:
    path = tmp_path / "room.wav"
    write_wav(path, room_noise(2), 16_000)
    heard, screen = heard_by(each_second=True)
    ears = Ears()
    listen_to_file(path, HearingMeter(ears, Voices()), heard)
    assert ears.heard[0][1] == 0
    assert ears.heard[1][1] > 32_000
    assert [line[:7] for line in screen.said] == ["    1 s", "    2 s"]


def test_only_a_minute_is_kept_but_all_is_counted() -> None:
    heard, screen = heard_by()
    for n in range(KEPT + 10):
        heard.take(moment(at_s=0.08 * n, clipped=1, zero=True))
    assert len(heard.minute) == 750
    assert screen.shown[-1].endswith("clip 760 zero 61s")
