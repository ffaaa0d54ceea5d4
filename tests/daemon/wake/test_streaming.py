import sys
from pathlib import Path

import onnx
import pytest
from onnx import numpy_helper

from daemon.errors import ModelFileError
from daemon.wake import streaming
from daemon.wake.models import EMBEDDING, STREAMING_EMBEDDING


@pytest.fixture
def original(models: Path) -> Path:
    return models / EMBEDDING.file_name


def test_computes_what_the_original_computes(original: Path, tmp_path: Path) -> None:
    path = tmp_path / "stream.onnx"
    streaming.derive(original, path)
    assert streaming.difference(original, path) <= streaming.TOLERANCE / 10  # 0.0 on x86-64


def test_one_wrong_weight_is_noticed(original: Path, tmp_path: Path) -> None:
    model = onnx.load(original)
    kernel = next(w for w in model.graph.initializer if list(w.dims[2:]) == [3, 1])
    values = numpy_helper.to_array(kernel).copy()
    values[0, 0, 0, 0] += 0.5
    kernel.CopyFrom(numpy_helper.from_array(values, kernel.name))
    onnx.save(model, tmp_path / "damaged.onnx")
    streaming.derive(tmp_path / "damaged.onnx", tmp_path / "stream.onnx")
    assert streaming.difference(original, tmp_path / "stream.onnx") > 10 * streaming.TOLERANCE


def test_without_onnx_the_fix_is_named(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModelFileError, match="Fix: pip install onnx"):
        streaming.derive(original, tmp_path / "stream.onnx")
    assert not (tmp_path / "stream.onnx").exists()


def test_the_installed_one_is_right(original: Path, models: Path) -> None:
    assert streaming.difference(original, models / STREAMING_EMBEDDING) <= streaming.TOLERANCE
