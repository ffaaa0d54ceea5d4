from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.wake.embedding import EMBEDDING_SIZE, StreamingEmbedding
from daemon.wake.features import FeatureRing, StreamingFeatures
from daemon.wake.melspectrogram import HOP_SAMPLES
from daemon.wake.models import STREAMING_EMBEDDING
from tests.daemon.wake.signals import hops, room_noise
from tests.networks import remembering

FRAMES = 16


@pytest.fixture
def features(models: Path) -> StreamingFeatures:
    return StreamingFeatures(StreamingEmbedding(models / STREAMING_EMBEDDING, remembering), FRAMES)


@pytest.fixture
def reference(models: Path) -> StreamingFeatures:
    return StreamingFeatures(StreamingEmbedding(models / STREAMING_EMBEDDING, remembering), FRAMES)


@given(capacity=st.integers(1, 5), count=st.integers(5, 40))
def test_ring_holds_the_newest(capacity: int, count: int) -> None:
    ring = FeatureRing(capacity)
    for number in range(count):
        ring.append(np.full(EMBEDDING_SIZE, number, np.float32))
    assert list(ring.last(capacity)[:, 0]) == list(range(count - capacity, count))


def test_a_score_depends_on_the_last_two_seconds(features: StreamingFeatures) -> None:
    assert features.settling_hops * 0.08 == pytest.approx(2.0)


@pytest.mark.parametrize("skipped", [1, 3, 24, 25, 26, 70])
def test_skipped_hops_are_made_up_for(skipped: int, features: StreamingFeatures, reference: StreamingFeatures) -> None:
    audio = [*hops(room_noise((30 + skipped + 1) * 0.08, rms=900))]
    for hop in audio:
        reference(hop)
    for hop in audio[:30]:
        features(hop)
    for hop in audio[30:-1]:
        features.skip(hop)
    features(audio[-1])
    np.testing.assert_array_equal(features.get_features(FRAMES), reference.get_features(FRAMES))


def test_is_primed_with_noise_that_is_the_same_each_time(
    features: StreamingFeatures, reference: StreamingFeatures
) -> None:
    primed = features.get_features(FRAMES)
    np.testing.assert_array_equal(primed, reference.get_features(FRAMES))
    assert primed.std(axis=1).min() > 0  # constant features let "alexa" score 0.58 in silence


@pytest.mark.parametrize("skipped", [0, 3, 40])
def test_what_is_prepared_at_once_is_the_same(
    skipped: int, features: StreamingFeatures, reference: StreamingFeatures
) -> None:
    audio = [*hops(room_noise((30 + skipped) * 0.08, rms=900))]
    features.skip(np.concatenate(audio[: skipped + 25]))
    features.prepare(audio[skipped + 25 :])
    for number, hop in enumerate(audio):
        reference(hop)
        if number >= skipped + 25:
            features(hop)
            np.testing.assert_array_equal(features.get_features(FRAMES), reference.get_features(FRAMES))


def test_the_newest_of_what_was_skipped_can_be_heard_elsewhere(features: StreamingFeatures) -> None:
    audio = room_noise(0.4, rms=900)
    features.skip(audio)
    np.testing.assert_array_equal(np.concatenate(features.skipped(2)), audio[-2 * HOP_SAMPLES :])
    assert len(features.skipped(9)) == 5
