"""Moonshine tiny (English, int8), the network behind speech recognition: samples in, likely next pieces out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime  # type: ignore[import-untyped]
from numpy.typing import NDArray
from onnxruntime.capi.onnxruntime_pybind11_state import (  # type: ignore[import-untyped]
    Fail,
    InvalidGraph,
    InvalidProtobuf,
)

from daemon.brain.recognition.vocabulary import START
from daemon.errors import ModelFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

ENCODER_FILE: Final = "moonshine_tiny_en_encoder.ort"
DECODER_FILE: Final = "moonshine_tiny_en_decoder.ort"

SHORTEST_SAMPLES: Final = CAPTURE_RATE_HZ // 10
LONGEST_SAMPLES: Final = 40 * CAPTURE_RATE_HZ
"""The network takes 0.1 to 64 s (useful-moonshine-onnx, `assert_audio_size`); the cost grows with the square."""

LogProbabilities = NDArray[np.float32]
"""Natural logarithms, shape (hypotheses, pieces)."""

_Array = NDArray[np.float32]


@dataclass(frozen=True)
class Encoding:
    """What the encoder made of an utterance: shape (1, frames, width); one frame is 24 ms."""

    hidden: _Array


@dataclass(frozen=True)
class Memory:
    """The decoder's attention cache of several hypotheses that continue the same utterance."""

    encoding: Encoding
    own: tuple[_Array, ...]
    crossed: tuple[_Array, ...]

    def choose(self, rows: Sequence[int]) -> "Memory":
        """The caches of the hypotheses `rows`, in that order; a row may be taken more than once."""
        return Memory(self.encoding, tuple(array[list(rows)] for array in self.own), self.crossed)


Beginning = tuple[LogProbabilities, Memory]
"""An utterance of which no piece is read yet: how likely each is as the first, and the memory to go on from."""


class Moonshine:
    """Encoder and decoder on one CPU thread. Calls block for tens of milliseconds: not for the event loop."""

    def __init__(self, folder: Path) -> None:
        """Raises ModelFileError if the two files are not in `folder` or are no models."""
        self._encoder = _session(folder / ENCODER_FILE)
        self._decoder = _session(folder / DECODER_FILE)
        caches = [i for i in self._decoder.get_inputs() if i.name.startswith("past_key_values")]
        self._own = [i.name for i in caches if ".decoder." in i.name]
        self._crossed = [i.name for i in caches if ".encoder." in i.name]
        self._heads, self._width = caches[0].shape[1], caches[0].shape[3]
        self._present = [name.replace("past_key_values", "present") for name in (*self._own, *self._crossed)]

    def encode(self, samples: Samples) -> Encoding:
        """Encode 16 kHz samples; what is shorter or longer than the network takes is padded or cut."""
        padding = max(0, SHORTEST_SAMPLES - len(samples))
        cut = np.pad(samples[:LONGEST_SAMPLES], (0, padding))
        audio = (cut.astype(np.float32) / 32768.0)[np.newaxis]
        inputs = {"input_values": audio, "attention_mask": np.ones(audio.shape, np.int64)}
        hidden = self._encoder.run(["last_hidden_state"], inputs)[0]
        return Encoding(hidden)

    def begin(self, encoding: Encoding) -> Beginning:
        """The first piece's log probabilities, shape (1, pieces), and the memory to continue from."""
        nothing = np.zeros((0, self._heads, 1, self._width), np.float32)
        nothings = tuple(nothing for _ in self._own)
        return self._run([START], Memory(encoding, nothings, nothings), first=True)

    def step(self, tokens: Sequence[int], memory: Memory) -> tuple[LogProbabilities, Memory]:
        """Append one piece to each hypothesis of `memory`; log probabilities of the next, by hypothesis."""
        return self._run(tokens, memory, first=False)

    def _run(self, tokens: Sequence[int], memory: Memory, *, first: bool) -> tuple[LogProbabilities, Memory]:
        rows = len(tokens)
        inputs: dict[str, NDArray[np.generic]] = {
            "input_ids": np.array(tokens, np.int64)[:, np.newaxis],
            "encoder_hidden_states": _rows(memory.encoding.hidden, rows),
            "encoder_attention_mask": np.ones((rows, 1), np.int64),  # stands for all samples: none is padding
            "use_cache_branch": np.array([not first]),
        }
        inputs.update(zip(self._own, memory.own, strict=True))
        crossed = memory.crossed if first else tuple(_rows(array, rows) for array in memory.crossed)
        inputs.update(zip(self._crossed, crossed, strict=True))
        logits, *present = self._decoder.run(["logits", *self._present], inputs)
        own = tuple(present[: len(self._own)])
        return _log_softmax(logits[:, -1]), Memory(
            memory.encoding, own, tuple(present[len(self._own) :]) if first else memory.crossed
        )


def _rows(array: NDArray[np.generic], rows: int) -> NDArray[np.generic]:
    return np.repeat(array, rows, axis=0) if rows > 1 else array


def _log_softmax(logits: _Array) -> LogProbabilities:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), np.float32)


def missing_model(path: Path) -> ModelFileError:
    """The error for a file of the recogniser that is not there, or not readable."""
    return ModelFileError(
        f"speech recogniser: no model file {path}", fix=f"python -m daemon.brain.recognition.install {path.parent}"
    )


def _session(path: Path) -> onnxruntime.InferenceSession:
    if not path.is_file():
        raise missing_model(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # onnxruntime warns about the operating system's hardware files on every Pi
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidGraph, InvalidProtobuf) as failure:
        raise ModelFileError(
            f"speech recogniser: {path} is no model ({failure})",
            fix=f"delete it and run python -m daemon.brain.recognition.install {path.parent}",
        ) from failure
