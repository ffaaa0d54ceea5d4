"""A sound file taken apart: read from front to back and brought to 16 kHz mono; whether it holds anything to hear."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import soundfile  # type: ignore[import-untyped]
from numpy.typing import NDArray

from daemon.errors import AudioFileError
from daemon.sound.audible import Powers, is_silent
from daemon.sound.container import Mended, Section
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, rounded
from daemon.sound.resample import Resampler

LONGEST_S: Final = 3_600
LOWEST_HZ: Final = 4_000
HIGHEST_HZ: Final = 384_000
BLOCK_VALUES: Final = 65_536
"""Files are read in pieces: an hour of stereo as float32 would take more memory than a Raspberry Pi has."""

CONVERT: Final = "convert it to WAV, for example with `ffmpeg -i FILE out.wav`"
FULL_24: Final = 1 << 23
LOUDEST: Final = 256.0
"""Of floats, which have no bound of their own; 1 is as loud as a sample of whole numbers can be."""
TOO_LOUD: Final = 2.0
"""From here on a file of floats is more than a little over."""

Frames = NDArray[np.float32]
"""Shape (frames, channels), at the scale of int16."""


@dataclass(frozen=True)
class Recording:
    """What a file sounds like at 16 kHz, mono. `remarks` are sentences about what was not as it should be.

    `silence` says why there is nothing to hear; empty, there is.
    """

    samples: Samples
    remarks: tuple[str, ...] = ()
    silence: str = ""

    def audible(self) -> Samples:
        """The samples. Raises AudioFileError if there is nothing to hear: it would be sent, and paid for."""
        if self.silence:
            fix = "record it again, or use one channel of it; --anyway sends it as it is"
            raise AudioFileError(self.silence, fix=fix)
        return self.samples


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """Reads on until nothing comes. Where it can seek, soundfile believes the header, and seeks after each read."""

    damaged = False
    loudest = 0.0
    """Of floats, so far."""

    def seekable(self) -> bool:
        return False

    def whole_numbers(self) -> Iterator[NDArray[np.int32]]:
        """Blocks of shape (n, channels), at the scale of int32; of files without a codec."""
        while len(block := self.read(self._block, dtype="int32", always_2d=True)):
            yield block

    def floats(self) -> Iterator[Frames]:
        """Blocks of shape (n, channels) around 1.0, until the end or to where `damaged` begins."""
        while True:
            block = np.full((self._block, self.channels), np.nan, np.float32)
            try:
                read = self.read(out=block)
            except soundfile.SoundFileError:
                self.damaged = True
                read = block[: _written(block)]
            if len(read):
                yield read
            if self.damaged or not len(read):
                return

    @property
    def _block(self) -> int:
        channels: int = self.channels
        return max(256, BLOCK_VALUES // channels)


def _written(block: Frames) -> int:
    """How many frames came before an error: what follows is as it was, not a number, or was made zeros."""
    came = np.flatnonzero((np.isfinite(block) & (block != 0)).any(axis=1))
    return int(came[-1]) + 1 if len(came) else 0


def decoded(name: str, source: str | Mended, section: Section) -> Recording:
    """`source` is the path where nothing has to be mended: libsndfile reads no MP3 through a file of Python's."""
    try:
        lower = section.padded and _is_lower_24(source)
        if isinstance(source, Mended):
            source.seek(0)
        with _Forward(source) as sound:
            return _mono(name, sound, lower=lower)
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: the name says that it has no header
        raise AudioFileError(f"{name} is not a sound file that can be read", fix=CONVERT) from error


def _is_lower_24(source: str | Mended) -> bool:
    """Whether only the lower 24 bits of each 32 are used, with their sign above them or with nothing there.

    Recorders by ALSA write S24_LE as it is (alsa-utils #308), and their headers do not say so.
    """
    lowest, highest = 0, 0
    with _Forward(source) as sound:
        for block in sound.whole_numbers():
            lowest, highest = min(lowest, int(block.min())), max(highest, int(block.max()))
            if lowest < -FULL_24 or highest >= 2 * FULL_24:
                return False
    return bool(highest or lowest) and (highest < FULL_24 or lowest == 0)


def _mono(name: str, sound: _Forward, *, lower: bool) -> Recording:
    """As float32, or as whole numbers where only some of their bits are used."""
    rate_hz = sound.samplerate
    if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
        limits = f"{LOWEST_HZ} to {HIGHEST_HZ} Hz can be read"
        raise AudioFileError(f"{name} has a sampling rate of {rate_hz} Hz; {limits}", fix=CONVERT)
    resampler, powers, frames = Resampler(rate_hz, CAPTURE_RATE_HZ), Powers(sound.channels), 0
    parts: list[Samples] = []
    for block in _lower_24(sound) if lower else _scaled(sound):
        frames += len(block)
        check_length(name, frames, rate_hz)
        mean = block.mean(axis=1)
        powers.add(block, mean)
        parts.append(rounded(resampler.process_unrounded(mean)))
    samples = np.concatenate((*parts, resampler.flush()))
    if not len(samples):
        why = "is damaged from its beginning" if sound.damaged else "holds no sound"
        raise AudioFileError(f"{name} {why}", fix="record it again")
    return Recording(samples, tuple(_remarks(name, sound, frames, lower=lower)), _silence(name, samples, powers))


def _scaled(sound: _Forward) -> Iterator[Frames]:
    """At the scale of int16; what is not a number in a float file is silence."""
    for block in sound.floats():
        numbers = np.nan_to_num(block, posinf=1.0, neginf=-1.0)
        sound.loudest = max(sound.loudest, float(np.abs(numbers).max()))
        yield np.clip(numbers, -LOUDEST, LOUDEST) * np.float32(32_768)


def _lower_24(sound: _Forward) -> Iterator[Frames]:
    """The same of the lower 24 bits, whatever stands above them."""
    for block in sound.whole_numbers():
        signed = ((block & (2 * FULL_24 - 1)) ^ FULL_24) - FULL_24
        yield signed.astype(np.float32) / np.float32(256)


def _remarks(name: str, sound: _Forward, frames: int, *, lower: bool) -> Iterator[str]:
    if sound.damaged:
        yield f"{name} is damaged after {frames / sound.samplerate:.1f} s: what comes before is used"
    if sound.loudest > TOO_LOUD:
        yield f"{name} is {sound.loudest:.3g} times as loud as a sound file can be: what is above is cut off"
    if lower:
        yield f"{name} holds 24 bits in 32, as `arecord -f S24_LE` writes them: it is read so"


def _silence(name: str, samples: Samples, powers: Powers) -> str:
    if powers.cancelled:
        return f"the channels of {name} cancel each other out, so that nothing is left to hear"
    return f"{name} is silent" if is_silent(samples) else ""


def check_length(name: str, frames: int, rate_hz: int) -> None:
    """Raises AudioFileError for more than is read."""
    if frames > LONGEST_S * rate_hz:
        raise AudioFileError(f"{name} lasts more than {LONGEST_S // 60} minutes; at most 60 are read", fix="cut it")
