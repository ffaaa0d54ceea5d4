"""The vectors of the examples, computed once and shipped: `python -m daemon.brain.bank` writes them anew."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from daemon.brain.sentence_vectors import Embedder

EXAMPLES: Final = Path(__file__).with_name("everyday") / "examples.toml"
BANK: Final = Path(__file__).with_name("everyday") / "examples.npz"
_SCALE: Final = 127.0 * 4
"""Of eight bits: no component of such a vector is larger than a quarter."""

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Bank:
    """The vectors, a row each, and what each example is one for."""

    vectors: Vector
    intents: tuple[str, ...]


def examples() -> list[tuple[str, str]]:
    """Each example with what it is one for."""
    content = tomllib.loads(EXAMPLES.read_text("utf-8"))
    return [(intent, sentence) for intent, sentences in content.items() for sentence in sentences]


def load_bank() -> Bank:
    """The bank that is shipped. Raises OSError, ValueError or KeyError if the file is no such."""
    with np.load(BANK) as kept:
        return Bank(_unit(kept["vectors"].astype(np.float32)), tuple(str(intent) for intent in kept["intents"]))


def write_bank(embedder: Embedder) -> None:
    """Computes the vectors of all examples; some seconds."""
    rows = examples()
    vectors = np.stack([embedder.vector(sentence) for _, sentence in rows])
    small = np.clip(np.round(vectors * _SCALE), -127, 127).astype(np.int8)
    np.savez_compressed(BANK, vectors=small, intents=np.array([intent for intent, _ in rows]))


def _unit(vectors: Vector) -> Vector:
    lengths: Vector = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, np.float32)


if __name__ == "__main__":
    from daemon.brain.sentence_vectors import E5Embedder

    write_bank(E5Embedder())
