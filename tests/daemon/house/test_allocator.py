"""Memory goes back to the system."""

import subprocess
import sys

SCRIPT = """
from pathlib import Path
from daemon.house.allocator import give_back

def resident_kb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line)

held = [bytes(40_000) for _ in range(1_000)]
last = bytes(40_000)  # keeps the heap from shrinking by itself
del held
before = resident_kb()
give_back()
print(before - resident_kb())
"""


def test_what_was_freed_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) > 20_000, "of 40 MB"
