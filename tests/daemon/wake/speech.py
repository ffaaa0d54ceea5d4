"""Wake words and requests, spoken by flite's voice slt: it wakes both models at every alignment of the hops."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.sound.pcm import Samples
from daemon.sound.wav import read_audio

SENTENCES = {
    "hey_jarvis": "hey jarvis, turn on the lamp",
    "alexa": "alexa, what time is it",
    "neither": "the weather will be fine tomorrow",
}

LAST_SOUNDS = {"hey_jarvis": ("s",), "alexa": ("s", "ax")}
"""The wake words end with the first of these in a row, in flite's alphabet."""


@dataclass(frozen=True)
class Spoken:
    """A sentence at 16 kHz, without anything around it, and where its wake word ends in it, in samples."""

    samples: Samples
    word_end: int


def spoken(name: str, text: str, folder: Path) -> Spoken:
    """`text`, which begins with the wake word `name`; skips the test where flite is not installed."""
    if not shutil.which("flite"):
        pytest.skip("flite is not installed: install.sh test does that, or apt install flite")
    path = folder / "spoken.wav"
    command = ["flite", "-voice", "slt", "-psdur", "-t", text, "-o", path]
    account = subprocess.run(command, check=True, timeout=60, capture_output=True, text=True).stdout
    return Spoken(read_audio(path), _word_end(account, LAST_SOUNDS.get(name, ())))


def _word_end(account: str, last_sounds: tuple[str, ...]) -> int:
    """From flite's account of the sounds and when each of them ends: "pau:0.164 hh:0.277 …"."""
    sounds = [(sound, float(end_s)) for sound, end_s in re.findall(r"(\w+):([\d.]+)", account)]
    names = tuple(sound for sound, _ in sounds)
    count = len(last_sounds)
    first = next(n for n in range(len(names)) if names[n : n + count] == last_sounds)
    return int(sounds[first + count - 1][1] * 16_000)
