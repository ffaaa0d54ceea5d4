"""Speech synthesis, by the real programs where they are installed and by small scripts for what goes wrong."""

import asyncio
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from daemon.errors import ModelFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ, Samples
from daemon.speech.synthesis import Espeak, Flite, Synthesiser

needs_flite = pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed (sudo apt install flite)")


def loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


def program(folder: Path, script: str) -> str:
    """An executable shell script."""
    path = folder / "speaker"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def wav(samples: bytes, rate_hz: int = 16_000, channels: int = 1, bits: int = 16) -> bytes:
    frame = channels * bits // 8
    layout = struct.pack("<IHHIIHH", 16, 1, channels, rate_hz, rate_hz * frame, frame, bits)
    return b"RIFF" + bytes(4) + b"WAVEfmt " + layout + b"data" + struct.pack("<I", 0x7FFFF000) + samples


@pytest.mark.parametrize("synthesiser", [Espeak(), Espeak("de-CH"), pytest.param(Flite(), marks=needs_flite)])
async def test_a_sentence_becomes_sound_of_a_plausible_length(synthesiser: Synthesiser) -> None:
    sound = await synthesiser.speak("The lamp is on.", REPLY_RATE_HZ)
    assert sound.dtype == np.int16
    assert 0.6 < len(sound) / REPLY_RATE_HZ < 2.5
    assert loudness(sound) > 500


async def test_the_rate_changes_the_number_of_samples_and_not_the_length() -> None:
    slow, fast = [await Espeak().speak("Hello.", rate) for rate in (CAPTURE_RATE_HZ, REPLY_RATE_HZ)]
    assert len(fast) / len(slow) == pytest.approx(REPLY_RATE_HZ / CAPTURE_RATE_HZ, abs=0.01)


@pytest.mark.parametrize("text", ["", " \n"])
@pytest.mark.parametrize("synthesiser", [Espeak(program="/nonexistent"), Flite(program="/nonexistent")])
async def test_no_text_is_no_sound(synthesiser: Synthesiser, text: str) -> None:
    assert len(await synthesiser.speak(text, REPLY_RATE_HZ)) == 0


async def test_text_that_looks_like_an_option_is_spoken() -> None:
    assert loudness(await Espeak().speak("--version", REPLY_RATE_HZ)) > 500


async def test_languages_sound_different() -> None:
    american, german = [await Espeak(tag).speak("Radio Hamburg", REPLY_RATE_HZ) for tag in ("en", "de")]
    assert not np.array_equal(american, german)


async def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ModelFileError, match=r"espeak-ng: .*voice.*Fix: choose a language that `espeak-ng --voices`"):
        await Espeak("xx").speak("Hello.", REPLY_RATE_HZ)


async def test_a_missing_program_says_how_to_get_it() -> None:
    with pytest.raises(ModelFileError, match=r"cannot run /nowhere/espeak-ng .*Fix: sudo apt install espeak-ng$"):
        await Espeak(program="/nowhere/espeak-ng").speak("Hello.", REPLY_RATE_HZ)


def hanging_program(folder: Path) -> tuple[str, Callable[[], bool]]:
    """A program that never ends, and a function that waits until it has begun and says whether it still runs."""
    os.mkfifo(folder / "pid")
    pids: list[str] = []

    def runs() -> bool:
        if not pids:
            pids.append((folder / "pid").read_text().strip())
        return Path("/proc", pids[0]).exists()

    return program(folder, f"echo $$ >{folder}/pid; exec sleep 600"), runs


async def test_a_program_that_hangs_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    hanging = program(tmp_path, "exec sleep 600")
    with pytest.raises(ModelFileError, match=r"speaker took longer than 0\.05 s"):
        await Espeak(program=hanging, deadline_s=0.05).speak("Hello.", REPLY_RATE_HZ)


async def test_a_program_is_ended_when_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    hanging, runs = hanging_program(tmp_path)
    async with asyncio.TaskGroup() as tasks:
        speaking = tasks.create_task(Espeak(program=hanging).speak("Hello.", REPLY_RATE_HZ))
        assert await asyncio.to_thread(runs)
        speaking.cancel()
    assert speaking.cancelled()
    assert not runs()


async def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="speaker: out of cheese"):
        await Espeak(program=program(tmp_path, "echo out of cheese >&2; exit 3")).speak("Hello.", REPLY_RATE_HZ)


async def test_a_program_that_fails_silently_is_known_by_its_status(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="speaker: exit status 3"):
        await Espeak(program=program(tmp_path, "exit 3")).speak("Hello.", REPLY_RATE_HZ)


@pytest.mark.parametrize("output", [b"", b"Segmentation fault", wav(b"ab", bits=8), wav(b"abcd", channels=2)])
async def test_what_is_no_plain_wav_is_refused(tmp_path: Path, output: bytes) -> None:
    (tmp_path / "output").write_bytes(output)
    with pytest.raises(ModelFileError, match="no 16-bit mono WAV"):
        await Espeak(program=program(tmp_path, f"cat {tmp_path}/output")).speak("Hello.", REPLY_RATE_HZ)


async def test_the_samples_are_those_the_program_wrote(tmp_path: Path) -> None:
    (tmp_path / "output").write_bytes(wav(np.arange(10, dtype="<i2").tobytes() + b"\x00", rate_hz=CAPTURE_RATE_HZ))
    sound = await Espeak(program=program(tmp_path, f"cat {tmp_path}/output")).speak("Hello.", CAPTURE_RATE_HZ)
    assert sound.tolist() == list(range(10))
