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
            return decode_audio(str(path), file)
    except FileNotFoundError as error:
        raise AudioFileError(f"there is no file {path}", fix="check the path") from error
    except OSError as error:
        raise AudioFileError(f"cannot read {path}: {error.strerror}", fix="check who may read it") from error


def decode_audio(name: str, file: IO[bytes]) -> Samples:
    """The same of an open file that can be rewound; `name` is what messages call it."""
    if not file.read(1):
        raise AudioFileError(f"{name} is empty", fix="record it again")
    file.seek(0)
    try:
        return _decode(name, file)
    except (soundfile.SoundFileError, TypeError) as error:  # TypeError: the name says that it has no header
        raise AudioFileError(f"{name} is not a sound file that can be read", fix=CONVERT) from error


KINDS: Final = {
    "": ("WAV", "PCM_16"),
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".ogg": ("OGG", "VORBIS"),
}
"""What a file is written as, by the end of its name."""


def kind_of(path: Path) -> tuple[str, str]:
    """Format and subtype, in libsndfile's words, that the name of `path` asks for. Raises AudioFileError."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise AudioFileError(f'cannot write "{path.suffix}" files', fix="let its name end in .wav, .flac or .ogg")
    return kind


def write_wav(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write `samples` as 16-bit mono WAV whatever the name; see `write_audio`."""
    _write(path, samples, rate_hz, KINDS[".wav"])


def write_audio(path: Path, samples: Samples, rate_hz: int) -> None:
    """Write mono `samples` as what the name asks for; the file appears under it only when it is complete.

    Raises AudioFileError if it cannot be written.
    """
    _write(path, samples, rate_hz, kind_of(path))


def _write(path: Path, samples: Samples, rate_hz: int, kind: tuple[str, str]) -> None:
    if path.is_dir():
        raise AudioFileError(f"{path} is a directory", fix="name the file to write in it")
    encoded = BytesIO()
    format_, subtype = kind
    with soundfile.SoundFile(encoded, "w", rate_hz, channels=1, format=format_, subtype=subtype) as sound:
        for at in range(0, len(samples), BLOCK_FRAMES):  # libvorbis overflows the stack with minutes at once
            sound.write(samples[at : at + BLOCK_FRAMES])
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(encoded.getbuffer())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        fix = "choose a directory that exists, has room and may be written to"
        raise AudioFileError(f"cannot write {path}: {error.strerror}", fix=fix) from error


def _decode(path: str, file: IO[bytes]) -> Samples:
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
