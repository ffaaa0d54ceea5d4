"""The network by itself: what it takes, and files that are none of its."""

from pathlib import Path

import numpy as np
import pytest

from daemon.brain.recognition import moonshine
from daemon.brain.recognition.moonshine import DECODER_FILE, ENCODER_FILE, LONGEST_SAMPLES, SHORTEST_SAMPLES, Moonshine
from daemon.brain.recognition.recogniser import Recogniser
from daemon.brain.recognition.vocabulary import VOCABULARY_FILE
from daemon.errors import ModelFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, silence
from tests.repetition import THOROUGH


@pytest.fixture
def network(recogniser: Recogniser) -> Moonshine:
    return recogniser._model


@pytest.mark.parametrize("missing", [ENCODER_FILE, DECODER_FILE, VOCABULARY_FILE])
def test_a_missing_file_is_named_with_its_fix(models: Path, tmp_path: Path, missing: str) -> None:
    for name in {ENCODER_FILE, DECODER_FILE, VOCABULARY_FILE} - {missing}:
        (tmp_path / name).symlink_to(models / name)
    with pytest.raises(ModelFileError) as raised:
        Recogniser(tmp_path)
    assert raised.value.message == f"speech recogniser: no model file {tmp_path / missing}"
    assert raised.value.fix == f"python -m daemon.brain.recognition.install {tmp_path}"


def test_a_file_that_is_no_model_is_refused(models: Path, tmp_path: Path) -> None:
    (tmp_path / ENCODER_FILE).write_bytes(b"<html>Welcome to our hotel</html>")
    (tmp_path / DECODER_FILE).symlink_to(models / DECODER_FILE)
    with pytest.raises(ModelFileError, match=f"{ENCODER_FILE} is no model"):
        Moonshine(tmp_path)


@pytest.mark.parametrize("longest_s", [LONGEST_SAMPLES // CAPTURE_RATE_HZ if THOROUGH else 4])
def test_what_is_longer_than_the_network_takes_is_cut(
    longest_s: int, network: Moonshine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moonshine, "LONGEST_SAMPLES", longest_s * CAPTURE_RATE_HZ)
    encoding = network.encode(silence(2 * longest_s * CAPTURE_RATE_HZ))
    assert encoding.hidden.shape[1] * 0.024 == pytest.approx(longest_s, rel=0.02)


def test_what_is_shorter_than_the_network_takes_is_filled_up(network: Moonshine) -> None:
    nothing, shortest = (network.encode(silence(samples)) for samples in (0, SHORTEST_SAMPLES))
    assert nothing.hidden.shape == shortest.hidden.shape


def test_hypotheses_go_on_from_the_memories_that_were_chosen_for_them(network: Moonshine) -> None:
    first, memory = network.begin(network.encode(silence(CAPTURE_RATE_HZ)))
    pieces = [int(piece) for piece in np.argsort(first[0])[-2:]]
    following, both = network.step(pieces, memory.choose([0, 0]))
    assert following.shape == (2, first.shape[1])
    assert np.exp(following).sum(axis=-1) == pytest.approx(1, abs=1e-4)
    exchanged = both.choose([1, 0, 1])
    for before, after in zip(both.own, exchanged.own, strict=True):
        assert np.array_equal(after, before[[1, 0, 1]])
    assert not np.array_equal(both.own[0][0], both.own[0][1])
