import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from daemon.wake.gathered_hops import GatheredHops
from daemon.wake.melspectrogram import HOP_SAMPLES


@given(sizes=st.lists(st.integers(0, 4_000), min_size=1, max_size=12), wanted=st.integers(1, 4))
def test_hops_are_taken_whole_and_in_order_whatever_pieces_come(sizes: list[int], wanted: int) -> None:
    samples = np.arange(sum(sizes), dtype=np.int16)
    gathered, at, taken = GatheredHops(), 0, 0
    for size in sizes:
        at += size
        whole = gathered.add(samples[at - size : at])
        assert whole == (at - taken) // HOP_SAMPLES
        assert gathered.begin(at) == taken
        if whole >= wanted:
            hops = gathered.take()
            assert len(hops) == whole * HOP_SAMPLES
            np.testing.assert_array_equal(hops, samples[taken : taken + len(hops)])
            taken += len(hops)
