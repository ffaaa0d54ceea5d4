"""The microphone's level, asked of a shipped microphone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.doctor.hands_on.microphone import bar, meter_line
from daemon.machine.finding import Finding, Verdict
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal

if TYPE_CHECKING:
    from daemon.hearing.settings import MicrophoneSettings


def examined(room: Room, terminal: ScriptedTerminal | None = None, **microphone: object) -> Finding:
    check = next(check for check in hands_on(room.drivers) if check.name == "microphone-level")
    return check.run(Patient(settings=settings(microphone=microphone)), terminal or ScriptedTerminal())


def a_voice(peak: float, slots: tuple[bool, ...] = (True,)) -> object:
    """3 s of a room, then 6 s of a voice, in those slots of the card that are True."""

    def heard(wanted: MicrophoneSettings) -> bytes:
        rate = wanted.rate_hz
        quiet = np.random.default_rng(1).normal(0, 1e-4, 3 * rate)
        voice = peak * np.sin(2 * np.pi * 300 * np.arange(6 * rate) / rate)
        mono = np.concatenate((quiet, voice))
        used = (slots * 8)[: wanted.channels]
        frames = np.stack([mono * on for on in used], axis=1)
        wide = wanted.sample_format == "S32_LE"
        return (frames * (2**31 if wide else 2**15) * 0.999).astype("<i4" if wide else "<i2").tobytes()

    return heard


def test_a_good_voice_and_a_meter_that_moved() -> None:
    terminal = ScriptedTerminal()
    finding = examined(Room(heard=a_voice(0.1)), terminal)
    assert finding.verdict is Verdict.GOOD
    assert len(terminal.shown) > 300
    assert terminal.shown[0].count("#") < terminal.shown[-1].count("#")


def test_the_card_is_opened_with_all_its_channels() -> None:
    room = Room(
        heard=a_voice(0.01, (False, True)),
        offers=lambda wanted: (wanted.channels, wanted.rate_hz, wanted.sample_format) == (2, 48_000, "S32_LE"),
    )
    finding = examined(room, device="plughw:CARD=mic", rate_hz=16_000)
    assert [(opened.device, opened.channels) for opened in room.opened] == [("hw:CARD=mic", 2)]
    assert finding.fix == "set channels = 2 and channel = 1 under [microphone]"


def test_a_card_that_offers_no_more_is_opened_as_the_settings_say() -> None:
    room = Room(heard=a_voice(0.1), offers=lambda wanted: wanted.channels == 1)
    assert examined(room, device="plughw:CARD=mic").verdict is Verdict.GOOD
    assert [opened.device for opened in room.opened] == ["plughw:CARD=mic"]


def test_a_sound_server_is_not_asked_for_channels_it_would_make_up() -> None:
    room = Room(heard=a_voice(0.1))
    examined(room, device="default")
    assert [opened.channels for opened in room.opened] == [1]


def test_a_card_that_cannot_be_opened_is_a_finding() -> None:
    finding = examined(Room(offers=lambda _: False))
    assert (finding.verdict, finding.fix) == (Verdict.BAD, "ask for something else")


def test_a_microphone_that_ends_is_a_fault() -> None:
    finding = examined(Room(heard=lambda wanted: bytes(wanted.rate_hz * 2), endless=False))
    assert finding.verdict is Verdict.BAD
    assert "delivers no audio" in finding.sentence


def test_a_card_that_is_open_and_silent_for_ever_ends_at_a_deadline() -> None:
    finding = examined(Room(unplugged=True))
    assert "delivers no audio" in finding.sentence


def test_a_card_with_fewer_channels_of_its_own_is_opened_as_the_settings_say() -> None:
    room = Room(heard=a_voice(0.1), offers=lambda wanted: wanted.channels == 2 or wanted.device.startswith("plug"))
    examined(room, device="plughw:CARD=mic", channels=4)
    assert [opened.channels for opened in room.opened] == [4]


def test_a_muted_speakerphone() -> None:
    assert "zeros" in examined(Room(noise_rms=0)).sentence


@pytest.mark.parametrize(("level", "filled"), [(0, 10), (-45, 5), (-90, 0), (-144, 0)])
def test_the_bar(level: float, filled: int) -> None:
    assert bar(level, 10) == "#" * filled + "." * (10 - filled)


@pytest.mark.parametrize("channels", [1, 2, 4, 8])
def test_the_meter_fits_the_narrowest_terminal(channels: int) -> None:
    line = meter_line([-144.0] * channels, [-144.0] * channels)
    assert len(line) < 80
    assert line.count("-144") >= channels, "no channel is cut off"
