"""The mixers are stand-ins that are read and set as `hardware.sound.alsa` does it; which boards want what is real."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from daemon.hearing.levels import set_board_levels
from hardware.boards.reading import known_boards
from hardware.errors import DeviceMissing, HardwareError
from hardware.sound.mixer import Control

if TYPE_CHECKING:
    from pathlib import Path

WM8960 = "plughw:CARD=wm8960soundcard"


def cold() -> list[Control]:
    """A WM8960 as its kernel driver leaves it: switches without a side count as playback."""
    names = ("Left Output Mixer PCM", "Right Output Mixer PCM", "Left Input Mixer Boost", "Right Input Mixer Boost")
    names += ("Left Boost Mixer LINPUT1", "Right Boost Mixer RINPUT1")
    switches = [Control(name, 0, "p", None, on=False) for name in names]
    volumes = [Control(name, 0, "p", 0) for name in ("Speaker", "Headphone", "Playback")]
    return [*switches, *volumes, Control("Capture", 0, "c", 0, on=False), Control("Capture", 0, "p", 3)]


class Mixer:
    """Of one card; `stuck` are controls that stay as they are, `refused` those that ALSA refuses to set."""

    def __init__(self, *, stuck: str = "", refused: str = "", steps: int = 100) -> None:
        self.controls = cold()
        self.stuck = stuck
        self.refused = refused
        self.steps = steps
        self.set: list[str] = []

    def read(self, card: str) -> list[Control]:
        if card != "wm8960soundcard":
            raise DeviceMissing(f"the mixer of card {card} cannot be read (No such file)", fix="look with alsamixer")
        return list(self.controls)

    def set_one(self, _card: str, control: Control) -> None:
        self.set.append(control.name)
        if control.name == self.refused:
            raise HardwareError(f"{control.name} of card x cannot be set (Invalid argument)", fix="try alsamixer")
        if control.name == self.stuck:
            return
        place = next(
            index
            for index, other in enumerate(self.controls)
            if (other.name, other.stream) == (control.name, control.stream)
        )
        before = self.controls[place]
        percent = before.percent if control.percent is None else self._stepped(control.percent)
        self.controls[place] = replace(before, percent=percent, on=before.on if control.on is None else control.on)

    def _stepped(self, percent: int) -> int:
        return round(percent * self.steps / 100) * 100 // self.steps

    def named(self, name: str, stream: str = "p") -> Control:
        return next(control for control in self.controls if (control.name, control.stream) == (name, stream))


def levels_set(mixer: Mixer, tmp_path: Path, microphone: str = WM8960, speaker: str = WM8960) -> list[str]:
    config = tmp_path / "config.txt"
    config.write_text("dtoverlay=wm8960-soundcard\n")
    files = [str(tmp_path / "nowhere"), str(config)]
    return set_board_levels(
        microphone, speaker, read=mixer.read, set_one=mixer.set_one, config_files=files, proc=tmp_path / "proc"
    )


def test_a_codec_after_a_cold_start_is_set_as_its_board_file_says(tmp_path: Path) -> None:
    mixer = Mixer()
    assert levels_set(mixer, tmp_path) == []
    assert mixer.named("Speaker").percent == mixer.named("Headphone").percent == 86
    assert mixer.named("Capture", "c") == Control("Capture", 0, "c", 62, on=True)
    assert all(control.on for control in mixer.controls if control.on is not None)
    assert mixer.named("Playback").percent == 0, "what no board file names is left alone"
    assert mixer.named("Capture", "p").percent == 3, "the other direction of the same name too"


def test_every_level_of_every_board_is_for_this(tmp_path: Path) -> None:
    (board,) = (board for board in known_boards() if board.word == "wm8960")
    mixer = Mixer()
    levels_set(mixer, tmp_path)
    assert sorted(mixer.set) == sorted(level.control for level in board.mixer)


def test_what_stands_as_wanted_is_not_touched(tmp_path: Path) -> None:
    mixer = Mixer()
    levels_set(mixer, tmp_path)
    mixer.set.clear()
    assert levels_set(mixer, tmp_path) == []
    assert mixer.set == []


def test_a_control_of_few_steps_holds(tmp_path: Path) -> None:
    mixer = Mixer(steps=7)
    assert levels_set(mixer, tmp_path) == []
    assert mixer.named("Capture", "c").percent == 57, "62 % are not to be had, and this is the nearest"


def test_each_side_has_its_own_card(tmp_path: Path) -> None:
    mixer = Mixer()
    assert levels_set(mixer, tmp_path, microphone="plughw:CARD=Device") == []
    assert mixer.named("Speaker").percent == 86
    assert mixer.named("Capture", "c").on is False


def test_a_level_that_does_not_hold_is_told_and_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        told = levels_set(Mixer(stuck="Speaker"), tmp_path)
    assert len(told) == 1
    assert told[0].startswith("the speaker's Speaker (0 %) on wm8960soundcard did not stay at Speaker 86 %. Fix: ")
    assert [record.message for record in caplog.records] == told


def test_a_switch_that_falls_back_is_told(tmp_path: Path) -> None:
    (told,) = levels_set(Mixer(stuck="Left Boost Mixer LINPUT1"), tmp_path)
    assert "the microphone's Left Boost Mixer LINPUT1 (switched off) on wm8960soundcard did not stay at" in told


def test_a_control_that_the_card_has_not_is_told(tmp_path: Path) -> None:
    mixer = Mixer()
    mixer.controls = [control for control in mixer.controls if control.name != "Headphone"]
    (told,) = levels_set(mixer, tmp_path)
    assert told.startswith("the board's speaker wants Headphone 86 %, which wm8960soundcard has not. Fix: ")


def test_one_that_is_refused_hinders_none_of_the_others(tmp_path: Path) -> None:
    mixer = Mixer(refused="Speaker")
    told = levels_set(mixer, tmp_path)
    assert told[0].startswith("Speaker of card x cannot be set")
    assert mixer.named("Headphone").percent == 86


def test_a_card_that_is_not_there_does_not_keep_pipit_from_starting(tmp_path: Path) -> None:
    def read(card: str) -> list[Control]:
        return Mixer().read(f"not {card}")

    told = set_board_levels(WM8960, "default", read=read, config_files=(), proc=tmp_path)
    assert len(told) == 1
    assert told[0].startswith("the levels of the microphone could not be set: the mixer of card")


@pytest.mark.parametrize("device", ["default", "plughw:CARD=Device", "pipewire", "hw:7", ""])
def test_where_no_board_is_known_nothing_is_touched(tmp_path: Path, device: str) -> None:
    mixer = Mixer()
    assert levels_set(mixer, tmp_path, device, device) == []
    assert mixer.set == []


def test_a_card_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "proc/asound/card2").mkdir(parents=True)
    (tmp_path / "proc/asound/card2/id").write_text("wm8960soundcard\n")
    mixer = Mixer()
    assert levels_set(mixer, tmp_path, "plughw:2", "plughw:2,0") == []
    assert mixer.named("Speaker").percent == 86


def test_without_a_card_alsa_is_not_even_asked() -> None:
    """With nothing replaced, as the appliance calls it on a machine of the default settings."""
    assert set_board_levels("default", "default") == []
