"""What hearing other languages takes: of the processor beside Whisper with its 30 s, and of memory. Needs the extra.

What is understood of it is `python -m tests.benchmarks.understanding --spoken pico --language de`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest

from daemon.brain.abilities import abilities
from daemon.brain.recognition.language_files import WHISPER_FOLDER, chosen_folder
from daemon.brain.recognition.whisper import Whisper, whisper_installed
from daemon.brain.sentences_in import spoken_of
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples
from daemon.speech.synthesis import Espeak
from tests.benchmarks.understanding.house import functions_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.figures import Figures

COMMANDS: Final = (
    "mach bitte die Lampe in der Küche an",
    "stell einen Timer auf zehn Minuten",
    "wie warm ist es im Garten",
)
PROGRAM: Final = """
import sys
from pathlib import Path
import numpy as np
from daemon.at_home.brain_process import be_modest
from daemon.brain.nearest import found_nearest
from daemon.brain.other_ears import found_ears
from daemon.brain.local import LocalBrain
be_modest(400)
nearest, ears = found_nearest("auto"), found_ears(Path(sys.argv[1]))
LocalBrain(Path(sys.argv[1]), nearest=nearest, ears=ears)
assert ears and ears.hears("de")
for _ in range(3):
    noise = np.random.default_rng(1).normal(0, 3000, 16000 * int(sys.argv[2])).astype(np.int16)
    ears.words(noise, "de", ["Wohnzimmerlampe"] * 20)
if nearest:
    nearest.guess("mach die Lampe an")
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


@pytest.fixture(scope="module")
def folder(models: Path) -> Path:
    if chosen_folder(models) is None or not whisper_installed():
        pytest.skip(f"the extra is not installed, or {models / WHISPER_FOLDER} is not there")
    return models


def of_thirty_seconds(whisper: Whisper, sound: Samples) -> None:
    prompt = whisper._controls("startoftranscript", "de", "transcribe", "notimestamps")
    whisper._read(np.pad(sound, (0, 30 * CAPTURE_RATE_HZ - len(sound))), prompt, len(sound) / CAPTURE_RATE_HZ)


def test_a_command_takes_a_quarter_of_what_it_takes_with_thirty_seconds(folder: Path, figures: Figures) -> None:
    whisper = Whisper(folder / WHISPER_FOLDER)
    sounds = [asyncio.run(Espeak("de").speak(text, CAPTURE_RATE_HZ))[: 2 * CAPTURE_RATE_HZ] for text in COMMANDS]
    names = spoken_of(abilities(functions_of("de")))
    whisper.hear(sounds[0], "de", names)
    began = time.process_time()
    for sound in sounds:
        whisper.hear(sound, "de", names)
    short = time.process_time() - began
    for sound in sounds:
        of_thirty_seconds(whisper, sound)
    long = time.process_time() - began - short
    print(f"a command of 2 s: {short / len(sounds):.2f} s of the processor; with 30 s {long / len(sounds):.2f} s")
    figures.at_most(0.25, "of it", "a command of 2 s beside Whisper with its 30 s", short / long)


def test_half_a_minute_of_noise_costs_nothing(folder: Path, figures: Figures) -> None:
    whisper = Whisper(folder / WHISPER_FOLDER)
    noise = np.random.default_rng(1).normal(0, 3_000, 30 * CAPTURE_RATE_HZ).astype(np.int16)
    began = time.process_time()
    heard = whisper.hear(noise, "de").text
    figures.at_most(0.1, "s of CPU", "30 s of noise", time.process_time() - began)
    figures.at_most(0, "letters", "heard in 30 s of noise", len(heard))


def test_the_process_stays_within_its_memory(folder: Path, figures: Figures) -> None:
    """The largest of what was resident, with the model of the understanding, after the longest speech that is heard."""
    command = [sys.executable, "-c", PROGRAM, str(folder), "14"]
    resident = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) / 1024
    figures.at_most(330, "MB", "the brain at home with the extra recogniser, resident", resident)
