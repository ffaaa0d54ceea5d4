from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.chosen_cards import MICROPHONE, SPEAKER
from daemon.doctor.checks.mixer_levels import MIXER, examine_mixer, mend_mixer, silent_controls
from daemon.errors import DeviceMissing, PipitError
from daemon.machine.check import examine_one
from hardware.sound.mixer import AUDIBLE_PERCENT, Control
from tests.daemon.doctor.cards import HDMI, USB, add_cards
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding

if TYPE_CHECKING:
    from daemon.machine.finding import Finding
    from tests.daemon.doctor.machine import Machine

SPEAKER_ON = Control("Speaker", 0, "p", 70, on=True)
MIC_ON = Control("Mic", 0, "c", 60, on=True)
SIDETONE_OFF = Control("Mic", 0, "p", 0, on=False)
"""What a USB headset has: the microphone heard in the headphones. Off is right."""


class Mixers:
    """The mixers of a machine: read as `hardware.sound.alsa` reads them, and set."""

    def __init__(self, **cards: list[Control]) -> None:
        self.cards = cards

    def read(self, card: str) -> list[Control]:
        if card not in self.cards:
            raise DeviceMissing(f"the mixer of card {card} cannot be read (No such file or directory)", fix="none")
        return self.cards[card]

    def set(self, card: str, control: Control) -> None:
        same = [other for other in self.cards[card] if (other.name, other.stream) == (control.name, control.stream)]
        self.cards[card][self.cards[card].index(same[0])] = control


@pytest.fixture
def one_card(machine: Machine) -> Machine:
    add_cards(machine, HDMI, USB)
    machine.settings('[microphone]\ndevice = "plughw:CARD=Device"\n[speaker]\ndevice = "plughw:CARD=Device"\n')
    return machine


def found(machine: Machine, *controls: Control) -> Finding:
    return examine_mixer(machine.site(), Mixers(Device=list(controls)).read)


def test_a_mixer_that_lets_sound_through(one_card: Machine) -> None:
    assert_finding(found(one_card, SPEAKER_ON, MIC_ON, SIDETONE_OFF), GOOD, "Device")


@pytest.mark.parametrize(
    ("controls", "words"),
    [
        ([Control("Speaker", 0, "p", 70, on=False), MIC_ON], "the speaker's Speaker (switched off) on Device"),
        ([Control("Speaker", 0, "p", 0, on=True), MIC_ON], "the speaker's Speaker (0 %) on Device"),
        ([SPEAKER_ON, Control("Mic", 0, "c", 0)], "the microphone's Mic (0 %) on Device"),
        ([SPEAKER_ON, Control("Capture", 1, "c", 50, on=False), MIC_ON], "Capture,1 (switched off)"),
        ([SPEAKER_ON, Control("Master", 0, "p", 0)], "Master (0 %)"),
        ([SPEAKER_ON, Control("PCM", 0, "p", 0), MIC_ON], "PCM (0 %)"),
    ],
)
def test_what_keeps_sound_back(one_card: Machine, controls: list[Control], words: str) -> None:
    finding = found(one_card, *controls)
    assert_finding(finding, BAD, words)
    assert "--fix" in finding.fix


def test_of_what_lies_side_by_side_one_is_enough() -> None:
    headphone_off = Control("Headphone", 0, "p", 0, on=False)
    assert silent_controls([SPEAKER_ON, headphone_off], SPEAKER) == []
    speaker_off = Control("Speaker", 0, "p", 0, on=False)
    assert silent_controls([speaker_off, headphone_off], SPEAKER) == [speaker_off, headphone_off]


def test_a_codec_that_leads_nothing_to_its_mixers_after_a_cold_start() -> None:
    """A WM8960, as the kernel names its switches."""
    loud = [Control("Speaker", 0, "p", 85), Control("Playback", 0, "p", 100), Control("Capture", 0, "c", 62, on=True)]
    to_speaker = [Control(f"{half} Output Mixer PCM", 0, "p", on=False) for half in ("Left", "Right")]
    bypass = Control("Left Output Mixer LINPUT3", 0, "p", 0, on=False)
    from_microphone = Control("Left Input Mixer Boost", 0, "p", on=False)
    controls = [*loud, *to_speaker, bypass, from_microphone]
    assert silent_controls(controls, SPEAKER) == to_speaker
    assert silent_controls(controls, MICROPHONE) == [from_microphone]


def test_a_boost_of_nothing_is_right() -> None:
    assert silent_controls([Control("Mic Boost", 0, "c", 0)], MICROPHONE) == []


def test_very_low_is_a_warning(one_card: Machine) -> None:
    assert_finding(found(one_card, Control("PCM", 0, "p", 7), MIC_ON), WARNING, "PCM (7 %)")


def test_what_is_silent_is_turned_up_and_the_rest_left_alone(one_card: Machine) -> None:
    mixers = Mixers(
        Device=[Control("Speaker", 0, "p", 0, on=False), Control("Mic", 0, "c", 33, on=False), SIDETONE_OFF]
    )
    told = mend_mixer(one_card.site(), mixers.read, mixers.set)
    assert "Speaker (switched off) on Device" in told, "so that it can be undone"
    assert mixers.cards["Device"] == [
        Control("Speaker", 0, "p", AUDIBLE_PERCENT, on=True),
        Control("Mic", 0, "c", 33, on=True),
        SIDETONE_OFF,
    ]
    assert_finding(examine_mixer(one_card.site(), mixers.read), GOOD)


def test_what_is_only_low_is_not_turned_up(one_card: Machine) -> None:
    mixers = Mixers(Device=[Control("PCM", 0, "p", 7)])
    with pytest.raises(PipitError, match="only what is silent"):
        mend_mixer(one_card.site(), mixers.read, mixers.set)


def test_a_card_without_a_mixer(one_card: Machine) -> None:
    """Such as an I2S amplifier that has no register to turn."""
    with pytest.raises(PipitError, match="Device has no mixer for the microphone; Device has no mixer for the speaker"):
        examine_mixer(one_card.site(), Mixers(Device=[]).read)


def test_here_with_the_real_library(one_card: Machine) -> None:
    """Whose answer for a card that this machine does not have is no fault of Pipit's."""
    add = examine_one(MIXER, one_card.site())
    assert_finding(add, SKIPPED, "the mixer of card Device cannot be read")
