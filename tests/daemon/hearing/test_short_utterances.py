"""What is short is cut out, once it is over; what is long, and a click, are passed over."""

from __future__ import annotations

from daemon.hearing.short_utterances import (
    FEWEST_WINDOWS,
    LONGEST_SAMPLES,
    SILENT_WINDOWS,
    ShortUtterance,
    ShortUtterances,
)
from daemon.hearing.voice_activity import WINDOW_SAMPLES

QUIET = [0.0] * SILENT_WINDOWS


def cut(*probabilities: float) -> list[ShortUtterance]:
    cutter = ShortUtterances()
    found = [cutter.hop(probability, number * WINDOW_SAMPLES) for number, probability in enumerate(probabilities)]
    return [said for said in found if said]


def test_a_word_is_cut_out_when_it_is_over() -> None:
    (said,) = cut(0, 0, *[0.9] * 10, *QUIET)
    assert said == ShortUtterance(2 * WINDOW_SAMPLES, 12 * WINDOW_SAMPLES, (12 + SILENT_WINDOWS) * WINDOW_SAMPLES)


def test_a_stop_within_a_word_does_not_end_it_and_two_words_apart_are_two() -> None:
    word = [0.9] * 5
    assert len(cut(*word, *QUIET[1:], *word, *QUIET)) == 1
    assert len(cut(*word, *QUIET, *word, *QUIET)) == 2


def test_a_sentence_is_passed_over_and_what_follows_is_heard() -> None:
    most = LONGEST_SAMPLES // WINDOW_SAMPLES
    assert len(cut(*[0.9] * most, *QUIET)) == 1
    assert cut(*[0.9] * (most + 1), *QUIET) == []
    assert len(cut(*[0.9] * (most + 1), *QUIET, *[0.9] * 5, *QUIET)) == 1


def test_a_click_is_no_word() -> None:
    assert cut(*[0.9] * (FEWEST_WINDOWS - 1), *QUIET) == []
    assert len(cut(*[0.9] * FEWEST_WINDOWS, *QUIET)) == 1


def test_what_is_unsure_goes_on_but_does_not_begin() -> None:
    assert cut(*[0.12] * 9, *QUIET) == []
    assert cut(0.5, *[0.12] * 9, *QUIET)[0].end == 10 * WINDOW_SAMPLES
