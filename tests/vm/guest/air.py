"""The air of a room between the guest's sound cards: the speaker reaches the microphone late, beside what people say.

`air.py FOLDER DELAY_MS GAIN_DB`. A file `say` that appears in the folder, 16 kHz, one channel, 16 bits without a
header, is spoken at once. What was played, what people said and what the microphone hears are kept there in the same
form, side by side, sample for sample; `late` has for how many ms, at most, sound had to wait beyond what it should.
"""

from __future__ import annotations

import fcntl
import struct
import subprocess
import sys
import termios
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import IO, BinaryIO

    from numpy.typing import NDArray

    Sound = NDArray[np.float64]

RATE_HZ = 16_000
PERIOD = 320
KEPT = ("played", "said", "heard")
FORM = f"-q -t raw -f S16_LE -c 1 -r {RATE_HZ} --period-time=20000"
RECORDER = f"arecord {FORM} --buffer-time=2000000 -D plughw:Speaker,1,0"
PLAYER = f"aplay {FORM} --buffer-time=120000 -D plughw:Mic,0,0"
"""What it holds is late as well; a guest that has to wait for longer loses sound."""
LATEST_BYTES = 4 * 2 * PERIOD
"""What waits beyond that was held up, and is left out: else all that follows were late for ever."""


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


def waiting_bytes(player: IO[bytes]) -> int:
    """What the player has not taken yet."""
    (count,) = struct.unpack("i", fcntl.ioctl(player.fileno(), termios.FIONREAD, bytes(4)))
    return int(count)


def main(folder: Path, delay_ms: float, gain_db: float) -> None:
    air = Air(folder, round(delay_ms * RATE_HZ / 1000 / PERIOD), 10 ** (gain_db / 20))
    kept: list[BinaryIO] = [(folder / f"{name}.raw").open("wb", buffering=0) for name in KEPT]
    recorder = subprocess.Popen(RECORDER.split(), stdout=subprocess.PIPE)
    player = subprocess.Popen(PLAYER.split(), stdin=subprocess.PIPE, bufsize=0)
    assert recorder.stdout
    assert player.stdin
    latest = 0
    while period := recorder.stdout.read(2 * PERIOD):
        played = np.frombuffer(period, "<i2").astype(float)
        said, heard = air.pass_on(played)
        late = waiting_bytes(player.stdin)
        if late <= LATEST_BYTES:
            player.stdin.write(rounded(heard))
        if late > latest:
            latest = late
            (folder / "late").write_text(f"{1000 * late / 2 / RATE_HZ:.0f}")
        for file, sound in zip(kept, (played, said, heard), strict=True):
            file.write(rounded(sound))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
