"""How speaking programs are run, by small scripts for what goes wrong, and what is made of what they write."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from daemon.errors import ModelFileError
from daemon.sound.pcm import CAPTURE_RATE_HZ, REPLY_RATE_HZ
from daemon.speech.synthesis import Espeak
from tests.daemon.speech.scripts import program, wav


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
