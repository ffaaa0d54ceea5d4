from pathlib import Path

import numpy as np
import pytest

from daemon.errors import ModelFileError
from daemon.wake.embedding import EMBEDDING_SIZE, RECEPTIVE_HOPS, StreamingEmbedding
from daemon.wake.melspectrogram import MEL_BANDS, ROWS_PER_HOP
from daemon.wake.models import EMBEDDING, STREAMING_EMBEDDING


def rows(seed: int, hops: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (hops, ROWS_PER_HOP, MEL_BANDS)).astype(np.float32)


def embeddings(models: Path, *hops: np.ndarray) -> np.ndarray:
    network = StreamingEmbedding(models / STREAMING_EMBEDDING)
    return np.concatenate([network.step(hop) for hop in np.concatenate(hops)])


def test_depends_on_ten_hops_and_nothing_before(models: Path) -> None:
    common = rows(1, RECEPTIVE_HOPS)
    one, other = (embeddings(models, rows(seed, 7), common)[-1] for seed in (2, 3))
    assert one.shape == (EMBEDDING_SIZE,)
    np.testing.assert_array_equal(one, other)


def test_depends_on_all_of_these_ten_hops(models: Path) -> None:
    common = rows(1, RECEPTIVE_HOPS - 1)
    one, other = (embeddings(models, rows(seed, 7), common)[-1] for seed in (2, 3))
    assert np.abs(one - other).max() > 1e-3


def test_many_hops_at_once_are_to_the_bit_as_one_after_the_other(models: Path) -> None:
    hops = rows(4, 27)
    network = StreamingEmbedding(models / STREAMING_EMBEDDING)
    parts = [network.step(part.reshape(-1, MEL_BANDS)) for part in np.split(hops, [1, 3])]
    np.testing.assert_array_equal(np.concatenate(parts), embeddings(models, hops))


def test_another_network_is_refused(models: Path) -> None:
    with pytest.raises(ModelFileError, match=r"embedding_model\.onnx is not the streaming embedding network"):
        StreamingEmbedding(models / EMBEDDING.file_name)
