"""How much of a reply is taken, and in which pieces."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.live.portions import LONGEST_PIECE_BYTES, LONGEST_REPLY_S, LONGEST_REPLY_TEXT, Portions


def cut(data: bytes, ends: list[int]) -> list[bytes]:
    places = [0, *sorted(min(end, len(data)) for end in ends), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


@given(st.binary(max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_samples_are_the_same_wherever_they_are_cut(data: bytes, ends: list[int]) -> None:
    portions = Portions()
    pieces = [piece for chunk in cut(data, ends) for piece in portions.sound(1, chunk, 24_000)]
    assert b"".join(pieces) == data[: len(data) // 2 * 2]
    assert all(piece and len(piece) % 2 == 0 for piece in pieces)


def test_half_a_sample_waits_for_the_next_chunk_of_the_same_reply_alone() -> None:
    portions = Portions()
    assert portions.sound(1, b"\1", 24_000) == []
    assert portions.sound(1, b"\2\3", 24_000) == [b"\1\2"]
    assert portions.sound(2, b"\4\5", 24_000) == [b"\4\5"]


def test_nor_does_it_wait_beyond_the_end_of_what_was_being_said() -> None:
    portions = Portions()
    portions.sound(1, b"\1", 24_000)
    portions.ended()
    assert portions.sound(1, b"\2\3", 24_000) == [b"\2\3"]


def test_nor_for_a_chunk_at_another_rate() -> None:
    portions = Portions()
    portions.sound(1, b"\1", 24_000)
    assert portions.sound(1, b"\2\3", 16_000) == [b"\2\3"]


def test_a_giant_chunk_comes_in_pieces() -> None:
    pieces = Portions().sound(1, bytes(LONGEST_PIECE_BYTES * 2 + 10), 24_000)
    assert [len(piece) for piece in pieces] == [LONGEST_PIECE_BYTES, LONGEST_PIECE_BYTES, 10]


@pytest.mark.parametrize("rate_hz", [8_000, 24_000])
def test_a_reply_that_never_ends_is_cut_and_the_next_is_not(rate_hz: int) -> None:
    portions = Portions()
    minute = bytes(2 * 60 * rate_hz)
    taken = [len(piece) for _ in range(20) for piece in portions.sound(1, minute, rate_hz)]
    assert sum(taken) == LONGEST_REPLY_S * rate_hz * 2
    assert sum(map(len, portions.sound(2, minute, rate_hz))) == len(minute)


def test_so_is_a_text_that_never_ends() -> None:
    portions = Portions()
    taken = [len(portions.text(1, "x" * 30_000)) for _ in range(10)]
    assert sum(taken) == LONGEST_REPLY_TEXT
    assert portions.text(2, "next") == "next"
