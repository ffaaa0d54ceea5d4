"""What every speaking program has in common: how it is run, and how what it writes becomes samples."""

import asyncio
import os
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from daemon.errors import ModelFileError
from daemon.sound.pcm import Samples, from_bytes
from daemon.sound.resample import resample

DEADLINE_S: Final = 10.0
"""For one sentence; espeak-ng takes some 20 ms (Debian 12, x86_64)."""

_BARE: Final = {"PATH": os.environ.get("PATH", os.defpath)}
"""All that these programs get to see: the environment may hold the API key."""

_WAV_HEADER: Final = struct.Struct("<4s4x4s4sIHHIIHH4s4x")
_FORMAT: Final = (b"RIFF", b"WAVE", b"fmt ", 16, 1, 1, 16, b"data")


async def run_program(
    command: tuple[str, ...], written: bytes, deadline_s: float, *, package: str = "", fix: str = ""
) -> bytes:
    """What `command` writes; the process is gone when this returns, is cancelled or raises ModelFileError.

    `package` is what the distribution calls it, if not by its own name; `fix` is what to do when it fails.
    """
    name = command[0]
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=_BARE)
    except OSError as failure:
        get = f"sudo apt install {package or Path(name).name}"
        raise ModelFileError(f"speech synthesis: cannot run {name} ({failure.strerror})", fix=get) from failure
    try:
        async with asyncio.timeout(deadline_s):
            output, problem = await process.communicate(written)
    except TimeoutError as failure:
        raise ModelFileError(
            f"speech synthesis: {name} took longer than {deadline_s:g} s", fix="see what else loads this machine"
        ) from failure
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode:
        reason = problem.decode(errors="replace").strip() or f"exit status {process.returncode}"
        raise ModelFileError(f"speech synthesis: {name}: {reason}", fix=fix or "see what it says by itself")
    return output


async def written_by(
    command: tuple[str, ...], text: bytes, deadline_s: float, *, package: str = "", fix: str = ""
) -> bytes:
    """The WAV file that `command` writes to the path after its last argument: it goes back there for the length.

    Otherwise as `run_program`.
    """
    with tempfile.NamedTemporaryFile(prefix="pipit-", suffix=".wav") as sound:
        await run_program((*command, sound.name), text, deadline_s, package=package, fix=fix)
        return await asyncio.to_thread(sound.read)


def samples_of(wav: bytes, rate_hz: int) -> Samples:
    """The samples of a plain WAV file; its length is not believed, since programs that write to a pipe guess it."""
    riff, wave, chunk, size, kind, channels, from_hz, _, _, bits, data = (
        _WAV_HEADER.unpack_from(wav) if len(wav) >= _WAV_HEADER.size else (None,) * 11
    )
    if (riff, wave, chunk, size, kind, channels, bits, data) != _FORMAT:
        raise ModelFileError(
            f"speech synthesis: no 16-bit mono WAV but {wav[:12]!r}", fix="sudo apt install --reinstall espeak-ng flite"
        )
    body = wav[_WAV_HEADER.size :]
    return resample(from_bytes(body[: len(body) // 2 * 2]), from_hz, rate_hz)
