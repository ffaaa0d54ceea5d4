"""The speaker, heard by the microphone of a room."""

from __future__ import annotations

from typing import Any

import pytest

from daemon.doctor.examining.patient import Patient
from daemon.doctor.hands_on.hands import hands_on
from daemon.machine.finding import Finding, Verdict
from tests.daemon.doctor.room import Room, settings
from tests.daemon.doctor.scripted_terminal import ScriptedTerminal

WRITTEN_AHEAD_MS = 80
"""Four periods: what the fake card holds before what is written to it is heard, and what the room heard ahead of it."""


def examined(room: Room, **tables: Any) -> Finding:
    check = next(check for check in hands_on(room.drivers) if check.name == "speaker-heard")
    return check.run(Patient(settings=settings(**tables)), ScriptedTerminal())


@pytest.mark.parametrize("delay_ms", [0, 30, 300])
def test_it_is_heard_and_the_delay_told(delay_ms: float) -> None:
    finding = examined(Room(delay_ms=delay_ms))
    assert finding.verdict is Verdict.GOOD
    assert finding.facts["delay_ms"] == pytest.approx(delay_ms + WRITTEN_AHEAD_MS, abs=45)
    assert finding.facts["distortion"] < 0.02
    assert finding.facts["level_dbfs"] == pytest.approx(-20 - 9 - 3 - 4, abs=1), "a volume of 0.8 is 4 dB less"
    assert finding.facts["return_loss_db"] == pytest.approx(20, abs=1)
    assert "20 dB softer than it is played" in finding.sentence


def test_a_gain_of_the_microphone_is_a_part_of_what_comes_back() -> None:
    finding = examined(Room(), microphone={"gain_db": 24})
    assert finding.facts["return_loss_db"] == pytest.approx(-4, abs=1)
    assert "4 dB louder than it is played" in finding.sentence


@pytest.mark.parametrize(
    "speaker", [{"rate_hz": 48_000, "channels": 2}, {"rate_hz": 44_100}, {"rate_hz": 16_000, "period_ms": 40}]
)
def test_with_the_rates_and_channels_of_the_settings(speaker: dict[str, Any]) -> None:
    room = Room()
    assert examined(room, speaker=speaker).verdict is Verdict.GOOD
    assert room.speakers[0].format.rate_hz == speaker["rate_hz"]


def test_with_a_microphone_of_its_own_rate() -> None:
    finding = examined(Room(), microphone={"rate_hz": 16_000, "gain_db": 6})
    assert finding.facts["level_dbfs"] == pytest.approx(-30, abs=1)


def test_a_speaker_that_nobody_hears() -> None:
    finding = examined(Room(gain=0))
    assert finding.verdict is Verdict.BAD
    assert "does not hear the speaker" in finding.sentence


def test_a_speaker_that_distorts() -> None:
    finding = examined(Room(drive=6))
    assert finding.verdict is Verdict.WARNING
    assert "distorts" in finding.sentence


def test_a_speaker_that_is_too_loud() -> None:
    finding = examined(Room(gain=8))
    assert finding.verdict is Verdict.WARNING
    assert "clips" in finding.sentence


def test_a_speaker_that_is_hardly_louder_than_the_room() -> None:
    finding = examined(Room(gain=0.01, noise_rms=100))
    assert finding.verdict is Verdict.WARNING
    assert "hardly louder" in finding.sentence


def test_a_speaker_that_is_late() -> None:
    assert "ms after it was told" in examined(Room(delay_ms=700)).sentence


def test_a_card_that_plays_at_a_rate_of_its_own() -> None:
    finding = examined(Room(speed=2), speaker={"rate_hz": 24_000})
    assert finding.verdict is Verdict.BAD
    assert finding.fix == "set rate_hz = 48000 under [speaker]"


def test_silence_is_not_played() -> None:
    room = Room()
    assert examined(room, speaker={"volume": 0}).verdict is Verdict.SKIPPED
    assert not room.opened


def test_a_microphone_that_goes_away_ends_it() -> None:
    finding = examined(Room(endless=False, heard=lambda wanted: bytes(2 * wanted.rate_hz // 2)))
    assert finding.verdict is Verdict.BAD
    assert "delivers no audio" in finding.sentence
