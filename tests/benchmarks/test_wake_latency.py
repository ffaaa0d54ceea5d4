"""How long after the wake word its detection comes, in samples: nothing here depends on how fast the machine is.

What the model itself needs is not Pipit's to change: its scores rise while the word ends, or after it. Pipit waits for
the end of the hop that completes the run of scores, and no longer.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from daemon.sound.pcm import Samples
from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import wake_word
from daemon.wake.silero import WINDOW_SAMPLES, VoiceActivity
from tests.daemon.wake.signals import hops, room_noise, stock_scores
from tests.daemon.wake.speech import spoken

SENTENCES = {
    "hey_jarvis": ("hey jarvis", "hey jarvis, turn on the lamp", "hey jarvis, what time is it", "hey jarvis, stop"),
    "alexa": ("alexa", "alexa, turn on the lamp", "alexa, what time is it", "alexa, stop"),
}
BEFORE = 40_000
ALIGNMENTS = range(0, HOP_SAMPLES, 320)
"""Where in a hop the clip begins."""


def decision(engine: WakeEngine, samples: Samples) -> tuple[int, float] | None:
    """Where the hop ended that decided, and the seconds of computing until the event; None if nothing was detected."""
    for number, hop in enumerate(hops(samples)):
        begin = time.perf_counter()
        events = engine.process(hop, number * HOP_SAMPLES)
        if events:
            return (number + 1) * HOP_SAMPLES, time.perf_counter() - begin
    return None


def completed_run(scores: np.ndarray, consecutive: int) -> int | None:
    """Where the first hop ends that is the last of so many in a row over the threshold."""
    runs = np.convolve(scores > 0.5, np.ones(consecutive), "valid") == consecutive
    return (int(np.flatnonzero(runs)[0]) + consecutive) * HOP_SAMPLES if runs.any() else None


def in_a_room(clip: Samples, alignment: int) -> Samples:
    return np.concatenate([room_noise((BEFORE + alignment) / 16_000), clip, room_noise(1.5, seed=2)])


def shown(values: Sequence[float], unit: str) -> str:
    levels = " ".join(f"{value:.0f}" for value in np.percentile(values, [0, 10, 50, 90, 100]))
    return f"min p10 median p90 max {levels} {unit} (n = {len(values)})"


@pytest.mark.parametrize("name", SENTENCES)
def test_the_decision_comes_with_the_hop_that_completes_the_run(name: str, models: Path, tmp_path: Path) -> None:
    lags, inference = [], []
    for text in SENTENCES[name]:
        said = spoken(name, text, tmp_path)
        for alignment in ALIGNMENTS:
            samples = in_a_room(said.samples, alignment)
            decided = decision(WakeEngine([name], models), samples)
            complete = completed_run(stock_scores(models, [name], samples)[:, 0], wake_word(name).consecutive)
            assert (decided and decided[0]) == complete  # not one sample later
            if decided:
                lags.append((decided[0] - BEFORE - alignment - said.word_end) / 16)
                inference.append(decided[1] * 1e3)
    assert len(lags) >= 0.9 * len(SENTENCES[name]) * len(ALIGNMENTS)
    print(f"\n{name}, synthesised: last sample of the word to the decision: {shown(lags, 'ms')}")
    print(f"{name}: computing in it: {shown(inference, 'ms')}")


@pytest.mark.parametrize(("name", "clips"), [("alexa", "alexa/*"), ("hey_jarvis", "jarvis/*")])
def test_recorded_voices(name: str, clips: str, recordings: Path, models: Path) -> None:
    voice_activity = VoiceActivity(models)
    lags, early = [], []
    chosen = sorted((recordings / "picovoice_wwb/audio").glob(clips))
    for alignment, path in zip(_around(ALIGNMENTS), chosen, strict=False):
        clip = read_audio(path)
        engine = WakeEngine([name], models)
        decided = decision(engine, in_a_room(clip, alignment))
        if decided:
            word_end = BEFORE + alignment + end_of_speech(voice_activity, clip)
            lags.append((decided[0] - word_end) / 16)
            early.append((decided[0] - word_end) / 16 - 80 * (wake_word(name).consecutive - 1))
    longest_lag_ms = wake_word(name).longest_lag_ms
    late = sum(lag > longest_lag_ms for lag in early)
    print(f"\n{name}, {len(chosen)} recordings: last sample of the word to the decision: {shown(lags, 'ms')}")
    print(f"{name}: … to the end of the first hop over the threshold: {shown(early, 'ms')}")
    assert late == 0, f"the event would be dated after the end of the word in {late} of {len(early)}"


def _around(values: range) -> Iterator[int]:
    while True:
        yield from values


def end_of_speech(voice_activity: VoiceActivity, clip: Samples) -> int:
    """The earlier of Silero's last window over 0.35 and the last 10 ms within 30 dB of the loudest."""
    voice_activity.reset()
    windows = np.array(voice_activity.process(np.concatenate([clip, room_noise(0.5)])))
    by_silero = (int(np.flatnonzero(windows > 0.35)[-1]) + 1) * WINDOW_SAMPLES
    blocks = clip[: len(clip) - len(clip) % 160].astype(np.float64).reshape(-1, 160)
    rms = np.sqrt(np.square(blocks).mean(axis=1))
    by_level = (int(np.flatnonzero(rms > rms.max() * 10 ** (-30 / 20))[-1]) + 1) * 160
    return min(by_silero, by_level)
