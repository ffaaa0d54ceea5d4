"""How likely a small network thinks its word, finer than the one byte that it gives.

Most speech is 0 of 256 to it, and so is the beginning of its word. The number that its last step makes that byte of, by
the logistic function, still lies in its memory, and tells them apart. That is no promise of TensorFlow's: so each time
it must fit the byte, and the first time it does not it is not asked again.
"""

from __future__ import annotations

import logging
import math
from typing import Final

UNRESOLVED: Final = -9.0
"""What 0 of 256 counts as where the byte is all there is: too little to be possible, too much to be sure that it is not
near (`daemon.wake.first_stage`)."""

_TOLERANCE: Final = 1
"""In 256ths; libraries round differently."""

log = logging.getLogger(__name__)


class LogOdds:
    """Reads what a network said last."""

    def __init__(self, byte: memoryview[int], before: memoryview[int] | None, scale: float, zero: int) -> None:
        """`byte` is where it says so, and `before` what that is made of: log-odds / scale + zero, a signed byte."""
        self._byte = byte
        self._before = before
        self._fine = {number: (number - zero) * scale for number in range(-128, 128)}
        self._fitting = {number: round(256 / (1 + math.exp(-odds))) for number, odds in self._fine.items()}
        self._coarse = [UNRESOLVED, *(math.log(number / (256 - number)) for number in range(1, 256))]

    def latest(self) -> float:
        """The natural logarithm of p / (1 - p)."""
        byte = self._byte[0]
        if self._before is not None:
            number = self._before[0]
            if abs(self._fitting[number] - byte) <= _TOLERANCE:
                return self._fine[number]
            self._before = None
            log.debug("the small network tells probabilities in steps of 1/256 here, so each hop is looked at alone")
        return self._coarse[byte]
