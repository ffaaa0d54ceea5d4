"""Speech for the wake word tests: synthesised on the spot, so that they prove something on any machine."""

import shutil
import subprocess
from pathlib import Path

import pytest

from daemon.sound.pcm import Samples
from daemon.sound.wav import read_audio
from tests.daemon.wake.signals import spoken_in_a_quiet_room

SENTENCES = {
    "hey_jarvis": "hey jarvis, turn on the lamp",
    "alexa": "alexa, what time is it",
    "neither": "the weather will be fine tomorrow",
}


@pytest.fixture(scope="session")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Samples]:
    """`SENTENCES` by flite's voice slt, which wakes both models at every alignment; 16 kHz, without anything around."""
    if not shutil.which("flite"):
        pytest.skip("flite is not installed: install.sh test does that, or apt install flite")
    folder = tmp_path_factory.mktemp("speech")
    return {name: _spoken(text, folder / f"{name}.wav") for name, text in SENTENCES.items()}


@pytest.fixture(scope="session")
def speech(sentences: dict[str, Samples]) -> Samples:
    """All of `SENTENCES`, with quiet noise before, between and after them."""
    return spoken_in_a_quiet_room(*sentences.values())


def _spoken(text: str, path: Path) -> Samples:
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", path], check=True, timeout=30)
    return read_audio(path)
