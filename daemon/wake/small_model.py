"""microWakeWord's small models, by the package pymicro-wakeword: the one place that knows it.

The package turns 10 ms of sound into features and asks a network of 55 kB about every three of them. Its own loop
around that takes twice the time of both, and gives the last score again for the two thirds of the features of which
there is none yet; so the network is run from here, over all the features of a hop at once.
"""

import importlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

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
        """`word` is one of `SMALL_MODELS`. Raises ImportError or OSError where the package is not, or cannot be used."""
        package: Any = importlib.import_module("pymicro_wakeword")
        features: Any = importlib.import_module("pymicro_features")
        self._frontend = features.MicroFrontend()
        self._waiting: list[list[float]] = []  # features that are too few to ask about, always less than a stride
        self._network = network = package.MicroWakeWord.from_builtin(package.Model(word))
        self._stride: Final[int] = network.stride
        self._scale, self._zero = network.input_scale, network.input_zero_point
        self._score: NDArray[np.uint8] = np.zeros(1, np.uint8)
        self._score_at: Final = self._score.ctypes.data

    def hear(self, samples: Samples) -> float:
        """The highest probability, 0 to 1, that the word ends in `samples`, whole steps of 10 ms; 0 if none was due."""
        self._waiting += self._features(samples.tobytes())
        due = len(self._waiting) - len(self._waiting) % self._stride
        if not due:
            return 0.0
        features = np.asarray(self._waiting[:due])
        del self._waiting[:due]
        scores = [self._ask(asked) for asked in self._quantised(features)]
        return max(scores) * _ONE_BYTE

    def _features(self, sound: bytes) -> list[list[float]]:
        steps = (sound[at : at + _STEP_BYTES] for at in range(0, len(sound), _STEP_BYTES))
        found = (self._frontend.process_samples(step).features for step in steps)
        return [features for features in found if features]

    def _quantised(self, features: NDArray[np.float64]) -> NDArray[np.int8]:
        """Shape (questions, stride × features)."""
        whole = np.rint(features / self._scale + self._zero)
        return whole.astype(self._network.input_dtype).reshape(-1, self._stride * features.shape[1])

    def _ask(self, features: NDArray[np.int8]) -> int:
        library, network = self._network.lib, self._network
        library.TfLiteTensorCopyFromBuffer(network.input_tensor, features.ctypes.data, features.nbytes)
        library.TfLiteInterpreterInvoke(network.interpreter)
        library.TfLiteTensorCopyToBuffer(network.output_tensor, self._score_at, 1)
        return int(self._score[0])
