"""`python -m tests.benchmarks.paced ENGINE MODELS SOUND`: a wake word engine in a process of its own, paced as in life.

It gets a hop every 80 ms, as from a microphone; in a hot loop caches stay warm and nothing has to wake up, which makes
an engine up to three times as cheap as it is. Prints ms of CPU for a second of sound, and resident MB. SOUND is 16 kHz
mono, S16_LE; its first seconds are not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from daemon.doctor.bench.keeping_time import keeping_time
from daemon.wake.melspectrogram import HOP_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from daemon.sound.pcm import Samples

WORD: Final = "alexa"
HOP_S: Final = 0.08
NOT_COUNTED_HOPS: Final = 75
"""6 s: the engine has settled, its quiet gate knows the room, and the first stage's opening is over."""
FIRST_HOPS: Final = 125
"""Buffers of the stock package grow for 10 s."""


class Cost(NamedTuple):
    """CPU of the whole process, waking up included."""

    ms_per_s: float
    resident_mb: float


def stock(models: Path) -> Callable[[Samples], object]:
    from tests.daemon.wake.signals import stock_model

    predict: Callable[[Samples], object] = stock_model(models, [WORD]).predict
    for hop in np.random.default_rng(0).normal(0, 8, (FIRST_HOPS, HOP_SAMPLES)).astype(np.int16):
        predict(hop)
    return predict


def exact(models: Path) -> Callable[[Samples], object]:
    from daemon.wake.engine import WakeEngine

    engine = WakeEngine([WORD], models, strides=True)
    return lambda hop: engine.process(hop, 0)


def staged(models: Path) -> Callable[[Samples], object]:
    from daemon.wake.engine import WakeEngine
    from daemon.wake.first_stage import first_stage_of

    engine = WakeEngine([WORD], models, first_stage=first_stage_of([WORD], 0.5))
    assert engine.has_first_stage, "pymicro-wakeword is not installed"
    return lambda hop: engine.process(hop, 0)


ENGINES: Final = {"stock": stock, "exact": exact, "staged": staged}


def main() -> None:
    name, models, sound = sys.argv[1:]
    look = ENGINES[name](Path(models))
    samples = np.fromfile(sound, "<i2")
    for number, hop in enumerate(keeping_time(samples, HOP_SAMPLES)):
        if number == NOT_COUNTED_HOPS:
            begin = time.process_time()
        look(hop)
    used_ms = (time.process_time() - begin) * 1e3
    print(json.dumps(Cost(used_ms / ((number + 1 - NOT_COUNTED_HOPS) * HOP_S), resident_mb())))


def resident_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def costs(engines: Iterable[tuple[str, Samples]], models: Path, folder: Path) -> list[Cost]:
    """Each engine over its sound, all at the same time, so that they see the same load."""
    children = []
    for number, (name, samples) in enumerate(engines):
        sound = folder / f"{number}.pcm"
        samples.astype("<i2").tofile(sound)
        command = [sys.executable, "-m", "tests.benchmarks.paced", name, str(models), str(sound)]
        children.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        time.sleep(HOP_S / 5)  # so that they do not all wake up at once
    return [Cost(*json.loads(child.communicate()[0])) for child in children]


if __name__ == "__main__":
    main()
