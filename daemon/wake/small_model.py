"""microWakeWord's small models, by the package pymicro-wakeword: the one place that knows it.

The package turns 10 ms of sound into features and asks a network of 55 kB about every three of them. Its own loop
around that takes more time than both, and gives the last score again for the two thirds of the features of which there
is none yet; so the network is run from here, over all the features of a hop at once. What runs once a hop finds the
processor's caches cold, hence no numpy here (decision 0047).
"""

import ctypes
import importlib
import math
from itertools import count, takewhile
from typing import Any, Final

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.wake.log_odds import LogOdds

SMALL_MODELS: Final = frozenset({"alexa", "hey_jarvis", "hey_mycroft"})
"""The wake words that the package has a model of, and Pipit one of openWakeWord's. (It also has "okay nabu".)"""

PACKAGE_MODULES: Final = ("pymicro_wakeword", "pymicro_features")

_STEP_BYTES: Final = 2 * CAPTURE_RATE_HZ // 100
_ONE_BYTE: Final = 1 / 256
"""The networks give a probability as one byte."""

_SIGNED_BYTE: Final = 9
"""kTfLiteInt8 of TensorFlow's `c_api_types.h`."""


class SmallModel:
    """One wake word's network, with what it remembers of the sound so far."""

    def __init__(self, word: str) -> None:
        """`word` is one of `SMALL_MODELS`. Raises ImportError or OSError if the package cannot be used."""
        package: Any = importlib.import_module("pymicro_wakeword")
        self._features: Final[Any] = importlib.import_module("pymicro_features")
        self._frontend: Final = self._features.create_frontend()
        self._network: Final = package.MicroWakeWord.from_builtin(package.Model(word))
        self._invoke: Final = self._network.lib.TfLiteInterpreterInvoke
        self._interpreter: Final = self._network.interpreter
        self._asked: Final = _memory_of(self._network.lib, self._network.input_tensor)
        self._said: Final = _log_odds_of(self._network)
        self._quantised: Final = _Quantised(self._network.input_scale, self._network.input_zero_point)
        self._waiting = b""  # features of fewer steps than the network is asked about

    def hear(self, samples: Samples) -> float:
        """The highest log-odds that the word ends in `samples`, whole steps of 10 ms; -inf if none was due."""
        waiting, size = self._waiting + self._features_of(samples.tobytes()), len(self._asked)
        due = len(waiting) - len(waiting) % size
        self._waiting = waiting[due:]
        return max([self._ask(waiting[at : at + size]) for at in range(0, due, size)], default=-math.inf)

    def _features_of(self, sound: bytes) -> bytes:
        features: list[float] = []
        step, frontend = self._features.process_samples, self._frontend
        for at in range(0, len(sound), _STEP_BYTES):
            features += step(frontend, sound[at : at + _STEP_BYTES])[0]
        return bytes(map(self._quantised.__getitem__, features))

    def _ask(self, features: bytes) -> float:
        self._asked[:] = features
        self._invoke(self._interpreter)
        return self._said.latest()


class _Quantised(dict[float, int]):
    """The byte that the network knows a feature by; there are some 700 features, all multiples of 10/256."""

    def __init__(self, scale: float, zero: int) -> None:
        super().__init__()
        self._scale, self._zero = scale, zero

    def __missing__(self, feature: float) -> int:
        self[feature] = byte = round(feature / self._scale + self._zero) & 0xFF
        return byte


def _memory_of(library: Any, tensor: int) -> "memoryview[int]":
    """Where a tensor of the network lies, as long as the network does; a NULL pointer is an OSError."""
    library.TfLiteTensorData.argtypes, library.TfLiteTensorData.restype = [ctypes.c_void_p], ctypes.c_void_p
    at = library.TfLiteTensorData(tensor)
    if not at:
        raise OSError("a tensor of the small network has no memory of its own")
    return memoryview((ctypes.c_ubyte * library.TfLiteTensorByteSize(tensor)).from_address(at)).cast("B")


def _log_odds_of(network: Any) -> LogOdds:
    byte = _memory_of(network.lib, network.output_tensor)
    try:
        last = _last_step(network)
        quantised = network.lib.TfLiteTensorQuantizationParams(last)
        return LogOdds(byte, _memory_of(network.lib, last).cast("b"), quantised.scale, quantised.zero_point)
    except (AttributeError, OSError, ValueError):  # not the library that the wheels have today
        return LogOdds(byte, None, 1.0, 0)


def _last_step(network: Any) -> int:
    """The tensor that is one signed byte but no probability yet; ValueError if there is not exactly one."""
    library = network.lib
    tensor_at, is_of_type = library.TfLiteInterpreterGetTensor, library.TfLiteTensorType
    tensor_at.argtypes, tensor_at.restype = [ctypes.c_void_p, ctypes.c_int32], ctypes.c_void_p
    tensors = takewhile(bool, (tensor_at(network.interpreter, number) for number in count()))
    (last,) = [
        tensor
        for tensor in tensors
        if is_of_type(tensor) == _SIGNED_BYTE
        and library.TfLiteTensorByteSize(tensor) == 1
        and library.TfLiteTensorQuantizationParams(tensor).scale > _ONE_BYTE
    ]
    return int(last)
