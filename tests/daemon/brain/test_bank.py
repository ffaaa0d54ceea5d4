"""The vectors that are shipped are those of the examples."""

import numpy as np
import pytest

from daemon.brain.bank import examples, load_bank
from daemon.brain.sentence_vectors import E5Embedder, installed
from tests.benchmarks.understanding.house import NAMES


def test_each_example_has_its_vector() -> None:
    bank = load_bank()
    assert list(bank.intents) == [intent for intent, _ in examples()]
    assert bank.vectors.shape == (len(examples()), 384)
    assert np.allclose(np.linalg.norm(bank.vectors, axis=1), 1, atol=1e-5)


def test_no_example_names_what_is_measured_with() -> None:
    """Else it would be known by heart. A lamp and a light are in every language, and told by no name."""
    names = {name for name in NAMES["en"] if name not in ("bell", "kitchen", "everything")}
    asked = [sentence for intent, sentence in examples() if intent != "none"]
    assert not [sentence for sentence in asked if any(name in sentence for name in names)]


@pytest.mark.skipif(not installed(), reason="the extra is not installed")
def test_the_model_makes_the_vectors_that_are_shipped() -> None:
    vector = E5Embedder().vector(examples()[0][1])
    assert float(load_bank().vectors[0] @ vector) > 0.999
