"""Derives the streaming form of the embedding network at installation, and proves that it computes the same.

The network looks at 76 rows of mel spectrogram and is asked again every 8 rows, so nine tenths of its work repeats. It
pads nothing in time and its strides in time multiply to those 8 rows: every convolution over 3 rows needs only the last
2 rows of its previous input to go on. Those become inputs and outputs of the network, which takes any number of hops at
once; the weights do not change. 42.0 million multiplications an embedding become 5.6 million, with bit-identical
results on x86-64.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from daemon.errors import ModelFileError
from daemon.wake.embedding import EMBEDDING_SIZE, StreamingEmbedding
from daemon.wake.inference import open_session
from daemon.wake.melspectrogram import HISTORY_SAMPLES, HOP_SAMPLES, MEL_BANDS, ROWS_PER_HOP, log_mel

if TYPE_CHECKING:
    import onnx

WINDOW_ROWS: Final = 76
"""What the original network sees at a time."""

TOLERANCE: Final = 1e-3
"""Embeddings are of the order of 10. Other kernels may add in another order; with wrong weights whole units differ."""

_CHECKED_HOPS: Final = 25

_CONSTANTS: Final = {
    "hops_shape": [1, 1, -1, MEL_BANDS],
    "last_two": [-2],
    "end": [2**31 - 1],
    "time_axis": [2],
}
"""What the streaming network's new nodes take as inputs."""


def derive(original: Path, streaming: Path) -> None:
    """Write the streaming form of the network in `original` to `streaming`; raises ModelFileError without onnx."""
    try:
        import onnx
    except ImportError as error:
        raise ModelFileError(
            "the python package onnx, with which the streaming embedding network is made, is not installed",
            fix="pip install onnx",
        ) from error
    model = onnx.load(original)
    onnx.save(_streaming(onnx.shape_inference.infer_shapes(_with_fixed_batch(model))), streaming)


def difference(original: Path, streaming: Path) -> float:
    """The largest difference between the networks' embeddings of 2 s of seeded noise, after the window has filled."""
    session = open_session(original)
    network = StreamingEmbedding(streaming)
    noise = np.random.default_rng(0).normal(0, 2_000, HISTORY_SAMPLES + _CHECKED_HOPS * HOP_SAMPLES)
    starts = range(0, _CHECKED_HOPS * HOP_SAMPLES, HOP_SAMPLES)
    rows = np.concatenate([log_mel(noise[s : s + HISTORY_SAMPLES + HOP_SAMPLES].astype(np.float32)) for s in starts])
    worst = 0.0
    for start, end in pairwise(range(0, len(rows) + 1, ROWS_PER_HOP)):
        (embedding,) = network.step(rows[start:end])
        if end >= WINDOW_ROWS:
            window = rows[end - WINDOW_ROWS : end].reshape(1, WINDOW_ROWS, MEL_BANDS, 1)
            reference = session.run(None, {"input_1": window})[0]
            worst = max(worst, float(np.abs(embedding - reference.reshape(-1)).max()))
    return worst


def _with_fixed_batch(model: "onnx.ModelProto") -> "onnx.ModelProto":
    """A batch of one, so that shape inference knows every shape."""
    for dimension, value in zip(
        model.graph.input[0].type.tensor_type.shape.dim, (1, WINDOW_ROWS, MEL_BANDS, 1), strict=True
    ):
        dimension.dim_value = value
    return model


def _streaming(model: "onnx.ModelProto") -> "onnx.ModelProto":
    """`model` with 8 rows of each hop in, an embedding of each out, and the memory of each convolution in and out."""
    from onnx import checker, helper, numpy_helper

    shapes = _shapes(model.graph)
    kernel_rows = {weights.name: weights.dims[2] for weights in model.graph.initializer if len(weights.dims) == 4}
    _reshape(model.graph)
    memory = _Memory()
    for node in model.graph.node:
        if node.op_type == "Conv" and kernel_rows[node.input[1]] == 3:
            memory.put_before(node, shapes[node.input[0]])
        memory.nodes.append(node)
    used = {name for node in memory.nodes for name in node.input}
    weights = [weights for weights in model.graph.initializer if weights.name in used]
    weights += [numpy_helper.from_array(np.array(value, np.int64), name) for name, value in _CONSTANTS.items()]
    inputs = [_floats("mel", [1, "rows", MEL_BANDS, 1]), *memory.past]
    outputs = [_floats(model.graph.output[0].name, [1, "hops", 1, EMBEDDING_SIZE]), *memory.kept]
    graph = helper.make_graph(memory.nodes, "streaming_embedding", inputs, outputs, weights)
    derived = helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)
    checker.check_model(derived)
    return derived


class _Memory:
    """The nodes of the streaming network, and what its convolutions remember from call to call."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.past: list[onnx.ValueInfoProto] = []
        self.kept: list[onnx.ValueInfoProto] = []

    def put_before(self, convolution: "onnx.NodeProto", shape: Sequence[int]) -> None:
        """Let `convolution`, with an input of `shape` (1, channels, rows, bands), see 2 rows of the call before."""
        from onnx import helper

        number, fresh = len(self.past), convolution.input[0]
        past, seen, kept = f"past_{number}", f"seen_{number}", f"kept_{number}"
        remembered = [1, shape[1], 2, shape[3]]
        self.past.append(_floats(past, remembered))
        self.kept.append(_floats(kept, remembered))
        self.nodes.append(helper.make_node("Concat", [past, fresh], [seen], axis=2))
        self.nodes.append(helper.make_node("Slice", [seen, "last_two", "end", "time_axis"], [kept]))
        convolution.input[0] = seen


def _reshape(graph: "onnx.GraphProto") -> None:
    """The network begins and ends by changing the order of the axes: of any number of hops instead of a window's."""
    from onnx import helper

    first, last = (node for node in graph.node if node.op_type == "Reshape")
    first.input[:] = ["mel", "hops_shape"]
    last.CopyFrom(helper.make_node("Transpose", last.input[:1], last.output, perm=[0, 2, 3, 1]))


def _shapes(graph: "onnx.GraphProto") -> dict[str, list[int]]:
    values = [*graph.value_info, *graph.input, *graph.output]
    return {value.name: [axis.dim_value for axis in value.type.tensor_type.shape.dim] for value in values}


def _floats(name: str, shape: Sequence[int | str]) -> "onnx.ValueInfoProto":
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
