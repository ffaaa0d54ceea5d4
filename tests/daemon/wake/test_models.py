import shutil
from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.wake.models import MODEL_FILES, SILERO_VAD, WAKE_WORDS, installed, model_path, wake_word


@pytest.mark.parametrize("name", WAKE_WORDS)
def test_every_wake_word_has_its_published_file(name: str, models: Path) -> None:
    path = model_path(name, models)
    assert path.parent == models
    assert path.name.startswith(name)


def test_every_file_has_the_published_size(models: Path) -> None:
    for file in MODEL_FILES:
        assert installed(file, models).stat().st_size == file.size_bytes


def test_alexa_needs_three_hops_in_a_row() -> None:
    assert [name for name in WAKE_WORDS if wake_word(name).consecutive == 3] == ["alexa"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hey_jervis", r"no wake word 'hey_jervis'; did you mean hey_jarvis\?\. Fix: use one of hey_jarvis, alexa"),
        ("computer", r"no wake word 'computer'\. Fix: use one of"),
        ("words/own.onnx", r"words/own\.onnx is relative\. Fix: give the absolute path"),
        ("/nowhere/own.onnx", r"/nowhere/own\.onnx does not exist"),
        ("/nowhere/own.tflite", r"own\.tflite is no \.onnx file"),
    ],
)
def test_what_cannot_be_found_is_told_with_a_fix(name: str, message: str, models: Path) -> None:
    with pytest.raises(ModelFileError, match=message):
        model_path(name, models)


def test_a_missing_file_is_told_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=rf"does not exist\. Fix: .*python -m daemon\.wake\.install {tmp_path}"):
        model_path("alexa", tmp_path)


def test_a_damaged_file_is_refused(models: Path, tmp_path: Path) -> None:
    copy = tmp_path / SILERO_VAD.file_name
    shutil.copy(models / SILERO_VAD.file_name, copy)
    copy.write_bytes(copy.read_bytes()[:-1] + b"?")
    with pytest.raises(ModelFileError, match="not the file that was published"):
        installed(SILERO_VAD, tmp_path)


def test_an_own_model_is_known_by_its_name_and_treated_with_caution(tmp_path: Path) -> None:
    path = tmp_path / "hello_house.onnx"
    path.write_bytes(b"x")
    assert model_path(str(path), Path("/nowhere")) == path
    word = wake_word(str(path))
    assert word.name == "hello_house"
    assert word.longest_lag_ms == max(known.longest_lag_ms for known in WAKE_WORDS.values())
