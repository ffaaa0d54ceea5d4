"""The fuzzers try as many examples as they say, and tell how a failing one comes back."""

from __future__ import annotations

import re

import pytest

from tests.fuzzing import EXAMPLES, fuzzed, integers

LARGE = integers(0, 2**64)


@pytest.mark.parametrize(("share", "count"), [(1, EXAMPLES), (10, EXAMPLES // 10), (10**9, 1)])
def test_each_example_is_tried_and_hardly_one_twice(share: int, count: int) -> None:
    seen: list[int] = []

    @fuzzed(share=share, number=LARGE)
    def test(kept: list[int], number: int) -> None:
        kept.append(number)

    test(seen)
    assert (len(seen), len(set(seen))) == (count, count)


def test_a_failure_names_its_example_and_the_seed_that_brings_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    @fuzzed(number=LARGE)
    def test(number: int) -> None:
        seen.append(number)
        assert number % 7

    with pytest.raises(AssertionError) as failed:
        test()
    (note,) = failed.value.__notes__
    told = re.fullmatch(r"PIPIT_FUZZ_SEED=(\d+): \{'number': (\d+)\}", note)
    assert told
    assert int(told[2]) == seen[-1]
    monkeypatch.setenv("PIPIT_FUZZ_SEED", told[1])
    with pytest.raises(AssertionError):
        test()
    assert seen[-1] == seen[-2]


@fuzzed(share=10**9, number=LARGE)
def test_the_other_arguments_are_fixtures(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert number >= 0
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
