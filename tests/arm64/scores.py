"""What the wake engine makes of a recording, on this processor; and whether two processors agree.

python scores.py RECORDING MODELS       print the scores of every hop, as JSON
python scores.py --compare HERE THERE   1 if two such files differ by more than `MAY_DIFFER`, or heard nothing
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from daemon.sound.pcm import samples_of_ms, silence
from daemon.sound.wav import read_audio
from daemon.wake.engine import WakeEngine
from daemon.wake.melspectrogram import HOP_SAMPLES

WORDS: Final = ("hey_jarvis", "alexa")

SETTLING_MS: Final = 3000
"""Silence in front: the engine ignores what it hears first."""

MAY_DIFFER: Final = 1e-3
"""Of scores from 0 to 1: processors add up in different orders."""

HEARD: Final = 0.5
"""What a wake word scores at least."""


def scores(recording: Path, models: Path) -> list[list[float]]:
    """The scores of `WORDS` after each hop of the recording, with silence before and after it."""
    engine = WakeEngine(WORDS, models, gated=False)
    before, after = silence(samples_of_ms(SETTLING_MS)), silence(samples_of_ms(1000))
    samples = np.concatenate((before, read_audio(recording), after))
    found = []
    for start in range(0, len(samples) - HOP_SAMPLES, HOP_SAMPLES):
        engine.process(samples[start : start + HOP_SAMPLES], start)
        found.append([engine.last_scores[word] for word in WORDS])
    return found


def compare(here: list[list[float]], there: list[list[float]]) -> int:
    """Say how far two lists of scores are apart; the exit status."""
    apart = max(abs(a - b) for mine, theirs in zip(here, there, strict=True) for a, b in zip(mine, theirs, strict=True))
    highest = max(hop[0] for hop in here)
    print(f"{len(here)} hops, {WORDS[0]} {highest:.4f}, at most {apart:.6f} apart")
    return 0 if apart <= MAY_DIFFER and highest >= HEARD else 1


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for."""
    if arguments[0] == "--compare":
        here, there = (json.loads(Path(name).read_text()) for name in arguments[1:])
        return compare(here, there)
    print(json.dumps(scores(Path(arguments[0]), Path(arguments[1]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
