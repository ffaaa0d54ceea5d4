"""How long after the wake word its detection comes, in samples, over all sentences, alignments and recordings.

What the model itself needs is not Pipit's to change: its scores rise while the word ends, or after it. Pipit waits for
the end of the hop that completes the run of scores, and no longer.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks.figures import Figures
from tests.daemon.wake.lag import ALIGNMENTS, recorded_lags, synthesised_lags

SENTENCES = {
    "hey_jarvis": ("hey jarvis", "hey jarvis, turn on the lamp", "hey jarvis, what time is it", "hey jarvis, stop"),
    "alexa": ("alexa", "alexa, turn on the lamp", "alexa, what time is it", "alexa, stop"),
}


def shown(values: Sequence[float]) -> str:
    levels = " ".join(f"{value:.0f}" for value in np.percentile(values, [0, 10, 50, 90, 100]))
    return f"min p10 median p90 max {levels} ms (n = {len(values)})"


@pytest.mark.parametrize("name", SENTENCES)
def test_the_decision_comes_with_the_hop_that_completes_the_run(
    name: str, models: Path, tmp_path: Path, figures: Figures
) -> None:
    lags, other = synthesised_lags(name, SENTENCES[name], ALIGNMENTS, models, tmp_path)
    print(f"\n{name}, synthesised: last sample of the word to the decision: {shown(lags)}")
    figures.at_most(0, "decisions", f"{name}: decided later than with the completed run", other)
    said = len(SENTENCES[name]) * len(ALIGNMENTS)
    figures.at_least(90, "%", f"{name}: synthesised, detected", 100 * len(lags) / said)


@pytest.mark.parametrize(("name", "clips"), [("alexa", "alexa/*"), ("hey_jarvis", "jarvis/*")])
def test_recorded_voices(name: str, clips: str, recordings: Path, models: Path, figures: Figures) -> None:
    chosen = sorted((recordings / "picovoice_wwb/audio").glob(clips))
    lags = recorded_lags(name, chosen, models)
    print(f"\n{name}, {len(chosen)} recordings: last sample of the word to the decision: {shown(lags.decided)}")
    print(f"{name}: … to the end of the first hop over the threshold: {shown(lags.early)}")
    figures.at_most(0, "events", f"{name}: dated after the end of the word", lags.late(name))
