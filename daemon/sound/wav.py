"""Sound files, written and read; with `wav_decoding`, the only one that knows soundfile."""

import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import numpy as np
import soundfile  # type: ignore[import-untyped]

from daemon.errors import AudioFileError
from daemon.sound.container import Mended, Section, sections
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.sound.spool import as_file, pipe_of, shown, spooled
from daemon.sound.wav_decoding import BLOCK_VALUES, Recording, check_length, decoded

__all__ = ["Recording", "decode_audio", "kind_of", "read_audio", "read_recording", "write_audio", "write_wav"]


def read_audio(path: Path) -> Samples:
    """The samples of `read_recording`, silent or not."""
    return read_recording(path).samples


def read_recording(path: Path) -> Recording:
    """What `path` sounds like: the mean of its channels, for they are not slots of a microphone.

    Takes whatever libsndfile reads: WAV of any kind, FLAC, OGG, MP3; also through a pipe. It is read until nothing
    comes, whatever its header says of its length, and up to a place that is damaged. A 16 kHz mono 16-bit file comes
    through bit for bit. Raises AudioFileError for anything else, and for a file that is missing, empty or longer than
    an hour.
    """
    name = shown(path)
    with _reading(name), as_file(path) as file:
        return _recording(name, file)


def decode_audio(name: str, stream: IO[bytes]) -> Recording:
    """The same of an open stream, which is read to its end; `name` is what messages call it."""
    with _reading(name), pipe_of(name, stream) as pipe, spooled(name, pipe) as file:
        return _recording(name, file)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AudioFileError(f"cannot read {name}: {error.strerror}", fix="check who may read it") from error


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

    What is there and is no file, such as a pipe, is written into. Raises AudioFileError if it cannot be written.
    """
    _write(path, samples, rate_hz, kind_of(path))


def _write(path: Path, samples: Samples, rate_hz: int, kind: tuple[str, str]) -> None:
    encoded = io.BytesIO()
    format_, subtype = kind
    with soundfile.SoundFile(encoded, "w", rate_hz, channels=1, format=format_, subtype=subtype) as sound:
        for at in range(0, len(samples), BLOCK_VALUES):  # libvorbis overflows the stack with minutes at once
            sound.write(samples[at : at + BLOCK_VALUES])
    try:
        _place(path, encoded.getbuffer())
    except OSError as error:
        fix = "choose a directory that exists, has room and may be written to"
        raise AudioFileError(f"cannot write {shown(path)}: {error.strerror}", fix=fix) from error


def _place(path: Path, data: memoryview) -> None:
    mode = path.stat().st_mode if path.exists() else stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise AudioFileError(f"{shown(path)} is a directory", fix="name the file to write in it")
    if not stat.S_ISREG(mode):
        path.write_bytes(data)
        return
    whole = path.resolve()  # a link stays one
    part = whole.with_name(f".{whole.name}.part")
    try:
        part.write_bytes(data)
        part.replace(whole)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


def _recording(name: str, path: Path) -> Recording:
    with path.open("rb") as file:
        if not file.read(1):
            raise AudioFileError(f"{name} is empty", fix="record it again")
        found = sections(file)
        parts: list[Recording] = []
        remarks: list[str] = []
        for section in found:
            try:
                with _source(name, path, file, section, alone=len(found) == 1) as source:
                    parts.append(decoded(name, source, section))
            except AudioFileError:
                if not parts:
                    raise
                remarks = [f"{name} is damaged: a part of it cannot be read"]
    if len(parts) == 1 and not remarks:
        return parts[0]
    samples = np.concatenate([part.samples for part in parts])
    check_length(name, len(samples), CAPTURE_RATE_HZ)
    told = (remark for part in parts for remark in part.remarks)
    silence = parts[0].silence if all(part.silence for part in parts) else ""
    return Recording(samples, tuple(dict.fromkeys((*told, *remarks))), silence)


@contextmanager
def _source(name: str, path: Path, file: IO[bytes], section: Section, *, alone: bool) -> Iterator[str | Mended]:
    """Where libsndfile reads `section`: the file itself if that is all there is, and nothing in it has to be mended."""
    if alone and not section.patches:
        yield str(path)
    elif section.needs_path:
        with spooled(name, Mended(file, section)) as copy:
            yield str(copy)
    else:
        yield Mended(file, section)
