"""Giving memory back to the system after start-up, when much was allocated that is not needed again."""

import ctypes
import gc


def give_back() -> None:
    """Collect garbage and return free heap pages (glibc's malloc_trim(3)); elsewhere than on glibc, only collect.

    Worth 1.4 to 2.5 MB after the models are loaded (docs/benchmarks.md), of the 512 MB of the smallest Pi.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
