"""How glibc keeps this process's memory: in one place, and given back after start-up, when much is not needed again."""

import ctypes
import gc
from typing import Final

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
M_ARENA_MAX: Final = -8
"""All of glibc's `malloc.h`."""
LARGE_BYTES: Final = 128 * 1024
"""glibc's own for both thresholds, which it raises with each large block that is freed."""


def keep_together() -> None:
    """One arena for all threads, large blocks apart from it (glibc's mallopt(3)); elsewhere than on glibc nothing.

    Call it before there are threads: each would get an arena of its own, and what is free in one serves no other. Those
    that must not wait allocate a few hundred times a second, too seldom to meet at a lock. A large block that is mapped
    by itself leaves no hole when it is freed, and what is free at the end of the heap goes back. Together 0.5 to 1 MB.
    """
    if (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)


def give_back() -> None:
    """Collect garbage and return free heap pages (glibc's malloc_trim(3)); elsewhere than on glibc, only collect.

    Worth 1.4 to 2.5 MB after the models are loaded (docs/benchmarks.md), of the 512 MB of the smallest Pi.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
