from pathlib import Path

import numpy as np
import pytest

from daemon.wake.inference import open_session
from daemon.wake.melspectrogram import HISTORY_SAMPLES, HOP_SAMPLES, MEL_BANDS, ROWS_PER_HOP, filter_bank, log_mel
from daemon.wake.models import MELSPECTROGRAM

LENGTH = HISTORY_SAMPLES + HOP_SAMPLES


def sounds() -> dict[str, np.ndarray]:
    random = np.random.default_rng(2)
    return {
        "loud noise": random.normal(0, 8_000, LENGTH),
        "quiet noise": random.normal(0, 5, LENGTH),
        "tone": 12_000 * np.sin(np.arange(LENGTH) / 5),
        "click": np.where(np.arange(LENGTH) == 900, 30_000, 0),
        "digital silence": np.zeros(LENGTH),
    }


@pytest.mark.parametrize("name", sounds())
def test_rows_are_those_of_the_package(name: str, models: Path) -> None:
    samples = sounds()[name].astype(np.int16).astype(np.float32)
    network = open_session(models / MELSPECTROGRAM.file_name)
    expected = network.run(None, {"input": samples[None]})[0].reshape(-1, MEL_BANDS) / 10 + 2
    assert np.abs(log_mel(samples) - expected).max() < 1e-3  # of values that span 8


def test_a_hop_and_its_history_are_eight_rows() -> None:
    rows = log_mel(np.ones(LENGTH, np.float32))
    assert rows.shape == (ROWS_PER_HOP, MEL_BANDS)
    assert rows.dtype == np.float32


def test_several_hops_at_once_are_to_the_bit_as_each_alone() -> None:
    """Also where one is loud and the next quiet: the range is each hop's own."""
    samples = np.concatenate([*sounds().values(), np.zeros(HISTORY_SAMPLES)])
    samples = samples[: HISTORY_SAMPLES + 6 * HOP_SAMPLES].astype(np.int16).astype(np.float32)
    alone = [log_mel(samples[at : at + LENGTH]) for at in range(0, len(samples) - HISTORY_SAMPLES, HOP_SAMPLES)]
    np.testing.assert_array_equal(log_mel(samples), np.concatenate(alone))


def test_the_range_within_a_hop_is_80_db() -> None:
    rows = log_mel(sounds()["click"].astype(np.float32))
    assert rows.max() - rows.min() == pytest.approx(8, abs=1e-5)


def test_the_bands_lie_between_60_and_3800_hz() -> None:
    used = np.flatnonzero(filter_bank().any(axis=1)) * 16_000 / 512
    assert 60 < used.min() < 100
    assert 3_760 < used.max() < 3_800
