"""Replies as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from daemon.errors import AudioFileError
from daemon.sound.pcm import REPLY_RATE_HZ, Samples
from daemon.sound.wav import write_audio

if TYPE_CHECKING:
    from pathlib import Path


def keep_reply(path: Path, reply: Samples) -> None:
    """Write `reply` (24 kHz) as what the name of `path` asks for, in a folder that is made if need be.

    Raises AudioFileError.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fix = "choose a folder that may be written to"
        raise AudioFileError(f"cannot make the folder {path.parent}: {error.strerror}", fix=fix) from error
    write_audio(path, reply, REPLY_RATE_HZ)
