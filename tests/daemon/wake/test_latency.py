"""The decision comes with the hop that completes the run of scores, and is dated before the word's end.

What the model itself needs is not Pipit's to change: its scores rise while the word ends, or after it. Some sentences
and recordings are tried here; `tests/benchmarks/test_wake_latency.py` tries all.
"""

from pathlib import Path

import pytest

from tests.daemon.wake.lag import ALIGNMENTS, recorded_lags, synthesised_lags
from tests.repetition import THOROUGH

SENTENCES = {"hey_jarvis": "hey jarvis, turn on the lamp", "alexa": "alexa, what time is it"}
EVERY = {"alexa": 12, "jarvis": 3} if THOROUGH else {"alexa": 48, "jarvis": 12}
"""Of the recordings in each folder."""


@pytest.mark.parametrize("name", SENTENCES)
def test_the_decision_comes_with_the_hop_that_completes_the_run(name: str, models: Path, tmp_path: Path) -> None:
    lags, other = synthesised_lags(name, [SENTENCES[name]], ALIGNMENTS[::2], models, tmp_path)
    assert other == 0  # not one sample later
    assert len(lags) == len(ALIGNMENTS[::2])


@pytest.mark.parametrize(("name", "folder"), [("alexa", "alexa"), ("hey_jarvis", "jarvis")])
def test_no_recorded_voice_is_dated_after_the_end_of_the_word(
    name: str, folder: str, recordings: Path, models: Path
) -> None:
    lags = recorded_lags(
        name, sorted((recordings / "picovoice_wwb/audio" / folder).iterdir())[:: EVERY[folder]], models
    )
    assert lags.early
    assert lags.late(name) == 0
