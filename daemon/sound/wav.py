"""Sound files; the only file that knows soundfile."""

from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Final

import numpy as np
import soundfile  # type: ignore[import-untyped]

from daemon.errors import AudioFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples, Unrounded, rounded
from daemon.sound.resample import Resampler

LONGEST_S: Final = 3_600
LOWEST_HZ: Final = 4_000
HIGHEST_HZ: Final = 384_000
BLOCK_FRAMES: Final = 65_536
"""Files are read in pieces: an hour of stereo as float32 would take more memory than a Raspberry Pi has."""

CONVERT: Final = "convert it to WAV, for example with `ffmpeg -i FILE out.wav`"


def read_audio(path: Path) -> Samples:
    """What `path` sounds like at 16 kHz, mono: the mean of its channels, for they are not slots of a microphone.

    Takes whatever libsndfile reads: WAV of any kind, FLAC, OGG, MP3. A 16 kHz mono 16-bit file comes through bit for
    bit. Raises AudioFileError for anything else, and for a file that is missing, empty or longer than an hour.
    """
    if path.is_dir():
        raise AudioFileError(f"{path} is a directory, not a sound file", fix="name the file in it")
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise AudioFileError(f"{path} is empty", fix="record it again")
            file.seek(0)
            return _decode(path, file)
    except FileNotFoundError as error:
        raise AudioFileError(f"there is no file {path}", fix="check the path") from error
    except OSError as error:
        raise AudioFileError(f"cannot read {path}: {error.strerror}", fix="check who may read it") from error
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: the name says that it has no header
        raise AudioFileError(f"{path} is not a sound file that can be read", fix=CONVERT) from error


def write_wav(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write `samples` as 16-bit mono WAV; the file appears under its name only when it is complete.

    Raises AudioFileError if it cannot be written.
    """
    if path.is_dir():
        raise AudioFileError(f"{path} is a directory", fix="name the file to write in it")
    encoded = BytesIO()
    soundfile.write(encoded, samples, rate_hz, format="WAV", subtype="PCM_16")
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(encoded.getbuffer())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        fix = "choose a directory that exists, has room and may be written to"
        raise AudioFileError(f"cannot write {path}: {error.strerror}", fix=fix) from error


def _decode(path: Path, file: IO[bytes]) -> Samples:
    with soundfile.SoundFile(file) as sound:
        rate_hz = sound.samplerate
        if not LOWEST_HZ <= rate_hz <= HIGHEST_HZ:
            limits = f"{LOWEST_HZ} to {HIGHEST_HZ} Hz can be read"
            raise AudioFileError(f"{path} has a sampling rate of {rate_hz} Hz; {limits}", fix=CONVERT)
        if sound.frames > LONGEST_S * rate_hz:
            minutes = sound.frames / rate_hz / 60
            raise AudioFileError(f"{path} lasts {minutes:.0f} minutes; at most 60 are read", fix="cut it")
        resampler = Resampler(rate_hz, CAPTURE_RATE_HZ)
        parts = [rounded(resampler.process_unrounded(block)) for block in _mono_blocks(sound)]
    samples = np.concatenate((*parts, resampler.flush()))
    if not len(samples):
        raise AudioFileError(f"{path} holds no sound", fix="record it again")
    return samples


def _mono_blocks(sound: soundfile.SoundFile) -> Iterator[Unrounded]:
    """The mean of the channels at the scale of int16; what is not a number in a float file is silence."""
    for block in sound.blocks(BLOCK_FRAMES, dtype="float32", always_2d=True):
        finite = np.nan_to_num(block, posinf=1.0, neginf=-1.0)
        yield finite.mean(axis=1) * np.float32(32_768)
