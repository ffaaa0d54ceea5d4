from __future__ import annotations

import numpy as np

from daemon.doctor.bench.keeping_time import keeping_time


def test_all_whole_pieces_are_given_in_order() -> None:
    samples = np.arange(35, dtype=np.int16)
    assert [piece.tolist() for piece in keeping_time(samples, 10)] == [[*range(at, at + 10)] for at in (0, 10, 20)]
