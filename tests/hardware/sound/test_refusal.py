import errno
import os

import pytest

from hardware.base import PcmFormat
from hardware.errors import DeviceBusy, DeviceMissing, FormatRefused, HardwareError
from hardware.sound.refusal import MICROPHONE, SPEAKER, Attempt, check_negotiated, refusal, usable_names

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)
ATTEMPT = Attempt(MICROPHONE, "hw:CARD=Mic", FORMAT)
GIVEN = {"rate": 16_000, "channels": 1, "format_name": "S16_LE", "period_size": 320}


def answer(code: int) -> str:
    return f"{os.strerror(code)} [hw:CARD=Mic]"


def told(code: int, attempt: Attempt = ATTEMPT, devices: tuple[str, ...] = (), by: str | None = None) -> HardwareError:
    return refusal(attempt, answer(code), devices, by)


@pytest.mark.parametrize("code", [errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ECONNREFUSED, errno.EHOSTDOWN])
def test_a_card_that_is_not_there_names_those_that_are(code):
    error = told(code, devices=("default", "plughw:CARD=Device,DEV=0"))
    assert type(error) is DeviceMissing
    assert error.message == "there is no microphone 'hw:CARD=Mic'"
    assert error.fix == "plug it in, or set device under [microphone] to one of: default, plughw:CARD=Device,DEV=0"


def test_a_machine_without_cards():
    assert told(errno.ENOENT).fix == "plug a sound card in; none that is plugged in can be a microphone"


def test_a_busy_card_names_its_holder():
    error = told(errno.EBUSY, by="pipewire (process 812)")
    assert type(error) is DeviceBusy
    assert error.message == "microphone 'hw:CARD=Mic' is in use by pipewire (process 812)"
    assert "in use by another program" in told(errno.EBUSY).message


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM])
def test_no_permission_names_the_group(code):
    assert "usermod -aG audio" in told(code).fix


def test_a_format_that_is_refused_is_named():
    error = told(errno.EINVAL, Attempt(SPEAKER, "hw:Amp,0", PcmFormat(rate_hz=24_000, channels=2, period_frames=480)))
    assert type(error) is FormatRefused
    assert error.message == "speaker 'hw:Amp,0' does not offer 24000 Hz, 2 channels, S16_LE"
    assert error.fix == "have ALSA convert by device = 'plughw:Amp,0' under [speaker]"


@pytest.mark.parametrize(
    ("device", "fix"),
    [
        ("plughw:CARD=vc4hdmi0", "have ALSA convert by device = 'sysdefault:CARD=vc4hdmi0' under [speaker]"),
        ("hw:vc4hdmi1,0", "have ALSA convert by device = 'sysdefault:CARD=vc4hdmi1' under [speaker]"),
        ("plughw:CARD=Device", "set rate_hz = 48000 and channels = 2 under [speaker], which nearly every card has"),
        (
            "sysdefault:CARD=vc4hdmi0",
            "set rate_hz = 48000 and channels = 2 under [speaker], which nearly every card has",
        ),
        ("default", "have ALSA convert by device = 'plughw:CARD=… of that card' under [speaker]"),
    ],
)
def test_what_is_advised_is_not_what_was_done_already(device, fix):
    assert told(errno.EINVAL, Attempt(SPEAKER, device, FORMAT)).fix == fix


def test_names_to_choose_from_are_those_that_play():
    names = ["null", "default", "hw:CARD=Device,DEV=0", "plughw:CARD=Device,DEV=0", "sysdefault:CARD=Device"]
    names += ["hw:CARD=vc4hdmi0,DEV=0", "plughw:CARD=vc4hdmi0,DEV=0", "sysdefault:CARD=vc4hdmi0", "pulse"]
    wanted = ["default", "plughw:CARD=Device,DEV=0", "sysdefault:CARD=vc4hdmi0", "pulse"]
    assert usable_names(names) == wanted


def test_any_other_answer_is_passed_on():
    error = told(errno.EIO)
    assert type(error) is HardwareError
    assert "Input/output error" in error.message


def test_what_was_asked_for_is_no_fault():
    check_negotiated(ATTEMPT, GIVEN)
    check_negotiated(ATTEMPT, GIVEN | {"period_size": 256})


@pytest.mark.parametrize(
    ("given", "message", "fix"),
    [
        ({"rate": 48_000}, "gave 48000 Hz where 16000 Hz were asked for", "set rate_hz = 48000 under [microphone]"),
        ({"channels": 2}, "gave 2 channels where 1 were asked for", "set channels = 2 under [microphone]"),
        ({"format_name": "S32_LE"}, "gave S32_LE where S16_LE was asked for", "device = 'plughw:CARD=Mic'"),
        ({"format_name": "S24_3LE"}, "gave S24_3LE where", 'set sample_format = "S24_3LE" under [microphone], or have'),
        ({"format_name": "U8"}, "gave U8 where S16_LE was asked for", "have ALSA convert"),
    ],
)
def test_what_the_card_gave_and_what_was_asked_are_both_named(given, message, fix):
    with pytest.raises(FormatRefused) as caught:
        check_negotiated(ATTEMPT, GIVEN | given)
    assert message in caught.value.message
    assert fix in caught.value.fix
