"""Speech synthesis by the programs that the distribution packages: espeak-ng for replies, flite for a second voice."""

import asyncio
import os
import struct
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from daemon.errors import ModelFileError
from daemon.sound.pcm import REPLY_RATE_HZ, Samples, from_bytes, silence
from daemon.sound.resample import resample

DEADLINE_S: Final = 10.0
"""For one sentence; espeak-ng takes some 20 ms (Debian 12, x86_64)."""

_BARE: Final = {"PATH": os.environ.get("PATH", os.defpath)}
"""All that these programs get to see: the environment may hold the API key."""

_WAV_HEADER: Final = struct.Struct("<4s4x4s4sIHHIIHH4s4x")
_FORMAT: Final = (b"RIFF", b"WAVE", b"fmt ", 16, 1, 1, 16, b"data")


class Synthesiser(Protocol):
    """Something that speaks a text."""

    async def speak(self, text: str, rate_hz: int) -> Samples:
        """The sound of `text` at `rate_hz`; raises ModelFileError if the program is missing or fails."""
        ...


class Espeak:
    """espeak-ng in the voice of a language; a region that it has no voice for speaks as the language does."""

    def __init__(self, language: str = "en", *, program: str = "espeak-ng", deadline_s: float = DEADLINE_S) -> None:
        """`language` is a BCP 47 tag; "en" alone is American, as the other programs' voices are."""
        self._voice = "en-us" if language.lower() in ("", "en") else language
        self._program = program
        self._deadline_s = deadline_s

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text`. Text goes by standard input, so that nothing in it is taken for an option."""
        if not text.strip():
            return silence(0)
        command = (self._program, "-v", self._voice, "-b", "1", "--stdin", "--stdout")
        return _samples(await _run(command, text.encode(), self._deadline_s), rate_hz)


class Flite:
    """flite in one of its American voices: the one that wakes openWakeWord's models (tests, demo)."""

    def __init__(self, voice: str = "slt", *, program: str = "flite", deadline_s: float = DEADLINE_S) -> None:
        self._voice = voice
        self._program = program
        self._deadline_s = deadline_s

    async def speak(self, text: str, rate_hz: int = REPLY_RATE_HZ) -> Samples:
        """The sound of `text`. By a file: flite goes back to its beginning to write the length."""
        if not text.strip():
            return silence(0)
        with tempfile.NamedTemporaryFile(prefix="pipit-", suffix=".wav") as sound:
            await _run((self._program, "-voice", self._voice, "-t", text, "-o", sound.name), b"", self._deadline_s)
            return _samples(await asyncio.to_thread(sound.read), rate_hz)


async def _run(command: tuple[str, ...], written: bytes, deadline_s: float) -> bytes:
    """What `command` writes; the process is gone when this returns, is cancelled or raises ModelFileError."""
    name = command[0]
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=_BARE)
    except OSError as failure:
        fix = f"sudo apt install {Path(name).name}"
        raise ModelFileError(f"speech synthesis: cannot run {name} ({failure.strerror})", fix=fix) from failure
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
        raise ModelFileError(
            f"speech synthesis: {name}: {reason}", fix="choose a language that `espeak-ng --voices` lists"
        )
    return output


def _samples(wav: bytes, rate_hz: int) -> Samples:
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
