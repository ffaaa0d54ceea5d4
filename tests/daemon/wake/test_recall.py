from __future__ import annotations

import pytest

from daemon.wake.recall import RECALLS, Recall, is_proven
from daemon.wake.small_model import SMALL_MODELS


@pytest.mark.parametrize(
    ("recall", "proven"),
    [
        (Recall(600, 0, real_voices=True), True),
        (Recall(1000, 5, real_voices=True), True),
        (Recall(1000, 6, real_voices=True), False),
        (Recall(599, 0, real_voices=True), False),
        (Recall(1000, 0, real_voices=False), False),
    ],
)
def test_many_detections_of_real_voices_and_few_lost_are_enough(recall: Recall, proven: bool) -> None:
    assert recall.proven is proven


def test_alexa_alone_is_known_to_lose_next_to_nothing() -> None:
    assert {word for word in SMALL_MODELS if is_proven(word)} == {"alexa"}
    assert not is_proven("/etc/pipit/fred.onnx")


def test_only_words_with_a_small_network_were_measured() -> None:
    assert set(RECALLS) <= SMALL_MODELS
