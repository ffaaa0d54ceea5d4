"""A wake word model of one's own: opened as the engine does, and refused with the reason."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from daemon.errors import ModelFileError
from daemon.wake.engine import WakeEngine
from daemon.wake.own_model import check_own_model

Axis = int | str


def write_model(
    path: Path,
    *,
    steps: Axis = 16,
    size: Axis = 96,
    batch: Axis = 1,
    score: Axis = 1,
    kind: int = TensorProto.FLOAT,
    data: str = "",
) -> Path:
    """A network that is a mean and a sum; `data` is the file that its weights go to."""
    width = size if isinstance(size, int) else 96
    weights = np.full((width, score if isinstance(score, int) else 1), 0.01, helper.tensor_dtype_to_np_dtype(kind))
    nodes = [
        helper.make_node("ReduceMean", ["x"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["mean", "w"], ["y"]),
    ]
    given = helper.make_tensor_value_info("x", kind, [batch, steps, size])
    made = helper.make_tensor_value_info("y", kind, [batch, score])
    graph = helper.make_graph(nodes, "word", [given], [made], [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    if data:
        onnx.save(model, path, save_as_external_data=True, location=data, size_threshold=0)
    else:
        onnx.save(model, path)
    return path


@pytest.mark.parametrize("axes", [{}, {"batch": "any"}, {"steps": 1}, {"steps": 120}])
def test_models_that_the_engine_can_run(axes: dict[str, Axis], tmp_path: Path, models: Path) -> None:
    path = write_model(tmp_path / "word.onnx", **axes)  # type: ignore[arg-type]
    check_own_model(path)
    WakeEngine([str(path)], models)


@pytest.mark.parametrize(
    "axes",
    [
        {"steps": "time"},
        {"steps": 121},
        {"steps": 0},
        {"size": 95},
        {"size": "features"},
        {"batch": 2},
        {"score": 2},
        {"kind": TensorProto.DOUBLE},
    ],
)
def test_another_shape_is_refused_by_name_and_told(axes: dict[str, Axis], tmp_path: Path, models: Path) -> None:
    path = write_model(tmp_path / "word.onnx", **axes)  # type: ignore[arg-type]
    with pytest.raises(ModelFileError, match=r"word\.onnx is no openWakeWord model of one wake word") as raised:
        check_own_model(path)
    assert "no dynamic axis" in raised.value.fix
    with pytest.raises(ModelFileError, match=r"word\.onnx"):
        WakeEngine([str(path)], models)


def test_two_outputs_are_refused(tmp_path: Path) -> None:
    path = write_model(tmp_path / "word.onnx")
    model = onnx.load(path)
    model.graph.output.append(helper.make_tensor_value_info("mean", TensorProto.FLOAT, [1, 96]))
    onnx.save(model, path)
    with pytest.raises(ModelFileError, match="of one wake word"):
        check_own_model(path)


def test_a_network_that_does_not_make_what_it_promises(tmp_path: Path) -> None:
    path = write_model(tmp_path / "word.onnx")
    model = onnx.load(path)
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(np.full((96, 1), np.nan, np.float32), "w"))
    model.graph.node[0].attribute[0].ints[:] = [1]
    model.graph.node.append(helper.make_node("Log", ["y"], ["z"]))
    model.graph.output[0].name = "z"
    onnx.save(model, path)
    with pytest.raises(ModelFileError, match=r"makes no score of silence|cannot be run"):
        check_own_model(path)


@pytest.mark.parametrize("left", [b"", b"abc", None])
def test_the_file_with_its_weights_is_named(left: bytes | None, tmp_path: Path) -> None:
    path = write_model(tmp_path / "word.onnx", data="word.onnx.data")
    check_own_model(path)
    (tmp_path / "word.onnx.data").unlink()
    if left is not None:
        (tmp_path / "word.onnx.data").write_bytes(left)
    with pytest.raises(ModelFileError, match=r"word\.onnx keeps a part of itself in .*word\.onnx\.data") as raised:
        check_own_model(path)
    assert "word.onnx.data" in raised.value.fix


@pytest.mark.parametrize("part", [0, 1, 50])
def test_a_part_of_a_model(part: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write_model(tmp_path / "word.onnx")
    path.write_bytes(path.read_bytes()[:part])
    with pytest.raises(ModelFileError, match=r"word\.onnx is (empty|no ONNX model that can be run)") as raised:
        check_own_model(path)
    assert "install.sh" not in raised.value.fix  # nobody else has this file
    assert str(raised.value).isprintable()
    assert capfd.readouterr() == ("", "")


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="is a folder"):
        check_own_model(tmp_path)
