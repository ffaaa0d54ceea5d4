"""The air of a room between two sound cards: the speaker reaches the microphone late, beside what people say.

`arecord … | air.py FOLDER DELAY_MS GAIN_DB | aplay …`, all of 16 kHz, one channel, 16 bits. A file `say` that appears
in the folder, of the same form without a header, is spoken at once. What was played, what people said and what the
microphone hears are kept there side by side, sample for sample.
"""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import BinaryIO

    from numpy.typing import NDArray

    Sound = NDArray[np.float64]

RATE_HZ = 16_000
PERIOD = 320
KEPT = ("played", "said", "heard")


class Air:
    """`gain` is that of the way from the speaker to the microphone."""

    def __init__(self, folder: Path, delay_periods: int, gain: float) -> None:
        self._say = folder / "say"
        self._gain = gain
        self._air: deque[Sound] = deque([np.zeros(PERIOD)] * delay_periods)
        self._voice = np.zeros(0)

    def pass_on(self, played: Sound) -> tuple[Sound, Sound]:
        """What people say in this period, and what the microphone hears of all."""
        if self._say.exists():
            self._voice = np.frombuffer(self._say.read_bytes(), "<i2").astype(float)
            self._say.unlink()
        said = np.zeros(PERIOD)
        said[: len(self._voice[:PERIOD])] = self._voice[:PERIOD]
        self._voice = self._voice[PERIOD:]
        self._air.append(played)
        return said, said + self._gain * self._air.popleft()


def rounded(sound: Sound) -> bytes:
    return np.clip(np.rint(sound), -32_768, 32_767).astype("<i2").tobytes()


def main(folder: Path, delay_ms: float, gain_db: float) -> None:
    air = Air(folder, round(delay_ms * RATE_HZ / 1000 / PERIOD), 10 ** (gain_db / 20))
    kept: list[BinaryIO] = [(folder / f"{name}.raw").open("wb", buffering=0) for name in KEPT]
    while period := sys.stdin.buffer.read(2 * PERIOD):
        played = np.frombuffer(period, "<i2").astype(float)
        said, heard = air.pass_on(played)
        sys.stdout.buffer.write(rounded(heard))
        sys.stdout.buffer.flush()
        for file, sound in zip(kept, (played, said, heard), strict=True):
            file.write(rounded(sound))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
