from pathlib import Path

import pytest

from daemon.errors import ModelFileError
from daemon.wake.inference import open_session
from daemon.wake.models import SILERO_VAD


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"silent\.onnx does not exist\. Fix: run install\.sh again"):
        open_session(tmp_path / "silent.onnx")


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"", "is empty"), (b"<html>log in to the network</html>", "is no ONNX model that can be run")],
    ids=["empty", "captive portal"],
)
def test_what_is_no_model_is_refused(content: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "page.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=rf"page\.onnx {what}"):
        open_session(path)


def test_half_a_model_is_refused(models: Path, tmp_path: Path) -> None:
    whole = (models / SILERO_VAD.file_name).read_bytes()
    path = tmp_path / "half.onnx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelFileError, match=r"half\.onnx is no ONNX model"):
        open_session(path)


def test_models_run_on_one_thread(models: Path) -> None:
    options = open_session(models / SILERO_VAD.file_name).get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)
