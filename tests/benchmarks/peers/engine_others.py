"""A wake word engine of others, paced: `python engine_others.py ENGINE SOUND`, by the Python of its own environment.

It knows nothing of Pipit. Otherwise as tests/benchmarks/paced.py, whose line it prints.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

HOP, HOP_S, NOT_COUNTED = 1_280, 0.08, 75


def pymicro():
    from pymicro_wakeword import MicroWakeWord, MicroWakeWordFeatures, Model

    word, features = MicroWakeWord.from_builtin(Model.ALEXA), MicroWakeWordFeatures()

    def look(hop):
        for number in features.process_streaming(hop.tobytes()):
            word.process_streaming(number)

    return look


def pyopen():
    from pyopen_wakeword import Model, OpenWakeWord, OpenWakeWordFeatures

    word, features = OpenWakeWord.from_builtin(Model.ALEXA), OpenWakeWordFeatures.from_builtin()

    def look(hop):
        for number in features.process_streaming(hop.tobytes()):
            for _ in word.process_streaming(number):
                pass

    return look


def main():
    look = {"pymicro": pymicro, "pyopen": pyopen}[sys.argv[1]]()
    samples = np.fromfile(sys.argv[2], "<i2")
    due, begin = time.monotonic(), 0.0
    hops = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    for number, hop in enumerate(hops):
        if number == NOT_COUNTED:
            begin = time.process_time()
        due += HOP_S
        time.sleep(max(0.0, due - time.monotonic()))
        look(hop)
    used_ms = (time.process_time() - begin) * 1e3
    status = Path("/proc/self/status").read_text().splitlines()
    resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
    print(json.dumps([used_ms / ((len(hops) - NOT_COUNTED) * HOP_S), resident / 1024]))


if __name__ == "__main__":
    main()
