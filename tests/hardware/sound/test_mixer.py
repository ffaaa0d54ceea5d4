"""What a mixer says, read by a stand-in for pyalsaaudio's Mixer; whether ALSA agrees, a machine with a card shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import alsaaudio
import pytest

from hardware.errors import DeviceMissing, HardwareError
from hardware.sound.alsa import mixer_controls, set_control
from hardware.sound.mixer import AUDIBLE_PERCENT, Control, read_element, set_element

if TYPE_CHECKING:
    from hardware.sound.holder import Stream

PCM_TYPES: dict[Stream, int] = {"c": alsaaudio.PCM_CAPTURE, "p": alsaaudio.PCM_PLAYBACK}


@dataclass
class Element:
    """One simple mixer element in pyalsaaudio 0.11's ways."""

    volumes: list[str]
    switches: list[str]
    playback: list[int] = field(default_factory=list)
    capture: list[int] = field(default_factory=list)
    mute: list[int] = field(default_factory=list)
    rec: list[int] = field(default_factory=list)

    def volumecap(self) -> list[str]:
        return self.volumes

    def switchcap(self) -> list[str]:
        return self.switches

    def getvolume(self, *, pcmtype: int) -> list[int]:
        return self.playback if pcmtype == alsaaudio.PCM_PLAYBACK else self.capture

    def getmute(self) -> list[int]:
        if not any("Capture" not in switch for switch in self.switches):
            raise alsaaudio.ALSAAudioError("Mixer Mic has no playback switch capabilities")
        return self.mute

    def getrec(self) -> list[int]:
        if not any("Capture" in switch for switch in self.switches):
            raise alsaaudio.ALSAAudioError("Mixer PCM has no capture switch capabilities")
        return self.rec

    def setvolume(self, percent: int, *, pcmtype: int) -> None:
        channels = self.playback if pcmtype == alsaaudio.PCM_PLAYBACK else self.capture
        channels[:] = [percent] * len(channels)

    def setmute(self, muted: bool) -> None:
        self.mute[:] = [int(muted)] * len(self.mute)

    def setrec(self, on: bool) -> None:
        self.rec[:] = [int(on)] * len(self.rec)


def headset_mic() -> Element:
    """Both a microphone and its sidetone, as USB headsets have it."""
    volumes, switches = ["Playback Volume", "Joined Capture Volume"], ["Playback Mute", "Joined Capture Mute"]
    return Element(volumes, switches, playback=[40, 45], capture=[60], mute=[1, 1], rec=[1])


def test_both_directions_of_an_element() -> None:
    assert read_element(headset_mic(), "Mic", 0, PCM_TYPES) == [
        Control("Mic", 0, "c", percent=60, on=True),
        Control("Mic", 0, "p", percent=45, on=False),
    ]


@pytest.mark.parametrize(
    ("element", "controls"),
    [
        (Element(["Playback Volume"], [], playback=[0, 0]), [Control("PCM", 1, "p", percent=0)]),
        (Element([], ["Playback Mute"], mute=[0, 1]), [Control("PCM", 1, "p", on=True)]),
        (Element(["Volume"], ["Joined Mute"], playback=[9], mute=[0]), [Control("PCM", 1, "p", percent=9, on=True)]),
        (Element([], []), []),
    ],
    ids=["volume alone", "switch alone", "common to both", "an enumeration"],
)
def test_what_an_element_has_not_is_not_asked(element: Element, controls: list[Control]) -> None:
    assert read_element(element, "PCM", 1, PCM_TYPES) == controls


def test_setting_touches_one_direction() -> None:
    element = headset_mic()
    set_element(element, Control("Mic", 0, "c", percent=70, on=False), PCM_TYPES)
    assert (element.capture, element.rec, element.playback, element.mute) == ([70], [0], [40, 45], [1, 1])
    set_element(element, Control("Mic", 0, "p", percent=None, on=True), PCM_TYPES)
    assert (element.playback, element.mute) == ([40, 45], [0, 0])


@pytest.mark.parametrize(
    ("control", "silent", "percent"),
    [
        (Control("PCM", 0, "p", 0), True, AUDIBLE_PERCENT),
        (Control("PCM", 0, "p", 33, on=False), True, 33),
        (Control("PCM", 0, "p", 33, on=True), False, 33),
        (Control("PCM", 0, "p", None, on=False), True, None),
    ],
)
def test_silent_is_made_audible(control: Control, *, silent: bool, percent: int | None) -> None:
    assert control.silent is silent
    audible = control.made_audible()
    assert not audible.silent
    assert audible.percent == percent


def test_a_card_that_is_not_there() -> None:
    with pytest.raises(DeviceMissing, match="the mixer of card nowhere cannot be read"):
        mixer_controls("nowhere")
    with pytest.raises(HardwareError, match="PCM of card nowhere cannot be set"):
        set_control("nowhere", Control("PCM", 0, "p", 70))
