"""microWakeWord's small models, by the package pymicro-wakeword: the one place that knows it.

The package turns 10 ms of sound into features and asks a network of 55 kB about every three of them. Its own loop
around that takes more time than both, and gives the last score again for the two thirds of the features of which there
is none yet; so the network is run from here, over all the features of a hop at once. What runs once a hop finds the
processor's caches cold, hence no numpy here (decision 0047).
"""

import ctypes
import importlib
from typing import Any, Final

from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

SMALL_MODELS: Final = frozenset({"alexa", "hey_jarvis", "hey_mycroft"})
"""The wake words that the package has a model of, and Pipit one of openWakeWord's. (It also has "okay nabu".)"""

PACKAGE_MODULES: Final = ("pymicro_wakeword", "pymicro_features")

_STEP_BYTES: Final = 2 * CAPTURE_RATE_HZ // 100
_ONE_BYTE: Final = 1 / 256
"""The networks give a probability as one byte."""


class SmallModel:
    """One wake word's network, with what it remembers of the sound so far."""

    def __init__(self, word: str) -> None:
        """`word` is one of `SMALL_MODELS`. Raises ImportError or OSError if the package cannot be used."""
        package: Any = importlib.import_module("pymicro_wakeword")
        features: Any = importlib.import_module("pymicro_features")
        self._step: Final = features.MicroFrontend().process_samples
        self._network: Final = package.MicroWakeWord.from_builtin(package.Model(word))
        self._invoke: Final = self._network.lib.TfLiteInterpreterInvoke
        self._asked: Final = _memory_of(self._network.lib, self._network.input_tensor)
        self._score: Final = _memory_of(self._network.lib, self._network.output_tensor)
        self._quantised: Final = _Quantised(self._network.input_scale, self._network.input_zero_point)
        self._waiting = b""  # features of fewer steps than the network is asked about

    def hear(self, samples: Samples) -> float:
        """The highest probability, 0 to 1, that the word ends in `samples`, whole steps of 10 ms; 0 if none was due."""
        sound, features, step, size = samples.tobytes(), [], self._step, len(self._asked)
        for at in range(0, len(sound), _STEP_BYTES):
            features += step(sound[at : at + _STEP_BYTES]).features
        waiting = self._waiting + bytes(map(self._quantised.__getitem__, features))
        due = len(waiting) - len(waiting) % size
        self._waiting = waiting[due:]
        return max([self._ask(waiting[at : at + size]) for at in range(0, due, size)], default=0) * _ONE_BYTE

    def _ask(self, features: bytes) -> int:
        self._asked[:] = features
        self._invoke(self._network.interpreter)
        return int(self._score[0])


class _Quantised(dict[float, int]):
    """The byte that the network knows a feature by; there are some 700 features, all multiples of 10/256."""

    def __init__(self, scale: float, zero: int) -> None:
        super().__init__()
        self._scale, self._zero = scale, zero

    def __missing__(self, feature: float) -> int:
        self[feature] = byte = round(feature / self._scale + self._zero) & 0xFF
        return byte


def _memory_of(library: Any, tensor: int) -> "memoryview[int]":
    """Where the network's input or output lies, as long as the network does."""
    library.TfLiteTensorData.argtypes, library.TfLiteTensorData.restype = [ctypes.c_void_p], ctypes.c_void_p
    size = library.TfLiteTensorByteSize(tensor)
    return memoryview((ctypes.c_ubyte * size).from_address(library.TfLiteTensorData(tensor))).cast("B")
