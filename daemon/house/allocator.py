"""How glibc keeps this process's memory: in one place, and given back after start-up, when much is not needed again."""

import ctypes
import gc
from typing import Final

M_ARENA_MAX: Final = -8
"""glibc's `malloc.h`."""


def keep_together() -> None:
    """One arena for all threads (glibc's mallopt(3)); elsewhere than on glibc nothing. Call it before there are any.

    Each thread would get one of its own, and what is free in one serves no other: 0.5 MB. The threads that must not
    wait allocate a few hundred times a second, too seldom to meet at a lock.
    """
    if (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(M_ARENA_MAX, 1)


def give_back() -> None:
    """Collect garbage and return free heap pages (glibc's malloc_trim(3)); elsewhere than on glibc, only collect.

    Worth 1.4 to 2.5 MB after the models are loaded (docs/benchmarks.md), of the 512 MB of the smallest Pi.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
