"""Giving memory back to the system after start-up, when much was allocated that is not needed again."""

import ctypes
import gc


def give_back() -> None:
    """Collect garbage and return free heap pages (glibc's malloc_trim(3)); elsewhere than on glibc, only collect.

    Worth 2.5 MB after loading the models and 3 MB after google.genai (docs/benchmarks.md), of 512 on the smallest Pi.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
