"""Memory is kept together, and goes back to the system."""

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


THREADS = """
import ctypes, threading
from daemon.house.allocator import keep_together

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
keep_together()
found = [libc.malloc(1_000)]
thread = threading.Thread(target=lambda: found.append(libc.malloc(1_000)))
thread.start()
thread.join()
print(abs(found[1] - found[0]))
"""


def test_threads_have_no_memory_of_their_own() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout) < 2**26, "within the heap, not in a mapping of its own"


END_OF_THE_HEAP = """
import ctypes
from pathlib import Path
from daemon.house.allocator import keep_together

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]

def resident_kb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in line)

libc.free(libc.malloc(16 << 20))  # after which glibc would keep 32 MB
keep_together()
before = resident_kb()
blocks = [libc.malloc(100_000) for _ in range(200)]
for block in blocks:
    ctypes.memset(block, 1, 100_000)
for block in reversed(blocks):
    libc.free(block)
print(resident_kb() - before)
"""


def test_what_is_free_at_the_end_of_the_heap_goes_back_by_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", END_OF_THE_HEAP], capture_output=True, text=True, timeout=60, check=True
    )
    assert int(done.stdout) < 2_000, "of 20 MB"
