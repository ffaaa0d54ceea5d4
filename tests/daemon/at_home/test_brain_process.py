"""The process of the brain at home is modest: it runs when nobody else wants to, and is bounded."""

from __future__ import annotations

import subprocess
import sys

MODEST = """
import os, resource
from daemon.at_home.brain_process import be_modest
be_modest(300)
print(os.nice(0), resource.getrlimit(resource.RLIMIT_DATA)[0], open("/proc/self/oom_score_adj").read().strip())
try:
    bytearray(400 << 20)
except MemoryError:
    print("bounded")
"""


def test_it_yields_to_everybody_and_takes_no_more_memory_than_it_may() -> None:
    run = subprocess.run([sys.executable, "-c", MODEST], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["10", str(300 << 20), "500", "bounded"]
