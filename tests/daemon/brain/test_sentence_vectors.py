"""The model of the understanding, where its extra is installed."""

import pytest

from daemon.brain.sentence_vectors import E5Embedder, installed


@pytest.mark.skipif(not installed(), reason="the extra is not installed")
def test_what_means_the_same_is_nearer_whatever_the_language() -> None:
    model = E5Embedder()
    english, german, other = map(model.vector, ("turn on the pump", "schalte die Pumpe ein", "who wrote Hamlet"))
    assert english @ german > english @ other
