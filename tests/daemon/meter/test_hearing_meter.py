"""What a meter says of each hop, by ears that do as they are told, and by the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from daemon.conversation.events import WakeWordDetected
from daemon.hearing.making import wake_engine_of
from daemon.hearing.settings import WakeSettings
from daemon.hearing.voice_activity import VoiceActivity
from daemon.meter.hearing_meter import HearingMeter, Moment, Summary, _level_dbfs
from daemon.sound.pcm import Samples, silence
from tests.daemon.wake.signals import room_noise
from tests.daemon.wake.speech import spoken

if TYPE_CHECKING:
    from pathlib import Path

HOP = 1_280


class Ears:
    """Scores that are given, hop by hop; a hop with a score of 1 wakes."""

    def __init__(self, *scores: float) -> None:
        self.scores = list(scores)
        self.last_scores = {"alexa": 0.0}
        self.heard: list[tuple[int, int]] = []

    def process(self, samples: Samples, at: int) -> list[WakeWordDetected]:
        self.heard.append((len(samples), at))
        self.last_scores = {"alexa": self.scores.pop(0) if self.scores else 0.0}
        return [WakeWordDetected("alexa", at)] if self.last_scores["alexa"] == 1 else []


class Voices:
    """Judges two hops of three, as windows fall."""

    def __init__(self) -> None:
        self.count = 0

    def process(self, _samples: Samples) -> list[float]:
        self.count += 1
        return [0.1, 0.1 * self.count] if self.count % 3 else []


def moments_of(samples: Samples, *scores: float) -> list[Moment]:
    return list(HearingMeter(Ears(*scores), Voices()).add(samples))


def test_each_hop_has_its_figures() -> None:
    loud = np.full(HOP, 16_384, np.int16)
    loud[::2] = -16_384
    clipped = loud.copy()
    clipped[:3] = 32_767
    clipped[5] = -32_768
    first, second, third = moments_of(np.concatenate((loud, clipped, silence(HOP))), 0.25, 1.0)
    assert (first.at_s, second.at_s, third.at_s) == (0.08, 0.16, 0.24)
    assert first.rms_dbfs == pytest.approx(-6.02, abs=0.01)
    assert (first.clipped, second.clipped) == (0, 4)
    assert second.peak_dbfs == pytest.approx(0, abs=0.001)
    assert (first.zero, third.zero) == (False, True)
    assert third.rms_dbfs == -96
    assert [moment.score for moment in (first, second, third)] == [0.25, 1.0, 0.0]
    assert (first.fired, second.fired) == ((), ("alexa",))
    assert [moment.voice for moment in (first, second, third)] == pytest.approx([0.1, 0.2, 0.2])


def test_pieces_make_no_difference_and_what_is_left_waits() -> None:
    samples = np.arange(3 * HOP + 100, dtype=np.int16)
    meter, pieces = HearingMeter(Ears(), Voices()), [samples[at : at + 333] for at in range(0, len(samples), 333)]
    assert [moment for piece in pieces for moment in meter.add(piece)] == moments_of(samples)
    assert len(moments_of(samples)) == 3


def test_the_room_is_the_quietest_of_three_seconds_and_the_gate_is_shut_in_it() -> None:
    moments = moments_of(np.concatenate((room_noise(4), room_noise(1) * 0)))
    assert -75 < moments[40].noise_dbfs < -50
    assert not moments[40].gate_open
    assert moments[-1].noise_dbfs == -96


def test_what_settles_the_ears_is_not_heard() -> None:
    ears = Ears()
    meter = HearingMeter(ears, Voices())
    meter.settle()
    [moment] = meter.add(silence(HOP))
    assert moment.at_s == 0.08
    assert ears.heard == [(32 * HOP, 0), (HOP, 32 * HOP)]


def test_real_ears_wake_at_the_very_hop_of_the_engine_alone(models: Path, tmp_path: Path) -> None:
    word = np.concatenate((spoken("hey_jarvis", "hey jarvis", tmp_path).samples, room_noise(1)))
    wake = WakeSettings(models_dir=models)
    meter = HearingMeter(wake_engine_of(wake), VoiceActivity(models))
    meter.settle()
    moments = list(meter.add(word))
    engine = wake_engine_of(wake)
    engine.process(silence(32 * HOP), 0)
    alone = engine.process(word, 32 * HOP)
    [fired] = [moment for moment in moments if moment.fired]
    assert [event.model for event in alone] == list(fired.fired) == ["hey_jarvis"]
    assert fired.at_s == (engine.decided_at - 32 * HOP) / 16_000
    assert max(moment.voice for moment in moments) > 0.8


def test_a_summary_is_of_all() -> None:
    loud = np.full(HOP, 32_767, np.int16)
    summary = Summary.of(moments_of(np.concatenate((loud, silence(HOP), silence(HOP))), 0.5, 1.0))
    assert summary.seconds == pytest.approx(0.24)
    assert (summary.clipped, summary.zero_s) == (HOP, pytest.approx(0.16))
    assert (summary.best_score, summary.best_at_s) == (1.0, 0.16)
    assert summary.fired == (("alexa", 0.16),)
    assert summary.loudest_dbfs == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize(("amplitude", "level"), [(32_768, 0), (16_384, -6.02), (0, -96)])
def test_a_level_in_decibels(amplitude: float, level: float) -> None:
    assert _level_dbfs(amplitude) == pytest.approx(level, abs=0.01)
