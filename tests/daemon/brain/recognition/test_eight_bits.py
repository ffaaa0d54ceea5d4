"""A model of CTranslate2 in eight bits: its matrices, and nothing else, to within half of a step."""

import struct

import numpy as np
import pytest

from daemon.brain.recognition.eight_bits import VERSION, in_eight_bits
from daemon.errors import ModelFileError

ROWS = np.array([[0.5, -1.0, 0.25], [0, 0, 0]], np.float16)
BIAS = np.array([1, 2], np.float16)


def text(word: str) -> bytes:
    return struct.pack("<H", len(word) + 1) + word.encode() + b"\0"


def variable(name: str, kind: int, shape: tuple[int, ...], content: bytes) -> bytes:
    sizes = struct.pack(f"<B{len(shape)}I", len(shape), *shape)
    return text(name) + sizes + struct.pack("<BI", kind, len(content)) + content


def model(version: int = VERSION) -> bytes:
    variables = variable("a/bias", 4, (2,), BIAS.tobytes()) + variable("a/weight", 4, (2, 3), ROWS.tobytes())
    head = struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<II", 3, 2)
    return head + variables + struct.pack("<I", 1) + text("b/weight") + text("a/weight")


def test_matrices_are_halved_with_a_scale_for_each_row() -> None:
    small = np.array([[64, -127, 32], [0, 0, 0]], np.int8)
    scales = np.array([127, 1], np.float32)
    variables = (
        variable("a/bias", 4, (2,), BIAS.tobytes())
        + variable("a/weight", 1, (2, 3), small.tobytes())
        + variable("a/weight_scale", 0, (2,), scales.tobytes())
    )
    aliases = text("b/weight") + text("a/weight") + text("b/weight_scale") + text("a/weight_scale")
    head = struct.pack("<I", VERSION) + text("WhisperSpec") + struct.pack("<II", 3, 3)
    assert in_eight_bits(model()) == head + variables + struct.pack("<I", 2) + aliases


@pytest.mark.parametrize("content", [b"", model()[:-3], model()[:40], model(5), b"PK\3\4" * 20])
def test_what_is_cut_or_of_another_version_is_refused(content: bytes) -> None:
    with pytest.raises(ModelFileError, match="no model of CTranslate2"):
        in_eight_bits(content)
