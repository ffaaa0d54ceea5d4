"""Cards that the settings open otherwise than they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.card_formats import MICROPHONE_FORMAT, SPEAKER_FORMAT
from tests.daemon.doctor.cards import HDMI, USB, VOICEHAT, add_cards
from tests.daemon.doctor.machine import GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine

WAY = "  Interface 2\n    Altset {0}\n    Format: {1}\n    Channels: {2}\n    Rates: {3}\n"


def usb_card(
    machine: Machine, *heard: tuple[str, int, str], said: tuple[str, int, str] = ("S16_LE", 2, "48000")
) -> None:
    add_cards(machine, HDMI, USB)
    machine.file("/proc/asound/card1/usbid", "0d8c:013c\n")
    ways = "".join(WAY.format(number, *way) for number, way in enumerate(heard, 1))
    text = f"USB PnP at usb-x : USB Audio\n\nPlayback:\n  Status: Stop\n{WAY.format(1, *said)}\nCapture:\n{ways}"
    machine.file("/proc/asound/card1/stream0", text)


def use(machine: Machine, more: str = "", speaker: str = "rate_hz = 48000", device: str = "plughw:CARD=Device") -> None:
    text = f'[microphone]\ndevice = "{device}"\n{more}\n[speaker]\ndevice = "{device}"\n{speaker}\n'
    machine.settings(text)


@pytest.mark.parametrize(
    ("way", "settings", "told", "fix"),
    [
        (("S16_LE", 1, "44100"), "", "has no 16000 Hz", "set rate_hz = 44100 under [microphone]"),
        (("S16_LE", 1, "44100, 48000"), "", "has no 16000 Hz", "rate_hz = 48000"),
        (("S16_LE", 1, "8000, 11025"), "", "has no 16000 Hz", "rate_hz = 11025"),
        (
            ("S16_LE", 6, "16000"),
            "",
            "has 6 channels, of which ALSA would make 1",
            "set channels = 6, channel = 0",
        ),
        (("S24_3LE", 1, "16000"), "gain_db = 20", "has more than 16 bits", 'set sample_format = "S24_3LE" under'),
    ],
)
def test_what_is_lost(machine: Machine, way: tuple[str, int, str], settings: str, told: str, fix: str) -> None:
    usb_card(machine, way)
    use(machine, settings)
    finding = machine.finding(MICROPHONE_FORMAT)
    assert_finding(finding, WARNING, told)
    assert fix in finding.fix


@pytest.mark.parametrize(
    ("way", "settings"),
    [
        (("S16_LE", 1, "16000, 48000"), ""),
        (("S16_LE", 1, "8000 - 48000 (continuous)"), ""),
        (("S24_3LE", 1, "48000"), 'rate_hz = 48000\nsample_format = "S24_3LE"\ngain_db = 20'),
        (("S24_3LE", 1, "16000"), "gain_db = 3"),
        (("S16_LE", 6, "16000"), "channels = 6"),
    ],
)
def test_what_is_opened_as_it_is(machine: Machine, way: tuple[str, int, str], settings: str) -> None:
    usb_card(machine, way)
    use(machine, settings)
    assert_finding(machine.finding(MICROPHONE_FORMAT), GOOD, "microphone Device is opened as it is")


def test_a_speaker_of_another_rate(machine: Machine) -> None:
    usb_card(machine, ("S16_LE", 1, "16000"), said=("S16_LE", 2, "44100, 48000"))
    use(machine, speaker="rate_hz = 24000")
    finding = machine.finding(SPEAKER_FORMAT)
    assert_finding(finding, WARNING, "the speaker: Device has no 24000 Hz")
    assert "set rate_hz = 48000 under [speaker]" in finding.fix
    use(machine)
    assert_finding(machine.finding(SPEAKER_FORMAT), GOOD, "speaker Device")


def test_a_board_is_opened_as_its_file_wants_it(machine: Machine) -> None:
    add_cards(machine, HDMI, VOICEHAT)
    use(machine, "gain_db = 10", device="plughw:CARD=sndrpigooglevoi")
    finding = machine.finding(MICROPHONE_FORMAT)
    assert_finding(finding, WARNING, "the board voicehat has other rate_hz and channels and sample_format")
    assert 'set rate_hz = 48000, channels = 2, sample_format = "S32_LE", gain_db = 30 under' in finding.fix
    use(
        machine,
        'rate_hz = 48000\nchannels = 2\nsample_format = "S32_LE"\ngain_db = 10',
        device="plughw:CARD=sndrpigooglevoi",
    )
    assert_finding(machine.finding(MICROPHONE_FORMAT), GOOD, "as the board voicehat wants it")


def test_of_what_nobody_knows_nothing_is_said(machine: Machine) -> None:
    add_cards(machine, HDMI, USB)
    use(machine)
    assert_finding(machine.finding(MICROPHONE_FORMAT), SKIPPED, "does not say what Device")
    machine.settings('[microphone]\ndevice = "pipewire"\n')
    assert_finding(machine.finding(MICROPHONE_FORMAT), SKIPPED, "no card that is known here")
